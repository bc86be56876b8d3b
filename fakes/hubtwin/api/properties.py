"""Property definitions (W4)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import OBJECT_NOT_FOUND, RESOURCE_NOT_FOUND, ApiError, of_portal
from hubtwin.api.http import Response
from hubtwin.portal.errors import PortalError
from hubtwin.portal.moments import iso
from hubtwin.portal.properties import Option, Properties, PropertyDefinition
from hubtwin.portal.property_changes import check


def list_(call: Call) -> Response:
    """GET /{objectType}: all definitions, no paging (W4.1); those of one sensitivity (W4.6.1)."""
    properties, names = _properties(call), call.names("properties")
    sensitivity = call.text("dataSensitivity") or "non_sensitive"
    found = properties.archived if call.flag("archived") else properties
    shown = [one for one in found if one.sensitivity == sensitivity and (not names or one.name in names)]
    return answer({"results": [definition_json(definition) for definition in shown]})


def read(call: Call) -> Response:
    """GET /{objectType}/{propertyName}: one definition (W4.1)."""
    properties, name = _properties(call), call.path["propertyName"]
    definition = properties.get_archived(name) if call.flag("archived") else properties.get(name)
    if definition is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(definition_json(definition))


def create(call: Call) -> Response:
    """POST /{objectType}: 201, the new definition (W4.1)."""
    call.body.require("name", "label", "type", "fieldType", "groupName")
    definition = _definition(call.body, call.body.text("groupName") or "", call.portal.clock.now)
    return answer(definition_json(call.portal.property_changes.create(call.type, definition)), 201)


def update(call: Call) -> Response:
    """PATCH /{objectType}/{propertyName}: what the body names; options are replaced as a whole (W4.5)."""
    body, present = call.body, _properties(call).find(call.path["propertyName"])
    changed = replace(
        present,
        label=body.text("label") or present.label,
        type=body.text("type") or present.type,
        field_type=body.text("fieldType") or present.field_type,
        group=body.text("groupName") or present.group,
        description=body.text("description", present.description) or "",
        options=options_of(body) if body.data.get("options") is not None else present.options,
        display_order=body.number("displayOrder", present.display_order),
        hidden=body.flag("hidden", present.hidden),
        form_field=body.flag("formField", present.form_field),
        updated=call.portal.clock.now,
    )
    call.portal.property_changes.update(call.type, changed)
    return answer(definition_json(changed))


def archive(call: Call) -> Response:
    """DELETE /{objectType}/{propertyName}: 204. HubSpot's own properties stay, and those in use (W4.9.1)."""
    call.portal.property_changes.archive(call.type, call.path["propertyName"])
    return nothing()


# -- batches -------------------------------------------------------------------------------------------------


def batch_create(call: Call) -> Response:
    """POST /{objectType}/batch/create: 201, or 207 where some can't be made (W4.6.2)."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    for input in inputs:
        input.require("name", "label", "type", "fieldType", "groupName")
    wanted = [_definition(input, input.text("groupName") or "", call.portal.clock.now) for input in inputs]
    made, errors = [], []
    for definition in wanted:
        try:
            made.append(call.portal.property_changes.create(call.type, definition))
        except PortalError as error:
            errors.append(of_portal(error, call.portal).item({"name": [definition.name]}))
    dates = ("updatedAt", "createdAt")  # which these results don't have
    results = [{key: value for key, value in definition_json(one).items() if key not in dates} for one in made]
    return _batch(call, results, errors, 201)


def batch_read(call: Call) -> Response:
    """POST /{objectType}/batch/read: 207 where some names don't exist."""
    properties, names = _properties(call), _names(call)
    get = properties.get_archived if call.body.flag("archived", False) else properties.get
    found = {name: definition for name in names if (definition := get(name)) is not None}
    missing = [name for name in names if name not in found]
    error = {
        "status": "error",
        "category": OBJECT_NOT_FOUND,
        "message": "Could not get some properties, they may not exist.",
        "context": {"name": missing},
    }
    return _batch(call, [definition_json(found[name]) for name in found], [error] if missing else [], 200)


def batch_archive(call: Call) -> Response:
    """POST /{objectType}/batch/archive: 204; all or none, and unknown names don't matter (W4.6.3)."""
    properties, changes = _properties(call), call.portal.property_changes
    names = [name for name in dict.fromkeys(_names(call)) if name in properties]
    for name in names:
        changes.check_archive(call.type, name)
    for name in names:
        changes.archive(call.type, name)
    return nothing()


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
    if definition.archived is not None:
        body |= {"archived": True, "archivedAt": iso(definition.archived)}
    elif not definition.hubspot_defined:
        body["archived"] = False
    body |= {"hasUniqueValue": definition.unique, "hidden": definition.hidden}
    if definition.hubspot_defined:
        body["hubspotDefined"] = True
    body |= {
        "modificationMetadata": _modification_json(definition),
        "formField": definition.form_field,
        "dataSensitivity": definition.sensitivity,
    }
    return body


def _modification_json(definition: PropertyDefinition) -> dict[str, bool]:
    """What can be changed; about options, where HubSpot's own property has some (W4.9.2)."""
    own = not definition.hubspot_defined
    body = {"archivable": own, "readOnlyDefinition": not own}
    if definition.hubspot_defined and definition.type == "enumeration":
        body["readOnlyOptions"] = definition.has_read_only_options
    return {**body, "readOnlyValue": definition.read_only}


def _option_json(option: Option) -> dict[str, Any]:
    return {
        "label": option.label,
        "value": option.value,
        "description": option.description,
        "displayOrder": option.display_order,
        "hidden": option.hidden,
    }


def _properties(call: Call) -> Properties:
    return call.portal.properties[call.type]


def _names(call: Call) -> list[str]:
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    for input in inputs:
        input.require("name")
    return [input.text("name") or "" for input in inputs]


def _batch(call: Call, results: Sequence[Any], errors: Sequence[Any], success: int) -> Response:
    now = iso(call.portal.clock.now)
    body: dict[str, Any] = {"completedAt": now, "status": "COMPLETE", "startedAt": now, "results": results}
    if errors:
        body |= {"errors": errors, "numErrors": len(errors)}
    return answer(body, 207 if errors else success)


def read_definition(body: Body, group: str, now: int) -> PropertyDefinition:
    """The definition that a request describes, filed under *group*. Raises ApiError, InvalidDefinition."""
    definition = _definition(body, group, now)
    check(definition)
    return definition


def _definition(body: Body, group: str, now: int) -> PropertyDefinition:
    body.require("name", "label", "type", "fieldType")
    is_external = body.flag("externalOptions", False)
    if is_external:
        body.require("referencedObjectType")
    return PropertyDefinition(
        name=body.text("name") or "",
        label=body.text("label") or "",
        type=body.text("type") or "",
        field_type=body.text("fieldType") or "",
        group=group,
        description=body.text("description") or "",
        options=options_of(body),
        display_order=body.number("displayOrder", -1),
        unique=body.flag("hasUniqueValue", False),
        hidden=body.flag("hidden", False),
        form_field=body.flag("formField", False),
        hubspot_defined=False,
        referenced_object=body.text("referencedObjectType") if is_external else None,
        created=now,
        updated=now,
        sensitivity=body.text("dataSensitivity") or "non_sensitive",
    )


def options_of(body: Body) -> tuple[Option, ...]:
    """Options without a place of their own go last (W4.5)."""
    inputs = body.objects("options")
    for input in inputs:
        input.require("label", "value")
    return tuple(
        Option(
            value=input.text("value") or "",
            label=input.text("label") or "",
            display_order=input.number("displayOrder", number),
            hidden=input.flag("hidden", False),
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
    ("POST", "/{objectType}/batch/create", batch_create, _WRITE),
    ("POST", "/{objectType}/batch/archive", batch_archive, _WRITE),
    ("POST", "/{objectType}/batch/read", batch_read, _READ),
    ("GET", "/{objectType}/{propertyName}", read, _READ),
    ("PATCH", "/{objectType}/{propertyName}", update, _WRITE),
    ("DELETE", "/{objectType}/{propertyName}", archive, _WRITE),
)
