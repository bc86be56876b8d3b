"""Loops: workflows that enroll records in each other, or set each other off, without end."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from hubtwin.lint import rules, writing
from hubtwin.lint.definitions import (
    Write,
    actions_of,
    criteria_of,
    enrolls_in,
    filters_of_event,
    named_values,
    walk_json,
    writes_of,
)
from hubtwin.lint.entering import PROPERTY_CHANGED, staying
from hubtwin.lint.findings import Finding, Step
from hubtwin.lint.samples import Sample
from hubtwin.lint.states import State, tidied
from hubtwin.lint.walks import Walk
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

#: How many workflows a loop goes through at most that is looked for.
MAX_LENGTH = 6


class Link(NamedTuple):
    """An action of one workflow that lets records into another: because of its *write*, or by enrolling them."""

    flow: Flow
    action: str
    write: Write | None
    into: Flow

    @property
    def words(self) -> str:
        """What happens."""
        if self.write is None:
            return f"workflow {self.flow.name!r} enrolls it in workflow {self.into.name!r}"
        said = "something" if self.write.value is None else repr(self.write.value)
        return f"workflow {self.flow.name!r} sets {self.write.property} to {said}, which sets off {self.into.name!r}"


def look(account: "Account") -> Iterator[Finding]:
    """The loops, each once, at the first of its workflows."""
    links = {flow.id: list(_links(account, flow)) for flow in account.flows}
    places = {flow.id: place for place, flow in enumerate(account.flows)}
    told: set[tuple[str, ...]] = set()
    for flow in account.flows:
        for loop in _circles(links, places, flow.id, ()):
            flows = tuple(link.flow.id for link in loop)
            if flows not in told and _goes_on(account, loop):
                told.add(flows)
                yield _finding(loop)


def _finding(loop: tuple[Link, ...]) -> Finding:
    names = " -> ".join(repr(link.flow.name) for link in (*loop, loop[0]))
    message = f"records go round without end: {names}"
    fix = "let one of the workflows take each record only once, or ask before for what the last one leaves behind"
    path = tuple(Step(link.words, link.flow.rule_of(link.action)) for link in loop)
    return Finding(rules.FLOW_LOOP, loop[0].flow.rule_of(loop[0].action), message, fix, path)


def _circles(
    links: Mapping[str, list[Link]], places: Mapping[str, int], start: str, path: tuple[Link, ...]
) -> Iterator[tuple[Link, ...]]:
    """The circles of links that begin with a workflow and go through none before it."""
    here = path[-1].into.id if path else start
    for link in links[here]:
        if link.into.id == start:
            yield (*path, link)
        elif (
            len(path) < MAX_LENGTH
            and places[link.into.id] > places[start]
            and all(link.into is not one.into for one in path)
        ):
            yield from _circles(links, places, start, (*path, link))


# -- links -------------------------------------------------------------------------------------------------------


def _links(account: "Account", flow: Flow) -> Iterator[Link]:
    others = [other for other in account.flows if other is not flow and other.plan.type is flow.plan.type]
    for id, action in actions_of(flow).items():
        enrolled = enrolls_in(action)
        yield from (Link(flow, id, None, other) for other in others if other.id == enrolled)
        for write in writes_of(flow, id):
            if write.target == "own":
                yield from (Link(flow, id, write, other) for other in others if _listens(account, other, write))


def _listens(account: "Account", flow: Flow, write: Write) -> bool:
    """Whether a workflow takes records again because a property is written."""
    if not flow.plan.triggers.re_enrolls:
        return False
    criteria = criteria_of(flow)
    again = criteria.get("reEnrollmentTriggersFilterBranches") or ()
    if any(_lets_in(account, flow, branch, write) for branch in again):
        return True
    return any(_is_change(event, write) for event in criteria.get("eventFilterBranches") or ())


def _lets_in(account: "Account", flow: Flow, branch: Mapping[str, Any], write: Write) -> bool:
    """Whether a re-enrollment trigger asks about the property, and may be met by what is written."""
    asked = {one.get("property") for one in walk_json(branch) if one.get("filterType") == "PROPERTY"}
    values = None if write.value is None else frozenset[Sample]((write.value or None,))
    written = State().written(write.property, values)
    return write.property in asked and bool(account.questions.passing(flow.plan.type, [written], branch))


def _is_change(event: Mapping[str, Any], write: Write) -> bool:
    """Whether an event is the change of the property to what is written."""
    if event.get("eventTypeId") != PROPERTY_CHANGED:
        return False
    filters = filters_of_event(event)
    names, values = named_values(filters.get("hs_name")), named_values(filters.get("hs_value"))
    is_meant = names is None or write.property in names
    return is_meant and (values is None or write.value is None or write.value in values)


# -- going round -------------------------------------------------------------------------------------------------


def _goes_on(account: "Account", loop: tuple[Link, ...]) -> bool:
    """Whether a record that went round once can go round again."""
    states = account.walk(loop[0].flow, patient=True).starts
    for _ in range(2):
        for link in loop:
            states = _passed(account, link, states)
    return bool(states)


def _passed(account: "Account", link: Link, states: list[State]) -> list[State]:
    """The states in which records come into the next workflow."""
    arrived = Walk(account, link.flow, patient=True, starts=states).states.get(link.action, [])
    if link.write is None:
        return staying(account, link.into, arrived)
    changed = [state for state in arrived if _changes(account, link.write, state)]
    written = [writing.after(account, link.flow, link.write, state) for state in changed]
    for write in _later(link):  # which may have been done by the time that the next workflow acts
        written = [state.written(write.property, None) for state in written]
    return tidied(staying(account, link.into, _met(account, link.into, written)))


def _later(link: Link) -> Iterator[Write]:
    """What the workflow writes to other properties after the action that sets the next one off."""
    following, waiting = set[str](), [link.action]
    while waiting:
        new = [id for id in link.flow.plan.actions[waiting.pop()].connections() if id not in following]
        following.update(new)
        waiting += new
    for id in link.flow.plan.actions:
        for write in writes_of(link.flow, id) if id in following else ():
            if write.target == "own" and link.write is not None and write.property != link.write.property:
                yield write


def _changes(account: "Account", write: Write, state: State) -> bool:
    """Whether a write may change something: the property may have another value, and a stage may move on."""
    present = state.values.get(write.property)
    if write.value is None or present is None:
        return True
    target: Sample = write.value or None
    if write.property == LIFECYCLE and write.type.has_lifecycle and write.value and not account.goes_back:
        return bool(present & frozenset(account.order(write.type).earlier(write.value)))
    return bool(present - {target})


def _met(account: "Account", flow: Flow, states: list[State]) -> list[State]:
    """What is left of states of records that meet the criteria of a workflow."""
    criteria = criteria_of(flow)
    if criteria.get("type") == "LIST_BASED":
        return account.questions.passing(flow.plan.type, states, criteria["listFilterBranch"])
    return states
