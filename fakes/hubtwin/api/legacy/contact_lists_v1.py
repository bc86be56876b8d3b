"""Contact lists, version 1, which HubSpot switched off in 2026: definitions and members (W12.9.18)."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import orjson

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy import list_filters
from hubtwin.api.legacy.contact_pages_v1 import contacts_json, recent_page
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.api.legacy.pages import offset, page_by_id, size
from hubtwin.api.legacy.records import look
from hubtwin.portal.ids import as_id
from hubtwin.portal.object_lists import DYNAMIC, MANUAL, SNAPSHOT, ObjectList
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record

PAGE, MAX_PAGE, MAX_CONTACTS = 20, 250, 100
MAX_CHANGED = 500

NO_SUCH_LIST = "The list doesn't exist"


def create(call: Call) -> Response:
    """POST /: 200, the list; a static one with filters is filled by them once."""
    body = call.body
    body.require("name")
    groups, is_dynamic = body.items("filters"), body.flag("dynamic", False)
    processing = DYNAMIC if is_dynamic else SNAPSHOT if groups else MANUAL
    if is_dynamic and not groups:
        raise invalid("A dynamic list needs filters: a list of groups, each a list of filters")
    branch = list_filters.branch(call.portal, groups) if groups else None
    lists = call.portal.lists
    return answer(_json(call, lists.create(body.text("name") or "", CONTACTS, processing, branch, source=call.source)))


def read(call: Call) -> Response:
    """GET /{listId}: 200, the list."""
    return answer(_json(call, _find(call)))


def update(call: Call) -> Response:
    """POST /{listId}: 200, the list; a new name, for a dynamic list new filters too."""
    list, lists, name = _find(call), call.portal.lists, call.body.text("name")
    is_free = name is None or (name.strip() and lists.named(CONTACTS, name) in (None, list))
    if is_free and call.body.data.get("filters") is not None:
        lists.set_filters(list, list_filters.branch(call.portal, call.body.items("filters")), source=call.source)
    if name is not None:
        lists.rename(list, name, source=call.source)  # which refuses a name that is not free
    return answer(_json(call, list))


def delete(call: Call) -> Response:
    """DELETE /{listId}: 204."""
    call.portal.lists.delete(_find(call))
    return nothing()


def list_(call: Call) -> Response:
    """GET /: the lists by ascending id, in pages by number."""
    return _page(call, _lists(call))


def static(call: Call) -> Response:
    """GET /static: those whose members are chosen by hand."""
    return _page(call, [list for list in _lists(call) if not list.is_dynamic])


def dynamic(call: Call) -> Response:
    """GET /dynamic: those whose filters choose the members."""
    return _page(call, [list for list in _lists(call) if list.is_dynamic])


def read_some(call: Call) -> Response:
    """GET /batch: the lists that there are among `listId`."""
    wanted = {as_id(id) for id in call.names("listId")}
    return answer({"lists": [_json(call, list) for list in _lists(call) if list.id in wanted]})


# -- members -------------------------------------------------------------------------------------------------


def members(call: Call) -> Response:
    """GET /{listId}/contacts/all: ascending vids, each with the moment at which it joined."""
    list = _find(call)
    page = page_by_id(list, offset(call, "vidOffset"), size(call, "count", PAGE, MAX_CONTACTS))
    contacts = contacts_json(call, page.records, list.joined)
    return answer({"contacts": contacts, "has-more": page.more, "vid-offset": page.offset if page.more else 0})


def recent_members(call: Call) -> Response:
    """GET /{listId}/contacts/recent: who joined last comes first; a page goes on from a moment and a vid."""
    list = _find(call)
    return recent_page(call, list, list.joined)


def add(call: Call) -> Response:
    """POST /{listId}/add: 200, with the vids that joined, and what names nobody."""
    list = _find(call)
    found, invalid_vids, invalid_emails = _named(call)
    added = call.portal.lists.add(list, found, source=call.source)
    return _changed(found, added, invalid_vids, invalid_emails)


def remove(call: Call) -> Response:
    """POST /{listId}/remove: 200, with the vids that left, and what names nobody."""
    list = _find(call)
    found, invalid_vids, invalid_emails = _named(call)
    removed = call.portal.lists.remove(list, found, source=call.source)
    return _changed(found, removed, invalid_vids, invalid_emails)


def _named(call: Call) -> tuple[list[Record], list[int], list[str]]:
    """The contacts that a body names, and the vids and addresses that nobody has. Raises ApiError."""
    vids, emails = _vids(call.body), call.body.texts("emails")
    if len(vids) + len(emails) > MAX_CHANGED:
        raise invalid(f"{len(vids) + len(emails)} contacts are named; at most {MAX_CHANGED} are allowed")
    by_vid = {vid: look(call.portal, CONTACTS, str(vid)) for vid in vids}
    by_email = {email: contact_with(call.portal, email) for email in emails}
    found = [one for one in chain(by_vid.values(), by_email.values()) if one is not None]
    return (
        list(dict.fromkeys(found)),
        [vid for vid, one in by_vid.items() if one is None],
        [email for email, one in by_email.items() if one is None],
    )


def _vids(body: Body) -> list[int]:
    return [Body({"vids": vid}, b"").number("vids", 0) for vid in body.items("vids")]


def _changed(found: list[Record], changed: list[Record], vids: list[int], emails: list[str]) -> Response:
    ids = [one.id for one in changed]
    discarded = [one.id for one in found if one not in changed]
    return answer({"updated": ids, "discarded": discarded, "invalidVids": vids, "invalidEmails": emails})


# -- answering -----------------------------------------------------------------------------------------------


def _lists(call: Call) -> Iterable[ObjectList]:
    return (list for list in call.portal.lists if list.type is CONTACTS)


def _find(call: Call) -> ObjectList:
    """The list of contacts that the path names. Raises LegacyError."""
    list = call.portal.lists.get(as_id(call.path["listId"]))
    if list is None or list.deleted is not None or list.type is not CONTACTS:
        raise LegacyError(404, NO_SUCH_LIST)
    return list


def _page(call: Call, lists: Iterable[ObjectList]) -> Response:
    found, start, count = [*lists], offset(call), size(call, "count", PAGE, MAX_PAGE)
    page = found[start : start + count]
    following = start + len(page)
    body = {"lists": [_json(call, list) for list in page], "offset": following, "has-more": following < len(found)}
    return answer(body)


def _json(call: Call, list: ObjectList) -> dict[str, Any]:
    """A list as version 1 shows it; its filters are version 3's, as text (W12.9.19)."""
    lists = call.portal.lists
    lists.memberships.settle(list)
    changed = max((moment for moment in (list.last_joined, list.last_left) if moment is not None), default=0)
    body: dict[str, Any] = {
        "listId": list.id,
        "internalListId": list.id,
        "portalId": call.portal.configuration.account.id,
        "name": list.name,
        "dynamic": list.is_dynamic,
        "listType": "DYNAMIC" if list.is_dynamic else "STATIC",
        "createdAt": list.created,
        "updatedAt": list.updated,
        "authorId": list.created_by,
        "parentId": list.folder,
        "archived": False,
        "deleteable": lists.references(list.id) == 0,
        "filters": [],
        "metaData": {
            "processing": "DONE",
            "size": len(list),
            "error": "",
            "lastProcessingStateChangeAt": list.filters_updated,
            "lastSizeChangeAt": changed,
            "listReferencesCount": lists.references(list.id),
        },
    }
    if list.branch is not None:
        body["ilsFilterBranch"] = orjson.dumps(list.branch).decode()
    return body


_READ, _WRITE = "crm.lists.read", "crm.lists.write"

ENDPOINTS = operations(
    "/contacts/v1/lists",
    ("GET", "", list_, _READ),
    ("POST", "", create, _WRITE),
    ("GET", "/static", static, _READ),
    ("GET", "/dynamic", dynamic, _READ),
    ("GET", "/batch", read_some, _READ),
    ("GET", "/{listId}", read, _READ),
    ("POST", "/{listId}", update, _WRITE),
    ("DELETE", "/{listId}", delete, _WRITE),
    ("GET", "/{listId}/contacts/all", members, _READ),
    ("GET", "/{listId}/contacts/recent", recent_members, _READ),
    ("POST", "/{listId}/add", add, _WRITE),
    ("POST", "/{listId}/remove", remove, _WRITE),
)
