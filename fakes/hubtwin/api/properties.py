"""Property definitions and their groups (W4)."""

from dataclasses import replace
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.moments import iso
from hubtwin.portal.properties import NAME, Option, Properties, PropertyDefinition, PropertyGroup

#: Which field types go with which type when a property is made (W4.4).
FIELD_TYPES = {
    "string": ("text", "textarea", "file", "html", "phonenumber", "calculation_equation"),
    "number": ("number", "calculation_equation"),
    "date": ("date",),
    "datetime": ("date",),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox", "calculation_equation"),
    "bool": ("booleancheckbox", "calculation_equation"),
    "phone_number": ("phonenumber",),
}

_BOOL_OPTIONS = (Option("true", "True", 0), Option("false", "False", 1))  # W4.5


def list_(call: Call) -> Response:
    """GET /{objectType}: all definitions, no paging (W4.1)."""
    properties = _properties(call)
    found = properties.archived if call.flag("archived") else properties
    return answer({"results": [definition_json(definition) for definition in found]})


def read(call: Call) -> Response:
    """GET /{objectType}/{propertyName}: one definition (W4.1)."""
    return answer(definition_json(_properties(call).find(call.path["propertyName"])))


def create(call: Call) -> Response:
    """POST /{objectType}: 201, the new definition (W4.1)."""
    return answer(definition_json(_create(call, call.body)), 201)


def update(call: Call) -> Response:
    """PATCH /{objectType}/{propertyName}: options are replaced as a whole (W4.5)."""
    properties, body = _properties(call), call.body
    present = properties.find(call.path["propertyName"])
    changed = replace(
        present,
        label=body.text("label", present.label) or present.label,
        description=body.text("description", present.description) or "",
        group=_group(properties, body.text("groupName", present.group) or present.group),
        options=_options(body) if "options" in body.data else present.options,
        updated=call.portal.clock.now,
    )
    properties.put(changed)
    return answer(definition_json(changed))


def archive(call: Call) -> Response:
    """DELETE /{objectType}/{propertyName}: 204. HubSpot's own properties stay."""
    properties = _properties(call)
    if properties.find(call.path["propertyName"]).hubspot_defined:
        raise invalid(f"The property {call.path['propertyName']} is defined by HubSpot and can't be archived")
    properties.archive(call.path["propertyName"])
    return nothing()


def batch_read(call: Call) -> Response:
    """POST /{objectType}/batch/read: 207 where some names don't exist."""
    properties = _properties(call)
    names = [input.text("name") or "" for input in call.body.objects("inputs")]
    found = [properties.find(name) for name in names if name in properties]
    missing = [name for name in names if name not in properties]
    now = iso(call.portal.clock.now)
    body: dict[str, Any] = {
        "completedAt": now,
        "status": "COMPLETE",
        "startedAt": now,
        "results": [definition_json(definition) for definition in found],
    }
    if missing:
        error = {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": "Could not get some properties, they may not exist.",
            "context": {"name": missing},
        }
        body |= {"errors": [error], "numErrors": 1}
    return answer(body, 207 if missing else 200)


def list_groups(call: Call) -> Response:
    """GET /{objectType}/groups: all groups, no paging."""
    return answer({"results": [_group_json(group) for group in _properties(call).groups.values()]})


def create_group(call: Call) -> Response:
    """POST /{objectType}/groups: 201, the new group."""
    body, groups = call.body, _properties(call).groups
    body.require("name", "label")
    name = body.text("name") or ""
    if name in groups:
        raise ApiError(409, f"A property group named '{name}' already exists.", "OBJECT_ALREADY_EXISTS")
    groups[name] = PropertyGroup(name, body.text("label") or name, body.number("displayOrder", -1))
    return answer(_group_json(groups[name]), 201)


def definition_json(definition: PropertyDefinition) -> dict[str, Any]:
    """A definition's JSON, its members in HubSpot's order (W4.1)."""
    body: dict[str, Any] = {}
    if definition.updated is not None and definition.created is not None:
        body |= {"updatedAt": iso(definition.updated), "createdAt": iso(definition.created)}
    body |= {
        "name": definition.name,
        "label": definition.label,
        "type": definition.type,
        "fieldType": definition.field_type,
        "description": definition.description,
        "groupName": definition.group,
        "options": [_option_json(option) for option in definition.options],
    }
    if definition.referenced_object is not None:
        body["referencedObjectType"] = definition.referenced_object
    body |= {
        "displayOrder": definition.display_order,
        "calculated": definition.calculated,
        "externalOptions": definition.referenced_object is not None or definition.has_external_options,
    }
    if not definition.hubspot_defined:
        body["archived"] = False
    body |= {"hasUniqueValue": definition.unique, "hidden": definition.hidden}
    if definition.hubspot_defined:
        body["hubspotDefined"] = True
    body |= {
        "modificationMetadata": {
            "archivable": not definition.hubspot_defined,
            "readOnlyDefinition": definition.hubspot_defined,
            "readOnlyValue": definition.read_only,
        },
        "formField": definition.form_field,
        "dataSensitivity": "non_sensitive",
    }
    return body


def _option_json(option: Option) -> dict[str, Any]:
    return {
        "label": option.label,
        "value": option.value,
        "description": option.description,
        "displayOrder": option.display_order,
        "hidden": option.hidden,
    }


def _group_json(group: PropertyGroup) -> dict[str, Any]:
    return {"name": group.name, "label": group.label, "displayOrder": group.display_order, "archived": False}


def _properties(call: Call) -> Properties:
    return call.portal.properties[call.type]


def _create(call: Call, body: Body) -> PropertyDefinition:
    properties = _properties(call)
    body.require("name", "label", "type", "fieldType", "groupName")
    name = body.text("name") or ""
    if name in properties:
        raise ApiError(
            409,
            f"A property named '{name}' already exists.",
            "OBJECT_ALREADY_EXISTS",
            context={"name": [name]},
            sub_category="Properties.PROPERTY_WITH_NAME_EXISTS",
        )
    definition = read_definition(body, _group(properties, body.text("groupName") or ""), call.portal.clock.now)
    properties.put(definition)
    return definition


def read_definition(body: Body, group: str, now: int) -> PropertyDefinition:
    """The definition that a request describes, filed under *group*. Raises ApiError."""
    body.require("name", "label", "type", "fieldType")
    name, type, field_type = (body.text(key) or "" for key in ("name", "type", "fieldType"))
    if not NAME.fullmatch(name):
        raise invalid(
            f"The property name {name} is not valid: lower-case letters, digits and underscores, a letter first"
        )
    if field_type not in FIELD_TYPES.get(type, ()):
        raise invalid(f"The field type {field_type} does not go with the type {type}")
    options = _BOOL_OPTIONS if type == "bool" else _options(body)
    if type == "enumeration" and not options:
        raise invalid(f"The enumeration {name} needs options")
    return PropertyDefinition(
        name=name,
        label=body.text("label") or name,
        type=type,
        field_type=field_type,
        group=group,
        description=body.text("description") or "",
        options=options,
        display_order=body.number("displayOrder", -1),
        unique=body.data.get("hasUniqueValue") is True,
        hidden=body.data.get("hidden") is True,
        form_field=body.data.get("formField") is True,
        hubspot_defined=False,
        created=now,
        updated=now,
    )


def _group(properties: Properties, name: str) -> str:
    if name not in properties.groups:
        raise invalid(f"property group {name} does not exist")  # W4.8
    return name


def _options(body: Body) -> tuple[Option, ...]:
    """Options without a place of their own go last (W4.5)."""
    inputs = body.objects("options")
    for input in inputs:
        input.require("label", "value")
    return tuple(
        Option(
            value=input.text("value") or "",
            label=input.text("label") or "",
            display_order=input.number("displayOrder", number),
            hidden=input.data.get("hidden") is True,
            description=input.text("description") or "",
        )
        for number, input in enumerate(inputs)
    )


_READ, _WRITE = "crm.schemas.{objectType}.read", "crm.schemas.{objectType}.write"

ENDPOINTS = family(
    "/crm/v3/properties",
    "/crm/properties/{version}",
    ("GET", "/{objectType}", list_, _READ),
    ("POST", "/{objectType}", create, _WRITE),
    ("GET", "/{objectType}/groups", list_groups, _READ),
    ("POST", "/{objectType}/groups", create_group, _WRITE),
    ("POST", "/{objectType}/batch/read", batch_read, _READ),
    ("GET", "/{objectType}/{propertyName}", read, _READ),
    ("PATCH", "/{objectType}/{propertyName}", update, _WRITE),
    ("DELETE", "/{objectType}/{propertyName}", archive, _WRITE),
)
