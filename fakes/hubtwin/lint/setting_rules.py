"""Rules about the lifecycle settings: those without effect, and those that workflows work against."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubtwin.lint import rules
from hubtwin.lint.definitions import Write
from hubtwin.lint.findings import Finding
from hubtwin.portal.checking import contradictions
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import DEALS, LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.lint.account import Account


def look(account: "Account") -> Iterator[Finding]:
    """The findings about settings."""
    for contradiction in contradictions(account.portal.configuration):
        if contradiction.place[0] != "forms":  # those have a rule of their own
            place = ".".join(map(str, contradiction.place))
            fix = "take it out, or change the setting that stands against it"
            yield Finding(rules.NO_EFFECT, place, f"{place}: {contradiction.message}", fix)
    for flow in account.flows:
        for writes in account.writes(flow).values() if flow.plan.type is DEALS else ():
            for write in writes:
                if write.property == LIFECYCLE and write.type.has_lifecycle and write.value:
                    yield from _fights(account, flow, write)


def _fights(account: "Account", flow: Flow, write: Write) -> Iterator[Finding]:
    """A workflow of deals that sets a stage when a deal is made or won, as the settings do."""
    setting = _occasion(account, flow, write.action)
    stage = None if setting is None else getattr(account.portal.settings, setting)
    if stage is None or stage == write.value:
        return
    is_later = account.order(write.type).is_later(stage, write.value or "")
    outcome = "so that the workflow's action fails" if is_later else "which the workflow then passes by"
    message = (
        f"workflow {flow.name!r} sets {write.value} on the {write.type.name} of a deal; "
        f"setting {setting} sets {stage} on the same occasion, {outcome}"
    )
    fix = f"let one of them decide: set settings.{setting} to {write.value} or to null, or take the action out"
    yield Finding(rules.SETTING_FIGHTS_FLOW, flow.rule_of(write.action), message, fix)


def _occasion(account: "Account", flow: Flow, action: str) -> str | None:
    """The setting that acts on the same occasion as an action: on deals that are won, or that are open."""
    states = account.walk(flow).states.get(action, [])
    asked = [state.values.get("dealstage") for state in states]
    if not asked or None in asked:
        return None
    stages = {
        stage.id: stage
        for pipeline in account.portal.pipelines[DEALS]
        for stage in pipeline.stages
        if any(stage.id in (values or ()) for values in asked)
    }
    if stages and all(stage.is_won for stage in stages.values()):
        return "deal_won"
    return "deal_created" if stages and not any(stage.is_closed for stage in stages.values()) else None
