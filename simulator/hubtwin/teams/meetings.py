"""Booked meetings, and the deals that come of them."""

from hubtwin.market.people import Person
from hubtwin.portal.moments import from_iso
from hubtwin.portal.objects import DEALS
from hubtwin.portal.records import Record
from hubtwin.teams.calls import accept
from hubtwin.teams.deals import open_deal
from hubtwin.teams.desk import Desk, Work
from hubtwin.teams.reps import Rep


class BookedMeeting(Work):
    """A meeting with a contact, at the time that they booked."""

    def __init__(self, desk: Desk, meeting: Record, contact: Record, person: Person) -> None:
        self._meeting = meeting
        self._contact = contact
        self._person = person
        start, end = (from_iso(meeting.values[f"hs_meeting_{edge}_time"]) for edge in ("start", "end"))
        super().__init__(desk, start, end - start)

    def finish(self, rep: Rep) -> None:
        """The rep logs how it went; after a good talk there is a deal."""
        came = self._meeting.id in self.desk.expected
        rep.screen.hold_meeting(self._meeting, "COMPLETED" if came else "NO_SHOW")
        if came and not self.desk.portal.associations.of(self._contact, DEALS):
            accept(self.desk, rep, self._contact, self._person)
            self._conclude(rep)

    def _conclude(self, rep: Rep) -> None:
        random = self.desk.random(self._person, "meeting")
        if random.random() < self.desk.team.deals.opened.for_person(self._person):
            open_deal(self.desk, rep, self._contact, self._person)
        else:
            rep.screen.edit(self._contact, {"hs_lead_status": "BAD_TIMING"})
