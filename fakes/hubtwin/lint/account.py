"""The account that is looked at: a portal, and what is worked out about it once for all rules."""

from functools import cached_property

from hubtwin.lint import writers
from hubtwin.lint.definitions import Write, actions_of, criteria_of, enrolls_in, writes_of
from hubtwin.lint.questions import Questions
from hubtwin.lint.samples import Samples
from hubtwin.lint.stage_graph import StageGraph
from hubtwin.lint.stage_order import StageOrder
from hubtwin.lint.walks import Walk
from hubtwin.portal.configuration import Enroll
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.triggers import MANUAL
from hubtwin.portal.objects import LIFECYCLE, ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.stages import Verdict


class Account:
    """What the rules ask of one *portal*."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._orders: dict[ObjectType, StageOrder] = {}
        self._graphs: dict[ObjectType, StageGraph] = {}
        self._writes: dict[str, dict[str, tuple[Write, ...]]] = {}
        self._walks: dict[tuple[str, bool], Walk] = {}

    @cached_property
    def samples(self) -> Samples:
        """Values that stand for all others."""
        return Samples(self.portal)

    @cached_property
    def questions(self) -> Questions:
        """The filter branches of lists and workflows."""
        return Questions(self.portal, self.samples)

    @cached_property
    def flows(self) -> list[Flow]:
        """The workflows that are turned on."""
        return [flow for flow in self.portal.workflows if flow.is_on]

    @cached_property
    def goes_back(self) -> bool:
        """Whether an option lets workflows set earlier stages."""
        return self.portal.configuration.options.backward_verdicts().get("AUTOMATION_PLATFORM") is Verdict.SET

    def writes(self, flow: Flow) -> dict[str, tuple[Write, ...]]:
        """What the actions of a workflow write, by their ids."""
        if flow.id not in self._writes:
            self._writes[flow.id] = {id: tuple(writes_of(flow, id)) for id in flow.plan.actions}
        return self._writes[flow.id]

    def written_elsewhere(self, flow: Flow) -> frozenset[str]:
        """The properties of a workflow's records that other workflows write, and scores; but for the stage."""
        names = {name for (type, name), ids in self._writers.items() if type is flow.plan.type and ids - {flow.id}}
        return frozenset(names - {LIFECYCLE})

    @cached_property
    def _writers(self) -> dict[tuple[ObjectType, str], set[str]]:
        """The ids of the workflows that write each property; "" stands for the scores."""
        found: dict[tuple[ObjectType, str], set[str]] = {}
        for use in self.portal.scores.uses():
            if use.writes:
                found.setdefault((use.type, use.property), set()).add("")
        for flow in self.flows:
            for write in (write for writes in self.writes(flow).values() for write in writes):
                if write.target != "new":
                    found.setdefault((write.type, write.property), set()).add(flow.id)
        return found

    def is_by_hand(self, flow: Flow) -> bool:
        """Whether people alone enroll records in a workflow: no criteria, no bot, no other workflow."""
        if criteria_of(flow).get("type", MANUAL) != MANUAL or flow.data.get("enrollmentSchedule"):
            return False
        steps = [step for chatflow in self.portal.chatflows for step in chatflow.settings.steps]
        if any(isinstance(step, Enroll) and step.enroll == flow.name for step in steps):
            return False
        actions = [action for other in self.flows for action in actions_of(other).values()]
        return all(enrolls_in(action) != flow.id for action in actions)

    def order(self, type: ObjectType) -> StageOrder:
        """The order of a type's stages."""
        if type not in self._orders:
            self._orders[type] = StageOrder(self.portal.pipelines[type])
        return self._orders[type]

    def graph(self, type: ObjectType) -> StageGraph:
        """From which stage to which the rules move records of a type."""
        if type not in self._graphs:
            self._graphs[type] = StageGraph(type.singular, writers.edges(self, type))
        return self._graphs[type]

    def walk(self, flow: Flow, *, patient: bool = False) -> Walk:
        """The ways of records through a workflow; a *patient* look sees what others do to them while they wait."""
        key = flow.id, patient
        if key not in self._walks:
            self._walks[key] = Walk(self, flow, patient=patient)
        return self._walks[key]
