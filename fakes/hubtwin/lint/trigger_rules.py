"""Rules about what enrolls records in workflows, and about the lists that they ask for."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hubtwin.lint import rules
from hubtwin.lint.definitions import CRITERIA, criteria_of, filters_of_event, named_values, walk_json
from hubtwin.lint.entering import OBJECT_CREATED, PROPERTY_CHANGED
from hubtwin.lint.findings import Finding
from hubtwin.lint.states import State
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.lint.account import Account


def look(account: "Account") -> Iterator[Finding]:
    """The findings about triggers and lists."""
    for flow in account.flows:
        yield from _gone(account, f"workflow {flow.name!r}", flow.rule, flow.data)
        if not account.walk(flow).starts:
            fix = "take out one of the conditions that exclude each other"
            message = f"workflow {flow.name!r} never enrolls anybody: no record can meet all of its conditions"
            yield Finding(rules.TRIGGER_NEVER, flow.place(CRITERIA), message, fix)
            continue
        yield from _unwritten(account, flow)
        yield from _once_only(flow)
    for list in account.portal.lists:
        yield from _gone(account, f"list {list.name!r}", list.rule, list.branch)
        branch = list.branch if list.is_dynamic else None
        if branch is not None and not account.questions.passing(list.type, [State()], branch):
            message = f"list {list.name!r} stays empty: no record can pass all of its filters"
            yield Finding(rules.LIST_NEVER, list.rule, message, "take out one of the filters that exclude each other")
    yield from _unknown_options(account)


# -- what isn't there --------------------------------------------------------------------------------------------


def _gone(account: "Account", asset: str, rule: str, data: Any) -> Iterator[Finding]:
    """Forms and lists that were deleted since somebody asked about them."""
    for kind, name in dict.fromkeys(_asked(data)):
        if (kind == "form" and _is_gone_form(account, name)) or (kind == "list" and _is_gone_list(account, name)):
            message = f"{asset} asks about {kind} {name}, which isn't there any more: nobody comes to meet that"
            yield Finding(rules.ASKS_FOR_GONE, rule, message, f"ask about another {kind}, or take the condition out")


def _asked(data: Any) -> Iterator[tuple[str, str]]:
    for node in walk_json(data):
        if node.get("filterType") in ("FORM_SUBMISSION", "FORM_SUBMISSION_ON_PAGE") and node.get("formId"):
            yield "form", str(node["formId"])
        if node.get("property") == "hs_form_id":
            yield from (("form", value) for value in sorted(named_values(node.get("operation")) or ()))
        if node.get("filterType") == "IN_LIST":
            yield "list", str(node["listId"])
        yield from (("list", str(id)) for id in node.get("suppressionListIds") or ())


def _is_gone_form(account: "Account", guid: str) -> bool:
    try:
        account.portal.forms.find(guid)
    except UnknownName:
        return True
    return False


def _is_gone_list(account: "Account", id: str) -> bool:
    list = account.portal.lists.get(int(id)) if id.isdecimal() else None
    return list is None or list.deleted is not None


def _unknown_options(account: "Account") -> Iterator[Finding]:
    """Options that were taken out, or that an app got wrong; those of the portal file are refused as it is read."""
    for part in (account.portal.workflows, account.portal.lists):
        for use in part.uses():
            if use.rule.partition(".")[0] not in Configuration.model_fields:
                yield from _unknown_option(account, use)


def _unknown_option(account: "Account", use: Use) -> Iterator[Finding]:
    definition = account.portal.properties[use.type].get(use.property)
    if definition is None or definition.type != "enumeration" or not definition.options:
        return
    offered = [option.value for option in definition.options]
    for value in use.values:
        if value and value not in offered and "{{" not in value:
            message = f"{use.asset} names the option {value!r}, which {use.property} doesn't have"
            yield Finding(rules.UNKNOWN_OPTION, use.rule, message, f"choose from: {', '.join(offered)}")


# -- what nobody writes ------------------------------------------------------------------------------------------


def _unwritten(account: "Account", flow: Flow) -> Iterator[Finding]:
    """A property of the account's own that a workflow waits for, and no rule ever writes."""
    type = flow.plan.type
    for name in dict.fromkeys(_waited_for(flow)):
        definition = account.portal.properties[type].get(name)
        if definition is None or definition.hubspot_defined or _is_written(account, flow, name):
            continue
        message = f"workflow {flow.name!r} waits for {name}, which no rule writes: only people, imports and apps do"
        fix = "let a form, a bot or a workflow write it, if nobody else is meant to"
        yield Finding(rules.TRIGGER_UNWRITTEN, flow.place(CRITERIA), message, fix)


def _is_written(account: "Account", flow: Flow, name: str) -> bool:
    uses = (use for part in account.portal.assets for use in part.uses())
    return any(use.writes and (use.type, use.property) == (flow.plan.type, name) for use in uses)


def _waited_for(flow: Flow) -> Iterator[str]:
    criteria = criteria_of(flow)
    for event in criteria.get("eventFilterBranches") or ():
        if event.get("eventTypeId") == PROPERTY_CHANGED:
            yield from sorted(named_values(filters_of_event(event).get("hs_name")) or ())
    yield from _properties(criteria.get("listFilterBranch") or {})


def _properties(branch: Mapping[str, Any]) -> Iterator[str]:
    """The properties of the record itself that a branch asks for."""
    yield from (str(one["property"]) for one in branch.get("filters") or () if one.get("filterType") == "PROPERTY")
    for inner in branch.get("filterBranches") or ():
        if inner.get("filterBranchType") not in ("ASSOCIATION", "UNIFIED_EVENTS"):
            yield from _properties(inner)


def _once_only(flow: Flow) -> Iterator[Finding]:
    """An event can occur again; an object is created once."""
    criteria = criteria_of(flow)
    events = {event.get("eventTypeId") for event in criteria.get("eventFilterBranches") or ()}
    can_recur = bool(events - {OBJECT_CREATED} or criteria.get("listMembershipFilterBranches"))
    if criteria.get("type") != "EVENT_BASED" or flow.plan.triggers.re_enrolls or not can_recur:
        return
    message = f"workflow {flow.name!r} takes each record only once, however often its event occurs"
    fix = "turn re-enrollment on, if it is meant to act each time"
    yield Finding(rules.RE_ENROLL_OFF, flow.place(CRITERIA), message, fix)
