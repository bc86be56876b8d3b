"""The ASGI application: HubSpot's paths on a bare callable, our own pages under `/_twin/` on Starlette.

HubSpot's paths don't go through a framework: that would cost as much as the answer itself.
"""

from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from hubtwin.api.http import Request
from hubtwin.doors.reception import MAX_BODY, Reception

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Application:
    """Answers HTTP requests for one reception, as ASGI asks for it."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, or see one lifespan through."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["path"].startswith("/_twin/"):
            await self._pages(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    @cached_property
    def _pages(self) -> "ASGIApp":
        from hubtwin.doors.pages import pages  # Starlette takes longer to import than the server to start

        return pages(self._reception)

    async def _answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        request = _request(scope)
        if _has_body(request):
            body = await _body(receive)
            if body is None:
                return
            request.body = body
        response = self._reception.handle(request)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})


def _request(scope: "Scope") -> Request:
    raw = scope.get("raw_path")
    return Request(
        method=scope["method"],
        path=quote(scope["path"]) if raw is None else raw.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
    )


def _has_body(request: Request) -> bool:
    """Whether there is a body to wait for; most reads have none, and waiting costs a turn of the event loop."""
    headers = request.headers
    return request.method != "GET" or "content-length" in headers or "transfer-encoding" in headers


async def _body(receive: "Receive") -> bytes | None:
    """The whole body; no more than it takes to see that it is too long; None where the client has gone."""
    body = b""
    while len(body) <= MAX_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


async def _lifespan(receive: "Receive", send: "Send") -> None:
    """Nothing has to be done at either end of a server's life, but a server asks."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
