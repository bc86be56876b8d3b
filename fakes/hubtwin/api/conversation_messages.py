"""Conversations: the messages of a thread (F9.5), and writing them."""

from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.conversations import PREFIXES, READ, WRITE, agent, app_of, thread
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.ids import as_id
from hubtwin.portal.inboxes import EMAIL, ChannelAccount
from hubtwin.portal.moments import iso
from hubtwin.portal.threads import (
    ASSIGNMENT,
    COMMENT,
    INCOMING,
    MESSAGE,
    STATUS_CHANGE,
    SYSTEM,
    VISITOR,
    WELCOME_MESSAGE,
    Message,
    Recipient,
    Thread,
)

MAX_PAGE = 500

#: What messages are delivered to (F9.7).
DELIVERY_TYPES = ("HS_EMAIL_ADDRESS", "HS_PHONE_NUMBER", "HS_SHORT_CODE", "CHANNEL_SPECIFIC_OPAQUE_ID")
RECIPIENT_FIELDS = ("TO", "CC", "BCC")


def list_(call: Call) -> Response:
    """GET /threads/{threadId}/messages: the newest first, in pages (F9.5.1)."""
    limit, after, one = call.number("limit", 100, most=MAX_PAGE), call.after(), thread(call)
    newest = enumerate(reversed(one.messages))
    rows = ((str(place), _message_json(call, one, message)) for place, message in newest if place >= after)
    return answer(page(call, rows, limit))


def read(call: Call) -> Response:
    """GET /threads/{threadId}/messages/{messageId}: one."""
    one = thread(call)
    return answer(_message_json(call, one, _message(call, one)))


def original(call: Call) -> Response:
    """GET /threads/{threadId}/messages/{messageId}/original-content: its texts, as they came."""
    message = _message(call, thread(call))
    return answer({"text": message.text, "richText": message.rich_text or message.text})


def write(call: Call) -> Response:
    """POST /threads/{threadId}/messages: 201; as an agent to the visitor, or as a comment (F9.5.2)."""
    one, body = thread(call), call.body
    body.require("type", "text")
    if body.text("type") not in (MESSAGE, COMMENT):
        raise invalid(f"type can be {MESSAGE} or {COMMENT}, not {body.text('type')}")
    message = _comment(call, one, body) if body.text("type") == COMMENT else _reply(call, one, body)
    return answer(_message_json(call, one, message), 201)


def _comment(call: Call, one: Thread, body: Body) -> Message:
    app = app_of(call)
    by = f"A-{_user_id(call, body)}" if body.data.get("senderActorId") is not None else f"I-{app}"
    return call.portal.conversations.comment(
        one, body.text("text") or "", by=by, rich_text=body.text("richText"), attachments=_attachments(body), app=app
    )


def _reply(call: Call, one: Thread, body: Body) -> Message:
    body.require("senderActorId", "channelId", "channelAccountId")
    account = _account(call, body)
    recipients = tuple(_recipient(each) for each in body.objects("recipients"))
    if account.channel == EMAIL and not recipients:
        raise invalid("An e-mail needs recipients")
    return call.portal.conversations.reply(
        one,
        agent(call, body, "senderActorId"),
        body.text("text") or "",
        rich_text=body.text("richText"),
        subject=body.text("subject") if account.channel == EMAIL else None,
        recipients=recipients or None,
        attachments=_attachments(body),
        account=account,
        app=app_of(call),
    )


# -- reading requests ----------------------------------------------------------------------------------------


def _message(call: Call, one: Thread) -> Message:
    found = next((message for message in one.messages if message.id == call.path["messageId"]), None)
    if found is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return found


def _user_id(call: Call, body: Body) -> int:
    return call.portal.users.find(agent(call, body, "senderActorId")).user_id


def _account(call: Call, body: Body) -> ChannelAccount:
    text = body.text("channelAccountId") or ""
    account = call.portal.conversations.inboxes.account(as_id(text))
    if account is None or body.text("channelId") != str(account.channel.id):
        raise invalid(f"There is no channel account {text} of the channel {body.text('channelId')}")
    return account


def _recipient(body: Body) -> Recipient:
    field, delivery = body.text("recipientField"), None
    if field is not None and field not in RECIPIENT_FIELDS:
        raise invalid(f"recipientField can be {', '.join(RECIPIENT_FIELDS)}, not {field}")
    for each in body.objects("deliveryIdentifiers"):
        each.require("type", "value")
        if each.text("type") not in DELIVERY_TYPES:
            raise invalid(f"A delivery identifier is one of {', '.join(DELIVERY_TYPES)}, not {each.text('type')}")
        delivery = delivery or (each.text("type") or "", each.text("value") or "")
    actor = body.text("actorId")
    if actor is None and delivery is None:
        raise invalid("A recipient needs the actorId or deliveryIdentifiers")
    return Recipient(actor, delivery, field, body.text("name"))


def _attachments(body: Body) -> list[dict[str, Any]]:
    attachments = []
    for each in body.objects("attachments"):
        type = each.text("type", "FILE")
        if type == "FILE":
            each.require("fileId")
        elif type != "QUICK_REPLIES":
            raise invalid(f"An attachment can be FILE or QUICK_REPLIES, not {type}")
        attachments.append({"type": type, **each.data})
    return attachments


# -- answering -----------------------------------------------------------------------------------------------


def _message_json(call: Call, one: Thread, message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "conversationsThreadId": str(one.id),
        "createdAt": iso(message.moment),
        "createdBy": one.actor(message.sender),
        "client": _client(message),
        "senders": [_sender(call, one, message)],
        "recipients": [_recipient_json(one, recipient) for recipient in message.recipients],
        "archived": one.archived is not None,
        **_content(message),
        "type": message.type,
    }


def _content(message: Message) -> dict[str, Any]:
    """What messages of a type have beside what all have."""
    if message.type in (ASSIGNMENT, STATUS_CHANGE):
        return dict(message.change)
    text: dict[str, Any] = {"text": message.text}
    if message.rich_text is not None:
        text["richText"] = message.rich_text
    if message.subject is not None:
        text["subject"] = message.subject
    account = message.account
    channel = {} if account is None else {"channelId": str(account.channel.id), "channelAccountId": str(account.id)}
    if message.type == WELCOME_MESSAGE:
        return {**text, **channel}
    body = {**text, "attachments": list(message.attachments)}
    if message.type == COMMENT:
        return body
    status = {"statusType": "RECEIVED" if message.direction == INCOMING else "SENT"}
    return {
        **body,
        "truncationStatus": "NOT_TRUNCATED",
        "status": status,
        "direction": message.direction,
        **channel,
    }


def _client(message: Message) -> dict[str, Any]:
    if message.app is not None:
        return {"clientType": "INTEGRATION", "integrationAppId": message.app}
    return {"clientType": "HUBSPOT" if message.sender.startswith("A-") else "SYSTEM"}


def _sender(call: Call, one: Thread, message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"actorId": one.actor(message.sender)}
    if message.sender == SYSTEM:
        return body
    if message.sender == VISITOR:
        return body | {"deliveryIdentifier": _visitor_delivery(one)} | ({"senderField": "FROM"} if one.address else {})
    user = call.portal.users.get(as_id(message.sender.removeprefix("A-")))
    return body if user is None else body | {"name": user.name}


def _recipient_json(one: Thread, recipient: Recipient) -> dict[str, Any]:
    delivery = recipient.delivery
    body: dict[str, Any] = {
        "deliveryIdentifier": _visitor_delivery(one)
        if delivery is None
        else {"type": delivery[0], "value": delivery[1]}
    }
    if recipient.actor is not None:
        body["actorId"] = one.actor(recipient.actor)
    if recipient.field is not None:
        body["recipientField"] = recipient.field
    if recipient.name is not None:
        body["name"] = recipient.name
    return body


def _visitor_delivery(one: Thread) -> dict[str, str]:
    """How the visitor is reached: by e-mail, or in the browser where the chat is."""
    if one.address is not None:
        return {"type": "HS_EMAIL_ADDRESS", "value": one.address}
    return {"type": "CHANNEL_SPECIFIC_OPAQUE_ID", "value": f"{one.visitor:032x}"}


ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint
    for path, dated in PREFIXES
    for endpoint in family(
        path,
        dated,
        ("GET", "/threads/{threadId}/messages", list_, READ),
        ("POST", "/threads/{threadId}/messages", write, WRITE),
        ("GET", "/threads/{threadId}/messages/{messageId}", read, READ),
        ("GET", "/threads/{threadId}/messages/{messageId}/original-content", original, READ),
    )
)
