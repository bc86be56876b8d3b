"""Routing: from a method and a path to an endpoint."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from hubtwin.api.endpoint import Endpoint


@dataclass(slots=True)
class _Node:
    """One segment of the paths: what may follow it, and what is there when nothing follows."""

    words: "dict[str, _Node]" = field(default_factory=dict)
    parameter: "_Node | None" = None
    endpoints: dict[str, tuple[Endpoint, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(slots=True)
class Match:
    """What a path leads to: the endpoint for the method that was asked for, else the *methods* that it has."""

    methods: frozenset[str]
    endpoint: Endpoint | None
    parameters: Mapping[str, str]


_NO_METHODS: frozenset[str] = frozenset()
_NOWHERE = Match(_NO_METHODS, None, {})


class Router:
    """The paths of a table of endpoints.

    Slashes at the end, and doubled ones, make no difference (W1.12, W12). Fixed words go before parameters.
    """

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._root = _Node()
        for endpoint in endpoints:
            for path in endpoint.paths():
                self._add(endpoint, path)

    def _add(self, endpoint: Endpoint, path: str) -> None:
        node, names = self._root, []
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.words.setdefault(segment, _Node())
        node.endpoints[endpoint.method] = (endpoint, tuple(names))

    def match(self, method: str, path: str) -> Match:
        """What *path*, still percent-encoded, leads to."""
        values: list[str] = []
        node = self._straight(path, values)
        if node is None:
            values.clear()
            node = self._descend(self._root, [s for s in path.split("/") if s], 0, values)
        if node is None:
            return _NOWHERE
        found = node.endpoints.get(method)
        if found is None:
            return Match(frozenset(node.endpoints), None, {})
        endpoint, names = found
        return Match(_NO_METHODS, endpoint, dict(zip(names, values, strict=True)))

    def _straight(self, path: str, values: list[str]) -> _Node | None:
        """The node at the end of the path, where the first way that offers itself leads there: nearly always."""
        node = self._root
        for segment in path.split("/"):
            if not segment:
                continue
            following = node.words.get(segment)
            if following is None:
                following = node.parameter
                if following is None:
                    return None
                values.append(unquote(segment) if "%" in segment else segment)
            node = following
        return node if node.endpoints else None

    def _descend(self, node: _Node, segments: list[str], position: int, values: list[str]) -> _Node | None:
        if position == len(segments):
            return node if node.endpoints else None
        segment = segments[position]
        if (following := node.words.get(segment)) is not None:
            found = self._descend(following, segments, position + 1, values)
            if found is not None:
                return found
        if node.parameter is None:
            return None
        values.append(unquote(segment))
        found = self._descend(node.parameter, segments, position + 1, values)
        if found is None:
            values.pop()
        return found
