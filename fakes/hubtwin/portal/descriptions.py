"""Descriptions: on one page, how the lifecycle stages of a portal work now, in words and as a chart (F11.1).

It is read off the portal itself: stages, settings, pipeline rules, and all uses that forms, chatflows, workflows, lists
and connected systems tell of themselves. So it is as true after a year of changes as on the first day.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from hubtwin.portal import uses
from hubtwin.portal.charts import chart
from hubtwin.portal.configuration.chatflows import Assignment
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.titles import title_of
from hubtwin.portal.markup import code, plain
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE, ObjectType
from hubtwin.portal.pipeline_rules import StagesOfRule
from hubtwin.portal.pipelines import Stage
from hubtwin.portal.stages import Verdict
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The channels, as people call them, and the source types by which they write.
CHANNELS = (
    ("by hand in the record", "CRM_UI"),
    ("bulk edit", "CRM_UI_BULK_ACTION"),
    ("app (API)", "INTEGRATION"),
    ("form", "FORM"),
    ("import", "IMPORT"),
    ("workflow", "AUTOMATION_PLATFORM"),
    ("live chat", "CONVERSATIONS"),
    ("bot", "BOT"),
    ("deal settings", "DEALS"),
    ("company sync", "COMPANIES"),
    ("Salesforce", "SALESFORCE"),
    ("data sync", "INTEGRATIONS_SYNC"),
)

_BACKWARD = {
    Verdict.SET: "goes back",
    Verdict.KEPT: "stays, and the writer is not told",
    Verdict.REFUSED: "stays, and the writer gets an error",
}


def describe(portal: "Portal") -> str:
    """The page, as Markdown with a Mermaid chart."""
    parts = (_stages, _settings, _writers, _readers, _messages, _backward, _rules, _chart)
    title = f"# How the lifecycle stages of {plain(portal.configuration.account.name)} work"
    return "\n".join([title, *(line for part in parts for line in ("", *part(portal)))]) + "\n"


# -- what is there -------------------------------------------------------------------------------------------


def _stages(portal: "Portal") -> Iterator[str]:
    """What each stage means, who looks after it, and how many records are in it, where there are any at all."""
    types = [type for type in (CONTACTS, COMPANIES) if portal.records[type]]
    counts = [portal.stage_counts(type) for type in types]
    meanings = {stage.id: (stage.description, stage.owner or "") for stage in portal.configuration.stages}
    titles = ["stage", "id", "what makes one", "owner", *(type.name for type in types)]
    yield "## The stages, in order"
    yield ""
    yield _row(titles)
    yield _row(["---"] * len(titles))
    for stage in _lifecycle(portal):
        meaning = [plain(text) or "-" for text in meanings.get(stage.id, ("", ""))]
        yield _row([plain(stage.label), code(stage.id), *meaning, *(str(count[stage.id]) for count in counts)])


def _settings(portal: "Portal") -> Iterator[str]:
    settings, options, label = portal.settings, portal.configuration.options, _Labels(portal)
    yield "## What happens by itself"
    yield ""
    if options.era == "now":
        yield from (f"- A new {type.singular} begins in {_begins(portal, type)}." for type in (CONTACTS, COMPANIES))
    else:
        yield f"- A new contact begins as in {options.era}: by who makes it."
    for what, stage in (
        ("An open deal", settings.deal_created),
        ("A won deal", settings.deal_won),
        ("A lead record", settings.lead_associated),
    ):
        does = "moves nobody" if stage is None else f"moves its contacts and companies on to {label(stage)}"
        yield f"- {what} {does}."
    yield f"- {_sync(portal)}"
    if settings.company_by_domain:
        yield "- A new contact finds its company by the domain of its address; where there is none, one is made."
    yield "- None of this moves a record back."


def _begins(portal: "Portal", type: ObjectType) -> str:
    defaults = portal.settings.default_stage
    return _Labels(portal)(defaults.contacts if type is CONTACTS else defaults.companies)


def _sync(portal: "Portal") -> str:
    sync = portal.settings.company_sync
    if not sync.enabled:
        return "Companies take no contacts along."
    followers = "the contacts whose primary company it is" if sync.contacts == "primary" else "all its contacts"
    back = ", and follows them" if sync.direction == "both" else ""
    late = " Who joins a company later follows at once." if sync.on_association else ""
    return f"A company takes {followers} along{back}.{late}"


# -- what writes and asks ------------------------------------------------------------------------------------


def _writers(portal: "Portal") -> Iterator[str]:
    yield "## What writes each stage"
    for stage in _lifecycle(portal):
        yield from ("", f"### {plain(stage.label)}", "")
        yield from _listed(portal, [use for use in uses.of_stage(portal, stage.id) if use.writes])
    others = [use for use in _all(portal) if use.writes and (not use.values or "" in use.values)]
    if others:
        yield from ("", "### Any stage, or none", "")
        yield from _listed(portal, others)
    yield ""
    yield "People at the screen, imports and apps can write every stage."


def _readers(portal: "Portal") -> Iterator[str]:
    label = _Labels(portal)
    yield "## What asks for the stage"
    yield ""
    yield from _listed(portal, [use for use in _all(portal) if not use.writes], label)


def _messages(portal: "Portal") -> Iterator[str]:
    """Whom forms tell, who gets conversations, and what workflows do, one action after the other."""
    yield "## Messages and hand-overs"
    yield ""
    lines = [*_told(portal), *_conversations(portal), *_hand_overs(portal), *map(_steps, portal.workflows)]
    yield from lines or ["- none"]


def _told(portal: "Portal") -> Iterator[str]:
    names = {str(owner.user_id): owner.name for owner in portal.users}
    for form in portal.forms:
        told = [plain(names[id]) for id in form.says.configuration.notify_recipients if id in names]
        if told:
            yield f"- form {plain(form.name)} tells {_and(told)}"


def _conversations(portal: "Portal") -> Iterator[str]:
    for chatflow in portal.chatflows:
        assign = chatflow.settings.assign
        who = "wait in the inbox" if assign is None else f"go to {_and(_assigned(portal, assign))}"
        yield f"- conversations of chatflow {plain(chatflow.settings.name)} {who}"


def _assigned(portal: "Portal", assign: Assignment) -> Iterator[str]:
    if assign.contact_owner:
        yield "the contact's owner"
    yield from (plain(portal.users.find(email).name) for email in assign.users)
    if assign.team is not None:
        yield f"the team {plain(assign.team)}"


def _hand_overs(portal: "Portal") -> Iterator[str]:
    salesforce = portal.configuration.connected.salesforce
    if salesforce is not None and salesforce.hand_over is not None:
        given = salesforce.hand_over
        who = _and(map(plain, given.representatives))
        yield f"- at {_Labels(portal)(given.stage)} a Salesforce lead and a task go to {who}, by turns"


def _steps(flow: Flow) -> str:
    """What a workflow does."""
    titles = [title_of(action) for action in flow.data.get("actions", ())]
    off = "" if flow.is_on else " (off)"
    return f"- workflow {plain(flow.name)}{off}: {' → '.join(map(plain, titles)) or 'nothing'}"


# -- what is not allowed -------------------------------------------------------------------------------------


def _backward(portal: "Portal") -> Iterator[str]:
    """What becomes of a backward move, by channel (F2.b1 to F2.b12)."""
    verdicts = portal.writes.backward
    yield "## When somebody writes an earlier stage"
    yield ""
    yield _row(["channel", "the stage"])
    yield _row(["---", "---"])
    for words, source in CHANNELS:
        yield _row([words, _BACKWARD[verdicts.get(source, Verdict.KEPT)]])
    yield ""
    yield "Everybody may clear the stage first, and then write any."


def _rules(portal: "Portal") -> Iterator[str]:
    """The pipeline rules of the lifecycle (F2.14)."""
    yield "## What people may not do"
    yield ""
    lines = [line for type in (CONTACTS, COMPANIES) for line in _rules_of(portal, type)]
    yield from lines or ["- no pipeline rule binds them"]
    if lines:
        yield ""
        yield "Super admins may, and so may workflows, imports and apps."


def _rules_of(portal: "Portal", type: ObjectType) -> Iterator[str]:
    (pipeline,) = portal.pipelines[type]
    rules, label = portal.pipeline_rules.of(type, pipeline), _Labels(portal)
    for words, stages in (("bring back from", rules.no_backwards), ("take past", rules.no_skipping)):
        if stages != StagesOfRule():
            yield f"- {words} {'any stage' if stages.every else _or(map(label, stages.ids))}: {type.name}"
    if rules.creation:
        yield f"- create in another stage than {_or(map(label, rules.creation))}: {type.name}"


def _chart(portal: "Portal") -> Iterator[str]:
    yield "## The chart"
    yield ""
    yield "```mermaid"
    yield from chart(_lifecycle(portal), _all(portal))
    yield "```"


# -- words ---------------------------------------------------------------------------------------------------


class _Labels:
    """Stages as a sentence names them."""

    def __init__(self, portal: "Portal") -> None:
        self._labels = {stage.id: stage.label for stage in _lifecycle(portal)}

    def __call__(self, stage: str | None) -> str:
        return "no stage" if stage is None else f"**{plain(self._labels.get(stage, stage))}**"


def _lifecycle(portal: "Portal") -> tuple[Stage, ...]:
    (pipeline,) = portal.pipelines[CONTACTS]
    return pipeline.stages


def _all(portal: "Portal") -> list[Use]:
    """All uses of the lifecycle stage."""
    return [use for type in (CONTACTS, COMPANIES) for use in uses.of_property(portal, type, LIFECYCLE)]


def _listed(portal: "Portal", found: Iterable[Use], label: _Labels | None = None) -> Iterator[str]:
    """Uses, each once; with the stages that they name, where *label* names stages."""
    resting, objects = _resting(portal), dict[tuple[str, ...], list[str]]()
    for use in found:
        values = map(label, use.values) if label else ()
        objects.setdefault((use.asset, use.rule, *values), []).append(use.type.name)
    for (asset, rule, *stages), names in objects.items():
        off = ", which is off" if asset in resting else ""
        named = f": {_or(stages)}" if stages else ""
        yield f"- {plain(asset)}{off}, {_and(dict.fromkeys(names))} ({code(rule)}){named}"
    if not objects:
        yield "- nothing"


def _resting(portal: "Portal") -> set[str]:
    """What is there, but turned off."""
    flows = {f"workflow {flow.name}" for flow in portal.workflows if not flow.is_on}
    return flows | {f"chatflow {one.settings.name}" for one in portal.chatflows if not one.settings.active}


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _and(words: Iterable[str]) -> str:
    return _joined(words, "and")


def _or(words: Iterable[str]) -> str:
    return _joined(words, "or")


def _joined(words: Iterable[str], last: str) -> str:
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
