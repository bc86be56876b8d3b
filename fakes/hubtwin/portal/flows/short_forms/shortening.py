"""Whole workflows of HubSpot's JSON as a portal file has them, with nothing lost (F7.2)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hubtwin.portal.configuration import Workflow
from hubtwin.portal.errors import PortalError
from hubtwin.portal.filter_branches import short_forms
from hubtwin.portal.filter_branches.short_forms import Json
from hubtwin.portal.flows.short_forms import criteria, kinds, routes, times
from hubtwin.portal.flows.short_forms.around import Around
from hubtwin.portal.flows.short_forms.expanding import expanded, filled
from hubtwin.portal.flows.short_forms.routes import NotShort

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: What HubSpot adds to a flow, and no portal file says (F7.2).
_ADDED = ("id", "revisionId", "createdAt", "updatedAt", "crmObjectCreationStatus", "nextAvailableActionId")

#: What reading JSON raises that the short form has no words for: nobody has checked that JSON.
_UNREADABLE = (NotShort, PortalError, ValueError, LookupError, TypeError, AttributeError, RecursionError)

_Part = Callable[[Around, Mapping[str, Any]], Json]


def shortened(portal: "Portal", data: Mapping[str, Any], flows: Mapping[str, str], name: str) -> Json:
    """A flow as a portal file has it, under a *name* that no other one has.

    What the short form has no words for stands in it as JSON, so that `expanded` makes the same flow of it again.
    """
    data = {key: value for key, value in data.items() if value is not None and key not in _ADDED}
    around = Around(portal, portal.type(data["objectTypeId"]), flows)
    short: Json = {"name": name, "object": around.type.name, "active": data.get("isEnabled") is True}
    for part in (_read_frame, _read_enroll, _read_goal, _read_suppression, _read_ends, _read_times, _read_actions):
        short |= _tried(around, short, part, data)
    different = _differences(expanded(portal, Workflow.model_validate(short), flows, "").data, data)
    return {**short, "json": different} if different else short


def _tried(around: Around, short: Json, part: _Part, data: Mapping[str, Any]) -> Json:
    """What a part reads, unless that makes no workflow: then it is left to JSON."""
    try:
        read: Json = part(around, data)
        expanded(around.portal, Workflow.model_validate({**short, **read}), around.flows, "")
    except _UNREADABLE:
        return {}
    return read


def _differences(made: Mapping[str, Any], data: Mapping[str, Any]) -> Json:
    """The members that a flow has otherwise than the short form makes them; None for those that it lacks."""
    changed = {name: value for name, value in data.items() if name not in made or not _same(name, made[name], value)}
    return {**changed, **{name: None for name in made if name not in data}}


def _same(name: str, made: Any, value: Any) -> bool:
    """Whether two members mean the same: the order in which actions are listed doesn't matter."""
    if name == "actions":
        return _by_id(filled(made)) == _by_id(filled(value))
    return bool(filled(made) == filled(value))


def _by_id(actions: Any) -> list[tuple[str, Any]]:
    return sorted(((str(one["actionId"]), one) for one in actions), key=lambda pair: pair[0])


def _read_frame(around: Around, data: Mapping[str, Any]) -> Json:
    return {"description": data["description"]} if data.get("description") is not None else {}


def _read_enroll(around: Around, data: Mapping[str, Any]) -> Json:
    enroll = criteria.read(around.portal, around.type, data["enrollmentCriteria"])
    if "enrollmentSchedule" in data:
        enroll["schedule"] = times.read_schedule(data["enrollmentSchedule"])
    return {} if enroll in ({}, {"again": True}) else {"enroll": enroll}


def _read_goal(around: Around, data: Mapping[str, Any]) -> Json:
    branch = data.get("goalFilterBranch")
    return {} if branch is None else {"goal": short_forms.shortened(around.portal, around.type, branch)}


def _read_suppression(around: Around, data: Mapping[str, Any]) -> Json:
    if data.get("suppressionListIds"):
        return {"suppress": [around.list_called(id) for id in data["suppressionListIds"]]}
    branch = data.get("suppressionFilterBranch")
    return {} if branch is None else {"suppress": short_forms.shortened(around.portal, around.type, branch)}


def _read_ends(around: Around, data: Mapping[str, Any]) -> Json:
    setting = data.get("unEnrollmentSetting")
    if setting is None:
        return {}
    return {"ends": "all" if setting["type"] == "ALL" else [around.flow_called(str(id)) for id in setting["flowIds"]]}


def _read_times(around: Around, data: Mapping[str, Any]) -> Json:
    read: Json = {"hours": times.read_windows(data.get("timeWindows") or ())}
    read["blocked"] = [times.read_blocked(date) for date in data.get("blockedDates") or ()]
    return {key: value for key, value in read.items() if value}


def _read_actions(around: Around, data: Mapping[str, Any]) -> Json:
    actions = {str(action["actionId"]): action for action in data["actions"]}
    if len(actions) != len(data["actions"]):
        raise NotShort("two actions have the same id")
    walk = routes.Walk(actions)
    return {"actions": _Reader(around).all(walk.whole(data.get("startActionId")))}


class _Reader:
    """Reads actions in the order of the file, which counts them."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._count = 0

    def all(self, found: "tuple[routes.Found | None, ...]") -> list[Json]:
        """The actions of one way."""
        return [{"end": True} if one is None else self._one(one) for one in found]

    def _one(self, found: routes.Found) -> Json:
        self._count += 1
        id = {} if found.id == str(self._count) else {"id": found.id}
        alone = routes.unconnected(found.action)
        ways = [self.all(way) for way in found.ways]
        return {**id, **self._short(alone, ways)}

    def _short(self, alone: Json, ways: list[Any]) -> Json:
        """The short form of an action, where it says all; else its JSON."""
        try:
            short = kinds.read(self._around, alone, ways)
            (action,) = Workflow.model_validate({"name": "w", "actions": [short]}).actions
            if filled(kinds.written(self._around, action)) == filled(alone):
                return short
        except _UNREADABLE:
            pass  # it says more than the short form can
        return {"json": alone, "ways": ways} if ways else {"json": alone}
