"""Schemas of custom objects (W6.3)."""

from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.properties import definition_json, read_definition
from hubtwin.portal.associations import AssociationType
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.schemas import Schema


def list_(call: Call) -> Response:
    """GET /: the portal's own types, no paging."""
    archived = call.flag("archived")
    found = [schema for schema in call.portal.schemas if schema.is_archived == archived]
    return answer({"results": [_schema_json(call.portal, schema) for schema in found]})


def create(call: Call) -> Response:
    """POST /: 201, the schema; its objects can be used at once."""
    body = call.body
    body.require("name", "labels", "properties", "requiredProperties", "associatedObjects")
    name, now = body.text("name") or "", call.portal.clock.now
    definitions = [read_definition(one, f"{name}_information", now) for one in body.objects("properties")]
    schema = call.portal.schemas.create(
        name,
        _labels(body.object("labels")),
        definitions,
        required=body.texts("requiredProperties"),
        searchable=body.texts("searchableProperties"),
        primary_display=body.text("primaryDisplayProperty"),
        secondary_display=body.texts("secondaryDisplayProperties"),
        associated_objects=body.texts("associatedObjects"),
        description=body.text("description") or "",
    )
    return answer(_schema_json(call.portal, schema), 201)


def read(call: Call) -> Response:
    """GET /{objectType}: also for HubSpot's own types."""
    schema = call.portal.schemas.find(call.path["objectType"])
    if schema is None:
        return answer(_standard_json(call.portal, call.type))
    return answer(_schema_json(call.portal, schema))


def update(call: Call) -> Response:
    """PATCH /{objectType}: 200, the definition without its properties."""
    schema, body = _own(call), call.body
    call.portal.schemas.update(
        schema,
        labels=_labels(body.object("labels")) if "labels" in body.data else schema.labels,
        description=body.text("description", schema.description) or "",
        required=body.texts("requiredProperties") if "requiredProperties" in body.data else schema.required,
        searchable=body.texts("searchableProperties") if "searchableProperties" in body.data else schema.type.searched,
        primary_display=body.text("primaryDisplayProperty", schema.primary_display),
        secondary_display=body.texts("secondaryDisplayProperties")
        if "secondaryDisplayProperties" in body.data
        else schema.secondary_display,
    )
    return answer(_definition_json(schema))


def archive(call: Call) -> Response:
    """DELETE /{objectType}: 204, once all records are gone; archived=true frees the name as well."""
    call.portal.schemas.archive(_own(call), purge=call.flag("archived"))
    return nothing()


def associate(call: Call) -> Response:
    """POST /{objectType}/associations: 201, the new association type."""
    schema, body = _own(call), call.body
    body.require("fromObjectTypeId", "toObjectTypeId")
    if call.portal.type(body.text("fromObjectTypeId") or "") is not schema.type:
        raise invalid(f"fromObjectTypeId must be {schema.type.id}")
    other = call.portal.type(body.text("toObjectTypeId") or "")
    return answer(_association_json(call.portal, call.portal.schemas.associate(schema, other, body.text("name"))), 201)


def dissociate(call: Call) -> Response:
    """DELETE /{objectType}/associations/{associationId}: 204, again and again."""
    call.portal.schemas.dissociate(_own(call), as_id(call.path["associationId"]))
    return nothing()


def _own(call: Call) -> Schema:
    schema = call.portal.schemas.find(call.path["objectType"])
    if schema is None:
        raise invalid(f"{call.type.name} are HubSpot's own; their schema can't be changed")
    return schema


def _labels(body: Body) -> dict[str, str]:
    return {form: text for form in ("singular", "plural") if (text := body.text(form))}


def _schema_json(portal: Portal, schema: Schema) -> dict[str, Any]:
    return {
        **_definition_json(schema),
        "properties": [definition_json(definition) for definition in portal.properties[schema.type]],
        # an archived type has none any more
        "associations": []
        if schema.is_archived
        else [_association_json(portal, t) for t in schema.associations.values()],
    }


def _definition_json(schema: Schema) -> dict[str, Any]:
    return {
        "labels": dict(schema.labels),
        "description": schema.description,
        "requiredProperties": list(schema.required),
        "searchableProperties": list(schema.type.searched),
        "primaryDisplayProperty": schema.primary_display,
        "secondaryDisplayProperties": list(schema.secondary_display),
        "archived": schema.is_archived,
        "id": schema.type.id.removeprefix("2-"),
        "objectTypeId": schema.type.id,
        "fullyQualifiedName": schema.qualified_name,
        "name": schema.type.name,
        "createdAt": iso(schema.created),
        "updatedAt": iso(schema.updated),
    }


def _standard_json(portal: Portal, type: ObjectType) -> dict[str, Any]:
    return {
        "labels": portal.schemas.labels(type),
        "requiredProperties": [names[0] for names in type.required],
        "searchableProperties": list(type.searched),
        "primaryDisplayProperty": next(iter(type.searched), "hs_object_id"),
        "secondaryDisplayProperties": [],
        "archived": False,
        "id": type.id,
        "metaType": "HUBSPOT",
        "objectTypeId": type.id,
        "fullyQualifiedName": type.singular.upper(),
        "name": type.singular.upper(),
        "properties": [definition_json(definition) for definition in portal.properties[type]],
        "associations": [
            _association_json(portal, association)
            for other in portal.types
            for association in portal.associations.types(type, other)
        ],
    }


def _association_json(portal: Portal, type: AssociationType) -> dict[str, Any]:
    return {
        "id": str(type.id),
        "name": type.name.lower(),
        "fromObjectTypeId": portal.type(type.from_type).id,
        "toObjectTypeId": portal.type(type.to_type).id,
    }


_READ, _WRITE = "crm.schemas.custom.read", "crm.schemas.custom.write"
_OPERATIONS = (
    ("GET", "", list_, _READ),
    ("POST", "", create, _WRITE),
    ("GET", "/{objectType}", read, _READ),
    ("PATCH", "/{objectType}", update, _WRITE),
    ("DELETE", "/{objectType}", archive, _WRITE),
    ("POST", "/{objectType}/associations", associate, _WRITE),
    ("DELETE", "/{objectType}/associations/{associationId}", dissociate, _WRITE),
)

ENDPOINTS = (
    *family("/crm-object-schemas/v3/schemas", "/crm-object-schemas/{version}/schemas", *_OPERATIONS),
    *family("/crm/v3/schemas", None, *_OPERATIONS),
)
