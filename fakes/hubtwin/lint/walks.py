"""Walks: what may be true of records at each action of a workflow, and the branches that none of them takes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple

from hubtwin.lint import writing
from hubtwin.lint.definitions import EDIT_RECORD, actions_of, connections_of, kind_of, next_of, waits
from hubtwin.lint.entering import entries, staying
from hubtwin.lint.findings import Step
from hubtwin.lint.samples import Sample
from hubtwin.lint.states import Grown, State, tidied
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

#: Where records go from an action, and in which states; None where the workflow ends.
Way = tuple[str | None, list[State]]


class DeadBranch(NamedTuple):
    """A branch that no record takes, and why; *leads* says whether an action follows."""

    action: str
    name: str
    why: str
    leads: bool


class Walk:
    """The ways of records through one workflow.

    *states* are what may be true of them as they come to each action that they can reach, *dead* the branches that
    none takes. It begins with *starts*; with those whom the workflow enrolls, where none are given.
    """

    def __init__(self, account: "Account", flow: Flow, *, patient: bool, starts: Iterable[State] | None = None) -> None:
        self._account = account
        self._flow = flow
        self._patient = patient
        self._actions = actions_of(flow)
        self.starts = entries(account, flow) if starts is None else tidied(starts)
        self.states: dict[str, list[State]] = {}
        self.dead: list[DeadBranch] = []
        self._go()

    def _go(self) -> None:
        flow = self._flow
        arriving: dict[str, list[State]] = {id: [] for id in self._actions}
        if flow.plan.start is not None:
            arriving[flow.plan.start] += self.starts
        graph: dict[str, set[str]] = {id: set() for id in self._actions}
        for before, after in connections_of(flow):
            graph[after].add(before)
        for id in TopologicalSorter(graph).static_order():
            states = tidied(arriving[id])
            if states:
                self.states[id] = states
                for following, left in self._ways(id, self._actions[id], states):
                    if following is not None:
                        arriving[following] += left

    def _ways(self, id: str, action: Mapping[str, Any], states: list[State]) -> Iterator[Way]:
        match action.get("type"):
            case "LIST_BRANCH":
                yield from self._by_filters(id, action, states)
            case "STATIC_BRANCH":
                yield from self._by_value(id, action, states)
            case "AB_TEST_BRANCH":
                yield from self._by_chance(id, action, states)
            case _:
                after = self._wait(id, states) if waits(action) else self._write(id, states)
                for following in self._flow.plan.actions[id].connections():
                    yield following, after

    # -- branches --------------------------------------------------------------------------------------

    def _by_filters(self, id: str, action: Mapping[str, Any], states: list[State]) -> Iterator[Way]:
        questions, type, left = self._account.questions, self._flow.plan.type, states
        for number, branch in enumerate(action["listBranches"], 1):
            name, asked = str(branch.get("branchName") or f"Branch {number}"), branch["filterBranch"]
            taking, leads = questions.passing(type, left, asked), next_of(branch.get("connection"))
            if not taking:
                self._note_dead(id, name, self._why_not(states, asked), leads)
            yield leads, self._took(id, name, taking)
            left = questions.passing(type, left, asked, wanted=False)
        yield self._default(id, action, left)

    def _why_not(self, states: list[State], asked: Mapping[str, Any]) -> str:
        questions, type = self._account.questions, self._flow.plan.type
        if not questions.passing(type, [State()], asked):
            return "its conditions contradict each other"
        if not questions.passing(type, states, asked):
            return "its conditions contradict what is true of all records that come here"
        return "all records that would take it take an earlier branch"

    def _by_value(self, id: str, action: Mapping[str, Any], states: list[State]) -> Iterator[Way]:
        given, left = action.get("inputValue") or {}, states
        name = str(given.get("propertyName")) if given.get("type") == "OBJECT_PROPERTY" else None
        for branch in action.get("staticBranches") or ():
            value, leads = str(branch.get("branchValue", "")), next_of(branch.get("connection"))
            taking = left
            if name is not None:
                taking, left = (self._fitting(name, left, branch, wanted) for wanted in (True, False))
            if not taking:
                self._note_dead(id, value, f"{name} is never {value!r} here", leads)
            yield leads, self._took(id, value, taking)
        yield self._default(id, action, left)

    def _fitting(self, name: str, states: list[State], branch: Mapping[str, Any], wanted: bool) -> list[State]:
        all = self._account.samples.of(self._flow.plan.type, name)
        kept = frozenset(sample for sample in all if wanted in _fits(sample, branch))
        return [left for state in states if (left := state.narrowed(name, all, kept)) is not None]

    def _by_chance(self, id: str, action: Mapping[str, Any], states: list[State]) -> Iterator[Way]:
        for number, branch in enumerate(action["testBranches"], 1):
            leads = next_of(branch.get("connection"))
            if int(branch["percentage"]) == 0:
                self._note_dead(id, f"branch {number}", "0 per cent of the records take it", leads)
            else:
                yield leads, self._took(id, f"branch {number}", states)

    def _default(self, id: str, action: Mapping[str, Any], left: list[State]) -> Way:
        name, leads = str(action.get("defaultBranchName") or "None met"), next_of(action.get("defaultBranch"))
        if not left and leads is not None:
            self._note_dead(id, name, "all records take an earlier branch", leads)
        return leads, self._took(id, name, left)

    def _took(self, id: str, name: str, states: list[State]) -> list[State]:
        step = Step(f"it takes the branch {name!r}", self._flow.rule_of(id))
        return [state.told(step) for state in states]

    def _note_dead(self, id: str, name: str, why: str, leads: str | None) -> None:
        self.dead.append(DeadBranch(id, name, why, leads is not None))

    # -- writing and waiting ---------------------------------------------------------------------------

    def _write(self, id: str, states: list[State]) -> list[State]:
        """What is true after an action; a patient look reckons with what other workflows do because of it."""
        writes = self._account.writes(self._flow)[id]
        if kind_of(self._actions[id]) != EDIT_RECORD or any(write.target != "own" for write in writes):
            states = [state.unasked() for state in states]  # it may join a list, get an e-mail, a deal
        for write in writes:
            if write.target == "own":
                states = [writing.after(self._account, self._flow, write, state) for state in states]
                for name in self._account.written_elsewhere(self._flow) - {write.property} if self._patient else ():
                    states = [state.written(name, None) for state in states]
        return states

    def _wait(self, id: str, states: list[State]) -> list[State]:
        step = Step("it waits", self._flow.rule_of(id))
        waiting = [state.told(step) for state in states]
        if not self._patient:
            return waiting
        return staying(self._account, self._flow, [self._waited(state) for state in waiting], leaving=True)

    def _waited(self, state: State) -> State:
        """What is still true after a wait: others may have written anything, but stages only move on."""
        type, stages = self._flow.plan.type, state.values.get(LIFECYCLE)
        if stages is None or not type.has_lifecycle:
            return replace(state, values={}, cleared=None)
        graph = self._account.graph(type)
        grown: dict[Sample, Grown] = {}
        for stage, edges in graph.onward(self._account.order(type).sorted(stages), self._flow.rule).items():
            if edges:
                grown[stage] = Grown(edges[0].source, graph.steps(edges), len(state.trail))
        values = {LIFECYCLE: stages | frozenset(grown)}
        return replace(state, values=values, grown={**grown, **state.grown}, cleared=None)


def _fits(sample: Sample, branch: Mapping[str, Any]) -> frozenset[bool]:
    """Whether a sample may take a branch that names a value, and whether it may not."""
    value, wanted = "" if sample is None else sample, str(branch.get("branchValue", ""))
    match branch.get("operator") or "IS_EQUAL_TO":
        case "IS_EQUAL_TO":
            return frozenset((value == wanted,))
        case "IS_NOT_EQUAL_TO":
            return frozenset((value != wanted,))
        case "IS_KNOWN":
            return frozenset((sample is not None,))
        case "IS_UNKNOWN":
            return frozenset((sample is None,))
    return frozenset((True, False))
