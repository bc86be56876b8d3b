"""The bodies that flows are made of: which members they need, and of which kind those are (F7.2 to F7.4)."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call
from hubtwin.api.errors import invalid
from hubtwin.portal.errors import InvalidFilterBranch, choices
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.plans import CONTACT_FLOW

FLOW_TYPES = ("WORKFLOW", "ACTION_SET", "UNKNOWN")

#: What the portal itself says about a flow, and clients can't: they may send it, as they got it.
_OWN = ("id", "createdAt", "updatedAt", "crmObjectCreationStatus", "nextAvailableActionId")

_LISTS = ("actions", "blockedDates", "timeWindows", "dataSources", "suppressionListIds")
_FLAGS = ("isEnabled", "canEnrollFromSalesforce")
_TEXTS = ("type", "flowType", "objectTypeId", "name", "description", "uuid", "startActionId", "revisionId")

_READERS: Mapping[str, Callable[[Body, str], Any]] = MappingProxyType(
    {
        **dict.fromkeys(_LISTS, Body.items),
        **dict.fromkeys(_FLAGS, lambda body, name: body.flag(name, False)),
        **dict.fromkeys(_TEXTS, Body.text),
        "customProperties": lambda body, name: body.object(name).data,
    }
)

#: The members that every definition has; those that only contacts' have, a new one, one in the place of another.
_COMMON = ("type", "isEnabled", "actions", "blockedDates", "customProperties", "timeWindows")
_OF_CONTACTS = ("canEnrollFromSalesforce", "suppressionListIds")
_NEW, _CHANGED = ("flowType", "objectTypeId", "dataSources"), ("revisionId",)

#: What makes HubSpot answer 500, by the places at which it goes wrong (F7.19).
_CRASHES = re.compile(r"flow\.actions\[(\d+)\]\.(fields|defaultBranch)\b")


def given(call: Call, flow: Flow | None = None) -> dict[str, Any]:
    """The definition that a request brings, for a new flow or in the place of one that there is. Raises ApiError."""
    body = call.body
    needed = _needed(body, flow)
    is_lenient = call.portal.configuration.options.flow_members == "single"
    body.require(*(name for name in needed if not (is_lenient and name in _EMPTY)))
    own = _OWN if flow is not None else (*_OWN, *_CHANGED)
    sent = {name: value for name, value in body.data.items() if name not in own and value is not None}
    data = {name: _READERS[name](body, name) if name in _READERS else value for name, value in sent.items()}
    if data.get("flowType", "WORKFLOW") not in FLOW_TYPES:
        raise invalid(f"flowType can't be {data['flowType']!r}; {choices(data['flowType'], FLOW_TYPES)}")
    if flow is not None and data.get("objectTypeId", flow.plan.type.id) != flow.plan.type.id:
        raise invalid(f"A flow stays with its object: objectTypeId of flow {flow.id} is {flow.plan.type.id}")
    return {**{name: _EMPTY[name] for name in needed if name in _EMPTY}, **data}


def is_a_crash(data: Mapping[str, Any], error: InvalidFilterBranch) -> bool:
    """Whether HubSpot answers a mistake with 500: in fields of *Edit record*, or an empty default branch (F7.19)."""
    found = _CRASHES.match(str(error))
    if found is None:
        return False
    return found[2] != "fields" or data["actions"][int(found[1])].get("actionTypeId") == "0-5"


def has_dropped_actions(data: Mapping[str, Any]) -> bool:
    """Whether there are actions that flows have only from of old: HubSpot answers 500 to those (F7.19)."""
    return any(isinstance(action, dict) and action.get("actionTypeId") == "0-13" for action in data["actions"])


def _needed(body: Body, flow: Flow | None) -> tuple[str, ...]:
    """The members that HubSpot's schema requires."""
    own = _OF_CONTACTS if body.data.get("type") == CONTACT_FLOW else ()
    return (*_COMMON, *own, *(_NEW if flow is None else _CHANGED))


#: What stands for a list or a map that was not sent.
_EMPTY: Mapping[str, Any] = MappingProxyType({**{name: [] for name in _LISTS}, "customProperties": {}})
