"""Delays, in the short form and in HubSpot's JSON (F7.29)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.portal.configuration import Wait, WaitFor, WaitUntil
from hubtwin.portal.configuration.parts import written_span
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.filter_branches import short_events
from hubtwin.portal.filter_branches.short_forms import Json
from hubtwin.portal.flows.short_forms.around import Around
from hubtwin.portal.flows.short_forms.steps import single
from hubtwin.portal.flows.short_forms.times import read_time, time_of_day
from hubtwin.portal.moments import DAY, HOUR, MINUTE

_UNITS = {"DAYS": DAY, "HOURS": HOUR, "MINUTES": MINUTE}


def _minutes(span: int, place: tuple[str, ...]) -> int:
    if span % MINUTE or not span:
        raise ConfigurationError(place, f"HubSpot waits whole minutes, not {written_span(span)}")
    return span // MINUTE


def _wait(around: Around, action: Wait) -> Json:
    _minutes(action.wait, ("wait",))
    unit, size = next((unit, size) for unit, size in _UNITS.items() if action.wait % size == 0)
    return single("0-1", {"delta": str(action.wait // size), "time_unit": unit})


def _read_wait(around: Around, fields: Mapping[str, Any]) -> Json:
    return {"wait": written_span(int(fields["delta"]) * _UNITS[fields["time_unit"]])}


def _wait_until(around: Around, action: WaitUntil) -> Json:
    wanted = action.wait_until
    if wanted.events is not None:
        return _until_event(around, wanted)
    if wanted.date is not None:
        return single("0-35", _until_date(wanted))
    delay: Json = {"delta": 0, "timeUnit": "DAYS", "daysOfWeek": list(wanted.days or ())}
    if wanted.time is not None:
        delay["timeOfDay"] = time_of_day(wanted.time)
    return single("0-28", {"delay": delay})


def _until_event(around: Around, wanted: WaitFor) -> Json:
    branches = [
        short_events.written(around.portal, trigger, ("wait_until", "events", number))
        for number, trigger in enumerate(wanted.events or ())
    ]
    fields: Json = {"event_filter_branches": branches}
    if wanted.at_most is not None:
        fields["expiration_minutes"] = str(_minutes(wanted.at_most, ("wait_until", "at_most")))
    return single("0-29", fields)


def _until_date(wanted: WaitFor) -> Json:
    date = wanted.date or ""
    is_date = date[:4].isdecimal()
    value = {"type": "STATIC_VALUE", "staticValue": date} if is_date else _of_record(date)
    fields: Json = {"date": value, "delta": str(wanted.later), "time_unit": "DAYS"}
    return fields if wanted.time is None else {**fields, "time_of_day": time_of_day(wanted.time)}


def _of_record(property: str) -> Json:
    return {"type": "OBJECT_PROPERTY", "propertyName": property}


def _read_day(around: Around, fields: Mapping[str, Any]) -> Json:
    delay = fields["delay"]
    days = {"days": delay["daysOfWeek"]} if delay["daysOfWeek"] else {}
    return {"wait_until": {**days, **_read_time_of(delay, "timeOfDay")}}


def _read_date(around: Around, fields: Mapping[str, Any]) -> Json:
    date = fields["date"].get("propertyName") or fields["date"]["staticValue"]
    return {"wait_until": {"date": date, "later": int(fields["delta"]), **_read_time_of(fields, "time_of_day")}}


def _read_event(around: Around, fields: Mapping[str, Any]) -> Json:
    events = [short_events.read(around.portal, branch) for branch in fields["event_filter_branches"]]
    most = fields.get("expiration_minutes")
    at_most = {} if most is None else {"at_most": written_span(int(most) * MINUTE)}
    return {"wait_until": {"events": events, **at_most}}


def _read_time_of(holder: Mapping[str, Any], member: str) -> Json:
    return {} if holder.get(member) is None else {"time": read_time(holder[member])}


#: How delays of a portal file are written, by their classes.
WRITERS: Mapping[type, Callable[[Around, Any], Json]] = MappingProxyType({Wait: _wait, WaitUntil: _wait_until})

#: How the fields of HubSpot's are read, by their types.
READERS: Mapping[str, Callable[[Around, Mapping[str, Any]], Json]] = MappingProxyType(
    {"0-1": _read_wait, "0-28": _read_day, "0-29": _read_event, "0-35": _read_date}
)
