"""Workflows: the flows of one portal, what enrolls records in them, and their action log (F7.22 to F7.34)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from hubtwin.portal.agenda import Agenda
from hubtwin.portal.errors import InvalidDefinition, Refused, UnknownName
from hubtwin.portal.filter_branches.criteria import Criterion, Interest
from hubtwin.portal.filter_branches.spans import earliest
from hubtwin.portal.flows import action_log, metrics, plans
from hubtwin.portal.flows.action_log import ActionEvent
from hubtwin.portal.flows.actions import Asset
from hubtwin.portal.flows.enrolling import NOT_MET, Enrolling, kept_out
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.issues import Issues
from hubtwin.portal.flows.metrics import Metrics
from hubtwin.portal.flows.schedules import DateOfRecord, Schedule
from hubtwin.portal.flows.short_forms import expanding
from hubtwin.portal.flows.triggers import EVENT_BASED, LIST_BASED, is_part_of_creation, is_part_of_merge
from hubtwin.portal.ids import Numbers, numbered
from hubtwin.portal.log import (
    ARCHIVED,
    CREATED,
    JOINED_LIST,
    KEPT_OUT,
    MERGED,
    SET,
    Activity,
    Entry,
)
from hubtwin.portal.lookouts import Lookouts
from hubtwin.portal.object_lists import LIST
from hubtwin.portal.problems import Problems
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source, workflow
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The ids of flows start here.
FIRST_ID = 600_000_001

#: What a replacement need not bring (F7.4).
_KEPT = ("flowType", "objectTypeId", "dataSources")

#: How many flows an account may have, by its plan (F7.32).
MAX_FLOWS = {"professional": 300, "enterprise": 1_000}


@dataclass(frozen=True, slots=True)
class _Watcher:
    """What a flow wants to know: whom it enrolls, and who has to leave."""

    flow: Flow
    role: Literal["enroll", "leave"]


class Workflows:
    """The flows of one portal, by ascending id, and what they did."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._flows: dict[str, Flow] = {}
        self._ids = Numbers(FIRST_ID)
        self._lookouts = Lookouts(portal, self._look, follows=True)
        self._enrolling = Enrolling(portal)
        self.review = Issues(portal)
        self._log: list[int] = []
        portal.reactions.add(ARCHIVED, self._archived, follows=True)
        portal.reactions.add(MERGED, self._merged, follows=True)

    def __iter__(self) -> Iterator[Flow]:
        return iter(self._flows.values())

    def __len__(self) -> int:
        return len(self._flows)

    def start(self, problems: Problems) -> None:
        """Make the workflows of the portal file, once the lists and scores that they ask about are there."""
        wanted = self._portal.configuration.workflows
        numbers = numbered([settings.id for settings in wanted], FIRST_ID)
        ids = {settings.name: str(self._ids.take(id)) for settings, id in zip(wanted, numbers, strict=True)}
        for number, settings in enumerate(wanted):
            rule = f"workflows.{number}"
            with problems.at("workflows", number):
                flow = expanding.expanded(self._portal, settings, ids, rule)
                existing = settings.enroll is not None and settings.enroll.existing
                with expanding.blaming(flow, rule):
                    self._keep_new(flow.data, existing=existing, id=ids[settings.name], rule=rule, rules=flow.rules)

    @property
    def ids(self) -> dict[str, str]:
        """The ids of all flows, by names that are theirs alone, and no longer than those of a portal file."""
        names: dict[str, str] = {}
        for flow in self:
            name = flow.name[:100]
            names[name if name not in names else f"{name} ({flow.id})"] = flow.id
        return names

    def find(self, name: str) -> Flow:
        """The flow with this id or name. Raises UnknownName."""
        found = self._flows.get(name) or next((flow for flow in self if flow.name == name), None)
        if found is None:
            raise UnknownName("workflow", name, [flow.name for flow in self])
        return found

    def uses(self) -> Iterator[Use]:
        """The properties that flows read and write."""
        for flow in self:
            asset = Asset(f"workflow {flow.name}", flow.rule)
            for use in flow.plan.uses(asset):
                yield use._replace(rule=flow.place(use.rule.removeprefix(f"{flow.rule}.")))

    # -- definitions -----------------------------------------------------------------------------------

    def create(self, data: Mapping[str, Any], *, existing: bool = False, id: int | None = None) -> Flow:
        """Make a flow of its JSON (F7.2); with *existing* it enrolls the records that meet its criteria already.

        *id* is one that no flow has, by default the next. Raises InvalidDefinition with the place of what is wrong.
        """
        plan = self._portal.configuration.limits.plan if self._portal.configuration.limits else "enterprise"
        most = MAX_FLOWS.get(plan, 0)
        if len(self) >= most:
            raise InvalidDefinition(f"The account has {len(self)} workflows; {plan} accounts have {most} at most")
        return self._keep_new(data, existing=existing, id=None if id is None else str(self._ids.take(id)))

    def replace(self, flow: Flow, data: Mapping[str, Any], *, existing: bool = False) -> Flow:
        """Put another definition in the place of a flow's; records in it go on in that (F7.4).

        *data* has the flow's present `revisionId`. Raises InvalidDefinition.
        """
        if str(data.get("revisionId")) != str(flow.revision):
            message = (
                f"revisionId is {data.get('revisionId')!r}; the flow's revision is {flow.revision!r}, read it again"
            )
            raise InvalidDefinition(message, "INVALID_REVISION_ID_IN_PUT_REQUEST")
        was_on, before = flow.is_on, flow.plan
        kept: dict[str, Any] = {name: flow.data[name] for name in _KEPT if name in flow.data}
        changed = {**kept, **{name: value for name, value in data.items() if name != "revisionId"}}
        flow.plan = plans.read(self._portal, changed, flow.id)
        flow.past.append((flow.data, flow.updated))
        flow.data = changed
        flow.revision += 1
        flow.updated = self._portal.clock.now
        self._unwatch(flow)
        self._enrolling.lead_on(flow, before)
        self._watch(flow, existing=existing and not was_on)
        return flow

    def turn(self, flow: Flow, *, on: bool, existing: bool = False) -> None:
        """Turn a flow on or off; turned on, it enrolls new records only, or *existing* ones too (F7.24, F7.25)."""
        self.replace(flow, {**flow.data, "isEnabled": on, "revisionId": str(flow.revision)}, existing=existing)

    def delete(self, flow: Flow) -> None:
        """Delete a flow; the records in it leave, and nobody has to deal with its issues any more."""
        for record in list(flow.active):
            self._enrolling.end(flow, record, "the workflow was deleted")
        self._unwatch(flow)
        self.review.drop(flow.id)
        del self._flows[flow.id]

    def _keep_new(
        self,
        data: Mapping[str, Any],
        *,
        existing: bool = False,
        id: str | None = None,
        rule: str | None = None,
        rules: Mapping[str, str] | None = None,
    ) -> Flow:
        id, now = id or str(self._ids.take()), self._portal.clock.now
        plan = plans.read(self._portal, data, id)
        flow = Flow(id, dict(data), plan, now, now, rule or f"flows.{id}", rules or {})
        self._flows[id] = flow
        for other in sorted(self._flows, key=int):
            self._flows[other] = self._flows.pop(other)
        self._watch(flow, existing=existing)
        return flow

    # -- enrolling -------------------------------------------------------------------------------------

    def enroll(self, name: str, record: Record, *, source: Source | None = None, cause: int | None = None) -> None:
        """Enroll a record by hand, whatever the criteria say (F7.23).

        Raises UnknownName; Refused where the flow is off, is about another type of record, or keeps this one out.
        """
        flow = self.find(name)
        if flow.plan.type is not record.type:
            raise Refused(f"workflow {flow.name!r} enrolls {flow.plan.type.name}, not {record.type.name}")
        if not flow.is_on:
            raise Refused(f"workflow {flow.name!r} is off; turn it on first")
        if not self._is_live(record):
            raise Refused(f"{record.type.singular} {record.id} is deleted; workflows enroll records that are there")
        if (why := kept_out(self._portal, flow, record)) is not None:
            raise Refused(f"workflow {flow.name!r} keeps {record.type.singular} {record.id} out: {why}")
        if record not in flow.active:
            self._begin(flow, record, None, cause, source or self._portal.app)
        self._portal.reactions.settle()

    def unenroll(self, name: str, record: Record, *, reason: str = "by hand", cause: int | None = None) -> None:
        """Take a record out of a flow; one that isn't in it stays out. Raises UnknownName."""
        self._enrolling.end(self.find(name), record, reason, cause)
        self._portal.reactions.settle()

    def _begin(
        self, flow: Flow, record: Record, trigger: Entry | None, cause: int | None, source: Source | None = None
    ) -> None:
        """Let a record in that may come in, once those flows that this one ends are left.

        One that is in the bin by now stays out, and so does one that comes round in a loop.
        """
        if not self._is_live(record) or (cause is not None and not self._portal.reactions.guard(cause)):
            return
        if kept_out(self._portal, flow, record) is not None:
            facts, writer = {"hs_flow_id": flow.id}, workflow(0, 0, flow.name, flow.rule)
            self._portal.writes.note(record, Activity(KEPT_OUT, flow.name, facts), writer, cause)
            return
        ends = flow.plan.ends
        for other in self if ends is not None else ():
            if other is not flow and (not ends or other.id in ends):
                self._enrolling.end(other, record, f"enrolled in {flow.name}", cause)
        writer = source or workflow(0, 0, flow.name, flow.rule)
        self._enrolling.begin(flow, record, writer, trigger, cause)
        self._take_stock(flow, record)

    # -- watching --------------------------------------------------------------------------------------

    def _watch(self, flow: Flow, *, existing: bool) -> None:
        """Follow what happens: who has to leave, and while the flow is on, who comes in."""
        flow.watches += 1
        flow.agenda = Agenda(self._portal.clock, partial(self._due, flow))
        if flow.is_on:
            self._open(flow, existing=existing)
        self._lookouts.post(_Watcher(flow, "leave"), self._leaving_interests(flow))
        for record in list(flow.active):  # F7.26.3: the goal, or a list, may be a new one
            self._check_place(flow, record, None)
            self._appoint(flow, record)
        self._portal.reactions.settle()

    def _open(self, flow: Flow, *, existing: bool) -> None:
        """Let records come in from now on."""
        plan = flow.plan
        if plan.schedule is not None:
            self._keep_time(flow)
        if plan.triggers.kind == LIST_BASED:
            for record in list(self._portal.records[plan.type]):
                if self._take_stock(flow, record) and existing and record not in flow.counts:
                    self._begin(flow, record, None, None)
        if not isinstance(plan.schedule, Schedule):
            self._lookouts.post(_Watcher(flow, "enroll"), self._enrolling_interests(flow))

    def _unwatch(self, flow: Flow) -> None:
        self._lookouts.withdraw(_Watcher(flow, "enroll"))
        self._lookouts.withdraw(_Watcher(flow, "leave"))
        if flow.agenda is not None:
            flow.agenda.clear()

    def _enrolling_interests(self, flow: Flow) -> Iterator[Interest]:
        plan = flow.plan
        if isinstance(plan.schedule, DateOfRecord):
            yield Interest(CREATED, plan.type)
            yield Interest(SET, plan.type, plan.schedule.property)
        else:
            yield from plan.triggers.interests(plan.type)

    def _leaving_interests(self, flow: Flow) -> Iterator[Interest]:
        for criterion in filter(None, (flow.plan.goal, flow.plan.suppression)):
            yield from criterion.interests()
        for id in sorted(flow.plan.suppressed):
            yield Interest(JOINED_LIST, flow.plan.type, fact=(LIST, str(id)))

    def _look(self, watcher: _Watcher, record: Record, number: int) -> None:
        flow = watcher.flow
        if watcher.role == "leave":
            self._check_place(flow, record, number)
        elif isinstance(flow.plan.schedule, DateOfRecord):
            self._appoint(flow, record)
        elif flow.plan.triggers.kind == EVENT_BASED:
            self._event_occurred(flow, record, number)
        else:
            self._consider(flow, record, number)

    def _check_place(self, flow: Flow, record: Record, number: int | None) -> None:
        """Let a record leave that has met the goal, or is suppressed by now (F7.26, F7.27)."""
        if record in flow.active and (why := kept_out(self._portal, flow, record)) is not None:
            self._enrolling.end(flow, record, why, number)

    def _event_occurred(self, flow: Flow, record: Record, number: int) -> None:
        entry, triggers = self._portal.log[number], flow.plan.triggers
        cause = None if entry.cause is None else self._portal.log[entry.cause]
        if entry.record is not record or not triggers.occurred(entry) or is_part_of_merge(entry, cause):
            return
        if is_part_of_creation(entry, cause):
            return
        if record in flow.active or (record in flow.counts and not triggers.re_enrolls):
            return
        if _accepts(triggers.criterion, record):
            self._begin(flow, record, entry, number)

    # -- by the clock ----------------------------------------------------------------------------------

    def _keep_time(self, flow: Flow) -> None:
        """Enroll at the times of the schedule from now on."""
        if isinstance(flow.plan.schedule, DateOfRecord):
            for record in self._portal.records[flow.plan.type]:
                self._appoint(flow, record)
        else:
            self._wait_for_time(flow)

    def _wait_for_time(self, flow: Flow) -> None:
        now, schedule = self._portal.clock.now, flow.plan.schedule
        time = schedule.next(now) if isinstance(schedule, Schedule) else None
        if time is not None:
            self._portal.clock.after(time - now, partial(self._time_came, flow, flow.watches))

    def _time_came(self, flow: Flow, watches: int) -> None:
        """Enroll all who meet the criteria now."""
        if flow.watches != watches or not flow.is_on or self._flows.get(flow.id) is not flow:
            return
        self._wait_for_time(flow)
        for record in list(self._portal.records[flow.plan.type]):
            self._enroll_on_time(flow, record)
        self._portal.reactions.settle()

    def _due(self, flow: Flow, ids: Iterable[int]) -> None:
        """Look at records again whose time has come."""
        for id in ids:
            record = self._portal.records[flow.plan.type].get(id)
            if record is None:
                continue
            self._check_place(flow, record, None)
            if flow.is_on and isinstance(flow.plan.schedule, DateOfRecord):
                self._enroll_on_time(flow, record)
                self._appoint(flow, record)
            elif flow.is_on and flow.plan.schedule is None and flow.plan.triggers.kind == LIST_BASED:
                self._consider(flow, record, None)
            else:
                self._appoint(flow, record)
        self._portal.reactions.settle()

    def _appoint(self, flow: Flow, record: Record) -> None:
        """Note when a record has to be looked at again."""
        if flow.agenda is not None:
            flow.agenda.put(record.id, earliest(self._next_looks(flow, record)))

    def _next_looks(self, flow: Flow, record: Record) -> Iterator[int | None]:
        plan, triggers = flow.plan, flow.plan.triggers
        if flow.is_on and isinstance(plan.schedule, DateOfRecord):
            yield plan.schedule.next(record, self._portal.clock.now)
        elif flow.is_on and plan.schedule is None and triggers.kind == LIST_BASED and triggers.criterion is not None:
            yield triggers.criterion.next_check(record)
        if record in flow.active:
            yield from (one.next_check(record) for one in (plan.goal, plan.suppression) if one is not None)

    def _enroll_on_time(self, flow: Flow, record: Record) -> None:
        triggers = flow.plan.triggers
        if record in flow.active or (record in flow.counts and not triggers.re_enrolls):
            return
        if _accepts(triggers.criterion, record):
            self._begin(flow, record, None, None)

    # -- by what happens -------------------------------------------------------------------------------

    def _consider(self, flow: Flow, record: Record, number: int | None) -> None:
        """See whether a record meets the criteria now, and has come to do so by what just happened (F7.22, F7.23)."""
        triggers, was_met = flow.plan.triggers, record in flow.met
        was_met_again = flow.met_again.get(record, (False,) * len(triggers.again))
        if not self._take_stock(flow, record):
            if triggers.leaves:
                self._enrolling.end(flow, record, NOT_MET, number)
            return
        if record not in flow.active and self._comes_in(flow, record, number, was_met, was_met_again):
            self._begin(flow, record, None if number is None else self._portal.log[number], number)

    def _comes_in(
        self, flow: Flow, record: Record, number: int | None, was_met: bool, was_met_again: tuple[bool, ...]
    ) -> bool:
        """Whether a record that meets the criteria comes in because of what happened."""
        triggers, log = flow.plan.triggers, self._portal.log
        entry = None if number is None else log[number]
        if entry is not None and is_part_of_merge(entry, None if entry.cause is None else log[entry.cause]):
            return False
        if not was_met and record not in flow.counts:
            return True
        states = zip(triggers.again, was_met_again, flow.met_again.get(record, ()), strict=False)
        return triggers.re_enrolls and any(trigger.fires(entry, was, is_met) for trigger, was, is_met in states)

    def _take_stock(self, flow: Flow, record: Record) -> bool:
        """Note what a record meets now; return whether that is the enrollment criteria."""
        triggers = flow.plan.triggers
        met = self._is_live(record) and _accepts(triggers.criterion, record)
        (flow.met.add if met else flow.met.discard)(record)
        if triggers.again:
            flow.met_again[record] = tuple(trigger.criterion.accepts(record) for trigger in triggers.again)
        self._appoint(flow, record)
        return met

    def _is_live(self, record: Record) -> bool:
        """Whether a record is neither in the bin nor merged into another one."""
        return self._portal.records[record.type].get(record.id) is record

    def _merged(self, entry: Entry) -> None:
        """What two records became has the primary one's place; it does not come in because of the merge (F7.22.3)."""
        record = entry.record
        for flow in self:
            if record is None or flow.plan.type is not record.type or entry.value is None:
                continue
            primary, other = entry.value
            self._enrolling.end(flow, other, "the record was merged into another one", entry.number)
            self._enrolling.hand_over(flow, primary, record)
            if times := sum(flow.counts.get(old, 0) for old in entry.value):
                flow.counts[record] = times
            if flow.is_on:
                self._take_stock(flow, record)

    def _archived(self, entry: Entry) -> None:
        """A record in the bin leaves all flows for good (F7.26)."""
        if entry.record is not None:
            for flow in self:
                self._enrolling.end(flow, entry.record, "the record was deleted", entry.number)

    # -- what people see -------------------------------------------------------------------------------

    @property
    def action_log(self) -> list[ActionEvent]:
        """What the actions of all flows did in the last 90 days, oldest first (F7.33)."""
        return sorted((event for flow in self for event in self.events(flow)), key=attrgetter("number"))

    @property
    def issues(self) -> Iterator[ActionEvent]:
        """The actions that failed in the last 90 days; `review` has those that nobody has dealt with, by kind."""
        return (event for event in self.action_log if not event.succeeded)

    def events(self, flow: Flow) -> Iterator[ActionEvent]:
        """What the actions of one flow did in the last 90 days, oldest first."""
        recent = [event for event in action_log.events(self._portal, flow) if event.action is not None]
        return reversed(recent)

    def metrics(self, flow: Flow) -> Metrics:
        """How many records a flow enrolled and what became of them, since it was made (F7.33.2)."""
        return metrics.of(self._portal, flow)


def _accepts(criterion: Criterion | None, record: Record) -> bool:
    return criterion is None or criterion.accepts(record)
