"""When a flow may act: its time windows and blocked dates, in the account's time zone (F7.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.moments import DAY

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)

#: How far ahead the next open moment is looked for: a year of blocked dates is a flow that never acts.
HORIZON = 366


@dataclass(frozen=True, slots=True)
class Window:
    """A span of one weekday, 0 for Monday, in minutes from midnight; *end* is not included."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BlockedDate:
    """A day on which nothing is done, each year where *year* is None."""

    day: int
    month: int
    year: int | None

    def covers(self, date: date) -> bool:
        """Whether it is this day."""
        return (date.day, date.month) == (self.day, self.month) and self.year in (None, date.year)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a flow acts; without windows at any time of a day that is not blocked."""

    zone: ZoneInfo
    windows: Sequence[Window] = ()
    blocked: Sequence[BlockedDate] = ()

    def next(self, moment: int) -> int | None:
        """The first moment from *moment* on at which it may act; None where none comes within a year."""
        if not self.windows and not self.blocked:
            return moment
        local = datetime.fromtimestamp(moment / 1000, UTC).astimezone(self.zone)
        for offset in range(HORIZON):
            day = local.date() + timedelta(days=offset)
            if any(blocked.covers(day) for blocked in self.blocked):
                continue
            opened = [start for start in self._openings(day, moment) if start is not None]
            if opened:
                return min(opened)
        return None

    def _openings(self, day: date, moment: int) -> Sequence[int | None]:
        windows = self.windows or [Window(day.weekday(), 0, DAY // 60_000)]
        return [self._opening(day, one, moment) for one in windows if one.weekday == day.weekday()]

    def _opening(self, day: date, window: Window, moment: int) -> int | None:
        start, end = (at(day, minutes, self.zone) for minutes in (window.start, window.end))
        return max(start, moment) if moment < end else None


def at(day: date, minutes: int, zone: ZoneInfo) -> int:
    """The moment at which a day is so many minutes old."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  the zone comes with the time of day
    return int((midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).timestamp() * 1000)


def read(node: Node, zone: ZoneInfo) -> OfficeHours:
    """The `timeWindows` and `blockedDates` of a flow. Raises InvalidFilterBranch."""
    windows = [_window(one) for one in node.objects("timeWindows")]
    blocked = [_blocked(one) for one in node.objects("blockedDates")]
    return OfficeHours(zone, tuple(windows), tuple(blocked))


def minutes_of(node: Node) -> int:
    """A time of day as minutes from midnight; 24:00 is the end of the day. Raises InvalidFilterBranch."""
    hour = node.whole("hour", low=0, high=24)
    return hour * 60 + node.whole("minute", 0, low=0, high=0 if hour == 24 else 59)


def _window(node: Node) -> Window:
    start, end = (minutes_of(node.object(name)) for name in ("startTime", "endTime"))
    if start >= end:
        raise node.wrong("endTime", "must be later than startTime")
    return Window(WEEKDAYS.index(node.choice("day", WEEKDAYS)), start, end)


def _blocked(node: Node) -> BlockedDate:
    month = MONTHS.index(node.choice("month", MONTHS)) + 1
    year = node.whole("year", low=1970, high=9999) if "year" in node else None
    return BlockedDate(node.whole("dayOfMonth", low=1, high=31), month, year)
