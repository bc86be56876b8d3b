"""CRM objects, version 1: tickets, products and line items, and the other types alike (W12.9.7)."""

from typing import Any, TypeVar

from hubtwin.api.bodies import Body, read_any, read_list
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import operations
from hubtwin.api.legacy.pages import offset, page_by_id, size
from hubtwin.api.legacy.records import find, look, rows, updates
from hubtwin.api.legacy.rendering import properties_json
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.portal.values import Scalar

PAGE = MAX_PAGE = 100
MAX_BATCH = 100

Input = TypeVar("Input")


def create(call: Call) -> Response:
    """POST /{objectType}: 200, the new record, from a list of names and values."""
    record = call.portal.create(call.type, rows(read_list(call.request.body), "name"), source=call.source)
    return answer(object_json(call.portal, record))


def read(call: Call) -> Response:
    """GET /{objectType}/{objectId}: 200, with the properties that are asked for and no others (F6.2)."""
    record = find(call, call.type, call.path["objectId"])
    return answer(object_json(call.portal, record, call.names("properties"), call.names("propertiesWithHistory")))


def update(call: Call) -> Response:
    """PUT /{objectType}/{objectId}: 200, the record, from a list of names and values."""
    record = find(call, call.type, call.path["objectId"])
    call.portal.update(record, rows(read_list(call.request.body), "name"), source=call.source)
    return answer(object_json(call.portal, record))


def archive(call: Call) -> Response:
    """DELETE /{objectType}/{objectId}: 204."""
    call.portal.archive(find(call, call.type, call.path["objectId"]), source=call.source)
    return nothing()


def list_(call: Call) -> Response:
    """GET /{objectType}/paged: ascending ids, with the properties that are asked for and no others (W12.9.3)."""
    page = page_by_id(call.portal.records[call.type], offset(call), size(call, "limit", PAGE, MAX_PAGE))
    names, with_history = call.names("properties"), call.names("propertiesWithHistory")
    objects = [object_json(call.portal, record, names, with_history) for record in page.records]
    return answer({"objects": objects, "hasMore": page.more, "offset": page.offset})


def batch_create(call: Call) -> Response:
    """POST /{objectType}/batch-create: 200, the new records, each from a list of names and values."""
    batch = read_any(call.request.body)
    if not isinstance(batch, list):
        raise invalid("The body must be a list of lists of names and values")
    inputs = [_rows(input) for input in _limited(batch)]
    changes = [call.portal.writes.check_new(call.type, sent, call.source) for sent in inputs]
    created = [call.portal.writes.apply(change).record for change in changes]
    return answer([object_json(call.portal, record) for record in created])


def batch_read(call: Call) -> Response:
    """POST /{objectType}/batch-read: 200, the records that exist, each under its id."""
    names, with_history = call.names("properties"), call.names("propertiesWithHistory")
    found = [look(call.portal, call.type, id) for id in _limited(call.body.texts("ids"))]
    return answer({str(one.id): object_json(call.portal, one, names, with_history) for one in found if one is not None})


def batch_update(call: Call) -> Response:
    """POST /{objectType}/batch-update: 204; one bad record refuses all of them (W12.9.4)."""
    for change in updates(call, call.type, _limited(read_list(call.request.body))):
        call.portal.writes.apply(change)
    return nothing()


def batch_archive(call: Call) -> Response:
    """POST /{objectType}/batch-delete: 204, unknown ids included."""
    for id in _limited(call.body.texts("ids")):
        record = look(call.portal, call.type, id)
        if record is not None:
            call.portal.archive(record, source=call.source)
    return nothing()


def object_json(
    portal: Portal, record: Record, names: list[str] | None = None, with_history: list[str] | None = None
) -> dict[str, Any]:
    """A record with the properties called *names*, or with all that are set."""
    return {
        "objectType": record.type.singular.upper(),
        "portalId": portal.configuration.account.id,
        "objectId": record.id,
        "properties": properties_json(portal, record, names, with_history or ()),
        "version": 1,
        "isDeleted": record.archived is not None,
    }


def _rows(input: Any) -> dict[str, Scalar]:
    return rows(Body({"": input}, b"").objects(""), "name")


def _limited(inputs: list[Input]) -> list[Input]:
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    return inputs


_READ, _WRITE = "crm.objects.{objectType}.read", "crm.objects.{objectType}.write"

ENDPOINTS = operations(
    "/crm-objects/v1/objects/{objectType}",
    ("POST", "", create, _WRITE),
    ("GET", "/paged", list_, _READ),
    ("POST", "/batch-create", batch_create, _WRITE),
    ("POST", "/batch-read", batch_read, _READ),
    ("POST", "/batch-update", batch_update, _WRITE),
    ("POST", "/batch-delete", batch_archive, _WRITE),
    ("GET", "/{objectId}", read, _READ),
    ("PUT", "/{objectId}", update, _WRITE),
    ("DELETE", "/{objectId}", archive, _WRITE),
)
