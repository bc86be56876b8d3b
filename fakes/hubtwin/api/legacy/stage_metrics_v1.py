"""Lifecycle stage metrics, version 1: how many contacts entered each stage in a stretch of time (F1.30)."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import operations
from hubtwin.portal.calendars import shifted
from hubtwin.portal.filters import Comparison
from hubtwin.portal.ids import as_number
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record

#: How long the stretch may be, and how many options a property may have that breaks the numbers down.
MAX_YEARS, MAX_OPTIONS = 2, 20


def metrics(call: Call) -> Response:
    """GET /lifecyclestages: a plain list with the number of each built-in stage, by its *Became a … Date* (F1.30).

    `aggregationProperty` breaks each number down by the present value of a choice.
    """
    start, end = _stretch(call)
    by = _property(call)
    return answer([_stage_json(name, _entered(call, name, start, end), by) for name in _dates(call)])


def _dates(call: Call) -> list[str]:
    """The properties that say when a contact became what its stage says; custom stages have none (F1.23)."""
    stages = [stage for pipeline in call.portal.pipelines[CONTACTS] for stage in pipeline.stages]
    return [stage.properties.became for stage in stages if not stage.is_custom]


def _entered(call: Call, name: str, start: int, end: int) -> Sequence[Record]:
    definition = call.portal.properties[CONTACTS].find(name)
    order = call.portal.records[CONTACTS].in_order(definition)
    return list(order.within(order.positions([Comparison("BETWEEN", iso(start), iso(end))])))


def _stage_json(name: str, contacts: Sequence[Record], by: PropertyDefinition | None) -> dict[str, Any]:
    body: dict[str, Any] = {"lifecycleStage": name, "count": len(contacts)}
    if by is not None:
        counts = Counter(value for contact in contacts for value in _choices(contact, by))
        rows = [{"key": key, "count": count} for key, count in counts.most_common()]
        body["aggregation"] = {"count": len(contacts), "aggregations": {by.name: rows}}
    return body


def _choices(contact: Record, by: PropertyDefinition) -> list[str]:
    value = contact.get(by.name)
    if value is None:
        return []
    return value.split(";") if by.is_multiple else [value]


def _stretch(call: Call) -> tuple[int, int]:
    """The stretch of time that is asked for, both moments included. Raises ApiError."""
    start, end = (_moment(call, name) for name in ("fromTimestamp", "toTimestamp"))
    if start > end:
        raise invalid(f"fromTimestamp must not be after toTimestamp: {start} and {end}")
    longest = shifted(datetime.fromtimestamp(start / 1000, UTC), months=12 * MAX_YEARS)
    if end > longest.timestamp() * 1000:
        raise invalid(f"The time between fromTimestamp and toTimestamp must be {MAX_YEARS} years or less")
    return start, end


def _moment(call: Call, name: str) -> int:
    text = call.text(name)
    moment = None if text is None or len(text) > len(str(10**13)) else as_number(text)
    if moment is None:
        raise invalid(f"{name} is needed, as a timestamp in milliseconds")
    return moment


def _property(call: Call) -> PropertyDefinition | None:
    name = call.text("aggregationProperty")
    if name is None:
        return None
    found = call.portal.properties[CONTACTS].find(name)
    if found.type != "enumeration" or len(found.options) > MAX_OPTIONS:
        raise invalid(f"aggregationProperty must be an enumeration with {MAX_OPTIONS} options or fewer, not {name}")
    return found


ENDPOINTS = operations(
    "/contacts/search/v1/external", ("GET", "/lifecyclestages", metrics, "crm.objects.contacts.read")
)
