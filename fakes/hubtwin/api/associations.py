"""Associations, version 4 and the dated versions (W3)."""

from collections.abc import Iterable, Sequence
from typing import Any

from hubtwin.api.bodies import Body, read_list
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import OBJECT_NOT_FOUND, VALIDATION_ERROR, ApiError, invalid, of_portal
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.api.pairs import (
    INVALID_IDENTIFIER,
    from_type,
    id_of,
    input_pair,
    inputs_of,
    pair_of,
    present,
    record_of,
    to_type,
)
from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import PortalError
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

MAX_PAGE = 500

#: How many inputs batches take, and from how many records one batch may unlink others (W3.11).
MAX_READ = 1_000
MAX_CREATE = 2_000
MAX_ARCHIVE = 100


def associate_default(call: Call) -> Response:
    """PUT …/associations/default/{toObjectType}/{toObjectId}: 200, both directions listed (W3.3)."""
    record, other = pair_of(call)
    call.portal.associate(record, other, source=call.source)
    return batch(call, _both_directions(call, record, other), [], 200)


def associate(call: Call) -> Response:
    """PUT …/associations/{toObjectType}/{toObjectId}, a list of types: 201, the pair's labels (W3.4)."""
    record, other = pair_of(call)
    types = _types(call, record.type, other.type, read_list(call.request.body))
    _replace(call, record, other, types)
    return answer(_labels_json(call, record, other), 201)


def list_(call: Call) -> Response:
    """GET …/associations/{toObjectType}: 200, also where there are none (W3.6)."""
    record = record_of(call, call.type, call.path["objectId"])
    limit = call.number("limit", MAX_PAGE, most=MAX_PAGE)
    links = sorted_links(call, record, to_type(call), call.after())
    return answer(page(call, ((str(other.id), _link_json(call, record, other, ids)) for other, ids in links), limit))


def dissociate(call: Call) -> Response:
    """DELETE …/associations/{toObjectType}/{toObjectId}: 204, all labels, also where there are none (W3.9)."""
    record = present(call, call.type, call.path["objectId"])
    other = present(call, to_type(call), call.path["toObjectId"])
    if record is not None and other is not None:
        call.portal.dissociate(record, other, source=call.source)
    return nothing()


# -- batches -------------------------------------------------------------------------------------------------


def batch_read(call: Call) -> Response:
    """POST …/batch/read: 207 where a record has none; long lists come in pages (W3.7, W3.7.1)."""
    results, errors = [], []
    for input in inputs_of(call, MAX_READ):
        id, after = id_of(input), input.text("after") or "0"
        record = present(call, from_type(call), id)
        linked = sorted_links(call, record, to_type(call), as_id(after)) if record else []
        if not as_id(id):
            errors.append(_invalid_id(id))
        elif record is None or not linked:
            errors.append(nothing_found(from_type(call), to_type(call), id))
        else:
            results.append(_page_json(call, record, linked))
    return batch(call, results, errors, 200)


def batch_create(call: Call) -> Response:
    """POST …/batch/create: pairs with the types they are to have; 207 where some can't be (W3.8, W3.10.1)."""
    made, errors = [], []
    wanted = [(input, types_of(call, input.objects("types"))) for input in inputs_of(call, MAX_CREATE)]
    for input, types in wanted:
        try:
            record, other = input_pair(call, input)
            call.portal.associate(record, other, types=types, source=call.source)
            made.append(_labels_json(call, record, other))
        except ApiError as error:
            errors.append(error.item({}))
        except PortalError as error:
            errors.append(of_portal(error, call.portal).item({}))
    return batch(call, made, errors, 201)


def batch_associate_default(call: Call) -> Response:
    """POST …/batch/associate/default: 200 (W3.8)."""
    pairs = [input_pair(call, input) for input in inputs_of(call, MAX_CREATE)]
    for record, other in pairs:
        call.portal.associate(record, other, source=call.source)
    return batch(call, [row for pair in pairs for row in _both_directions(call, *pair)], [], 200)


def batch_archive(call: Call) -> Response:
    """POST …/batch/archive: 204 (W3.8)."""
    inputs = [(id_of(input.object("from")), input.objects("to")) for input in inputs_of(call, MAX_CREATE)]
    if len({id for id, _ in inputs}) > MAX_ARCHIVE:
        raise invalid(f"A batch takes {MAX_ARCHIVE} records to unlink from at most")
    pairs = [(id, id_of(to)) for id, others in inputs for to in others]
    for id, to_id in pairs:
        record, other = present(call, from_type(call), id), present(call, to_type(call), to_id)
        if record is not None and other is not None:
            call.portal.dissociate(record, other, source=call.source)
    return nothing()


def batch_archive_labels(call: Call) -> Response:
    """POST …/batch/labels/archive: 204; without the unlabelled type nothing of a link is left (W3.8.1)."""
    inputs = [
        (id_of(input.object("from")), id_of(input.object("to")), types_of(call, input.objects("types")))
        for input in inputs_of(call, MAX_CREATE)
    ]
    for id, to_id, types in inputs:
        record, other = present(call, from_type(call), id), present(call, to_type(call), to_id)
        if record is not None and other is not None:
            ids = None if any(type.is_default for type in types) else {type.id for type in types}
            call.portal.writes.dissociate(record, other, ids, call.source)
    return nothing()


# -- the call's parts ----------------------------------------------------------------------------------------


def types_of(call: Call, specs: Sequence[Body]) -> list[AssociationType]:
    """The association types that an input of a batch names. Raises InvalidAssociation, ApiError."""
    return _types(call, from_type(call), to_type(call), specs)


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


def sorted_links(call: Call, record: Record, type: ObjectType, after: int) -> list[tuple[Record, set[int]]]:
    """The links of a record with those of another type, from the id *after* on, by ascending id."""
    linked = call.portal.associations.of(record, type).items()
    return sorted(((other, ids) for other, ids in linked if other.id >= after), key=lambda item: item[0].id)


def _page_json(call: Call, record: Record, linked: Sequence[tuple[Record, set[int]]]) -> dict[str, Any]:
    to = [_link_json(call, record, other, ids) for other, ids in linked[:MAX_PAGE]]
    body: dict[str, Any] = {"from": {"id": str(record.id)}, "to": to}
    if len(linked) > MAX_PAGE:
        body["paging"] = {"next": {"after": str(linked[MAX_PAGE][0].id)}}
    return body


def _invalid_id(id: str) -> dict[str, Any]:
    error = ApiError(400, f"{id} is not a valid ID", VALIDATION_ERROR, sub_category=INVALID_IDENTIFIER)
    return error.item({"fromObjectId": [id]})


def nothing_found(from_type: ObjectType, to_type: ObjectType, id: str) -> dict[str, Any]:
    """The error of a batch of which a record has no links (W3.7)."""
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


def batch(call: Call, results: Sequence[Any], errors: Sequence[Any], success: int) -> Response:
    """The answer to a batch, its members in the order that associations have (W3.3)."""
    now = iso(call.portal.clock.now)
    body: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
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
        ("POST", "/batch/read", batch_read, _READ_PAIR),
        ("POST", "/batch/create", batch_create, _WRITE_PAIR),
        ("POST", "/batch/associate/default", batch_associate_default, _WRITE_PAIR),
        ("POST", "/batch/archive", batch_archive, _WRITE_PAIR),
        ("POST", "/batch/labels/archive", batch_archive_labels, _WRITE_PAIR),
    ),
)
