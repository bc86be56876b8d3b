"""Meetings links and the meetings that people book on them (F4.16)."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.log import MEETING_BOOKED, Activity
from hubtwin.portal.moments import MINUTE, iso
from hubtwin.portal.people import check_contact, contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.sources import meeting as meeting_source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Meetings:
    """The meetings links of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._links = {link.slug: link for link in portal.configuration.meeting_links}

    def __iter__(self) -> Iterator[configuration.MeetingLink]:
        return iter(self._links.values())

    def find(self, slug: str) -> configuration.MeetingLink:
        """The link with this slug. Raises UnknownName."""
        try:
            return self._links[slug]
        except KeyError:
            raise UnknownName("meetings link", slug, list(self._links)) from None

    def book(
        self,
        slug: str,
        email: str,
        *,
        start: int,
        first_name: str = "",
        last_name: str = "",
        fields: Mapping[str, str] | None = None,
    ) -> Record:
        """Book a meeting that begins at the moment *start*; return the meeting.

        An unknown address makes a contact, with the account's default stage and what the page's *fields* say; a
        known contact's own values stay (F4.16).

        Raises UnknownName, InvalidValues, and ValueError where *start* has passed.
        """
        link = self.find(slug)
        if start < self._portal.clock.now:
            raise ValueError(f"a meeting can't begin in the past: {iso(start)}")
        host = self._portal.users.find(link.user)
        source = meeting_source(slug, f"meeting_links.{list(self._links).index(slug)}")
        values = {"firstname": first_name, "lastname": last_name, **(fields or {})}
        known = contact_with(self._portal, email)
        change = check_contact(self._portal, email, {} if known else values, source)
        change.activity = Activity(MEETING_BOOKED, slug)
        booked = len(self._portal.log)
        contact = self._portal.writes.apply(change).record
        return self._portal.create(
            "meetings",
            {
                "hs_timestamp": iso(start),
                "hs_meeting_title": f"Meeting with {contact.name}",
                "hs_meeting_start_time": iso(start),
                "hs_meeting_end_time": iso(start + link.minutes * MINUTE),
                "hs_meeting_outcome": "SCHEDULED",
                "hubspot_owner_id": host.id,
            },
            links=[(contact, ())],
            source=source,
            cause=booked,
        )
