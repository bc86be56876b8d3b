"""One HTTP request beside its limit: the same server with a callable that only answers a canned body.

One, eight or 64 connections are kept busy from this process; what counts is the server's processor time for each
request. In process, the limit is HubSpot's own client with a canned answer, which costs many times what the portal
does.
"""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from hubtwin.api.http import Request, Response
from hubtwin.doors.local import LocalPortal
from hubtwin.doors.official_client import official_client

Beside = Callable[..., float]

REQUESTS = 1920  # in each round, over all connections
ROUNDS = 12
BATCH = 100

OBJECTS = "/crm/v3/objects/contacts"
JSON_HEADERS = "Content-Type: application/json\r\n"

PORTAL = """
from hubtwin.doors.server import serve
from hubtwin.portal import Portal
portal = Portal()
for number in range(1000):
    portal.create("contacts", {"email": f"{number}@start.example.com", "firstname": "Ada", "lastname": "Lovelace"})
serve(portal, on_ready=lambda url: print(url, flush=True))
"""

CANNED = """
import asyncio, socket, sys, uvicorn
BODY = sys.argv[1].encode()
HEADERS = [(b"content-type", b"application/json;charset=utf-8"), (b"content-length", str(len(BODY)).encode())]

async def canned(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})

listener = socket.create_server(("127.0.0.1", 0))
print("http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
options = {"http": "httptools", "ws": "none", "lifespan": "off", "access_log": False, "log_config": None}
uvicorn.Server(uvicorn.Config(canned, date_header=False, server_header=False, **options)).run([listener])
"""


class Load:
    """A server in a process of its own, and the connections that keep it busy."""

    def __init__(self, process: subprocess.Popen[str], connections: int) -> None:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().strip())
        self._usage = Path(f"/proc/{process.pid}/schedstat")
        self._sockets = [socket.create_connection((address.hostname, address.port)) for _ in range(connections)]

    def one(self, message: bytes) -> bytes:
        """The body of the answer to one request."""
        self._sockets[0].sendall(message)
        return _answer(self._sockets[0])

    def round(self, messages: Iterator[bytes]) -> float:
        """The server's processor time for each request of one round, in microseconds."""
        before = self._cpu_ns()
        for _ in range(REQUESTS // len(self._sockets)):
            for connection in self._sockets:
                connection.sendall(next(messages))
            for connection in self._sockets:
                _answer(connection)
        return (self._cpu_ns() - before) / (REQUESTS * 1_000)

    def close(self) -> None:
        """Hang up."""
        for connection in self._sockets:
            connection.close()

    def _cpu_ns(self) -> int:
        return int(self._usage.read_text().split()[0])


def _answer(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.split(b" ", 2)[1] in (b"200", b"201"), received
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return body


@contextmanager
def server(code: str, connections: int, *arguments: str) -> Iterator[Load]:
    """A server that runs *code*."""
    if not Path("/proc/self/schedstat").exists():
        pytest.skip("the processor time of another process is read from /proc/<pid>/schedstat, which Linux has")
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True) as process:
        load = Load(process, connections)
        yield load
        load.close()
        process.terminate()


def message(method: str, path: str, body: Any = None) -> bytes:
    """A request as it goes over the wire."""
    content = b"" if body is None else orjson.dumps(body)
    length = f"{JSON_HEADERS}Content-Length: {len(content)}\r\n" if content else ""
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n{length}\r\n".encode() + content


def gets() -> Iterator[bytes]:
    """Reads of one contact after another."""
    for number in count():
        yield message("GET", f"{OBJECTS}/{1001 + number % 1000}")


def creates() -> Iterator[bytes]:
    """Creations, each with an address of its own."""
    for number in count():
        values = {"email": f"{number}@new.example.com", "firstname": "Ada", "lastname": "Lovelace"}
        yield message("POST", OBJECTS, {"properties": values})


def searches() -> Iterator[bytes]:
    """Searches for one contact by its address."""
    for number in count():
        only = {"propertyName": "email", "operator": "EQ", "value": f"{number % 1000}@start.example.com"}
        yield message("POST", f"{OBJECTS}/search", {"filterGroups": [{"filters": [only]}], "limit": 10})


def updates() -> Iterator[bytes]:
    """Updates of one contact after another."""
    for number in count():
        yield message("PATCH", f"{OBJECTS}/{1001 + number % 1000}", {"properties": {"jobtitle": str(number)}})


def upserts() -> Iterator[bytes]:
    """Upserts of a hundred contacts by address, of whom half are new."""
    for start in count(500, 50):
        inputs = [
            {"id": f"{number}@start.example.com", "idProperty": "email", "properties": {"jobtitle": str(start)}}
            for number in range(start, start + BATCH)
        ]
        yield message("POST", f"{OBJECTS}/batch/upsert", {"inputs": inputs})


@pytest.mark.benchmark(group="http")
@pytest.mark.parametrize("connections", [1, 8, 64])
@pytest.mark.parametrize("kind", [gets, creates, updates, searches], ids=["get", "create", "update", "search"])
def test_request(benchmark: Any, kind: Callable[[], Iterator[bytes]], connections: int) -> None:
    """One request over HTTP, beside a callable that does nothing, on the same server."""
    messages = kind()
    ours: list[float] = []
    limit: list[float] = []
    with (
        server(PORTAL, connections) as portal,
        server(CANNED, connections, portal.one(next(messages)).decode()) as canned,
    ):
        for load in (portal, canned):
            load.round(messages)
        benchmark.pedantic(
            lambda: ours.append(portal.round(messages)),
            setup=lambda: limit.append(canned.round(messages)),
            rounds=ROUNDS,
        )
    benchmark.extra_info["ratio"] = round(median(ours) / median(limit), 2)
    benchmark.extra_info["us"] = round(median(ours), 1)
    benchmark.extra_info["us_limit"] = round(median(limit), 1)


@pytest.mark.benchmark(group="http")
def test_batch_upsert(benchmark: Any) -> None:
    """A batch of a hundred, in microseconds for each contact."""
    messages = upserts()
    with server(PORTAL, 1) as portal:
        benchmark.pedantic(lambda: portal.one(next(messages)), rounds=60, warmup_rounds=5)
    benchmark.extra_info["us_a_contact"] = round(benchmark.stats.stats.median * 1e6 / BATCH, 1)


class Canned:
    """A reception that has one answer."""

    def __init__(self, response: Response) -> None:
        self._response = response

    def handle(self, request: Request) -> Response:
        """The answer."""
        return self._response


@pytest.mark.benchmark(group="in process")
def test_hubspots_client(beside: Beside) -> None:
    """HubSpot's own client reading a contact from a portal, beside the same client with a canned answer."""
    portal = LocalPortal()
    id = str(portal.create("contacts", {"email": "ada@example.com"}).id)
    answer = portal.reception.handle(Request("GET", f"{OBJECTS}/{id}", headers={"authorization": "Bearer x"}))
    canned: Any = Canned(answer)
    ours, limit = (client.crm.contacts.basic_api for client in (portal.client(), official_client(canned)))
    assert ours.get_by_id(id) == limit.get_by_id(id)
    beside(lambda: ours.get_by_id(id), lambda: limit.get_by_id(id))
