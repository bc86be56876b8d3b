"""Calculators: what the rules of a score make of a record, in points (F10.5.3, F10.5.4).

They never change once they are read, and like criteria they name what may change their answer.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from hubtwin.portal.filter_branches.criteria import Criterion, Interest
from hubtwin.portal.filter_branches.spans import Span, earliest
from hubtwin.portal.log import ASSOCIATED, DISSOCIATED, Entry
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.score_decay import Decay
from hubtwin.portal.sightings import Watcher

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

NOTHING = Decimal(0)

#: The points that one event is worth; None for an event that is not meant.
Worth = Callable[[Entry], Decimal | None]


class Calculator(ABC):
    """Something that gives records of one type points."""

    @abstractmethod
    def points(self, record: Record) -> Decimal:
        """The points that a record has now."""

    def interests(self) -> Iterator[Interest]:
        """What may change them, apart from the clock."""
        return iter(())

    def next_check(self, record: Record) -> int | None:
        """When they may change though nothing happens; None for never."""
        return None

    def lists(self) -> Iterator[int]:
        """The ids of the lists that it asks about."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Fixed(Calculator):
    """CONSTANT: the same points for every record."""

    value: Decimal

    def points(self, record: Record) -> Decimal:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Cases(Calculator):
    """MATCH, CONDITIONAL and rules of SEGMENT_MEMBERSHIP: the points of the first case that accepts the record."""

    cases: Sequence[tuple[Criterion, Decimal]]
    default: Decimal = NOTHING

    def points(self, record: Record) -> Decimal:
        """Those of the first case that accepts it, else the default."""
        return next((value for criterion, value in self.cases if criterion.accepts(record)), self.default)

    def interests(self) -> Iterator[Interest]:
        """Those of all cases."""
        for criterion, _ in self.cases:
            yield from criterion.interests()

    def next_check(self, record: Record) -> int | None:
        """The first of any case's."""
        return earliest(criterion.next_check(record) for criterion, _ in self.cases)

    def lists(self) -> Iterator[int]:
        """Those of all cases."""
        for criterion, _ in self.cases:
            yield from criterion.lists()


@dataclass(frozen=True, slots=True)
class Sum(Calculator):
    """MULTI and MULTI_UE: the points of several calculators together."""

    members: Sequence[Calculator]

    def points(self, record: Record) -> Decimal:
        """The sum."""
        return sum((member.points(record) for member in self.members), NOTHING)

    def interests(self) -> Iterator[Interest]:
        """Those of all members."""
        for member in self.members:
            yield from member.interests()

    def next_check(self, record: Record) -> int | None:
        """The first of any member's."""
        return earliest(member.next_check(record) for member in self.members)

    def lists(self) -> Iterator[int]:
        """Those of all members."""
        for member in self.members:
            yield from member.lists()


class Frequency(NamedTuple):
    """The points of a record to which an event occurred *least* times or more, and *most* times at most."""

    least: int
    most: int | None
    value: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Events(Calculator, Watcher[Decimal]):
    """One entry of MULTI_UE: each event that is meant adds what it is *worth*, or they count by their frequency.

    Only events in *span* count. What they add fades by *decay*; where the frequency counts, as the newest does.
    """

    portal: "Portal"
    type: ObjectType
    kind: str
    worth: Worth
    span: Span
    frequencies: Sequence[Frequency] | None = None
    decay: Decay | None = None

    def points(self, record: Record) -> Decimal:
        """The points of all events that count."""
        found, now = self.portal.sightings.of(record, self), self.portal.clock.now
        if self.frequencies is None:
            return sum((worth * self._left(moments, record, now) for worth, moments in found.items()), NOTHING)
        parts = [(moments, part) for moments in found.values() for part in self.span.among(moments, record, now)]
        number = sum(len(part) for _, part in parts)
        fitting = next((one.value for one in self.frequencies if _is_within(number, one)), NOTHING)
        newest = max((moments[part[-1]] for moments, part in parts), default=None)
        return NOTHING if newest is None else fitting * self._left([newest], record, now)

    def interests(self) -> Iterator[Interest]:
        """More of the events."""
        yield Interest(self.kind, self.type)

    def next_check(self, record: Record) -> int | None:
        """When an event leaves or enters the span, or fades by a step."""
        now, decay = self.portal.clock.now, self.decay
        found = self.portal.sightings.of(record, self).values()
        spans = (self.span.next_check(moments, record, now) for moments in found)
        steps = (decay.next_change(moments, now) for moments in found) if decay else ()
        return earliest((*spans, *steps))

    def sight(self, entry: Entry) -> Decimal | None:
        """What an event that is meant is worth."""
        return self.worth(entry) if entry.kind == self.kind else None

    def _left(self, moments: Sequence[int], record: Record, now: int) -> Decimal:
        """How many whole events some come to: what fades counts for less, and has no span (F10.5.6)."""
        if self.decay is not None:
            return sum((share * len(alike) for share, alike in self.decay.shares(moments, now)), NOTHING)
        return Decimal(sum(map(len, self.span.among(moments, record, now))))


def _is_within(count: int, frequency: Frequency) -> bool:
    return frequency.least <= count and (frequency.most is None or count <= frequency.most)


def _average(points: Sequence[Decimal]) -> Decimal:
    return sum(points, NOTHING) / len(points)


def _sum(points: Sequence[Decimal]) -> Decimal:
    return sum(points, NOTHING)


#: What becomes of the points of several associated records.
ROLL_UPS: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {"SUM": _sum, "MAX": max, "MIN": min, "AVG": _average}


@dataclass(frozen=True, slots=True)
class RollUp(Calculator):
    """ASSOCIATIONS and ASSOCIATION_UE: the points of associated records that the *filter* accepts, rolled up."""

    portal: "Portal"
    type: ObjectType
    other: ObjectType
    association: int
    inner: Calculator
    roll_up: str
    filter: Criterion

    def points(self, record: Record) -> Decimal:
        """What the associated records come to; nothing where there is none."""
        found = [self.inner.points(other) for other in self._others(record) if self.filter.accepts(other)]
        return ROLL_UPS[self.roll_up](found) if found else NOTHING

    def interests(self) -> Iterator[Interest]:
        """Its associations, and what the associated records are asked for."""
        yield Interest(ASSOCIATED, self.type)
        yield Interest(DISSOCIATED, self.type)
        for interest in (*self.inner.interests(), *self.filter.interests()):
            yield interest.via(self.type)

    def next_check(self, record: Record) -> int | None:
        """The first of any associated record's."""
        checks = ((self.inner.next_check(other), self.filter.next_check(other)) for other in self._others(record))
        return earliest(check for both in checks for check in both)

    def lists(self) -> Iterator[int]:
        """Those that the associated records are asked for."""
        yield from self.inner.lists()
        yield from self.filter.lists()

    def _others(self, record: Record) -> Iterable[Record]:
        linked = self.portal.associations.of(record, self.other)
        return [other for other, ids in linked.items() if self.association in ids]
