"""Owners: the portal's users, as owners of records (W6.1)."""

from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.portal.moments import iso
from hubtwin.portal.users import Owner

MAX_PAGE = 500


def list_(call: Call) -> Response:
    """GET /: by e-mail address or in pages; a single page has no `paging`."""
    email, limit, after = call.text("email"), call.number("limit", 100, most=MAX_PAGE), call.after()
    found = [owner for owner in call.portal.users if email in (None, owner.email) and owner.id >= after]
    if call.flag("archived"):
        found = []  # nobody leaves a portal yet
    body: dict[str, Any] = {"results": [_owner_json(owner) for owner in found[:limit]]}
    if len(found) > limit:
        following = str(found[limit].id)
        body["paging"] = {"next": {"after": following, "link": call.link(after=following)}}
    return answer(body)


def read(call: Call) -> Response:
    """GET /{ownerId}, by owner id or, with `idProperty=userId`, by user id."""
    by_user = (call.text("idProperty") or "id").lower() == "userid"
    for owner in call.portal.users:
        if str(owner.user_id if by_user else owner.id) == call.path["ownerId"]:
            return answer(_owner_json(owner))
    raise ApiError(404, RESOURCE_NOT_FOUND)


def _owner_json(owner: Owner) -> dict[str, Any]:
    body = {
        "id": str(owner.id),
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "userId": owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": iso(owner.created),
        "updatedAt": iso(owner.created),
        "archived": False,
    }
    if owner.team is not None:
        body["teams"] = [{"id": owner.team, "name": owner.team, "primary": True}]
    return body


ENDPOINTS = family(
    "/crm/v3/owners",
    "/crm/owners/{version}",
    ("GET", "", list_, "crm.objects.owners.read"),
    ("GET", "/{ownerId}", read, "crm.objects.owners.read"),
)
