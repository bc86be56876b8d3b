"""The second ids of flows: what versions 2 and 3 call workflows by (F7.2.6)."""

from typing import Any

from hubtwin.api.calls import Call
from hubtwin.api.endpoint import family
from hubtwin.api.errors import invalid
from hubtwin.api.flows import MAX_BATCH, batch, find_flow
from hubtwin.api.http import Response
from hubtwin.portal.flows.flow import Flow

#: How far the second ids lie from the first ones (our model).
DISTANCE = 100_000_000


def workflow_id(flow: Flow) -> int:
    """The second id of a flow."""
    return int(flow.id) + DISTANCE


def flow_of(call: Call, id: int | None) -> Flow | None:
    """The flow with this second id, None where there is none."""
    return None if id is None else find_flow(call, str(id - DISTANCE))


def batch_read(call: Call) -> Response:
    """POST /workflow-id-mappings/batch/read: from one id to the other; 207 where some don't exist (F7.2.6)."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    results: list[dict[str, Any]] = []
    missing: list[str] = []
    for input in inputs:
        input.require("type")
        kind = input.text("type")
        if kind not in ("FLOW_ID", "WORKFLOW_ID"):
            raise invalid(f"type must be FLOW_ID or WORKFLOW_ID, not {kind}")
        name = "flowId" if kind == "FLOW_ID" else "workflowId"
        input.require(name)
        number = input.number(name, 0)
        flow = find_flow(call, str(number)) if kind == "FLOW_ID" else flow_of(call, number)
        if flow is None:
            missing.append(str(number))
        else:
            results.append({"flowId": int(flow.id), "workflowId": workflow_id(flow)})
    return batch(call, results, "ids", missing)


ENDPOINTS = tuple(
    endpoint
    for prefix in ("/automation/v4", "/automation/2026-09-beta")
    for endpoint in family(prefix, None, ("POST", "/workflow-id-mappings/batch/read", batch_read, "automation"))
)
