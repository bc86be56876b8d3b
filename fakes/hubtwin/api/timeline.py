"""Timeline events and their templates (W6.8)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.event_definitions import options
from hubtwin.api.http import Response
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.timeline import EventTemplate, TimelineEvent, Token
from hubtwin.portal.values import moment, text_of
from hubtwin.portal.writes import Change

NO_DEVELOPER_KEY = (
    "This API can't be called using an OAuth access token. A valid developer API key must be provided in the"
    " `hapikey` query parameter"
)

# -- templates -----------------------------------------------------------------------------------------------


def list_templates(call: Call) -> Response:
    """GET /{appId}/event-templates: all of an app; like all of templates, for developers with a `hapikey`."""
    _check_key(call)
    found = call.portal.timeline.templates(_number(call.path["appId"]))
    return answer({"results": [_template_json(template) for template in found]})


def create_template(call: Call) -> Response:
    """POST /{appId}/event-templates: 201."""
    _check_key(call)
    body, now = call.body, call.portal.clock.now
    body.require("name", "objectType", "tokens")
    type = call.portal.type(body.text("objectType") or "")
    blank = EventTemplate(0, _number(call.path["appId"]), "", type, now, now)
    return answer(_template_json(call.portal.timeline.add(_filled(call, blank, body))), 201)


def read_template(call: Call) -> Response:
    """GET /{appId}/event-templates/{eventTemplateId}: one."""
    _check_key(call)
    return answer(_template_json(_template(call)))


def replace_template(call: Call) -> Response:
    """PUT /{appId}/event-templates/{eventTemplateId}: its name, its texts and its tokens."""
    _check_key(call)
    body = call.body
    body.require("name", "tokens")
    template = replace(_filled(call, _template(call), body), updated=call.portal.clock.now)
    return answer(_template_json(call.portal.timeline.put(template)))


def delete_template(call: Call) -> Response:
    """DELETE /{appId}/event-templates/{eventTemplateId}: 204, with its events."""
    _check_key(call)
    call.portal.timeline.drop(_template(call))
    return nothing()


def _check_key(call: Call) -> None:
    """Templates belong to developers: a token of an account is not enough (W6.8.7)."""
    if call.text("hapikey") is None:
        raise ApiError(401, NO_DEVELOPER_KEY, "INVALID_AUTHENTICATION")


def _filled(call: Call, template: EventTemplate, body: Body) -> EventTemplate:
    tokens = [_token(call, each) for each in body.objects("tokens")]
    return replace(
        template,
        name=body.text("name") or "",
        header=body.text("headerTemplate") or "",
        detail=body.text("detailTemplate") or "",
        tokens={token.name: token for token in tokens},
    )


def _token(call: Call, body: Body) -> Token:
    body.require("name", "label", "type")
    now = call.portal.clock.now
    return Token(
        body.text("name") or "",
        body.text("label") or "",
        body.text("type") or "",
        now,
        now,
        options(body),
        body.text("objectPropertyName"),
    )


def _template(call: Call, id: str | None = None) -> EventTemplate:
    try:
        template = call.portal.timeline.template(_number(id or call.path["eventTemplateId"]))
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None
    if call.path.get("appId") not in (None, str(template.app)):
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return template


def _number(text: str) -> int:
    return as_id(text)


# -- events --------------------------------------------------------------------------------------------------


def create(call: Call) -> Response:
    """POST /events: 201; an address that nobody has makes a contact (W6.8.9)."""
    return answer(_event_json(_noted(call, call.body)), 201)


def create_batch(call: Call) -> Response:
    """POST /events/batch/create: 201; one that is not valid refuses all."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    for each in inputs:
        _checked(call, each)
    results = [_event_json(_noted(call, each)) for each in inputs]
    now = iso(call.portal.clock.now)
    return answer({"completedAt": now, "status": "COMPLETE", "startedAt": now, "results": results}, 201)


def read(call: Call) -> Response:
    """GET /events/{eventTemplateId}/{eventId}: one."""
    try:
        return answer(_event_json(call.portal.timeline.find(_template(call), call.path["eventId"])))
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def _checked(call: Call, body: Body) -> Change:
    body.require("eventTemplateId", "tokens")
    template = _template(call, body.text("eventTemplateId"))
    _moment(body)
    _extra(body)
    record = _record(call, body, template)
    return call.portal.timeline.check(template, record, body.text("email"), _tokens(body), call.source)


def _noted(call: Call, body: Body) -> TimelineEvent:
    """An event is checked once more right before: the one before it may have made the contact."""
    change = _checked(call, body)
    template = _template(call, body.text("eventTemplateId"))
    return call.portal.timeline.note(
        template, change, _tokens(body), moment=_moment(body), id=body.text("id"), extra=_extra(body)
    )


def _extra(body: Body) -> Mapping[str, Any]:
    return {} if body.data.get("extraData") is None else body.object("extraData").data


def _tokens(body: Body) -> Mapping[str, str]:
    return {name: text_of(value) for name, value in body.properties("tokens").items() if value is not None}


def _record(call: Call, body: Body, template: EventTemplate) -> Record | None:
    """The record of an event; None for an e-mail address that nobody has yet."""
    id, email = body.text("objectId"), body.text("email")
    if id is not None:
        record = call.portal.records[template.object].get(_number(id))
        if record is None:
            raise ApiError(404, RESOURCE_NOT_FOUND)
        return record
    if email is None or template.object is not CONTACTS:
        raise invalid(f"An event of template {template.id} needs the objectId, or a contact's email")
    return contact_with(call.portal, email)


def _moment(body: Body) -> int | None:
    text = body.text("timestamp")
    try:
        return None if text is None else moment(text)
    except ValueError:
        raise invalid(f"timestamp is not a moment: {text}") from None


# -- answering -----------------------------------------------------------------------------------------------


def _template_json(template: EventTemplate) -> dict[str, Any]:
    return {
        "id": str(template.id),
        "name": template.name,
        "headerTemplate": template.header,
        "detailTemplate": template.detail,
        "tokens": [_token_json(token) for token in template.tokens.values()],
        "objectType": template.object.name,
        "createdAt": iso(template.created),
        "updatedAt": iso(template.updated),
    }


def _token_json(token: Token) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": token.name,
        "label": token.label,
        "type": token.type,
        "options": [{"label": option.label, "value": option.value} for option in token.options],
        "createdAt": iso(token.created),
        "updatedAt": iso(token.updated),
    }
    return body if token.property is None else {**body, "objectPropertyName": token.property}


def _event_json(event: TimelineEvent) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": event.id,
        "eventTemplateId": str(event.template.id),
        "objectId": str(event.record.id),
        "objectType": event.record.type.name,
        "tokens": dict(event.tokens),
        "timestamp": iso(event.moment),
        "createdAt": iso(event.created),
    }
    email = event.record.get("email")
    if email is not None:
        body["email"] = email
    return {**body, "extraData": event.extra} if event.extra else body


_SCOPE = "timeline"

_TEMPLATES = "/{appId}/event-templates"

ENDPOINTS = (
    *family(
        "/integrators/timeline/v3",
        None,
        ("GET", _TEMPLATES, list_templates, ""),
        ("POST", _TEMPLATES, create_template, ""),
        ("GET", _TEMPLATES + "/{eventTemplateId}", read_template, ""),
        ("PUT", _TEMPLATES + "/{eventTemplateId}", replace_template, ""),
        ("DELETE", _TEMPLATES + "/{eventTemplateId}", delete_template, ""),
        public=True,
    ),
    *family(
        "/integrators/timeline/v3",
        None,
        ("POST", "/events", create, _SCOPE),
        ("POST", "/events/batch/create", create_batch, _SCOPE),
        ("GET", "/events/{eventTemplateId}/{eventId}", read, _SCOPE),
    ),
    Endpoint("POST", "/integrators/timeline/2026-03/events", None, create, _SCOPE),
)
