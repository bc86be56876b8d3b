"""The groups that properties are filed under (W4.8)."""

from typing import Any

import orjson

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, of_portal
from hubtwin.api.http import Response
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.properties import PropertyGroup


def list_(call: Call) -> Response:
    """GET /{objectType}/groups: all groups, no paging."""
    return answer({"results": [_group_json(group) for group in call.portal.properties[call.type].groups.values()]})


def create(call: Call) -> Response:
    """POST /{objectType}/groups: 201, the new group."""
    body = call.body
    body.require("name", "label")
    group = PropertyGroup(body.text("name") or "", body.text("label") or "", body.number("displayOrder", -1))
    call.portal.property_changes.create_group(call.type, group)
    return answer(_group_json(group), 201)


def read(call: Call) -> Response:
    """GET /{objectType}/groups/{groupName}: one group."""
    return answer(_group_json(_group(call)))


def update(call: Call) -> Response:
    """PATCH /{objectType}/groups/{groupName}: its label and its place (W4.8.3)."""
    present, body = _group(call), call.body
    changed = PropertyGroup(
        present.name,
        body.text("label") or present.label,
        body.number("displayOrder", present.display_order),
    )
    call.portal.property_changes.update_group(call.type, changed)
    return answer(_group_json(changed))


def delete(call: Call) -> Response:
    """DELETE /{objectType}/groups/{groupName}: 204; not while properties are in it (W4.8.2)."""
    try:
        call.portal.property_changes.delete_group(call.type, _group(call).name)
    except InvalidDefinition as error:
        refused = of_portal(error, call.portal)
        inner = {"status": "error", "message": refused.message, "category": refused.category}
        nested = orjson.dumps({**inner, "subCategory": refused.sub_category}).decode()
        raise ApiError(400, nested, refused.category, sub_category=refused.sub_category) from None
    return nothing()


def _group(call: Call) -> PropertyGroup:
    group = call.portal.properties[call.type].groups.get(call.path["groupName"])
    if group is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return group


def _group_json(group: PropertyGroup) -> dict[str, Any]:
    return {"name": group.name, "label": group.label, "displayOrder": group.display_order, "archived": False}


_READ, _WRITE = "crm.schemas.{objectType}.read", "crm.schemas.{objectType}.write"

ENDPOINTS = family(
    "/crm/v3/properties/{objectType}/groups",
    "/crm/properties/{version}/{objectType}/groups",
    ("GET", "", list_, _READ),
    ("POST", "", create, _WRITE),
    ("GET", "/{groupName}", read, _READ),
    ("PATCH", "/{groupName}", update, _WRITE),
    ("DELETE", "/{groupName}", delete, _WRITE),
)
