"""Evidence: what the entries of a portal's log show to have been at work. There is no other bookkeeping."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from hubtwin.coverage.features import given_stages
from hubtwin.portal.email_events import CAMPAIGN
from hubtwin.portal.filter_branches.event_types import fact
from hubtwin.portal.flows.enrolling import GOAL_MET, NOT_MET, SUPPRESSED
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.triggers import MANUAL
from hubtwin.portal.log import (
    ACTION_SUCCEEDED,
    ASSOCIATED,
    BOT_STEP,
    CHAT_STARTED,
    EMAIL_SENT,
    ENROLLED,
    FORM_SUBMITTED,
    JOINED_LIST,
    KEPT,
    KEPT_OUT,
    LEAD_FORM_SUBMITTED,
    LEFT_LIST,
    MEETING_BOOKED,
    SET,
    UNENROLLED,
    Entry,
    Log,
)
from hubtwin.portal.object_lists import LIST
from hubtwin.portal.objects import CONTACTS, LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: Records of a type went from a stage to another one; "" stands for none.
Transition = tuple[str, str, str]

#: Why a record leaves a workflow, and which of the workflow's features that shows.
_LEAVES = {GOAL_MET: "goal", SUPPRESSED: "suppress", NOT_MET: "enroll.leave_when_not_met"}


class Evidence:
    """Reads the logs of portals that were made of the same configuration as *portal*.

    The ids of lists, workflows and e-mails are the same in all of them.
    """

    def __init__(self, portal: "Portal") -> None:
        (pipeline,) = portal.pipelines[CONTACTS]
        self._stages = {stage.id: f"stages.{number}" for number, stage in enumerate(pipeline.stages)}
        self._givers: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for use in given_stages(portal):
            self._givers[use.type.name, use.values[0]].append(use.rule)
        self._lists: Mapping[str | None, str] = {str(list.id): list.rule for list in portal.lists}
        self._emails = {str(email.campaign): email.rule for email in portal.marketing_emails}
        self._flows = {flow.id: flow for flow in portal.workflows}
        self._readers: Mapping[str, Callable[[Entry], Iterator[str | None]]] = {
            SET: self._written,
            KEPT: self._kept,
            ASSOCIATED: self._associated,
            JOINED_LIST: self._joined,
            LEFT_LIST: self._left,
            EMAIL_SENT: self._sent,
            ENROLLED: self._enrolled,
            KEPT_OUT: self._kept_out,
            UNENROLLED: self._unenrolled,
            ACTION_SUCCEEDED: self._acted,
            BOT_STEP: self._stepped,
            **dict.fromkeys((FORM_SUBMITTED, LEAD_FORM_SUBMITTED, MEETING_BOOKED, CHAT_STARTED), self._used),
        }

    def rules(self, log: Log, numbers: Iterable[int]) -> Counter[str]:
        """How often the entries with these numbers show each rule at work."""
        found: Counter[str] = Counter()
        for entry in map(log.__getitem__, numbers):
            if (read := self._readers.get(entry.kind)) is not None:
                found.update(filter(None, read(entry)))
            if entry.kind == ENROLLED and entry.cause is not None:
                found.update(self._events(entry, log[entry.cause]))
        return found

    # -- records ---------------------------------------------------------------------------------------

    def _written(self, entry: Entry) -> Iterator[str | None]:
        rule = entry.source.rule or ""
        if rule.startswith("settings.") or (rule.startswith("scores.") and _is_points(entry.value or "")):
            yield rule
        if entry.property == LIFECYCLE:
            yield self._stages.get(entry.value)
            yield from self._kept(entry)

    def _kept(self, entry: Entry) -> Iterator[str]:
        """The stage that somebody gives was given, whether or not the record had one further on."""
        rule, record = entry.source.rule, entry.record
        if rule is not None and record is not None and entry.property == LIFECYCLE:
            for giver in self._givers.get((record.type.name, entry.value), ()):
                if f"{giver}.".startswith(f"{rule}."):
                    yield giver

    def _associated(self, entry: Entry) -> Iterator[str | None]:
        """One of the two ends' entries is enough."""
        rule = entry.source.rule or ""
        if rule.startswith("settings.") and entry.record is not None and entry.record.type is CONTACTS:
            yield rule

    def _used(self, entry: Entry) -> Iterator[str | None]:
        yield entry.source.rule

    # -- lists and e-mails -----------------------------------------------------------------------------

    def _joined(self, entry: Entry) -> Iterator[str]:
        if (rule := self._lists.get(fact(LIST, entry))) is not None:
            yield f"{rule}.joined"

    def _left(self, entry: Entry) -> Iterator[str]:
        if (rule := self._lists.get(fact(LIST, entry))) is not None:
            yield f"{rule}.left"

    def _sent(self, entry: Entry) -> Iterator[str | None]:
        if entry.value is not None:
            yield self._emails.get(entry.value.facts[CAMPAIGN])

    # -- workflows and bots ----------------------------------------------------------------------------

    def _flow(self, entry: Entry) -> Flow | None:
        """The workflow of the portal file that an entry is about; None for others, and for entries that were wiped."""
        return None if entry.value is None else self._flows.get(entry.value.facts["hs_flow_id"])

    def _enrolled(self, entry: Entry) -> Iterator[str]:
        """Who is enrolled by hand says nothing about the criteria, where there are some."""
        if (flow := self._flow(entry)) is not None:
            by_hand_only = flow.plan.triggers.kind == MANUAL and flow.plan.schedule is None
            if by_hand_only or entry.source.rule == flow.rule:
                yield f"{flow.rule}.enroll"

    def _events(self, entry: Entry, cause: Entry) -> Iterator[str]:
        """Which of a workflow's events it was that enrolled a record."""
        flow = self._flow(entry)
        if flow is None or entry.source.rule != flow.rule or cause.value is None:
            return
        for number, event in enumerate(flow.plan.triggers.events):
            if cause.kind == event.kind and event.wanted(cause):
                yield f"{flow.rule}.enroll.events.{number}"

    def _kept_out(self, entry: Entry) -> Iterator[str]:
        if (flow := self._flow(entry)) is not None:
            yield f"{flow.rule}.suppress"

    def _unenrolled(self, entry: Entry) -> Iterator[str]:
        if (flow := self._flow(entry)) is not None and (way := _LEAVES.get(entry.value.facts["reason"])) is not None:
            yield f"{flow.rule}.{way}"

    def _acted(self, entry: Entry) -> Iterator[str | None]:
        """An action was done, and the record took one of its branches where it has some."""
        yield entry.source.rule
        if (flow := self._flow(entry)) is not None and (branch := entry.value.facts.get("hs_branch")) is not None:
            yield flow.place_of_branch(entry.value.facts["hs_action_id"], branch)

    def _stepped(self, entry: Entry) -> Iterator[str | None]:
        yield entry.source.rule
        if entry.value is not None and (way := entry.value.facts.get("hs_branch")) is not None:
            yield f"{entry.source.rule}.{way}"


def transitions(entries: Iterable[Entry]) -> Counter[Transition]:
    """How often records went from each stage to each other one. What was wiped is left out."""
    return Counter(
        (entry.record.type.name, entry.before or "", entry.value)
        for entry in entries
        if entry.kind == SET and entry.record is not None and entry.property == entry.record.type.stage
        if entry.value is not None
    )


def _is_points(value: str) -> bool:
    """Whether a score gave points: every record begins with none, which shows nothing."""
    try:
        return float(value) != 0
    except ValueError:
        return False  # a label
