"""Definitions: what the actions of a workflow do, as far as its JSON tells (F7.15, F7.17)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from hubtwin.portal.flows.actions import Asset
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import ObjectType

#: Where the JSON of a workflow says whom it enrolls.
CRITERIA = "enrollmentCriteria"

#: The actions that let time pass: a set time, a weekday or time of day, an event, a date.
DELAYS = ("0-1", "0-28", "0-29", "0-35")

EDIT_RECORD, _ENROLL = "0-5", "0-15"

#: The actions that make records: any, tasks, notes.
_MAKERS = ("0-14", "0-3", "0-169425243")

#: The values that build on the present one, so that their order doesn't matter.
_ADDING = ("INCREMENT", "STATIC_APPEND_VALUE", "APPEND_OBJECT_PROPERTY")


class Write(NamedTuple):
    """An action that writes a property: of its *own* record, of an associated *other* one, or of a *new* one.

    *value* is what it writes, "" where it clears, None where that depends. One that *adds* builds on the present value.
    """

    action: str
    type: ObjectType
    property: str
    value: str | None
    target: Literal["own", "other", "new"]
    adds: bool = False


def actions_of(flow: Flow) -> dict[str, Mapping[str, Any]]:
    """The actions of a workflow as JSON, by their ids."""
    return {str(one["actionId"]): one for one in flow.data.get("actions") or ()}


def kind_of(action: Mapping[str, Any]) -> str:
    """HubSpot's id of a single action, the word for another kind."""
    return str(action.get("actionTypeId") or action.get("type"))


def fields_of(action: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of an action."""
    fields = action.get("fields")
    return fields if isinstance(fields, Mapping) else {}


def writes_of(flow: Flow, id: str) -> Iterator[Write]:
    """What an action writes."""
    action = actions_of(flow)[id]
    fields = fields_of(action)
    for use in flow.plan.actions[id].uses(flow.plan.type, Asset(flow.name, flow.rule)):
        if not use.writes:
            continue
        constant = len(use.values) == 1 and "{{" not in use.values[0]
        is_other = use.type is not flow.plan.type or fields.get("association")
        target: Literal["own", "other", "new"] = "new" if kind_of(action) in _MAKERS else "other" if is_other else "own"
        adds = isinstance(fields.get("value"), Mapping) and fields["value"].get("type") in _ADDING
        yield Write(id, use.type, use.property, use.values[0] if constant else None, target, adds)


def enrolls_in(action: Mapping[str, Any]) -> str | None:
    """The id of the workflow that an action enrolls the record in."""
    return str(fields_of(action).get("flow_id")) if kind_of(action) == _ENROLL else None


def waits(action: Mapping[str, Any]) -> bool:
    """Whether time passes in an action."""
    return kind_of(action) in DELAYS


def connections_of(flow: Flow) -> Iterator[tuple[str, str]]:
    """The pairs of actions of which one leads to the other."""
    for id, action in flow.plan.actions.items():
        yield from ((id, following) for following in dict.fromkeys(action.connections()))


def next_of(connection: Any) -> str | None:
    """The action that a connection leads to."""
    return str(connection["nextActionId"]) if isinstance(connection, Mapping) and connection else None


def criteria_of(flow: Flow) -> Mapping[str, Any]:
    """The enrollment criteria of a workflow; empty where people enroll by hand only."""
    criteria = flow.data.get(CRITERIA)
    return criteria if isinstance(criteria, Mapping) else {}


def named_values(operation: Any) -> frozenset[str] | None:
    """The values of which an operation wants one; None where it asks for something else."""
    if not isinstance(operation, Mapping) or operation.get("operator") not in ("IS_EQUAL_TO", "IS_ANY_OF"):
        return None
    values = operation.get("values") or ([operation["value"]] if "value" in operation else [])
    return frozenset(map(str, values)) or None


def filters_of_event(event: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What an event's own properties have to be like, by their names."""
    branches = [event, *(event.get("filterBranches") or ())]
    return {str(one["property"]): one["operation"] for branch in branches for one in branch.get("filters") or ()}


def walk_json(data: Any) -> Iterator[Mapping[str, Any]]:
    """All objects in JSON, the outer ones first."""
    if isinstance(data, Mapping):
        yield data
        data = list(data.values())
    if isinstance(data, list | tuple):
        for inner in data:
            yield from walk_json(inner)


def text_of(flow: Flow) -> str:
    """A workflow's JSON as one text, to look for words in."""
    return json.dumps(flow.data, default=str)
