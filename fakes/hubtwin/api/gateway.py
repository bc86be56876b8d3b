"""The gateway: what a call passes on its way to a portal's endpoint and back.

Which app is it, did it call too often, may it do this; then the endpoint answers, and the call is recorded.
"""

import logging

import orjson

from hubtwin.api.access import Access
from hubtwin.api.calls import JSON, Call
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import ApiError, of_portal
from hubtwin.api.http import Request, Response
from hubtwin.api.limits import Limits
from hubtwin.api.recorder import Calls
from hubtwin.api.routing import Match
from hubtwin.portal.apps import App
from hubtwin.portal.errors import CascadeError, PortalError
from hubtwin.portal.portal import Portal

_LOGGER = logging.getLogger(__name__)


class Gateway:
    """The way to one portal. *calls* are those that came along it."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.calls = Calls()
        self._access = Access(portal)
        self._limits = Limits(portal)

    def answer(self, request: Request, match: Match, endpoint: Endpoint, correlation_id: str) -> Response:
        """The answer of an endpoint, or of whatever on the way to it refused the call."""
        call, app = Call(self.portal, request, self.portal.app, match.parameters), None
        try:
            if not endpoint.public:
                token = self._access.token(request)
                app, call.source = token.app, token.app.source
                self._limits.admit(app, endpoint)
                self._access.check_scopes(token, endpoint, match.parameters)
            response = _handle(call, endpoint)
        except ApiError as error:
            response = Response(error.status, (JSON,), orjson.dumps(error.body(correlation_id)))
        limits = () if app is None else self._limits.headers(app, endpoint)
        response.headers = (*response.headers, *limits, ("x-hubspot-correlation-id", correlation_id))
        self._record(call, endpoint.path, response, app)
        return response

    def note(self, request: Request, response: Response) -> None:
        """Record a call that no endpoint answered."""
        self._record(Call(self.portal, request, self.portal.app), request.path, response, None)

    def _record(self, call: Call, endpoint: str, response: Response, app: App | None) -> None:
        request, id = call.request, None if app is None else app.id
        now = self.portal.clock.now
        self.calls.add((request.method, endpoint, request.path, response.status, now, id, call.inputs))


def _handle(call: Call, endpoint: Endpoint) -> Response:
    """The endpoint's answer. Raises ApiError."""
    if call.request.body and not _takes(endpoint, call.request):
        return page(415, "Unsupported Media Type")
    try:
        return endpoint.handler(call)
    except CascadeError as error:
        _LOGGER.exception("the portal's configuration loops")
        raise ApiError(500, str(error)) from error
    except PortalError as error:
        raise of_portal(error, call.portal) from error


def _takes(endpoint: Endpoint, request: Request) -> bool:
    kind = request.headers.get("content-type", endpoint.accepts[0]).partition(";")[0].strip().lower()
    return ("application/json" if kind.endswith("+json") else kind) in endpoint.accepts


def page(status: int, words: str) -> Response:
    """An error in HTML, as the web server in front of the endpoints gives it (W2.7)."""
    title = f"Error {status} {words}"
    html = f"<html><head><title>{title}</title></head><body><h2>HTTP ERROR {status} {words}</h2></body></html>"
    return Response(status, (("content-type", "text/html;charset=utf-8"),), html.encode())
