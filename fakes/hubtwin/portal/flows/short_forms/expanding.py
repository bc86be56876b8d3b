"""Whole workflows of a portal file as HubSpot's JSON (F7.2)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubtwin.portal.configuration import Workflow
from hubtwin.portal.errors import ConfigurationError, InvalidDefinition, PortalError
from hubtwin.portal.filter_branches.short_forms import Json, Place
from hubtwin.portal.flows.plans import CONTACT_FLOW, PLATFORM_FLOW
from hubtwin.portal.flows.short_forms import criteria, kinds, routes, times
from hubtwin.portal.flows.short_forms.around import Around
from hubtwin.portal.objects import CONTACTS, ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

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
        if member == "actions" and number is not None:
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
    places: dict[str, Place] = {member: (place,) for member, place in MEMBERS.items()}
    for stop, action in zip(map.all(), data["actions"], strict=True):
        places[f"actions.{stop.id}"] = stop.place
        for branch, place in routes.branches_of(stop, action["type"]):
            places[f"actions.{stop.id}.{branch}"] = place
    rules = {part: ".".join(str(step) for step in (rule, *place)) for part, place in places.items()}
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
        names = suppressed if isinstance(suppressed, tuple) else ()
        return {"suppressionListIds": [_list(around, number, name) for number, name in enumerate(names)]}
    if suppressed is None:
        return {}
    return {"suppressionFilterBranch": criteria.filters(around.portal, around.type, suppressed, "suppress")}


def _list(around: Around, number: int, name: str) -> int:
    try:
        return int(around.list(name))
    except PortalError as error:
        raise ConfigurationError(("suppress", number), str(error)) from None


def _actions(around: Around, map: routes.Map) -> Json:
    written: dict[str, Json] = {}
    for stop in map.all():
        if stop.id in written:
            raise ConfigurationError(stop.place, f"an action before this one has the id {stop.id!r} already")
        try:
            written[stop.id] = {"actionId": stop.id, **kinds.written(around, stop.action)}
            routes.check_ways(written[stop.id], len(stop.ways))
        except ConfigurationError as error:
            raise error.below(*stop.place) from None
        except PortalError as error:
            raise ConfigurationError(stop.place, str(error)) from None
    routes.Roads(written).lay(map.stops, None)
    start = {"startActionId": map.stops[0].id} if map.stops else {}
    return {"actions": list(written.values()), **start}


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
