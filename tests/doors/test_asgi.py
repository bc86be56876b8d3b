"""The ASGI application, as any ASGI server may call it."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from hubtwin.doors.asgi import Application
from hubtwin.doors.local import LocalPortal

Message = dict[str, Any]

GET = {
    "type": "http",
    "method": "GET",
    "path": "/crm/v3/objects/contacts",
    "query_string": b"",
    "headers": [(b"authorization", b"Bearer x")],
}


def run(portal: LocalPortal, scope: Message, messages: Iterable[Message]) -> list[Message]:
    """What the application sends when it receives *messages*."""
    waiting, sent = iter(messages), []

    async def receive() -> Message:
        return next(waiting)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Application(portal.reception)(scope, receive, send))
    return sent


def test_a_request(local: LocalPortal) -> None:
    """A request is answered with a start and a body."""
    start, body = run(local, GET, [{"type": "http.request"}])
    assert (start["type"], start["status"]) == ("http.response.start", 200)
    assert body == {"type": "http.response.body", "body": b'{"results":[]}'}


def test_a_server_without_raw_paths(local: LocalPortal) -> None:
    """Where a server gives the decoded path only, that will do: an id may hold any character."""
    local.create("contacts", {"email": "a+b@example.com"})
    scope = {**GET, "path": "/crm/v3/objects/contacts/a+b@example.com", "query_string": b"idProperty=email"}
    assert run(local, scope, [{"type": "http.request"}])[0]["status"] == 200


@pytest.mark.parametrize("before", [[], [{"type": "http.request", "body": b"{", "more_body": True}]])
def test_a_client_that_has_gone(local: LocalPortal, before: list[Message]) -> None:
    """Nothing is sent to a client that left before its request was complete."""
    assert run(local, {**GET, "method": "POST"}, [*before, {"type": "http.disconnect"}]) == []


def test_a_lifespan(local: LocalPortal) -> None:
    """The application says that it has started and that it has stopped."""
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = run(local, {"type": "lifespan"}, messages)
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
