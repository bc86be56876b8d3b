"""All kinds of actions, in the short form and in HubSpot's JSON without ids and connections (F7.15, F7.17)."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hubtwin.portal.configuration import RawAction, WorkflowStep
from hubtwin.portal.errors import Refused
from hubtwin.portal.filter_branches.short_forms import Json
from hubtwin.portal.flows.short_forms import branches, calls, steps, waits
from hubtwin.portal.flows.short_forms.around import Around

_WRITERS = {**steps.WRITERS, **waits.WRITERS, **calls.WRITERS, **branches.WRITERS}
#: The members of an action that routes give it.
_OF_PLACE = frozenset({"actionId", "connection", "defaultBranch"})

_OF_FIELDS = {**steps.READERS, **waits.READERS}


def written(around: Around, action: WorkflowStep) -> Json:
    """The JSON of an action of a portal file. Raises PortalError, ConfigurationError."""
    if not isinstance(action, RawAction):
        return _WRITERS[type(action)](around, action)
    if not isinstance(action.json_.get("type"), str):
        raise Refused("the JSON of an action needs its type, such as SINGLE_CONNECTION")
    if given := sorted(_OF_PLACE & action.json_.keys()):
        raise Refused(f"leave out {' and '.join(given)}: that follows from where the action stands, or from its id")
    return deepcopy(action.json_)


def read(around: Around, action: Mapping[str, Any], ways: list[list[Json]]) -> Json:
    """An action as a portal file has it, with what is done on its *ways*. Raises LookupError for what isn't known."""
    kind = action["type"]
    if kind in branches.READERS:
        return branches.READERS[kind](around, action, ways)
    if kind in calls.READERS:
        return calls.READERS[kind](around, action)
    return _OF_FIELDS[action["actionTypeId"]](around, action["fields"])
