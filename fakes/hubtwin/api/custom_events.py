"""Custom events: sending them, and asking what occurred (W6.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import invalid
from hubtwin.api.event_definitions import BASES
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.custom_events import EventDefinition, Occurrence
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.values import moment, text_of

MAX_BATCH = 500
MAX_PAGE = 100

_PROPERTY = "objectProperty."


@dataclass(frozen=True, slots=True)
class _Sent:
    """An event that was sent and checked; *record* is None where nobody knows whom it is about."""

    definition: EventDefinition
    record: Record | None
    properties: Mapping[str, str]
    moment: int | None
    id: str | None


def send(call: Call) -> Response:
    """POST /send: 204, also where no such contact exists (W6.8.3)."""
    _note(call, [_checked(call, call.body)])
    return nothing()


def send_batch(call: Call) -> Response:
    """POST /send/batch: 204; one that is not valid refuses all."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    _note(call, [_checked(call, each) for each in inputs])
    return nothing()


def occurrences(call: Call) -> Response:
    """GET /: what occurred to a record, or of one type, the oldest first unless `sort` says otherwise."""
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    found = sorted(_matching(call), key=lambda one: one.moment, reverse=call.text("sort") == "-occurredAt")
    rows = [(str(place), _occurrence_json(one)) for place, one in enumerate(found)]
    return answer(page(call, rows[after:], limit))


def event_types(call: Call) -> Response:
    """GET /event-types: what `eventType` can be."""
    return answer({"eventTypes": [definition.full_name for definition in call.portal.custom_events]})


def _checked(call: Call, body: Body) -> _Sent:
    body.require("eventName")
    given = {} if body.data.get("properties") is None else body.properties()
    properties = {name: text_of(value) for name, value in given.items() if value is not None}
    definition = call.portal.custom_events.check(body.text("eventName") or "", properties)
    return _Sent(definition, _record(call, body, definition), properties, _moment(body), body.text("uuid"))


def _note(call: Call, events: list[_Sent]) -> None:
    for one in events:
        if one.record is not None:
            call.portal.custom_events.occur(
                one.definition.name, one.record, one.properties, moment=one.moment, id=one.id, source=call.source
            )


def _record(call: Call, body: Body, definition: EventDefinition) -> Record | None:
    """Whom an event is about: visitors are not imitated, so nobody is known by `utk` alone."""
    id, email = body.text("objectId"), body.text("email")
    if not (id or email or body.text("utk")):
        raise invalid("An event is about somebody: give the email, objectId or utk")
    if id is not None:
        return call.portal.records[definition.object].get(as_id(id))
    return None if email is None else contact_with(call.portal, email)


def _moment(body: Body) -> int | None:
    text = body.text("occurredAt")
    try:
        return None if text is None else moment(text)
    except ValueError:
        raise invalid(f"occurredAt is not a moment: {text}") from None


# -- what occurred -------------------------------------------------------------------------------------------


def _matching(call: Call) -> Iterator[Occurrence]:
    ids, kind = call.names("id"), call.text("eventType")
    earliest, latest = _bound(call, "occurredAfter"), _bound(call, "occurredBefore")
    records = _records(call)
    if records is None and not ids and kind is None:
        raise invalid("Ask for the events of an objectType and objectId, of an eventType or by id")
    for one in call.portal.custom_events.occurrences:
        if (
            (records is None or one.record in records)
            and (not ids or one.id in ids)
            and kind in (None, one.definition.full_name)
            and (earliest is None or one.moment > earliest)
            and (latest is None or one.moment < latest)
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
    by_property = [name for name in call.query if name.startswith(_PROPERTY)]
    if word is None or (id is None and not by_property):
        return None
    records = call.portal.records[call.portal.type(word)]
    if id is not None:
        found = records.get(as_id(id))
        return [] if found is None else [found]
    name = by_property[0]
    return records.having(name.removeprefix(_PROPERTY), call.text(name) or "")


def _occurrence_json(one: Occurrence) -> dict[str, Any]:
    return {
        "objectType": one.record.type.singular.upper(),
        "objectId": str(one.record.id),
        "eventType": one.definition.full_name,
        "occurredAt": iso(one.moment),
        "id": one.id,
        "properties": dict(one.properties),
    }


_SEND = "analytics.behavioral_events.send"
_READ = "business-intelligence"

ENDPOINTS = (
    *(
        endpoint
        for base in BASES
        for endpoint in family(f"{base}/send", None, ("POST", "", send, _SEND), ("POST", "/batch", send_batch, _SEND))
    ),
    Endpoint("GET", "/events/v3/events", "/events/event-occurrences/{version}", occurrences, _READ),
    Endpoint(
        "GET", "/events/v3/events/event-types", "/events/event-occurrences/{version}/event-types", event_types, _READ
    ),
)
