"""Associations, version 3: types by their names, over the same links (W3.13).

Of a pair that has a Primary, `contact_to_company` is the Primary type and `contact_to_company_unlabeled` the
unlabelled one.
"""

from typing import Any

from hubtwin.api.associations import MAX_CREATE, MAX_PAGE, MAX_READ, batch, nothing_found, sorted_links
from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import ApiError, invalid, of_portal
from hubtwin.api.http import Response
from hubtwin.api.pairs import from_type, id_of, input_pair, inputs_of, pair_of, present, record_of, to_type
from hubtwin.api.rendering import record_json, shown
from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import PortalError
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record


def types(call: Call) -> Response:
    """GET …/types: the types of a pair, by id and name (W3.13)."""
    found = call.portal.associations.types(from_type(call), to_type(call))
    return answer({"results": [{"id": str(type.id), "name": _name(call, type)} for type in found]})


def batch_read(call: Call) -> Response:
    """POST …/batch/read: 207 where a record has none (W3.13.1)."""
    results, errors = [], []
    for input in inputs_of(call, MAX_READ):
        id = id_of(input)
        record = present(call, from_type(call), id)
        to = _links_json(call, record, to_type(call), 0) if record else []
        if to:
            results.append({"from": {"id": id}, "to": to})
        else:
            errors.append(nothing_found(from_type(call), to_type(call), id))
    return batch(call, results, errors, 200)


def batch_create(call: Call) -> Response:
    """POST …/batch/create: 201, each link in both directions; 207 where some can't be (W3.13)."""
    results: list[dict[str, Any]] = []
    errors = []
    for input, type in _inputs(call):
        try:
            record, other = input_pair(call, input)
            call.portal.associate(record, other, types=[type], source=call.source)
            results += _both_directions(call, record, other, type)
        except ApiError as error:
            errors.append(error.item({}))
        except PortalError as error:
            errors.append(of_portal(error, call.portal).item({}))
    return batch(call, results, errors, 201)


def batch_archive(call: Call) -> Response:
    """POST …/batch/archive: 204 (W3.13.2)."""
    for input, type in _inputs(call):
        record = present(call, from_type(call), id_of(input.object("from")))
        other = present(call, to_type(call), id_of(input.object("to")))
        _unlink(call, record, other, type)
    return nothing()


# -- one link ------------------------------------------------------------------------------------------------


def associate(call: Call) -> Response:
    """PUT …/associations/{toObjectType}/{toObjectId}/{associationType}: 200, the record with its links (W3.13.3)."""
    record, other = pair_of(call)
    type = _named(call, call.type, to_type(call), call.path["associationType"])
    call.portal.associate(record, other, types=[type], source=call.source)
    properties = shown(call.portal, record, ())
    return answer(record_json(call.portal, record, properties, associated=[other.type.name]))


def dissociate(call: Call) -> Response:
    """DELETE …/associations/{toObjectType}/{toObjectId}/{associationType}: 204, also where there is none (W3.13.2)."""
    type = _named(call, call.type, to_type(call), call.path["associationType"])
    record = present(call, call.type, call.path["objectId"])
    _unlink(call, record, present(call, to_type(call), call.path["toObjectId"]), type)
    return nothing()


def list_(call: Call) -> Response:
    """GET …/associations/{toObjectType}: an entry for each link and type of link, in pages (W3.13.3)."""
    record = record_of(call, call.type, call.path["objectId"])
    limit = call.number("limit", MAX_PAGE, most=MAX_PAGE)
    linked = sorted_links(call, record, to_type(call), call.after())
    after = linked[limit][0].id if len(linked) > limit else None
    rows = _links_json(call, record, to_type(call), call.after())
    body: dict[str, Any] = {"results": [row for row in rows if after is None or int(row["id"]) < after]}
    if after is not None:
        body["paging"] = {"next": {"after": str(after), "link": call.link(after=after)}}
    return answer(body)


# -- the call's parts ----------------------------------------------------------------------------------------


def _inputs(call: Call) -> list[tuple[Body, AssociationType]]:
    inputs = inputs_of(call, MAX_CREATE)
    for input in inputs:
        input.require("from", "to", "type")
        for end in ("from", "to"):
            id_of(input.object(end))
    pair = from_type(call), to_type(call)
    return [(input, _named(call, *pair, input.text("type") or "")) for input in inputs]


def _named(call: Call, from_type: ObjectType, to_type: ObjectType, word: str) -> AssociationType:
    """The type that *word* names, or numbers. Raises ApiError."""
    found = call.portal.associations.types(from_type, to_type)
    for type in found:
        if word.lower() in (_name(call, type), str(type.id)):
            return type
    names = ", ".join(_name(call, type) for type in found)
    raise invalid(f"{word} is not a valid association type from {from_type.name} to {to_type.name}: [{names}]")


def _unlink(call: Call, record: Record | None, other: Record | None, type: AssociationType) -> None:
    """Take a label off a link; without the unlabelled or the Primary type nothing of it is left."""
    if record is not None and other is not None:
        ids = None if type.is_default or type.is_primary else {type.id}
        call.portal.writes.dissociate(record, other, ids, call.source)


# -- answering -----------------------------------------------------------------------------------------------


def _name(call: Call, type: AssociationType) -> str:
    pair = f"{type.from_type}_to_{type.to_type}"
    if type.is_primary:
        return pair
    if type.is_default and _has_primary(call, type):
        return f"{pair}_unlabeled"
    return type.name.lower()


def _has_primary(call: Call, type: AssociationType) -> bool:
    portal = call.portal
    return portal.associations.primary(portal.type(type.from_type), portal.type(type.to_type)) is not None


def _links_json(call: Call, record: Record, type: ObjectType, after: int) -> list[dict[str, str]]:
    found = call.portal.associations.types(record.type, type)
    return [
        {"id": str(other.id), "type": _name(call, one)}
        for other, ids in sorted_links(call, record, type, after)
        for one in found
        if one.id in ids
    ]


def _both_directions(call: Call, record: Record, other: Record, type: AssociationType) -> list[dict[str, Any]]:
    inverse = call.portal.associations.inverse(type) or type
    return [
        {"from": {"id": str(one.id)}, "to": {"id": str(another.id)}, "type": _name(call, kind)}
        for one, another, kind in ((other, record, inverse), (record, other, type))
    ]


_READ, _WRITE = "crm.objects.{objectType}.read", "crm.objects.{objectType}.write"
_READ_PAIR, _WRITE_PAIR = "crm.objects.{fromObjectType}.read", "crm.objects.{fromObjectType}.write"

ENDPOINTS = (
    *family(
        "/crm/v3/associations/{fromObjectType}/{toObjectType}",
        None,
        ("GET", "/types", types, _READ_PAIR),
        ("POST", "/batch/read", batch_read, _READ_PAIR),
        ("POST", "/batch/create", batch_create, _WRITE_PAIR),
        ("POST", "/batch/archive", batch_archive, _WRITE_PAIR),
    ),
    *family(
        "/crm/v3/objects/{objectType}/{objectId}/associations/{toObjectType}",
        None,
        ("GET", "", list_, _READ),
        ("PUT", "/{toObjectId}/{associationType}", associate, _WRITE),
        ("DELETE", "/{toObjectId}/{associationType}", dissociate, _WRITE),
    ),
)
