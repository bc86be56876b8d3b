"""Features: whatever in a configuration can be exercised, each with the path by which the portal file has it.

A new kind of thing is a function here that tells its features, and in `evidence` the entries of the log that show that
it was at work.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from hubtwin.portal.bots import OTHERWISE, THEN
from hubtwin.portal.configuration import Branch
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Feature(NamedTuple):
    """Something that a run can exercise.

    *rule* tells it from all others: the path of the thing in the portal file, and behind it what the thing can do where
    that is several things (`lists.0.joined`). *title* is what people call it. A branch is one *of* another rule's.
    """

    rule: str
    title: str
    of: str | None = None

    @property
    def part(self) -> str:
        """The key of the portal file that it is under."""
        return self.rule.partition(".")[0]


def features(portal: "Portal") -> list[Feature]:
    """All that can be exercised of the configuration that a *portal* was just made of, part after part."""
    return [feature for read in _READERS for feature in read(portal)]


def given_stages(portal: "Portal") -> Iterator[Use]:
    """The lifecycle stages that forms, chatflows and connected systems give by themselves; their steps not."""
    for part in (portal.forms, portal.chatflows, portal.ads, portal.connected):
        for use in part.uses():
            is_of_system, is_stage = use.rule.startswith("connected."), use.rule.endswith("_stage")
            sets_one = use.writes and use.property == LIFECYCLE and len(use.values) == 1 and use.values[0]
            if sets_one and use.type.has_lifecycle and (is_of_system or is_stage) and not _gives_nobody(portal, use):
                yield use


def _gives_nobody(portal: "Portal", use: Use) -> bool:
    """Whether it is a form's stage of companies, and the form asks for nothing about them: none gets it (F4.7)."""
    owner, _, last = use.rule.rpartition(".")
    asked = [one.object_type_id for form in portal.forms if form.rule == owner for one, _ in form.fields]
    return last == "company_stage" and COMPANIES.id not in asked


# -- the parts of a portal file ------------------------------------------------------------------------------


def _settings(portal: "Portal") -> Iterator[Feature]:
    """The lifecycle settings that are on."""
    settings = portal.settings
    rules = [use.rule for part in (portal.automation, portal.lead_automation) for use in part.uses()]
    rules += ["settings.leads.sync_owner"] if settings.leads.sync_owner else []
    rules += ["settings.company_by_domain"] if settings.company_by_domain else []
    for rule in dict.fromkeys(rules):
        yield Feature(rule, f"setting {rule.removeprefix('settings.')}")


def _stages(portal: "Portal") -> Iterator[Feature]:
    (pipeline,) = portal.pipelines[CONTACTS]
    for number, stage in enumerate(pipeline.stages):
        yield Feature(f"stages.{number}", f"stage {stage.id}: entered")


def _forms(portal: "Portal") -> Iterator[Feature]:
    for form in portal.forms:
        yield Feature(form.rule, f"form {form.name}: submitted")
        yield from _stages_of(portal, form.rule)


def _lead_forms(portal: "Portal") -> Iterator[Feature]:
    for form in portal.ads:
        yield Feature(form.rule, f"lead form {form.settings.name}: submitted")
        yield from _stages_of(portal, form.rule)


def _stages_of(portal: "Portal", rule: str) -> Iterator[Feature]:
    """The stages that the thing at a rule gives."""
    titles = {use.rule: use.asset for use in given_stages(portal) if use.rule.startswith(f"{rule}.")}
    for found, asset in titles.items():
        yield Feature(found, f"{asset}: {found.removeprefix(f'{rule}.').replace('_', ' ')}")


def _meeting_links(portal: "Portal") -> Iterator[Feature]:
    for number, link in enumerate(portal.meetings):
        yield Feature(f"meeting_links.{number}", f"meetings link {link.slug}: booked")


def _chatflows(portal: "Portal") -> Iterator[Feature]:
    """Those that show, with each step of bots and both ways out of their branches."""
    for chatflow in portal.chatflows:
        name, rule = f"chatflow {chatflow.settings.name}", chatflow.rule
        if not chatflow.settings.active:
            continue
        yield Feature(rule, f"{name}: a contact chats")
        yield from _stages_of(portal, rule)
        for place, step in enumerate(chatflow.settings.steps):
            title, path = f"{name}: step {place + 1}", f"{rule}.steps.{place}"
            yield Feature(path, f"{title} ({next(iter(type(step).model_fields))})")
            for way in (THEN, OTHERWISE) if isinstance(step, Branch) else ():
                yield Feature(f"{path}.{way}", f"{title}, {way}", path)


def _lists(portal: "Portal") -> Iterator[Feature]:
    """Those of the portal file, which were made in the order in which they ask about each other."""
    for list in sorted(portal.lists, key=lambda list: int(list.rule.rpartition(".")[2])):
        for way in ("joined", "left"):
            yield Feature(f"{list.rule}.{way}", f"list {list.name}: {way}", list.rule)


def _scores(portal: "Portal") -> Iterator[Feature]:
    for score in portal.scores:
        yield Feature(score.rule, f"score {score.name}: points")


def _emails(portal: "Portal") -> Iterator[Feature]:
    for email in portal.marketing_emails:
        yield Feature(email.rule or "", f"e-mail {email.name}: sent")


def _workflows(portal: "Portal") -> Iterator[Feature]:
    """Those that are on: who comes in, what is done, and who leaves before the end."""
    for flow in portal.workflows:
        if flow.is_on:
            name, plan = f"workflow {flow.name}", flow.plan
            yield Feature(f"{flow.rule}.enroll", f"{name}: enrollment")
            if len(plan.triggers.events) > 1:
                for number in range(len(plan.triggers.events)):
                    yield Feature(f"{flow.rule}.enroll.events.{number}", f"{name}: enrollment by event {number + 1}")
            if plan.triggers.leaves:
                yield Feature(f"{flow.rule}.enroll.leave_when_not_met", f"{name}: criteria not met any more")
            if plan.goal is not None:
                yield Feature(f"{flow.rule}.goal", f"{name}: goal met")
            if plan.suppression is not None or plan.suppressed:
                yield Feature(f"{flow.rule}.suppress", f"{name}: suppression")
            yield from _actions(flow)


def _actions(flow: Flow) -> Iterator[Feature]:
    for number, action in enumerate(flow.plan.actions.values(), 1):
        title, rule = f"workflow {flow.name}: action {number}", flow.rule_of(action.id)
        yield Feature(rule, title)
        for branch, name in action.arms():
            yield Feature(flow.place_of_branch(action.id, branch), f"{title}, branch {name}", rule)


def _connected(portal: "Portal") -> Iterator[Feature]:
    for use in {use.rule: use for use in given_stages(portal) if use.rule.startswith("connected.")}.values():
        yield Feature(use.rule, f"{use.asset}: {'.'.join(use.rule.split('.')[2:])}")


#: The parts of a portal file that have features, in the order of their keys.
_READERS: tuple[Callable[["Portal"], Iterator[Feature]], ...] = (
    _stages,
    _settings,
    _forms,
    _meeting_links,
    _chatflows,
    _emails,
    _workflows,
    _lead_forms,
    _connected,
    _lists,
    _scores,
)
