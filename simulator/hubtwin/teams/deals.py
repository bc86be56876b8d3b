"""Deals: from the first meeting to a signature, or to none."""

from collections import deque
from dataclasses import dataclass
from random import Random

from hubtwin.market.people import Person
from hubtwin.portal.objects import COMPANIES, DEALS
from hubtwin.portal.pipelines import Stage
from hubtwin.portal.records import Record
from hubtwin.teams.desk import Desk, Work
from hubtwin.teams.reps import Rep


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal at work: its record, and the stages that it still goes through, each with the time until then."""

    record: Record
    contact: Record
    rep: Rep
    random: Random
    path: deque[tuple[int, Stage]]


def open_deal(desk: Desk, rep: Rep, contact: Record, person: Person) -> None:
    """Create a deal for a contact and their company, and let it take its course."""
    random = desk.random(person, "deal")
    stages = _stages(desk)
    values = {
        "dealname": person.company.name,
        "dealstage": stages[0].id,
        "amount": f"{desk.team.deals.amount.sample(random):.0f}",
        "hubspot_owner_id": rep.owner_id,
    }
    companies = sorted(desk.portal.associations.of(contact, COMPANIES), key=lambda company: company.id)
    record = rep.screen.create("deals", values, associated_with=[contact, *companies])
    rep.screen.edit(contact, {"hs_lead_status": "OPEN_DEAL"})
    _wait(desk, Deal(record, contact, rep, random, _path(desk, person, random)))


def _stages(desk: Desk) -> tuple[Stage, ...]:
    return next(iter(desk.portal.pipelines[DEALS])).stages


def _path(desk: Desk, person: Person, random: Random) -> deque[tuple[int, Stage]]:
    """The stages that lie before a deal. A lost one stops at any of the open stages, each with equal chances."""
    work = desk.team.deals
    open_stages = [stage for stage in _stages(desk) if not stage.is_closed]
    won = random.random() < work.won.for_person(person)
    ends = next(stage for stage in _stages(desk) if stage.is_closed and stage.is_won == won)
    reached = len(open_stages) if won else random.randint(1, len(open_stages))
    path = [*open_stages[1:reached], ends]
    total = (work.won_after if won else work.lost_after).sample(random)
    return deque(zip(_shares(total, len(path), random), path, strict=True))


def _shares(total: int, count: int, random: Random) -> list[int]:
    """A time cut into *count* parts, every way of cutting it being equally likely."""
    cuts = sorted(random.randint(0, total) for _ in range(count - 1))
    return [end - begin for begin, end in zip([0, *cuts], [*cuts, total], strict=True)]


def _wait(desk: Desk, deal: Deal) -> None:
    if deal.path:
        delay, stage = deal.path.popleft()
        desk.kernel.after(delay, lambda _: deal.rep.give(DealStep(desk, deal, stage)))


class DealStep(Work):
    """The work that moves a deal to its next stage."""

    def __init__(self, desk: Desk, deal: Deal, stage: Stage) -> None:
        self._deal = deal
        self._stage = stage
        super().__init__(desk, desk.kernel.now, desk.team.deals.step.sample(deal.random))

    def finish(self, rep: Rep) -> None:
        """The rep moves the deal; of a lost one, the contact's status tells."""
        rep.screen.edit(self._deal.record, {"dealstage": self._stage.id})
        if self._stage.is_closed and not self._stage.is_won:
            rep.screen.edit(self._deal.contact, {"hs_lead_status": "BAD_TIMING"})
        _wait(self.desk, self._deal)
