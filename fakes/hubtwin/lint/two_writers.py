"""Two workflows that write one property of the same records: who comes last wins."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

from hubtwin.lint import rules
from hubtwin.lint.definitions import Write, criteria_of, filters_of_event, named_values
from hubtwin.lint.findings import Finding
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.lint.account import Account


def look(account: "Account") -> Iterator[Finding]:
    """The findings, at the later workflow of each two. Stages have rules of their own."""
    for first, second in combinations(account.flows, 2):
        if first.plan.type is second.plan.type and _same_occasion(first, second):
            yield from _between(account, first, second)


def _between(account: "Account", first: Flow, second: Flow) -> Iterator[Finding]:
    for one in _writes(account, first):
        for other in _writes(account, second):
            if one.property == other.property and _differ(one, other) and _meet(account, first, one, second, other):
                message = (
                    f"workflow {second.name!r} sets {other.property} to {_said(other)}, workflow {first.name!r} to "
                    f"{_said(one)}, and both enroll the same {second.plan.type.name}: who comes last wins"
                )
                fix = "let their criteria exclude each other, or let one workflow decide, in a branch"
                yield Finding(rules.TWO_WRITERS, second.rule_of(other.action), message, fix)
                return


def _writes(account: "Account", flow: Flow) -> list[Write]:
    found = [write for writes in account.writes(flow).values() for write in writes]
    return [one for one in found if one.target == "own" and not one.adds and one.property != LIFECYCLE]


def _differ(one: Write, other: Write) -> bool:
    return one.value is None or other.value is None or one.value != other.value


def _said(write: Write) -> str:
    return "what it works out" if write.value is None else repr(write.value)


def _meet(account: "Account", first: Flow, one: Write, second: Flow, other: Write) -> bool:
    """Whether one record can come to both actions, where neither waits for what the other one writes."""
    name, here = one.property, account.walk(first).states.get(one.action, [])
    there = account.walk(second).states.get(other.action, [])
    return any(
        state.meets(another) and state.values.get(name) == another.values.get(name)
        for state in here
        for another in there
    )


def _same_occasion(first: Flow, second: Flow) -> bool:
    """Whether both may enroll a record for the same reason: conditions that both hold, or one and the same event."""
    kinds = {criteria_of(flow).get("type") for flow in (first, second)}
    if kinds == {"LIST_BASED"}:
        return True
    here, there = (_events(flow) for flow in (first, second))
    return kinds == {"EVENT_BASED"} and any(_overlap(one, other) for one in here for other in there)


def _events(flow: Flow) -> list[Mapping[str, Any]]:
    """The events that enroll, lists that a record joins or leaves among them."""
    criteria = criteria_of(flow)
    names = ("eventFilterBranches", "listMembershipFilterBranches")
    return [event for name in names for event in criteria.get(name) or ()]


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one event can be both."""
    if one.get("eventTypeId") != other.get("eventTypeId"):
        return False
    if one.get("eventTypeId") is None:
        return one == other
    here, there = filters_of_event(one), filters_of_event(other)
    for name in here.keys() & there.keys():
        mine, theirs = named_values(here[name]), named_values(there[name])
        if mine is not None and theirs is not None and not mine & theirs:
            return False
    return True
