"""Owners: the portal's users, as owners of records (W6.1)."""

from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.moments import iso
from hubtwin.portal.users import Owner

MAX_PAGE = 500


def list_(call: Call) -> Response:
    """GET /: by e-mail address or in pages; a single page has no `paging`."""
    email, limit, after = call.text("email"), call.number("limit", 100, most=MAX_PAGE), call.after()
    held = call.portal.users.removed if call.flag("archived") else call.portal.users
    owners = sorted(held, key=lambda owner: owner.id)
    found = (owner for owner in owners if email in (None, owner.email) and owner.id >= after)
    return answer(page(call, ((str(owner.id), _owner_json(call, owner)) for owner in found), limit))


def read(call: Call) -> Response:
    """GET /{ownerId}, by owner id or, with `idProperty=userId`, by user id."""
    by_user = (call.text("idProperty") or "id").lower() == "userid"
    for owner in call.portal.users.removed if call.flag("archived") else call.portal.users:
        if str(owner.user_id if by_user else owner.id) == call.path["ownerId"]:
            return answer(_owner_json(call, owner))
    raise ApiError(404, RESOURCE_NOT_FOUND)


def _owner_json(call: Call, owner: Owner) -> dict[str, Any]:
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
        "archived": owner.removed is not None,
    }
    teams = [call.portal.users.team_called(name) for name in (owner.team, *owner.secondary_teams) if name is not None]
    if teams:
        body["teams"] = [{"id": str(team.id), "name": team.name, "primary": team.name == owner.team} for team in teams]
    return body


ENDPOINTS = family(
    "/crm/v3/owners",
    "/crm/owners/{version}",
    ("GET", "", list_, "crm.objects.owners.read"),
    ("GET", "/{ownerId}", read, "crm.objects.owners.read"),
)
