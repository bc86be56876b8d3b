"""Spans of time whose ends may move with the clock: "the last 7 days", "after the close date" (W6.4, F7.14).

An end is a point: a fixed moment, one that is counted from now or today, or another property's. No point moves
back as time passes, so that it is known from when on an answer stands for good.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol

from hubtwin.portal.calendars import day_within, local, longest, moment_of, shifted, start_of, units_later
from hubtwin.portal.moments import DAY
from hubtwin.portal.records import Record

#: Reads a moment of a record, None where it has none.
MomentOf = Callable[[Record], int | None]


class Point(Protocol):
    """One end of a span."""

    def at(self, record: Record, now: int) -> int | None:
        """Where the point lies for a record; None where the record has no such moment."""

    def reaches(self, moment: int, record: Record, now: int) -> int | None:
        """When to look again: no later than the point, which moves with *now*, reaches or passes *moment*.

        None where it never will, or has done so already.
        """


@dataclass(frozen=True, slots=True)
class Fixed:
    """A moment."""

    moment: int

    def at(self, record: Record, now: int) -> int:
        """The moment."""
        return self.moment

    def reaches(self, moment: int, record: Record, now: int) -> None:
        """It never moves."""


@dataclass(frozen=True, slots=True)
class Referenced:
    """The moment that *read* finds in the record: another property's value, or when that was updated."""

    read: MomentOf

    def at(self, record: Record, now: int) -> int | None:
        """The record's moment."""
        return self.read(record)

    def reaches(self, moment: int, record: Record, now: int) -> None:
        """It moves with the record only, not with the clock."""


@dataclass(frozen=True, slots=True)
class Anniversary:
    """This year's anniversary of the moment that *read* finds in the record."""

    read: MomentOf
    zone: tzinfo

    def at(self, record: Record, now: int) -> int | None:
        """The anniversary in the year of *now*."""
        moment = self.read(record)
        if moment is None:
            return None
        first = local(moment, self.zone)
        return moment_of(shifted(first, months=12 * (local(now, self.zone).year - first.year)))

    def reaches(self, moment: int, record: Record, now: int) -> int | None:
        """It moves at New Year."""
        present = self.at(record, now)
        if present is None or present >= moment:
            return None
        return moment_of(units_later("YEAR", start_of("YEAR", local(now, self.zone)), 1))


@dataclass(frozen=True, slots=True)
class Indexed:
    """A moment counted from now: the beginning of the present *unit*, or now itself where that is None.

    *within* leads to a month and a day of the unit, both counted from 0, and *time_of_day* to what the clocks show
    there, as in "Wednesday of this week, 9 o'clock". Then *months*, *days* and *milliseconds* are added in this
    order. *first_month* begins the fiscal year.
    """

    zone: tzinfo
    unit: str | None = None
    months: int = 0
    days: int = 0
    milliseconds: int = 0
    within: tuple[int, int] = (0, 0)
    time_of_day: int = 0
    first_month: int = 1

    def at(self, record: Record, now: int) -> int:
        """The moment, seen from *now*."""
        return _seen_from(self, now)

    def reaches(self, moment: int, record: Record, now: int) -> int | None:
        """Exactly when, where it moves evenly; otherwise the next midnight at which it may."""
        gap = moment - _seen_from(self, now)
        if gap <= 0:
            return None
        if self.unit is None and not self.months and not self.days:
            return now + gap
        midnight, near = _next_midnight(self.zone, now), now + gap - self._unevenness()
        if near > midnight:
            return near
        if self.unit is not None:
            return midnight
        back = moment_of(shifted(local(moment - self.milliseconds, self.zone), months=-self.months, days=-self.days))
        return min(back, midnight) if back > now else midnight

    def within_unit(self, start: datetime) -> datetime:
        """The day and the time of the day in the unit that begins at *start*."""
        months, days = self.within
        day = shifted(start, days=days) if self.unit == "WEEK" else day_within(shifted(start, months=months), days)
        return day + timedelta(milliseconds=self.time_of_day)  # what the clocks show, whatever was done to them

    def _unevenness(self) -> int:
        """How much farther than a stretch of time the point may move in it."""
        return longest(self.unit or "DAY") + (4 * DAY if self.months else 0)


@lru_cache(maxsize=256)  # at one moment, all records of a list are compared with the same points
def _seen_from(point: Indexed, now: int) -> int:
    time = local(now, point.zone)
    if point.unit is not None:
        time = point.within_unit(start_of(point.unit, time, point.first_month))
    return moment_of(shifted(time, months=point.months, days=point.days)) + point.milliseconds


@lru_cache(maxsize=256)
def _next_midnight(zone: tzinfo, now: int) -> int:
    return moment_of(units_later("DAY", start_of("DAY", local(now, zone)), 1))


@dataclass(frozen=True, slots=True)
class Span:
    """What lies between two points, or outside of them; None for *low* or *high* is open."""

    low: Point | None = None
    high: Point | None = None
    low_included: bool = True
    high_included: bool = True
    outside: bool = False

    def holds(self, moment: int, record: Record, now: int) -> bool:
        """Whether a moment lies there."""
        return bool(self.among((moment,), record, now))

    def among(self, moments: Sequence[int], record: Record, now: int) -> Sequence[range]:
        """Where in a sequence of moments, earliest first, those are that lie there. Without a known end, none is."""
        low = self.low.at(record, now) if self.low else None
        high = self.high.at(record, now) if self.high else None
        if (self.low and low is None) or (self.high and high is None):
            return ()
        start, end = 0, len(moments)
        if low is not None:
            start = (bisect_left if self.low_included else bisect_right)(moments, low)
        if high is not None:
            end = max((bisect_right if self.high_included else bisect_left)(moments, high), start)
        parts = (range(start), range(end, len(moments))) if self.outside else (range(start, end),)
        return [part for part in parts if part]

    def next_check(self, moments: Sequence[int], record: Record, now: int) -> int | None:
        """When the answer for one of some moments, earliest first, may change, though the record doesn't.

        None for never.
        """
        # An end that belongs to the span is over once it has passed the moment, one that doesn't once it is there.
        low = _next_reached(self.low, self.low_included, moments, record, now)
        high = _next_reached(self.high, not self.high_included, moments, record, now)
        return earliest((low, high))


def _next_reached(point: Point | None, beyond: bool, moments: Sequence[int], record: Record, now: int) -> int | None:
    """When a point comes to the first moment that lies ahead of it, or *beyond* that: to the others it comes later."""
    at = point.at(record, now) if point else None
    if point is None or at is None:
        return None
    ahead = bisect_right(moments, at - beyond)
    return point.reaches(moments[ahead] + beyond, record, now) if ahead < len(moments) else None


def earliest(moments: Iterable[int | None]) -> int | None:
    """The first of several moments, of which some are never."""
    return min((moment for moment in moments if moment is not None), default=None)
