"""The pairs of records that requests about associations name (W3)."""

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call
from hubtwin.api.errors import VALIDATION_ERROR, ApiError, invalid, not_found
from hubtwin.portal.ids import as_id
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

INVALID_IDENTIFIER = "crm.associations.INVALID_IDENTIFIER"


def from_type(call: Call) -> ObjectType:
    """The object type that links start at, in the paths of batches and labels."""
    return call.portal.type(call.path["fromObjectType"])


def to_type(call: Call) -> ObjectType:
    """The object type that links lead to."""
    return call.portal.type(call.path["toObjectType"])


def record_of(call: Call, type: ObjectType, id: str) -> Record:
    """The record with this id. Raises ApiError: 400 for what can't be an id, 404 for one that nobody has (W3.10.1)."""
    if not as_id(id):
        raise ApiError(400, f"{id} is not a valid ID", VALIDATION_ERROR, sub_category=INVALID_IDENTIFIER)
    record = call.portal.records[type].get(as_id(id))
    if record is None:
        raise not_found(id)
    return record


def present(call: Call, type: ObjectType, id: str) -> Record | None:
    """The record with this id, None where there is none, whatever the id looks like."""
    return call.portal.records[type].get(as_id(id))


def pair_of(call: Call) -> tuple[Record, Record]:
    """The two records that a path names. Raises ApiError."""
    record = record_of(call, call.type, call.path["objectId"])
    return _different(record, record_of(call, to_type(call), call.path["toObjectId"]))


def input_pair(call: Call, input: Body) -> tuple[Record, Record]:
    """The two records that one input of a batch names. Raises ApiError."""
    from_id, to_id = id_of(input.object("from")), id_of(input.object("to"))
    return _different(record_of(call, from_type(call), from_id), record_of(call, to_type(call), to_id))


def inputs_of(call: Call, most: int) -> list[Body]:
    """The inputs of a batch, *most* at most (W3.11). Raises ApiError."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > most:
        raise invalid(f"A batch takes {most} inputs at most, not {len(inputs)}")
    return inputs


def id_of(body: Body) -> str:
    """The id that an object holds. Raises ApiError."""
    body.require("id")
    return body.text("id") or ""


def _different(record: Record, other: Record) -> tuple[Record, Record]:
    if record is other:
        raise invalid(f"Object {record.id} cannot be associated to itself ({record.id})")  # W3.10
    return record, other
