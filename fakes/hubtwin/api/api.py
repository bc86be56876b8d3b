"""HubSpot's HTTP face over portals: a request in, a response out."""

import logging
import re
from collections.abc import Mapping
from typing import ClassVar

import orjson

from hubtwin.api.calls import JSON, Call
from hubtwin.api.endpoints import ENDPOINTS
from hubtwin.api.errors import NO_CREDENTIALS, ApiError, of_portal
from hubtwin.api.http import Request, Response
from hubtwin.api.routing import Match, Router
from hubtwin.portal.errors import CascadeError, PortalError
from hubtwin.portal.portal import Portal

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_LOGGER = logging.getLogger(__name__)


class Api:
    """The HTTP face of a portal, or of several: then the bearer token of a call names its portal.

    A single portal takes any token.
    """

    _ROUTER: ClassVar[Router] = Router(ENDPOINTS)

    def __init__(self, portals: Portal | Mapping[str, Portal]) -> None:
        self._only = portals if isinstance(portals, Portal) else None
        self._by_token = {} if isinstance(portals, Portal) else dict(portals)
        self._calls = 0

    def handle(self, request: Request) -> Response:
        """Answer a request. Never raises: what goes wrong is answered as HubSpot answers it."""
        self._calls += 1
        match = self._ROUTER.match(request.method, request.path)
        if match.endpoint is None:
            return _no_such_route(request, match)
        portal = self._portal(request)
        correlation_id = self._correlation_id(portal)
        try:
            if portal is None:
                raise ApiError(401, NO_CREDENTIALS, "INVALID_AUTHENTICATION")
            response = self._answer(portal, request, match)
        except ApiError as error:
            response = Response(error.status, (JSON,), orjson.dumps(error.body(correlation_id)))
        headers = (*response.headers, ("x-hubspot-correlation-id", correlation_id))
        return Response(response.status, headers, response.body)

    def _answer(self, portal: Portal, request: Request, match: Match) -> Response:
        assert match.endpoint is not None  # noqa: S101  `handle` looked
        if request.body and not _is_json(request):
            return _page(415, "Unsupported Media Type")
        try:
            return match.endpoint.handler(Call(portal, request, portal.app, match.parameters))
        except CascadeError as error:
            _LOGGER.exception("the portal's configuration loops")
            raise ApiError(500, str(error)) from error
        except PortalError as error:
            raise of_portal(error, portal) from error

    def _portal(self, request: Request) -> Portal | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return None
        return self._only or self._by_token.get(token.strip())

    def _correlation_id(self, portal: Portal | None) -> str:
        """A UUID of version 7, as HubSpot's are (W2.7), from the portal's clock and a counter."""
        moment = f"{portal.clock.now if portal else 0:012x}"
        return f"{moment[:8]}-{moment[8:]}-7000-8000-{self._calls:012x}"


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _no_such_route(request: Request, match: Match) -> Response:
    """An unknown route or method is answered in HTML, as the web server in front does (W2.7).

    The header tells what HubSpot may well have and HubTwin has not.
    """
    page = _page(405, "Method Not Allowed") if match.methods else _page(404, "Not Found")
    body = b"" if request.method == "PUT" and not match.methods else page.body
    missing = ("x-hubtwin-not-imitated", _UNPRINTABLE.sub("?", f"{request.method} {request.path}"[:200]))
    return Response(page.status, (*page.headers, missing), body)


def _page(status: int, words: str) -> Response:
    title = f"Error {status} {words}"
    html = f"<html><head><title>{title}</title></head><body><h2>HTTP ERROR {status} {words}</h2></body></html>"
    return Response(status, (("content-type", "text/html;charset=utf-8"),), html.encode())
