"""Custom events: sending them (W6.8)."""

from collections.abc import Mapping
from dataclasses import dataclass

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import invalid
from hubtwin.api.event_definitions import BASES
from hubtwin.api.http import Response
from hubtwin.portal.custom_events import EventDefinition
from hubtwin.portal.ids import as_id
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.values import moment, text_of

MAX_BATCH = 500


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
    """Whom an event is about: an object, the contact with an address, or the one whose browser has the `utk`."""
    id, email, utk = body.text("objectId"), body.text("email"), body.text("utk")
    if not (id or email or utk):
        raise invalid("An event is about somebody: give the email, objectId or utk")
    if id is not None:
        return call.portal.records[definition.object].get(as_id(id))
    if email is not None:
        return contact_with(call.portal, email)
    return None if utk is None else call.portal.tracking.contact(utk)


def _moment(body: Body) -> int | None:
    text = body.text("occurredAt")
    try:
        return None if text is None else moment(text)
    except ValueError:
        raise invalid(f"occurredAt is not a moment: {text}") from None


_SEND = "analytics.behavioral_events.send"

ENDPOINTS = tuple(
    endpoint
    for base in BASES
    for endpoint in family(f"{base}/send", None, ("POST", "", send, _SEND), ("POST", "/batch", send_batch, _SEND))
)
