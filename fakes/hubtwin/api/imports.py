"""Imports of CSV files (W6.5)."""

from collections.abc import Mapping
from typing import Any

from hubtwin.api import bodies, multipart
from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.import_files import Column, ImportFile
from hubtwin.portal.import_rows import Import, RowError
from hubtwin.portal.moments import iso

MAX_PAGE = 100

_KINDS = ("STANDARD", "HUBSPOT_OBJECT_ID", "HUBSPOT_ALTERNATE_ID")


def start(call: Call) -> Response:
    """POST /: 200, STARTED; the body has the part `importRequest` and the `files` that it names."""
    parts = multipart.read(call.request)
    request = next((part.content for part in parts if part.name == "importRequest"), None)
    if request is None:
        raise invalid("The body has no part importRequest")
    contents = {part.file_name: part.content for part in parts if part.file_name is not None}
    body = bodies.read(request)
    body.require("name", "files")
    one = call.portal.imports.start(
        body.text("name") or "",
        [_file(call, file, contents) for file in body.objects("files")],
        operations={call.portal.type(type): str(operation) for type, operation in _operations(body).items()},
        stage=body.text("lifecycleStage"),
        date_format=body.text("dateFormat") or "MONTH_DAY_YEAR",
        lists_contacts=body.data.get("createContactListFromImport") is True,
        request=body.data,
    )
    return answer(_import_json(one))


def list_(call: Call) -> Response:
    """GET /: pages of imports, oldest first."""
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    rows = ((str(one.id), _import_json(one)) for one in call.portal.imports if one.id >= after)
    return answer(page(call, rows, limit))


def read(call: Call) -> Response:
    """GET /{importId}: its state and what it has done so far."""
    return answer(_import_json(_find(call)))


def cancel(call: Call) -> Response:
    """POST /{importId}/cancel: 200; what is written stays written."""
    call.portal.imports.cancel(_find(call))
    now = iso(call.portal.clock.now)
    return answer({"status": "COMPLETE", "startedAt": now, "completedAt": now})


def errors(call: Call) -> Response:
    """GET /{importId}/errors: pages of what was wrong with rows."""
    one, limit, after = _find(call), call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    with_message = call.flag("includeErrorMessage")
    rows = ((str(error.id), _error_json(one, error, with_message)) for error in one.errors if error.id >= after)
    return answer(page(call, rows, limit))


def _find(call: Call) -> Import:
    id = call.path["importId"]
    try:
        return call.portal.imports.find(as_id(id))
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


# -- reading a request ---------------------------------------------------------------------------------------


def _operations(body: Body) -> Mapping[str, Any]:
    return {} if body.data.get("importOperations") is None else body.object("importOperations").data


def _file(call: Call, body: Body, contents: Mapping[str, bytes]) -> ImportFile:
    body.require("fileName", "fileImportPage")
    name, format = body.text("fileName") or "", body.text("fileFormat") or "CSV"
    if format != "CSV":
        raise invalid(f"{name} has the format {format}; HubTwin reads CSV only, so save the table as CSV")
    if name not in contents:
        raise invalid(f"No part of the body is a file called {name}")
    sheet = body.object("fileImportPage")
    columns = tuple(_column(call, mapping) for mapping in sheet.objects("columnMappings"))
    return ImportFile(name, columns, contents[name], has_header=sheet.data.get("hasHeader") is not False)


def _column(call: Call, body: Body) -> Column:
    body.require("columnName", "columnObjectTypeId")
    kind = body.text("columnType") or body.text("idColumnType") or "STANDARD"
    name, property = body.text("columnName") or "", body.text("propertyName") or ""
    if kind not in _KINDS or body.data.get("foreignKeyType") is not None:
        raise invalid(f"Column {name}: HubTwin knows columns of the types {', '.join(_KINDS)}, without foreign keys")
    return Column(
        name,
        call.portal.type(body.text("columnObjectTypeId") or ""),
        property,
        is_object_id=kind == "HUBSPOT_OBJECT_ID",
        is_alternate_id=kind == "HUBSPOT_ALTERNATE_ID",
    )


# -- answering -----------------------------------------------------------------------------------------------


def _import_json(one: Import) -> dict[str, Any]:
    made = one.contact_list
    return {
        "id": str(one.id),
        "state": one.state,
        "createdAt": iso(one.created),
        "updatedAt": iso(one.updated),
        "optOutImport": False,
        "metadata": {
            "counters": dict(one.counters),
            "fileIds": [str(id) for id in one.files],
            "objectLists": [{"listId": str(made.id), "objectType": "CONTACT"}] if made else [],
        },
        "mappedObjectTypeIds": [type.id for type in one.types],
        "importName": one.name,
        "importRequestJson": one.request,
        "importSource": "API",
    }


def _error_json(one: Import, error: RowError, with_message: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"id": str(error.id), "createdAt": error.moment, "errorType": error.type}
    if error.row is not None:
        file_id = next(id for id, file in one.files.items() if file is error.row.file)
        body["sourceData"] = {
            "fileId": file_id,
            "lineNumber": error.row.line,
            "rowData": error.row.cells,
            "containsEncryptedProperties": False,
        }
    if error.column is not None:
        column = error.column
        body |= {
            "objectType": column.type.singular.upper(),
            "objectTypeId": column.type.id,
            "invalidValue": error.value,
            "invalidValueToDisplay": error.value,
            "knownColumnNumber": error.column_number,
        }
    return {**body, "errorMessage": error.message} if with_message else body


_SCOPE = "crm.import"
_PATHS = ("/crm/v3/imports", "/crm/imports/{version}")

ENDPOINTS = (
    *family(*_PATHS, ("POST", "", start, _SCOPE), accepts=(multipart.CONTENT_TYPE,)),
    *family(
        *_PATHS,
        ("GET", "", list_, _SCOPE),
        ("GET", "/{importId}", read, _SCOPE),
        ("POST", "/{importId}/cancel", cancel, _SCOPE),
        ("GET", "/{importId}/errors", errors, _SCOPE),
    ),
)
