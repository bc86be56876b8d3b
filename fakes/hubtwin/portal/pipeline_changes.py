"""What administrators change in pipelines: which stages there are, what they are called, and their order (W5.1).

Contacts and companies share their lifecycle stages: a change in the one pipeline is made in the other (F1.18).
Their two pipelines can neither be made nor deleted, only their stages (F1.13).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal import stage_lists, uses
from hubtwin.portal.configuration.whole import FIXED_STAGES
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.objects import DEALS, TICKETS, ObjectType
from hubtwin.portal.pipelines import NewPipeline, NewStage, Pipeline, Stage
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The ids of stages and pipelines that bring none start here (F1.15).
FIRST_ID = 50_000_001

CREATE = "CREATE"
UPDATE = "UPDATE"
DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Audit:
    """One change: who did what and when, and the *pipeline* after it. *stage* is set where it was about one."""

    action: str
    moment: int
    source: Source
    type: ObjectType
    pipeline: Pipeline
    stage: str | None = None


class PipelineChanges:
    """The changes of one portal's pipelines, and the record of them."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._ids = count(FIRST_ID)
        self._deleted: dict[tuple[ObjectType, str], Pipeline] = {}
        self._audits: list[Audit] = []

    def audits(self, type: ObjectType, pipeline: str, stage: str | None = None) -> list[Audit]:
        """The changes of a pipeline, or of one of its stages, newest first (W5.1.5)."""
        about = (a for a in reversed(self._audits) if a.type is type and a.pipeline.id == pipeline)
        return [audit for audit in about if stage in (None, audit.stage)]

    # -- pipelines -------------------------------------------------------------------------------------

    def create(self, type: ObjectType, wanted: NewPipeline, source: Source) -> Pipeline:
        """Make a pipeline. Raises InvalidDefinition."""
        if type.stage is None or type.has_lifecycle:
            raise InvalidDefinition(f"{type.name} can't have any more pipelines")
        self._check_pipeline_id(type, wanted)
        self._check_label(type, wanted.label, None)
        now = self._portal.clock.now
        id = wanted.id or str(next(self._ids))
        stages = self._stages(type, id, wanted.stages, ())
        pipeline = Pipeline(id, wanted.label, stages, wanted.display_order, now, now)
        self._deleted.pop((type, id), None)
        self._keep(type, pipeline, CREATE, source)
        return pipeline

    def update(
        self, type: ObjectType, id: str, source: Source, *, label: str | None = None, display_order: int | None = None
    ) -> Pipeline:
        """Rename a pipeline or give it another place. Raises UnknownName, InvalidDefinition."""
        present = self._portal.pipelines[type].find(id)
        if label is not None:
            self._check_label(type, label, present)
        now = self._portal.clock.now
        changed = replace(
            present,
            label=present.label if label is None else label,
            display_order=present.display_order if display_order is None else stage_lists.not_negative(display_order),
            stages=tuple(replace(stage, updated=now) for stage in present.stages),  # W5.1.3
            updated=now,
        )
        self._keep(type, changed, UPDATE, source)
        return changed

    def replace(
        self, type: ObjectType, id: str, wanted: NewPipeline, source: Source, *, check_uses: bool = True
    ) -> Pipeline:
        """Overwrite a pipeline: stages that *wanted* doesn't name by their ids are deleted.

        Raises UnknownName, InvalidDefinition.
        """
        present = self._portal.pipelines[type].find(id)
        self._check_label(type, wanted.label, present)
        stages = self._stages(type, id, wanted.stages, present.stages)
        kept = {stage.id for stage in stages}
        self._check_era(type)
        self._check_uses(type, [stage for stage in present.stages if stage.id not in kept], check_uses)
        order, now = stage_lists.not_negative(wanted.display_order), self._portal.clock.now
        changed = replace(present, label=wanted.label, display_order=order, stages=stages, updated=now)
        self._keep(type, changed, UPDATE, source)
        return changed

    def delete(self, type: ObjectType, id: str, source: Source, *, check_uses: bool = True) -> None:
        """Delete a pipeline; it can be restored. Raises UnknownName, InvalidDefinition."""
        pipeline = self._portal.pipelines[type].find(id)
        if type.has_lifecycle:
            raise InvalidDefinition(f"the lifecycle pipeline of {type.name} can't be deleted")  # F1.13
        self._check_uses(type, pipeline.stages, check_uses)
        self._portal.pipelines[type].remove(id)
        self._portal.properties[type].follow(self._portal.pipelines[type], self._portal.clock.now)
        self._portal.pipeline_rules.remove(type, id)
        self._deleted[type, id] = pipeline
        self._note(DELETE, source, type, pipeline)

    def restore(self, type: ObjectType, id: str, source: Source) -> Pipeline | None:
        """Bring a deleted pipeline back; None where none of this id was deleted. Raises InvalidDefinition."""
        pipeline = self._deleted.get((type, id))
        if pipeline is None:
            return None
        self._check_label(type, pipeline.label, None)
        for stage in pipeline.stages:
            self._check_stage_is_free(type, id, stage.id)
        del self._deleted[type, id]
        changed = replace(pipeline, updated=self._portal.clock.now)
        self._keep(type, changed, UPDATE, source)
        return changed

    # -- stages ----------------------------------------------------------------------------------------

    def add_stage(self, type: ObjectType, id: str, wanted: NewStage, source: Source) -> Stage:
        """Add a stage to a pipeline. Raises UnknownName, InvalidDefinition."""
        pipeline = self._portal.pipelines[type].find(id)
        self._check_stage_is_free(type, id, wanted.id)
        stage = self._stage(type, wanted, pipeline.stages)
        return self._keep_stage(type, pipeline, stage_lists.placed(pipeline.stages, stage), CREATE, stage.id, source)

    def update_stage(self, type: ObjectType, id: str, wanted: NewStage, source: Source) -> Stage:
        """Relabel a stage, give it another place or other metadata; its id stays.

        Raises UnknownName, InvalidDefinition.
        """
        pipeline = self._portal.pipelines[type].find(id)
        others = [stage for stage in pipeline.stages if stage.id != wanted.id]
        present = next(stage for stage in pipeline.stages if stage.id == wanted.id)
        changed = self._stage(type, wanted, others, present)
        return self._keep_stage(type, pipeline, stage_lists.placed(others, changed), UPDATE, changed.id, source)

    def delete_stage(self, type: ObjectType, id: str, stage: str, source: Source, *, check_uses: bool = True) -> None:
        """Delete a stage; where there is none, nothing happens (W5.1.2). Raises UnknownName, InvalidDefinition."""
        pipeline = self._portal.pipelines[type].find(id)
        gone = pipeline.find(stage)
        if gone is None:
            return
        stages = tuple(one for one in pipeline.stages if one is not gone)
        stage_lists.check(type, id, stages)
        self._check_era(type)
        self._check_uses(type, [gone], check_uses)
        self._keep(type, replace(pipeline, stages=stages, updated=self._portal.clock.now), DELETE, source, stage)

    def _keep_stage(
        self, type: ObjectType, pipeline: Pipeline, stages: tuple[Stage, ...], action: str, id: str, source: Source
    ) -> Stage:
        stage_lists.check(type, pipeline.id, stages)
        self._check_era(type)
        changed = replace(pipeline, stages=stages, updated=self._portal.clock.now)
        self._keep(type, changed, action, source, id)
        return next(stage for stage in stages if stage.id == id)

    def _stages(
        self, type: ObjectType, id: str, wanted: Iterable[NewStage], present: Sequence[Stage]
    ) -> tuple[Stage, ...]:
        known = {stage.id: stage for stage in present}
        stages: list[Stage] = []
        for one in wanted:
            self._check_stage_is_free(type, id, one.id, CREATE if not present else UPDATE)
            stages.append(self._stage(type, one, stages, known.get(one.id or "")))
        stage_lists.check(type, id, stages)
        return stage_lists.in_order(stages)

    def _stage(
        self, type: ObjectType, wanted: NewStage, others: Sequence[Stage], present: Stage | None = None
    ) -> Stage:
        """The stage that *wanted* becomes beside *others*. Raises InvalidDefinition."""
        label = wanted.label.strip().lower()
        if any(stage.label.strip().lower() == label for stage in others):
            message = f"Stage with label {wanted.label} already exists"
            raise InvalidDefinition(message, "PipelineError.STAGE_LABEL_EXISTS")
        if any(stage.id == wanted.id for stage in others):
            raise InvalidDefinition(f"There are two stages with the id {wanted.id}", category="DUPLICATE_STAGE_ID")
        order = stage_lists.not_negative(wanted.display_order)
        metadata = stage_lists.metadata_of(type, wanted.metadata)
        if present is None:
            now, id = self._portal.clock.now, wanted.id or str(next(self._ids))
            present = Stage(id, wanted.label, order, is_custom=type.has_lifecycle, created=now)
        return replace(
            present, label=wanted.label, display_order=order, metadata=metadata, updated=self._portal.clock.now
        )

    # -- what forbids a change -------------------------------------------------------------------------

    def _check_pipeline_id(self, type: ObjectType, wanted: NewPipeline) -> None:
        if wanted.id is None:
            return
        if self._portal.pipelines[type].get(wanted.id):
            raise InvalidDefinition(f"There's another pipeline in this portal with pipelineId ({wanted.id}).")
        if any(pipelines.get(wanted.id) for pipelines in self._portal.pipelines.values()):
            raise _same_stages()

    def _check_label(self, type: ObjectType, label: str, present: Pipeline | None) -> None:
        for pipeline in self._portal.pipelines[type]:
            if pipeline is not present and pipeline.label.lower() == label.lower():
                raise InvalidDefinition(f"An active pipeline with label {label} already exists.")

    def _check_stage_is_free(self, type: ObjectType, pipeline: str, stage: str | None, action: str = UPDATE) -> None:
        """A stage's id is its own among all pipelines of the type (W5.6)."""
        home = self._portal.pipelines[type].pipeline_of(stage) if stage else None
        if home is None or home.id == pipeline:
            return
        if action == CREATE:
            raise _same_stages()
        raise InvalidDefinition(
            f"An existing active stage in another pipeline is already using stage id {stage}", category=None
        )

    def _check_era(self, type: ObjectType) -> None:
        """Before 2022-09-30 nobody could change lifecycle stages (F1.20)."""
        era = self._portal.configuration.options.era
        if type.has_lifecycle and era in FIXED_STAGES:
            raise InvalidDefinition(f"lifecycle stages could not be changed in {era}; the portal's option is era")

    def _check_uses(self, type: ObjectType, stages: Sequence[Stage], asked: bool) -> None:
        """Stages that records or settings use can't be deleted; a lifecycle stage never (F1.17)."""
        if not asked and not type.has_lifecycle:
            return
        used = [(stage.id, [str(record.id) for record in self._holders(type, stage.id)]) for stage in stages]
        ids = [id for _, holders in used for id in holders]
        if ids:
            raise _in_use([stage for stage, holders in used if holders], ids, "object IDs", "objectIds")
        places = [place for stage in stages for place in self._places(type, stage.id)]
        if places:
            raise _in_use([stage.id for stage in stages], places, "settings", "settings")

    def _holders(self, type: ObjectType, stage: str) -> Iterator[Record]:
        for each in self._sharing(type):
            if each.stage is not None:
                yield from self._portal.records[each].having(each.stage, stage)

    def _places(self, type: ObjectType, stage: str) -> list[str]:
        return list(dict.fromkeys(use.rule for use in uses.of_stage(self._portal, stage))) if type.has_lifecycle else []

    # -- what follows ----------------------------------------------------------------------------------

    def _sharing(self, type: ObjectType) -> list[ObjectType]:
        """The object types that have their stages in common with *type*, itself first (F1.18)."""
        others = [other for other in self._portal.types if other is not type and other.has_lifecycle]
        return [type, *others] if type.has_lifecycle else [type]

    def _keep(
        self, type: ObjectType, pipeline: Pipeline, action: str, source: Source, stage: str | None = None
    ) -> None:
        """Take a changed pipeline in: properties, and what records have calculated from it, follow at once."""
        for each in self._sharing(type):
            pipelines = self._portal.pipelines[each]
            own = pipeline
            if each is not type:
                (twin,) = pipelines
                own = replace(twin, stages=pipeline.stages, updated=pipeline.updated)
            pipelines.put(own)
            self._portal.properties[each].follow(pipelines, self._portal.clock.now)
            self._note(action, source, each, own, stage)
        if type in (DEALS, TICKETS):
            self._recalculate(type, pipeline)

    def _recalculate(self, type: ObjectType, pipeline: Pipeline) -> None:
        """A deal's probability and amounts, and whether a ticket is closed, are those of its stage (W5.7)."""
        assert type.stage is not None  # noqa: S101  both types have one
        for stage in pipeline.stages:
            if stage.updated == self._portal.clock.now:
                for record in self._portal.records[type].having(type.stage, stage.id):
                    self._portal.writes.recalculate(record, [type.stage])

    def _note(
        self, action: str, source: Source, type: ObjectType, pipeline: Pipeline, stage: str | None = None
    ) -> None:
        self._audits.append(Audit(action, self._portal.clock.now, source, type, pipeline, stage))


def _same_stages() -> InvalidDefinition:
    return InvalidDefinition(
        "There's another pipeline in this portal with one of the same stages",
        "PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
        category="OBJECT_ALREADY_EXISTS",
    )


def _in_use(stages: Sequence[str], users: Sequence[str], words: str, key: str) -> InvalidDefinition:
    """HubSpot lists the ids inside brackets inside the list (W5.6.1)."""
    listed, by = f"[{', '.join(stages)}]", f"[{', '.join(users)}]"
    message = f"Stage IDs: {listed} are being referenced by {words}: {by}"
    return InvalidDefinition(message, "PipelineError.STAGE_ID_IN_USE", context={"stageIds": [listed], key: [by]})
