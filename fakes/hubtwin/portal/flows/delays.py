"""Delays (F7.29): a set time, a weekday and time of day, a date, an event."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values
from hubtwin.portal.flows.actions import Result, Run, Single, connection, fields_of
from hubtwin.portal.flows.office_hours import WEEKDAYS, at
from hubtwin.portal.flows.values import UNITS, Value
from hubtwin.portal.moments import DAY, from_iso, iso, spoken


@dataclass(frozen=True, slots=True)
class Delay(Single):
    """Waits a set time (0-1)."""

    duration: int

    def run(self, run: Run) -> Result:
        """Wait."""
        until = run.portal.clock.now + self.duration
        return self.wait(until, f"waits {spoken(self.duration)}, until {iso(until)}")


@dataclass(frozen=True, slots=True)
class DelayUntilDay(Single):
    """Waits until one of some weekdays, or until a time of day (0-28); *minutes* is counted from midnight."""

    weekdays: tuple[int, ...]
    minutes: int
    zone: ZoneInfo

    def run(self, run: Run) -> Result:
        """Wait until the next such moment."""
        now = run.portal.clock.now
        local = datetime.fromtimestamp(now / 1000, UTC).astimezone(self.zone)
        for offset in range(8):
            day = local.date() + timedelta(days=offset)
            until = at(day, self.minutes, self.zone)
            if until >= now and (not self.weekdays or day.weekday() in self.weekdays):
                return self.wait(until, f"waits until {iso(until)}")
        raise AssertionError("each weekday comes within eight days")


@dataclass(frozen=True, slots=True)
class DelayUntilDate(Single):
    """Waits until a date, some time before or after it, at a time of day where there is one (0-35)."""

    date: Value
    later: int
    minutes: int | None
    zone: ZoneInfo

    def run(self, run: Run) -> Result:
        """Wait; a date that has passed, or that the record lacks, is not waited for (our model)."""
        text = self.date.of(run)
        try:
            moment = (int(text) if text.lstrip("-").isdecimal() else from_iso(text)) + self.later
            day = datetime.fromtimestamp(moment / 1000, UTC).astimezone(self.zone).date()
        except (ValueError, OverflowError, OSError):
            return (
                self.failed(f"the date is {text!r}: nothing to wait for")
                if text
                else self.done("has no date to wait for")
            )
        until = moment if self.minutes is None else at(day, self.minutes, self.zone)
        if until <= run.portal.clock.now:
            return self.done(f"does not wait: {iso(until)} has passed")
        return self.wait(until, f"waits until {iso(until)}")


def read_duration(node: Node) -> Delay:
    """A 0-1. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    unit = fields.choice("time_unit", UNITS)
    duration = fields.whole("delta", low=0, high=100_000) * UNITS[unit]
    return Delay(node.text("actionId"), connection(node), duration)


def read_day(node: Node, zone: ZoneInfo) -> DelayUntilDay:
    """A 0-28: `delay` has daysOfWeek and timeOfDay, each of them optional. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    delay = fields.object("delay") if "delay" in fields else fields
    days = delay.texts("daysOfWeek") if delay.data.get("daysOfWeek") else []
    for day in days:
        Node({"daysOfWeek": day}, delay.place).choice("daysOfWeek", WEEKDAYS)
    minutes = _minutes(delay, "timeOfDay")
    return DelayUntilDay(node.text("actionId"), connection(node), tuple(map(WEEKDAYS.index, days)), minutes or 0, zone)


def read_date(node: Node, zone: ZoneInfo) -> DelayUntilDate:
    """A 0-35: a `date` as a value, with `delta` and `time_unit` before or after it. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    later = 0
    if "delta" in fields:
        unit = fields.choice("time_unit", UNITS, "DAYS")
        later = fields.whole("delta", low=-100_000, high=100_000) * UNITS[unit]
    date = values.read(fields.object("date"))
    return DelayUntilDate(node.text("actionId"), connection(node), date, later, _minutes(fields, "time_of_day"), zone)


def _minutes(node: Node, name: str) -> int | None:
    if name not in node:
        return None
    inner = node.object(name)
    minutes = inner.whole("hour", low=0, high=23) * 60 + inner.whole("minute", 0, low=0, high=59)
    return min(minutes, DAY // 60_000 - 1)
