"""Users: adding them to the account and letting them go; their teams and roles (W6.2)."""

from collections.abc import Sequence
from typing import Any

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.errors import CONFLICT, RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.users import Owner

MAX_PAGE = 100

NO_ROLES = "Account doesn't have access to roles."

#: The ids of the roles of an account, in the order of its configuration.
_FIRST_ROLE_ID = 20_000_001


def list_(call: Call) -> Response:
    """GET /: in pages."""
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    users = sorted(call.portal.users, key=lambda user: user.user_id)
    found = (user for user in users if user.user_id >= after)
    return answer(page(call, ((str(user.user_id), _user_json(call, user)) for user in found), limit))


def create(call: Call) -> Response:
    """POST /: 201; the user owns records at once."""
    body = call.body
    body.require("email")
    email = call.portal.preferences.address(body.text("email") or " ")
    primary, secondary, role = _teams_and_role(call)
    try:
        user = call.portal.users.add(
            email,
            body.text("firstName") or "",
            body.text("lastName") or "",
            created=call.portal.clock.now,
            team=primary,
            secondary_teams=secondary or (),
            role=role,
        )
    except Refused as error:
        raise ApiError(409, str(error), CONFLICT) from None
    welcome = body.data.get("sendWelcomeEmail") is True
    return answer({**_user_json(call, user), "sendWelcomeEmail": welcome}, 201)


def read(call: Call) -> Response:
    """GET /{userId}, by user id or, with `idProperty=EMAIL`, by e-mail address."""
    return answer(_user_json(call, _find(call)))


def update(call: Call) -> Response:
    """PUT /{userId}: names, teams and role."""
    user = _find(call)
    primary, secondary, role = _teams_and_role(call)
    first_name, last_name = call.body.text("firstName"), call.body.text("lastName")
    changed = call.portal.users.change(
        user, first_name=first_name, last_name=last_name, team=primary, secondary_teams=secondary, role=role
    )
    return answer(_user_json(call, changed))


def delete(call: Call) -> Response:
    """DELETE /{userId}: 204, also where there is no such user."""
    user = _look(call)
    if user is not None:
        call.portal.remove_user(user, source=call.source)
    return nothing()


def roles(call: Call) -> Response:
    """GET /roles: 400 where the account has none."""
    known = _roles(call)
    if not known:
        raise invalid(NO_ROLES)
    rows = [{"id": id, "name": name, "requiresBillingWrite": False} for id, name in known.items()]
    return answer({"results": rows})


def teams(call: Call) -> Response:
    """GET /teams: with their members."""
    users = list(call.portal.users)
    return answer(
        {
            "results": [
                {
                    "id": str(team.id),
                    "name": team.name,
                    "userIds": [str(user.user_id) for user in users if user.team == team.name],
                    "secondaryUserIds": [str(user.user_id) for user in users if team.name in user.secondary_teams],
                }
                for team in call.portal.users.teams
            ]
        }
    )


def _look(call: Call) -> Owner | None:
    id = call.path["userId"]
    if (call.text("idProperty") or "USER_ID") == "EMAIL":
        return next((user for user in call.portal.users if user.email == id.lower()), None)
    return call.portal.users.get(as_id(id))


def _find(call: Call) -> Owner:
    user = _look(call)
    if user is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return user


def _roles(call: Call) -> dict[str, str]:
    return {str(_FIRST_ROLE_ID + place): name for place, name in enumerate(call.portal.configuration.roles)}


def _teams_and_role(call: Call) -> tuple[str | None, Sequence[str] | None, str | None]:
    """The names of what a request asks for by id; None where it doesn't ask. Raises ApiError."""
    body, users = call.body, call.portal.users
    primary, role = body.text("primaryTeamId"), body.text("roleId")
    try:
        team = None if primary is None else users.team(primary).name
        secondary = None if "secondaryTeamIds" not in body.data else _team_names(call)
    except UnknownName as error:
        raise invalid(str(error)) from None
    if role is not None and role not in _roles(call):
        raise invalid(f"There is no role {role}" if _roles(call) else NO_ROLES)
    return team, secondary, None if role is None else _roles(call)[role]


def _team_names(call: Call) -> list[str]:
    return [call.portal.users.team(id).name for id in call.body.texts("secondaryTeamIds")]


def _user_json(call: Call, user: Owner) -> dict[str, Any]:
    ids = {team.name: str(team.id) for team in call.portal.users.teams}
    role_ids = [id for id, name in _roles(call).items() if name == user.role]
    body: dict[str, Any] = {"id": str(user.user_id), "email": user.email}
    if user.first_name:
        body["firstName"] = user.first_name
    if user.last_name:
        body["lastName"] = user.last_name
    body["roleIds"] = role_ids
    if role_ids:
        body["roleId"] = role_ids[0]
    if user.team is not None:
        body["primaryTeamId"] = ids[user.team]
    if user.secondary_teams:
        body["secondaryTeamIds"] = [ids[name] for name in user.secondary_teams]
    return {**body, "superAdmin": user.super_admin}


_READ, _WRITE = "settings.users.read", "settings.users.write"
_TEAMS = "settings.users.teams.read"

_OPERATIONS = (
    ("GET", "", list_, _READ),
    ("POST", "", create, _WRITE),
    ("GET", "/roles", roles, _READ),
    ("GET", "/teams", teams, _TEAMS),
    ("GET", "/{userId}", read, _READ),
    ("PUT", "/{userId}", update, _WRITE),
    ("DELETE", "/{userId}", delete, _WRITE),
)

ENDPOINTS = (
    *family("/settings/v3/users", None, *_OPERATIONS),
    *family("/settings/users/2026-03", None, *_OPERATIONS),
    Endpoint("GET", "/settings/users/v3", None, list_, _READ),
    Endpoint("POST", "/settings/users/v3", None, create, _WRITE),
)
