"""Property definitions and their groups, versions 1 and 2, in each of the places that they had (W12.9.14)."""

from dataclasses import replace
from typing import Any

from hubtwin.api import properties
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.portal.properties import Properties, PropertyDefinition, PropertyGroup


def list_(call: Call) -> Response:
    """GET /properties: a plain list of all definitions."""
    return answer([definition_json(definition) for definition in _properties(call)])


def read(call: Call) -> Response:
    """GET /properties/named/{propertyName}: one definition."""
    return answer(definition_json(_properties(call).find(call.path["propertyName"])))


def create(call: Call) -> Response:
    """POST /properties: 200, the new definition; the same is asked of it as in version 3 (W4.7)."""
    properties.create(_as_version_3(call))
    return answer(definition_json(_properties(call).find(call.body.text("name") or "")))


def update(call: Call) -> Response:
    """PUT /properties/named/{propertyName}: 200, the definition."""
    properties.update(_as_version_3(call))
    return read(call)


def archive(call: Call) -> Response:
    """DELETE /properties/named/{propertyName}: 204."""
    return properties.archive(_as_version_3(call))


def list_groups(call: Call) -> Response:
    """GET /groups: a plain list of all groups; with `includeProperties`, what is filed under each."""
    found = _properties(call)
    groups = [_group_json(group) for group in found.groups.values()]
    if call.flag("includeProperties"):
        for body in groups:
            body["properties"] = [definition_json(one) for one in found if one.group == body["name"]]
    return answer(groups)


def create_group(call: Call) -> Response:
    """POST /groups: 200, the new group; 409 where there is one of its name."""
    body, groups = call.body, _properties(call).groups
    body.require("name")
    name = body.text("name") or ""
    if name in groups:
        raise LegacyError(409, f"Group '{name}' already exists.")
    groups[name] = PropertyGroup(name, body.text("displayName") or name, body.number("displayOrder", -1))
    return answer(_group_json(groups[name]))


def update_group(call: Call) -> Response:
    """PUT /groups/named/{groupName}: 200, the group."""
    body, present = call.body, _group(call)
    label, order = body.text("displayName") or present.label, body.number("displayOrder", present.display_order)
    changed = replace(present, label=label, display_order=order)
    _properties(call).groups[present.name] = changed
    return answer(_group_json(changed))


def archive_group(call: Call) -> Response:
    """DELETE /groups/named/{groupName}: 204; 400 where something is filed under it."""
    group, found = _group(call), _properties(call)
    if any(definition.group == group.name for definition in found):
        raise invalid(f"The group '{group.name}' has properties and can't be deleted")
    del found.groups[group.name]
    return Response(204, (), b"")


def definition_json(definition: PropertyDefinition) -> dict[str, Any]:
    """A definition as versions 1 and 2 show it."""
    body: dict[str, Any] = {
        "name": definition.name,
        "label": definition.label,
        "description": definition.description,
        "groupName": definition.group,
        "type": definition.type,
        "fieldType": definition.field_type,
        "hidden": definition.hidden,
        "options": [
            {
                "label": option.label,
                "value": option.value,
                "description": option.description,
                "displayOrder": option.display_order,
                "hidden": option.hidden,
            }
            for option in definition.options
        ],
        "deleted": False,
        "displayOrder": definition.display_order,
        "formField": definition.form_field,
        "readOnlyValue": definition.read_only,
        "readOnlyDefinition": definition.hubspot_defined,
        "mutableDefinitionNotDeletable": False,
        "calculated": definition.calculated,
        "externalOptions": definition.referenced_object is not None or definition.has_external_options,
        "displayMode": "current_value",
        "hubspotDefined": definition.hubspot_defined,
    }
    if definition.created is not None and definition.updated is not None:
        body |= {"createdAt": definition.created, "updatedAt": definition.updated}
    return body


def _group_json(group: PropertyGroup) -> dict[str, Any]:
    return {"name": group.name, "displayName": group.label, "displayOrder": group.display_order}


def _word(call: Call) -> str:
    """The object type's name, which the oldest paths begin with."""
    return call.path.get("objectType") or call.request.path.lstrip("/").partition("/")[0]


def _properties(call: Call) -> Properties:
    return call.portal.properties[call.portal.type(_word(call))]


def _group(call: Call) -> PropertyGroup:
    group = _properties(call).groups.get(call.path["groupName"])
    if group is None:
        raise LegacyError(404, f"Couldn't find a Property Group with the given name '{call.path['groupName']}'")
    return group


def _as_version_3(call: Call) -> Call:
    return replace(call, path={**call.path, "objectType": _word(call)})


def _family(path: str, word: str) -> tuple[Endpoint, ...]:
    reading, writing = f"crm.schemas.{word}.read", f"crm.schemas.{word}.write"
    return operations(
        path,
        ("GET", "/properties", list_, reading),
        ("POST", "/properties", create, writing),
        ("GET", "/properties/named/{propertyName}", read, reading),
        ("PUT", "/properties/named/{propertyName}", update, writing),
        ("DELETE", "/properties/named/{propertyName}", archive, writing),
        ("GET", "/groups", list_groups, reading),
        ("POST", "/groups", create_group, writing),
        ("PUT", "/groups/named/{groupName}", update_group, writing),
        ("DELETE", "/groups/named/{groupName}", archive_group, writing),
    )


ENDPOINTS = (
    *_family("/properties/v1/{objectType}", "{objectType}"),
    *_family("/properties/v2/{objectType}", "{objectType}"),
    *_family("/contacts/v2", "contacts"),
    *_family("/companies/v2", "companies"),
    *_family("/deals/v1", "deals"),
)
