"""Entering: what is true of the records that a workflow enrolls."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubtwin.lint.definitions import CRITERIA, criteria_of, filters_of_event, named_values
from hubtwin.lint.findings import Step
from hubtwin.lint.states import State, tidied
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.filter_branches.event_types import EVENT_TYPES
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

FORM_SUBMITTED, PROPERTY_CHANGED, OBJECT_CREATED = "4-1639801", "4-655002", "4-1463224"


def entries(account: "Account", flow: Flow) -> list[State]:
    """The states of records as they come into a workflow; none where nobody ever does."""
    found = [state.told(Step(words, flow.place(CRITERIA))) for state, words in _entries(account, flow)]
    return tidied(staying(account, flow, found))


def staying(account: "Account", flow: Flow, states: list[State], *, leaving: bool = False) -> list[State]:
    """The states of those who are not suppressed and have not met the goal.

    With *leaving* also of those only who still meet the criteria, where the workflow wants that.
    """
    questions, type, data = account.questions, flow.plan.type, flow.data
    for name in ("goalFilterBranch", "suppressionFilterBranch"):
        if data.get(name):
            states = questions.passing(type, states, data[name], wanted=False)
    if data.get("suppressionListIds"):
        lists = [{"filterType": "IN_LIST", "operator": "IN_LIST", "listId": id} for id in data["suppressionListIds"]]
        states = questions.passing(type, states, {"filterBranchType": "NOT_ANY", "filters": lists})
    criteria = criteria_of(flow)
    if leaving and criteria.get("unEnrollObjectsNotMeetingCriteria") and criteria.get("listFilterBranch"):
        states = questions.passing(type, states, criteria["listFilterBranch"])
    return states


def _entries(account: "Account", flow: Flow) -> Iterator[tuple[State, str]]:
    criteria, questions, type = criteria_of(flow), account.questions, flow.plan.type
    match criteria.get("type"):
        case "LIST_BASED":
            for state in questions.passing(type, [State()], criteria["listFilterBranch"]):
                yield state, f"workflow {flow.name!r} enrolls it{_asked_stage(account, flow, state)}"
        case "EVENT_BASED":
            for after, words in _occurrences(account, flow):
                for state in _refined(account, flow, after):
                    asked = "" if state.made else _asked_stage(account, flow, state)
                    yield state, f"workflow {flow.name!r} enrolls it when {words}{asked}"
        case _:
            yield State(), f"somebody enrolls it in workflow {flow.name!r}"


def _occurrences(account: "Account", flow: Flow) -> Iterator[tuple[list[State], str]]:
    """The events that enroll: what is true after each of them, and the event in words."""
    criteria = criteria_of(flow)
    for event in criteria.get("eventFilterBranches") or ():
        state, words = _after(account, flow, event)
        yield [] if state is None else [state], words
    for branch in criteria.get("listMembershipFilterBranches") or ():
        yield account.questions.passing(flow.plan.type, [State()], branch), "it joins or leaves a list"


def _refined(account: "Account", flow: Flow, states: list[State]) -> list[State]:
    """The states of those who also meet what is asked of them beside the event."""
    asked = criteria_of(flow).get("refinementCriteria")
    return states if not asked else account.questions.passing(flow.plan.type, states, asked)


def _asked_stage(account: "Account", flow: Flow, state: State) -> str:
    """The stages that a workflow asks for, in words."""
    type, stages = flow.plan.type, state.values.get(LIFECYCLE)
    if not stages or not type.has_lifecycle:
        return ""
    return f" in {account.order(type).words(stages)}"


def _after(account: "Account", flow: Flow, event: Mapping[str, Any]) -> tuple[State | None, str]:
    """What is true once an event happened, None where it never does; and the event in words."""
    filters = filters_of_event(event)
    id = str(event.get("eventTypeId"))
    if id == PROPERTY_CHANGED:
        return _after_change(account, flow, filters)
    if id == FORM_SUBMITTED:
        return _after_form(account, flow, named_values(filters.get("hs_form_id")))
    return State(), f"the event {EVENT_TYPES[id].name if id in EVENT_TYPES else id!r} occurs"


def _after_change(account: "Account", flow: Flow, filters: Mapping[str, Any]) -> tuple[State | None, str]:
    names, wanted = named_values(filters.get("hs_name")), filters.get("hs_value")
    if names is None or len(names) != 1:
        return State(), "a property changes"
    (name,) = names
    state, words = State(), f"{name} changes"
    if wanted is not None:
        asked = {"filterType": "PROPERTY", "property": name, "operation": wanted}
        branch = {"filterBranchType": "AND", "filters": [asked]}
        found = account.questions.passing(flow.plan.type, [state], branch)
        values = named_values(wanted)
        words += "" if values is None else f" to {' or '.join(sorted(values))}"
        if not found:  # a change to what isn't there
            return None, words
        state = found[0]
    return state, words


def _after_form(account: "Account", flow: Flow, guids: frozenset[str] | None) -> tuple[State, str]:
    """A form that sets a stage leaves nobody in an earlier one (F4.2, F4.3)."""
    if guids is None or len(guids) != 1:
        return State(), "a form is submitted"
    (guid,) = guids
    try:
        form = account.portal.forms.find(guid)
    except UnknownName:
        return State(), "a form is submitted"
    type = flow.plan.type
    stage, words = form.stages.get(type.id), f"form {form.name!r} is submitted"
    if stage is None or not type.has_lifecycle:
        return State(), words
    state = State({LIFECYCLE: frozenset((stage, *account.order(type).later(stage)))})
    return replace(state, made=frozenset((stage,))), f"{words}, which sets {stage}"
