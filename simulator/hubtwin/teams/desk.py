"""The desk: what a sales team works with, and the pieces of work that lie on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from hubtwin.market.people import Person
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.runs.kernel import Kernel
from hubtwin.runs.streams import Streams
from hubtwin.teams.hours import WorkingHours
from hubtwin.teams.team import SalesTeam

if TYPE_CHECKING:
    from hubtwin.teams.reps import Rep


@dataclass(frozen=True, slots=True)
class Desk:
    """What all reps of a team share.

    *people* are those whom they may come to talk with, by e-mail address; *expected* the ids of the meetings
    that somebody is going to come to.
    """

    team: SalesTeam
    hours: WorkingHours
    portal: Portal
    kernel: Kernel
    streams: Streams
    people: Mapping[str, Person]
    expected: set[int] = field(default_factory=set)

    def person(self, contact: Record) -> Person | None:
        """Whom a rep talks with who calls this contact; None where nobody is behind it."""
        return self.people.get(contact.get("email") or "")

    def random(self, person: Person, purpose: str) -> Random:
        """The stream that decides how a talk with somebody goes."""
        return self.streams.stream(person.entity, purpose)


class Work:
    """A piece of work for a rep, of *length* milliseconds, that was there to be done *since* a moment."""

    def __init__(self, desk: Desk, since: int, length: int) -> None:
        self.desk = desk
        self.since = since
        self.length = min(length, desk.hours.longest_task)

    def begin(self, rep: "Rep") -> None:
        """What the rep writes down on taking it up."""

    def finish(self, rep: "Rep") -> None:
        """What the rep writes down when it is done."""
