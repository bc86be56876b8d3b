"""Workflows of contacts, versions 2 and 3: what there are, who is in them, how they perform (F7.21)."""

from contextlib import suppress
from typing import Any

import orjson

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.errors import RESOURCE_NOT_FOUND, invalid
from hubtwin.api.flow_performance import histogram
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import NO_SUCH_CONTACT, LegacyError, operations
from hubtwin.api.legacy.records import find
from hubtwin.api.legacy.workflow_shapes import new_flow, old_actions
from hubtwin.api.workflow_ids import flow_of, workflow_id
from hubtwin.portal.errors import Refused
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.ids import as_number
from hubtwin.portal.log import UNENROLLED
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record

#: The types of workflows, by the anchor that their flow has.
_TYPES = {"STATIC_DATE_ANCHOR": "STATIC_ANCHOR", "CONTACT_PROPERTY_ANCHOR": "PROPERTY_ANCHOR"}


def list_(call: Call) -> Response:
    """GET /workflows: all that enroll contacts, without their actions (F7.21.1)."""
    flows = [flow for flow in call.portal.workflows if flow.plan.type is CONTACTS]
    return answer({"workflows": [_head_json(call, flow) for flow in flows]})


def create(call: Call) -> Response:
    """POST /workflows: 200 with the workflow; what version 4 has no words for is refused (F7.21.2)."""
    told = call.body
    data = new_flow(call.portal, told)
    flow = call.portal.workflows.create(data, existing=told.flag("enrollOnCriteriaUpdate", False))
    flow.legacy = dict(told.data)
    return answer(_workflow_json(call, flow))


def read(call: Call) -> Response:
    """GET /workflows/{workflowId}: one with its actions; with `stats=true` how many came in and left (F7.21.3)."""
    flow = _flow(call)
    body = _workflow_json(call, flow)
    if call.flag("stats"):
        body["metaData"] |= _counts(call, flow)
    return answer(body)


def delete(call: Call) -> Response:
    """DELETE /workflows/{workflowId}: 204."""
    call.portal.workflows.delete(_flow(call))
    return nothing()


def performance(call: Call) -> Response:
    """GET /performance/workflow/{workflowId}: a plain list of `start` to `end` by `bucket` (F7.2.5)."""
    missing = [name for name in ("start", "end", "bucket") if call.text(name) is None]
    if missing:
        raise invalid(f"query param {missing[0]} may not be null")
    return answer(histogram(call, _flow(call), call.text("bucket") or ""))


def enroll(call: Call) -> Response:
    """POST /{workflowId}/enrollments/contacts/{email}: 204, also where the workflow doesn't take it (F7.21.4)."""
    flow, contact = _flow(call), _contact(call)
    with suppress(Refused):  # HubSpot says nothing of it
        call.portal.workflows.enroll(flow.id, contact, source=call.source)
    return nothing()


def unenroll(call: Call) -> Response:
    """DELETE /{workflowId}/enrollments/contacts/{email}: 204; what was to come for it does not (F7.21.4)."""
    call.portal.workflows.unenroll(_flow(call).id, _contact(call), reason="by the API")
    return nothing()


def list_enrollments(call: Call) -> Response:
    """GET /enrollments/contacts/{vid}: a plain list of the workflows that the contact is in (F7.21.5)."""
    contact = find(call, CONTACTS, call.path["vid"], NO_SUCH_CONTACT)
    return answer([_workflow_json(call, flow) for flow in call.portal.workflows if contact in flow.active])


# -- finding -------------------------------------------------------------------------------------------------


def _flow(call: Call) -> Flow:
    """The workflow that the path names by its second id; a flow's own id is not one (F7.2.6). Raises LegacyError."""
    number = as_number(call.path["workflowId"])
    if number is None:
        raise LegacyError(400, "Unable to parse value for path parameter: workflowId")
    flow = flow_of(call, number)
    if flow is None or flow.plan.type is not CONTACTS:
        raise LegacyError(404, RESOURCE_NOT_FOUND)
    return flow


def _contact(call: Call) -> Record:
    contact = contact_with(call.portal, call.path["email"])
    if contact is None:
        raise LegacyError(404, NO_SUCH_CONTACT)
    return contact


# -- answering -----------------------------------------------------------------------------------------------


def _head_json(call: Call, flow: Flow) -> dict[str, Any]:
    """What the list tells of a workflow."""
    counts = _counts(call, flow)
    return {
        "id": workflow_id(flow),
        "portalId": call.portal.configuration.account.id,
        "name": flow.name,
        "type": _TYPES.get(str((flow.data.get("eventAnchor") or {}).get("type")), "DRIP_DELAY"),
        "enabled": flow.is_on,
        "insertedAt": flow.created,
        "updatedAt": flow.updated,
        "personaTagIds": [],
        "contactCounts": {"active": counts["active"], "enrolled": counts["enrolled"]},
        "migrationStatus": {
            "portalId": call.portal.configuration.account.id,
            "workflowId": workflow_id(flow),
            "flowId": int(flow.id),
            "migrationStatus": "EXECUTION_MIGRATED",
            "platformOwnsActions": True,
        },
    }


def _workflow_json(call: Call, flow: Flow) -> dict[str, Any]:
    """A workflow with its actions: in the words that version 3 was told, as long as they hold (F7.21.3)."""
    criteria = flow.data.get("enrollmentCriteria") or {"type": "MANUAL"}
    body = {
        **_head_json(call, flow),
        "actions": old_actions(flow.data),
        "internal": False,
        "onlyExecOnBizDays": False,
        "nurtureTimeRange": {"enabled": False, "startHour": 9, "stopHour": 10},
        "listening": criteria.get("unEnrollObjectsNotMeetingCriteria", False),
        "allowContactToTriggerMultipleTimes": criteria.get("shouldReEnroll", False),
        "unenrollmentSetting": {"type": "NONE", "excludedWorkflows": []},
        "recurringSetting": {"type": "NONE"},
        "enrollOnCriteriaUpdate": False,
        "onlyEnrollsManually": criteria["type"] == "MANUAL",
        "canEnrollFromSalesforce": flow.data.get("canEnrollFromSalesforce", False),
        "goalCriteria": [],
        "reEnrollmentTriggerSets": [],
        "suppressionListIds": flow.data.get("suppressionListIds", []),
        "segmentCriteria": [],
        "metaData": {"triggeredByWorkflowIds": []},
    }
    if flow.legacy is not None and flow.revision == 1:
        return {**body, **{name: flow.legacy[name] for name in body.keys() & flow.legacy.keys() - _OWN}}
    branches = {"segmentCriteria": criteria.get("listFilterBranch"), "goalCriteria": flow.data.get("goalFilterBranch")}
    told = {f"{name}FilterBranch": orjson.dumps(branch).decode() for name, branch in branches.items() if branch}
    return {**body, **told}


def _counts(call: Call, flow: Flow) -> dict[str, int]:
    entries = [call.portal.log[number] for number in flow.entries]
    reached = [entry for entry in entries if entry.kind == UNENROLLED and entry.value.facts.get("reason") == "goal met"]
    return {
        "enrolled": len(flow.counts),
        "active": len(flow.active),
        "completed": len(flow.arrivals),
        "succeeded": len(reached),
    }


#: What the portal itself says about a workflow, and clients can't.
_OWN = {"id", "portalId", "insertedAt", "updatedAt", "contactCounts", "migrationStatus", "metaData", "enabled"}

_SCOPE = "automation"

ENDPOINTS = (
    *operations(
        "/automation/v3",
        ("GET", "/workflows", list_, _SCOPE),
        ("POST", "/workflows", create, _SCOPE),
        ("GET", "/workflows/{workflowId}", read, _SCOPE),
        ("DELETE", "/workflows/{workflowId}", delete, _SCOPE),
        ("GET", "/performance/workflow/{workflowId}", performance, _SCOPE),
    ),
    *operations(
        "/automation/v2/workflows",
        ("POST", "/{workflowId}/enrollments/contacts/{email}", enroll, _SCOPE),
        ("DELETE", "/{workflowId}/enrollments/contacts/{email}", unenroll, _SCOPE),
        ("GET", "/enrollments/contacts/{vid}", list_enrollments, _SCOPE),
    ),
)
