"""Definitions of custom events and their properties (W6.8)."""

from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.custom_events import EventDefinition, EventProperty
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import Option

MAX_PAGE = 100


def create(call: Call) -> Response:
    """POST /: 201; events are about contacts unless `primaryObject` says otherwise."""
    body = call.body
    body.require("label")
    properties = [_property(call, each) for each in body.objects("propertyDefinitions")]
    object = body.text("primaryObject")
    definition = call.portal.custom_events.define(
        body.text("label") or "",
        name=body.text("name"),
        object=CONTACTS if object is None else call.portal.type(object),
        description=body.text("description") or "",
        properties={property.name: property for property in properties},
    )
    return answer(_definition_json(definition), 201)


def list_(call: Call) -> Response:
    """GET /: pages, of those whose name holds `searchString`; with `includeProperties=true` in full."""
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    wanted, is_full = (call.text("searchString") or "").lower(), call.flag("includeProperties")
    rows = (
        (str(definition.id), _definition_json(definition, is_full=is_full))
        for definition in call.portal.custom_events
        if definition.id >= after and wanted in f"{definition.full_name} {definition.label.lower()}"
    )
    return answer(page(call, rows, limit))


def read(call: Call) -> Response:
    """GET /{eventName}, short or full."""
    return answer(_definition_json(_find(call)))


def update(call: Call) -> Response:
    """PATCH /{eventName}: its label or description."""
    label, description = call.body.text("label"), call.body.text("description")
    return answer(_definition_json(call.portal.custom_events.change(_find(call), label=label, description=description)))


def delete(call: Call) -> Response:
    """DELETE /{eventName}: 204, with all that occurred."""
    call.portal.custom_events.drop(_find(call))
    return nothing()


def create_property(call: Call) -> Response:
    """POST /{eventName}/property: a further property."""
    definition, property = _find(call), _property(call, call.body)
    if property.name in definition.properties:
        message = f"A property named '{property.name}' already exists."
        raise ApiError(409, message, "OBJECT_ALREADY_EXISTS", context={"name": [property.name]})
    return answer(_property_json(_put(call, definition, property)))


def update_property(call: Call) -> Response:
    """PATCH /{eventName}/property/{propertyName}: its label, description or options."""
    definition = _find(call)
    present = _find_property(call, definition)
    choices = options(call.body) if "options" in call.body.data else present.options
    property = EventProperty(
        present.name,
        call.body.text("label") or present.label,
        present.type,
        present.created,
        call.body.text("description", present.description) or "",
        choices,
    )
    return answer(_property_json(_put(call, definition, property)))


def delete_property(call: Call) -> Response:
    """DELETE /{eventName}/property/{propertyName}: 204."""
    definition = _find(call)
    call.portal.custom_events.take(definition, _find_property(call, definition).name)
    return nothing()


def _find(call: Call) -> EventDefinition:
    try:
        return call.portal.custom_events.find(call.path["eventName"])
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def _find_property(call: Call, definition: EventDefinition) -> EventProperty:
    try:
        return definition.properties[call.path["propertyName"]]
    except KeyError:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def _put(call: Call, definition: EventDefinition, property: EventProperty) -> EventProperty:
    return call.portal.custom_events.put(definition, property).properties[property.name]


def _property(call: Call, body: Body) -> EventProperty:
    body.require("label", "type")
    label = body.text("label") or ""
    name = body.text("name") or "_".join(label.lower().split())
    description = body.text("description") or ""
    return EventProperty(name, label, body.text("type") or "", call.portal.clock.now, description, options(body))


def options(body: Body) -> tuple[Option, ...]:
    """The options of an enumeration, in the order in which they were sent."""
    found = []
    for place, option in enumerate(body.objects("options")):
        option.require("label", "value")
        order = option.number("displayOrder", place)
        found.append(Option(option.text("value") or "", option.text("label") or "", order))
    return tuple(found)


def _definition_json(definition: EventDefinition, *, is_full: bool = True) -> dict[str, Any]:
    body: dict[str, Any] = {
        "labels": {"singular": definition.label, "plural": None},
        "description": definition.description,
        "archived": False,
        "primaryObjectId": definition.object.id,
        "trackingType": "MANUAL",
        "name": definition.name,
        "id": str(definition.id),
        "fullyQualifiedName": definition.full_name,
        "primaryObject": definition.object.singular.upper(),
        "createdAt": iso(definition.created),
        "updatedAt": iso(definition.updated),
        "objectTypeId": f"6-{definition.id}",
        "properties": [_property_json(property) for property in definition.properties.values()] if is_full else [],
        "associations": [],
    }
    return body


def _property_json(property: EventProperty) -> dict[str, Any]:
    return {
        "createdAt": iso(property.created),
        "name": property.name,
        "label": property.label,
        "type": property.type,
        "fieldType": {"number": "number", "enumeration": "select", "datetime": "date"}.get(property.type, "text"),
        "description": property.description,
        "options": [
            {"label": option.label, "value": option.value, "displayOrder": option.display_order, "hidden": False}
            for option in property.options
        ],
        "archived": False,
    }


#: Where the versions keep custom events: their paths don't follow one pattern (W6.8.5).
BASES = ("/events/v3", "/events/2026-03", "/events/custom/2025-09", "/events/custom/2026-09")

_SCOPE = "behavioral_events.event_definitions.read_write"

ENDPOINTS = tuple(
    endpoint
    for base in BASES
    for endpoint in family(
        f"{base}/event-definitions",
        None,
        ("GET", "", list_, _SCOPE),
        ("POST", "", create, _SCOPE),
        ("GET", "/{eventName}", read, _SCOPE),
        ("PATCH", "/{eventName}", update, _SCOPE),
        ("DELETE", "/{eventName}", delete, _SCOPE),
        ("POST", "/{eventName}/property", create_property, _SCOPE),
        ("PATCH", "/{eventName}/property/{propertyName}", update_property, _SCOPE),
        ("DELETE", "/{eventName}/property/{propertyName}", delete_property, _SCOPE),
    )
)
