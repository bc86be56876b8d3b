"""Schedules: flows that enroll at set times, or on a date that each record has (F7.10)."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows.office_hours import MONTHS, WEEKDAYS, at, minutes_of
from hubtwin.portal.moments import from_iso
from hubtwin.portal.records import Record

#: How many days ahead the next time is looked for: the 29th of February may be eight years away.
HORIZON = 366 * 8 + 2

KINDS = ("DAILY", "WEEKLY", "MONTHLY_SPECIFIC_DAYS", "MONTHLY_RELATIVE_DAYS", "YEARLY", "PROPERTY_BASED")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Enrolls on the days that *is_due* accepts, *minutes* after midnight."""

    is_due: Callable[[date], bool]
    minutes: int
    zone: ZoneInfo

    def next(self, moment: int) -> int | None:
        """The first time after *moment*; None where none comes."""
        day = datetime.fromtimestamp(moment / 1000, UTC).astimezone(self.zone).date()
        return next((time for time in self._times(day) if time > moment), None)

    def _times(self, first: date) -> Iterator[int]:
        for offset in range(HORIZON):
            day = first + timedelta(days=offset)
            if self.is_due(day):
                yield at(day, self.minutes, self.zone)


@dataclass(frozen=True, slots=True)
class DateOfRecord:
    """Enrolls each record so many *days* after the date in one of its properties; each year where it is *yearly*."""

    property: str
    days: int
    yearly: bool
    minutes: int
    zone: ZoneInfo

    def next(self, record: Record, moment: int) -> int | None:
        """The record's first time after *moment*; None where none comes."""
        try:
            day = self._day(record.get(self.property) or "") + timedelta(days=self.days)
        except (ValueError, OverflowError, OSError):
            return None
        this_year = datetime.fromtimestamp(moment / 1000, UTC).year
        days = [_in_year(day, year) for year in range(this_year - 1, this_year + 3)] if self.yearly else [day]
        times = (at(one, self.minutes, self.zone) for one in days)
        return next((time for time in times if time > moment), None)

    def _day(self, text: str) -> date:
        """The day of a date, or of a moment on the account's clocks. Raises ValueError."""
        if len(text) == len("2026-03-02") and not text.isdecimal():
            return date.fromisoformat(text)
        since = int(text) if text.lstrip("-").isdecimal() else from_iso(text)
        return datetime.fromtimestamp(since / 1000, UTC).astimezone(self.zone).date()


def read(node: Node, zone: ZoneInfo) -> Schedule | DateOfRecord:
    """An `enrollmentSchedule`. Raises InvalidFilterBranch."""
    minutes = minutes_of(node.object("timeOfDay")) if "timeOfDay" in node else 0
    match node.choice("type", KINDS):
        case "DAILY":
            return Schedule(_every_day, minutes, zone)
        case "WEEKLY":
            return Schedule(_Weekly(_chosen(node, "daysOfWeek", WEEKDAYS)), minutes, zone)
        case "MONTHLY_SPECIFIC_DAYS":
            days = [Node({"day": day}, node.place).whole("day", low=1, high=31) for day in node.texts("daysOfMonth")]
            return Schedule(_Monthly(frozenset(days)), minutes, zone)
        case "MONTHLY_RELATIVE_DAYS":
            return Schedule(_RELATIVE[node.choice("monthlyRelativeDays", _RELATIVE)], minutes, zone)
        case "YEARLY":
            month = MONTHS.index(node.choice("month", MONTHS)) + 1
            return Schedule(_Yearly(month, node.whole("dayOfMonth", low=1, high=31)), minutes, zone)
    days_delta = node.whole("daysDelta", 0, low=-10_000, high=10_000)
    return DateOfRecord(node.text("dateProperty"), days_delta, node.flag("yearly", False), minutes, zone)


@dataclass(frozen=True, slots=True)
class _Weekly:
    weekdays: frozenset[int]

    def __call__(self, day: date) -> bool:
        return day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class _Monthly:
    days: frozenset[int]

    def __call__(self, day: date) -> bool:
        return day.day in self.days


@dataclass(frozen=True, slots=True)
class _Yearly:
    month: int
    day: int

    def __call__(self, day: date) -> bool:
        return (day.month, day.day) == (self.month, self.day)


def _every_day(day: date) -> bool:
    return True


def _first_monday(day: date) -> bool:
    return day.weekday() == 0 and day.day <= 7


def _last_day(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


_RELATIVE = {"FIRST_MONDAY_OF_MONTH": _first_monday, "LAST_DAY_OF_MONTH": _last_day}


def _chosen(node: Node, name: str, allowed: tuple[str, ...]) -> frozenset[int]:
    """The places of the chosen words among those that are allowed."""
    for word in node.texts(name):
        Node({name: word}, node.place).choice(name, allowed)
    return frozenset(map(allowed.index, node.texts(name)))


def _in_year(day: date, year: int) -> date:
    """The same day of another year; the 29th of February is the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
