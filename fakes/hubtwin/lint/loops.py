"""Loops: workflows that enroll records in each other, or set each other off, without end."""

from collections import deque
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
    waits,
    walk_json,
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

#: How many workflows are looked through to find a loop of one.
MAX_TRIED = 60


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


Path = tuple[Link, ...]


def look(account: "Account") -> Iterator[Finding]:
    """The shortest loop of each workflow; of those that go round together, one is told."""
    leaving = _Links(account)
    links = {flow.id: list(leaving.of(flow)) for flow in account.flows}
    told: set[str] = set()
    for flow in account.flows:
        loop = () if flow.id in told else _loop(account, links, flow, told)
        if loop:
            told.update(link.flow.id for link in loop)
            yield _finding(loop)


def _finding(loop: Path) -> Finding:
    names = " -> ".join(repr(link.flow.name) for link in (*loop, loop[0]))
    message = f"records go round without end: {names}"
    fix = "let one of the workflows take each record only once, or ask before for what the last one leaves behind"
    path = tuple(Step(link.words, link.flow.rule_of(link.action)) for link in loop)
    rule = rules.FLOW_LOOP if all(map(_is_at_once, loop)) else rules.FLOW_LOOP_WITH_WAITS
    return Finding(rule, loop[0].flow.rule_of(loop[0].action), message, fix, path)


def _is_at_once(link: Link) -> bool:
    """Whether a record can come to the link's action without a wait."""
    actions, start = actions_of(link.flow), link.flow.plan.start
    reached, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here is None or waits(actions[here]):
            continue
        new = set(link.flow.plan.actions[here].connections()) - reached
        reached |= new
        waiting += new
    return link.action in reached


def _loop(account: "Account", links: Mapping[str, list[Link]], start: Flow, told: set[str]) -> Path:
    """The shortest way on which records come back to a workflow, again and again; empty where there is none."""
    waiting: deque[tuple[Path, list[State]]] = deque([((), account.walk(start, patient=True).starts)])
    seen = {start.id, *told}
    for _ in range(MAX_TRIED):
        if not waiting:
            break
        path, states = waiting.popleft()
        here = path[-1].into if path else start
        walk = Walk(account, here, patient=True, starts=states)
        for link in links[here.id]:
            if link.into is start and _goes_on(account, (*path, link), walk):
                return (*path, link)
            if link.into.id not in seen and (left := _passed(account, link, walk)):
                seen.add(link.into.id)
                waiting.append(((*path, link), left))
    return ()


def _goes_on(account: "Account", loop: Path, walk: Walk) -> bool:
    """Whether a record that comes back to the first workflow can go round once more."""
    states = _passed(account, loop[-1], walk)
    for link in loop:
        states = _passed(account, link, Walk(account, link.flow, patient=True, starts=states)) if states else []
    return bool(states)


# -- links -------------------------------------------------------------------------------------------------------


class _Links:
    """What in each workflow lets records into others."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self._known: dict[tuple[str, str, str | None], bool] = {}

    def of(self, flow: Flow) -> Iterator[Link]:
        """The links that leave a workflow."""
        flows = self._account.flows
        others = [other for other in flows if other is not flow and other.plan.type is flow.plan.type]
        for id, action in actions_of(flow).items():
            enrolled = enrolls_in(action)
            yield from (Link(flow, id, None, other) for other in others if other.id == enrolled)
            for write in self._account.writes(flow)[id]:
                if write.target == "own":
                    yield from (Link(flow, id, write, other) for other in others if self._listens(other, write))

    def _listens(self, flow: Flow, write: Write) -> bool:
        key = flow.id, write.property, write.value
        if key not in self._known:
            self._known[key] = flow.plan.triggers.re_enrolls and _comes_again(self._account, flow, write)
        return self._known[key]


def _comes_again(account: "Account", flow: Flow, write: Write) -> bool:
    """Whether a workflow takes records again because a property is written."""
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


def _passed(account: "Account", link: Link, walk: Walk) -> list[State]:
    """The states in which records come into the next workflow."""
    arrived = walk.states.get(link.action, [])
    if link.write is None:
        return _on(staying(account, link.into, arrived))
    changed = [state for state in arrived if _changes(account, link.write, state)]
    written = [writing.after(account, link.flow, link.write, state) for state in changed]
    for write in _later(account, link):  # which may have been done by the time that the next workflow acts
        written = [state.written(write.property, None) for state in written]
    return _on(staying(account, link.into, _met(account, link.into, written)))


def _on(states: list[State]) -> list[State]:
    """The states without the way behind them."""
    return tidied(State(state.values) for state in states)


def _later(account: "Account", link: Link) -> Iterator[Write]:
    """What the workflow writes to other properties after the action that sets the next one off."""
    following, waiting = set[str](), [link.action]
    while waiting:
        new = [id for id in link.flow.plan.actions[waiting.pop()].connections() if id not in following]
        following.update(new)
        waiting += new
    for id, writes in account.writes(link.flow).items():
        for write in writes if id in following else ():
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
