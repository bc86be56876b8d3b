"""The recorder: every call that a portal answered, and questions about them.

How many calls did it take, of which endpoints, how well were they batched, which were refused?
"""

from collections import deque
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from hubtwin.api.endpoints import ENDPOINTS

#: How many calls are remembered.
MOST = 50_000

#: The batch operation that does what a method does to one record.
_BATCHES = {"POST": "create", "GET": "read", "PATCH": "update", "DELETE": "archive"}

_PATHS = frozenset(endpoint.path for endpoint in ENDPOINTS)


class RecordedCall(NamedTuple):
    """One call.

    *endpoint* is the path's template, of v1 to v4 whichever version was called; the path itself where no
    endpoint has it. *moment* is the portal's time in milliseconds, *app* the id of the app that called, None
    where no token was looked at or none was good. *inputs* counts those of a batch.
    """

    method: str
    endpoint: str
    path: str
    status: int
    moment: int
    app: int | None
    inputs: int

    @property
    def is_refused(self) -> bool:
        """Whether it was answered with an error."""
        return self.status >= 400


#: A RecordedCall before anybody looks at it: making one takes longer than all else that is done to record a call.
_Row = tuple[str, str, str, int, int, int | None, int]


class EndpointCalls(NamedTuple):
    """What one endpoint was called: how often, with how many inputs, and how often in vain."""

    method: str
    endpoint: str
    calls: int
    inputs: int
    refused: int


class Calls:
    """Calls, oldest first; the last *most* of them."""

    def __init__(self, calls: Iterable[_Row] = (), *, most: int = MOST) -> None:
        self._calls = deque(calls, most)
        self._seen = len(self._calls)

    def __iter__(self) -> Iterator[RecordedCall]:
        return map(RecordedCall._make, self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def __repr__(self) -> str:
        counted = ", ".join(f"{one.calls} {one.method} {one.endpoint}" for one in self.by_endpoint())
        return f"<{len(self)} calls: {counted or 'none'}>"

    def add(self, row: _Row) -> None:
        """Remember a call, given as the members of a RecordedCall; the oldest one goes where there are too many."""
        self._calls.append(row)
        self._seen += 1

    @property
    def forgotten(self) -> int:
        """How many calls there were that are not remembered any more."""
        return self._seen - len(self._calls)

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()
        self._seen = 0

    def where(
        self,
        *,
        method: str | None = None,
        endpoint: str | None = None,
        status: int | None = None,
        app: int | None = None,
    ) -> "Calls":
        """The calls of which all this is true.

        *endpoint* is a template such as `/crm/v3/objects/{objectType}/search`, or a path; a `*` in it stands
        for anything.
        """
        return Calls(
            call
            for call in self
            if method in (None, call.method)
            and status in (None, call.status)
            and app in (None, call.app)
            and (endpoint is None or fnmatchcase(call.endpoint, endpoint) or fnmatchcase(call.path, endpoint))
        )

    @property
    def refused(self) -> "Calls":
        """The calls that were answered with an error."""
        return Calls(call for call in self if call.is_refused)

    @property
    def batched(self) -> float:
        """Which part of what could be sent in batches was, from 0 to 1; 1 where there was nothing of the kind."""
        inputs = sum(call.inputs for call in self)
        singles = sum(has_batch(call.method, call.endpoint) for call in self)
        return inputs / (inputs + singles) if inputs + singles else 1.0

    def by_endpoint(self) -> list[EndpointCalls]:
        """A row for each endpoint, the one that was called most often first."""
        found: dict[tuple[str, str], list[RecordedCall]] = {}
        for call in self:
            found.setdefault((call.method, call.endpoint), []).append(call)
        rows = [
            EndpointCalls(*key, len(calls), sum(call.inputs for call in calls), sum(call.is_refused for call in calls))
            for key, calls in found.items()
        ]
        return sorted(rows, key=lambda row: (-row.calls, row.endpoint, row.method))


def has_batch(method: str, endpoint: str) -> bool:
    """Whether an endpoint that handles one record or association has one beside it that handles many."""
    if "/batch/" in endpoint or method not in (*_BATCHES, "PUT"):
        return False
    if "/{objectId}/associations/" in endpoint:
        return True
    collection, _, last = endpoint.rpartition("/")
    if method == "POST":
        collection = endpoint
    elif not last.startswith("{"):
        return False
    return f"{collection}/batch/{_BATCHES.get(method)}" in _PATHS
