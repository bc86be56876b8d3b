from collections.abc import Callable
from math import exp, sqrt
from random import Random
from statistics import fmean, median
from typing import Any

import pytest
from pydantic import ValidationError

from hubtwin.journeys.distributions import Amount, Distribution
from hubtwin.journeys.fields import LONGEST
from hubtwin.portal.moments import DAY, HOUR

COUNT = 20_000
Z = 3.2905

Samples = Callable[..., list[int]]


@pytest.fixture
def samples() -> Samples:
    """Draws many values from the distribution that the keyword arguments describe."""

    def draw(**law: Any) -> list[int]:
        distribution, random = Distribution.model_validate(law), Random(5)
        return [distribution.sample(random) for _ in range(COUNT)]

    return draw


def test_a_duration_alone_is_exact(samples: Samples) -> None:
    """`wait: 2d` is the same as `wait: {exact: 2d}`."""
    assert set(samples(exact="2d")) == {2 * DAY}
    assert Distribution.model_validate("2d").sample(Random(1)) == 2 * DAY


def test_uniform_stays_between_its_ends(samples: Samples) -> None:
    """All values lie between low and high, with the mean halfway."""
    values = samples(uniform={"low": "1h", "high": "3h"})
    assert min(values) >= HOUR
    assert max(values) <= 3 * HOUR
    assert fmean(values) == pytest.approx(2 * HOUR, abs=Z * 2 * HOUR / sqrt(12 * COUNT))


def is_exponential_with(mean: float, values: list[int]) -> bool:
    return abs(fmean(values) - mean) < Z * mean / sqrt(COUNT)


def test_the_mean_of_an_exponential_is_its_mean(samples: Samples) -> None:
    """The declared mean is the true one, within 99.9 %; a mean 10 % longer would be noticed."""
    assert is_exponential_with(2 * DAY, samples(exponential={"mean": "2d"}))
    assert not is_exponential_with(2 * DAY, samples(exponential={"mean": "2.2d"}))


def has_median(middle: float, sigma: float, values: list[int]) -> bool:
    return abs(median(values) / middle - 1) < Z * sigma * sqrt(3.1416 / 2 / COUNT)


def test_half_of_a_lognormal_is_below_its_median(samples: Samples) -> None:
    """Median and mean are those of theory; a median 10 % longer would be noticed."""
    values = samples(lognormal={"median": "45d", "sigma": 0.9})
    assert has_median(45 * DAY, 0.9, values)
    assert fmean(values) == pytest.approx(45 * DAY * exp(0.9**2 / 2), rel=0.03)
    assert not has_median(45 * DAY, 0.9, samples(lognormal={"median": "49.5d", "sigma": 0.9}))


def test_samples_are_whole_and_bounded(samples: Samples) -> None:
    """However wild a law is, a duration is at least a millisecond and no longer than a journey may take."""
    values = samples(lognormal={"median": "100d", "sigma": 5})
    assert max(values) == LONGEST
    assert min(samples(lognormal={"median": "1ms", "sigma": 5})) == 1
    assert all(isinstance(value, int) for value in values)


def test_amounts_are_lognormal() -> None:
    """Half of all amounts are below the median."""
    amount, random = Amount(median=12_000, sigma=0.8), Random(3)
    below = sum(amount.sample(random) < 12_000 for _ in range(COUNT))
    assert below / COUNT == pytest.approx(0.5, abs=Z / 2 / sqrt(COUNT))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"exact": "1d", "exponential": {"mean": "1d"}},
        {"exact": 5},
        {"exact": "0s"},
        {"exact": "99999d"},
        {"exponential": {"mean": "-2d"}},
        {"uniform": {"low": "2d", "high": "1d"}},
        {"lognormal": {"median": "1d", "sigma": -1}},
        {"lognormal": {"median": "1d"}},
        {"gaussian": {"mean": "1d"}},
        None,
        ["1d"],
    ],
)
def test_impossible_distributions_are_refused(wrong: object) -> None:
    """Two laws at once, none, unknown ones, numbers without unit, negative and endless times are errors."""
    with pytest.raises(ValidationError):
        Distribution.model_validate(wrong)
