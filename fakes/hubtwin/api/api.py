"""HubSpot's HTTP face over portals: a request in, a response out."""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar
from urllib.parse import unquote_plus

import orjson

from hubtwin.api.access import bearer
from hubtwin.api.calls import JSON
from hubtwin.api.endpoints import ENDPOINTS
from hubtwin.api.errors import NO_CREDENTIALS, RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.gateway import Gateway, page
from hubtwin.api.http import Request, Response
from hubtwin.api.recorder import Calls
from hubtwin.api.routing import Match, Router
from hubtwin.portal.portal import Portal

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_WORD = re.compile(r'[^\s"&=:,{}]+')


class Api:
    """The HTTP face of a portal, or of several: then the bearer token of a call names its portal.

    A single portal takes any token, unless its configuration says otherwise (W6.9.1).
    """

    _ROUTER: ClassVar[Router] = Router(ENDPOINTS)

    def __init__(self, portals: Portal | Mapping[str, Portal]) -> None:
        by_token = {} if isinstance(portals, Portal) else dict(portals)
        all_portals = [portals] if isinstance(portals, Portal) else by_token.values()
        self._gateways = {portal: Gateway(portal) for portal in all_portals}
        self._only = self._gateways[portals] if isinstance(portals, Portal) else None
        self._by_token = {token: self._gateways[portal] for token, portal in by_token.items()}
        self._calls = 0

    def calls(self, portal: Portal) -> Calls:
        """The calls that came to one of the portals."""
        return self._gateways[portal].calls

    def handle(self, request: Request) -> Response:
        """Answer a request. Never raises: what goes wrong is answered as HubSpot answers it."""
        self._calls += 1
        match = self._ROUTER.match(request.method, request.path)
        gateway = self._gateway(request, match)
        if match.endpoint is not None and gateway is not None:
            return gateway.answer(request, match, match.endpoint, self._correlation_id(gateway.portal))
        response = _no_such_route(request, match) if match.endpoint is None else self._no_such_portal(match)
        if gateway is not None:
            gateway.note(request, response)
        return response

    def _gateway(self, request: Request, match: Match) -> Gateway | None:
        """The way to the portal that a request is for."""
        is_public = match.endpoint is not None and match.endpoint.public
        if is_public and "portalId" in match.parameters:
            return self._of_account(match.parameters["portalId"])
        if self._only is not None:
            return self._only
        words = list(_words(request, match)) if is_public else [bearer(request)]
        known = (gateway for gateway in self._gateways.values() if gateway.portal.apps.knows(words))
        return self._by_token.get(words[0]) or next(known, None)

    def _of_account(self, id: str) -> Gateway | None:
        return next((one for one in self._gateways.values() if str(one.portal.configuration.account.id) == id), None)

    def _no_such_portal(self, match: Match) -> Response:
        error = ApiError(401, NO_CREDENTIALS, "INVALID_AUTHENTICATION")
        if match.endpoint is not None and match.endpoint.public:
            error = ApiError(404, RESOURCE_NOT_FOUND)
        id = self._correlation_id(None)
        return Response(error.status, (JSON, ("x-hubspot-correlation-id", id)), orjson.dumps(error.body(id)))

    def _correlation_id(self, portal: Portal | None) -> str:
        """A UUID of version 7, as HubSpot's are (W2.7), from the portal's clock and a counter."""
        now = portal.clock.now if portal else 0
        return f"{now >> 16:08x}-{now & 0xFFFF:04x}-7000-8000-{self._calls:012x}"


def _words(request: Request, match: Match) -> Iterator[str]:
    """All that may be a token or a client id in a request that has none where others have it."""
    yield bearer(request)
    yield from match.parameters.values()
    yield from _WORD.findall(unquote_plus(f"{request.query}&{request.body.decode('latin-1')}"))


def _no_such_route(request: Request, match: Match) -> Response:
    """An unknown route or method is answered in HTML, as the web server in front does (W2.7).

    The header tells what HubSpot may well have and HubTwin has not.
    """
    response = page(405, "Method Not Allowed") if match.methods else page(404, "Not Found")
    body = b"" if request.method == "PUT" and not match.methods else response.body
    missing = ("x-hubtwin-not-imitated", _UNPRINTABLE.sub("?", f"{request.method} {request.path}"[:200]))
    return Response(response.status, (*response.headers, missing), body)
