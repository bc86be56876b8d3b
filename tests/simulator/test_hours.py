from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.portal.moments import DAY, HOUR, MINUTE
from hubtwin.teams.hours import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkingHours("Mon-Fri 09:00-17:00", BERLIN)
MOMENTS = st.integers(1_767_225_600_000, 1_798_761_600_000)  # the year 2026


def at(text: str) -> int:
    """A moment by the clock in Berlin."""
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


def test_people_work_from_opening_until_just_before_closing() -> None:
    """The first moment of the hours is in them, the moment that they end is not."""
    inside = [OFFICE.is_open(at(f"2026-03-02T{time}")) for time in ("08:59:59", "09:00", "16:59:59", "17:00")]
    assert inside == [False, True, True, False]


def test_the_next_opening_skips_the_weekend() -> None:
    """On Friday evening the next working hours are those of Monday."""
    assert OFFICE.opening(at("2026-03-06T18:00")) == at("2026-03-09T09:00")
    assert OFFICE.closing(at("2026-03-06T18:00")) == at("2026-03-09T17:00")


def test_hours_follow_the_clock_on_the_wall_when_it_changes() -> None:
    """Over the weekend in March that is an hour short, people still come at nine; so does the one in October."""
    for friday, monday, length in (("03-27", "03-30", 63), ("10-23", "10-26", 65)):
        closing, opening = at(f"2026-{friday}T17:00"), at(f"2026-{monday}T09:00")
        assert OFFICE.opening(closing) == opening
        assert opening - closing == length * HOUR


def test_hours_that_a_change_of_the_clocks_swallows_are_gone() -> None:
    """On the Sunday in March there is no time between two and three o'clock, and two hours between one and four."""
    night = WorkingHours("Sun 01:00-04:00", BERLIN)
    assert night.between(at("2026-03-28T12:00"), at("2026-03-29T12:00")) == 2 * HOUR
    assert night.between(at("2026-10-24T12:00"), at("2026-10-25T12:00")) == 4 * HOUR
    lost = WorkingHours("Sun 02:00-03:00", BERLIN)
    assert lost.opening(at("2026-03-29T00:00")) == at("2026-04-05T02:00")


def test_working_time_counts_across_a_weekend() -> None:
    """Four working hours after Friday at three it is Monday at eleven."""
    assert OFFICE.between(at("2026-03-06T15:00"), at("2026-03-09T11:00")) == 4 * HOUR


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(first: int, second: int, third: int) -> None:
    """The working time of two spans in a row is that of both together."""
    start, middle, end = sorted((first, second, third))
    assert OFFICE.between(start, middle) + OFFICE.between(middle, end) == OFFICE.between(start, end)


@given(MOMENTS)
def test_the_opening_is_the_first_open_moment(moment: int) -> None:
    """At the opening people are at work, and no working time has passed until then."""
    opening = OFFICE.opening(moment)
    assert OFFICE.is_open(opening)
    assert OFFICE.between(moment, opening) == 0


def test_slots_lie_on_a_grid_and_end_before_closing() -> None:
    """Meetings of 45 minutes begin on the half hour; the last one of a day is over before people leave."""
    slots = list(islice(OFFICE.slots(at("2026-03-06T14:10"), 45 * MINUTE, 30 * MINUTE), 6))
    days = ["2026-03-06T14:30", "2026-03-06T15:00", "2026-03-06T15:30", "2026-03-06T16:00"]
    assert slots == [at(text) for text in (*days, "2026-03-09T09:00", "2026-03-09T09:30")]


def test_half_a_day_is_the_longest_task() -> None:
    """What takes half a working day at most always finds its place."""
    assert OFFICE.longest_task == 4 * HOUR
    assert OFFICE.between(at("2026-03-02T00:00"), at("2026-03-02T00:00") + DAY) == 2 * OFFICE.longest_task


@pytest.mark.parametrize(
    "text",
    ["9-17", "Mon-Fri 9:00-17:00", "Mon-Fry 09:00-17:00", "Fri-Mon 09:00-17:00", "Mon 17:00-09:00", "Mon 09:00-25:00"],
)
def test_other_texts_are_refused(text: str) -> None:
    """Hours that can't be understood, or that end before they begin, are errors."""
    with pytest.raises(ValueError, match=r"."):
        WorkingHours(text, BERLIN)
