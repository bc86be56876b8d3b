"""Time delays: some time from now, at a time of day, on certain weekdays (F7.16, F7.29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hubtwin.portal import calendars
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows.office_hours import WEEKDAYS, at
from hubtwin.portal.moments import DAY, HOUR, MINUTE, SECOND

#: HubSpot's units: durations, numbers of days, numbers of months. It names shorter and longer ones, too, which no
#: delay makes sense in.
_DURATIONS = MappingProxyType({"SECONDS": SECOND, "MINUTES": MINUTE, "HOURS": HOUR, "HALF_DAYS": DAY // 2})
_DAYS: Mapping[str, int] = MappingProxyType({"DAYS": 1, "WEEKS": 7})
_MONTHS: Mapping[str, int] = MappingProxyType({"MONTHS": 1, "YEARS": 12})
UNITS = (*_DURATIONS, *_DAYS, *_MONTHS)

#: How many units a delay may have (our model).
MAX_DELTA = 100_000


@dataclass(frozen=True, slots=True)
class TimeDelay:
    """So many units from a moment on, then at a time of day in *minutes* from midnight, on one of some *weekdays*.

    Days, weeks and months are those of the calendar in *zone*, the account's where it is None.
    """

    delta: int
    unit: str = "DAYS"
    minutes: int | None = None
    weekdays: tuple[int, ...] = ()
    zone: ZoneInfo | None = None

    def after(self, moment: int, zone: ZoneInfo) -> int:
        """The moment that it leads to; *zone* is the account's. Raises OverflowError, ValueError far from now."""
        zone = self.zone or zone
        later = self._shifted(calendars.local(moment, zone), moment, zone)
        if self.minutes is None and not self.weekdays:
            return calendars.moment_of(later)
        return self._fitting(later, moment, zone)

    def _shifted(self, local: datetime, moment: int, zone: ZoneInfo) -> datetime:
        if self.unit in _DURATIONS:
            return calendars.local(moment + self.delta * _DURATIONS[self.unit], zone)
        return calendars.shifted(
            local, months=self.delta * _MONTHS.get(self.unit, 0), days=self.delta * _DAYS.get(self.unit, 0)
        )

    def _fitting(self, later: datetime, moment: int, zone: ZoneInfo) -> int:
        """The first time from that day on that fits; a time of this very day that has passed does not."""
        minutes = later.hour * 60 + later.minute if self.minutes is None else self.minutes
        days = (later.date() + timedelta(days=offset) for offset in range(8))
        fitting = (at(day, minutes, zone) for day in days if not self.weekdays or day.weekday() in self.weekdays)
        return next(time for time in fitting if self.delta or time >= moment)


def read(node: Node) -> TimeDelay:
    """A `timeDelay`: `delta`, `timeUnit`, `timeOfDay`, `daysOfWeek`, `timeZoneStrategy`. Raises InvalidFilterBranch."""
    days = node.texts("daysOfWeek") if node.data.get("daysOfWeek") else []
    for day in days:
        Node({"daysOfWeek": day}, node.place).choice("daysOfWeek", WEEKDAYS)
    return TimeDelay(
        node.whole("delta", 0, low=-MAX_DELTA, high=MAX_DELTA),
        node.choice("timeUnit", UNITS, "DAYS"),
        time_of_day(node, "timeOfDay"),
        tuple(map(WEEKDAYS.index, days)),
        _zone(node),
    )


def time_of_day(node: Node, name: str) -> int | None:
    """A time of day as minutes from midnight, None where there is none. Raises InvalidFilterBranch."""
    if name not in node:
        return None
    inner = node.object(name)
    return inner.whole("hour", low=0, high=23) * 60 + inner.whole("minute", 0, low=0, high=59)


def _zone(node: Node) -> ZoneInfo | None:
    if "timeZoneStrategy" not in node:
        return None
    strategy = node.object("timeZoneStrategy")
    strategy.choice("type", ("STATIC_TIME_ZONE",), "STATIC_TIME_ZONE")
    try:
        return ZoneInfo(strategy.text("timeZoneId"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise strategy.wrong("timeZoneId", f"names no time zone: {strategy.text('timeZoneId')!r}") from None
