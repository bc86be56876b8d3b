"""Two-way syncs: which property stands for which field, who wins, and which records take part."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from hubtwin.portal.configuration.parts import Name, Part, Refers, StageName
from hubtwin.portal.objects import LIFECYCLE

#: Who wins where the two sides differ (F4.20.3, F4.20.4).
SyncRule = Literal["two_way", "prefer_hubspot", "prefer_other", "always_hubspot", "always_other"]


class FieldMapping(Part):
    """A property of HubSpot's records, and the other system's field for it."""

    property: Name
    """HubSpot's property."""
    field: Name
    """The other system's field."""
    rule: SyncRule = "two_way"
    """Who wins: the newer value, the one side unless it is blank, or always the one side, which is never written."""
    values: dict[str, str] = Field(default={})
    """HubSpot's values, and the other system's terms for them; {} where both say the same."""
    stages: dict[StageName, str] = Field(default={})
    """The same for the property lifecyclestage: stages, and the other system's terms for them (S0.5)."""

    @model_validator(mode="after")
    def _stages_are_stages(self) -> "FieldMapping":
        if self.stages and self.property != LIFECYCLE:
            raise ValueError(f"stages are for the property {LIFECYCLE}; terms of {self.property} are its values")
        if self.values and self.property == LIFECYCLE:
            raise ValueError(f"the terms of {LIFECYCLE} are its stages, not its values")
        return self

    def terms(self) -> Mapping[str, str]:
        """HubSpot's values, and the other system's terms for them; empty where both say the same."""
        return self.stages or self.values

    def terms_back(self) -> Mapping[str, str]:
        """The other system's terms, and HubSpot's values for them: the first where several have one term."""
        back: dict[str, str] = {}
        for value, term in self.terms().items():
            back.setdefault(term, value)
        return back

    def to_hubspot(self) -> bool:
        """Whether values may come to HubSpot."""
        return self.rule != "always_hubspot"

    def to_other(self) -> bool:
        """Whether values may go to the other system."""
        return self.rule != "always_other"


class SyncFilter(Part):
    """Which of HubSpot's records are synced: those in a list, from a stage on, or with certain values (F4.20.6)."""

    list: Annotated[str, Refers("list")] | None = None
    """The name of a list of the portal's."""
    stage_from: StageName | None = None
    """The first stage of those that are synced."""
    property: Name | None = None
    """A property that has one of *values*."""
    values: tuple[str, ...] = ()
    """The property's values."""

    @model_validator(mode="after")
    def _one_condition(self) -> "SyncFilter":
        if sum(one is not None for one in (self.list, self.stage_from, self.property)) != 1:
            raise ValueError("a filter has one of the keys list, stage_from, and property with values")
        if bool(self.values) != (self.property is not None):
            raise ValueError("property and values belong together")
        return self


class RecordSync(Part):
    """How HubSpot's records of one type and another system's are kept in step."""

    mappings: tuple[FieldMapping, ...]
    """Which fields follow each other."""
    only: SyncFilter | None = None
    """Which of HubSpot's records take part; null for all."""
    create: Literal["both", "in_hubspot", "in_other", "neither"] = "both"
    """On which side records are made that the other has."""
    deletions: Literal["ignored", "both", "in_hubspot", "in_other"] = "ignored"
    """On which side records are deleted when the other one's is (F4.20.7)."""
    default_stage: StageName | None = None
    """The stage of records that the sync makes in HubSpot without one; null leaves it to the account's default."""
