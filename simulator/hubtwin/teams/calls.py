"""First calls: sales takes leads over from marketing, or doesn't."""

from hubtwin.market.people import Person
from hubtwin.portal.objects import COMPANIES, LIFECYCLE
from hubtwin.portal.records import Record
from hubtwin.teams.desk import Desk, Work
from hubtwin.teams.reps import Rep


class FirstCall(Work):
    """A call to a contact who was handed over at the moment *since*."""

    def __init__(self, desk: Desk, contact: Record, person: Person, since: int) -> None:
        self._contact = contact
        self._person = person
        self._random = desk.random(person, "first call")
        self._delay = 0
        super().__init__(desk, since, desk.team.call.sample(self._random))

    def begin(self, rep: Rep) -> None:
        """The rep takes the contact over."""
        self._delay = self.desk.kernel.now - self.since
        rep.screen.edit(self._contact, {"hubspot_owner_id": rep.owner_id, "hs_lead_status": "ATTEMPTED_TO_CONTACT"})

    def finish(self, rep: Rep) -> None:
        """The rep accepts the lead or turns it down."""
        if self._random.random() < self.desk.team.qualified.after(self._delay, self._person):
            accept(self.desk, rep, self._contact, self._person)
        else:
            rep.screen.edit(self._contact, {"hs_lead_status": "UNQUALIFIED"})


def accept(desk: Desk, rep: Rep, contact: Record, person: Person) -> None:
    """Move a contact to the stage that says that sales accepts it, and see to it that it has its company.

    A stage that is further on already stays: by hand it could go back (F2.b1), but nobody means to do that.
    """
    company = _company(desk, rep, person)
    rep.screen.associate(contact, company)
    if desk.portal.is_later(contact, desk.team.accepts):
        rep.screen.edit(contact, {LIFECYCLE: desk.team.accepts, "hs_lead_status": "CONNECTED"})


def _company(desk: Desk, rep: Rep, person: Person) -> Record:
    """The company's record, which the rep creates where nobody has done so before."""
    known = desk.portal.records[COMPANIES].having("domain", person.company.domain)
    if known:
        return known[0]
    return rep.screen.create("companies", {"name": person.company.name, "domain": person.company.domain})
