"""Conversations: threads, who looks after them, and whether they are open (F9.3)."""

from collections.abc import Iterable, Iterator
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.threads import CLOSED, INCOMING, OUTGOING, STATUSES, Thread
from hubtwin.portal.values import moment

MAX_PAGE = 500

READ, WRITE = "conversations.read", "conversations.write"

#: The paths of all conversation endpoints; the dated ones are in beta too (F9.3).
PREFIXES: tuple[tuple[str, str | None], ...] = (
    ("/conversations/v3/conversations", "/conversations/conversations/{version}"),
    ("/conversations/conversations/2026-09-beta", None),
)


def list_(call: Call) -> Response:
    """GET /threads: by id, or by the latest message since a moment, in pages (F9.3.3)."""
    limit, since, sort = call.number("limit", 100, most=MAX_PAGE), _since(call), call.text("sort") or "id"
    if sort not in ("id", "latestMessageTimestamp"):
        raise invalid(f"sort can be id or latestMessageTimestamp, not {sort}")
    if sort != "id" and since is None:
        raise invalid("To sort by latestMessageTimestamp, latestMessageTimestampAfter is needed")
    after, found = call.after(), _wanted(call, since)
    rows = _by_id(call, found, after) if sort == "id" else _by_moment(call, found, after)
    return answer(page(call, rows, limit))


def read(call: Call) -> Response:
    """GET /threads/{threadId}: one; an archived one where asked for (F9.3.4)."""
    return answer(_shown(call, thread(call)))


def change(call: Call) -> Response:
    """PATCH /threads/{threadId}: open, close, archive or restore one (F9.3.5)."""
    body, one = call.body, thread(call)
    status, archived = body.text("status"), body.flag("archived", one.archived is not None)
    if status is not None and status not in STATUSES:
        raise invalid(f"status can be {' or '.join(STATUSES)}, not {status}")
    conversations, app = call.portal.conversations, app_of(call)
    if archived != (one.archived is not None):
        (conversations.archive if archived else conversations.restore)(one)
    if status is not None:
        (conversations.close if status == CLOSED else conversations.open)(one, by=f"I-{app}", app=app)
    return answer(_shown(call, one))


def archive(call: Call) -> Response:
    """DELETE /threads/{threadId}: into the bin, for 30 days (F9.3.5)."""
    call.portal.conversations.archive(thread(call))
    return nothing()


def assign(call: Call) -> Response:
    """PUT /threads/{threadId}/assignee: let an agent look after a thread (F9.3.6)."""
    one, body = thread(call), call.body
    body.require("actorId")
    app = app_of(call)
    call.portal.conversations.assign(one, agent(call, body), by=f"I-{app}", app=app)
    return nothing()


def unassign(call: Call) -> Response:
    """DELETE /threads/{threadId}/assignee: nobody looks after a thread any more (F9.3.6)."""
    app = app_of(call)
    call.portal.conversations.assign(thread(call), None, by=f"I-{app}", app=app)
    return nothing()


# -- reading requests ----------------------------------------------------------------------------------------


def thread(call: Call) -> Thread:
    """The thread that the path names. Raises ApiError."""
    id, archived = as_id(call.path["threadId"]), call.flag("archived")
    try:
        return call.portal.conversations.find(id, archived=archived)
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def agent(call: Call, body: Body, name: str = "actorId") -> str:
    """The e-mail address of the user whom a body names: by the actor's id or by the address. Raises ApiError."""
    text = body.text(name) or ""
    user = call.portal.users.get(as_id(text.removeprefix("A-"))) if text.startswith("A-") else None
    if user is not None:
        return user.email
    try:
        return call.portal.users.find(text).email
    except UnknownName:
        raise invalid(f"{name} has to be the actor of a user, as in A-9000001, not {text}") from None


def app_of(call: Call) -> int:
    """The id of the app that calls."""
    return as_id(call.source.id or "")


def _since(call: Call) -> int | None:
    text = call.text("latestMessageTimestampAfter")
    try:
        return None if text is None else moment(text)
    except ValueError:
        raise invalid(f"latestMessageTimestampAfter is not a moment: {text}") from None


def _wanted(call: Call, since: int | None) -> Iterator[Thread]:
    inbox, contact = call.text("inboxId"), call.text("associatedContactId")
    ticket, status = call.text("associatedTicketId"), call.text("threadStatus")
    if status is not None and status not in STATUSES:
        raise invalid(f"threadStatus can be {' or '.join(STATUSES)}, not {status}")
    for one in call.portal.conversations.threads(archived=call.flag("archived")):
        known = call.portal.conversations.contact(one)
        if (
            inbox in (None, str(one.account.inbox.id))
            and (contact is None or (known is not None and str(known.id) == contact))
            and (ticket is None or (one.ticket is not None and str(one.ticket.id) == ticket))
            and status in (None, one.status)
            and (since is None or (one.latest() or 0) > since)
        ):
            yield one


def _by_id(call: Call, threads: Iterable[Thread], after: int) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((str(one.id), _shown(call, one)) for one in threads if one.id >= after)


def _by_moment(call: Call, threads: Iterable[Thread], after: int) -> Iterator[tuple[str, dict[str, Any]]]:
    ordered = sorted(threads, key=lambda one: (one.latest() or 0, one.id))
    return ((str(place), _shown(call, one)) for place, one in enumerate(ordered) if place >= after)


# -- answering -----------------------------------------------------------------------------------------------


def _shown(call: Call, one: Thread) -> dict[str, Any]:
    """A thread, with the properties that were asked for alone, where some were."""
    body, names = _thread_json(call, one), call.names("property")
    return {name: value for name, value in body.items() if not names or name in ("id", *names)}


def _thread_json(call: Call, one: Thread) -> dict[str, Any]:
    contact = call.portal.conversations.contact(one)
    moments = {
        "closedAt": one.closed,
        "latestMessageTimestamp": one.latest(),
        "latestMessageSentTimestamp": one.latest(OUTGOING),
        "latestMessageReceivedTimestamp": one.latest(INCOMING),
    }
    body: dict[str, Any] = {
        "id": str(one.id),
        "createdAt": iso(one.created),
        "status": one.status,
        "originalChannelId": str(one.account.channel.id),
        "originalChannelAccountId": str(one.account.id),
        **{name: iso(value) for name, value in moments.items() if value is not None},
        "spam": False,
        "inboxId": str(one.account.inbox.id),
        "archived": one.archived is not None,
    }
    if one.assignee is not None:
        body["assignedTo"] = f"A-{one.assignee}"
    if contact is not None:
        body["associatedContactId"] = str(contact.id)
    if one.ticket is not None and call.text("association") == "TICKET":
        body["threadAssociations"] = {"associatedTicketId": str(one.ticket.id)}
    return body


_ASSIGNEE = (
    ("PUT", "/threads/{threadId}/assignee", assign, WRITE),
    ("DELETE", "/threads/{threadId}/assignee", unassign, WRITE),
    ("POST", "/threads/{threadId}/assignee", assign, WRITE),  # as the guide has it
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *(
        endpoint
        for path, dated in PREFIXES
        for endpoint in family(
            path,
            dated,
            ("GET", "/threads", list_, READ),
            ("GET", "/threads/{threadId}", read, READ),
            ("PATCH", "/threads/{threadId}", change, WRITE),
            ("DELETE", "/threads/{threadId}", archive, WRITE),
            *_ASSIGNEE,
        )
    ),
    *family("/conversations/conversations/v3", None, *_ASSIGNEE[:2]),
)
