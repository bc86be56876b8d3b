"""Clients on httpx in process, synchronous and asynchronous."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from hubtwin.api.http import Request
from hubtwin.doors.detours import detour
from hubtwin.doors.hosts import is_hubspot
from hubtwin.doors.reception import Reception


class PortalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for `httpx.Client` and `httpx.AsyncClient` whose every host is one portal."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Have the portal answer."""
        request.read()
        return self._answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Have the portal answer. It does so at once: there is nothing to wait for."""
        await request.aread()
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode("ascii")
        path, _, query = target.partition("?")
        answer = self._reception.handle(
            Request(request.method, path, query, dict(request.headers.items()), request.content)
        )
        return httpx.Response(
            answer.status,
            headers=list(answer.headers),
            stream=httpx.ByteStream(answer.body),
            extensions={"http_version": b"HTTP/1.1"},
        )


@contextmanager
def opened(reception: Reception) -> Iterator[None]:
    """As long as this lasts, calls to HubSpot's hosts by way of httpx reach the portal."""
    portal = PortalTransport(reception)

    def is_ours(transport: object, request: httpx.Request) -> bool:
        return is_hubspot(request.url.host)

    def to_portal(transport: object, request: httpx.Request) -> httpx.Response:
        return portal.handle_request(request)

    async def to_portal_async(transport: object, request: httpx.Request) -> httpx.Response:
        return await portal.handle_async_request(request)

    with ExitStack() as detours:
        detours.enter_context(detour(httpx.HTTPTransport, "handle_request", is_ours, to_portal))
        detours.enter_context(detour(httpx.AsyncHTTPTransport, "handle_async_request", is_ours, to_portal_async))
        yield
