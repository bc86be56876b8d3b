"""Titles: what people call the actions of a flow."""

from collections.abc import Mapping
from typing import Any

from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.kinds import BUILT_IN

#: The kinds of actions that have no id of their own.
_OTHERS = {
    "AB_TEST_BRANCH": "Split by chance",
    "CUSTOM_CODE": "Custom code",
    "LIST_BRANCH": "Branch",
    "STATIC_BRANCH": "Branch",
    "WEBHOOK": "Webhook",
}


def title_of(action: Mapping[str, Any]) -> str:
    """What people call an action, by its JSON."""
    id, kind = action.get("actionTypeId", ""), action.get("type", "")
    return BUILT_IN[id][0] if id in BUILT_IN else _OTHERS.get(kind, f"Action {id}")


def titles_of(flow: Flow) -> dict[str, str]:
    """The titles of all actions that a flow has now or had before, by their ids: its log tells of both."""
    definitions = [*(data for data, _ in flow.past), flow.data]
    return {str(action["actionId"]): title_of(action) for data in definitions for action in data.get("actions") or ()}
