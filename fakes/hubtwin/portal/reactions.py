"""Reactions: what a portal does by itself because something happened.

Every entry of the log is published here. The reactions that asked for its kind (and property, and type of
record) see it in the order in which they were added, and what they write is published in turn, until nothing more
happens.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hubtwin.portal.errors import CascadeError
from hubtwin.portal.log import Entry, Log
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

Reaction = Callable[[Entry], None]

#: A kind of entry, the property and the type of record that it is about; None in an interest stands for any.
_About = tuple[str, str | None, ObjectType | None]

#: How long a chain of causes may grow within one moment before the portal takes it for a loop.
MAX_DEPTH = 100


class Reactions:
    """The reactions of one portal, and the entries that wait for them."""

    def __init__(self, log: Log, tell: Callable[[Entry], str]) -> None:
        self._log = log
        self._tell = tell
        self._reactions: list[tuple[_About, Reaction, bool]] = []
        self._interested: dict[_About, tuple[tuple[Reaction, bool], ...]] = {}
        self._waiting: deque[int] = deque()
        self._later: deque[Callable[[], None]] = deque()
        self._running = False
        self._loops: dict[int, CascadeError] = {}

    @property
    def is_running(self) -> bool:
        """Whether the portal is reacting to something right now."""
        return self._running

    def add(
        self,
        kind: str,
        reaction: Reaction,
        property: str | None = None,
        type: ObjectType | None = None,
        *,
        follows: bool = False,
    ) -> None:
        """Let *reaction* see entries of *kind*; about *property* and records of *type* only, where they are named.

        One that *follows* writes to no record, but keeps something in step with the records, as lists do. It sees what
        a loop wrote last, too.
        """
        self._reactions.append(((kind, property, type), reaction, follows))
        self._interested.clear()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let several changes be one: the portal reacts once all of them are made."""
        was_running, self._running = self._running, True
        try:
            yield
        finally:
            self._running = was_running
        self.settle()

    def publish(self, number: int, kind: str, record: Record | None, property: str | None = None) -> None:
        """Note that an entry of *kind* about a record and *property* was added to the log."""
        if self._find(kind, property, record):
            self._waiting.append(number)

    def then(self, action: Callable[[], None]) -> None:
        """Do *action* once all that has been published until then was reacted to.

        As what is on the clock, it is a method of the portal's parts or a partial of one.
        """
        self._later.append(action)

    def settle(self) -> None:
        """React to all that was published, and to what comes of it.

        Raises CascadeError where a chain of causes is a loop; everything else has been done by then.
        """
        if self._running:  # a reaction is writing: whoever started it goes on with what it adds
            return
        self._running = True
        try:
            while self._waiting or self._later:
                if self._waiting:
                    self._react(self._log[self._waiting.popleft()])
                else:
                    self._later.popleft()()
            for loop in self._loops.values():
                raise loop
        finally:
            self._waiting.clear()
            self._later.clear()
            self._loops.clear()
            self._running = False

    def _react(self, entry: Entry) -> None:
        is_free = self.guard(entry.number)
        for reaction, follows in self._find(entry.kind, entry.property, entry.record):
            if is_free or follows:
                reaction(entry)

    def _find(self, kind: str, property: str | None, record: Record | None) -> tuple[tuple[Reaction, bool], ...]:
        """The reactions that asked for it: looked up once, as most entries are about what others were about before."""
        about = (kind, property, record.type if record is not None else None)
        found = self._interested.get(about)
        if found is None:
            found = self._interested[about] = tuple(
                (reaction, follows)
                for interest, reaction, follows in self._reactions
                if all(wanted in (None, actual) for wanted, actual in zip(interest, about, strict=True))
            )
        return found

    def guard(self, number: int) -> bool:
        """Whether an entry may have consequences.

        It may not where its chain of causes is a loop, nor does anything else then that has the same beginning:
        `settle` tells of the loop. What took time is none, however often it comes round.
        """
        first, depth = self._beginning(number)
        if depth > MAX_DEPTH and first not in self._loops:
            story = [self._tell(step) for step in self._log.why(number)[-8:]]
            self._loops[first] = CascadeError(MAX_DEPTH, story)
        return first not in self._loops

    def _beginning(self, number: int) -> tuple[int, int]:
        """The first cause of an entry that happened at the same moment, and how many causes back it lies."""
        moment, depth = self._log.moment(number), 0
        while (cause := self._log.cause(number)) is not None and self._log.moment(cause) == moment:
            number, depth = cause, depth + 1
        return number, depth
