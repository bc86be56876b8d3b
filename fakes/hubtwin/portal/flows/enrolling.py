"""Enrolling: records come into a flow, go from action to action, and leave it (F7.22 to F7.34)."""

from functools import partial
from typing import TYPE_CHECKING

from hubtwin.portal.errors import CascadeError, PortalError
from hubtwin.portal.flows.action_log import UNTIL
from hubtwin.portal.flows.actions import CRITERIA_MET, Result, Run
from hubtwin.portal.flows.awaiting import Awaiting
from hubtwin.portal.flows.flow import Enrollment, Flow, Wait
from hubtwin.portal.flows.triggers import holds
from hubtwin.portal.log import ACTION_FAILED, ACTION_SUCCEEDED, ENROLLED, UNENROLLED, Activity, Entry
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.sources import workflow as workflow_source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: Why a record leaves a flow before the end (F7.26).
GOAL_MET, SUPPRESSED, NOT_MET = "goal met", "suppressed", "no longer meets the criteria"


class Enrolling:
    """The records on their way through the flows of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._enrollments = 0
        self._awaiting = Awaiting(portal, self._event_occurred)

    # -- coming in and leaving -------------------------------------------------------------------------

    def begin(self, flow: Flow, record: Record, source: Source, trigger: Entry | None, cause: int | None) -> None:
        """Let a record in, and let it go to the first action once all that has happened is reacted to.

        One that comes round in a loop stays out.
        """
        self._enrollments += 1
        number = self._enrollments
        facts = {"hs_flow_id": flow.id, "hs_enrollment_id": str(number)}
        entry = self._note(flow, Activity(ENROLLED, flow.name, facts), record, source, cause)
        if not self._portal.reactions.guard(entry):
            return
        enrollment = Enrollment(number, record, entry, trigger, flow.plan.start)
        flow.active[record] = enrollment
        flow.counts[record] = flow.counts.get(record, 0) + 1
        delay = self._portal.configuration.options.workflow_delay
        if delay:
            self._wait(flow, enrollment, self._portal.clock.now + delay)
        else:
            self._portal.reactions.then(partial(self.go_on, flow, enrollment, 0))

    def hand_over(self, flow: Flow, record: Record, other: Record) -> None:
        """Let another record take the place of one in a flow; where that has none, nothing happens."""
        enrollment = flow.active.pop(record, None)
        if enrollment is not None:
            enrollment.record = other
            flow.active[other] = enrollment

    def end(self, flow: Flow, record: Record, reason: str, cause: int | None = None) -> None:
        """Let a record leave before it has come to the end; one that isn't in the flow stays out."""
        enrollment = flow.active.pop(record, None)
        if enrollment is None:
            return
        enrollment.waits += 1
        source = workflow_source(enrollment.number, enrollment.executed, flow.name, flow.rule)
        facts = {"hs_flow_id": flow.id, "hs_enrollment_id": str(enrollment.number), "reason": reason}
        because = enrollment.entry if cause is None else cause
        self._note(flow, Activity(UNENROLLED, f"{flow.name}: {reason}", facts), record, source, because)

    # -- on the way ------------------------------------------------------------------------------------

    def go_on(self, flow: Flow, enrollment: Enrollment, waits: int) -> None:
        """Let a record come to its next action, unless something else became of it while it waited."""
        if enrollment.waits != waits or flow.active.get(enrollment.record) is not enrollment:
            return
        if not flow.is_on:
            enrollment.is_parked = True  # F7.25: it keeps its place
            return
        enrollment.awaits = None
        action = flow.plan.actions.get(enrollment.action or "")
        if action is None:
            self._arrive(flow, enrollment)
            return
        opening = flow.plan.hours.next(self._portal.clock.now)
        if opening is None:
            self.end(flow, enrollment.record, "no time window opens within a year")
        elif opening > self._portal.clock.now:
            self._wait(flow, enrollment, opening)
        else:
            self._act(flow, enrollment, action.id)

    def resume(self, flow: Flow) -> None:
        """Let those go on whose delays ended while the flow was off (F7.25)."""
        for enrollment in list(flow.active.values()):
            if enrollment.is_parked:
                enrollment.is_parked = False
                self._portal.reactions.then(partial(self.go_on, flow, enrollment, enrollment.waits))

    def _act(self, flow: Flow, enrollment: Enrollment, id: str) -> None:
        action = flow.plan.actions[id]
        source = workflow_source(enrollment.number, enrollment.executed, flow.name, flow.rule_of(id))
        run = Run(
            self._portal,
            enrollment.record,
            source,
            enrollment.entry,
            enrollment.number,
            enrollment.trigger,
            flow,
            enrollment.outputs,
            enrollment.tries,
        )
        try:
            result = action.run(run)
        except CascadeError:
            raise
        except PortalError as error:
            following = next(action.connections(), None)
            result = Result(following, str(error), succeeded=False)
        self._log(flow, enrollment, id, result, source)
        self._keep(enrollment, id, result)
        enrollment.executed += 1
        enrollment.action = result.next
        if flow.active.get(enrollment.record) is not enrollment:
            return  # the action took the record out of the flow
        if result.until is not None and result.until > self._portal.clock.now:
            if result.awaits:
                self._awaiting.watch(flow, result.awaits)
                enrollment.awaits = Wait(id, result.awaits)
            self._wait(flow, enrollment, result.until)
        elif result.next is None:
            self._arrive(flow, enrollment)
        else:
            self._portal.reactions.then(partial(self.go_on, flow, enrollment, enrollment.waits))

    def _keep(self, enrollment: Enrollment, id: str, result: Result) -> None:
        """Keep what an action gave out; each tells how it ended (F7.16.5)."""
        state = "SUCCESS" if result.succeeded else "FAIL_CONTINUE"
        outputs = {"hs_execution_state": state, **result.outputs}
        enrollment.outputs.update({(id, key): value for key, value in outputs.items()})
        enrollment.tries = enrollment.tries + 1 if result.again else 0

    def _wait(self, flow: Flow, enrollment: Enrollment, until: int) -> None:
        enrollment.waits += 1
        delay = until - self._portal.clock.now
        self._portal.clock.after(delay, partial(self._wake, flow, enrollment, enrollment.waits))

    def _wake(self, flow: Flow, enrollment: Enrollment, waits: int) -> None:
        self._portal.reactions.then(partial(self.go_on, flow, enrollment, waits))
        self._portal.reactions.settle()

    def _event_occurred(self, flow: Flow, enrollment: Enrollment, wait: Wait, number: int) -> None:
        """What a record waited for has occurred: it goes on at once."""
        source = workflow_source(enrollment.number, enrollment.executed, flow.name, flow.rule_of(wait.action))
        self._log(flow, enrollment, wait.action, Result(None, "the event occurred", entry=number), source)
        enrollment.outputs[wait.action, CRITERIA_MET] = "true"
        enrollment.awaits = None
        enrollment.waits += 1
        self._portal.reactions.then(partial(self.go_on, flow, enrollment, enrollment.waits))

    def _arrive(self, flow: Flow, enrollment: Enrollment) -> None:
        """At the end a record leaves the flow without a word; whoever it meets again comes in anew (F7.22)."""
        del flow.active[enrollment.record]
        flow.arrivals.append(self._portal.clock.now)

    # -- the log ---------------------------------------------------------------------------------------

    def _log(self, flow: Flow, enrollment: Enrollment, action: str, result: Result, source: Source) -> None:
        """One line of the action log (F7.33)."""
        facts = {
            "hs_flow_id": flow.id,
            "hs_enrollment_id": str(enrollment.number),
            "hs_action_id": action,
            "hs_execution_index": str(enrollment.executed),
        }
        if result.branch is not None:
            facts["hs_branch"] = result.branch
        if result.until is not None:
            facts[UNTIL] = str(result.until)
        kind = ACTION_SUCCEEDED if result.succeeded else ACTION_FAILED
        cause = enrollment.entry if result.entry is None else result.entry
        self._note(flow, Activity(kind, result.event, facts), enrollment.record, source, cause)

    def _note(self, flow: Flow, activity: Activity, record: Record, source: Source, cause: int | None) -> int:
        number = self._portal.writes.note(record, activity, source, cause)
        flow.entries.append(number)
        return number


def kept_out(portal: "Portal", flow: Flow, record: Record) -> str | None:
    """Why a record may neither come in nor stay: it is suppressed, or has met the goal; None where it may."""
    plan = flow.plan
    if plan.suppression is not None and holds(plan.suppression, record):
        return SUPPRESSED
    lists = (portal.lists.get(id) for id in plan.suppressed)
    if any(list is not None and record in list for list in lists):
        return SUPPRESSED
    return GOAL_MET if plan.goal is not None and plan.goal.accepts(record) else None
