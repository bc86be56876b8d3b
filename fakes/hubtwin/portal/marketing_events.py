"""Marketing events: webinars and the like that other programs run, and who comes to them (W6.8.14)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.log import PARTICIPATED, Activity
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

REGISTERED, ATTENDED, CANCELLED, NO_SHOW = "REGISTERED", "ATTENDED", "CANCELLED", "NO_SHOW"

_FIRST_ID = 54_000_001


@dataclass(frozen=True, slots=True)
class Participation:
    """That a contact registered for an event, attended it or cancelled, and when."""

    id: int
    contact: Record
    state: str
    moment: int


@dataclass(slots=True)
class MarketingEvent:
    """One event. *account* and *external_id* are what the program that runs it calls it.

    *details* has the members that HubSpot knows and does nothing with.
    """

    id: int
    account: str
    external_id: str
    created: int
    updated: int
    details: dict[str, str]
    custom: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False
    completed: bool = False
    participations: list[Participation] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.details["eventName"]

    def states(self) -> dict[Record, Participation]:
        """The last that each contact did; whoever registered and didn't come to a completed event is a no-show."""
        last = {one.contact: one for one in self.participations}
        if not self.completed:
            return last
        return {
            contact: Participation(one.id, contact, NO_SHOW, one.moment) if one.state == REGISTERED else one
            for contact, one in last.items()
        }

    def counters(self) -> dict[str, int]:
        """How many registered, attended, cancelled and stayed away."""
        registered = {one.contact for one in self.participations if one.state == REGISTERED}
        states = [one.state for one in self.states().values()]
        return {
            "registered": len(registered),
            "attended": states.count(ATTENDED),
            "cancelled": states.count(CANCELLED),
            "noShows": states.count(NO_SHOW),
        }


class MarketingEvents:
    """The marketing events of one portal, oldest first."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._events: dict[int, MarketingEvent] = {}
        self._ids = count(_FIRST_ID)
        self._participation_ids = count(1)

    def __iter__(self) -> Iterator[MarketingEvent]:
        return iter(self._events.values())

    def find(self, id: int) -> MarketingEvent:
        """The event with this id. Raises UnknownName."""
        try:
            return self._events[id]
        except KeyError:
            raise UnknownName("marketing event", str(id), [str(known) for known in self._events]) from None

    def called(self, account: str, external_id: str) -> MarketingEvent | None:
        """The event that another program calls so, None where there is none."""
        return next((one for one in self if (one.account, one.external_id) == (account, external_id)), None)

    def add(self, account: str, external_id: str, details: Mapping[str, str]) -> MarketingEvent:
        """Add an event; *details* has its eventName at least. Raises Refused."""
        if self.called(account, external_id) is not None:
            raise Refused(f"There is a marketing event {external_id!r} of account {account!r} already")
        now = self._portal.clock.now
        event = MarketingEvent(next(self._ids), account, external_id, now, now, dict(details))
        self._events[event.id] = event
        return event

    def remove(self, event: MarketingEvent) -> None:
        """Delete an event."""
        del self._events[event.id]

    def touch(self, event: MarketingEvent) -> None:
        """Note that an event was changed."""
        event.updated = self._portal.clock.now

    def participate(
        self, event: MarketingEvent, contact: Record, state: str, *, source: Source, moment: int | None = None
    ) -> Participation:
        """Note that a contact is REGISTERED, has ATTENDED or CANCELLED; its timeline shows it."""
        now = self._portal.clock.now
        one = Participation(next(self._participation_ids), contact, state, now if moment is None else moment)
        event.participations.append(one)
        self._portal.writes.happened(contact, Activity(PARTICIPATED, f"{event.name}: {state}"), source)
        return one
