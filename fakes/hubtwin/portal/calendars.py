"""Calendars: where days, weeks, months, quarters and years begin, in a time zone.

A *local* moment is an aware datetime in the zone that matters; moments elsewhere are milliseconds.
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta, tzinfo

from hubtwin.portal.moments import DAY, HOUR

DAYS_OF_WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)

#: How many months the units have that are made of months.
_MONTHS_IN = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
UNITS = ("DAY", "WEEK", *_MONTHS_IN)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: The calendar that local times are worked out in; it leaves every zone room at both ends.
_FIRST, _LAST = -62_000_000_000_000, 253_300_000_000_000  # the years 5 and 9996


def local(moment: int, zone: tzinfo) -> datetime:
    """The moment on the clocks of *zone*. What lies outside the calendar counts as its end."""
    return (_EPOCH + timedelta(milliseconds=min(max(moment, _FIRST), _LAST))).astimezone(zone)


def moment_of(time: datetime) -> int:
    """The moment of a local time."""
    return (time - _EPOCH) // timedelta(milliseconds=1)


def same_local(moment: int, zone: tzinfo) -> int:
    """The moment at which the clocks of *zone* show what those of UTC show at *moment*."""
    return moment_of(local(moment, UTC).replace(tzinfo=zone))


def start_of(unit: str, time: datetime, first_month: int = 1) -> datetime:
    """The beginning of the day, week (Monday), month, quarter or year that *time* is in.

    Quarters and years are counted from *first_month* on.
    """
    midnight = time.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if unit == "DAY":
        return midnight
    if unit == "WEEK":
        return midnight - timedelta(days=midnight.weekday())
    gone = (midnight.month - first_month) % _MONTHS_IN[unit]
    return shifted(midnight.replace(day=1), months=-gone)


def shifted(time: datetime, *, months: int = 0, days: int = 0) -> datetime:
    """The local time some months and days later; the 31st becomes the last day of a shorter month."""
    year, month = divmod(time.year * 12 + time.month - 1 + months, 12)
    day = min(time.day, monthrange(year, month + 1)[1])
    return time.replace(year=year, month=month + 1, day=day) + timedelta(days=days)


def day_within(first: datetime, days: int) -> datetime:
    """The local time some days later, though not after the last day of the month."""
    return first + timedelta(days=min(days, monthrange(first.year, first.month)[1] - first.day))


def units_later(unit: str, time: datetime, count: int) -> datetime:
    """The local time *count* units later."""
    if unit in _MONTHS_IN:
        return shifted(time, months=count * _MONTHS_IN[unit])
    return shifted(time, days=count * (7 if unit == "WEEK" else 1))


def longest(unit: str) -> int:
    """A duration that no unit of the kind is longer than, and that leaves room for a change of the clocks."""
    days = {"DAY": 1, "WEEK": 7, "MONTH": 31, "QUARTER": 92, "YEAR": 366}[unit]
    return days * DAY + 3 * HOUR
