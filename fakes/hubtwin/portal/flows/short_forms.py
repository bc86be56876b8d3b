"""Short forms: workflows as portal files write them, turned into HubSpot's own JSON (F7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubtwin.portal import configuration
from hubtwin.portal.configuration import SetProperty

_OBJECTS = {"contacts": "0-1", "companies": "0-2", "deals": "0-3", "tickets": "0-5"}


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A flow's JSON, and the places in the portal file that its actions come from, by their ids."""

    data: Mapping[str, Any]
    rules: Mapping[str, str]


def read(workflow: configuration.Workflow, rule: str) -> ShortForm:
    """The flow that a portal file describes at *rule*."""
    type = _OBJECTS[workflow.object]
    actions = [_action(number, len(workflow.actions), action) for number, action in enumerate(workflow.actions)]
    data = {
        "type": "CONTACT_FLOW" if type == "0-1" else "PLATFORM_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": type,
        "name": workflow.name,
        "isEnabled": True,
        "blockedDates": [],
        "timeWindows": [],
        "customProperties": {},
        "dataSources": [],
        "actions": actions,
        "startActionId": "1" if actions else None,
        "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": True},
    }
    if type == "0-1":
        data |= {"canEnrollFromSalesforce": False, "suppressionListIds": []}
    return ShortForm(data, {str(number + 1): f"{rule}.actions.{number}" for number in range(len(actions))})


def _action(number: int, total: int, action: configuration.WorkflowAction) -> dict[str, Any]:
    property, value = (action.set, action.to) if isinstance(action, SetProperty) else (action.clear, "")
    json: dict[str, Any] = {
        "type": "SINGLE_CONNECTION",
        "actionId": str(number + 1),
        "actionTypeId": "0-5",
        "actionTypeVersion": 0,
        "fields": {"property_name": property, "value": {"type": "STATIC_VALUE", "staticValue": value}},
    }
    if number + 1 < total:
        json["connection"] = {"edgeType": "STANDARD", "nextActionId": str(number + 2)}
    return json
