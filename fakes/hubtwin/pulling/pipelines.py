"""Pipelines with their stages, and the rules of pipelines (W5, F2.14)."""

from collections.abc import Sequence

from hubtwin.api.bodies import Body
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.pipeline_rules import CREATION, NO_BACKWARDS, NO_SKIPPING, RuleSet, StagesOfRule
from hubtwin.portal.pipelines import NewPipeline, NewStage, Pipeline
from hubtwin.portal.values import text_of
from hubtwin.pulling.copying import Copy

_MOST = 10**9


def copy_all(copy: Copy) -> None:
    """Copy the pipelines of all objects but contacts and companies, whose stages are those of the lifecycle."""
    for type in list(copy.portal.types):
        if (type.stage is not None or type.is_custom) and not type.has_lifecycle:
            with copy.notes.leaving_out(f"pipelines of {type.name}"):
                _copy(copy, type)


def copy_rules(copy: Copy) -> None:
    """Copy the rules of all pipelines, those of the lifecycle included (F2.16). Raises Refusal at the first refusal."""
    for type in copy.portal.types:
        for pipeline in list(copy.portal.pipelines[type]):
            name = type.id if type.is_custom else type.name
            answer = copy.source.get(f"/crm/pipelines-rules/2026-09-beta/{name}/{pipeline.id}")
            with copy.notes.leaving_out(f"rules of the pipeline {pipeline.label} of {type.name}"):
                _put_rules(copy, type, pipeline, answer.object("governanceValidationRules"))


def _copy(copy: Copy, type: ObjectType) -> None:
    rows = copy.source.rows(f"/crm/v3/pipelines/{type.name if not type.is_custom else type.id}")
    if not rows:
        return
    wanted = sorted((_pipeline(row) for row in rows), key=lambda one: one.display_order)
    if type.stage is None:
        copy.portal.schemas.give_pipelines(type, lambda _: [])
    _remove_others(copy, type, wanted)
    changes, present = copy.portal.pipeline_changes, copy.portal.pipelines[type]
    for one in sorted(wanted, key=lambda one: present.get(one.id or "") is None):
        with copy.notes.leaving_out(f"pipeline {one.label} of {type.name}"):
            if present.get(one.id or "") is not None:
                changes.replace(type, one.id or "", one, copy.portal.app, check_uses=False)
            else:
                changes.create(type, one, copy.portal.app)


def _remove_others(copy: Copy, type: ObjectType, wanted: Sequence[NewPipeline]) -> None:
    """Remove HubSpot's own pipeline where the account has it no more."""
    ids = {one.id for one in wanted}
    for gone in [one for one in copy.portal.pipelines[type] if one.id not in ids]:
        copy.portal.pipeline_changes.delete(type, gone.id, copy.portal.app, check_uses=False)


def _pipeline(row: Node) -> NewPipeline:
    stages = [_stage(stage) for stage in row.objects("stages")]
    return NewPipeline(row.text("label"), row.whole("displayOrder", 0, low=0, high=_MOST), stages, row.text("id"))


def _stage(row: Node) -> NewStage:
    metadata = Body(row.data, b"").properties("metadata") if "metadata" in row else {}
    told = {name: text_of(value) for name, value in metadata.items() if value is not None}
    return NewStage(row.text("label"), row.whole("displayOrder", 0, low=0, high=_MOST), told, row.text("id"))


def _put_rules(copy: Copy, type: ObjectType, pipeline: Pipeline, rules: Node) -> None:
    made = RuleSet(_stages(rules, NO_BACKWARDS), _stages(rules, NO_SKIPPING), _stages(rules, CREATION).ids)
    if made != RuleSet():
        copy.portal.pipeline_rules.put(type, pipeline, made)


def _stages(rules: Node, name: str) -> StagesOfRule:
    if name not in rules:
        return StagesOfRule()
    rule = Body(rules.object(name).data, b"")
    return StagesOfRule(rule.flag("enabledForAllStages", False), tuple(rule.texts("pipelineStageIds")))
