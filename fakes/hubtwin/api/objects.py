"""CRM records: create, read, list, update, archive, and the same in batches (W2.4)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import (
    BAD_ASSOCIATIONS,
    NOTHING_TO_UPDATE,
    RESOURCE_NOT_FOUND,
    VALIDATION_ERROR,
    ApiError,
    invalid,
    not_found,
    of_portal,
    some_not_found,
)
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.api.rendering import Properties, everything, record_json, shown, touched
from hubtwin.portal import merging
from hubtwin.portal.errors import PortalError, UnknownObjectType
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.writes import Change, Claims, Link

MAX_PAGE = 100
MAX_PAGE_WITH_HISTORY = 50
MAX_BATCH = 100


# -- one record ----------------------------------------------------------------------------------------------


def create(call: Call) -> Response:
    """POST /{objectType}: 201, with all set and calculated properties (W2.3)."""
    change = _new(call, call.type, call.body, None)
    record = call.portal.writes.apply(change).record
    return answer(_traced(call, record, everything(record), call.body), 201)


def read(call: Call) -> Response:
    """GET /{objectType}/{objectId}: 200, the default properties or those that were asked for (W2.3)."""
    record = _find(call, call.path["objectId"], call.text("idProperty"), archived=call.flag("archived"))
    return answer(_read_json(call, record))


def update(call: Call) -> Response:
    """PATCH /{objectType}/{objectId}: 200, with what changed (W2.3)."""
    record = _find(call, call.path["objectId"], call.text("idProperty"))
    values = call.body.properties()
    if not values:
        raise invalid(NOTHING_TO_UPDATE)  # F2.9
    outcome = call.portal.writes.apply(call.portal.writes.check(record, values, call.source))
    return answer(_traced(call, record, touched(record, outcome, values), call.body))


def archive(call: Call) -> Response:
    """DELETE /{objectType}/{objectId}: 204, also where there is no such record (W2.4)."""
    records, id = call.portal.records[call.type], call.path["objectId"]
    record = records.get(as_id(id))
    if record is not None:
        call.portal.archive(record, source=call.source)
    return nothing()


def list_(call: Call) -> Response:
    """GET /{objectType}: ascending ids; `after` is the next id, and no `paging` ends the list (W2.4)."""
    records = call.portal.records[call.type]
    most = MAX_PAGE_WITH_HISTORY if call.names("propertiesWithHistory") else MAX_PAGE
    limit, after = call.number("limit", 10, most=most), call.after()
    binned = (record for record in records.archived if record.id >= after)
    found = binned if call.flag("archived") else records.starting_at(after)
    return answer(page(call, ((str(record.id), _read_json(call, record)) for record in found), limit))


def merge(call: Call) -> Response:
    """POST /{objectType}/merge: 200, the third record that both become (W2.4.7)."""
    primary, other = (_by_id(call, _required(call.body, name)) for name in ("primaryObjectId", "objectIdToMerge"))
    record = merging.merge(call.portal, primary, other)
    return answer(record_json(call.portal, record, everything(record)))


def gdpr_delete(call: Call) -> Response:
    """POST /contacts/gdpr-delete: 204, by id or address, known or not (W2.4.8)."""
    if call.type is not CONTACTS:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    id, property = _required(call.body, "objectId"), call.body.text("idProperty")
    record = _look(call, call.type, id, property) or _look(call, call.type, id, property, archived=True)
    if record is not None:
        merging.forget(call.portal, record, call.source)
    return nothing()


# -- batches -------------------------------------------------------------------------------------------------


def batch_create(call: Call) -> Response:
    """POST /batch/create: all or nothing, unless every input has a trace id; then 207 with the errors."""
    type, inputs = call.type, _inputs(call)
    claims: Claims = set()
    if not (inputs and all(input.text("objectWriteTraceId") for input in inputs)):
        with _worded_for_batch(call):
            changes = [(input, _new(call, type, input, claims)) for input in inputs]
        return _applied(call, changes, [], 201)
    good: list[tuple[Body, Change]] = []
    errors: list[dict[str, Any]] = []
    for input in inputs:
        try:
            good.append((input, _new(call, type, input, claims)))
        except (ApiError, PortalError) as error:
            errors.append(_traced_error(call, error, input))
    return _applied(call, good, errors, 201)


def batch_read(call: Call) -> Response:
    """POST /batch/read: 207 where some ids don't exist (W2.7)."""
    type, property = call.type, call.body.text("idProperty")
    requested = call.body.texts("properties")
    with_history = call.body.texts("propertiesWithHistory")
    ids = [_required(input, "id") for input in _inputs(call)]
    found = {id: _look(call, type, id, property, archived=call.flag("archived")) for id in ids}
    results = [
        record_json(call.portal, record, shown(call.portal, record, requested), with_history)
        for record in found.values()
        if record is not None
    ]
    missing = [id for id, record in found.items() if record is None]
    return _batch(call, results, [some_not_found(type, missing)] if missing else [])


def batch_update(call: Call) -> Response:
    """POST /batch/update: one bad property refuses all; unknown ids make it a 207 (W2.7)."""
    type, inputs = call.type, _inputs(call)
    ids = [_required(input, "id") for input in inputs]
    _refuse_duplicates(ids)
    found = [
        (input, _look(call, type, id, _unique_property(call, type, input.text("idProperty"))))
        for id, input in zip(ids, inputs, strict=True)
    ]
    claims: Claims = set()
    with _worded_for_batch(call):
        changes = [(input, _changed(call, record, input, claims)) for input, record in found if record is not None]
    missing = [id for id, (_, record) in zip(ids, found, strict=True) if record is None]
    return _applied(call, changes, [some_not_found(type, missing)] if missing else [], 200)


def batch_upsert(call: Call) -> Response:
    """POST /batch/upsert: by the value of a unique property; results say whether they are `new` (W2.4)."""
    type, inputs = call.type, _inputs(call)
    ids = [_required(input, "id") for input in inputs]
    _refuse_duplicates(ids)
    claims: Claims = set()
    with _worded_for_batch(call):
        changes = [(input, _upserted(call, type, id, input, claims)) for id, input in zip(ids, inputs, strict=True)]
    return _applied(call, changes, [], 200, upsert=True)


def batch_archive(call: Call) -> Response:
    """POST /batch/archive: 204, unknown ids included."""
    records = call.portal.records[call.type]
    for id in [_required(input, "id") for input in _inputs(call)]:
        record = records.get(as_id(id))
        if record is not None:
            call.portal.archive(record, source=call.source)
    return nothing()


# -- finding -------------------------------------------------------------------------------------------------


def _find(call: Call, id: str, property: str | None, *, archived: bool = False) -> Record:
    type = call.type
    record = _look(call, type, id, _unique_property(call, type, property), archived=archived)
    if record is None:
        raise ApiError(404, RESOURCE_NOT_FOUND) if property else not_found(id)
    return record


def _look(call: Call, type: ObjectType, id: str, property: str | None, *, archived: bool = False) -> Record | None:
    records = call.portal.records[type]
    if property is None or property == "hs_object_id":
        return records.get(as_id(id), archived=archived)
    found = records.having(property, id.strip().lower() if property == "email" else id)  # W2.6
    return found[0] if found else None


def _by_id(call: Call, id: str) -> Record:
    record = _look(call, call.type, id, None)
    if record is None:
        raise not_found(id)
    return record


def _unique_property(call: Call, type: ObjectType, property: str | None) -> str | None:
    """The property to look a record up by; only unique ones can be (W2.4)."""
    if property is None or (property == "hs_object_id" and call.request.method == "GET"):
        return None
    definition = call.portal.properties[type].get(property)
    if definition is None or not definition.unique:
        account = call.portal.configuration.account.id
        operation = "upsert" if call.request.path.rstrip("/").endswith("upsert") else "update"
        raise invalid(
            f"Unable to perform {operation} by non-unique {type.id} property {property} in portal ID {account}"
        )
    return property


# -- checking ------------------------------------------------------------------------------------------------


def _new(call: Call, type: ObjectType, body: Body, claims: Claims | None) -> Change:
    links = [_link(call, type, link) for link in body.objects("associations")]
    return call.portal.writes.check_new(type, body.properties(), call.source, None, links, claims)


def _link(call: Call, type: ObjectType, body: Body) -> Link:
    """An association that a new record asks for; a bad one refuses the creation (W2.7.12)."""
    id = _required(body.object("to"), "id")
    body.require("types")
    types = [
        call.portal.associations.get(spec.text("associationCategory") or "", spec.number("associationTypeId", 0), type)
        for spec in body.objects("types")
    ]
    if not types:
        raise invalid(BAD_ASSOCIATIONS)
    try:
        other = call.portal.type(types[0].to_type)
        record = call.portal.records[other].get(as_id(id))
    except UnknownObjectType:
        record = None
    if record is None:
        word = types[0].to_type.upper()
        context = {"INVALID_OBJECT_IDS": [f"{word}={id} is not valid"], "objectId": [id], "objectType": [word]}
        raise ApiError(400, BAD_ASSOCIATIONS, VALIDATION_ERROR, context=context)
    return record, types


def _changed(call: Call, record: Record, body: Body, claims: Claims) -> Change:
    return call.portal.writes.check(record, body.properties(), call.source, None, claims)


def _upserted(call: Call, type: ObjectType, id: str, body: Body, claims: Claims) -> Change:
    """An update of the record whose unique property is *id*, or its creation."""
    property = _unique_property(call, type, _required(body, "idProperty"))
    assert property is not None  # noqa: S101  only a GET may look up by hs_object_id
    record = _look(call, type, id, property)
    if record is not None:
        return _changed(call, record, body, claims)
    return call.portal.writes.check_new(type, {property: id, **body.properties()}, call.source, None, (), claims)


@contextmanager
def _worded_for_batch(call: Call) -> Iterator[None]:
    """Errors inside a batch are worded a little differently (W2.7)."""
    try:
        yield
    except PortalError as error:
        raise of_portal(error, call.portal, in_batch=True) from None


def _inputs(call: Call) -> list[Body]:
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    return inputs


def _required(body: Body, name: str) -> str:
    body.require(name)
    return body.text(name) or ""


def _refuse_duplicates(ids: Sequence[str]) -> None:
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        message = f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique"
        raise ApiError(400, message, VALIDATION_ERROR, context={"ids": twice})


# -- answering -----------------------------------------------------------------------------------------------


def _read_json(call: Call, record: Record) -> dict[str, Any]:
    return record_json(
        call.portal,
        record,
        shown(call.portal, record, call.names("properties")),
        call.names("propertiesWithHistory"),
        call.names("associations"),
    )


def _traced(call: Call, record: Record, properties: Properties, body: Body) -> dict[str, Any]:
    """A record's JSON, with the trace id that the caller sent (F6.4)."""
    rendered = record_json(call.portal, record, properties)
    trace = body.text("objectWriteTraceId")
    return rendered if trace is None else {**rendered, "objectWriteTraceId": trace}


def _traced_error(call: Call, error: ApiError | PortalError, input: Body) -> dict[str, Any]:
    worded = error if isinstance(error, ApiError) else of_portal(error, call.portal, in_batch=True)
    context = {"objectWriteTraceId": [input.text("objectWriteTraceId") or ""]}
    existing = getattr(error, "existing", None)
    return worded.item(context if existing is None else {**context, "existingId": [str(existing)]})


def _applied(
    call: Call,
    changes: Sequence[tuple[Body, Change]],
    errors: Sequence[dict[str, Any]],
    success: int,
    *,
    upsert: bool = False,
) -> Response:
    results = []
    for body, change in changes:
        outcome = call.portal.writes.apply(change)
        record, is_new = outcome.record, change.record is None
        properties = everything(record) if is_new else touched(record, outcome, change.values)
        rendered = _traced(call, record, properties, body)
        results.append({**rendered, "new": is_new} if upsert else rendered)
    return _batch(call, results, errors, success)


def _batch(
    call: Call, results: Sequence[dict[str, Any]], errors: Sequence[dict[str, Any]], success: int = 200
) -> Response:
    now = iso(call.portal.clock.now)
    body: dict[str, Any] = {"completedAt": now, "status": "COMPLETE", "startedAt": now, "results": results}
    if errors:
        body |= {"errors": errors, "numErrors": len(errors)}
    return answer(body, 207 if errors else success)


_READ, _WRITE = "crm.objects.{objectType}.read", "crm.objects.{objectType}.write"

ENDPOINTS = family(
    "/crm/v3/objects/{objectType}",
    "/crm/objects/{version}/{objectType}",
    ("GET", "", list_, _READ),
    ("POST", "", create, _WRITE),
    ("GET", "/{objectId}", read, _READ),
    ("PATCH", "/{objectId}", update, _WRITE),
    ("DELETE", "/{objectId}", archive, _WRITE),
    ("POST", "/merge", merge, _WRITE),
    ("POST", "/gdpr-delete", gdpr_delete, _WRITE),
    ("POST", "/batch/create", batch_create, _WRITE),
    ("POST", "/batch/read", batch_read, _READ),
    ("POST", "/batch/update", batch_update, _WRITE),
    ("POST", "/batch/upsert", batch_upsert, _WRITE),
    ("POST", "/batch/archive", batch_archive, _WRITE),
)
