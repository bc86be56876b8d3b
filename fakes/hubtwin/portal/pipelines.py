"""Pipelines: the stages of deals and tickets, and of contacts and companies (F1.9, W5)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from hubtwin.portal.errors import UnknownName
from hubtwin.portal.objects import ObjectType


class StageProperties(NamedTuple):
    """The names of the calculated properties that come with a stage (F1.16, F1.21, F1.23).

    *became* is there for HubSpot's own lifecycle stages of contacts only.
    """

    date_entered: str
    date_exited: str
    latest_time_in: str
    cumulative_time_in: str
    old_date_entered: str
    old_date_exited: str
    old_time_in: str
    became: str


@lru_cache(maxsize=1024)  # all records share the names: a million of each would take more room than the dates
def _stage_properties(suffix: str) -> StageProperties:
    return StageProperties(
        date_entered=f"hs_v2_date_entered_{suffix}",
        date_exited=f"hs_v2_date_exited_{suffix}",
        latest_time_in=f"hs_v2_latest_time_in_{suffix}",
        cumulative_time_in=f"hs_v2_cumulative_time_in_{suffix}",
        old_date_entered=f"hs_date_entered_{suffix}",
        old_date_exited=f"hs_date_exited_{suffix}",
        old_time_in=f"hs_time_in_{suffix}",
        became=f"hs_lifecyclestage_{suffix}_date",
    )


@lru_cache(maxsize=1024)
def _suffix(id: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", id.lower())


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. Its *id* is the value that records carry, *display_order* its place in the pipeline.

    *suffix* is what the names of its properties end in, where that is not simply the id. *created* and *updated*
    are moments; what every account starts with is as old as time itself (W5.2). *is_calculated* says whether its
    dates and times are worked out (F1.18.1).
    """

    id: str
    label: str
    display_order: int
    metadata: tuple[tuple[str, str], ...] = ()
    is_custom: bool = False
    suffix: str | None = None
    created: int = 0
    updated: int = 0
    is_calculated: bool = True

    @property
    def properties(self) -> StageProperties:
        """The names of the stage's calculated properties; what they end in is made of the id (F1.23)."""
        return _stage_properties(_suffix(self.id) if self.suffix is None else self.suffix)

    @property
    def probability(self) -> float:
        """The chance that a deal in this stage is won; 1.0 means won, 0.0 with `is_closed` lost (F3.7)."""
        return float(dict(self.metadata).get("probability", "0"))

    @property
    def is_closed(self) -> bool:
        """Whether a deal or ticket in this stage is done."""
        return ("isClosed", "true") in self.metadata

    @property
    def is_won(self) -> bool:
        """Whether a deal in this stage is won (F3.7)."""
        return self.is_closed and self.probability == 1.0


@dataclass(frozen=True, slots=True)
class Pipeline:
    """An ordered list of stages."""

    id: str
    label: str
    stages: tuple[Stage, ...]
    display_order: int = 0
    created: int = 0
    updated: int = 0

    def find(self, stage: str) -> Stage | None:
        """The stage with this id, None where there is none."""
        return next((member for member in self.stages if member.id == stage), None)


@dataclass(frozen=True, slots=True)
class NewStage:
    """A stage as somebody wants it; without an *id* it gets the next free number (F1.15, W5.4)."""

    label: str
    display_order: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    id: str | None = None


@dataclass(frozen=True, slots=True)
class NewPipeline:
    """A pipeline as somebody wants it; without an *id* it gets the next free number."""

    label: str
    display_order: int
    stages: Sequence[NewStage]
    id: str | None = None


LIFECYCLE_STAGES = (  # F1.1: `other` is last, so nothing can follow it (F1.2)
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketingqualifiedlead", "Marketing Qualified Lead"),
    ("salesqualifiedlead", "Sales Qualified Lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("other", "Other"),
)

_DEAL_STAGES = (  # W5.2
    ("appointmentscheduled", "Appointment Scheduled", "false", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "false", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "false", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "false", "0.8"),
    ("contractsent", "Contract Sent", "false", "0.9"),
    ("closedwon", "Closed Won", "true", "1.0"),
    ("closedlost", "Closed Lost", "true", "0.0"),
)

_TICKET_STAGES = (  # W5.3
    ("1", "New", "OPEN", "false"),
    ("2", "Waiting on contact", "OPEN", "false"),
    ("3", "Waiting on us", "OPEN", "false"),
    ("4", "Closed", "CLOSED", "true"),
)


#: Where a lead ends (F5.4).
QUALIFIED, DISQUALIFIED = "qualified-stage-id", "unqualified-stage-id"

_LEAD_STAGES = (  # F5.4; the suffixes are HubSpot's own (F1.23)
    ("new-stage-id", "New", "new_stage_id_1318266061"),
    ("attempting-stage-id", "Attempting", "attempting_stage_id_745667965"),
    ("connected-stage-id", "Connected", "connected_stage_id_2058487257"),
    (QUALIFIED, "Qualified", "qualified_stage_id_233247981"),
    (DISQUALIFIED, "Disqualified", None),
)


@lru_cache(maxsize=64)
def lifecycle_pipeline(
    type: ObjectType, stages: tuple[tuple[str, str], ...] = LIFECYCLE_STAGES, plain: frozenset[str] = frozenset()
) -> Pipeline:
    """The pipeline that holds the lifecycle stages of contacts or of companies (F1.9, F1.10).

    The stages whose ids are in *plain* have no calculated properties (F1.18.1).
    """
    built_in = {id for id, _ in LIFECYCLE_STAGES}
    members = tuple(
        Stage(id, label, order, (("isClosed", "false"),), is_custom=id not in built_in, is_calculated=id not in plain)
        for order, (id, label) in enumerate(stages)
    )
    return Pipeline(f"{type.name}-lifecycle-pipeline", "Lifecycle Stage Pipeline", members)


@cache
def deal_pipeline() -> Pipeline:
    """The sales pipeline that every portal starts with (W5.2)."""
    stages = tuple(
        Stage(id, label, order, (("isClosed", closed), ("probability", probability)))
        for order, (id, label, closed, probability) in enumerate(_DEAL_STAGES)
    )
    return Pipeline("default", "Sales Pipeline", stages)


@cache
def ticket_pipeline() -> Pipeline:
    """The support pipeline that every portal starts with (W5.3)."""
    stages = tuple(
        Stage(id, label, order, (("ticketState", state), ("isClosed", closed)))
        for order, (id, label, state, closed) in enumerate(_TICKET_STAGES)
    )
    return Pipeline("0", "Support Pipeline", stages)


@cache
def lead_pipeline() -> Pipeline:
    """The pipeline of lead records that every portal starts with (F5.4)."""
    stages = tuple(
        Stage(id, label, order, (("isClosed", "false"),), suffix=suffix)
        for order, (id, label, suffix) in enumerate(_LEAD_STAGES)
    )
    return Pipeline("lead-pipeline-id", "Lead pipeline", stages)


class Pipelines:
    """The pipelines of one object type, in display order."""

    def __init__(self, type: ObjectType, pipelines: Iterable[Pipeline]) -> None:
        self.type = type
        self._keep(pipelines)

    def __iter__(self) -> Iterator[Pipeline]:
        return iter(self._pipelines.values())

    def __len__(self) -> int:
        return len(self._pipelines)

    def get(self, id: str) -> Pipeline | None:
        """The pipeline with this id, None where there is none."""
        return self._pipelines.get(id)

    def find(self, id: str) -> Pipeline:
        """The pipeline with this id. Raises UnknownName."""
        try:
            return self._pipelines[id]
        except KeyError:
            raise UnknownName(f"{self.type.singular} pipeline", id, list(self._pipelines)) from None

    def stage(self, id: str | None) -> Stage | None:
        """The stage with this id in whichever pipeline has it, None where none does."""
        found = self._stages.get(id) if id else None
        return found[1] if found else None

    def pipeline_of(self, stage: str) -> Pipeline | None:
        """The pipeline that a stage belongs to."""
        found = self._stages.get(stage)
        return found[0] if found else None

    def put(self, pipeline: Pipeline) -> None:
        """Add a pipeline, or replace the one with the same id."""
        self._keep({**self._pipelines, pipeline.id: pipeline}.values())

    def remove(self, id: str) -> None:
        """Take a pipeline out. Raises UnknownName."""
        gone = self.find(id)
        self._keep(pipeline for pipeline in self if pipeline is not gone)

    def _keep(self, pipelines: Iterable[Pipeline]) -> None:
        ordered = sorted(pipelines, key=lambda pipeline: (pipeline.display_order, pipeline.label.lower()))  # F1.11
        self._pipelines = {pipeline.id: pipeline for pipeline in ordered}
        self._stages = {stage.id: (pipeline, stage) for pipeline in ordered for stage in pipeline.stages}
