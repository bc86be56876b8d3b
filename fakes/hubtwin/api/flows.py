"""Flows, as HubSpot's API calls workflows: version 4 and 2026-09-beta (F7.1 to F7.4, F7.19)."""

from collections.abc import Callable, Mapping
from typing import Any

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import OBJECT_NOT_FOUND, RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.flow_bodies import given, has_dropped_actions, is_a_crash
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.errors import InvalidFilterBranch, UnknownName
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.plans import PLATFORM_FLOW
from hubtwin.portal.ids import as_number
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS

PAGE, MAX_BATCH = 100, 100

#: What HubSpot says of most bodies that it does not like, and nothing more (F7.19.1).
REFUSED = "Invalid request to flow creation"
WRONG_TYPE = 'Expected an object type other than "0-1" objectType but got "0-1"'


def list_(call: Call) -> Response:
    """GET /flows: pages of short items, oldest first (F7.2.2)."""
    start = call.after()
    rows = ((flow.id, _short_json(flow)) for flow in call.portal.workflows if int(flow.id) >= start)
    return answer(page(call, rows, call.number("limit", PAGE, most=PAGE)))


def create(call: Call) -> Response:
    """POST /flows: 201; one that is on enrolls from now on (F7.2, F7.3, F7.24)."""
    data = given(call)
    return _made(call, data, lambda: call.portal.workflows.create(data), 201)


def read(call: Call) -> Response:
    """GET /flows/{flowId}: what its maker sent, and what HubSpot adds (F7.2.2)."""
    return answer(flow_json(_flow(call)))


def replace(call: Call) -> Response:
    """PUT /flows/{flowId}: the whole flow anew; the body has the present revisionId (F7.4)."""
    flow = _flow(call)
    data = given(call, flow)
    return _made(call, data, lambda: call.portal.workflows.replace(flow, data), 200)


def delete(call: Call) -> Response:
    """DELETE /flows/{flowId}: 204; it can't be restored, and the records in it leave (F7.4.1)."""
    call.portal.workflows.delete(_flow(call))
    return nothing()


def batch_read(call: Call) -> Response:
    """POST /flows/batch/read: 207 where some flows don't exist (F7.2.3)."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    ids = []
    for input in inputs:
        input.require("type", "flowId")
        if input.text("type") != "FLOW_ID":
            raise invalid(f"type must be FLOW_ID, not {input.text('type')}")
        ids.append(input.text("flowId") or "")
    found = [(id, find_flow(call, id)) for id in ids]
    missing = [id for id, flow in found if flow is None]
    return batch(call, [flow_json(flow) for _, flow in found if flow is not None], "flowId", missing)


def list_emails(call: Call) -> Response:
    """GET /flows/email-campaigns: the marketing e-mails that some flows send (F7.2.4)."""
    ids = call.names("flowId")
    if not ids:
        raise invalid("One or more flowId parameters are required for email campaign fetch.")
    flows = [flow for flow in call.portal.workflows if flow.id in ids]
    emails = [row for flow in flows for row in _emails(call, flow)]
    limit, before = call.number("limit", PAGE, most=PAGE), as_number(call.text("before") or "0") or 0
    start = max(before - limit, 0) if before else call.after()
    if before:
        limit = before - start
    body = page(call, ((str(n), row) for n, row in enumerate(emails) if n >= start), limit)
    if start:
        body.setdefault("paging", {})["prev"] = {"before": str(start), "link": call.link(before=start)}
    return answer(body)


def read_revision(call: Call) -> Response:
    """GET /flows/{flowId}/revisions/{revisionId}: the flow as it was (F7.4.2)."""
    flow, number = _flow(call), as_number(call.path["revisionId"])
    if number is None or not 1 <= number <= flow.revision:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    if number == flow.revision:
        return answer({"flow": flow_json(flow)})
    data, updated = flow.past[number - 1]
    return answer({"flow": _json(flow, data, number, updated)})


def _made(call: Call, data: Mapping[str, Any], make: Callable[[], Flow], status: int) -> Response:
    """The flow that *make* returns; else what is wrong and where, or HubSpot's few words, as the options have it."""
    is_explained = call.portal.configuration.options.flow_errors == "explained"
    if not is_explained and has_dropped_actions(data):
        return Response(500, (), b"")
    try:
        return answer(flow_json(make()), status)
    except InvalidFilterBranch as error:
        if is_explained:
            raise
        if is_a_crash(data, error):
            return Response(500, (), b"")
    is_of_contacts = data["type"] == PLATFORM_FLOW and data.get("objectTypeId") == CONTACTS.id
    raise invalid(WRONG_TYPE if is_of_contacts else REFUSED)


# -- finding -------------------------------------------------------------------------------------------------


def find_flow(call: Call, id: str) -> Flow | None:
    """The flow with this id, None where there is none."""
    try:
        flow = call.portal.workflows.find(id)
    except UnknownName:
        return None
    return flow if flow.id == id else None  # not by its name


def _flow(call: Call) -> Flow:
    """The flow that the path names. Raises ApiError."""
    flow = find_flow(call, call.path["flowId"])
    if flow is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return flow


def _emails(call: Call, flow: Flow) -> list[dict[str, Any]]:
    """Those of the actions *Send marketing email* whose e-mail the portal has."""
    rows = []
    for action in flow.data["actions"]:
        if action.get("actionTypeId") != "0-4":
            continue
        try:
            email = call.portal.marketing_emails.find(str((action.get("fields") or {}).get("content_id")))
        except UnknownName:
            continue
        rows.append({"flowId": flow.id, "emailContentId": str(email.id), "emailCampaignId": str(email.campaign)})
    return rows


# -- answering -----------------------------------------------------------------------------------------------


def flow_json(flow: Flow) -> dict[str, Any]:
    """A flow as it is now."""
    return _json(flow, flow.data, flow.revision, flow.updated)


def batch(call: Call, results: list[dict[str, Any]], name: str, missing: list[str]) -> Response:
    """The answer to a batch: 207 where some are *missing*, which its errors name."""
    now = iso(call.portal.clock.now)
    body: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if missing:
        message = f"Could not get some flows, they may be deleted or not exist: {', '.join(missing)}"
        error = {"status": "error", "category": OBJECT_NOT_FOUND, "message": message, "context": {name: missing}}
        body |= {"numErrors": 1, "errors": [{**error, "errors": [], "links": {}}]}
    return answer(body, 207 if missing else 200)


def _json(flow: Flow, data: Mapping[str, Any], revision: int, updated: int) -> dict[str, Any]:
    """A definition unchanged, with what HubSpot adds to it (F7.2.2)."""
    return {
        "id": flow.id,
        "flowType": "WORKFLOW",
        "createdAt": iso(flow.created),
        "updatedAt": iso(updated),
        "crmObjectCreationStatus": "COMPLETE",
        **data,
        "revisionId": str(revision),
        "nextAvailableActionId": str(_next_action(data)),
    }


def _next_action(data: Mapping[str, Any]) -> int:
    """One more than the greatest id that an action has."""
    return 1 + max((as_number(str(action.get("actionId"))) or 0 for action in data["actions"]), default=0)


def _short_json(flow: Flow) -> dict[str, Any]:
    body = {
        "id": flow.id,
        "isEnabled": flow.is_on,
        "objectTypeId": flow.plan.type.id,
        "flowType": flow.data.get("flowType", "WORKFLOW"),
        "revisionId": str(flow.revision),
        "createdAt": iso(flow.created),
        "updatedAt": iso(flow.updated),
    }
    return body | {name: flow.data[name] for name in ("name", "uuid") if flow.data.get(name)}


_SCOPE = "automation"
_OPERATIONS = (
    ("GET", "/flows", list_, _SCOPE),
    ("POST", "/flows", create, _SCOPE),
    ("GET", "/flows/{flowId}", read, _SCOPE),
    ("PUT", "/flows/{flowId}", replace, _SCOPE),
    ("DELETE", "/flows/{flowId}", delete, _SCOPE),
    ("POST", "/flows/batch/read", batch_read, _SCOPE),
    ("GET", "/flows/email-campaigns", list_emails, _SCOPE),
)

ENDPOINTS = (
    *family("/automation/v4", None, *_OPERATIONS),
    *family(
        "/automation/2026-09-beta",
        None,
        *_OPERATIONS,
        ("GET", "/flows/{flowId}/revisions/{revisionId}", read_revision, _SCOPE),
    ),
)
