"""Writers: all rules of a configuration that set lifecycle stages, as edges between stages.

People, imports and apps can set any stage; they are no rules, and not here.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubtwin.lint.definitions import Write
from hubtwin.lint.samples import Sample
from hubtwin.lint.stage_graph import NEW, Edge
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE, ObjectType
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.lint.account import Account

_SYNC = "settings.company_sync"


def edges(account: "Account", type: ObjectType) -> Iterator[Edge]:
    """The edges between the stages of a type; those of one writer stand together."""
    defaults = account.portal.settings.default_stage
    if (defaults.contacts if type is CONTACTS else defaults.companies) is None:
        yield Edge(NEW, None, "no default stage", f"settings.default_stage.{type.name}")
    for use in _uses(account, type):
        for stage in use.values or (() if use.rule == _SYNC else account.order(type).stages):
            yield from _of_use(account, type, use, stage)
    for flow in account.flows:
        yield from _of_flow(account, type, flow)
    yield from _of_sync(account, type)


def _uses(account: "Account", type: ObjectType) -> Iterator[Use]:
    """The writers of stages that are no workflows."""
    for part in account.portal.assets:
        if part is not account.portal.workflows:
            for use in part.uses():
                if use.writes and (use.type, use.property) == (type, LIFECYCLE):
                    yield use


def _of_use(account: "Account", type: ObjectType, use: Use, stage: str) -> Iterator[Edge]:
    words = use.asset
    if _makes_records(use):
        yield Edge(NEW, stage, words, use.rule)
    if _moves_records(use):
        for before in account.order(type).earlier(stage):
            yield Edge(before, stage, words, use.rule)


def _makes_records(use: Use) -> bool:
    """Whether new records get the stage: those of forms, chats and syncs do, and those without one the default."""
    is_chat = use.rule.startswith("chatflows.")
    settings = ("settings.default_stage.", "connected.salesforce.automatic_stage_transitions")
    if is_chat:
        return use.rule.endswith(".contact_stage")
    return use.rule.startswith(settings[0]) or not use.rule.startswith(("settings.", settings[1]))


def _moves_records(use: Use) -> bool:
    """Whether records get the stage that are there already."""
    if use.rule.startswith("chatflows."):
        return not use.rule.endswith(".contact_stage")
    return not use.rule.startswith("settings.default_stage.") and not use.rule.endswith(".default_stage")


# -- workflows -----------------------------------------------------------------------------------------------


def _of_flow(account: "Account", type: ObjectType, flow: Flow) -> Iterator[Edge]:
    for id, writes in account.writes(flow).items():
        for write in writes:
            if (write.type, write.property) == (type, LIFECYCLE) and write.value is not None:
                for before in sources(account, flow, write):
                    yield Edge(before, write.value or None, f"workflow {flow.name!r}", flow.rule_of(id))


def sources(account: "Account", flow: Flow, write: Write) -> list[Sample]:
    """The stages that an action moves records from."""
    order, states = account.order(write.type), account.walk(flow).states.get(write.action, [])
    if not states:
        return []
    if write.target == "new":
        return [NEW]
    present = order.all
    if write.target == "own":
        present = frozenset[Sample]().union(*(state.values.get(LIFECYCLE, order.all) for state in states))
    target = write.value or None
    if target is None or account.goes_back:
        return order.sorted(present - {target})
    return [stage for stage in order.sorted(present) if stage in order.earlier(target)]


# -- company sync --------------------------------------------------------------------------------------------


def _of_sync(account: "Account", type: ObjectType) -> Iterator[Edge]:
    """Contacts follow their company to any stage that companies reach; companies their contacts, where they do."""
    sync = account.portal.settings.company_sync
    if not sync.enabled:
        return
    if type is CONTACTS:
        reached, whose = account.graph(COMPANIES).reached, "its company"
    elif sync.direction == "both":
        reached, whose = _set_on_contacts(account), "its contact"
    else:
        return
    order = account.order(type)
    for stage in order.sorted(reached - {None}):
        for before in order.earlier(str(stage)):
            yield Edge(before, stage, f"setting company_sync, from {whose}", _SYNC)


def _set_on_contacts(account: "Account") -> frozenset[Sample]:
    """The stages that some rule sets on contacts, whether or not one ever comes there."""
    found = {stage for use in _uses(account, CONTACTS) for stage in use.values}
    return frozenset(found | {edge.target for flow in account.flows for edge in _of_flow(account, CONTACTS, flow)})
