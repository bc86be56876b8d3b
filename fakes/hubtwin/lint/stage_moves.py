"""Rules about workflows that set stages: whether records can be further on when they come there (F2.b5, F2.10)."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hubtwin.lint import rules
from hubtwin.lint.definitions import Write
from hubtwin.lint.findings import Finding, Step
from hubtwin.lint.samples import Sample
from hubtwin.lint.states import State
from hubtwin.lint.walks import Walk
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

_FIX = "ask for the stage before, in the criteria or in a branch, and let only records pass that are before {stage}"


def look(account: "Account") -> Iterator[Finding]:
    """The findings about stages that workflows set."""
    for flow in account.flows:
        for writes in account.writes(flow).values():
            for write in writes:
                if write.property == LIFECYCLE and write.type.has_lifecycle and write.value:
                    yield from _moves(account, flow, write, write.value)
                    yield from _resets(account, flow, write, write.value)


# -- moves -------------------------------------------------------------------------------------------------------


def _moves(account: "Account", flow: Flow, write: Write, stage: str) -> Iterator[Finding]:
    if account.goes_back or write.target == "new":
        return
    states = _arriving(account.walk(flow), write)
    found = (
        _never(account, flow, write, stage, states)
        or _back(account, flow, write, stage, states, rules.STAGE_BACK)
        or _back(account, flow, write, stage, _arriving(account.walk(flow, patient=True), write))
    )
    if found is not None:
        yield found


def _arriving(walk: Walk, write: Write) -> list[State]:
    """The states of the record that is written, as far as the workflow knows them."""
    states = walk.states.get(write.action, [])
    if write.target == "own" or not states:
        return states
    words = f"the workflow writes to the {write.type.singular} that is associated with it"
    return [State(trail=(*states[0].trail, Step(words)))]


def _never(account: "Account", flow: Flow, write: Write, stage: str, states: Iterable[State]) -> Finding | None:
    order = account.order(write.type)
    present = frozenset[Sample]().union(*(_live(account, write, state) for state in states))
    if not present or present & frozenset(order.earlier(stage)):
        return None
    message = (
        f"workflow {flow.name!r} sets {stage}, but all who come here are in {order.words(present)}: it changes nothing"
    )
    fix = f"enroll records that are before {stage}, or take the action out"
    path = _shortest(account, write, [(state, _live(account, write, state)) for state in states])
    return Finding(rules.STAGE_NEVER_SET, flow.rule_of(write.action), message, fix, path)


def _back(
    account: "Account",
    flow: Flow,
    write: Write,
    stage: str,
    states: Iterable[State],
    rule: rules.Rule = rules.STAGE_BACK_AFTER_WAIT,
) -> Finding | None:
    order = account.order(write.type)
    ahead = [
        (state, frozenset(one for one in _live(account, write, state) - state.passed if order.is_later(one, stage)))
        for state in states
    ]
    beyond = frozenset[Sample]().union(*(stages for _, stages in ahead))
    if not beyond:
        return None
    when = "already" if rule is rules.STAGE_BACK else "after the wait"
    message = (
        f"workflow {flow.name!r} sets {stage}, but the {write.type.singular} may be in {order.words(beyond)} {when}: "
        "that stage stays, and the action fails"
    )
    path = (*_shortest(account, write, ahead), Step(f"{stage} comes before it", flow.rule_of(write.action)))
    return Finding(rule, flow.rule_of(write.action), message, _FIX.format(stage=stage), path)


def _live(account: "Account", write: Write, state: State) -> frozenset[Sample]:
    """The stages that a record may have: those that rules bring it to, and else those that the way there asks for."""
    known = account.graph(write.type).reached | state.made | frozenset(state.grown)
    stages = state.values.get(LIFECYCLE) if write.target == "own" else None
    return known if stages is None else (stages & known or stages)


# -- the way there -----------------------------------------------------------------------------------------------


def _shortest(account: "Account", write: Write, found: Iterable[tuple[State, frozenset[Sample]]]) -> tuple[Step, ...]:
    """The shortest way on which a record is in one of the stages when it comes to an action."""
    order = account.order(write.type)
    ways = [_way(account, write, state, stage) for state, stages in found for stage in order.sorted(stages)]
    return min(ways, key=len, default=())


def _way(account: "Account", write: Write, state: State, stage: Sample) -> tuple[Step, ...]:
    trail, grown = state.trail, state.grown.get(stage)
    if grown is not None:
        before = _origin(account, write, grown.before) if grown.before not in state.made else ()
        return (*before, *trail[: grown.at], *grown.steps, *trail[grown.at :])
    return trail if stage in state.made else (*_origin(account, write, stage), *trail)


def _origin(account: "Account", write: Write, stage: Sample) -> tuple[Step, ...]:
    path = account.graph(write.type).path(stage)
    return (Step(f"somebody puts it in {stage or 'no stage'}, by hand or through an app"),) if path is None else path


# -- resets ------------------------------------------------------------------------------------------------------


def _resets(account: "Account", flow: Flow, write: Write, stage: str) -> Iterator[Finding]:
    """A stage that is cleared first can be set back: whether anybody asked before, and whether it lasts.

    Who enrolls a record by hand has looked at it.
    """
    if write.target != "own" or account.is_by_hand(flow):
        return
    order = account.order(write.type)
    for state in account.walk(flow).states.get(write.action, []):
        cleared = state.cleared
        ahead = [] if cleared is None else [one for one in cleared.stages if order.is_later(one, stage)]
        reached = frozenset(ahead) & account.graph(write.type).reached
        if cleared is not None and reached and not cleared.asked:
            last = order.sorted(reached)[-1]
            message = (
                f"workflow {flow.name!r} clears the stage and sets {stage}, whatever it was: "
                f"it moves {write.type.name} back that are in {order.words(reached)}"
            )
            fix = "ask for the stage before the action that clears it, and let only those pass who are meant to go back"
            path = (*_origin(account, write, last), *state.trail)
            yield Finding(rules.CLEAR_AND_SET, cleared.rule, message, fix, path)
            return
        if ahead and account.portal.settings.company_sync.enabled and write.type.name == "contacts":
            message = (
                f"workflow {flow.name!r} sets contacts back to {stage}; as soon as their company moves, "
                "setting company_sync lets them follow it again"
            )
            fix = "set the company back, too, or turn company_sync off"
            yield Finding(rules.SYNC_OVERRIDES, flow.rule_of(write.action), message, fix)
            return
