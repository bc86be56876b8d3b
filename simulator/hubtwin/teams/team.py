"""A sales team as a journey's file describes it."""

import math
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from hubtwin.files.documents import Place
from hubtwin.journeys.distributions import Amount, Distribution
from hubtwin.journeys.fields import Duration, Remarks, TimeZone
from hubtwin.journeys.names import Names
from hubtwin.market.traits import Chance, Traits
from hubtwin.portal.configuration import Name, Part
from hubtwin.teams.hours import WorkingHours


def _hours(text: str) -> str:
    WorkingHours(text, ZoneInfo("UTC"))
    return text


class ResponseEffect(Part):
    """What a late first call costs: the odds fall with the *exponent* of its delay, from *within* on.

    With 5 minutes and 0.5, a lead who is called after 20 minutes has half the odds of one who is called at once.
    The studies behind such curves compare firms that differ in more than their speed: this is an assumption.
    """

    within: Duration
    exponent: float = Field(ge=0, le=5, allow_inf_nan=False)

    def slowed(self, chance: float, delay: int) -> float:
        """The chance that is left of *chance* after a *delay* in milliseconds."""
        if chance >= 1:
            return chance
        odds = chance / (1 - chance) * math.pow(max(delay / self.within, 1.0), -self.exponent)
        return odds / (1 + odds)


class Qualifying(Chance):
    """The chance that sales accepts a lead after the first call."""

    response: ResponseEffect | None = None
    remarks: Remarks = ()

    def after(self, delay: int, person: Traits) -> float:
        """The chance of a person who was called *delay* milliseconds after they were handed over."""
        chance = self.for_person(person)
        return self.response.slowed(chance, delay) if self.response else chance


class DealWork(Part):
    """How deals go: whether a meeting leads to one, what it is worth, whether it is won, and how long that takes.

    *won_after* and *lost_after* are the times from a deal's creation to its end; *step* is a rep's work on each
    stage in between.
    """

    opened: Chance
    won: Chance
    won_after: Distribution
    lost_after: Distribution
    step: Distribution
    amount: Amount
    remarks: Remarks = ()


class SalesTeam(Part):
    """A sales team: all users of the portal whose team has this *name*.

    They call contacts who enter the stage *takes*, first come, first served; those whom they accept they move
    to the stage *accepts*. *call* is how long a first call takes. Nobody works outside the *hours*.
    """

    name: Name
    time_zone: TimeZone = "UTC"
    hours: Annotated[str, AfterValidator(_hours)] = "Mon-Fri 09:00-17:00"
    takes: str = "marketingqualifiedlead"
    accepts: str = "salesqualifiedlead"
    call: Distribution
    qualified: Qualifying
    deals: DealWork
    remarks: Remarks = ()

    def check(self, names: Names, place: Place) -> None:
        """Check that the portal has the team and the stages."""
        names.team(self.name, (*place, "name"))
        names.stage(self.takes, (*place, "takes"))
        names.stage(self.accepts, (*place, "accepts"))

    @property
    def working_hours(self) -> WorkingHours:
        """The hours in the team's time zone."""
        return WorkingHours(self.hours, ZoneInfo(self.time_zone))
