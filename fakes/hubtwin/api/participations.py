"""Participations: who registered for a marketing event, attended it or cancelled (W6.8.15)."""

from collections.abc import Iterable, Iterator
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid, some_not_found
from hubtwin.api.http import Response
from hubtwin.api.marketing_events import MAX_BATCH, MAX_PAGE, find
from hubtwin.api.paging import page
from hubtwin.portal.ids import as_id
from hubtwin.portal.marketing_events import ATTENDED, CANCELLED, REGISTERED, MarketingEvent, Participation
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import check_contact, contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.values import moment, text_of
from hubtwin.portal.writes import Change

_STATES = {"register": REGISTERED, "attend": ATTENDED, "cancel": CANCELLED}


def create(call: Call) -> Response:
    """POST …/attendance/…/{subscriberState}/create: by contact id; 207 where some don't exist."""
    event, state, inputs = find(call), _state(call), _inputs(call)
    found = []
    for each in inputs:
        each.require("interactionDateTime", "vid")
        found.append((each.text("vid") or "", _moment(each)))
    contacts = {vid: _contact(call, vid) for vid, _ in found}
    for vid, at in found:
        contact = contacts[vid]
        if contact is not None:
            call.portal.marketing_events.participate(event, contact, state, source=call.source, moment=at)
    missing = [vid for vid, contact in contacts.items() if contact is None]
    results = [{"vid": contact.id} for vid, _ in found if (contact := contacts[vid]) is not None]
    return _batch(call, results, missing)


def create_by_email(call: Call) -> Response:
    """POST …/attendance/…/{subscriberState}/email-create: an address that nobody has makes a contact."""
    event, state, inputs = find(call), _state(call), _inputs(call)
    for each in inputs:
        _checked(call, each)
    results = []
    for each in inputs:
        contact = call.portal.writes.apply(_checked(call, each)).record
        call.portal.marketing_events.participate(event, contact, state, source=call.source, moment=_moment(each))
        results.append({"vid": contact.id, "email": each.text("email")})
    return _batch(call, results, [])


def counters(call: Call) -> Response:
    """GET /participations/{objectId}: how many registered, attended, cancelled and stayed away."""
    return answer(find(call).counters())


def of_event(call: Call) -> Response:
    """GET /participations/{objectId}/breakdown: the last that each contact did."""
    event = find(call)
    wanted = call.text("contactIdentifier")
    rows = ((event, one) for one in event.states().values() if wanted in (None, *_identifiers(one.contact)))
    return _breakdown(call, rows)


def of_contact(call: Call) -> Response:
    """GET /participations/contacts/{contactIdentifier}/breakdown: by id or e-mail address."""
    wanted = call.path["contactIdentifier"]
    contact = _contact(call, wanted) or contact_with(call.portal, wanted)
    if contact is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    found = ((event, event.states().get(contact)) for event in call.portal.marketing_events)
    return _breakdown(call, ((event, one) for event, one in found if one is not None))


def _state(call: Call) -> str:
    try:
        return _STATES[call.path["subscriberState"]]
    except KeyError:
        raise invalid(f"Contacts can {', '.join(_STATES)}, not {call.path['subscriberState']}") from None


def _inputs(call: Call) -> list[Body]:
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    return inputs


def _contact(call: Call, id: str) -> Record | None:
    return call.portal.records[CONTACTS].get(as_id(id))


def _checked(call: Call, body: Body) -> Change:
    """The change that makes or updates the contact; checked again for each, one may make the other's contact."""
    body.require("email", "interactionDateTime")
    _moment(body)
    given = {} if body.data.get("contactProperties") is None else body.properties("contactProperties")
    values = {name: text_of(value) for name, value in given.items() if value is not None}
    return check_contact(call.portal, body.text("email") or "", values, call.source)


def _moment(body: Body) -> int:
    number = body.number("interactionDateTime", 0)
    try:
        return moment(str(number))
    except ValueError:
        raise invalid(f"interactionDateTime is not a moment: {number}") from None


def _identifiers(contact: Record) -> Iterator[str | None]:
    yield str(contact.id)
    yield contact.get("email")


# -- answering -----------------------------------------------------------------------------------------------


def _batch(call: Call, results: list[dict[str, Any]], missing: list[str]) -> Response:
    now = iso(call.portal.clock.now)
    body: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if missing:
        body |= {"errors": [some_not_found(CONTACTS, missing)], "numErrors": 1}
    return answer(body, 207 if missing else 200)


def _breakdown(call: Call, rows: Iterable[tuple[MarketingEvent, Participation]]) -> Response:
    limit, after, state = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after(), call.text("state")
    found = [
        (str(place), _participation_json(event, one))
        for place, (event, one) in enumerate((event, one) for event, one in rows if state in (None, one.state))
    ]
    return answer({"total": len(found), **page(call, found[after:], limit)})


def _participation_json(event: MarketingEvent, one: Participation) -> dict[str, Any]:
    contact = one.contact
    names = {name: value for name in ("email", "firstname", "lastname") if (value := contact.get(name)) is not None}
    return {
        "id": str(one.id),
        "createdAt": iso(one.moment),
        "associations": {
            "contact": {"contactId": str(contact.id), **names},
            "marketingEvent": {
                "marketingEventId": str(event.id),
                "name": event.name,
                "externalAccountId": event.account,
                "externalEventId": event.external_id,
            },
        },
        "properties": {"occurredAt": one.moment, "attendanceState": one.state},
    }


_READ, _WRITE = "crm.objects.marketing_events.read", "crm.objects.marketing_events.write"

ENDPOINTS = family(
    "/marketing/v3/marketing-events",
    "/marketing/marketing-events/{version}",
    ("POST", "/attendance/{externalEventId}/{subscriberState}/create", create, _WRITE),
    ("POST", "/attendance/{externalEventId}/{subscriberState}/email-create", create_by_email, _WRITE),
    ("POST", "/{objectId}/attendance/{subscriberState}/create", create, _WRITE),
    ("POST", "/{objectId}/attendance/{subscriberState}/email-create", create_by_email, _WRITE),
    ("GET", "/participations/contacts/{contactIdentifier}/breakdown", of_contact, _READ),
    ("GET", "/participations/{externalAccountId}/{externalEventId}/breakdown", of_event, _READ),
    ("GET", "/participations/{objectId}/breakdown", of_event, _READ),
    ("GET", "/participations/{externalAccountId}/{externalEventId}", counters, _READ),
    ("GET", "/participations/{objectId}", counters, _READ),
)
