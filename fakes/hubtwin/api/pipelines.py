"""Pipelines and their stages, the lifecycle pipelines of contacts and companies included (W5, F1.10)."""

from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.pipelines import Pipeline, Stage

_LONG_AGO = "1970-01-01T00:00:00Z"  # W5.2: the dates of what every account starts with


def list_(call: Call) -> Response:
    """GET /{objectType}: all pipelines with their stages."""
    return answer({"results": [_pipeline_json(pipeline) for pipeline in call.portal.pipelines[call.type]]})


def read(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}: one pipeline with its stages."""
    return answer(_pipeline_json(_pipeline(call)))


def list_stages(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}/stages: its stages in order."""
    return answer({"results": [_stage_json(stage) for stage in _pipeline(call).stages]})


def read_stage(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}/stages/{stageId}: one stage."""
    stage = _pipeline(call).find(call.path["stageId"])
    if stage is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(_stage_json(stage))


def _pipeline(call: Call) -> Pipeline:
    try:
        return call.portal.pipelines[call.type].find(call.path["pipelineId"])
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def _pipeline_json(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "label": pipeline.label,
        "displayOrder": pipeline.display_order,
        "id": pipeline.id,
        "stages": [_stage_json(stage) for stage in pipeline.stages],
        "createdAt": _LONG_AGO,
        "updatedAt": _LONG_AGO,
        "archived": False,
    }


def _stage_json(stage: Stage) -> dict[str, Any]:
    return {
        "label": stage.label,
        "displayOrder": stage.display_order,
        "metadata": dict(stage.metadata),
        "id": stage.id,
        "createdAt": _LONG_AGO,
        "updatedAt": _LONG_AGO,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "archived": False,
    }


_READ = "crm.objects.{objectType}.read"

ENDPOINTS = family(
    "/crm/v3/pipelines",
    "/crm/pipelines/{version}",
    ("GET", "/{objectType}", list_, _READ),
    ("GET", "/{objectType}/{pipelineId}", read, _READ),
    ("GET", "/{objectType}/{pipelineId}/stages", list_stages, _READ),
    ("GET", "/{objectType}/{pipelineId}/stages/{stageId}", read_stage, _READ),
)
