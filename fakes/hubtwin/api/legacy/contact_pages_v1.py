"""Pages of contacts, version 1: all of them, the newest, the last modified, and what a query finds (W12.9.3)."""

from collections.abc import Callable, Iterable
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import operations
from hubtwin.api.legacy.pages import created, modified, offset, page_by_id, size
from hubtwin.api.legacy.profiles import Mode, profile_json
from hubtwin.portal.filters import tokens
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.records import Record

PAGE, MAX_PAGE = 20, 100


def list_(call: Call) -> Response:
    """GET /lists/all/contacts/all: ascending vids; the last page's offset is 0."""
    page = page_by_id(call.portal.records[CONTACTS], offset(call, "vidOffset"), size(call, "count", PAGE, MAX_PAGE))
    body = contacts_json(call, page.records, created)
    return answer({"contacts": body, "has-more": page.more, "vid-offset": page.offset if page.more else 0})


def recently_created(call: Call) -> Response:
    """GET /lists/all/contacts/recent: newest first; a page goes on from a moment and a vid."""
    return _recent(call, created)


def recently_modified(call: Call) -> Response:
    """GET /lists/recently_updated/contacts/recent: last modified first; as for the newest."""
    return _recent(call, modified)


def search(call: Call) -> Response:
    """GET /search/query: contacts of which each word of `q` begins some word; the offset is a number."""
    text, start, count = call.text("q") or "", offset(call), size(call, "count", PAGE, MAX_PAGE)
    wanted = tokens(text)
    found = [contact for contact in call.portal.records[CONTACTS] if _mentions(contact, wanted)]
    page = found[start : start + count]
    following = start + len(page)
    mode = Mode.of(call, in_list=True)
    return answer(
        {
            "query": text,
            "offset": following,
            "has-more": following < len(found),
            "total": len(found),
            "contacts": [profile_json(call.portal, contact, mode) for contact in page],
        }
    )


def _recent(call: Call, moment: Callable[[Record], int]) -> Response:
    return recent_page(call, call.portal.records[CONTACTS], moment)


def recent_page(call: Call, contacts: Iterable[Record], moment: Callable[[Record], int]) -> Response:
    """A page of contacts, those of the latest *moment* first; it goes on from a moment and a vid. Raises ApiError."""
    before = offset(call, "timeOffset") or None, offset(call, "vidOffset")
    count = size(call, "count", PAGE, MAX_PAGE)
    found = sorted(contacts, key=lambda one: (moment(one), one.id), reverse=True)
    if before[0] is not None:
        found = [one for one in found if (moment(one), one.id) < before]
    page = found[:count]
    return answer(
        {
            "contacts": contacts_json(call, page, moment),
            "has-more": len(found) > len(page),
            "vid-offset": page[-1].id if page else 0,
            "time-offset": moment(page[-1]) if page else 0,
        }
    )


def contacts_json(call: Call, contacts: list[Record], moment: Callable[[Record], int]) -> list[dict[str, Any]]:
    """The contacts of a page; `addedAt` is the moment that the page is about (our model)."""
    mode = Mode.of(call, in_list=True)
    return [{"addedAt": moment(contact), **profile_json(call.portal, contact, mode)} for contact in contacts]


def _mentions(contact: Record, wanted: set[str]) -> bool:
    words = {word for name in CONTACTS.searched for word in tokens(contact.get(name) or "")}
    return all(any(word.startswith(part) for word in words) for part in wanted)


_READ = "crm.objects.contacts.read"

ENDPOINTS = operations(
    "/contacts/v1",
    ("GET", "/lists/all/contacts/all", list_, _READ),
    ("GET", "/lists/all/contacts/recent", recently_created, _READ),
    ("GET", "/lists/recently_updated/contacts/recent", recently_modified, _READ),
    ("GET", "/search/query", search, _READ),
)
