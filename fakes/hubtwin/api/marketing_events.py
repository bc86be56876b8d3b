"""Marketing events (W6.8.14)."""

from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import CONFLICT, RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.marketing_events import MarketingEvent
from hubtwin.portal.moments import iso
from hubtwin.portal.values import moment

MAX_PAGE = 100
MAX_BATCH = 100

_TEXTS = ("eventName", "eventOrganizer", "eventType", "eventUrl", "eventDescription")
_MOMENTS = ("startDateTime", "endDateTime")
_FLAGS = ("eventCancelled", "eventCompleted")


def create(call: Call) -> Response:
    """POST /events: 200; a second one of the same external ids is a conflict."""
    account, external_id = _names(call.body)
    details = _required_details(call.body)
    _flags(call.body)
    try:
        event = call.portal.marketing_events.add(account, external_id, details)
    except Refused as error:
        raise ApiError(409, str(error), CONFLICT) from None
    return answer(event_json(_changed(call, event, call.body)))


def list_(call: Call) -> Response:
    """GET /: pages, oldest first."""
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    rows = ((str(event.id), event_json(event)) for event in call.portal.marketing_events if event.id >= after)
    return answer(page(call, rows, limit))


def read(call: Call) -> Response:
    """GET /{objectId} and /events/{externalEventId}: with how many came."""
    return answer(event_json(find(call)))


def update(call: Call) -> Response:
    """PATCH /{objectId} and /events/{externalEventId}: what is sent changes."""
    event = find(call)
    return answer(event_json(_changed(call, event, call.body)))


def replace(call: Call) -> Response:
    """PUT /events/{externalEventId}: changes the event, or creates it."""
    _, external_id = _names(call.body)
    if external_id != call.path["externalEventId"]:
        raise invalid(f"externalEventId is {external_id} in the body and {call.path['externalEventId']} in the path")
    return answer(event_json(_upserted(call, call.body)))


def upsert(call: Call) -> Response:
    """POST /events/upsert: several at once; one that is not valid refuses all."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    for each in inputs:
        _names(each)
        _required_details(each)
        _flags(each)
    results = [event_json(_upserted(call, each)) for each in inputs]
    now = iso(call.portal.clock.now)
    return answer({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now})


def cancel(call: Call) -> Response:
    """POST /events/{externalEventId}/cancel: it does not take place."""
    event = find(call)
    event.cancelled = True
    call.portal.marketing_events.touch(event)
    return answer(event_json(event))


def complete(call: Call) -> Response:
    """POST /events/{externalEventId}/complete: who registered and did not attend is a no-show from now on."""
    event = find(call)
    call.body.require(*_MOMENTS)
    event.details.update(_details(call.body))
    event.completed = True
    call.portal.marketing_events.touch(event)
    return answer(event_json(event))


def delete(call: Call) -> Response:
    """DELETE /{objectId} and /events/{externalEventId}: 204."""
    call.portal.marketing_events.remove(find(call))
    return nothing()


def find(call: Call) -> MarketingEvent:
    """The event that the path names: by its id, or by what another program calls it. Raises ApiError."""
    events, id = call.portal.marketing_events, call.path.get("objectId")
    if id is None:
        account = call.path.get("externalAccountId") or call.text("externalAccountId")
        if account is None:
            raise invalid("externalAccountId is missing")
        event = events.called(account, call.path["externalEventId"])
        if event is None:
            raise ApiError(404, RESOURCE_NOT_FOUND)
        return event
    try:
        return events.find(as_id(id))
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


# -- reading requests ----------------------------------------------------------------------------------------


def _names(body: Body) -> tuple[str, str]:
    body.require("externalAccountId", "externalEventId")
    return body.text("externalAccountId") or "", body.text("externalEventId") or ""


def _required_details(body: Body) -> dict[str, str]:
    body.require("eventName", "eventOrganizer")
    return _details(body)


def _details(body: Body) -> dict[str, str]:
    """What is told about an event. Raises ApiError."""
    details = {name: text for name in _TEXTS if (text := body.text(name)) is not None}
    for name in _MOMENTS:
        text = body.text(name)
        if text is not None:
            details[name] = _iso(name, text)
    return details


def _iso(name: str, text: str) -> str:
    try:
        return iso(moment(text))
    except ValueError:
        raise invalid(f"{name} is not a moment: {text}") from None


def _flags(body: Body) -> tuple[bool | None, bool | None, dict[str, str] | None]:
    """Whether the event is cancelled and completed, and its custom properties; None where nothing is said."""
    cancelled, completed = (body.data.get(name) for name in _FLAGS)
    if not (isinstance(cancelled, bool | None) and isinstance(completed, bool | None)):
        raise invalid(f"{' and '.join(_FLAGS)} are true or false")
    if "customProperties" not in body.data:
        return cancelled, completed, None
    custom = {}
    for property in body.objects("customProperties"):
        property.require("name", "value")
        custom[property.text("name") or ""] = property.text("value") or ""
    return cancelled, completed, custom


def _upserted(call: Call, body: Body) -> MarketingEvent:
    account, external_id = _names(body)
    details = _required_details(body)
    _flags(body)
    event = call.portal.marketing_events.called(account, external_id)
    return _changed(call, event or call.portal.marketing_events.add(account, external_id, details), body)


def _changed(call: Call, event: MarketingEvent, body: Body) -> MarketingEvent:
    details, (cancelled, completed, custom) = _details(body), _flags(body)
    event.details.update(details)
    event.cancelled = event.cancelled if cancelled is None else cancelled
    event.completed = event.completed if completed is None else completed
    event.custom = event.custom if custom is None else custom
    call.portal.marketing_events.touch(event)
    return event


# -- answering -----------------------------------------------------------------------------------------------


def event_json(event: MarketingEvent) -> dict[str, Any]:
    """An event, with the counts of who came."""
    counters = event.counters()
    return {
        "objectId": str(event.id),
        "id": str(event.id),
        "externalEventId": event.external_id,
        **event.details,
        "eventCancelled": event.cancelled,
        "eventCompleted": event.completed,
        "customProperties": [{"name": name, "value": value} for name, value in event.custom.items()],
        "registrants": counters["registered"],
        "attendees": counters["attended"],
        "cancellations": counters["cancelled"],
        "noShows": counters["noShows"],
        "createdAt": iso(event.created),
        "updatedAt": iso(event.updated),
    }


_READ, _WRITE = "crm.objects.marketing_events.read", "crm.objects.marketing_events.write"

ENDPOINTS = family(
    "/marketing/v3/marketing-events",
    "/marketing/marketing-events/{version}",
    ("GET", "", list_, _READ),
    ("POST", "/events", create, _WRITE),
    ("POST", "/events/upsert", upsert, _WRITE),
    ("GET", "/events/{externalEventId}", read, _READ),
    ("PUT", "/events/{externalEventId}", replace, _WRITE),
    ("PATCH", "/events/{externalEventId}", update, _WRITE),
    ("DELETE", "/events/{externalEventId}", delete, _WRITE),
    ("POST", "/events/{externalEventId}/cancel", cancel, _WRITE),
    ("POST", "/events/{externalEventId}/complete", complete, _WRITE),
    ("GET", "/{objectId}", read, _READ),
    ("PATCH", "/{objectId}", update, _WRITE),
    ("DELETE", "/{objectId}", delete, _WRITE),
)
