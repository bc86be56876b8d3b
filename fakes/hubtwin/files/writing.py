"""Plain data as YAML that people like to read: what fits on a line stands on one, the rest below its key."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from hubtwin.files.documents import Place

#: How long a line may get before what stands on it is spread over several.
WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """The safe dumper, without anchors and timestamps: times are texts, as `documents` reads them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything in full."""
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Dumper.yaml_implicit_resolvers.items()
}


def dump(data: Mapping[str, Any], comments: Mapping[Place, str] | None = None) -> str:
    """Plain data as a YAML document; it reads back as the same data.

    *comments* are written above what they are about, by its place; those of `()` head the document.
    """
    notes = comments or {}
    head = [*_comment(notes.get(()), 0), ""] if () in notes else []
    lines = [*head, *(_mapping(data, 0, (), notes) if data else ["{}"])]
    return "\n".join(lines) + "\n"


def _mapping(data: Mapping[Any, Any], depth: int, place: Place, notes: Mapping[Place, str]) -> Iterator[str]:
    for key, value in data.items():
        yield from _comment(notes.get((*place, key)), depth)
        yield from _entry(f"{_flow(key)}:", value, depth, (*place, key), notes)


def _entry(start: str, value: Any, depth: int, place: Place, notes: Mapping[Place, str]) -> Iterator[str]:
    """One key with its value."""
    margin = "  " * depth
    line = f"{margin}{start} {_flow(value)}"
    is_short = len(line) <= WIDTH and not _has_notes(place, notes)
    if not isinstance(value, dict | list) or not value or (is_short and not _is_list_of_parts(value)):
        yield line
        return
    yield f"{margin}{start}"
    yield from (
        _mapping(value, depth + 1, place, notes) if isinstance(value, dict) else _list(value, depth + 1, place, notes)
    )


def _list(data: list[Any], depth: int, place: Place, notes: Mapping[Place, str]) -> Iterator[str]:
    margin = "  " * depth
    for number, value in enumerate(data):
        here = (*place, number)
        yield from _comment(notes.get(here), depth)
        line = f"{margin}- {_flow(value)}"
        if not isinstance(value, dict | list) or not value or (len(line) <= WIDTH and not _has_notes(here, notes)):
            yield line
            continue
        inner = (
            _mapping(value, depth + 1, here, notes) if isinstance(value, dict) else _list(value, depth + 1, here, notes)
        )
        first, *rest = inner
        yield f"{margin}- {first.lstrip()}" if not first.lstrip().startswith("#") else f"{margin}-\n{first}"
        yield from rest


def _is_list_of_parts(value: Any) -> bool:
    """Whether a value is a list of mappings: each of them has a line of its own."""
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _has_notes(place: Place, notes: Mapping[Place, str]) -> bool:
    return any(other[: len(place)] == place and other != place for other in notes)


def _comment(text: str | None, depth: int) -> list[str]:
    return [f"{'  ' * depth}# {line}".rstrip() for line in (text or "").splitlines()]


def _flow(value: Any) -> str:
    """A value on one line."""
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return str(text).removesuffix("\n").removesuffix("\n...")
