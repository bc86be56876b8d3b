"""Exports of records as CSV (W6.6)."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hubtwin.api import search
from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.exports import Export, Table
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import MINUTE, iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record

#: How long the URL of a result works (W6.6.3).
URL_LASTS = 5 * MINUTE

_REQUIRED = ("exportType", "format", "exportName", "objectProperties", "objectType")
_STATUS = {"ENQUEUED": "PENDING", "PROCESSING": "PROCESSING", "DONE": "COMPLETE", "FAILED": "CANCELED"}


def start(call: Call) -> Response:
    """POST /async: 202 with the id of the task and where its status is."""
    body = call.body
    body.require(*_REQUIRED)
    kind, format = body.text("exportType"), body.text("format")
    if kind not in ("VIEW", "LIST"):
        raise invalid(f"exportType is {kind}; it can be VIEW or LIST")
    if format != "CSV":
        raise invalid(f"format is {format}; HubTwin writes CSV only")
    export = call.portal.exports.start(body.text("exportName") or "", _table(call, body), kind=kind)
    path = f"{call.request.path.rstrip('/')}/tasks/{export.id}/status"
    return answer({"id": str(export.id), "links": {"status": call.url(path, {}).rstrip("?")}}, 202)


def status(call: Call) -> Response:
    """GET /async/tasks/{taskId}/status: PENDING, PROCESSING, then COMPLETE with the URL of the result."""
    export = _find(call, call.path["taskId"])
    body: dict[str, Any] = {
        "status": _STATUS[export.state],
        "requestedAt": iso(export.created),
        "startedAt": iso(export.started or export.created),
        "completedAt": iso(export.updated),
    }
    return answer({**body, "result": _result(call, export)} if export.state == "DONE" else body)


def read(call: Call) -> Response:
    """GET /{exportId}: what was asked for, and how far it has come."""
    export = _find(call, call.path["exportId"])
    body: dict[str, Any] = {
        "id": str(export.id),
        "exportName": export.name,
        "exportState": export.state,
        "exportType": export.kind,
        "objectType": export.table.type.singular.upper(),
        "objectProperties": list(export.table.properties),
        "createdAt": iso(export.created),
        "updatedAt": iso(export.updated),
    }
    return answer({**body, "recordCount": export.records} if export.state == "DONE" else body)


def download(call: Call) -> Response:
    """GET /{portalId}/{exportId}: the table, as long as the URL lasts; the signature stands for a token."""
    export, expires = _find(call, call.path["exportId"]), call.text("expires") or ""
    account = call.portal.configuration.account.id
    is_ours = expires.isdecimal() and call.text("signature") == _signature(account, export, expires)
    if not is_ours or int(expires) < call.portal.clock.now:
        raise ApiError(403, "The URL of the export has expired or is not one that its status gave out", "FORBIDDEN")
    headers = (
        ("content-type", "text/csv;charset=utf-8"),
        ("content-disposition", f'attachment; filename="export-{export.id}.csv"'),
    )
    return Response(200, headers, (export.content or "").encode())


def _find(call: Call, id: str) -> Export:
    try:
        return call.portal.exports.find(as_id(id))
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def _table(call: Call, body: Body) -> Table:
    type = call.portal.type(body.text("objectType") or "")
    properties = body.texts("objectProperties")
    unknown = [name for name in properties if name not in call.portal.properties[type]]
    if unknown:
        raise invalid(f"{type.name} have no properties called {', '.join(unknown)}")
    records = _members(call, body, type) if body.text("exportType") == "LIST" else _viewed(call, body, type)
    internal = body.texts("exportInternalValuesOptions")
    return Table(
        type, properties, records, _associated(call, body), names="NAMES" in internal, values="VALUES" in internal
    )


def _viewed(call: Call, body: Body, type: ObjectType) -> Callable[[], Sequence[Record]]:
    request = Body({}, b"")
    if body.data.get("publicCrmSearchRequest") is not None:
        request = body.object("publicCrmSearchRequest")
    search.matching(call.portal, type, request)  # what makes no sense is refused now, not when the export is made
    return partial(_matching, call.portal, type, request)


def _matching(portal: Portal, type: ObjectType, request: Body) -> Sequence[Record]:
    try:
        return search.matching(portal, type, request)
    except ApiError as error:
        raise Refused(error.message) from None


def _members(call: Call, body: Body, type: ObjectType) -> Callable[[], Sequence[Record]]:
    body.require("listId")
    id = body.text("listId") or ""
    try:
        found = call.portal.lists.find(as_id(id))
    except UnknownName as error:
        raise invalid(str(error)) from None
    if found.type is not type:
        raise invalid(f"List {id} holds {found.type.name}, not {type.name}")
    return partial(list, found)


def _associated(call: Call, body: Body) -> list[ObjectType]:
    """One type up to 2025-09, a list of them since."""
    given = body.data.get("associatedObjectType")
    words = body.texts("associatedObjectType") if isinstance(given, list) else [body.text("associatedObjectType") or ""]
    return [call.portal.type(word) for word in words if word]


def _result(call: Call, export: Export) -> str:
    account = call.portal.configuration.account.id
    expires = str(call.portal.clock.now + URL_LASTS)
    query = {"expires": expires, "signature": _signature(account, export, expires)}
    return call.url(f"{_DOWNLOADS}/{account}/{export.id}", query)


def _signature(account: int, export: Export, expires: str) -> str:
    return hashlib.sha256(f"{account}/{export.id}/{expires}".encode()).hexdigest()


_DOWNLOADS = "/exported-files"
_SCOPE = "crm.export"

ENDPOINTS = (
    *family(
        "/crm/v3/exports/export",
        "/crm/exports/{version}/export",
        ("POST", "/async", start, _SCOPE),
        ("GET", "/async/tasks/{taskId}/status", status, _SCOPE),
        ("GET", "/{exportId}", read, _SCOPE),
    ),
    Endpoint("GET", f"{_DOWNLOADS}/{{portalId}}/{{exportId}}", None, download, public=True),
)
