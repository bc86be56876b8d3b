"""Spans of time: when their answers change."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal
from hubtwin.portal.filter_branches.spans import Indexed, Span
from hubtwin.portal.moments import DAY, from_iso, iso

ZONES = [ZoneInfo(name) for name in ("UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati")]
NOBODY = Portal().create("contacts", {"firstname": "Nobody"})

MOMENTS = st.integers(from_iso("2024-01-01"), from_iso("2028-01-01"))
#: The units, and how many months and days their days can be counted by.
WITHIN = {None: (1, 1), "DAY": (1, 1), "WEEK": (1, 7), "MONTH": (1, 31), "QUARTER": (3, 31), "YEAR": (12, 31)}


@st.composite
def points(draw: st.DrawFn) -> Indexed:
    """A point as definitions have it."""
    unit = draw(st.sampled_from(list(WITHIN)))
    months, days = WITHIN[unit]
    return Indexed(
        zone=draw(st.sampled_from(ZONES)),
        unit=unit,
        months=draw(st.integers(-3, 3)),
        days=draw(st.integers(-10, 10)),
        milliseconds=draw(st.integers(-DAY, DAY)),
        within=(draw(st.integers(0, months - 1)), draw(st.integers(0, days - 1))),
        time_of_day=0 if unit is None else draw(st.integers(0, DAY - 1)),
    )


SPANS = st.builds(
    Span,
    low=st.none() | points(),
    high=st.none() | points(),
    low_included=st.booleans(),
    high_included=st.booleans(),
    outside=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(span=SPANS, now=MOMENTS, away=st.integers(-40 * DAY, 40 * DAY), share=st.floats(0, 1, exclude_max=True))
def test_nothing_changes_before_the_next_check(span: Span, now: int, away: int, share: float) -> None:
    """Until then the answer stands; where there is no next check, it stands for good (W6.4.24)."""
    moment = now + away
    check = span.next_check([moment], NOBODY, now)
    later = now + int(share * ((now + 2000 * DAY if check is None else check) - now))
    assert span.holds(moment, NOBODY, later) is span.holds(moment, NOBODY, now)


@settings(max_examples=100, deadline=None)
@given(span=SPANS, now=MOMENTS, away=st.integers(-40 * DAY, 40 * DAY))
def test_checks_come_to_an_end(span: Span, now: int, away: int) -> None:
    """Each check lies ahead, and after a while none is needed (W6.4.24)."""
    moment, checks = now + away, 0
    while (check := span.next_check([moment], NOBODY, now)) is not None:
        assert check > now
        now, checks = check, checks + 1
        assert checks < 1500


@pytest.mark.parametrize(
    ("unit", "first_month", "start"),
    [
        ("DAY", 1, "2026-05-20T00:00:00Z"),
        ("WEEK", 1, "2026-05-18T00:00:00Z"),
        ("MONTH", 1, "2026-05-01T00:00:00Z"),
        ("QUARTER", 1, "2026-04-01T00:00:00Z"),
        ("QUARTER", 3, "2026-03-01T00:00:00Z"),
        ("YEAR", 1, "2026-01-01T00:00:00Z"),
        ("YEAR", 7, "2025-07-01T00:00:00Z"),
    ],
)
def test_where_units_begin(unit: str, first_month: int, start: str) -> None:
    """Weeks on Monday, fiscal quarters and years in any month (W6.4.17)."""
    now = from_iso("2026-05-20T15:30:00Z")
    point = Indexed(ZONES[0], unit, first_month=first_month)
    assert iso(point.at(NOBODY, now)) == start
