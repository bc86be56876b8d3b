from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise, takewhile
from math import sqrt
from random import Random
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from hubtwin.market.arrivals import ArrivalProcess, Arrivals
from hubtwin.portal.clock import DEFAULT_START
from hubtwin.portal.moments import DAY, HOUR, WEEK

OFFICE = (0.2,) * 8 + (3.0,) * 9 + (0.5,) * 7
END = DEFAULT_START + 60 * WEEK

#: Half the width of a 99.9 % band, in standard deviations.
Z = 3.2905


def process(per_week: float, zone: str = "Europe/Stockholm") -> ArrivalProcess:
    arrivals = Arrivals(per_week=per_week, hours=OFFICE, weekdays=(1.3, 1.3, 1.3, 1.2, 1.0, 0.45, 0.45))
    return ArrivalProcess(arrivals, ZoneInfo(zone))


def drawn(process: ArrivalProcess, seed: int = 7) -> list[int]:
    return list(takewhile(lambda moment: moment < END, process.moments(Random(seed), DEFAULT_START)))


def is_within_band(count: int, expected: float) -> bool:
    return abs(count - expected) <= Z * sqrt(expected)


def test_the_number_of_arrivals_is_the_integral_of_the_rate() -> None:
    """As many come as the rate promises, within a 99.9 % band; at a rate 10 % higher too many would."""
    expected = process(300).expected(DEFAULT_START, END)
    assert is_within_band(len(drawn(process(300))), expected)
    assert not is_within_band(len(drawn(process(330))), expected)


def test_every_hour_of_the_week_has_its_share() -> None:
    """Arrivals by hour of the week follow the rate: chi-square over 168 hours, 99.9 % band."""
    market = process(300, "UTC")
    counts = Counter((moment - DEFAULT_START) % WEEK // HOUR for moment in drawn(market))
    hours = [market.expected(DEFAULT_START + hour * HOUR, DEFAULT_START + (hour + 1) * HOUR) for hour in range(168)]
    chi_square = sum((counts[hour] - 60 * mean) ** 2 / (60 * mean) for hour, mean in enumerate(hours))
    assert 168 - Z * sqrt(2 * 168) < chi_square < 168 + Z * sqrt(2 * 168)


def test_gaps_are_exponential_on_the_scale_of_the_rate() -> None:
    """Measured in expected arrivals instead of time, gaps between arrivals have mean and deviation one."""
    market = process(300)
    gaps = [market.expected(*pair) for pair in pairwise(drawn(market)[:4_000])]
    mean = sum(gaps) / len(gaps)
    assert abs(mean - 1) < Z / sqrt(len(gaps))
    assert abs(sum((gap - mean) ** 2 for gap in gaps) / len(gaps) - 1) < Z * sqrt(8 / len(gaps))


def test_the_hours_are_those_of_the_time_zone() -> None:
    """Office hours begin when they begin there, in summer and in winter."""
    market = process(100)
    for month, hour in ((1, 7), (7, 6)):
        opening = int(datetime(2026, month, 14, hour, tzinfo=UTC).timestamp() * 1000)
        assert market.rate(opening) == pytest.approx(15 * market.rate(opening - 1))


def test_months_make_a_season() -> None:
    """A month with twice the weight has twice the rate."""
    arrivals = Arrivals(per_week=10, months=(1,) * 6 + (2,) + (1,) * 5)
    market = ArrivalProcess(arrivals, ZoneInfo("UTC"))
    july, august = (datetime(2026, month, 10, tzinfo=UTC).timestamp() * 1000 for month in (7, 8))
    assert market.rate(july) == pytest.approx(2 * market.rate(august))


def test_a_week_has_as_many_as_it_says() -> None:
    """The weights do not change the level: `per_week` is the mean of a week."""
    arrivals = Arrivals(per_week=70, hours=OFFICE)
    week = ArrivalProcess(arrivals, ZoneInfo("UTC")).expected(DEFAULT_START + DAY // 3, DEFAULT_START + DAY // 3 + WEEK)
    assert week == pytest.approx(70)


@pytest.mark.parametrize(
    "wrong",
    [
        {"per_week": -1},
        {"per_week": float("nan")},
        {"per_week": 1, "hours": (1.0,) * 23},
        {"per_week": 1, "weekdays": (-1.0, 1, 1, 1, 1, 1, 1)},
        {"per_week": 1, "months": (0.0,) * 12},
    ],
)
def test_impossible_calendars_are_refused(wrong: dict[str, object]) -> None:
    """Negative rates, calendars of the wrong length and calendars without any time are errors."""
    with pytest.raises(ValidationError):
        Arrivals.model_validate(wrong)
