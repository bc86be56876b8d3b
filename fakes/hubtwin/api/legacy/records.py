"""Records as old requests name them: by numeric ids, with their values as rows of a name and a value (W12.9)."""

from collections.abc import Iterable, Sequence
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call
from hubtwin.api.errors import RESOURCE_NOT_FOUND
from hubtwin.api.legacy.errors import LegacyError, invalid_associations
from hubtwin.portal.ids import as_id
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.portal.values import Scalar
from hubtwin.portal.writes import Change, Claims, Link


def look(portal: Portal, type: ObjectType, id: str) -> Record | None:
    """The record with this id, None where there is none."""
    return portal.records[type].get(as_id(id))


def find(call: Call, type: ObjectType, id: str, message: str = RESOURCE_NOT_FOUND) -> Record:
    """The record with this id. Raises LegacyError with *message*."""
    record = look(call.portal, type, id)
    if record is None:
        raise LegacyError(404, message)
    return record


def linked(call: Call, type: ObjectType, ids: Iterable[Any]) -> list[Link]:
    """The records with these ids, each to be linked by the default type; nulls are left out. Raises LegacyError."""
    links: list[Link] = []
    for id in ids:
        if id is None:
            continue
        record = look(call.portal, type, str(id))
        if record is None:
            raise invalid_associations(f"{type.singular.upper()}={id} is not valid")
        links.append((record, ()))
    return links


def associated_ids(portal: Portal, record: Record, type: ObjectType) -> list[int]:
    """The ids of the records of a type that *record* is linked with, ascending."""
    return sorted(other.id for other in portal.associations.of(record, type))


def values(body: Body, key: str) -> dict[str, Scalar]:
    """The rows of `properties`, each a property's name under *key* and a `value`. Raises ApiError."""
    return rows(body.objects("properties"), key)


def rows(bodies: Iterable[Body], key: str) -> dict[str, Scalar]:
    """Rows of a property's name under *key* and a `value`; the last one of a name counts. Raises ApiError."""
    found: dict[str, Any] = {}
    for row in bodies:
        row.require(key)
        found[row.text(key) or ""] = row.data.get("value")
    return Body({"properties": found}, b"").properties()


def updates(call: Call, type: ObjectType, inputs: Sequence[Body]) -> list[Change]:
    """The changes that a batch of `objectId` and `properties` asks for, all checked. Raises ApiError, PortalError."""
    claims: Claims = set()
    changes = []
    for input in inputs:
        input.require("objectId")
        record = find(call, type, input.text("objectId") or "")
        changes.append(call.portal.writes.check(record, values(input, "name"), call.source, None, claims))
    return changes


def part(body: Body, name: str) -> Body:
    """An object inside the body, an empty one where there is none. Raises ApiError."""
    return Body({}, b"") if body.data.get(name) is None else body.object(name)
