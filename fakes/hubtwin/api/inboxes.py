"""Conversations: inboxes, channels and channel accounts, to read (F9.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.conversations import PREFIXES, READ
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.inboxes import CHANNELS, Channel, ChannelAccount, Inbox
from hubtwin.portal.moments import iso

MAX_PAGE = 500

Rows = Sequence[dict[str, Any]]


def inboxes(call: Call) -> Response:
    """GET /inboxes: all of them, sorted as asked (F9.3.1)."""
    return _listed(call, _inboxes(call))


def inbox(call: Call) -> Response:
    """GET /inboxes/{inboxId}: one."""
    return _one(_inboxes(call), call.path["inboxId"])


def channels(call: Call) -> Response:
    """GET /channels: live chat and e-mail (F9.3.2)."""
    return _listed(call, _channels())


def channel(call: Call) -> Response:
    """GET /channels/{channelId}: one."""
    return _one(_channels(), call.path["channelId"])


def accounts(call: Call) -> Response:
    """GET /channel-accounts: chatflows and e-mail addresses, of a channel or an inbox where asked for (F9.3.2)."""
    return _listed(call, _accounts(call), "channelId", "inboxId")


def account(call: Call) -> Response:
    """GET /channel-accounts/{channelAccountId}: one."""
    return _one(_accounts(call), call.path["channelAccountId"])


def _inboxes(call: Call) -> Rows:
    return [_inbox_json(one, iso(_created(call))) for one in call.portal.conversations.inboxes.inboxes]


def _channels() -> Rows:
    return [_channel_json(one) for one in CHANNELS]


def _accounts(call: Call) -> Rows:
    return [_account_json(one, iso(_created(call))) for one in call.portal.conversations.inboxes.accounts]


def _created(call: Call) -> int:
    return call.portal.conversations.inboxes.created


def _one(rows: Rows, id: str) -> Response:
    row = next((row for row in rows if row["id"] == id), None)
    if row is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(row)


def _listed(call: Call, rows: Rows, *filters: str) -> Response:
    limit, after = call.number("limit", 100, most=MAX_PAGE), call.after()
    wanted = {name: text for name in filters if (text := call.text(name)) is not None}
    archived = call.flag("archived")
    found = [row for row in rows if not archived and all(row.get(name, text) == text for name, text in wanted.items())]
    for name in reversed(call.names("sort")):
        found = _sorted(found, name)
    following = ((str(place), row) for place, row in enumerate(found) if place >= after)
    return answer({"total": len(found), **page(call, following, limit)})


def _sorted(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    field = name.removeprefix("-")
    if any(field not in row or isinstance(row[field], Mapping) for row in rows):
        raise invalid(f"There is no field to sort by that is called {field}")
    return sorted(rows, key=lambda row: str(row[field]), reverse=name.startswith("-"))


def _inbox_json(one: Inbox, since: str) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.settings.name,
        "createdAt": since,
        "updatedAt": since,
        "type": one.settings.type,
        "archived": False,
    }


def _channel_json(one: Channel) -> dict[str, Any]:
    return {"id": str(one.id), "name": one.name}


def _account_json(one: ChannelAccount, since: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": str(one.id),
        "channelId": str(one.channel.id),
        "name": one.name,
        "inboxId": str(one.inbox.id),
        "active": one.active,
        "authorized": True,
        "createdAt": since,
        "archived": False,
    }
    if one.address is not None:
        body["deliveryIdentifier"] = {"type": "HS_EMAIL_ADDRESS", "value": one.address}
    return body


ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint
    for path, dated in PREFIXES
    for endpoint in family(
        path,
        dated,
        ("GET", "/inboxes", inboxes, READ),
        ("GET", "/inboxes/{inboxId}", inbox, READ),
        ("GET", "/channels", channels, READ),
        ("GET", "/channels/{channelId}", channel, READ),
        ("GET", "/channel-accounts", accounts, READ),
        ("GET", "/channel-accounts/{channelAccountId}", account, READ),
    )
)
