"""Our own pages, under `/_twin/`: the control plane, for what HubSpot has no API for."""

from asyncio import to_thread
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hubtwin.doors import commands, questions, workflow_questions
from hubtwin.doors.asking import Asked, CannotAnswer
from hubtwin.doors.hosts import SERVER, is_address
from hubtwin.doors.reception import MAX_BODY, Reception
from hubtwin.portal.errors import PortalError, UnknownObjectType, UnknownProperty, UnknownRecord
from hubtwin.verbs import WrongVerb

#: What is under a page's path, and what isn't there.
_NOT_THERE = (UnknownObjectType, UnknownProperty, UnknownRecord)


class Page(NamedTuple):
    """A page: what *answer* makes of a request is its body."""

    method: str
    path: str
    answer: Callable[[Reception, Asked], dict[str, Any] | None]


def _index(reception: Reception, asked: Asked) -> dict[str, Any]:
    """The pages that there are."""
    return {"pages": [f"{page.method} {page.path}" for page in PAGES]}


PAGES = (
    Page("GET", "/_twin/", _index),
    Page("GET", "/_twin/health", questions.health),
    Page("GET", "/_twin/calls", questions.calls),
    Page("DELETE", "/_twin/calls", commands.clear_calls),
    Page("POST", "/_twin/do", commands.do_verb),
    Page("GET", "/_twin/clock", questions.clock),
    Page("POST", "/_twin/clock", commands.move_clock),
    Page("POST", "/_twin/reset", commands.reset),
    Page("POST", "/_twin/clear", commands.clear),
    Page("GET", "/_twin/snapshots", commands.list_snapshots),
    Page("POST", "/_twin/snapshots", commands.take_snapshot),
    Page("POST", "/_twin/snapshots/{id}/restore", commands.restore_snapshot),
    Page("DELETE", "/_twin/snapshots/{id}", commands.delete_snapshot),
    Page("GET", "/_twin/portal", questions.portal),
    Page("GET", "/_twin/description", questions.description),
    Page("GET", "/_twin/settings", questions.settings),
    Page("PATCH", "/_twin/settings", commands.change_settings),
    Page("GET", "/_twin/why/{type}/{id}/{property}", questions.why),
    Page("GET", "/_twin/timeline/{type}/{id}", questions.timeline),
    Page("GET", "/_twin/log", questions.log),
    Page("GET", "/_twin/coverage", questions.coverage),
    Page("GET", "/_twin/workflows", workflow_questions.workflows),
    Page("GET", "/_twin/workflows/{workflow}/log", workflow_questions.log),
    Page("GET", "/_twin/workflows/{workflow}/metrics", workflow_questions.metrics),
    Page("GET", "/_twin/issues", workflow_questions.issues),
    Page("GET", "/_twin/used-in/stages/{stage}", questions.stage_used_in),
    Page("GET", "/_twin/used-in/{type}/{property}", questions.used_in),
)


def pages(reception: Reception) -> Starlette:
    """The pages of one portal."""
    routes = [Route(_route(page.path), _endpoint(reception, page), methods=[page.method]) for page in PAGES]
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_page})


def _route(path: str) -> str:
    """A page's path as Starlette has it: names of workflows may have slashes in them."""
    return path.replace("{workflow}", "{workflow:path}")


def _endpoint(reception: Reception, page: Page) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            _check_site(request)
            body = await _body(request) if request.method in ("POST", "PATCH") else None
            asked = Asked(request.path_params, dict(request.query_params), body)
            if reception.delivers:  # whoever gets a webhook must find the server answering
                return await to_thread(_answer, reception, page, asked)
            return _answer(reception, page, asked)
        except CannotAnswer as error:
            return _json({"message": str(error)}, error.status)
        except PortalError as error:
            return _json({"message": str(error)}, _status(error))

    return endpoint


def _answer(reception: Reception, page: Page, asked: Asked) -> Response:
    with reception.lock:
        reception.catch_up()
        content = page.answer(reception, asked)
        return _json(content, headers={"date": reception.date()})


def _status(error: PortalError) -> int:
    if isinstance(error, WrongVerb):
        return 400
    return 404 if isinstance(error, _NOT_THERE) else 409


def _check_site(request: Request) -> None:
    """A page of another site, open in a browser on this machine, may change nothing. Raises CannotAnswer.

    A browser says where the page is from, and it sends no JSON to another site without asking that one first. What
    has a name is another site even if the name leads to this machine: whoever owns the name decides where it leads.
    """
    if request.method == "GET":
        return
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin is not None and not (origin.partition("://")[2] == host and is_address(host)):
        raise CannotAnswer(f"a page of {origin} may not change this portal", 403)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind != "application/json":
        raise CannotAnswer("send JSON, with the header content-type: application/json", 415)


async def _body(request: Request) -> Any:
    """What the body says, None where there is none. Raises CannotAnswer."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise CannotAnswer(f"the body is larger than {MAX_BODY} bytes", 413)
    try:
        return orjson.loads(body) if body else None
    except orjson.JSONDecodeError as error:
        raise CannotAnswer(f"the body is not JSON: {error}") from None


async def _no_page(request: Request, error: Exception) -> Response:
    """There is no such page, or it knows no such method."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _json({"message": f"there is no page {request.method} {request.url.path}; GET /_twin/ lists them"}, status)


def _json(content: dict[str, Any] | None, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    if content is None:
        return Response(status_code=204, headers={**(headers or {}), "server": SERVER})
    return Response(orjson.dumps(content), status, {**(headers or {}), "server": SERVER}, "application/json")
