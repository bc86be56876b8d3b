"""A person at the screen: what a user can do on a record page and on an index page."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from hubtwin.portal.objects import CONTACTS, MEETINGS
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source, bulk_edit, person
from hubtwin.portal.users import Owner
from hubtwin.portal.values import Scalar
from hubtwin.portal.writes import Outcome

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Screen:
    """The portal as one user sees it. What is written here is written by hand: a stage may go back (F2.b1)."""

    def __init__(self, portal: "Portal", user: Owner) -> None:
        self._portal = portal
        self.user = user
        self._source: Source = person(user.user_id, user.name)

    def create(self, type: str, values: Mapping[str, Scalar], *, associated_with: Iterable[Record] = ()) -> Record:
        """Create a record with the *Create* button, associated with others."""
        links = [(other, ()) for other in associated_with]
        return self._portal.create(type, values, links=links, source=self._source)

    def edit(self, record: Record, values: Mapping[str, Scalar]) -> Outcome:
        """Edit properties in the record's page; an empty value clears one."""
        return self._portal.update(record, values, source=self._source)

    def bulk_edit(self, records: Iterable[Record], values: Mapping[str, Scalar]) -> list[Outcome]:
        """Edit many records at once on the index page."""
        source = bulk_edit(self.user.user_id, self.user.name)
        return [self._portal.update(record, values, source=source) for record in records]

    def associate(self, record: Record, other: Record) -> None:
        """Add an association in the record's right-hand column."""
        self._portal.associate(record, other, source=self._source)

    def hold_meeting(self, meeting: Record, outcome: str) -> None:
        """Log how a booked meeting went: `COMPLETED`, `NO_SHOW` and so on."""
        if meeting.type is not MEETINGS:
            raise ValueError(f"{meeting} is not a meeting")
        self.edit(meeting, {"hs_meeting_outcome": outcome})

    def contacts(self) -> list[Record]:
        """The contacts that this user owns, by ascending id."""
        return self._portal.records[CONTACTS].having("hubspot_owner_id", str(self.user.id))
