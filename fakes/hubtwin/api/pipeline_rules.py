"""Pipeline rules: what people at the screen may do with the records of a pipeline (F2.16)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.pipeline_rules import CREATION, NO_BACKWARDS, NO_SKIPPING, RuleSet, StagesOfRule
from hubtwin.portal.pipelines import Pipeline

_RULES = "governanceValidationRules"


def read(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}: a pipeline's rules; all are off where none were given (F2.16)."""
    return _answer(call, *_pipeline(call))


def overwrite(call: Call) -> Response:
    """PUT /{objectType}/{pipelineId}: all rules anew (F2.16)."""
    type, pipeline = _pipeline(call)
    call.body.require(_RULES)
    rules = call.body.object(_RULES)
    rules.require(NO_BACKWARDS, NO_SKIPPING, CREATION)
    return _keep(call, type, pipeline, rules)


def update(call: Call) -> Response:
    """PATCH /{objectType}/{pipelineId}: the rules that the body names, by themselves or inside the set (F2.16)."""
    type, pipeline = _pipeline(call)
    body = call.body
    return _keep(call, type, pipeline, body.object(_RULES) if body.data.get(_RULES) is not None else body)


def delete(call: Call) -> Response:
    """DELETE /{objectType}/{pipelineId}: 204, no rule is left (F2.16)."""
    type, pipeline = _pipeline(call)
    call.portal.pipeline_rules.remove(type, pipeline.id)
    return nothing()


def _pipeline(call: Call) -> tuple[ObjectType, Pipeline]:
    pipeline = call.portal.pipelines[call.type].get(call.path["pipelineId"])
    if pipeline is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return call.type, pipeline


def _keep(call: Call, type: ObjectType, pipeline: Pipeline, body: Body) -> Response:
    if call.body.data.get("approvalStageRules"):
        raise invalid("HubTwin doesn't imitate approvals: leave approvalStageRules out")
    present, now = call.portal.pipeline_rules.of(type, pipeline), call.portal.clock.now
    backwards, skipping = body.data.get(NO_BACKWARDS), body.data.get(NO_SKIPPING)
    changed = replace(
        present,
        no_backwards=present.no_backwards if backwards is None else _stages(body.object(NO_BACKWARDS)),
        no_skipping=present.no_skipping if skipping is None else _stages(body.object(NO_SKIPPING)),
        creation=present.creation if body.data.get(CREATION) is None else _ids(body.object(CREATION)),
        updated=now,
    )
    if not call.portal.pipeline_rules.are_set(type, pipeline):
        changed = replace(changed, created=now)
    call.portal.pipeline_rules.put(type, pipeline, changed)
    return _answer(call, type, pipeline)


def _stages(rule: Body) -> StagesOfRule:
    rule.require("enabledForAllStages", "pipelineStageIds")
    return StagesOfRule(rule.flag("enabledForAllStages", False), _ids(rule))


def _ids(rule: Body) -> tuple[str, ...]:
    rule.require("pipelineStageIds")
    return tuple(rule.texts("pipelineStageIds"))


def _answer(call: Call, type: ObjectType, pipeline: Pipeline) -> Response:
    rules = call.portal.pipeline_rules.of(type, pipeline)
    return answer(
        {
            "id": f"{type.id}-{pipeline.id}",
            "objectTypeId": type.id,
            "pipelineId": pipeline.id,
            _RULES: _rules_json(rules, pipeline),
            "createdAt": iso(rules.created),
            "updatedAt": iso(rules.updated),
        }
    )


def _rules_json(rules: RuleSet, pipeline: Pipeline) -> dict[str, Any]:
    """The rules, without the stages that were deleted since."""

    def present(ids: Sequence[str]) -> list[str]:
        return [id for id in ids if pipeline.find(id)]

    return {
        NO_BACKWARDS: {
            "enabledForAllStages": rules.no_backwards.every,
            "pipelineStageIds": present(rules.no_backwards.ids),
        },
        NO_SKIPPING: {
            "enabledForAllStages": rules.no_skipping.every,
            "pipelineStageIds": present(rules.no_skipping.ids),
        },
        CREATION: {"pipelineStageIds": present(rules.creation)},
    }


_READ, _WRITE = "crm.pipelines.governance.read", "crm.pipelines.governance.write"
_OPERATIONS = (
    ("GET", "/{objectType}/{pipelineId}", read, _READ),
    ("PUT", "/{objectType}/{pipelineId}", overwrite, _WRITE),
    ("PATCH", "/{objectType}/{pipelineId}", update, _WRITE),
    ("DELETE", "/{objectType}/{pipelineId}", delete, _WRITE),
)

ENDPOINTS = (
    *family("/crm/pipelines-rules/2026-09-beta", None, *_OPERATIONS),
    *family("/crm/pipelines-rules/2026-09", None, *_OPERATIONS),
)
