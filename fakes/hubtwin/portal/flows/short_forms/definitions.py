"""Whole workflows: from a portal file to HubSpot's JSON and back, with nothing lost (F7.2)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hubtwin.portal.configuration import Workflow
from hubtwin.portal.errors import ConfigurationError, InvalidDefinition, PortalError
from hubtwin.portal.filter_branches import short_forms
from hubtwin.portal.flows.plans import CONTACT_FLOW, PLATFORM_FLOW
from hubtwin.portal.flows.short_forms import criteria, others, routes, steps, times
from hubtwin.portal.flows.short_forms.around import Around
from hubtwin.portal.flows.short_forms.routes import NotShort
from hubtwin.portal.objects import CONTACTS, ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Json = dict[str, Any]
Place = tuple[str | int, ...]

#: What HubSpot adds to a flow, and no portal file says (F7.2).
_ADDED = ("id", "revisionId", "createdAt", "updatedAt", "crmObjectCreationStatus", "nextAvailableActionId")

#: The member that the message about a wrong flow begins with, and the number of the action.
_PLACE = re.compile(r"(?:flow\.(\w+)(?:\[(\d+)\])?)?")

#: Where in a portal file the members stand that plans are made of.
MEMBERS: Mapping[str, str] = {
    "enrollmentCriteria": "enroll",
    "enrollmentSchedule": "enroll.schedule",
    "goalFilterBranch": "goal",
    "suppressionFilterBranch": "suppress",
    "suppressionListIds": "suppress",
    "unEnrollmentSetting": "ends",
    "timeWindows": "hours",
    "blockedDates": "blocked",
    "objectTypeId": "object",
}

_WRITERS = {**steps.WRITERS, **others.WRITERS}


@dataclass(frozen=True, slots=True)
class Expanded:
    """A flow's JSON, and where in the workflow of the portal file its actions and members stand, by id and name."""

    data: Json
    rules: Mapping[str, str]


@contextmanager
def blaming(flow: Expanded, rule: str) -> Iterator[None]:
    """Make what is wrong with the JSON of a flow a ConfigurationError about the workflow at *rule* of the file."""
    try:
        yield
    except InvalidDefinition as error:
        member, number = _PLACE.match(str(error)).groups()  # type: ignore[union-attr]  # it matches any text
        part = member or ""
        if number is not None:
            part = f"actions.{flow.data['actions'][int(number)].get('actionId')}"
        found = flow.rules.get(part, rule).removeprefix(rule).strip(".")
        place = [int(step) if step.isdecimal() else step for step in found.split(".") if step]
        raise ConfigurationError(place, str(error)) from None


# -- to HubSpot's JSON ---------------------------------------------------------------------------------------


def expanded(portal: "Portal", workflow: Workflow, flows: Mapping[str, str], rule: str) -> Expanded:
    """The flow that a workflow of a portal file stands for; *flows* are the ids of all flows by their names.

    Raises ConfigurationError, whose place begins at the workflow.
    """
    try:
        type = portal.type(workflow.object)
    except PortalError as error:
        raise ConfigurationError(("object",), str(error)) from None
    around = Around(portal, type, flows)
    map = routes.Map(workflow.actions)
    data = {**_frame(workflow, type), **_triggers(around, workflow), **_actions(around, map)}
    given = {**data, **(workflow.json_ or {})}
    rules = {f"actions.{stop.id}": ".".join(str(step) for step in (rule, *stop.place)) for stop in map.all()}
    rules |= {
        f"actions.{stop.id}.{branch}": ".".join(str(step) for step in (rule, *place))
        for stop, action in zip(map.all(), data["actions"], strict=True)
        for branch, place in routes.branches_of(stop, action["type"])
    }
    rules |= {member: f"{rule}.{place}" for member, place in MEMBERS.items()}
    return Expanded({name: filled(value) for name, value in given.items() if value is not None}, rules)


def _frame(workflow: Workflow, type: ObjectType) -> Json:
    described = {} if workflow.description is None else {"description": workflow.description}
    return {
        "type": CONTACT_FLOW if type is CONTACTS else PLATFORM_FLOW,
        "flowType": "WORKFLOW",
        "objectTypeId": type.id,
        "name": workflow.name,
        **described,
        "isEnabled": workflow.active,
        "customProperties": {},
        "dataSources": [],
        "timeWindows": times.windows(workflow.hours),
        "blockedDates": [times.blocked(day) for day in workflow.blocked],
        **({"canEnrollFromSalesforce": False} if type is CONTACTS else {}),
    }


def _triggers(around: Around, workflow: Workflow) -> Json:
    portal, type, enroll = around.portal, around.type, workflow.enroll
    try:
        data: Json = {"enrollmentCriteria": criteria.written(portal, type, enroll)}
    except ConfigurationError as error:
        raise error.below("enroll") from None
    if enroll is not None and enroll.schedule is not None:
        data["enrollmentSchedule"] = times.schedule(enroll.schedule)
    if workflow.goal is not None:
        data["goalFilterBranch"] = criteria.filters(portal, type, workflow.goal, "goal")
    if workflow.ends is not None:
        data["unEnrollmentSetting"] = _ends(around, workflow.ends)
    return data | _suppression(around, workflow)


def _ends(around: Around, ends: Any) -> Json:
    if ends == "all":
        return {"type": "ALL", "flowIds": []}
    return {"type": "SELECTIVE", "flowIds": [around.flow(name) for name in ends]}


def _suppression(around: Around, workflow: Workflow) -> Json:
    suppressed = workflow.suppress
    if around.type is CONTACTS:
        return {"suppressionListIds": [_list(around, n, name) for n, name in enumerate(suppressed or ())]}
    if suppressed is None:
        return {}
    return {"suppressionFilterBranch": criteria.filters(around.portal, around.type, suppressed, "suppress")}


def _list(around: Around, number: int, name: str) -> int:
    try:
        return int(around.list(name))
    except PortalError as error:
        raise ConfigurationError(("suppress", number), str(error)) from None


def _actions(around: Around, map: routes.Map) -> Json:
    written = {}
    for stop in map.all():
        try:
            written[stop.id] = {"actionId": stop.id, **_WRITERS[type(stop.action)](around, stop.action)}
        except ConfigurationError as error:
            raise error.below(*stop.place) from None
        except PortalError as error:
            raise ConfigurationError(stop.place, str(error)) from None
    routes.Roads(written).lay(map.stops, None)
    start = {"startActionId": map.stops[0].id} if map.stops else {}
    return {"actions": list(written.values()), **start}


# -- from HubSpot's JSON -------------------------------------------------------------------------------------


def shortened(portal: "Portal", data: Mapping[str, Any], flows: Mapping[str, str], name: str) -> Json:
    """A flow as a portal file has it, under a *name* that no other one has.

    What the short form has no words for stands in it as JSON, so that `expanded` makes the same flow of it again.
    """
    data = {key: value for key, value in data.items() if value is not None and key not in _ADDED}
    around = Around(portal, portal.type(data["objectTypeId"]), flows)
    short: Json = {"name": name, "object": around.type.name, "active": data["isEnabled"]}
    for part in (_read_frame, _read_enroll, _read_goal, _read_suppression, _read_ends, _read_times, _read_actions):
        short |= _tried(around, short, part, data)
    different = _differences(expanded(portal, Workflow.model_validate(short), flows, "").data, data)
    return {**short, "json": different} if different else short


def _tried(around: Around, short: Json, part: Any, data: Mapping[str, Any]) -> Json:
    """What a part reads, unless that makes no workflow: then it is left to JSON."""
    try:
        read: Json = part(around, data)
        expanded(around.portal, Workflow.model_validate({**short, **read}), around.flows, "")
    except (NotShort, PortalError, ConfigurationError, ValidationError, KeyError, TypeError, ValueError, IndexError):
        return {}
    except AttributeError:
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


def filled(data: Any) -> Any:
    """JSON with what may be left out of filters, and without members that are null."""
    if isinstance(data, list):
        return [filled(one) for one in data]
    if not isinstance(data, Mapping):
        return data
    full = {name: filled(value) for name, value in data.items() if value is not None}
    if full.get("filterType") == "PROPERTY" and isinstance(full.get("operation"), Mapping):
        full["operation"] = {"includeObjectsWithNoValueSet": False, **full["operation"]}
    if isinstance(kind := full.get("filterBranchType"), str):
        full = {"filterBranchOperator": "OR" if kind == "OR" else "AND", "filterBranches": [], "filters": [], **full}
    return full


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
            short = self._read(alone, ways)
            (action,) = Workflow.model_validate({"name": "w", "actions": [short]}).actions
            if filled(_WRITERS[type(action)](self._around, action)) == filled(alone):
                return short
        except (PortalError, ConfigurationError, ValidationError, KeyError, TypeError, ValueError, AttributeError):
            pass
        return {"json": alone, "ways": ways} if ways else {"json": alone}

    def _read(self, alone: Json, ways: list[Any]) -> Json:
        kind = alone["type"]
        if kind in others.BRANCHES:
            return others.BRANCHES[kind](self._around, alone, ways)
        kind = alone.get("actionTypeId", kind)
        if kind in others.READERS:
            return others.READERS[kind](self._around, alone)
        return steps.READERS[kind](self._around, alone["fields"])
