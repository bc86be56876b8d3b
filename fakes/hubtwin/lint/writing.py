"""Writing: what is true of a record after an action wrote one of its properties."""

from dataclasses import replace
from typing import TYPE_CHECKING

from hubtwin.lint.definitions import Write
from hubtwin.lint.findings import Step
from hubtwin.lint.samples import Sample
from hubtwin.lint.states import Cleared, State
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.lint.account import Account


def after(account: "Account", flow: Flow, write: Write, state: State) -> State:
    """A state after an action of a workflow wrote to the record itself."""
    if write.value is None:
        return state.written(write.property, None)
    if write.property == LIFECYCLE and write.type.has_lifecycle:
        return _cleared(account, flow, write, state) if not write.value else _moved(account, flow, write, state)
    value: frozenset[Sample] = frozenset((write.value or None,))
    step = Step(f"{write.property} is set to {write.value!r}", flow.rule_of(write.action))
    return state.written(write.property, value).told(step)


def _cleared(account: "Account", flow: Flow, write: Write, state: State) -> State:
    rule, all = flow.rule_of(write.action), account.order(write.type).all
    stages = state.values.get(LIFECYCLE)
    nothing: frozenset[Sample] = frozenset((None,))
    cleared = state.written(LIFECYCLE, nothing).told(Step("its stage is cleared", rule))
    known = Cleared(all if stages is None else stages, stages is not None, rule)
    return replace(cleared, made=nothing, grown={}, passed=frozenset(), cleared=known)


def _moved(account: "Account", flow: Flow, write: Write, state: State) -> State:
    """A stage is set, but those who are further on stay where they are (F2.b5)."""
    order, stage = account.order(write.type), write.value or ""
    later = frozenset[Sample]() if account.goes_back else frozenset(order.later(stage))
    kept = state.values.get(LIFECYCLE, order.all) & later
    moved = state.written(LIFECYCLE, frozenset((stage, *kept)))
    step = Step(f"its stage is set to {stage}", flow.rule_of(write.action))
    return replace(
        moved.told(step),
        made=(state.made & kept) | {stage},
        grown={one: how for one, how in state.grown.items() if one in kept},
        passed=state.passed | kept,
        cleared=None,
    )
