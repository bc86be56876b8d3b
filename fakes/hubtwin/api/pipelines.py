"""Pipelines and their stages, the lifecycle pipelines of contacts and companies included (W5, F1.10)."""

from collections.abc import Mapping
from typing import Any

import orjson

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import OBJECT_NOT_FOUND, RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import DEALS
from hubtwin.portal.pipeline_changes import Audit
from hubtwin.portal.pipelines import NewPipeline, NewStage, Pipeline, Stage
from hubtwin.portal.values import text_of


def list_(call: Call) -> Response:
    """GET /{objectType}: all pipelines with their stages."""
    return answer({"results": [_pipeline_json(pipeline) for pipeline in call.portal.pipelines[call.type]]})


def create(call: Call) -> Response:
    """POST /{objectType}: 201, the new pipeline with its stages (W5.1.1)."""
    return answer(_pipeline_json(call.portal.pipeline_changes.create(call.type, _new_pipeline(call), call.source)), 201)


def read(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}: one pipeline with its stages."""
    return answer(_pipeline_json(_pipeline(call)))


def update(call: Call) -> Response:
    """PATCH /{objectType}/{pipelineId}: its label and its place; `archived: false` restores a deleted one (W5.1.3)."""
    changes, body, id = call.portal.pipeline_changes, call.body, call.path["pipelineId"]
    if body.data.get("archived") is not None:
        restored = changes.restore(call.type, id, call.source) if body.flag("archived", True) is False else None
        if restored is None:
            raise invalid("archived is for restoring a pipeline that was deleted")
        return answer(_pipeline_json(restored))
    _pipeline(call)
    order = body.number("displayOrder", 0) if body.data.get("displayOrder") is not None else None
    changed = changes.update(call.type, id, call.source, label=body.text("label"), display_order=order)
    return answer(_pipeline_json(changed))


def overwrite(call: Call) -> Response:
    """PUT /{objectType}/{pipelineId}: the pipeline anew; stages that it doesn't name are deleted (W5.1.6)."""
    _pipeline(call)
    id, wanted = call.path["pipelineId"], _new_pipeline(call)
    changed = call.portal.pipeline_changes.replace(call.type, id, wanted, call.source, check_uses=_checks_uses(call))
    return answer(_pipeline_json(changed))


def delete(call: Call) -> Response:
    """DELETE /{objectType}/{pipelineId}: 204; 400 where it is in use and somebody wants to know (W5.6.1)."""
    id = call.path["pipelineId"]
    if call.portal.pipelines[call.type].get(id) is None:
        raise ApiError(404, f"No pipeline found with id {id}", OBJECT_NOT_FOUND)
    call.portal.pipeline_changes.delete(call.type, id, call.source, check_uses=_checks_uses(call))
    return nothing()


def audit(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}/audit: what was changed in a pipeline, newest first (W5.1.5)."""
    _pipeline(call)
    return _audits(call, None)


# -- stages --------------------------------------------------------------------------------------------------


def list_stages(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}/stages: its stages in order."""
    return answer({"results": [_stage_json(stage) for stage in _pipeline(call).stages]})


def create_stage(call: Call) -> Response:
    """POST /{objectType}/{pipelineId}/stages: 201, the new stage (W5.1.4)."""
    pipeline, wanted = _pipeline(call), _new_stage(call.body)
    return answer(_stage_json(call.portal.pipeline_changes.add_stage(call.type, pipeline.id, wanted, call.source)), 201)


def read_stage(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}/stages/{stageId}: one stage."""
    return answer(_stage_json(_stage(call)))


def update_stage(call: Call) -> Response:
    """PATCH /{objectType}/{pipelineId}/stages/{stageId}: what the body names; the rest stays."""
    present, body = _stage(call), call.body
    if body.data.get("archived") is not None:
        raise invalid("archived is for restoring, and HubTwin doesn't restore stages: make the stage anew")
    metadata = {**dict(present.metadata), **_metadata(body)}
    wanted = NewStage(
        body.text("label", present.label) or present.label,
        body.number("displayOrder", present.display_order),
        metadata,
        present.id,
    )
    return _changed_stage(call, wanted)


def overwrite_stage(call: Call) -> Response:
    """PUT /{objectType}/{pipelineId}/stages/{stageId}: label, place and metadata anew."""
    present, wanted = _stage(call), _new_stage(call.body)
    return _changed_stage(call, NewStage(wanted.label, wanted.display_order, wanted.metadata, present.id))


def delete_stage(call: Call) -> Response:
    """DELETE /{objectType}/{pipelineId}/stages/{stageId}: 204, also where there is none (W5.1.2)."""
    if call.portal.pipelines[call.type].get(call.path["pipelineId"]) is not None:
        call.portal.pipeline_changes.delete_stage(
            call.type, call.path["pipelineId"], call.path["stageId"], call.source, check_uses=_checks_uses(call)
        )
    return nothing()


def audit_stage(call: Call) -> Response:
    """GET /{objectType}/{pipelineId}/stages/{stageId}/audit: what was changed in a stage, newest first (W5.1.5)."""
    return _audits(call, _stage(call).id)


# -- the call's parts ----------------------------------------------------------------------------------------


def _pipeline(call: Call) -> Pipeline:
    pipeline = call.portal.pipelines[call.type].get(call.path["pipelineId"])
    if pipeline is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return pipeline


def _stage(call: Call) -> Stage:
    stage = _pipeline(call).find(call.path["stageId"])
    if stage is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return stage


def _new_pipeline(call: Call) -> NewPipeline:
    body = call.body
    body.require("label", "displayOrder", "stages")
    stages = [_new_stage(input) for input in body.objects("stages")]
    return NewPipeline(body.text("label") or "", body.number("displayOrder", 0), stages, body.text("pipelineId"))


def _new_stage(body: Body) -> NewStage:
    body.require("label", "displayOrder", "metadata")
    return NewStage(
        body.text("label") or "", body.number("displayOrder", 0), _metadata(body), body.text("stageId") or None
    )


def _metadata(body: Body) -> Mapping[str, str]:
    if body.data.get("metadata") is None:
        return {}
    return {name: text_of(value) for name, value in body.properties("metadata").items() if value is not None}


def _changed_stage(call: Call, wanted: NewStage) -> Response:
    changes = call.portal.pipeline_changes
    return answer(_stage_json(changes.update_stage(call.type, call.path["pipelineId"], wanted, call.source)))


def _checks_uses(call: Call) -> bool:
    """Whether uses are looked for before a deletion: where asked, and from 2026-09 on unless asked not to (W5.6.2)."""
    own = "validateDealStageUsagesBeforeDelete" if call.type is DEALS else "validateReferencesBeforeDelete"
    if call.flag("validateDealStageUsagesBeforeDelete") or call.flag("validateReferencesBeforeDelete"):
        return True
    return "/2026-09" in call.request.path and call.text(own) is None


# -- answering -----------------------------------------------------------------------------------------------


def _pipeline_json(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "label": pipeline.label,
        "displayOrder": pipeline.display_order,
        "id": pipeline.id,
        "stages": [_stage_json(stage) for stage in pipeline.stages],
        "createdAt": iso(pipeline.created),
        "updatedAt": iso(pipeline.updated),
        "archived": False,
    }


def _stage_json(stage: Stage) -> dict[str, Any]:
    return {
        "label": stage.label,
        "displayOrder": stage.display_order,
        "metadata": dict(stage.metadata),
        "id": stage.id,
        "createdAt": iso(stage.created),
        "updatedAt": iso(stage.updated),
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "archived": False,
    }


def _audits(call: Call, stage: str | None) -> Response:
    audits = call.portal.pipeline_changes.audits(call.type, call.path["pipelineId"], stage)
    return answer({"results": [_audit_json(call, audit) for audit in audits]})


def _audit_json(call: Call, audit: Audit) -> dict[str, Any]:
    """One change. `rawObject` is JSON in a string; who made the change is missing where no person did."""
    account, pipeline = call.portal.configuration.account.id, audit.pipeline
    raw = {"portalId": account, "objectType": audit.type.singular.upper(), "objectTypeId": audit.type.id}
    body: dict[str, Any] = {
        "portalId": account,
        "identifier": ":".join(filter(None, (str(account), pipeline.id, audit.stage))),
        "action": audit.action,
        "timestamp": iso(audit.moment),
        "message": f"{'Pipeline stage' if audit.stage else 'Pipeline'} {audit.action.lower()}",
        "rawObject": orjson.dumps({**raw, **_pipeline_json(pipeline)}).decode(),
    }
    return body if audit.source.user is None else {**body, "fromUserId": audit.source.user}


_READ, _WRITE = "crm.objects.{objectType}.read", "crm.objects.{objectType}.write"
_ONE, _STAGE = "/{objectType}/{pipelineId}", "/{objectType}/{pipelineId}/stages/{stageId}"

ENDPOINTS = family(
    "/crm/v3/pipelines",
    "/crm/pipelines/{version}",
    ("GET", "/{objectType}", list_, _READ),
    ("POST", "/{objectType}", create, _WRITE),
    ("GET", _ONE, read, _READ),
    ("PATCH", _ONE, update, _WRITE),
    ("PUT", _ONE, overwrite, _WRITE),
    ("DELETE", _ONE, delete, _WRITE),
    ("GET", f"{_ONE}/audit", audit, _READ),
    ("GET", f"{_ONE}/stages", list_stages, _READ),
    ("POST", f"{_ONE}/stages", create_stage, _WRITE),
    ("GET", _STAGE, read_stage, _READ),
    ("PATCH", _STAGE, update_stage, _WRITE),
    ("PUT", _STAGE, overwrite_stage, _WRITE),
    ("DELETE", _STAGE, delete_stage, _WRITE),
    ("GET", f"{_STAGE}/audit", audit_stage, _READ),
)
