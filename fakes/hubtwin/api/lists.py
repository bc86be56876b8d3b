"""Lists, which HubSpot's pages call segments: their definitions (W6.4)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from hubtwin.api.bodies import Body, read, read_texts
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import OBJECT_NOT_FOUND, VALIDATION_ERROR, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.ids import as_id, as_number
from hubtwin.portal.moments import iso
from hubtwin.portal.object_lists import PROCESSING_TYPES, ObjectList

#: What a search for lists gives at once, and at most.
PAGE, MAX_PAGE = 20, 500

#: How many legacy ids can be translated at once.
MAX_MAPPED = 10_000


def create(call: Call) -> Response:
    """POST /: 200 with the list; its members are there at once (W6.4.1)."""
    body = call.body
    body.require("name", "objectTypeId", "processingType")
    list = call.portal.lists.create(
        body.text("name") or "",
        call.portal.type(body.text("objectTypeId") or ""),
        body.text("processingType") or "",
        body.object("filterBranch").data if body.data.get("filterBranch") is not None else None,
        folder=number(body.text("listFolderId") or "0"),
        source=call.source,
    )
    return answer({"list": _json(list, with_filters=True)})


def read_one(call: Call) -> Response:
    """GET /{listId}: 200 with the list and its size, deleted ones with `deletedAt`; filters on request (W6.4.2)."""
    return answer({"list": _sized(call, found(call))})


def read_several(call: Call) -> Response:
    """GET /?listIds=: 200 with those of the lists that there are (W6.4.2)."""
    lists = [call.portal.lists.get(number(id)) for id in call.names("listIds")]
    return answer({"lists": [_sized(call, list) for list in lists if list is not None and list.deleted is None]})


def read_by_name(call: Call) -> Response:
    """GET /object-type-id/{objectType}/name/{listName}: 200 with the list (W6.4.2)."""
    list = call.portal.lists.named(call.type, call.path["listName"])
    if list is None:
        raise ApiError(404, f"No list of {call.type.name} is called {call.path['listName']}", OBJECT_NOT_FOUND)
    return answer({"list": _sized(call, list)})


def search(call: Call) -> Response:
    """POST /search: 200; lists by name, type and processing type, by ascending id, in pages by offset (W6.4.3)."""
    body = _optional(call)
    query, ids = (body.text("query") or "").lower(), {number(id) for id in body.texts("listIds")}
    offset, count = body.number("offset", 0), _count(body)
    if offset < 0:
        raise invalid(f"offset must not be negative: {offset}")
    matching = [list for list in _chosen(call, body) if query in list.name.lower() and (not ids or list.id in ids)]
    page = matching[offset : offset + count]
    following = min(offset + len(page), len(matching))
    return answer(
        {
            "offset": following,
            "hasMore": following < len(matching),
            "lists": [_found_json(call, list, body.texts("additionalProperties")) for list in page],
            "total": len(matching),
        }
    )


def read_all(call: Call) -> Response:
    """POST /all: 200; all lists by ascending id, in pages by a cursor that belongs to its filters (W6.4.3)."""
    body = _optional(call)
    filters = {"objectTypeId": body.text("objectTypeId"), "processingTypes": body.texts("processingTypes")}
    after, count = _cursor_id(body.text("after"), filters), _count(body)
    matching = [list for list in _chosen(call, body) if list.id > after]
    answered: dict[str, Any] = {
        "results": [_found_json(call, list, body.texts("additionalProperties")) for list in matching[:count]]
    }
    if len(matching) > count:
        answered["paging"] = {"next": {"after": _cursor(matching[count - 1].id, filters)}}
    return answer(answered)


def delete(call: Call) -> Response:
    """DELETE /{listId}: 204; the list can be restored for 90 days (W6.4.4)."""
    call.portal.lists.delete(found(call))
    return nothing()


def restore(call: Call) -> Response:
    """PUT /{listId}/restore: 204, also for a list that is there (W6.4.4)."""
    call.portal.lists.restore(found(call))
    return nothing()


def rename(call: Call) -> Response:
    """PUT /{listId}/update-list-name?listName=: 200 with the list (W6.4.1)."""
    list, name = found(call), call.text("listName")
    if name is None:
        raise invalid("listName is missing")
    call.portal.lists.rename(list, name, source=call.source)
    return answer({"updatedList": _json(list, with_filters=call.flag("includeFilters"))})


def update_filters(call: Call) -> Response:
    """PUT /{listId}/update-list-filters: 200 with the list; dynamic lists only (W6.4.1)."""
    list, branch = found(call), call.body.object("filterBranch").data
    call.portal.lists.set_filters(list, branch, source=call.source)
    return answer({"updatedList": _json(list, with_filters=True)})


def map_id(call: Call) -> Response:
    """GET /idmapping?legacyListId=: 200; a list's legacy id is its own (W6.4.6)."""
    list = call.portal.lists.get(number(call.text("legacyListId") or ""))
    if list is None:
        raise ApiError(404, f"No list has the legacy id {call.text('legacyListId')}", OBJECT_NOT_FOUND)
    return answer({"legacyListId": str(list.id), "listId": str(list.id)})


def map_ids(call: Call) -> Response:
    """POST /idmapping, a list of legacy ids: 200 with those that there are and those that are missing (W6.4.6)."""
    ids = read_texts(call.request.body)
    if len(ids) > MAX_MAPPED:
        raise invalid(f"At most {MAX_MAPPED} ids can be translated at once, not {len(ids)}")
    known = [id for id in ids if call.portal.lists.get(number(id)) is not None]
    return answer(
        {
            "legacyListIdsToIdsMapping": [{"legacyListId": id, "listId": id} for id in known],
            "missingLegacyListIds": [id for id in ids if id not in set(known)],
        }
    )


# -- finding -------------------------------------------------------------------------------------------------


def number(text: str) -> int:
    """The id that a text is. Raises ApiError."""
    id = as_number(text)
    if id is None:
        raise invalid(f"An id is a number, not {text[:80]!r}")
    return id


def found(call: Call, parameter: str = "listId") -> ObjectList:
    """The list whose id is in the path. Raises ApiError."""
    text = call.path[parameter]
    list = call.portal.lists.get(as_id(text))
    if list is None:
        raise ApiError(404, f"List {text[:80]} does not exist", OBJECT_NOT_FOUND, context={"listId": [text[:80]]})
    return list


def _optional(call: Call) -> Body:
    """A body that may be left out."""
    return call.body if call.request.body else read(b"{}")


def _count(body: Body) -> int:
    count = body.number("count", PAGE)
    if not 0 <= count <= MAX_PAGE:
        raise invalid(f"count must be a number from 0 to {MAX_PAGE}, not {count}")
    return count or PAGE


def _chosen(call: Call, body: Body) -> Sequence[ObjectList]:
    """The lists of the wanted object type and processing types, by ascending id."""
    processing, word = body.texts("processingTypes"), body.text("objectTypeId")
    if unknown := [kind for kind in processing if kind not in PROCESSING_TYPES]:
        message = f"processingTypes can't be {unknown[0]}; they are {', '.join(PROCESSING_TYPES)}"
        raise ApiError(400, message, VALIDATION_ERROR, sub_category="INVALID_PROCESSING_TYPE")
    type = call.portal.type(word) if word else None
    return [
        list
        for list in call.portal.lists
        if (type is None or list.type is type) and (not processing or list.processing in processing)
    ]


def _cursor(id: int, filters: dict[str, Any]) -> str:
    return urlsafe_b64encode(orjson.dumps({"listId": str(id), **filters})).decode()


def _cursor_id(cursor: str | None, filters: dict[str, Any]) -> int:
    """The id that a page ended with. Raises ApiError where the cursor is none, or of other filters."""
    if cursor is None:
        return 0
    try:
        page = orjson.loads(urlsafe_b64decode(cursor.encode("ascii")))
        id = page.pop("listId")
        if page == filters:
            return number(id)
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    message = "after is not a cursor that a page with these filters gave out"
    raise ApiError(400, message, VALIDATION_ERROR, sub_category="INVALID_CURSOR")


# -- answering -----------------------------------------------------------------------------------------------


def _json(list: ObjectList, *, with_filters: bool = False) -> dict[str, Any]:
    body: dict[str, Any] = {
        "listId": str(list.id),
        "listVersion": list.version,
        "createdAt": iso(list.created),
        "updatedAt": iso(list.updated),
        "filtersUpdatedAt": iso(list.filters_updated),
        "processingStatus": "COMPLETE",
        "createdById": str(list.created_by),
        "updatedById": str(list.updated_by),
        "processingType": list.processing,
        "objectTypeId": list.type.id,
        "name": list.name,
    }
    if list.deleted is not None:
        body["deletedAt"] = iso(list.deleted)
    if with_filters and list.branch is not None:
        body["filterBranch"] = list.branch
    return body


def _sized(call: Call, list: ObjectList) -> dict[str, Any]:
    call.portal.lists.memberships.settle(list)
    return {**_json(list, with_filters=call.flag("includeFilters")), "size": len(list)}


def _found_json(call: Call, list: ObjectList, asked: Iterable[str]) -> dict[str, Any]:
    """A list as searches show it: its numbers are texts, its moments milliseconds (W6.4.3)."""
    call.portal.lists.memberships.settle(list)
    values = {
        "hs_list_reference_count": str(call.portal.lists.references(list.id)),
        "hs_list_size": str(len(list)),
        "hs_last_record_added_at": None if list.last_joined is None else str(list.last_joined),
        "hs_last_record_removed_at": None if list.last_left is None else str(list.last_left),
        "hs_folder_name": call.portal.lists.folders.find(list.folder).name or None,
    }
    more = {"hs_list_id": str(list.id), "hs_list_name": list.name}
    values |= {name: more[name] for name in asked if name in more}
    return {**_json(list), "additionalProperties": {name: value for name, value in values.items() if value is not None}}


_READ, _WRITE = "crm.lists.read", "crm.lists.write"

ENDPOINTS = (
    *family(
        "/crm/v3/lists",
        "/crm/lists/{version}",
        ("POST", "", create, _WRITE),
        ("GET", "", read_several, _READ),
        ("POST", "/search", search, _READ),
        ("GET", "/idmapping", map_id, _READ),
        ("POST", "/idmapping", map_ids, _READ),
        ("GET", "/object-type-id/{objectType}/name/{listName}", read_by_name, _READ),
        ("GET", "/{listId}", read_one, _READ),
        ("DELETE", "/{listId}", delete, _WRITE),
        ("PUT", "/{listId}/restore", restore, _WRITE),
        ("PUT", "/{listId}/update-list-name", rename, _WRITE),
        ("PUT", "/{listId}/update-list-filters", update_filters, _WRITE),
    ),
    # HubSpot has this one in its newest version only.
    Endpoint("POST", "/crm/lists/2026-09/all", None, read_all, _READ),
)
