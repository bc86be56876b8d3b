"""Associations, version 4 and the dated versions (W3)."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from hubtwin.api.bodies import Body, read_list
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import OBJECT_NOT_FOUND, VALIDATION_ERROR, ApiError, not_found
from hubtwin.api.http import Response
from hubtwin.portal.associations import AssociationType
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

MAX_PAGE = 500


def associate_default(call: Call) -> Response:
    """PUT …/associations/default/{toObjectType}/{toObjectId}: 200, both directions listed (W3.3)."""
    record, other = _pair(call)
    call.portal.associate(record, other, source=call.source)
    return answer(_envelope(call, _both_directions(call, record, other)))


def associate(call: Call) -> Response:
    """PUT …/associations/{toObjectType}/{toObjectId}, a list of types: 201, the pair's labels (W3.4)."""
    record, other = _pair(call)
    types = _types(call, record.type, other.type, read_list(call.request.body))
    _replace(call, record, other, types)
    return answer(_labels_json(call, record, other), 201)


def list_(call: Call) -> Response:
    """GET …/associations/{toObjectType}: 200, also where there are none (W3.6)."""
    record, to_type = _record(call, call.type, call.path["objectId"]), _to_type(call)
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    linked = sorted(call.portal.associations.of(record, to_type).items(), key=lambda item: item[0].id)
    page = list(islice(((other, ids) for other, ids in linked if other.id >= after), limit + 1))
    body: dict[str, Any] = {"results": [_link_json(call, record, other, ids) for other, ids in page[:limit]]}
    if len(page) > limit:
        following = str(page[limit][0].id)
        body["paging"] = {"next": {"after": following, "link": call.link(after=following)}}
    return answer(body)


def dissociate(call: Call) -> Response:
    """DELETE …/associations/{toObjectType}/{toObjectId}: 204, all labels, also where there are none (W3.9)."""
    records, others = call.portal.records[call.type], call.portal.records[_to_type(call)]
    id, to_id = call.path["objectId"], call.path["toObjectId"]
    record = records.get(int(id)) if id.isdecimal() else None
    other = others.get(int(to_id)) if to_id.isdecimal() else None
    if record is not None and other is not None:
        call.portal.dissociate(record, other, source=call.source)
    return nothing()


def labels(call: Call) -> Response:
    """GET …/{fromObjectType}/{toObjectType}/labels: the unlabelled type has the label null (W3.12)."""
    types = call.portal.associations.types(_from_type(call), _to_type(call))
    return answer({"results": [{"category": t.category, "typeId": t.id, "label": t.label} for t in types]})


# -- batches -------------------------------------------------------------------------------------------------


def batch_read(call: Call) -> Response:
    """POST …/batch/read: 207 where a record has none (W3.7)."""
    from_type, to_type = _from_type(call), _to_type(call)
    results, errors = [], []
    for input in _inputs(call):
        id = _id(input)
        record = call.portal.records[from_type].get(int(id)) if id.isdecimal() else None
        linked = call.portal.associations.of(record, to_type) if record else {}
        if record is None or not linked:
            errors.append(_nothing_found(from_type, to_type, id))
            continue
        to = [_link_json(call, record, other, linked[other]) for other in sorted(linked, key=lambda o: o.id)]
        results.append({"from": {"id": id}, "to": to})
    return _batch(call, results, errors, 200)


def batch_create(call: Call) -> Response:
    """POST …/batch/create: pairs with the types they are to have; checked whole before any is made (W3.8)."""
    from_type, to_type = _from_type(call), _to_type(call)
    pairs = [
        (*_input_pair(call, input), _types(call, from_type, to_type, input.objects("types"))) for input in _inputs(call)
    ]
    for record, other, types in pairs:
        call.portal.associate(record, other, types=types, source=call.source)
    return _batch(call, [_labels_json(call, record, other) for record, other, _ in pairs], [], 201)


def batch_associate_default(call: Call) -> Response:
    """POST …/batch/associate/default: 200 (W3.8)."""
    pairs = [_input_pair(call, input) for input in _inputs(call)]
    for record, other in pairs:
        call.portal.associate(record, other, source=call.source)
    return _batch(call, [row for pair in pairs for row in _both_directions(call, *pair)], [], 200)


def batch_archive(call: Call) -> Response:
    """POST …/batch/archive: 204 (W3.8)."""
    from_type, to_type = _from_type(call), _to_type(call)
    for input in _inputs(call):
        id = _id(input.object("from"))
        record = call.portal.records[from_type].get(int(id)) if id.isdecimal() else None
        for to in input.objects("to"):
            to_id = _id(to)
            other = call.portal.records[to_type].get(int(to_id)) if to_id.isdecimal() else None
            if record is not None and other is not None:
                call.portal.dissociate(record, other, source=call.source)
    return nothing()


# -- the call's parts ----------------------------------------------------------------------------------------


def _from_type(call: Call) -> ObjectType:
    return call.portal.type(call.path["fromObjectType"])


def _to_type(call: Call) -> ObjectType:
    return call.portal.type(call.path["toObjectType"])


def _record(call: Call, type: ObjectType, id: str) -> Record:
    record = call.portal.records[type].get(int(id)) if id.isdecimal() else None
    if record is None:
        raise not_found(id)
    return record


def _pair(call: Call) -> tuple[Record, Record]:
    record = _record(call, call.type, call.path["objectId"])
    return _different(record, _record(call, _to_type(call), call.path["toObjectId"]))


def _input_pair(call: Call, input: Body) -> tuple[Record, Record]:
    from_id, to_id = _id(input.object("from")), _id(input.object("to"))
    return _different(_record(call, _from_type(call), from_id), _record(call, _to_type(call), to_id))


def _different(record: Record, other: Record) -> tuple[Record, Record]:
    if record is other:
        message = f"Object {record.id} cannot be associated to itself ({record.id})"
        raise ApiError(400, message, VALIDATION_ERROR)  # W3.10
    return record, other


def _id(body: Body) -> str:
    body.require("id")
    return body.text("id") or ""


def _inputs(call: Call) -> list[Body]:
    call.body.require("inputs")
    return call.body.objects("inputs")


def _types(call: Call, from_type: ObjectType, to_type: ObjectType, specs: Sequence[Body]) -> list[AssociationType]:
    """The association types that a request names. Raises InvalidAssociation, ApiError."""
    types = []
    for spec in specs:
        spec.require("associationCategory", "associationTypeId")
        category, id = spec.text("associationCategory") or "", spec.number("associationTypeId", 0)
        type = call.portal.associations.get(category, id, from_type)
        if type.to_type != to_type.singular:
            message = f"{category}={id} is invalid to object type {to_type.id}. expected: {type.to_type}"
            raise ApiError(400, message, VALIDATION_ERROR)
        types.append(type)
    return types


def _replace(call: Call, record: Record, other: Record, types: Sequence[AssociationType]) -> None:
    """A labelled PUT replaces the pair's labels; the unlabelled type is always there (W3.4)."""
    present = call.portal.associations.of(record, other.type).get(other, set())
    kept = {type.id for type in types} | {call.portal.associations.default(record.type, other.type).id}
    primary = call.portal.associations.primary(record.type, other.type)
    surplus = present - kept - ({primary.id} if primary else set())
    if surplus:
        call.portal.writes.dissociate(record, other, surplus, call.source)
    call.portal.associate(record, other, types=types, source=call.source)


# -- answering -----------------------------------------------------------------------------------------------


def _both_directions(call: Call, record: Record, other: Record) -> list[dict[str, Any]]:
    associations = call.portal.associations
    return [
        {
            "from": {"id": str(one.id)},
            "to": {"id": str(another.id)},
            "associationSpec": {"associationCategory": type.category, "associationTypeId": type.id},
        }
        for one, another in ((record, other), (other, record))
        for type in (associations.default(one.type, another.type),)
    ]


def _labels_json(call: Call, record: Record, other: Record) -> dict[str, Any]:
    ids = call.portal.associations.of(record, other.type).get(other, set())
    types = call.portal.associations.types(record.type, other.type)
    return {
        "fromObjectTypeId": record.type.id,
        "fromObjectId": record.id,
        "toObjectTypeId": other.type.id,
        "toObjectId": other.id,
        "labels": [type.label for type in types if type.id in ids and type.label],
    }


def _link_json(call: Call, record: Record, other: Record, ids: Iterable[int]) -> dict[str, Any]:
    """A link as lists show it; the other record's id is a number on the wire (W3.6)."""
    types = call.portal.associations.types(record.type, other.type)
    return {
        "toObjectId": other.id,
        "associationTypes": [
            {"category": type.category, "typeId": type.id, "label": type.label} for type in types if type.id in set(ids)
        ],
    }


def _nothing_found(from_type: ObjectType, to_type: ObjectType, id: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": OBJECT_NOT_FOUND,
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {to_type.singular} is associated with {from_type.singular} {id}.",
        "context": {
            "fromObjectId": [id],
            "fromObjectType": [from_type.singular],
            "toObjectType": [to_type.singular],
        },
    }


def _envelope(call: Call, results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    now = iso(call.portal.clock.now)
    return {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}


def _batch(call: Call, results: Sequence[dict[str, Any]], errors: Sequence[dict[str, Any]], success: int) -> Response:
    body = _envelope(call, results)
    if errors:
        body |= {"errors": errors, "numErrors": len(errors)}
    return answer(body, 207 if errors else success)


_READ, _WRITE = "crm.objects.{objectType}.read", "crm.objects.{objectType}.write"
_READ_PAIR, _WRITE_PAIR = "crm.objects.{fromObjectType}.read", "crm.objects.{fromObjectType}.write"

ENDPOINTS = (
    *family(
        "/crm/v4/objects/{objectType}/{objectId}/associations",
        "/crm/objects/{version}/{objectType}/{objectId}/associations",
        ("PUT", "/default/{toObjectType}/{toObjectId}", associate_default, _WRITE),
        ("PUT", "/{toObjectType}/{toObjectId}", associate, _WRITE),
        ("DELETE", "/{toObjectType}/{toObjectId}", dissociate, _WRITE),
        ("GET", "/{toObjectType}", list_, _READ),
    ),
    *family(
        "/crm/v4/associations/{fromObjectType}/{toObjectType}",
        "/crm/associations/{version}/{fromObjectType}/{toObjectType}",
        ("GET", "/labels", labels, _READ_PAIR),
        ("POST", "/batch/read", batch_read, _READ_PAIR),
        ("POST", "/batch/create", batch_create, _WRITE_PAIR),
        ("POST", "/batch/associate/default", batch_associate_default, _WRITE_PAIR),
        ("POST", "/batch/archive", batch_archive, _WRITE_PAIR),
    ),
)
