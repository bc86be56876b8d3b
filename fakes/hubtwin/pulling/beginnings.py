"""What a pulled portal begins with: its account, stages and people, which everything else refers to."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from hubtwin.portal.configuration import Configuration, Settings
from hubtwin.portal.configuration.references import Refers, names
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.pulling.notes import Notes
from hubtwin.pulling.source import Refusal, Source

Json = dict[str, Any]

#: The greatest id.
MOST = 10**18

#: What the properties begin with that tell when a record came into a stage.
_DATES = "hs_v2_date_entered_"

#: What HubSpot calls the purposes of subscription types, in the words of a portal file.
_PURPOSES = {"marketing": "Marketing", "sales": "Sales", "service": "Service", "customer service": "Service"}


def read(source: Source, notes: Notes) -> Configuration:
    """The configuration that a portal begins with; as in a new account what can't be read."""
    said: Json = {}
    for thing, part in _PARTS.items():
        with notes.leaving_out(thing):
            more = part(source, said)
            Configuration.model_validate(_settled({**said, **more}))
            said |= more
    return Configuration.model_validate(_settled(said))


def _settled(said: Json) -> Json:
    """What was read, and the settings as no API tells them: those of a new account, as far as there are the stages."""
    if "stages" not in said:
        return said
    known = {stage["id"] for stage in said["stages"]}
    settings: Json = Settings().model_dump()
    for place, mark, name in names(Settings()):
        if isinstance(mark, Refers) and mark.kind == "stage" and name not in known:
            inner = settings
            for step in place[:-1]:
                inner = inner[str(step)]
            inner[str(place[-1])] = None
    return {**said, "settings": settings}


def _account(source: Source, said: Json) -> Json:
    details = source.get("/account-info/v3/details")
    account: Json = {"id": details.whole("portalId", low=1, high=MOST)}
    source.answered += 1
    for key, name in (("time_zone", "timeZone"), ("currency", "companyCurrency"), ("ui_domain", "uiDomain")):
        if name in details:
            account[key] = details.text(name)
    return {"account": account}


# -- stages --------------------------------------------------------------------------------------------------


def _stages(source: Source, said: Json) -> Json:
    """The lifecycle stages in their order; those without properties for their dates are not calculated (F1.18.1)."""
    pipelines = source.rows("/crm/v3/pipelines/contacts")
    if not pipelines:
        raise Refusal("the portal names no pipeline of contacts")
    stages = sorted(pipelines[0].objects("stages"), key=lambda stage: stage.whole("displayOrder", low=-1, high=MOST))
    dates = _stage_dates(source)
    return {"stages": [_stage(stage, dates) for stage in stages]}


def _stage(stage: Node, dates: Sequence[str]) -> Json:
    id = stage.text("id")
    is_calculated = not dates or any(date.startswith(f"{_DATES}{id}") for date in dates)
    return {"id": id, "label": stage.text("label"), "calculated": is_calculated}


def _stage_dates(source: Source) -> Sequence[str]:
    """The properties of contacts that tell when they came into a stage; none where the portal doesn't name them."""
    try:
        listed = source.rows("/crm/v3/properties/contacts")
    except Refusal:
        return ()
    return [name for one in listed if (name := one.text("name")).startswith(_DATES)]


# -- people --------------------------------------------------------------------------------------------------


def _users(source: Source, said: Json) -> Json:
    """The users as owners of records, and their teams with the ids that workflows name them by."""
    told = [owner for owner in source.pages("/crm/v3/owners", limit=100) if "email" in owner]
    owners = [owner for owner in told if owner.text("type", "PERSON") == "PERSON"]
    if not owners:
        raise Refusal("the portal names no owner")
    teams = {team.text("name"): team.whole("id", low=1, high=MOST) for one in owners for team in one.objects("teams")}
    by_id = sorted(teams.items(), key=itemgetter(1))
    return {"users": list(map(_user, owners)), "teams": [{"name": name, "id": id} for name, id in by_id]}


def _user(owner: Node) -> Json:
    teams = [(team.text("name"), team.flag("primary", default=False)) for team in owner.objects("teams")]
    return {
        "email": owner.text("email"),
        "id": owner.whole("id", low=1, high=MOST),
        "user_id": owner.whole("userId", low=1, high=MOST) if "userId" in owner else None,
        "first_name": owner.text("firstName", ""),
        "last_name": owner.text("lastName", ""),
        "team": next((name for name, is_primary in teams if is_primary), None),
        "secondary_teams": [name for name, is_primary in teams if not is_primary],
    }


def _super_admins(source: Source, said: Json) -> Json:
    """Which of the users no pipeline rule binds (F2.15), and the roles of users, where the account has roles."""
    told = {user.text("email", "").lower(): user for user in source.pages("/settings/v3/users", limit=100)}
    roles = {} if not any(user.data.get("roleIds") for user in told.values()) else _roles(source)
    users = [{**user, **_standing(told.get(user["email"].lower()), roles)} for user in said.get("users", ())]
    return {"roles": list(roles.values()), **({"users": users} if users else {})}


def _standing(told: Node | None, roles: Mapping[str, str]) -> Json:
    if told is None:
        return {}
    return {"super_admin": told.flag("superAdmin", default=False), "role": roles.get(told.text("roleId", ""))}


def _roles(source: Source) -> Mapping[str, str]:
    return {role.text("id"): role.text("name") for role in source.rows("/settings/v3/users/roles")}


# -- how people are reached ----------------------------------------------------------------------------------


def _subscription_types(source: Source, said: Json) -> Json:
    types = source.rows("/communication-preferences/v3/definitions", "subscriptionDefinitions")
    return {"subscription_types": [_subscription_type(one) for one in types]} if types else {}


def _subscription_type(one: Node) -> Json:
    return {
        "name": one.text("name"),
        "id": one.whole("id", low=1, high=MOST),
        "description": one.text("description", ""),
        "purpose": _PURPOSES.get(one.text("purpose", "").lower(), "Marketing"),
        "active": one.flag("isActive", default=True),
    }


def _meeting_links(source: Source, said: Json) -> Json:
    """The meetings links of known users; how long a meeting takes they don't tell."""
    emails = {str(user["user_id"]): user["email"] for user in said.get("users", ())}
    links = [
        (link.text("slug"), emails.get(link.text("organizerUserId", "")))
        for link in source.pages("/scheduler/v3/meetings/meeting-links", limit=100)
    ]
    return {"meeting_links": [{"slug": slug, "user": user} for slug, user in links if user is not None]}


#: What is read, in this order, by what notes call it.
_PARTS: Mapping[str, Callable[[Source, Json], Json]] = MappingProxyType(
    {
        "account": _account,
        "stages": _stages,
        "users": _users,
        "super admins and roles": _super_admins,
        "subscription types": _subscription_types,
        "meetings links": _meeting_links,
    }
)
