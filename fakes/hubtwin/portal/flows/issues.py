"""Issues of flows: what *Needs review* shows of failed actions, and who is told (F2.12.1, F2.13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.flows.actions import NotExecuted
from hubtwin.portal.log import ACTION_FAILED, KEPT, Entry
from hubtwin.portal.notifications import EMAIL
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

BACKWARD_STAGE, NOT_EXECUTED, OTHER = "backward_stage", "not_executed", "other"

#: How to fix what went wrong. HubSpot's own words are not known; these are ours (F2.12).
FIXES: Mapping[str, str] = MappingProxyType(
    {
        BACKWARD_STAGE: "Put an if/then branch before the action, or clear the stage before it is set.",
        NOT_EXECUTED: "HubSpot does this, HubTwin does not: hide the issue, and do by a verb what should come of it.",
        OTHER: "Look at the action's settings and at what the records say.",
    }
)


@dataclass(slots=True)
class Issue:
    """What went wrong at one action of a flow: its *kind*, its last *message*, how to *fix* it.

    *entries* are the numbers of the log's entries about it. One that *is_hidden* was marked as fixed, or is ignored; it
    is there again once it happens again (F2.12.1).
    """

    flow: str
    action: str
    kind: str
    message: str
    fix: str
    entries: list[int] = field(default_factory=list)
    is_hidden: bool = False


class Issues:
    """The issues of the flows of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._issues: dict[tuple[str, str, str], Issue] = {}
        portal.reactions.add(ACTION_FAILED, self._failed)

    def needs_review(self, flow: str | None = None) -> list[Issue]:
        """The issues that nobody has dealt with, of one flow by its id or of all; in the order of their coming."""
        return [one for one in self._issues.values() if not one.is_hidden and flow in (None, one.flow)]

    def hide(self, issue: Issue) -> None:
        """Mark an issue as fixed, or ignore it, until it happens again (F2.12)."""
        issue.is_hidden = True

    def drop(self, flow: str) -> None:
        """Forget the issues of a flow that is there no more, by its id."""
        self._issues = {key: issue for key, issue in self._issues.items() if issue.flow != flow}

    def _failed(self, entry: Entry) -> None:
        facts = entry.value.facts
        kind = self._kind(entry)
        key = facts["hs_flow_id"], facts["hs_action_id"], kind
        issue = self._issues.setdefault(key, Issue(*key, "", FIXES[kind]))
        issue.message, issue.is_hidden = str(entry.value), False
        issue.entries.append(entry.number)
        self._alert(issue, entry)

    def _kind(self, entry: Entry) -> str:
        if entry.cause is not None and self._portal.log[entry.cause].kind == KEPT:
            return BACKWARD_STAGE
        facts = entry.value.facts
        action = self._portal.workflows.find(facts["hs_flow_id"]).plan.actions.get(facts["hs_action_id"])
        return NOT_EXECUTED if isinstance(action, NotExecuted) else OTHER

    def _alert(self, issue: Issue, entry: Entry) -> None:
        """Tell those who want to know of this kind (F2.13)."""
        for number, alert in enumerate(self._portal.configuration.workflow_alerts):
            if issue.kind not in alert.kinds or entry.record is None:
                continue
            source = Source(entry.source.type, entry.source.id, entry.source.label, rule=f"workflow_alerts.{number}")
            subject = f"Workflow {entry.source.label} needs review"
            self._portal.notifications.send(
                EMAIL, alert.users, subject, issue.message, about=entry.record, source=source, cause=entry.number
            )
