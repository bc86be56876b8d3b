"""Arrivals: when people come, as a Poisson process whose rate follows the week and the season."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from hubtwin.journeys.fields import Remarks
from hubtwin.portal.configuration import Part
from hubtwin.portal.moments import MINUTE, WEEK

#: Every time zone's offset is a multiple of this, so that within it the local hour never changes.
_STEP = 15 * MINUTE


def _some(weights: tuple[float, ...]) -> tuple[float, ...]:
    if not any(weights):
        raise ValueError("at least one of the weights must be more than 0")
    return weights


_Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Weights = Annotated[tuple[_Weight, ...], AfterValidator(_some)]


class Arrivals(Part):
    """How many people come *per_week* on average, and how the others weigh hours, weekdays and months.

    Only the proportions of the weights matter. The first hour begins at midnight in the portal's time zone, the
    first weekday is Monday, the first month January.
    """

    per_week: float = Field(ge=0.01, le=10_000_000)
    hours: Annotated[_Weights, Field(min_length=24, max_length=24)] = (1.0,) * 24
    weekdays: Annotated[_Weights, Field(min_length=7, max_length=7)] = (1.0,) * 7
    months: Annotated[_Weights, Field(min_length=12, max_length=12)] = (1.0,) * 12
    remarks: Remarks = ()


class ArrivalProcess:
    """Arrivals at work, in the time zone *zone*."""

    def __init__(self, arrivals: Arrivals, zone: ZoneInfo) -> None:
        self._zone = zone
        self._hours = _to_mean_one(arrivals.hours)
        self._weekdays = _to_mean_one(arrivals.weekdays)
        self._months = _to_mean_one(arrivals.months)
        self._level = arrivals.per_week / WEEK
        self._peak = self._level * max(self._hours) * max(self._weekdays) * max(self._months)

    def rate(self, moment: float) -> float:
        """Arrivals per millisecond at *moment*."""
        local = datetime.fromtimestamp(moment / 1000, self._zone)
        return self._level * self._hours[local.hour] * self._weekdays[local.weekday()] * self._months[local.month - 1]

    def moments(self, random: Random, start: int) -> Iterator[int]:
        """The moments of all arrivals after *start*, without end.

        Thinning: candidates come at the highest rate, and each is kept with the chance that its own moment has.
        """
        moment = float(start)
        while True:
            moment += random.expovariate(self._peak)
            if random.random() * self._peak < self.rate(moment):
                yield int(moment)

    def expected(self, start: int, end: int) -> float:
        """How many arrivals to expect between two moments: the integral of the rate."""
        total, moment = 0.0, start
        while moment < end:
            until = min(end, moment - moment % _STEP + _STEP)
            total += self.rate(moment) * (until - moment)
            moment = until
        return total


def _to_mean_one(weights: tuple[float, ...]) -> tuple[float, ...]:
    mean = sum(weights) / len(weights)
    return tuple(weight / mean for weight in weights)
