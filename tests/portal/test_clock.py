"""Moments, durations and the clock."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.portal import Clock
from hubtwin.portal.moments import DAY, HOUR, MINUTE, duration, from_iso, iso, spoken


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_iso_text_and_moments_are_the_same(moment: int) -> None:
    """Any moment of the calendar survives being written and read (W2.2)."""
    assert from_iso(iso(moment)) == moment


@pytest.mark.parametrize(("moment", "text"), [(0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.001Z")])
def test_milliseconds_are_printed_where_there_are_some(moment: int, text: str) -> None:
    """As Java prints instants (W2.2)."""
    assert iso(moment) == text


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("90s", 90_000), ("1d 12h", 36 * HOUR), ("1.5h", 90 * MINUTE), (250, 250), (timedelta(days=1), DAY)],
)
def test_durations(text: int | str | timedelta, milliseconds: int) -> None:
    """Numbers with units, milliseconds, timedeltas."""
    assert duration(text) == milliseconds


@pytest.mark.parametrize("text", ["", "5", "5 parsecs", "d", "-5m", "1d,2h"])
def test_what_is_not_a_duration(text: str) -> None:
    """The error says which units there are."""
    with pytest.raises(ValueError, match="write numbers with a unit"):
        duration(text)


@pytest.mark.parametrize(("milliseconds", "text"), [(0, "0s"), (DAY + 4 * HOUR + MINUTE, "1d 4h"), (1500, "1s 500ms")])
def test_durations_as_people_read_them(milliseconds: int, text: str) -> None:
    """The two largest units."""
    assert spoken(milliseconds) == text


def test_what_is_due_happens() -> None:
    """Advancing runs what falls due, in order, the last moment included, and not what comes after."""
    clock, happened = Clock(start=1000), list[tuple[int, str]]()
    for delay in ("1h", "30m", "2h"):
        clock.after(delay, lambda delay=delay: happened.append((clock.now, delay)))  # type: ignore[misc]
    clock.advance("1h")
    assert happened == [(1000 + HOUR // 2, "30m"), (1000 + HOUR, "1h")]
    assert clock.now == 1000 + HOUR


def test_what_happens_may_plan_more() -> None:
    """Something planned on the way is part of the way."""
    clock, moments = Clock(start=0), list[int]()

    def tick() -> None:
        moments.append(clock.now)
        clock.after("1m", tick)

    clock.after(0, tick)
    clock.advance("3m")
    assert moments == [0, MINUTE, 2 * MINUTE, 3 * MINUTE]


def test_the_clock_never_goes_back() -> None:
    """The error names both moments."""
    clock = Clock()
    with pytest.raises(ValueError, match="can't go back from 2026-03-02T09:00:00Z to 1970-01-01T00:00:00Z"):
        clock.run_until(0)


def test_running_to_the_end() -> None:
    """`run` goes on until nothing is left to happen."""
    clock = Clock(start=0)
    clock.after("5d", lambda: None)
    clock.run()
    assert clock.now == 5 * DAY
