"""Memberships in lists: who is in a list, and in which lists a record is (W6.4)."""

from collections.abc import Callable, Sequence
from typing import Any

from hubtwin.api.bodies import read_texts
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import invalid, not_found, some_not_found
from hubtwin.api.http import Response
from hubtwin.api.lists import found, number
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.object_lists import Membership, ObjectList
from hubtwin.portal.records import Record

#: How many members a page has, and at most.
PAGE, MAX_PAGE = 100, 250

#: How many records can join or leave in one call.
MAX_CHANGED = 100_000

_FIRST: Membership = (-(10**18), 0)


def list_by_id(call: Call) -> Response:
    """GET /{listId}/memberships: 200; members by ascending id, descending before a cursor (W6.4.5)."""
    return _page(
        call,
        lambda list, after, limit: list.page(0 if after is None else number(after), limit),
        lambda list, before, limit: list.page_before(number(before), limit),
        lambda list, record: str(record.id),
    )


def list_by_joining(call: Call) -> Response:
    """GET /{listId}/memberships/join-order: 200; members in the order in which they joined (W6.4.5)."""
    return _page(
        call,
        lambda list, after, limit: list.page_joined(_FIRST if after is None else _membership(after), limit),
        lambda list, before, limit: list.page_joined_before(_membership(before), limit),
        lambda list, record: f"{list.joined(record)}-{record.id}",
    )


def add(call: Call) -> Response:
    """PUT /{listId}/memberships/add, a list of ids: 200 with those that joined and those that don't exist (W6.4.5)."""
    return _change(call, read_texts(call.request.body), [])


def remove(call: Call) -> Response:
    """PUT /{listId}/memberships/remove, a list of ids: 200 with those that left (W6.4.5)."""
    return _change(call, [], read_texts(call.request.body))


def add_and_remove(call: Call) -> Response:
    """PUT /{listId}/memberships/add-and-remove: 200 with those that joined and those that left (W6.4.5)."""
    return _change(call, call.body.texts("recordIdsToAdd"), call.body.texts("recordIdsToRemove"))


def add_from(call: Call) -> Response:
    """PUT /{listId}/memberships/add-from/{sourceListId}: 204; the other list's members join too (W6.4.5)."""
    list, other = found(call), found(call, "sourceListId")
    if list is other:
        raise invalid("A list can't be added to itself")
    if list.type is not other.type:
        raise invalid(f"List {list.id} holds {list.type.name}, list {other.id} {other.type.name}")
    if len(other) > MAX_CHANGED:
        raise invalid(f"At most {MAX_CHANGED} records can join at once; list {other.id} has {len(other)}")
    call.portal.lists.memberships.settle(other)
    call.portal.lists.add(list, tuple(other), source=call.source)
    return nothing()


def remove_all(call: Call) -> Response:
    """DELETE /{listId}/memberships: 204; all members leave, the list stays (W6.4.5)."""
    list = found(call)
    call.portal.lists.remove(list, tuple(list), source=call.source)
    return nothing()


def of_record(call: Call) -> Response:
    """GET /records/{objectType}/{recordId}/memberships: 200; the lists that a record is in (W6.4.6)."""
    id = call.path["recordId"]
    record = _record(call, call.path["objectType"], id)
    if record is None:
        raise not_found(id)
    results = _of(call, record)
    return answer({"results": results, "total": len(results)})


def of_records(call: Call) -> Response:
    """POST /records/memberships/batch/read: 200, or 207 where a record doesn't exist (W6.4.6)."""
    call.body.require("inputs")
    results, errors = [], []
    for input in call.body.objects("inputs"):
        input.require("objectTypeId", "recordId")
        word, id = input.text("objectTypeId") or "", input.text("recordId") or ""
        record = _record(call, word, id)
        if record is None:
            errors.append(some_not_found(call.portal.type(word), [id]))
            continue
        results.append({"objectTypeId": record.type.id, "recordId": id, "recordListMemberships": _of(call, record)})
    now = iso(call.portal.clock.now)
    body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    return answer({**body, "numErrors": len(errors), "errors": errors} if errors else body, 207 if errors else 200)


# -- paging --------------------------------------------------------------------------------------------------


def _page(
    call: Call,
    following: Callable[[ObjectList, str | None, int], Sequence[Record]],
    preceding: Callable[[ObjectList, str, int], Sequence[Record]],
    cursor: Callable[[ObjectList, Record], str],
) -> Response:
    """One page in either direction; `after` goes before `before` (W6.4.5)."""
    list = found(call)
    call.portal.lists.memberships.settle(list)
    limit, after, before = call.number("limit", PAGE, most=MAX_PAGE), call.text("after"), call.text("before")
    backward = before is not None and after is None
    page = preceding(list, before or "", limit + 1) if backward else following(list, after, limit + 1)
    members = page[:limit]
    body: dict[str, Any] = {
        "total": len(list),
        "results": [{"recordId": str(one.id), "membershipTimestamp": iso(list.joined(one))} for one in members],
    }
    if len(page) > limit:
        token, name = cursor(list, members[-1]), "before" if backward else "after"
        body["paging"] = {"prev" if backward else "next": {name: token, "link": call.link(**{name: token})}}
    return answer(body)


def _membership(cursor: str) -> Membership:
    moment, _, id = cursor.partition("-")
    return number(moment), number(id)


# -- changing ------------------------------------------------------------------------------------------------


def _change(call: Call, joining: Sequence[str], leaving: Sequence[str]) -> Response:
    """Let records join and leave; empty lists of ids are left out of the answer (W6.4.5)."""
    list = found(call)
    if max(len(joining), len(leaving)) > MAX_CHANGED:
        raise invalid(f"At most {MAX_CHANGED} records can join or leave at once")
    records = call.portal.records[list.type]
    wanted = {id: records.get(number(id)) for id in dict.fromkeys((*joining, *leaving))}
    added = call.portal.lists.add(list, _those(wanted, joining), source=call.source)
    removed = call.portal.lists.remove(list, _those(wanted, leaving), source=call.source)
    ids = {
        "recordsIdsAdded": [str(record.id) for record in added],
        "recordIdsRemoved": [str(record.id) for record in removed],
        "recordIdsMissing": [id for id, record in wanted.items() if record is None],
    }
    return answer({name: listed for name, listed in ids.items() if listed})


def _those(records: dict[str, Record | None], ids: Sequence[str]) -> list[Record]:
    return [record for id in ids if (record := records[id]) is not None]


# -- records -------------------------------------------------------------------------------------------------


def _record(call: Call, word: str, id: str) -> Record | None:
    return call.portal.records[call.portal.type(word)].get(as_id(id))


def _of(call: Call, record: Record) -> list[dict[str, Any]]:
    lists = call.portal.lists
    for list in lists:
        lists.memberships.settle(list)
    return [
        {
            "listId": str(list.id),
            "listVersion": list.version,
            "isPublicList": True,
            "firstAddedTimestamp": iso(list.first_joined(record)),
            "lastAddedTimestamp": iso(list.joined(record)),
        }
        for list in lists.of(record)
    ]


_READ, _WRITE = "crm.lists.read", "crm.lists.write"

ENDPOINTS = family(
    "/crm/v3/lists",
    "/crm/lists/{version}",
    ("GET", "/{listId}/memberships", list_by_id, _READ),
    ("GET", "/{listId}/memberships/join-order", list_by_joining, _READ),
    ("PUT", "/{listId}/memberships/add", add, _WRITE),
    ("PUT", "/{listId}/memberships/remove", remove, _WRITE),
    ("PUT", "/{listId}/memberships/add-and-remove", add_and_remove, _WRITE),
    ("PUT", "/{listId}/memberships/add-from/{sourceListId}", add_from, _WRITE),
    ("DELETE", "/{listId}/memberships", remove_all, _WRITE),
    ("GET", "/records/{objectType}/{recordId}/memberships", of_record, _READ),
    ("POST", "/records/memberships/batch/read", of_records, _READ),
)
