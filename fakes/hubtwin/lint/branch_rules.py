"""Rules about the ways through workflows: branches and actions that no record comes to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubtwin.lint import rules
from hubtwin.lint.definitions import connections_of
from hubtwin.lint.findings import Finding
from hubtwin.portal.flows.flow import Flow

if TYPE_CHECKING:
    from hubtwin.lint.account import Account


def look(account: "Account") -> Iterator[Finding]:
    """The findings about branches and actions."""
    for flow in account.flows:
        for dead in account.walk(flow, patient=True).dead:
            message = f"workflow {flow.name!r}: no record takes the branch {dead.name!r}: {dead.why}"
            fix = "change its conditions, or take it out" + (" with the actions after it" if dead.leads else "")
            yield Finding(rules.BRANCH_NEVER, flow.rule_of(dead.action), message, fix)
        reached = _reached(flow)
        for id in flow.plan.actions:
            if id not in reached:
                message = f"workflow {flow.name!r}: no way leads to action {id}"
                yield Finding(rules.ACTION_UNREACHED, flow.rule_of(id), message, "connect it, or take it out")


def _reached(flow: Flow) -> set[str]:
    """The actions that connections lead to, whatever is asked on the way."""
    reached = {flow.plan.start} if flow.plan.start is not None else set()
    waiting, connections = list(reached), list(connections_of(flow))
    while waiting:
        here = waiting.pop()
        for before, after in connections:
            if before == here and after not in reached:
                reached.add(after)
                waiting.append(after)
    return reached
