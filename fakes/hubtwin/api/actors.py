"""Conversations: the actors who write messages, by the ids that threads and messages show (F9.6)."""

from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.conversations import PREFIXES, READ
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import OBJECT_NOT_FOUND, RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.portal import Portal
from hubtwin.portal.threads import ACTOR_TYPES, SYSTEM

MAX_BATCH = 100

#: The types of which anything after the hyphen is an id: nobody keeps a list of them.
_UNLISTED = ("EMAIL", "INTEGRATION", "LLM")


def read(call: Call) -> Response:
    """GET /actors/{actorId}: one."""
    actor = _actor_json(call.portal, call.path["actorId"])
    if actor is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(actor)


def read_batch(call: Call) -> Response:
    """POST /actors/batch/read: several; 207 where some don't exist (F9.6.1)."""
    call.body.require("inputs")
    ids = list(dict.fromkeys(call.body.texts("inputs")))
    if len(ids) > MAX_BATCH:
        raise invalid(f"The batch has {len(ids)} inputs; at most {MAX_BATCH} are allowed")
    found = {id: _actor_json(call.portal, id) for id in ids}
    missing, now = [id for id, actor in found.items() if actor is None], iso(call.portal.clock.now)
    body: dict[str, Any] = {
        "status": "COMPLETE",
        "results": [actor for actor in found.values() if actor is not None],
        "startedAt": now,
        "completedAt": now,
    }
    if not missing:
        return answer(body)
    error = {
        "status": "error",
        "category": OBJECT_NOT_FOUND,
        "message": "Could not get some actors, they may be deleted or not exist.",
        "context": {"ids": missing},
    }
    return answer({**body, "numErrors": 1, "errors": [error]}, 207)


def _actor_json(portal: Portal, id: str) -> dict[str, Any] | None:
    """An actor, None where there is none with this id."""
    letter, hyphen, rest = id.partition("-")
    type = ACTOR_TYPES.get(letter)
    if type is None or not hyphen or not rest:
        return None
    named = _named(portal, type, rest)
    return None if named is None else {"id": id, "type": type, **named}


def _named(portal: Portal, type: str, id: str) -> dict[str, Any] | None:
    if type == "AGENT":
        user = portal.users.get(as_id(id))
        return None if user is None else {"name": user.name, "email": user.email}
    if type == "VISITOR":
        return _visitor(portal, as_id(id))
    if type == "BOT":
        chatflow = next((one for one in portal.chatflows if str(one.id) == id), None)
        return None if chatflow is None else {"name": chatflow.settings.name}
    if type == "SYSTEM":
        return {"name": "HubSpot"} if f"S-{id}" == SYSTEM else None
    return ({"email": id} if type == "EMAIL" else {}) if type in _UNLISTED else None


def _visitor(portal: Portal, id: int) -> dict[str, Any] | None:
    contact = portal.records[CONTACTS].get(id)
    if contact is not None:
        email = contact.get("email")
        return {"name": contact.name} | ({"email": email} if email is not None else {})
    return {} if any(thread.visitor == id for thread in portal.conversations.threads()) else None


ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint
    for path, dated in PREFIXES
    for endpoint in family(
        path,
        dated,
        ("GET", "/actors/{actorId}", read, READ),
        ("POST", "/actors/batch/read", read_batch, READ),
    )
)
