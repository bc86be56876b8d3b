"""Descriptions: on one page, how the lifecycle stages of a portal work now, in words and as a diagram.

It is read off the portal itself: stages, settings, pipeline rules, and all uses that forms, chatflows, workflows, lists
and connected systems tell of themselves. So it is as true after a year of changes as on the first day.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from hubtwin.portal import uses
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE
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
    """The page, as Markdown with a Mermaid diagram."""
    parts = (_stages, _settings, _writers, _readers, _backward, _diagram)
    title = f"# How the lifecycle stages of {_plain(portal.configuration.account.name)} work"
    return "\n".join([title, *(line for part in parts for line in ("", *part(portal)))]) + "\n"


def _stages(portal: "Portal") -> Iterator[str]:
    counts = {type: portal.stage_counts(type) for type in (CONTACTS, COMPANIES)}
    definitions = {stage.id: stage for stage in portal.configuration.stages}
    yield "## The stages, in order"
    yield ""
    yield "| stage | id | what makes one | owner | contacts | companies |"
    yield "|---|---|---|---|---|---|"
    for stage in _lifecycle(portal):
        known = definitions.get(stage.id)
        meaning, owner = (known.description, known.owner) if known else ("", "")
        numbers = " | ".join(str(counts[type][stage.id]) for type in (CONTACTS, COMPANIES))
        yield f"| {_plain(stage.label)} | `{stage.id}` | {_plain(meaning) or '-'} | {_plain(owner) or '-'} | {numbers} |"


def _settings(portal: "Portal") -> Iterator[str]:
    settings, label = portal.settings, _Labels(portal)
    defaults, sync = settings.default_stage, settings.company_sync
    yield "## What happens by itself"
    yield ""
    if portal.configuration.options.era == "now":
        yield f"- A new contact begins in {label(defaults.contacts)}, a new company in {label(defaults.companies)}."
    else:
        yield f"- A new contact begins as in {portal.configuration.options.era}, by who makes it."
    yield f"- An open deal moves its contacts and companies to {label(settings.deal_created)}."
    yield f"- A won deal moves its contacts and companies to {label(settings.deal_won)}."
    yield f"- A lead record moves its contact or company to {label(settings.lead_associated)}."
    followers = "its primary contacts" if sync.contacts == "primary" else "all its contacts"
    back = ", and follows them" if sync.direction == "both" else ""
    late = " Who joins a company later follows at once." if sync.on_association else ""
    yield (f"- A company takes {followers} along{back}.{late}" if sync.enabled else "- Companies take no contacts along.")
    made = "are found or made by the domain of an address" if settings.company_by_domain else "are not made by themselves"
    yield f"- Companies of contacts {made}."
    yield "- None of this moves a record back."


def _writers(portal: "Portal") -> Iterator[str]:
    yield "## What writes each stage"
    for stage in _lifecycle(portal):
        writers = [use for use in uses.of_stage(portal, stage.id) if use.writes]
        yield ""
        yield f"### {_plain(stage.label)}"
        yield ""
        yield from _listed(writers)
    others = [use for use in _all(portal) if use.writes and (not use.values or "" in use.values)]
    if others:
        yield ""
        yield "### Any stage, or none"
        yield ""
        yield from _listed(others)
    yield ""
    yield "People at the screen, imports and apps can write every stage."


def _readers(portal: "Portal") -> Iterator[str]:
    yield "## What asks for the stage"
    yield ""
    yield from _listed([use for use in _all(portal) if not use.writes])


def _backward(portal: "Portal") -> Iterator[str]:
    """What becomes of a backward move, by channel (F2.b1 to F2.b12)."""
    verdicts = portal.writes.backward
    yield "## When somebody writes an earlier stage"
    yield ""
    yield "| channel | the stage |"
    yield "|---|---|"
    for words, source in CHANNELS:
        yield f"| {words} | {_BACKWARD[verdicts.get(source, Verdict.KEPT)]} |"
    for type in (CONTACTS, COMPANIES):
        (pipeline,) = portal.pipelines[type]
        if portal.pipeline_rules.are_set(type, pipeline):
            yield ""
            yield f"Pipeline rules bind people who edit {type.name}, super admins excepted."


def _diagram(portal: "Portal") -> Iterator[str]:
    stages = _lifecycle(portal)
    nodes = {stage.id: f"stage{number}" for number, stage in enumerate(stages)}
    writers = [use for use in _all(portal) if use.writes]
    assets = {asset: f"asset{number}" for number, asset in enumerate(dict.fromkeys(use.asset for use in writers))}
    arrows = dict.fromkeys(
        f"  {assets[use.asset]} -.-> {nodes[value]}" for use in writers for value in use.values if value in nodes
    )
    yield "## The diagram"
    yield ""
    yield "```mermaid"
    yield "flowchart LR"
    yield from (f'  {nodes[stage.id]}["{_quoted(stage.label)}"]' for stage in stages)
    yield from (f"  {nodes[one.id]} --> {nodes[next.id]}" for one, next in pairwise(stages))
    yield from (f'  {node}(["{_quoted(asset)}"])' for asset, node in assets.items())
    yield from arrows
    yield "```"


class _Labels:
    """Stages as a sentence names them."""

    def __init__(self, portal: "Portal") -> None:
        self._labels = {stage.id: stage.label for stage in _lifecycle(portal)}

    def __call__(self, stage: str | None) -> str:
        return "no stage" if stage is None else f"**{_plain(self._labels.get(stage, stage))}**"


def _lifecycle(portal: "Portal") -> tuple[Stage, ...]:
    (pipeline,) = portal.pipelines[CONTACTS]
    return pipeline.stages


def _all(portal: "Portal") -> list[Use]:
    """All uses of the lifecycle stage."""
    return [use for type in (CONTACTS, COMPANIES) for use in uses.of_property(portal, type, LIFECYCLE)]


def _listed(found: Iterable[Use]) -> Iterator[str]:
    lines = dict.fromkeys(f"- {_plain(use.asset)}, {use.type.name} (`{use.rule}`)" for use in found)
    yield from lines or ["- nothing"]


def _plain(text: str) -> str:
    """Text from a configuration that can't be taken for Markdown or HTML."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|" else sign for sign in " ".join(text.split()))


def _quoted(text: str) -> str:
    """Text inside the quotes of a Mermaid node."""
    return " ".join(text.split()).replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
