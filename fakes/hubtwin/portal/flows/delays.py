"""Delays (F7.29): a set time, a weekday or time of day, a date, an event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from hubtwin.portal import calendars
from hubtwin.portal.filter_branches import reading
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import Occurred
from hubtwin.portal.flows import time_delays, values
from hubtwin.portal.flows.actions import CRITERIA_MET, Asset, Result, Run, Single, connection, fields_of
from hubtwin.portal.flows.office_hours import at
from hubtwin.portal.flows.time_delays import MAX_DELTA, TimeDelay
from hubtwin.portal.flows.values import Value
from hubtwin.portal.moments import DAY, HOUR, MINUTE, WEEK, from_iso, iso, spoken
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

UNITS = MappingProxyType({"MINUTES": MINUTE, "HOURS": HOUR, "DAYS": DAY, "WEEKS": WEEK})

#: How long an event may be waited for, in minutes: five years, also where nothing is said (our model).
MAX_EXPIRATION = 5 * 366 * 24 * 60


@dataclass(frozen=True, slots=True)
class Waiting(Single):
    """A delay of any kind."""

    steers: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Delay(Waiting):
    """Waits a set time (0-1)."""

    duration: int

    def run(self, run: Run) -> Result:
        """Wait, from when the record came here."""
        until = run.since + self.duration
        return self.wait(until, f"waits {spoken(self.duration)}, until {iso(until)}")


@dataclass(frozen=True, slots=True)
class DelayUntilDay(Waiting):
    """Waits until one of some weekdays, or until a time of day (0-28)."""

    delay: TimeDelay

    def run(self, run: Run) -> Result:
        """Wait until the next such moment."""
        try:
            until = self.delay.after(run.portal.clock.now, run.zone)
            return self.wait(until, f"waits until {iso(until)}")
        except (ValueError, OverflowError):
            return self.failed("the day lies too far from now: nothing to wait for")


@dataclass(frozen=True, slots=True)
class DelayUntilDate(Waiting):
    """Waits until a date, some time before or after it, at a time of day where there is one (0-35)."""

    date: Value
    later: int
    minutes: int | None

    def run(self, run: Run) -> Result:
        """Wait; a date that has passed, or that the record lacks, is not waited for (F7.17.3501)."""
        text = self.date.of(run)
        if not text:
            return self.done("has no date to wait for")
        try:
            until = self._moment(text, run)
            when = iso(until)
        except (ValueError, OverflowError):
            return self.failed(f"the date is {text!r}: nothing to wait for")
        if until <= run.portal.clock.now:
            return self.done(f"does not wait: {when} has passed")
        return self.wait(until, f"waits until {when}")

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The date property."""
        return self.date.uses(type, asset)

    def _moment(self, text: str, run: Run) -> int:
        """A date alone begins at midnight in the account's time zone. Raises ValueError, OverflowError."""
        moment = int(text) if text.lstrip("-").isdecimal() else from_iso(text)
        if len(text) == len("2026-03-02") and "-" in text[1:]:
            moment = calendars.same_local(moment, run.zone)
        moment += self.later
        if self.minutes is None:
            return moment
        return at(calendars.local(moment, run.zone).date(), self.minutes, run.zone)


@dataclass(frozen=True, slots=True)
class DelayUntilEvent(Waiting):
    """Waits until one of some events occurs, or so much time has passed (0-29); it gives out which of the two."""

    events: Sequence[Occurred]
    expiration: int

    def run(self, run: Run) -> Result:
        """Wait: what occurred before does not count."""
        until = run.portal.clock.now + self.expiration
        event = f"waits for an event, until {iso(until)} at most"
        return Result(self.next, event, until=until, awaits=self.events, outputs={CRITERIA_MET: "false"})


def read_duration(node: Node) -> Delay:
    """A 0-1. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    unit = fields.choice("time_unit", UNITS)
    duration = fields.whole("delta", low=0, high=MAX_DELTA) * UNITS[unit]
    return Delay(node.text("actionId"), connection(node), duration)


def read_day(node: Node) -> DelayUntilDay:
    """A 0-28: `delay` is a time delay with weekdays, a time of day, or both. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    delay = time_delays.read(fields.object("delay") if "delay" in fields else fields)
    if delay.delta < 0:
        raise fields.wrong("delay", "can't lie before now")
    return DelayUntilDay(node.text("actionId"), connection(node), delay)


def read_date(node: Node) -> DelayUntilDate:
    """A 0-35: a `date` as a value, with `delta` and `time_unit` before or after it. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    later = 0
    if "delta" in fields:
        unit = fields.choice("time_unit", UNITS, "DAYS")
        later = fields.whole("delta", low=-MAX_DELTA, high=MAX_DELTA) * UNITS[unit]
    date, minutes = values.read(fields.object("date")), time_delays.time_of_day(fields, "time_of_day")
    return DelayUntilDate(node.text("actionId"), connection(node), date, later, minutes)


def read_event(portal: "Portal", type: ObjectType, node: Node) -> DelayUntilEvent:
    """A 0-29: `event_filter_branches` and `expiration_minutes`. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    events = tuple(reading.read_event(portal, type, one) for one in fields.objects("event_filter_branches"))
    if not events:
        raise fields.wrong("event_filter_branches", "must hold at least one UNIFIED_EVENTS branch")
    minutes = fields.whole("expiration_minutes", MAX_EXPIRATION, low=1, high=MAX_EXPIRATION)
    return DelayUntilEvent(node.text("actionId"), connection(node), events, minutes * MINUTE)
