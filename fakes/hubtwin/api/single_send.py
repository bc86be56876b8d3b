"""Single sends: one e-mail to one address, transactional or not, and what came of it (W6.11.10)."""

from collections.abc import Collection
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.portal.email_versions import SINGLE_SEND, TRANSACTIONAL, Kind
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import guid
from hubtwin.portal.log import Entry
from hubtwin.portal.moments import iso
from hubtwin.portal.single_sends import SingleSend


def send_transactional(call: Call) -> Response:
    """POST /single-email/send: 200; readers who want no marketing get it all the same."""
    return _send(call, (TRANSACTIONAL,))


def send(call: Call) -> Response:
    """POST /single-send: 200; an address that nobody has makes a contact."""
    return _send(call, (SINGLE_SEND, TRANSACTIONAL))


def read_status(call: Call) -> Response:
    """GET /send-statuses/{statusId}: what came of a single send."""
    try:
        found = call.portal.marketing_emails.single_sends.find(call.path["statusId"])
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None
    return answer(_status_json(call, found))


def _send(call: Call, kinds: Collection[Kind]) -> Response:
    body = call.body
    body.require("emailId", "message")
    message = body.object("message")
    message.require("to")
    one = call.portal.marketing_emails.single_sends.send(
        body.text("emailId") or "",
        message.text("to") or "",
        kinds=kinds,
        properties=_contact_properties(body),
        send_id=message.text("sendId"),
        source=call.source,
    )
    return answer({"requestedAt": iso(one.requested), "statusId": one.id, "status": "PENDING"})


def _contact_properties(body: Body) -> dict[str, str]:
    """The properties to write: an object, or in older clients a list of names and values."""
    if isinstance(body.data.get("contactProperties"), list):
        pairs = body.objects("contactProperties")
        for pair in pairs:
            pair.require("name", "value")
        return {pair.text("name") or "": pair.text("value") or "" for pair in pairs}
    if body.data.get("contactProperties") is None:
        return {}
    return {name: str(value) for name, value in body.properties("contactProperties").items() if value is not None}


def _status_json(call: Call, one: SingleSend) -> dict[str, Any]:
    done = iso(one.requested)
    body = {
        "statusId": one.id,
        "status": "COMPLETE",
        "sendResult": one.result,
        "requestedAt": done,
        "startedAt": done,
        "completedAt": done,
    }
    return body if one.event is None else {**body, "eventId": event_id(call, one.event)}


def event_id(call: Call, entry: Entry) -> dict[str, Any]:
    """What an event is known by."""
    return {"id": event_guid(call, entry.number), "created": iso(entry.moment)}


def event_guid(call: Call, number: int) -> str:
    """The id of the event that the log's entry with this number is."""
    return guid(f"{call.portal.configuration.account.id}/email event {number}")


ENDPOINTS = (
    *family(
        "/marketing/v3/transactional",
        "/marketing/transactional/{version}",
        ("POST", "/single-email/send", send_transactional, "transactional-email"),
    ),
    Endpoint("POST", "/marketing/v4/email/single-send", None, send, "marketing-email"),
    Endpoint("GET", "/marketing/v3/email/send-statuses/{statusId}", None, read_status),
    Endpoint("GET", "/marketing/v4/email/send-statuses/{statusId}", None, read_status),
)
