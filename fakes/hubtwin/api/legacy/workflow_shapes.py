"""Workflows in the words of version 3, and the flows that they mean (F7.21)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.errors import invalid
from hubtwin.api.legacy import list_filters
from hubtwin.api.legacy.records import part
from hubtwin.portal.flows.delays import UNITS
from hubtwin.portal.flows.office_hours import WEEKDAYS
from hubtwin.portal.moments import DAY, HOUR, MINUTE
from hubtwin.portal.portal import Portal

Json = dict[str, Any]

#: The actions that version 3 knows and that mean an action of a flow for certain.
KNOWN = ("DELAY", "SET_CONTACT_PROPERTY", "EMAIL", "WEBHOOK", "BRANCH")

UNSUPPORTED = "UNSUPPORTED_ACTION"

#: How deep branches may lie in branches.
MAX_DEPTH = 50

_UNITS = (("DAYS", DAY), ("HOURS", HOUR), ("MINUTES", MINUTE))


# -- from version 3 ------------------------------------------------------------------------------------------


def new_flow(portal: Portal, told: Body) -> Json:
    """The flow that a workflow of version 3 means. Raises ApiError where version 4 has no words for it."""
    told.require("name")
    _refuse_unknown(told)
    actions = list(_actions(portal, told.objects("actions"), count(1)))
    suppressed = part(told, "suppressionSetting").items("listIds") or told.items("suppressionListIds")
    flow: Json = {
        "type": "CONTACT_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": "0-1",
        "name": told.text("name"),
        "isEnabled": told.flag("enabled", False),
        "canEnrollFromSalesforce": told.flag("canEnrollFromSalesforce", False),
        "customProperties": {},
        "dataSources": [],
        "blockedDates": [],
        "timeWindows": _windows(told),
        "suppressionListIds": list(suppressed),
        "actions": actions,
        "enrollmentCriteria": _criteria(portal, told),
    }
    if actions:
        flow["startActionId"] = "1"
    if goal := told.items("goalCriteria"):
        flow["goalFilterBranch"] = list_filters.branch(portal, goal)
    return flow


def _refuse_unknown(told: Body) -> None:
    """What would be lost is refused: a workflow that does less than it says helps nobody."""
    if (kind := told.text("type", "DRIP_DELAY")) != "DRIP_DELAY":
        raise invalid(f"A workflow of type {kind} can't be made; only DRIP_DELAY can")
    if told.items("reEnrollmentTriggerSets"):
        raise invalid("reEnrollmentTriggerSets can't be used; make the workflow through version 4")
    if (kind := part(told, "unenrollmentSetting").text("type", "NONE")) != "NONE":
        raise invalid(f"An unenrollmentSetting of type {kind} can't be used; make the workflow through version 4")


def _criteria(portal: Portal, told: Body) -> Json:
    groups, again = told.items("segmentCriteria"), told.flag("allowContactToTriggerMultipleTimes", False)
    if not groups:
        return {"type": "MANUAL", "shouldReEnroll": again}
    if told.flag("onlyEnrollsManually", False):
        raise invalid("onlyEnrollsManually goes with empty segmentCriteria only")
    branch = list_filters.branch(portal, groups)
    return {
        "type": "LIST_BASED",
        "shouldReEnroll": again,
        "unEnrollObjectsNotMeetingCriteria": told.flag("listening", False),
        "listFilterBranch": branch,
        "reEnrollmentTriggersFilterBranches": [branch] if again else [],
    }


def _windows(told: Body) -> list[Json]:
    """When actions may run: `onlyExecOnBizDays` and `nurtureTimeRange`, as windows of each day."""
    hours, on_weekdays = part(told, "nurtureTimeRange"), told.flag("onlyExecOnBizDays", False)
    is_limited = hours.flag("enabled", False)
    if not on_weekdays and not is_limited:
        return []
    start, stop = (hours.number("startHour", 0), hours.number("stopHour", 24)) if is_limited else (0, 24)
    end = {"hour": 23, "minute": 59} if stop == 24 else {"hour": stop, "minute": 0}
    return [
        {"day": day, "startTime": {"hour": start, "minute": 0}, "endTime": end}
        for day in (WEEKDAYS[:5] if on_weekdays else WEEKDAYS)
    ]


def _actions(portal: Portal, steps: Sequence[Body], ids: "count[int]", depth: int = 0) -> Iterator[Json]:
    """The actions of a list of steps, each connected with the next one; those of branches come after them."""
    if depth > MAX_DEPTH:
        raise invalid(f"Branches can't be nested more than {MAX_DEPTH} times")
    id = next(ids) if steps else 0
    for place, step in enumerate(steps):
        kind = step.text("type") or UNSUPPORTED
        if kind == "BRANCH":
            if place + 1 < len(steps):
                raise invalid("A BRANCH must be the last one of its actions: what follows belongs into its branches")
            yield from _branch(portal, step, id, ids, depth + 1)
            return
        if kind not in KNOWN:
            raise invalid(f"Actions of type {kind} can't be used; those of {', '.join(KNOWN)} can")
        action = {"actionId": str(id), **_READERS[kind](step)}
        if place + 1 < len(steps):
            id = next(ids)
            action["connection"] = _connection(id)
        yield action


def _branch(portal: Portal, step: Body, id: int, ids: "count[int]", depth: int) -> Iterator[Json]:
    accepted = list(_actions(portal, step.objects("acceptActions"), ids, depth))
    rejected = list(_actions(portal, step.objects("rejectActions"), ids, depth))
    branch: Json = {"branchName": "Yes", "filterBranch": list_filters.branch(portal, step.items("filters"))}
    action: Json = {"type": "LIST_BRANCH", "actionId": str(id), "listBranches": [branch], "defaultBranchName": "No"}
    if accepted:
        branch["connection"] = _connection(accepted[0]["actionId"])
    if rejected:
        action["defaultBranch"] = _connection(rejected[0]["actionId"])
    yield from (action, *accepted, *rejected)


def _connection(id: object) -> Json:
    return {"edgeType": "STANDARD", "nextActionId": str(id)}


def _single(type: str, fields: Json) -> Json:
    return {"type": "SINGLE_CONNECTION", "actionTypeId": type, "actionTypeVersion": 0, "fields": fields}


def _delay(step: Body) -> Json:
    step.require("delayMillis")
    millis = step.number("delayMillis", 0)
    unit = next((named for named in _UNITS if millis % named[1] == 0), None)
    if unit is None or millis < 0:
        raise invalid(f"delayMillis must be a number of whole minutes, not {millis}")
    return _single("0-1", {"delta": str(millis // unit[1]), "time_unit": unit[0]})


def _set(step: Body) -> Json:
    step.require("propertyName")
    value = {"type": "STATIC_VALUE", "staticValue": step.text("newValue", "")}
    return _single("0-5", {"property_name": step.text("propertyName"), "value": value})


def _email(step: Body) -> Json:
    step.require("emailContentId")
    return _single("0-4", {"content_id": step.text("emailContentId")})


def _webhook(step: Body) -> Json:
    """Its `authCreds` are given back and not used: flows know no such credentials."""
    step.require("url")
    return {
        "type": "WEBHOOK",
        "method": step.text("method", "POST"),
        "webhookUrl": step.text("url"),
        "queryParams": [],
    }


_READERS = MappingProxyType({"DELAY": _delay, "SET_CONTACT_PROPERTY": _set, "EMAIL": _email, "WEBHOOK": _webhook})


# -- to version 3 --------------------------------------------------------------------------------------------


def old_actions(flow: Mapping[str, Any]) -> list[Json]:
    """The actions of a flow as version 3 lists them; what it has no words for is an UNSUPPORTED_ACTION.

    An action to which several ways lead is shown on the first one.
    """
    actions = {str(action["actionId"]): action for action in flow["actions"]}
    start = flow.get("startActionId") or next(iter(actions), None)
    return _steps(actions, start)


def _steps(left: Json, id: str | None, depth: int = 0) -> list[Json]:
    """The steps from an action on; all that are shown are taken out of *left*."""
    steps: list[Json] = []
    if depth > MAX_DEPTH:
        return steps
    while id is not None and (action := left.pop(id, None)) is not None:
        if action["type"] == "LIST_BRANCH" and len(action["listBranches"]) == 1:
            steps.append(_old_branch(left, action, depth + 1))
            break
        steps.append(_old_step(action))
        id = _next(action.get("connection"))
    return steps


def _old_branch(left: Json, action: Json, depth: int) -> Json:
    accepted = _steps(left, _next(action["listBranches"][0].get("connection")), depth)
    rejected = _steps(left, _next(action.get("defaultBranch")), depth)
    return {"type": "BRANCH", "filters": [], "acceptActions": accepted, "rejectActions": rejected}


def _old_step(action: Json) -> Json:
    fields = action.get("fields") or {}
    match action.get("actionTypeId"), action["type"]:
        case "0-1", _:
            return {"type": "DELAY", "delayMillis": int(fields["delta"]) * UNITS[fields["time_unit"]]}
        case "0-4", _:
            return {"type": "EMAIL", "emailContentId": fields.get("content_id")}
        case "0-5", _ if fields["value"].get("type") == "STATIC_VALUE" and not fields.get("association"):
            name, value = fields["property_name"], fields["value"].get("staticValue")
            return {"type": "SET_CONTACT_PROPERTY", "propertyName": name, "newValue": value}
        case _, "WEBHOOK":
            return {"type": "WEBHOOK", "url": action.get("webhookUrl"), "method": action.get("method")}
    return {"type": UNSUPPORTED}


def _next(connection: Mapping[str, Any] | None) -> str | None:
    return str(connection["nextActionId"]) if connection else None
