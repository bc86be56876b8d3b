"""Criteria: what a record must be like to belong somewhere, and what may change the answer.

A criterion tells not only whether it accepts a record. It also names the happenings that it is *interested* in,
so that a list looks at a record again only when something about it changed that the list asks about, and, for
those that look at the clock, when to look again without any.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hubtwin.portal.associations import Associations
from hubtwin.portal.filter_branches.spans import earliest
from hubtwin.portal.log import CREATED
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

#: A write that changes nothing but the modified date. The log has no entries of this kind: who is interested in
#: it has to look again before somebody relies on the answer.
TOUCHED = "touched"


@dataclass(frozen=True, slots=True)
class Interest:
    """Entries of the log that may change the answer: those of *kind* about records of *type*.

    About *property* only, where one is named; where *values* are, only about changes from one of them or to one of
    them, "" for none, whatever their case. Of creations, those of records that have the property, or one of the values.
    Of activities, only those that tell *fact*: its name and what it is. They change it for the records that *path*
    leads to, from one associated record to the next; an empty path leads to the entry's own record.
    """

    kind: str
    type: ObjectType
    property: str | None = None
    path: tuple[ObjectType, ...] = ()
    values: frozenset[str] | None = None
    fact: tuple[str, str] | None = None

    def via(self, type: ObjectType) -> "Interest":
        """The same interest, of records of *type* that are associated with those at the path's end."""
        return replace(self, path=(*self.path, type))

    def concerned(self, record: Record, associations: Associations) -> list[Record]:
        """The records that an entry about *record* concerns, by ascending id."""
        if record.type is not self.type:
            return []
        reached = {record.id: record}
        for type in self.path:
            reached = {other.id: other for one in reached.values() for other in associations.of(one, type)}
        return [reached[id] for id in sorted(reached)]


#: A property, and the values of it that are meant: "" for none, None for any.
Need = tuple[str, frozenset[str] | None]


class Criterion(ABC):
    """A condition on records of one type.

    It never changes, and holds nothing that does but the portal and object types: snapshots share it.
    """

    @abstractmethod
    def accepts(self, record: Record) -> bool:
        """Whether a record meets it now."""

    @abstractmethod
    def interests(self) -> Iterator[Interest]:
        """What may change the answer, apart from the clock."""

    def needs(self) -> Sequence[Need] | None:
        """What a new record has at least one of, if it is accepted as it is created; None where that can't be told.

        Nothing at all where only something that happens later lets it be accepted: that is one of the interests.
        """
        return None

    def creations(self, type: ObjectType) -> Iterator[Interest]:
        """The new records of *type* that it may accept at once."""
        needs = self.needs()
        if needs is None:
            yield Interest(CREATED, type)
        else:
            yield from (Interest(CREATED, type, property, values=values) for property, values in needs)

    def lists(self) -> Iterator[int]:
        """The ids of the lists that it asks about."""
        return iter(())

    def next_check(self, record: Record) -> int | None:
        """When the answer may change though nothing happens; None for never."""
        return None


@dataclass(frozen=True, slots=True)
class Group(Criterion):
    """Several criteria: all of them, or *any*; *negated*: not all of them, or not any (F7.12)."""

    members: Sequence[Criterion]
    any: bool = False
    negated: bool = False

    def accepts(self, record: Record) -> bool:
        """Whether enough of the members accept."""
        answers = (member.accepts(record) for member in self.members)
        return (any(answers) if self.any else all(answers)) is not self.negated

    def interests(self) -> Iterator[Interest]:
        """Those of all members."""
        for member in self.members:
            yield from member.interests()

    def needs(self) -> Sequence[Need] | None:
        """For all members, what any one of them needs; for any, what each of them does."""
        if self.negated or not self.members:
            return None
        found = [member.needs() for member in self.members]
        if self.any:
            return None if None in found else [need for needs in found for need in needs or ()]
        told = [needs for needs in found if needs is not None]
        return min(told, key=_breadth) if told else None

    def lists(self) -> Iterator[int]:
        """Those of all members."""
        for member in self.members:
            yield from member.lists()

    def next_check(self, record: Record) -> int | None:
        """The first of any member's."""
        return earliest(member.next_check(record) for member in self.members)


def _breadth(needs: Sequence[Need]) -> tuple[int, int, int]:
    """How much some needs let through: most records lack a property; any value of it is more than some of them."""
    meant = [values for _, values in needs]
    lacking, any_value = sum("" in (values or ()) for values in meant), sum(values is None for values in meant)
    return lacking, any_value, sum(len(values or ()) for values in meant)


@dataclass(frozen=True, slots=True)
class Constant(Criterion):
    """The same answer for every record."""

    answer: bool

    def accepts(self, record: Record) -> bool:
        """The answer."""
        return self.answer

    def interests(self) -> Iterator[Interest]:
        """Nothing changes it."""
        return iter(())

    def needs(self) -> Sequence[Need] | None:
        """Where nobody is accepted, no new record is."""
        return None if self.answer else ()
