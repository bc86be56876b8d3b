"""Rules about the stages themselves: those that no rule brings records to, and those that none takes them out of."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubtwin.lint import rules
from hubtwin.lint.definitions import CRITERIA
from hubtwin.lint.findings import Finding
from hubtwin.lint.samples import Sample
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE, ObjectType
from hubtwin.portal.pipelines import LIFECYCLE_STAGES

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

_HUBSPOTS = frozenset(id for id, _ in LIFECYCLE_STAGES)


def look(account: "Account") -> Iterator[Finding]:
    """The findings about stages."""
    yield from _unreached(account)
    yield from _waiting_in_vain(account)
    yield from _dead_ends(account)


def _reached(account: "Account") -> frozenset[Sample]:
    return account.graph(CONTACTS).reached | account.graph(COMPANIES).reached


def _unreached(account: "Account") -> Iterator[Finding]:
    """Stages of the account's own that nothing sets, or only for records that never get so far.

    HubSpot's own stages are left to people: no setting makes anybody a marketing or sales qualified lead.
    """
    reached = _reached(account)
    for number, stage in enumerate(account.portal.configuration.stages):
        if stage.id not in reached | _HUBSPOTS:
            edges = [edge for type in (CONTACTS, COMPANIES) for edge in account.graph(type).edges]
            setters = list(dict.fromkeys(edge.words for edge in edges if edge.target == stage.id))
            why = f"only {' and '.join(setters)}, for records that none comes to be" if setters else "no rule sets it"
            message = f"stage {stage.id}: {why}; {_waiting(account, stage.id)}"
            fix = "let a form, a setting or a workflow set it, or take it out"
            yield Finding(rules.STAGE_UNREACHED, f"stages.{number}", message, fix)


def _waiting(account: "Account", stage: str) -> str:
    names = [flow.name for flow in account.flows if stage in (_asked(account, flow) or ())]
    return f"workflow {names[0]!r} waits for it" if names else "records get there only by hand, by import or by an app"


def _asked(account: "Account", flow: Flow) -> frozenset[Sample] | None:
    """The stages of which a workflow wants one; None where it takes any."""
    stages = [state.values.get(LIFECYCLE) for state in account.walk(flow).starts]
    known = [one for one in stages if one is not None]
    return frozenset[Sample]().union(*known) if known and len(known) == len(stages) else None


def _waiting_in_vain(account: "Account") -> Iterator[Finding]:
    """Workflows for records of a stage that no rule brings them to; those of the account's own are told of above."""
    for flow in account.flows:
        type = flow.plan.type
        asked = _asked(account, flow) if type.has_lifecycle else None
        if not asked or asked & account.graph(type).reached or not asked <= _HUBSPOTS | {None}:
            continue
        words = account.order(type).words(asked)
        message = f"workflow {flow.name!r} waits for {type.name} whose stage is {words}, {_why(account, type, asked)}"
        fix = "ask for a stage that records come to, or let a rule set it"
        yield Finding(rules.STAGE_UNREACHED, flow.place(CRITERIA), message, fix)


def _why(account: "Account", type: ObjectType, asked: frozenset[Sample]) -> str:
    if asked == {None}:
        stage = getattr(account.portal.settings.default_stage, type.name)
        return f"but each new one gets {stage} (setting default_stage.{type.name}), and no rule clears it"
    return "which no rule sets: only people, imports and apps do"


def _dead_ends(account: "Account") -> Iterator[Finding]:
    """Stages that nobody leaves, though rules set later ones."""
    graph, order = account.graph(CONTACTS), account.order(CONTACTS)
    leaving = {edge.source for edge in graph.edges}
    for stage in order.sorted(graph.reached - {None}):
        later = {edge.target for edge in graph.edges if edge.target in order.later(str(stage))}
        if later and stage not in leaving:
            message = (
                f"stage {stage}: contacts come there, but no rule takes them on; "
                f"those that set {order.words(later)} leave them out"
            )
            fix = "ask for this stage, too, where a workflow sets a later one"
            yield Finding(rules.STAGE_DEAD_END, f"stages.{order.stages.index(str(stage))}", message, fix)
