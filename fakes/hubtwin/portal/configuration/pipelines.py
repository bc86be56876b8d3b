"""Pipelines of deals, tickets, leads and custom objects, and the rules that bind people in them (W5, F2.14)."""

from typing import Annotated, Literal

from pydantic import Field

from hubtwin.portal.configuration.parts import Name, Number, Part, StageName


class StageRules(Part):
    """How people may move records through a pipeline (F2.14). No program is bound by it, no super admin (F2.15)."""

    no_backwards: Literal["all"] | tuple[StageName, ...] = ()
    """The stages from which nobody goes back, or `all`."""
    no_skipping: Literal["all"] | tuple[StageName, ...] = ()
    """The stages that nobody leaves out, or `all`."""
    creation: tuple[StageName, ...] = ()
    """The stages in which records may be created; none means any."""


class LifecycleRules(Part):
    """The pipeline rules of the lifecycle stages (F2.14)."""

    contacts: StageRules = StageRules()
    companies: StageRules = StageRules()


class PipelineStage(Part):
    """A stage of a pipeline."""

    label: Name
    id: Name | None = None
    """The value that records carry; the letters and digits of the label, where it is left out."""
    probability: Annotated[Number, Field(ge=0, le=1)] | None = None
    """The chance that a deal in this stage is won: 1 means won, 0 lost. Deals need it."""
    closed: bool = False
    """Whether a ticket or custom object in this stage is done."""


class PipelineRules(Part):
    """How people may move records through this pipeline (F2.14)."""

    no_backwards: Literal["all"] | tuple[Name, ...] = ()
    """The ids of the stages from which nobody goes back, or `all`."""
    no_skipping: Literal["all"] | tuple[Name, ...] = ()
    """The ids of the stages that nobody leaves out, or `all`."""
    creation: tuple[Name, ...] = ()
    """The ids of the stages in which records may be created; none means any."""


class Pipeline(Part):
    """A pipeline. The first of an object is HubSpot's own one, with other stages."""

    label: Name
    id: Name | None = None
    """What records carry; HubSpot's own id for the first, else the letters and digits of the label."""
    stages: Annotated[tuple[PipelineStage, ...], Field(min_length=1)]
    """Its stages, in their order."""
    rules: PipelineRules = PipelineRules()
