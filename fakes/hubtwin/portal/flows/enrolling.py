"""Enrolling: records come into a flow, go from action to action, and leave it (F7.22 to F7.34)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hubtwin.portal.errors import CascadeError, PortalError
from hubtwin.portal.flows.action_log import UNTIL
from hubtwin.portal.flows.actions import CRITERIA_MET, FAIL_CONTINUE, STATE, SUCCESS, Action, Result, Run
from hubtwin.portal.flows.asking import Asking
from hubtwin.portal.flows.awaiting import Awaiting
from hubtwin.portal.flows.flow import Callback, Enrollment, Flow, Pause, Wait
from hubtwin.portal.flows.plans import Plan
from hubtwin.portal.flows.triggers import holds
from hubtwin.portal.log import ACTION_FAILED, ACTION_SUCCEEDED, ENROLLED, UNENROLLED, Activity, Entry
from hubtwin.portal.outbox import Outcome
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
        """Let a record in, and let it go to the first action once all that has happened is reacted to."""
        self._enrollments += 1
        number = self._enrollments
        facts = {"hs_flow_id": flow.id, "hs_enrollment_id": str(number)}
        entry = self._note(flow, Activity(ENROLLED, flow.name, facts), record, source, cause)
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
        if enrollment.callback is not None:
            self._portal.custom_actions.forget(enrollment.callback.id)
        source = workflow_source(enrollment.number, enrollment.executed, flow.name, flow.rule)
        facts = {"hs_flow_id": flow.id, "hs_enrollment_id": str(enrollment.number), "reason": reason}
        because = enrollment.entry if cause is None else cause
        self._note(flow, Activity(UNENROLLED, f"{flow.name}: {reason}", facts), record, source, because)

    # -- on the way ------------------------------------------------------------------------------------

    def go_on(self, flow: Flow, enrollment: Enrollment, waits: int) -> None:
        """Let a record come to its next action, unless something else became of it while it waited."""
        if not self._is_waiting(flow, enrollment, waits):
            return
        enrollment.awaits = enrollment.pause = None
        if enrollment.callback is not None:
            self._expire(flow, enrollment, enrollment.callback)
        action = flow.plan.actions.get(enrollment.action or "")
        if action is None:
            self._arrive(flow, enrollment)
            return
        now = self._portal.clock.now
        opening = now if action.steers or not flow.is_on else flow.plan.hours.next(now)
        if opening is None:
            self.end(flow, enrollment.record, "no time window opens within a year")
        elif opening > now:
            self._wait(flow, enrollment, opening)
        elif action.steers or flow.is_on:
            self._act(flow, enrollment, action.id)
        else:
            self._skip(flow, enrollment, action)

    def lead_on(self, flow: Flow, before: Plan) -> None:
        """Let the records in a flow go on in its new plan: a delay may have changed, an action may be gone (F7.4.3)."""
        for enrollment in list(flow.active.values()):
            enrollment.action = _there_still(enrollment.action, before, flow.plan)
            if enrollment.pause is None:
                continue
            delay = flow.plan.actions.get(enrollment.pause.action)
            if delay is None or not delay.steers:
                self._end_wait(flow, enrollment)
            elif flow.changed(delay.id):
                self._pause_anew(flow, enrollment, delay, enrollment.pause)
            else:
                enrollment.action = next(delay.connections(), None)

    def _pause_anew(self, flow: Flow, enrollment: Enrollment, delay: Action, pause: Pause) -> None:
        """Let a record wait as a changed delay says: as if it had said so when the record came to it (F7.4.3)."""
        run = self._run(flow, enrollment, delay.id, pause.since)
        result = _attempt(delay, partial(delay.run, run))
        self._log(flow, enrollment, delay.id, result, run.source)
        self._keep(enrollment, delay.id, result)
        enrollment.action, enrollment.awaits = result.next, None
        if not self._pause(flow, enrollment, delay.id, result, pause.since):
            self._end_wait(flow, enrollment)

    def _skip(self, flow: Flow, enrollment: Enrollment, action: Action) -> None:
        """Let a record pass an action that isn't done, as the flow is off (F7.25)."""
        result = Result(next(action.connections(), None), "not done: the workflow is off", succeeded=False)
        self._conclude(flow, enrollment, action.id, result, self._run(flow, enrollment, action.id).source)

    def _act(self, flow: Flow, enrollment: Enrollment, id: str) -> None:
        action, run = flow.plan.actions[id], self._run(flow, enrollment, id)
        result = _attempt(action, partial(action.run, run))
        if result.asks is not None and isinstance(action, Asking):
            enrollment.waits += 1
            then = partial(self._answered, flow, enrollment, enrollment.waits, action)
            self._portal.outbox.send(result.asks, then)
        else:
            self._conclude(flow, enrollment, id, result, run.source)

    def _answered(self, flow: Flow, enrollment: Enrollment, waits: int, action: Asking, outcome: Outcome) -> None:
        """What a record's action asked was answered."""
        if not self._is_waiting(flow, enrollment, waits):
            return
        run, present = self._run(flow, enrollment, action.id), flow.plan.actions.get(action.id)
        asker = present if isinstance(present, Asking) else action
        result = _attempt(asker, partial(asker.answered, run, outcome))
        if present is None:  # the flow has another plan by now
            result = replace(result, next=enrollment.action, until=None, callback=None)
        self._conclude(flow, enrollment, action.id, result, run.source)
        self._portal.reactions.settle()

    def _run(self, flow: Flow, enrollment: Enrollment, id: str, since: int | None = None) -> Run:
        return Run(
            self._portal,
            enrollment.record,
            workflow_source(enrollment.number, enrollment.executed, flow.name, flow.rule_of(id)),
            enrollment.entry,
            enrollment.number,
            enrollment.trigger,
            flow,
            enrollment.outputs,
            enrollment.tries,
            execution=enrollment.executed,
            since=self._portal.clock.now if since is None else since,
        )

    def _conclude(self, flow: Flow, enrollment: Enrollment, id: str, result: Result, source: Source) -> None:
        """Log what became of an action, and let the record go on, at once or later."""
        self._log(flow, enrollment, id, result, source)
        self._keep(enrollment, id, result)
        enrollment.executed += 1
        enrollment.action = result.next
        if flow.active.get(enrollment.record) is not enrollment:
            return  # the action took the record out of the flow
        if self._pause(flow, enrollment, id, result, self._portal.clock.now):
            return
        if result.next is None:
            self._arrive(flow, enrollment)
        else:
            self._portal.reactions.then(partial(self.go_on, flow, enrollment, enrollment.waits))

    def _pause(self, flow: Flow, enrollment: Enrollment, id: str, result: Result, since: int) -> bool:
        """Let a record wait where an action says so; whether it does."""
        if result.until is None or result.until <= self._portal.clock.now:
            return False
        if result.awaits:
            self._awaiting.watch(flow, result.awaits)
            enrollment.awaits = Wait(id, result.awaits)
        self._wait(flow, enrollment, result.until)
        if result.callback is not None:
            enrollment.callback = Callback(id, result.callback)
            then = partial(self._completed, flow, enrollment, enrollment.waits)
            self._portal.custom_actions.expect(result.callback, then)
        if flow.plan.actions[id].steers:
            enrollment.pause = Pause(id, since)
        return True

    def _keep(self, enrollment: Enrollment, id: str, result: Result) -> None:
        """Keep what an action gave out; each tells how it ended (F7.16.5)."""
        outputs = {STATE: SUCCESS if result.succeeded else FAIL_CONTINUE, **result.outputs}
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
        self._log_end_of_wait(flow, enrollment, wait.action, Result(None, "the event occurred", entry=number))
        enrollment.outputs[wait.action, CRITERIA_MET] = "true"
        enrollment.awaits = None
        self._end_wait(flow, enrollment)

    def _completed(self, flow: Flow, enrollment: Enrollment, waits: int, outputs: Mapping[str, str]) -> None:
        """An app completed the callback that a record waited for: it goes on at once (F7.20.6)."""
        callback, enrollment.callback = enrollment.callback, None
        if callback is not None and self._is_waiting(flow, enrollment, waits):
            failed = outputs.get(STATE) == FAIL_CONTINUE
            event = f"callback {callback.id} completed{' as failed' if failed else ''}"
            result = Result(None, event, not failed, outputs=outputs)
            self._log_end_of_wait(flow, enrollment, callback.action, result)
            self._keep(enrollment, callback.action, result)
            self._end_wait(flow, enrollment)

    def _expire(self, flow: Flow, enrollment: Enrollment, callback: Callback) -> None:
        """A callback was not completed in time: the record goes on all the same (F7.20.6)."""
        enrollment.callback = None
        self._portal.custom_actions.forget(callback.id)
        event = f"callback {callback.id} was not completed in time"
        self._log_end_of_wait(flow, enrollment, callback.action, Result(None, event, succeeded=False))

    def _log_end_of_wait(self, flow: Flow, enrollment: Enrollment, action: str, result: Result) -> None:
        self._log(flow, enrollment, action, result, self._run(flow, enrollment, action).source)

    def _end_wait(self, flow: Flow, enrollment: Enrollment) -> None:
        """Let a record go on before its wait is over."""
        enrollment.waits += 1
        self._portal.reactions.then(partial(self.go_on, flow, enrollment, enrollment.waits))

    def _is_waiting(self, flow: Flow, enrollment: Enrollment, waits: int) -> bool:
        """Whether a record is still at its wait of this number."""
        return enrollment.waits == waits and flow.active.get(enrollment.record) is enrollment

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


def _attempt(action: Action, work: Callable[[], Result]) -> Result:
    """What becomes of an action: where the portal refuses what it does, it failed and the record goes on (F7.34)."""
    try:
        return work()
    except CascadeError:
        raise
    except PortalError as error:
        return Result(next(action.connections(), None), str(error), succeeded=False)


def _there_still(action: str | None, before: Plan, now: Plan) -> str | None:
    """The action that comes next, or the first one behind it that the new plan has, too."""
    while action is not None and action not in now.actions:
        action = next(before.actions[action].connections(), None)
    return action


def kept_out(portal: "Portal", flow: Flow, record: Record) -> str | None:
    """Why a record may neither come in nor stay: it is suppressed, or has met the goal; None where it may."""
    plan = flow.plan
    if plan.suppression is not None and holds(plan.suppression, record):
        return SUPPRESSED
    lists = (portal.lists.get(id) for id in plan.suppressed)
    if any(list is not None and record in list for list in lists):
        return SUPPRESSED
    return GOAL_MET if plan.goal is not None and plan.goal.accepts(record) else None
