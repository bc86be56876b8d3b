"""Pipelines, version 1: `crm-pipelines` for any type, and the older `deals/v1/pipelines` (W12.9.12)."""

from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.errors import RESOURCE_NOT_FOUND
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.objects import DEALS, ObjectType
from hubtwin.portal.pipelines import NewPipeline, NewStage, Pipeline, Stage
from hubtwin.portal.values import text_of

#: What every account starts with.
_STANDARD = ("default", "0")


def list_(call: Call) -> Response:
    """GET /{objectType}: all pipelines with their stages."""
    type = call.type
    return answer({"results": [_pipeline_json(type, pipeline) for pipeline in call.portal.pipelines[type]]})


def create(call: Call) -> Response:
    """POST /{objectType}: 200, the new pipeline with its stages."""
    type, wanted = call.type, _wanted(call.body)
    return answer(_pipeline_json(type, call.portal.pipeline_changes.create(type, wanted, call.source)))


def overwrite(call: Call) -> Response:
    """PUT /{objectType}/{pipelineId}: 200, the pipeline anew; stages that it doesn't name are deleted."""
    type, pipeline = call.type, _pipeline(call, call.type)
    changed = call.portal.pipeline_changes.replace(type, pipeline.id, _wanted(call.body), call.source)
    return answer(_pipeline_json(type, changed))


def delete(call: Call) -> Response:
    """DELETE /{objectType}/{pipelineId}: 204; 400 where records are in it."""
    pipeline = _pipeline(call, call.type)
    call.portal.pipeline_changes.delete(call.type, pipeline.id, call.source)
    return nothing()


def list_of_deals(call: Call) -> Response:
    """GET /deals/v1/pipelines: a plain list, with the probability of each stage as a number."""
    return answer([_deal_pipeline_json(pipeline) for pipeline in call.portal.pipelines[DEALS]])


def read_of_deals(call: Call) -> Response:
    """GET /deals/v1/pipelines/{pipelineId}: one of them."""
    return answer(_deal_pipeline_json(_pipeline(call, DEALS)))


def create_of_deals(call: Call) -> Response:
    """POST /deals/v1/pipelines: 200, the new pipeline (W12.9.21)."""
    wanted = _wanted_of_deals(call.body)
    return answer(_deal_pipeline_json(call.portal.pipeline_changes.create(DEALS, wanted, call.source)))


def overwrite_of_deals(call: Call) -> Response:
    """PUT /deals/v1/pipelines/{pipelineId}: 200, the pipeline anew; stages that it doesn't name are deleted."""
    pipeline = _pipeline(call, DEALS)
    changed = call.portal.pipeline_changes.replace(DEALS, pipeline.id, _wanted_of_deals(call.body), call.source)
    return answer(_deal_pipeline_json(changed))


def delete_of_deals(call: Call) -> Response:
    """DELETE /deals/v1/pipelines/{pipelineId}: 204; 400 where deals are in it."""
    call.portal.pipeline_changes.delete(DEALS, _pipeline(call, DEALS).id, call.source)
    return nothing()


def _pipeline(call: Call, type: ObjectType) -> Pipeline:
    try:
        return call.portal.pipelines[type].find(call.path["pipelineId"])
    except UnknownName:
        raise LegacyError(404, RESOURCE_NOT_FOUND) from None


def _wanted(body: Body) -> NewPipeline:
    body.require("label")
    stages = [_wanted_stage(stage, number) for number, stage in enumerate(body.objects("stages"))]
    return NewPipeline(body.text("label") or "", body.number("displayOrder", 0), stages, body.text("pipelineId"))


def _wanted_stage(body: Body, number: int) -> NewStage:
    body.require("label")
    sent = body.properties("metadata") if body.data.get("metadata") is not None else {}
    metadata = {name: text_of(value) for name, value in sent.items()}
    return NewStage(body.text("label") or "", body.number("displayOrder", number), metadata, body.text("stageId"))


def _wanted_of_deals(body: Body) -> NewPipeline:
    body.require("label")
    stages = [_wanted_deal_stage(stage, number) for number, stage in enumerate(body.objects("stages"))]
    return NewPipeline(body.text("label") or "", body.number("displayOrder", 0), stages, body.text("pipelineId"))


def _wanted_deal_stage(body: Body, number: int) -> NewStage:
    """A stage; one that is won or lost is so by its probability alone: `closedWon` follows from that (W12.9.21)."""
    body.require("label")
    sent = body.data.get("probability")
    metadata = {} if sent is None else {"probability": text_of(sent)}
    return NewStage(body.text("label") or "", body.number("displayOrder", number), metadata, body.text("stageId"))


def _pipeline_json(type: ObjectType, pipeline: Pipeline) -> dict[str, Any]:
    return {
        "pipelineId": pipeline.id,
        "createdAt": pipeline.created,
        "updatedAt": pipeline.updated or None,
        "objectType": type.singular.upper(),
        "objectTypeId": type.id,
        "label": pipeline.label,
        "displayOrder": pipeline.display_order,
        "active": True,
        "stages": [_stage_json(stage) for stage in pipeline.stages],
        "default": pipeline.id in _STANDARD,
    }


def _stage_json(stage: Stage) -> dict[str, Any]:
    return {
        "stageId": stage.id,
        "createdAt": stage.created,
        "updatedAt": stage.updated or None,
        "label": stage.label,
        "displayOrder": stage.display_order,
        "metadata": dict(stage.metadata),
        "active": True,
    }


def _deal_pipeline_json(pipeline: Pipeline) -> dict[str, Any]:
    stages = [
        {
            "stageId": stage.id,
            "label": stage.label,
            "probability": stage.probability,
            "active": True,
            "displayOrder": stage.display_order,
            "closedWon": stage.is_won,
        }
        for stage in pipeline.stages
    ]
    return {
        "pipelineId": pipeline.id,
        "stages": stages,
        "label": pipeline.label,
        "active": True,
        "displayOrder": pipeline.display_order,
        "staticDefault": pipeline.id in _STANDARD,
    }


_READ, _WRITE = "crm.objects.{objectType}.read", "crm.objects.{objectType}.write"
_DEALS, _DEALS_WRITE = "crm.objects.deals.read", "crm.objects.deals.write"

ENDPOINTS = (
    *operations(
        "/crm-pipelines/v1/pipelines/{objectType}",
        ("GET", "", list_, _READ),
        ("POST", "", create, _WRITE),
        ("PUT", "/{pipelineId}", overwrite, _WRITE),
        ("DELETE", "/{pipelineId}", delete, _WRITE),
    ),
    *operations(
        "/deals/v1/pipelines",
        ("GET", "", list_of_deals, _DEALS),
        ("GET", "/{pipelineId}", read_of_deals, _DEALS),
        ("POST", "", create_of_deals, _DEALS_WRITE),
        ("PUT", "/{pipelineId}", overwrite_of_deals, _DEALS_WRITE),
        ("DELETE", "/{pipelineId}", delete_of_deals, _DEALS_WRITE),
    ),
)
