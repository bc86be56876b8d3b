"""Reactions: what a portal does by itself because something happened.

Every entry of the log is published here. The reactions that asked for its kind (and property) see it in the
order in which they were added, and what they write is published in turn, until nothing more happens.
"""

from collections import deque
from collections.abc import Callable

from hubtwin.portal.errors import CascadeError
from hubtwin.portal.log import Entry, Log

Reaction = Callable[[Entry], None]

#: How long a chain of causes may grow before the portal takes it for a loop.
MAX_DEPTH = 100


class Reactions:
    """The reactions of one portal, and the entries that wait for them."""

    def __init__(self, log: Log, tell: Callable[[Entry], str]) -> None:
        self._log = log
        self._tell = tell
        self._by_interest: dict[tuple[str, str | None], list[Reaction]] = {}
        self._waiting: deque[int] = deque()
        self._running = False

    def add(self, kind: str, reaction: Reaction, property: str | None = None) -> None:
        """Let *reaction* see entries of *kind*; about *property* only, where one is named."""
        self._by_interest.setdefault((kind, property), []).append(reaction)

    def publish(self, number: int, kind: str, property: str | None = None) -> None:
        """Note that an entry was added to the log."""
        if (kind, property) in self._by_interest or (kind, None) in self._by_interest:
            self._waiting.append(number)

    def settle(self) -> None:
        """React to all that was published, and to what comes of it.

        Raises CascadeError when a chain of causes grows past MAX_DEPTH.
        """
        if self._running:  # a reaction is writing: whoever started it goes on with what it adds
            return
        self._running = True
        try:
            while self._waiting:
                self._react(self._log[self._waiting.popleft()])
        finally:
            self._waiting.clear()
            self._running = False

    def _react(self, entry: Entry) -> None:
        self._guard(entry)
        interested = self._by_interest.get((entry.kind, entry.property), [])
        if entry.property is not None:
            interested = interested + self._by_interest.get((entry.kind, None), [])
        for reaction in interested:
            reaction(entry)

    def _guard(self, entry: Entry) -> None:
        depth, cause = 0, entry.cause
        while cause is not None:
            depth += 1
            cause = self._log[cause].cause
            if depth > MAX_DEPTH:
                story = [self._tell(step) for step in self._log.why(entry.number)[-8:]]
                raise CascadeError(MAX_DEPTH, story)
