"""Distributions: how long things take, and what deals are worth."""

from math import log
from random import Random
from typing import Annotated, Any, Protocol

from pydantic import Field, PrivateAttr, RootModel, model_validator

from hubtwin.journeys.fields import LONGEST, Duration
from hubtwin.portal.configuration import Part

Sigma = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


class Law(Protocol):
    """What draws values."""

    def draw(self, random: Random) -> float:
        """One value, from *random*."""


class Exact(RootModel[Duration]):
    """Always the same."""

    def draw(self, random: Random) -> float:
        """The one value; nothing is drawn for it."""
        return self.root


class Uniform(Part):
    """Anything between *low* and *high*, with equal chances."""

    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _low_first(self) -> "Uniform":
        if self.low > self.high:
            raise ValueError("low is more than high")
        return self

    def draw(self, random: Random) -> float:
        """One value."""
        return random.uniform(self.low, self.high)


class Exponential(Part):
    """What comes at a constant rate: *mean* is the mean of all values."""

    mean: Duration

    def draw(self, random: Random) -> float:
        """One value."""
        return random.expovariate(1 / self.mean)


class Lognormal(Part):
    """Many short times, few very long ones: half of the values are below *median*; *sigma* says how they spread.

    *sigma* is the standard deviation of the values' natural logarithms: two thirds of them lie between
    median ÷ e^sigma and median × e^sigma.
    """

    median: Duration
    sigma: Sigma

    def draw(self, random: Random) -> float:
        """One value."""
        return random.lognormvariate(log(self.median), self.sigma)


class Distribution(Part):
    """A duration that is drawn: one of the laws, by its name. A duration alone is an exact one."""

    exact: Exact | None = None
    uniform: Uniform | None = None
    exponential: Exponential | None = None
    lognormal: Lognormal | None = None

    _law: Law = PrivateAttr()

    @model_validator(mode="before")
    @classmethod
    def _exact_in_short(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"exact": value}

    @model_validator(mode="after")
    def _one_law(self) -> "Distribution":
        laws = [law for name in type(self).model_fields if (law := getattr(self, name)) is not None]
        if len(laws) != 1:
            raise ValueError(f"expected one of {', '.join(type(self).model_fields)}; found {len(laws)}")
        self._law = laws[0]
        return self

    def sample(self, random: Random) -> int:
        """A duration in whole milliseconds, at least one and no longer than LONGEST."""
        return min(max(round(self._law.draw(random)), 1), LONGEST)


class Amount(Part):
    """A sum of money, lognormal like the sizes of companies are."""

    median: float = Field(gt=0, le=1e12, allow_inf_nan=False)
    sigma: Sigma

    def sample(self, random: Random) -> float:
        """A sum in the portal's currency."""
        return random.lognormvariate(log(self.median), self.sigma)
