"""A sales team at work. It learns of leads and bookings from the portal alone, as people there do."""

from collections import deque
from collections.abc import Sequence

from hubtwin.portal.log import CREATED, SET, Entry
from hubtwin.portal.moments import MINUTE
from hubtwin.portal.objects import CONTACTS, LIFECYCLE, MEETINGS
from hubtwin.portal.records import Record
from hubtwin.teams.calls import FirstCall
from hubtwin.teams.desk import Desk, Work
from hubtwin.teams.meetings import BookedMeeting
from hubtwin.teams.reps import Rep


class Sales:
    """The reps of a team, and the leads that wait for a first call."""

    def __init__(self, desk: Desk) -> None:
        self.leads: deque[Work] = deque()
        self.reps = [
            Rep(desk, desk.portal.as_user(user.email), self.leads)
            for user in desk.portal.users
            if user.team == desk.team.name
        ]
        self._desk = desk
        desk.portal.reactions.add(SET, self._take_over, LIFECYCLE)
        desk.portal.reactions.add(CREATED, self._note_booking)

    def first_free(self, slugs: Sequence[str], contact: Record | None, earliest: int) -> tuple[str, int]:
        """The meetings link among *slugs* on which to book, and the first free moment on it from *earliest* on.

        A contact's owner is asked first.
        """
        links = [(slug, self._host(slug)) for slug in slugs]
        owner = contact.get("hubspot_owner_id") if contact else None
        asked = [(slug, rep) for slug, rep in links if rep.owner_id == owner] or links
        free = [(rep.first_free(earliest, self._length(slug)), slug) for slug, rep in asked]
        start, slug = min(free, key=lambda one: one[0])
        return slug, start

    def expect(self, meeting: Record) -> None:
        """Note that somebody is going to come to a meeting."""
        self._desk.expected.add(meeting.id)

    def _host(self, slug: str) -> Rep:
        user = self._desk.portal.users.find(self._desk.portal.meetings.find(slug).user)
        return next(rep for rep in self.reps if rep.screen.user is user)

    def _length(self, slug: str) -> int:
        return self._desk.portal.meetings.find(slug).minutes * MINUTE

    def _take_over(self, entry: Entry) -> None:
        """A contact who enters the stage that the team takes becomes a lead to call."""
        contact = entry.record
        if contact is None or contact.type is not CONTACTS or entry.value != self._desk.team.takes:
            return
        person = self._desk.person(contact)
        if person is not None:
            self.leads.append(FirstCall(self._desk, contact, person, entry.moment))
            self._desk.kernel.after(0, self._assign)

    def _assign(self, _: object) -> None:
        """Whoever has been free for longest takes the lead."""
        for rep in sorted(self.reps, key=lambda rep: rep.busy_until):
            rep.look_for_work()

    def _note_booking(self, entry: Entry) -> None:
        """A meeting that was booked goes into its host's calendar."""
        meeting = entry.record
        if meeting is None or meeting.type is not MEETINGS:
            return
        host = next((rep for rep in self.reps if rep.owner_id == meeting.get("hubspot_owner_id")), None)
        contact = next(iter(self._desk.portal.associations.of(meeting, CONTACTS)), None)
        person = self._desk.person(contact) if contact else None
        if host and contact and person:
            host.invite(BookedMeeting(self._desk, meeting, contact, person), meeting.id)
