"""The action log of a flow: what became of which record at which action, and when (F7.33)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal import log
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.log import Entry
from hubtwin.portal.moments import DAY
from hubtwin.portal.records import Record
from hubtwin.portal.stories import who

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How long HubSpot keeps what happened (F7.33).
KEPT = 90 * DAY

#: How things came out; the first two are about a record's way as a whole, not about an action (F7.33.1).
ENROLLED, LEFT, SUCCEEDED, WAITING, FAILED = STATUSES = ("enrolled", "left", "succeeded", "waiting", "failed")

#: In an entry of the log about an action after which the record waits: until when, in milliseconds.
UNTIL = "hs_delay_until"

_STATUSES = MappingProxyType(
    {
        log.ENROLLED: ENROLLED,
        log.UNENROLLED: LEFT,
        log.ACTION_SUCCEEDED: SUCCEEDED,
        log.ACTION_FAILED: FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """One line of a workflow's action log.

    *number* is that of the log's entry. *action* is the id of the action, None where the record came in or left, and
    *execution* how many actions it had behind it. After a delay the record waits *until* a moment: the *status* is
    `waiting` while it does, and `succeeded` afterwards. *branch* is the place in the action's JSON of the branch that
    the record took.
    """

    number: int
    workflow: str
    enrollment: int
    action: str | None
    execution: int
    record: Record
    moment: int
    status: str
    message: str
    until: int | None = None
    branch: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it is no issue of the workflow."""
        return self.status != FAILED


def events(portal: "Portal", flow: Flow, since: int | None = None) -> Iterator[ActionEvent]:
    """What happened in a flow, newest first: by default in the last 90 days, or *since* a moment.

    Records whose data was wiped are left out.
    """
    first = portal.clock.now - KEPT if since is None else since
    waiting = {one.number for one in flow.active.values()}
    for number in reversed(flow.entries):
        entry = portal.log[number]
        if entry.moment < first:
            return
        if entry.value is None or entry.record is None:
            continue
        event = _event(flow, entry, entry.record)
        if event.status == SUCCEEDED and event.enrollment in waiting and _is_after(event.until, portal.clock.now):
            event = replace(event, status=WAITING)
        waiting.discard(event.enrollment)
        yield event


def _is_after(moment: int | None, now: int) -> bool:
    return moment is not None and moment > now


def _event(flow: Flow, entry: Entry, record: Record) -> ActionEvent:
    facts = entry.value.facts
    return ActionEvent(
        number=entry.number,
        workflow=flow.name,
        enrollment=int(facts["hs_enrollment_id"]),
        action=facts.get("hs_action_id"),
        execution=int(facts.get("hs_execution_index", 0)),
        record=record,
        moment=entry.moment,
        status=_STATUSES[entry.kind],
        message=_message(flow, entry),
        until=int(facts[UNTIL]) if UNTIL in facts else None,
        branch=facts.get("hs_branch"),
    )


def _message(flow: Flow, entry: Entry) -> str:
    """What an action says of itself; of records that come in who enrolled them, of those that leave the reason."""
    if entry.kind == log.ENROLLED:
        return "by its criteria" if entry.source.rule == flow.rule else who(entry.source)
    return str(entry.value.facts.get("reason", entry.value))
