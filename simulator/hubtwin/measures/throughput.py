"""Throughput: what the sales team got done, how fast it answered, and how busy it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from hubtwin.measures.tables import percent, table, time
from hubtwin.portal.log import SET, Entry
from hubtwin.portal.moments import HOUR
from hubtwin.portal.objects import CONTACTS, DEALS, LIFECYCLE
from hubtwin.portal.records import Record
from hubtwin.runs.run import Run


@dataclass(frozen=True, slots=True)
class Throughput:
    """What came of a run.

    *revenue* is the worth of the won deals, in the account's *currency*. Of the *leads* that were handed over to
    sales, *answered* ones had a first call, after a *median_response* in milliseconds; *in_time* is the share
    that had it within *promised* milliseconds of working time, of all whose time for it is over. *load* is the
    share of their working time that reps were busy, by e-mail address.
    """

    deals_won: int
    deals_lost: int
    deals_open: int
    revenue: float
    currency: str
    leads: int
    answered: int
    median_response: float | None
    promised: int
    in_time: float | None
    load: dict[str, float]

    def table(self) -> str:
        """The measures as text."""
        rows = [
            ("deals won", str(self.deals_won)),
            ("deals lost", str(self.deals_lost)),
            ("deals open", str(self.deals_open)),
            ("revenue", f"{self.revenue:,.0f} {self.currency}"),
            ("leads handed over", str(self.leads)),
            ("first calls", str(self.answered)),
            ("median response", time(self.median_response)),
            (f"called within {time(self.promised)} of working time", percent(self.in_time)),
            *((f"load of {email}", percent(share)) for email, share in self.load.items()),
        ]
        return table(("measure", "value"), rows)


def throughput(run: Run, *, promised: int = 4 * HOUR) -> Throughput:
    """What came of a run, where sales had *promised* to call within so much working time, in milliseconds."""
    deals = [_standing(deal) for deal in run.portal.records[DEALS]]
    responses = list(_responses(run))
    answers = [answered - handed_over for handed_over, answered in responses if answered is not None]
    judged = list(_judged(run, responses, promised))
    return Throughput(
        deals_won=deals.count("won"),
        deals_lost=deals.count("lost"),
        deals_open=deals.count("open"),
        revenue=sum(float(deal.get("hs_closed_amount") or 0) for deal in run.portal.records[DEALS]),
        currency=run.portal.configuration.account.currency,
        leads=len(responses),
        answered=len(answers),
        median_response=median(answers) if answers else None,
        promised=promised,
        in_time=sum(judged) / len(judged) if judged else None,
        load=_load(run),
    )


def _standing(deal: Record) -> str:
    if deal.get("hs_is_closed") != "true":
        return "open"
    return "won" if deal.get("hs_is_closed_won") == "true" else "lost"


def _responses(run: Run) -> Iterator[tuple[int, int | None]]:
    """When each lead was handed over, and when somebody first wrote in its record after that; None for not yet."""
    waiting: dict[Record, int] = {}
    for entry in run.portal.log:
        contact = entry.record
        if contact is None or contact.type is not CONTACTS:
            continue
        if _is_handover(entry, run.journey.team.takes):
            waiting[contact] = entry.moment
        elif contact in waiting and entry.source.type == "CRM_UI":
            yield waiting.pop(contact), entry.moment
    for moment in waiting.values():
        yield moment, None


def _is_handover(entry: Entry, stage: str) -> bool:
    return entry.kind == SET and entry.property == LIFECYCLE and entry.value == stage


def _judged(run: Run, responses: list[tuple[int, int | None]], promised: int) -> Iterator[bool]:
    """Whether each lead was called in time; leads whose time is not over yet are left out."""
    hours = run.journey.team.working_hours
    for handed_over, answered in responses:
        passed = hours.between(handed_over, run.portal.clock.now if answered is None else answered)
        if answered is not None or passed > promised:
            yield passed <= promised


def _load(run: Run) -> dict[str, float]:
    available = run.journey.team.working_hours.between(run.start, run.portal.clock.now)
    return {rep.screen.user.email: rep.worked / available if available else 0.0 for rep in run.sales.reps}
