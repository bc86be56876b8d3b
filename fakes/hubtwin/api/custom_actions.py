"""Custom workflow actions: the definitions of apps, and the answers to callbacks (F7.20.1, F7.20.2)."""

from collections.abc import Iterator
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.api.timeline import NO_DEVELOPER_KEY
from hubtwin.portal.custom_actions import CustomAction, Function
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import as_id, as_number
from hubtwin.portal.moments import iso

PAGE, MAX_BATCH = 100, 100

_NEEDED = ("inputFields", "functions", "actionUrl", "published", "objectTypes", "labels")
_MEMBERS = (
    *("actionUrl", "published", "labels", "objectTypes", "inputFields", "outputFields", "objectRequestOptions"),
    *("inputFieldDependencies", "executionRules"),
)

# -- definitions ---------------------------------------------------------------------------------------------


def list_(call: Call) -> Response:
    """GET /{appId}: pages of an app's definitions (F7.20.1)."""
    start = call.after()
    actions = call.portal.custom_actions.of(_app(call), archived=call.flag("archived"))
    rows = ((str(action.id), _json(action)) for action in actions if action.id >= start)
    return answer(page(call, rows, call.number("limit", PAGE, most=PAGE)))


def create(call: Call) -> Response:
    """POST /{appId}: 201 with the definition (F7.20.1)."""
    app, body = _app(call), call.body
    body.require(*_NEEDED)
    functions = (_function(one) for one in body.objects("functions"))
    action = call.portal.custom_actions.define(app, _given(body), functions, call.portal.clock.now)
    return answer(_json(action), 201)


def read(call: Call) -> Response:
    """GET /{appId}/{definitionId}: one; a deleted one with `archived=true`."""
    return answer(_json(_action(call, archived=call.flag("archived"))))


def change(call: Call) -> Response:
    """PATCH /{appId}/{definitionId}: some members, which makes a new revision."""
    action = _action(call)
    call.portal.custom_actions.change(action, _given(call.body), call.portal.clock.now)
    return answer(_json(action))


def delete(call: Call) -> Response:
    """DELETE /{appId}/{definitionId}: 204; it can still be read as archived."""
    _action(call).archived = call.portal.clock.now
    return nothing()


def list_revisions(call: Call) -> Response:
    """GET /{appId}/{definitionId}/revisions: pages of what it was, oldest first."""
    action, start = _action(call), call.after()
    rows = ((str(n), _revision_json(action, n)) for n in range(max(start, 1), len(action.revisions) + 1))
    return answer(page(call, rows, call.number("limit", PAGE, most=PAGE)))


def read_revision(call: Call) -> Response:
    """GET /{appId}/{definitionId}/revisions/{revisionId}: what it was once."""
    action, number = _action(call), as_number(call.path["revisionId"])
    if number is None or not 1 <= number <= len(action.revisions):
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(_revision_json(action, number))


# -- functions -----------------------------------------------------------------------------------------------


def list_functions(call: Call) -> Response:
    """GET /{appId}/{definitionId}/functions: their types and ids."""
    return answer({"results": [_identifier_json(one) for one in _action(call).functions.values()]})


def read_function(call: Call) -> Response:
    """GET /functions/{functionType}[/{functionId}]: one with its source."""
    function = _action(call).functions.get(_key(call))
    if function is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer({**_identifier_json(function), "functionSource": function.source})


def put_function(call: Call) -> Response:
    """PUT /functions/{functionType}[/{functionId}]: the body is its source (F7.20.1)."""
    action, (type, id) = _action(call), _key(call)
    function = Function(type, id, call.request.body.decode("utf-8", "replace"))
    call.portal.custom_actions.put(action, function)
    return answer(_identifier_json(function))


def delete_function(call: Call) -> Response:
    """DELETE /functions/{functionType}[/{functionId}]: 204."""
    _action(call).functions.pop(_key(call), None)
    return nothing()


# -- callbacks -----------------------------------------------------------------------------------------------


def complete(call: Call) -> Response:
    """POST /callbacks/{callbackId}/complete: 204, and what waits for it goes on (F7.20.2)."""
    call.body.require("outputFields")
    _complete(call, [(call.path["callbackId"], _outputs(call.body))])
    return nothing()


def complete_batch(call: Call) -> Response:
    """POST /callbacks/complete: 204; all of them, or none where one is unknown (F7.20.2)."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")
    for input in inputs:
        input.require("callbackId", "outputFields")
    _complete(call, [(input.text("callbackId") or "", _outputs(input)) for input in inputs])
    return nothing()


def _complete(call: Call, answers: list[tuple[str, dict[str, str]]]) -> None:
    actions = call.portal.custom_actions
    if len({id for id, _ in answers}) < len(answers):
        raise invalid("A callback can be completed once only")
    try:
        for id, _ in answers:
            actions.check(id)
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None
    for id, outputs in answers:
        actions.complete(id, outputs)
    call.portal.reactions.settle()


def _outputs(body: Body) -> dict[str, str]:
    fields = body.object("outputFields")
    return {name: fields.text(name) or "" for name in fields.data}


# -- reading and answering -----------------------------------------------------------------------------------


def _app(call: Call) -> int:
    """The app of the path. Definitions belong to developers: a token of an account is not enough. Raises ApiError."""
    if call.text("hapikey") is None:
        raise ApiError(401, NO_DEVELOPER_KEY, "INVALID_AUTHENTICATION")
    return as_id(call.path["appId"])


def _action(call: Call, *, archived: bool = False) -> CustomAction:
    try:
        action = call.portal.custom_actions.find(_app(call), as_id(call.path["definitionId"]))
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None
    if (action.archived is not None) != archived:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return action


def _given(body: Body) -> dict[str, Any]:
    """The members of a definition that a body brings, each of the right kind. Raises ApiError."""
    for name in ("objectTypes", "inputFields", "outputFields", "inputFieldDependencies", "executionRules"):
        body.items(name)
    if body.data.get("labels") is not None:
        body.object("labels")
    body.text("actionUrl")
    body.flag("published", False)
    return {name: body.data[name] for name in _MEMBERS if body.data.get(name) is not None}


def _function(body: Body) -> Function:
    body.require("functionType", "functionSource")
    return Function(body.text("functionType") or "", body.text("id"), body.text("functionSource") or "")


def _key(call: Call) -> tuple[str, str | None]:
    return call.path["functionType"], call.path.get("functionId")


def _json(action: CustomAction, number: int | None = None) -> dict[str, Any]:
    """A definition, as it is or as it was in a revision."""
    number = number or len(action.revisions)
    body = {
        "id": str(action.id),
        "revisionId": str(number),
        **action.revisions[number - 1][0],
        "functions": [_identifier_json(one) for one in action.functions.values()],
    }
    return body if action.archived is None else {**body, "archivedAt": action.archived}


def _revision_json(action: CustomAction, number: int) -> dict[str, Any]:
    moment = iso(action.revisions[number - 1][1])
    return {
        "id": str(number),
        "revisionId": str(number),
        "createdAt": moment,
        "definition": _json(action, number),
    }


def _identifier_json(function: Function) -> dict[str, Any]:
    return {"functionType": function.type} | ({} if function.id is None else {"id": function.id})


def _with_id(path: str) -> Iterator[str]:
    yield path
    yield path + "/{functionId}"


_SCOPE = "automation"
_PREFIX = "/automation/v4/actions"
_FUNCTIONS = "/{appId}/{definitionId}/functions"

ENDPOINTS = (
    *family(
        _PREFIX,
        None,
        ("GET", "/{appId}", list_, ""),
        ("POST", "/{appId}", create, ""),
        ("GET", "/{appId}/{definitionId}", read, ""),
        ("PATCH", "/{appId}/{definitionId}", change, ""),
        ("DELETE", "/{appId}/{definitionId}", delete, ""),
        ("GET", "/{appId}/{definitionId}/revisions", list_revisions, ""),
        ("GET", "/{appId}/{definitionId}/revisions/{revisionId}", read_revision, ""),
        ("GET", _FUNCTIONS, list_functions, ""),
        *(("GET", path, read_function, "") for path in _with_id(_FUNCTIONS + "/{functionType}")),
        *(("DELETE", path, delete_function, "") for path in _with_id(_FUNCTIONS + "/{functionType}")),
        public=True,
    ),
    *family(
        _PREFIX,
        None,
        *(("PUT", path, put_function, "") for path in _with_id(_FUNCTIONS + "/{functionType}")),
        public=True,
        accepts=("text/plain", "application/json"),
    ),
    *family(
        _PREFIX,
        None,
        ("POST", "/callbacks/{callbackId}/complete", complete, _SCOPE),
        ("POST", "/callbacks/complete", complete_batch, _SCOPE),
    ),
)
