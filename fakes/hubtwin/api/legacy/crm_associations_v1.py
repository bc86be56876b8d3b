"""Associations, version 1: links by the numeric ids of association types, one at a time or in batches (W12.9.8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from hubtwin.api.bodies import Body, read_list
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy import engagements_v1
from hubtwin.api.legacy.errors import LegacyError, invalid_associations, operations
from hubtwin.api.legacy.pages import offset, page_by_id, size
from hubtwin.api.legacy.records import look
from hubtwin.portal.associations import AssociationType, defaults
from hubtwin.portal.ids import as_id
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record

CATEGORY = "HUBSPOT_DEFINED"
PAGE = MAX_PAGE = 100
MAX_BATCH = 100

#: Definitions of their own stand for a record's engagements, of whatever type: record → engagement, and back.
_ENGAGEMENTS = {7: "company", 9: "contact", 11: "deal", 17: "ticket"}
_OF_ENGAGEMENTS = {id + 1: singular for id, singular in _ENGAGEMENTS.items()}


@dataclass(frozen=True, slots=True)
class Definition:
    """One direction of a link: what it may lead from and to; *type* is None for engagements."""

    from_types: Sequence[ObjectType]
    to_types: Sequence[ObjectType]
    type: AssociationType | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and the definition that they are to be linked by."""

    record: Record
    other: Record
    type: AssociationType | None


def associate(call: Call) -> Response:
    """PUT /associations: 204."""
    return _associate(call, [call.body])


def batch_associate(call: Call) -> Response:
    """PUT /associations/create-batch: 204; one bad pair refuses all of them."""
    return _associate(call, read_list(call.request.body))


def dissociate(call: Call) -> Response:
    """PUT /associations/delete: 204, also where there is no such link."""
    return _dissociate(call, [call.body])


def batch_dissociate(call: Call) -> Response:
    """PUT /associations/delete-batch: 204, unknown ids included."""
    return _dissociate(call, read_list(call.request.body))


def list_(call: Call) -> Response:
    """GET /associations/{objectId}/HUBSPOT_DEFINED/{definitionId}: the ids of the records at the other end."""
    definition = _definition(call.portal, call.path["definitionId"])
    record = _record(call.portal, definition.from_types, call.path["objectId"])
    others = [] if record is None else sorted(_linked(call.portal, record, definition), key=lambda one: one.id)
    page = page_by_id(others, offset(call), size(call, "limit", PAGE, MAX_PAGE))
    return answer({"results": [one.id for one in page.records], "hasMore": page.more, "offset": page.offset})


def _associate(call: Call, inputs: Sequence[Body]) -> Response:
    pairs = [_pair(call.portal, input) for input in _limited(inputs)]
    for pair in pairs:
        types = () if pair.type is None else (pair.type,)
        call.portal.associate(pair.record, pair.other, types=types, source=call.source)
    return nothing()


def _dissociate(call: Call, inputs: Sequence[Body]) -> Response:
    """A label goes alone, the link itself with all its labels (our model)."""
    for pair in [found for input in _limited(inputs) if (found := _known_pair(call.portal, input)) is not None]:
        if pair.type is None or pair.type.is_default or pair.type.is_primary:
            call.portal.dissociate(pair.record, pair.other, source=call.source)
        else:
            call.portal.writes.dissociate(pair.record, pair.other, {pair.type.id}, call.source)
    return nothing()


# -- finding -------------------------------------------------------------------------------------------------


def _definition(portal: Portal, text: str) -> Definition:
    """The definition with this id. Raises LegacyError."""
    id = as_id(text)
    engagements = tuple(engagements_v1.TYPES.values())
    if id in _ENGAGEMENTS:
        return Definition([portal.type(_ENGAGEMENTS[id])], engagements, None)
    if id in _OF_ENGAGEMENTS:
        return Definition(engagements, [portal.type(_OF_ENGAGEMENTS[id])], None)
    type = next((type for type in defaults() if type.id == id), None)
    if type is None:
        raise invalid(f"{CATEGORY}={text} is not a valid association definition id")
    return Definition([portal.type(type.from_type)], [portal.type(type.to_type)], type)


def _record(portal: Portal, types: Sequence[ObjectType], id: str) -> Record | None:
    return next((record for type in types if (record := look(portal, type, id)) is not None), None)


def _linked(portal: Portal, record: Record, definition: Definition) -> Iterator[Record]:
    links = chain.from_iterable(portal.associations.of(record, type).items() for type in definition.to_types)
    return (other for other, ids in links if definition.type is None or definition.type.id in ids)


def _pair(portal: Portal, input: Body) -> Pair:
    """The pair that an input names. Raises LegacyError, ApiError."""
    input.require("fromObjectId", "toObjectId", "category", "definitionId")
    if input.text("category") != CATEGORY:
        raise invalid(f"The category must be {CATEGORY}, not {input.text('category')}")
    definition = _definition(portal, input.text("definitionId") or "")
    record, other = (
        _end(portal, types, input.text(name) or "")
        for types, name in ((definition.from_types, "fromObjectId"), (definition.to_types, "toObjectId"))
    )
    if record is other:
        raise invalid_associations(f"Object {record.id} cannot be associated to itself ({record.id})")
    return Pair(record, other, definition.type)


def _known_pair(portal: Portal, input: Body) -> Pair | None:
    try:
        return _pair(portal, input)
    except LegacyError as error:
        if "errors" in error.members:  # ids that don't exist
            return None
        raise


def _end(portal: Portal, types: Sequence[ObjectType], id: str) -> Record:
    record = _record(portal, types, id)
    if record is None:
        word = types[0].singular.upper() if len(types) == 1 else "ENGAGEMENT"
        raise invalid_associations(f"{word}={id} is not valid")
    return record


def _limited(inputs: Sequence[Body]) -> Sequence[Body]:
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    return inputs


_READ, _WRITE = "crm.objects.contacts.read", "crm.objects.contacts.write"

ENDPOINTS = operations(
    "/crm-associations/v1/associations",
    ("PUT", "", associate, _WRITE),
    ("PUT", "/create-batch", batch_associate, _WRITE),
    ("PUT", "/delete", dissociate, _WRITE),
    ("PUT", "/delete-batch", batch_dissociate, _WRITE),
    ("GET", "/{objectId}/HUBSPOT_DEFINED/{definitionId}", list_, _READ),
)
