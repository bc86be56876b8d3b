"""What occurred: page views, form submissions and custom events, by record, type and time (W6.8.4, W6.8.40)."""

from collections.abc import Iterator
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.events import Event, events, types
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.records import Record
from hubtwin.portal.values import moment

MAX_PAGE = 100

_OBJECT_PROPERTY, _PROPERTY = "objectProperty.", "property."


def list_(call: Call) -> Response:
    """GET /: what occurred to a record, or of one type, the oldest first unless `sort` says otherwise."""
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    found = sorted(_matching(call), key=lambda one: one.moment, reverse=call.text("sort") == "-occurredAt")
    rows = [(str(place), _event_json(one)) for place, one in enumerate(found)]
    return answer(page(call, rows[after:], limit))


def event_types(call: Call) -> Response:
    """GET /event-types: what `eventType` can be."""
    return answer({"eventTypes": types(call.portal)})


def _matching(call: Call) -> Iterator[Event]:
    ids, kind, records = call.names("id"), call.text("eventType"), _records(call)
    earliest, latest = _bound(call, "occurredAfter"), _bound(call, "occurredBefore")
    wanted = {name.removeprefix(_PROPERTY): call.text(name) for name in call.query if name.startswith(_PROPERTY)}
    if records is None and not ids and kind is None:
        raise invalid("Ask for the events of an objectType and objectId, of an eventType or by id")
    for one in events(call.portal, records, kind):
        if (
            (not ids or one.id in ids)
            and (earliest is None or one.moment > earliest)
            and (latest is None or one.moment < latest)
            and all(one.properties.get(name) == value for name, value in wanted.items())
        ):
            yield one


def _bound(call: Call, name: str) -> int | None:
    text = call.text(name)
    try:
        return None if text is None else moment(text)
    except ValueError:
        raise invalid(f"{name} is not a moment: {text}") from None


def _records(call: Call) -> list[Record] | None:
    """The records that a request is about, by id or by `objectProperty.…`; None where it names none."""
    id, word = call.text("objectId"), call.text("objectType")
    by_property = [name for name in call.query if name.startswith(_OBJECT_PROPERTY)]
    if word is None or (id is None and not by_property):
        return None
    records = call.portal.records[call.portal.type(word)]
    if id is not None:
        found = records.get(as_id(id))
        return [] if found is None else [found]
    name = by_property[0]
    return records.having(name.removeprefix(_OBJECT_PROPERTY), call.text(name) or "")


def _event_json(one: Event) -> dict[str, Any]:
    return {
        "objectType": one.record.type.singular.upper(),
        "objectId": str(one.record.id),
        "eventType": one.type,
        "occurredAt": iso(one.moment),
        "id": one.id,
        "properties": dict(one.properties),
    }


_READ = "business-intelligence"

ENDPOINTS = (
    Endpoint("GET", "/events/v3/events", "/events/event-occurrences/{version}", list_, _READ),
    Endpoint(
        "GET", "/events/v3/events/event-types", "/events/event-occurrences/{version}/event-types", event_types, _READ
    ),
)
