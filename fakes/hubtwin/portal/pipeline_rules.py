"""Pipeline rules: how people may move records through a pipeline, and where they may create them (F2.14).

They bind people at the screen who are no super admins, and nobody else: no workflow, no import, no app (F2.15).
The stage rule comes after them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubtwin.portal.errors import InvalidDefinition, PipelineRuleBroken
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.pipelines import Pipeline, Stage

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal
    from hubtwin.portal.records import Record
    from hubtwin.portal.sources import Source

NO_BACKWARDS = "noBackwardsMovementRule"
NO_SKIPPING = "noSkippingStagesRule"
CREATION = "objectCreationRule"


@dataclass(frozen=True, slots=True)
class StagesOfRule:
    """The stages that a rule is about: *every* one, or those with these *ids*."""

    every: bool = False
    ids: tuple[str, ...] = ()

    def __contains__(self, stage: Stage) -> bool:
        return self.every or stage.id in self.ids


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one pipeline (F2.16).

    Records can't go back from the stages of *no_backwards*, can't skip those of *no_skipping*, and can only be
    created in those of *creation*, in any where there are none. *created* and *updated* are moments.
    """

    no_backwards: StagesOfRule = StagesOfRule()
    no_skipping: StagesOfRule = StagesOfRule()
    creation: tuple[str, ...] = ()
    created: int = 0
    updated: int = 0


@dataclass(slots=True)
class PipelineRules:
    """The pipeline rules of one portal."""

    _portal: "Portal"
    _rules: dict[tuple[ObjectType, str], RuleSet] = field(default_factory=dict)

    def of(self, type: ObjectType, pipeline: Pipeline) -> RuleSet:
        """The rules of a pipeline; one that was given none has none that forbids anything."""
        return self._rules.get((type, pipeline.id)) or RuleSet(created=pipeline.created, updated=pipeline.created)

    def are_set(self, type: ObjectType, pipeline: Pipeline) -> bool:
        """Whether the pipeline was given rules."""
        return (type, pipeline.id) in self._rules

    def put(self, type: ObjectType, pipeline: Pipeline, rules: RuleSet) -> None:
        """Give a pipeline its rules. Raises InvalidDefinition."""
        for name, stages in ((NO_BACKWARDS, rules.no_backwards), (NO_SKIPPING, rules.no_skipping)):
            if stages.every and stages.ids:
                raise InvalidDefinition(f"{name}: pipelineStageIds must be empty when enabledForAllStages is true")
        for id in (*rules.no_backwards.ids, *rules.no_skipping.ids, *rules.creation):
            if pipeline.find(id) is None:
                listed = ", ".join(stage.id for stage in pipeline.stages)
                raise InvalidDefinition(
                    f"{id} is not a stage of the pipeline {pipeline.id}. Its stages are: [{listed}]"
                )
        self._rules[type, pipeline.id] = rules

    def remove(self, type: ObjectType, pipeline: str) -> None:
        """Take all rules of a pipeline away."""
        self._rules.pop((type, pipeline), None)

    def check(self, type: ObjectType, record: "Record | None", values: Mapping[str, str], source: "Source") -> None:
        """Check a write before anything of it is made; *record* is None for a new one.

        Raises PipelineRuleBroken.
        """
        if not self._rules or source.user is None or type.stage is None:
            return
        stage = self._portal.pipelines[type].stage(values.get(type.stage))
        pipeline = self._portal.pipelines[type].pipeline_of(stage.id) if stage else None
        if stage is None or pipeline is None or (type, pipeline.id) not in self._rules:
            return
        if self._is_super_admin(source.user):
            return
        rules = self._rules[type, pipeline.id]
        if record is None:
            _check_creation(rules, pipeline, stage)
        elif (present := pipeline.find(record.stage or "")) is not None:
            _check_move(rules, pipeline, present, stage, record)

    def _is_super_admin(self, user: int) -> bool:
        return any(owner.super_admin for owner in self._portal.users if owner.user_id == user)


def _check_creation(rules: RuleSet, pipeline: Pipeline, stage: Stage) -> None:
    if rules.creation and stage.id not in rules.creation:
        allowed = _labels(one for one in pipeline.stages if one.id in rules.creation)
        raise PipelineRuleBroken(
            CREATION, f"{CREATION} of {pipeline.id}: records are created in {allowed}, not in {stage.label!r}"
        )


def _check_move(rules: RuleSet, pipeline: Pipeline, old: Stage, new: Stage, record: "Record") -> None:
    move = f"{record} can't go from {old.label!r} to {new.label!r}"
    if new.display_order < old.display_order and old in rules.no_backwards:
        raise PipelineRuleBroken(NO_BACKWARDS, f"{NO_BACKWARDS} of {pipeline.id}: {move}, which is before it")
    skipped = [stage for stage in _between(pipeline.stages, old, new) if stage in rules.no_skipping]
    if skipped:
        raise PipelineRuleBroken(NO_SKIPPING, f"{NO_SKIPPING} of {pipeline.id}: {move} without {_labels(skipped)}")


def _between(stages: Sequence[Stage], old: Stage, new: Stage) -> Iterator[Stage]:
    return (stage for stage in stages if old.display_order < stage.display_order < new.display_order)


def _labels(stages: Iterable[Stage]) -> str:
    return ", ".join(repr(stage.label) for stage in stages)
