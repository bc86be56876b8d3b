"""The portal on a socket."""

import http.client
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import requests
from hubspot import HubSpot
from hubspot.crm.contacts import SimplePublicObjectInputForCreate

from hubtwin.doors.local import LocalPortal
from hubtwin.doors.reception import MAX_BODY
from hubtwin.doors.server import LiveServer, serve
from hubtwin.portal import Portal
from hubtwin.portal.objects import CONTACTS

PATH = "/crm/v3/objects/contacts"
AUTHORIZATION = {"Authorization": "Bearer any-token"}


@pytest.fixture
def connection(local: LocalPortal) -> Iterator[http.client.HTTPConnection]:
    """A connection with a served portal."""
    connection = http.client.HTTPConnection(urlsplit(local.url).netloc, timeout=5)
    yield connection
    connection.close()


def send(connection: http.client.HTTPConnection, method: str, path: str, **options: Any) -> tuple[int, Any, bytes]:
    """Status, headers and body of the answer to a request."""
    connection.request(method, path, headers=AUTHORIZATION, **options)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def connect(url: str) -> socket.socket:
    """A bare socket, for what no client library would send."""
    return socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=5)


def test_a_connection_stays_open(connection: http.client.HTTPConnection) -> None:
    """Several requests go over one connection."""
    sockets = []
    for _ in range(3):
        assert send(connection, "GET", PATH)[0] == 200
        sockets.append(connection.sock)
    assert sockets[0] is not None
    assert len(set(sockets)) == 1


def test_headers(connection: http.client.HTTPConnection) -> None:
    """An answer has the portal's date, once, and doesn't name the server."""
    _, headers, body = send(connection, "GET", PATH)
    assert headers.get_all("date") == ["Mon, 02 Mar 2026 09:00:00 GMT"]
    assert headers["content-length"] == str(len(body))
    assert "server" not in headers


def test_the_date_follows_the_portals_clock(local: LocalPortal, connection: http.client.HTTPConnection) -> None:
    """When the portal's time passes, the date of its answers does."""
    send(connection, "GET", PATH)
    local.clock.advance("1d 1s")
    assert send(connection, "GET", PATH)[1]["date"] == "Tue, 03 Mar 2026 09:00:01 GMT"


@pytest.mark.parametrize("path", [f"/{PATH}", f"{PATH}?", f"{PATH}/?"])
def test_odd_paths_arrive_as_they_are(connection: http.client.HTTPConnection, path: str) -> None:
    """A doubled slash in front and a question mark with nothing behind it do no harm."""
    assert send(connection, "GET", path)[2] == b'{"results":[]}'


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE"])
def test_methods_are_the_portals_business(connection: http.client.HTTPConnection, method: str) -> None:
    """A method that the path doesn't have is answered as HubSpot does, and the connection goes on."""
    assert send(connection, method, PATH)[0] == 405
    assert send(connection, "GET", PATH)[0] == 200


def test_a_body_in_chunks(connection: http.client.HTTPConnection) -> None:
    """A body that is sent in chunks is read whole."""
    pieces = [b'{"properties":', b'{"email":"ada@example.com"}}']
    status, _, _ = send(connection, "POST", PATH, body=iter(pieces), encode_chunked=True)
    assert status == 201


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large(connection: http.client.HTTPConnection, chunked: bool) -> None:
    """A body over the limit is answered 413, whether its length was told or not."""
    body = b" " * (MAX_BODY + 1)
    status, _, answer = send(connection, "POST", PATH, body=iter([body]) if chunked else body, encode_chunked=chunked)
    assert (status, orjson.loads(answer)["status"]) == (413, "error")


def test_a_body_at_the_limit(connection: http.client.HTTPConnection) -> None:
    """The largest body that is read is read whole: what is wrong with this one is its content."""
    assert send(connection, "POST", PATH, body=b" " * MAX_BODY)[0] == 400


def test_a_client_that_goes_away(local: LocalPortal, connection: http.client.HTTPConnection) -> None:
    """A client that leaves in the middle of its request leaves nothing behind."""
    with connect(local.url) as leaving:
        leaving.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{".encode())
    assert send(connection, "GET", PATH)[2] == b'{"results":[]}'


def test_nonsense(local: LocalPortal) -> None:
    """What is not HTTP is answered 400."""
    with connect(local.url) as client:
        client.sendall(b"nonsense\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")


def test_health(local: LocalPortal) -> None:
    """Our own page says which portal this is, its time and how many records it has."""
    local.create("contacts", {"email": "ada@example.com"})
    answer = requests.get(f"{local.url}/_twin/health", timeout=5)
    health = answer.json()
    assert (health["portal"], health["clock"]) == (1, "2026-03-02T09:00:00Z")
    assert {type: count for type, count in health["records"].items() if count} == {"contacts": 1, "users": 1}
    assert answer.headers["date"] == "Mon, 02 Mar 2026 09:00:00 GMT"


def test_two_portals_do_not_meet() -> None:
    """Two portals, each on its own server, know nothing of each other."""
    with LocalPortal() as one, LocalPortal() as other:
        body = {"properties": {"email": "ada@example.com"}}
        requests.post(one.url + PATH, json=body, headers=AUTHORIZATION, timeout=5).raise_for_status()
        assert [len(portal.records[CONTACTS]) for portal in (one, other)] == [1, 0]
        assert requests.get(other.url + PATH, headers=AUTHORIZATION, timeout=5).json() == {"results": []}


def test_threads_do_not_meet(local: LocalPortal, create_in_threads: Callable[..., None]) -> None:
    """Eight clients that create fifty contacts each lose none."""
    create_in_threads(local.url, threads=8, each=50)
    assert len(local.records[CONTACTS]) == 400


def test_the_test_may_work_beside_its_clients(local: LocalPortal, create_in_threads: Callable[..., None]) -> None:
    """Whoever holds the reception's lock has the portal to itself."""
    clients = threading.Thread(target=create_in_threads, args=(local.url,), kwargs={"threads": 2, "each": 50})
    clients.start()
    for number in range(100):
        with local.reception.lock:
            local.create("contacts", {"email": f"{number}@test.example.com"})
    clients.join()
    assert len(local.records[CONTACTS]) == 200


def test_a_server_stops_cleanly() -> None:
    """A closed server leaves no thread and frees its port, whatever connections were open."""
    before = threading.active_count()
    with LiveServer(Portal()) as server:
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(address.netloc, timeout=5)
        send(connection, "GET", PATH)
    assert threading.active_count() == before
    with LiveServer(Portal(), port=address.port or 0) as again:
        assert again.url == server.url
    connection.close()


def test_a_server_stops_while_a_request_hangs() -> None:
    """A client in the middle of its request doesn't keep a server from stopping."""
    server = LiveServer(Portal())
    with connect(server.url) as hanging:
        hanging.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{".encode())
        requests.get(server.url + PATH, timeout=5)
        server.close()
        assert hanging.recv(100) == b""


def test_closing_twice() -> None:
    """A server can be closed again."""
    server = LiveServer(Portal())
    server.close()
    server.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])  # noqa: S104  refused
def test_other_machines_are_not_let_in(host: str) -> None:
    """A host that others can reach is refused unless that is asked for."""
    with pytest.raises(ValueError, match="allow_remote=True"):
        LiveServer(Portal(), host=host)
    with pytest.raises(ValueError, match="allow_remote=True"):
        serve(Portal(), host=host)


def test_other_machines_may_be_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is asked for, the server listens on the host that was named."""
    asked: list[str] = []
    listen = socket.create_server

    def listen_here(address: tuple[str, int], **options: Any) -> socket.socket:
        asked.append(address[0])
        return listen(("127.0.0.1", address[1]), **options)

    monkeypatch.setattr(socket, "create_server", listen_here)
    LiveServer(Portal(), host="192.0.2.1", allow_remote=True).close()
    assert asked == ["192.0.2.1"]


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_loopback_has_many_names(host: str) -> None:
    """Any loopback address will do."""
    with LiveServer(Portal(), host=host) as server:
        assert requests.get(f"{server.url}/_twin/health", timeout=5).ok


def test_a_port_that_is_taken(local: LocalPortal) -> None:
    """A port that another server has is an error, not another port."""
    with pytest.raises(OSError, match="in use"):
        LiveServer(Portal(), port=urlsplit(local.url).port or 0)


SERVE = """
from hubtwin.doors.server import serve
from hubtwin.portal import Portal
serve(Portal(), clock={clock!r}, on_ready=lambda url: print(url, flush=True))
print("ended")
"""


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A process that serves a portal."""
    code = SERVE.format(clock=getattr(request, "param", "follow"))
    with subprocess.Popen([sys.executable, "-W", "error", "-c", code], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def url_of(process: subprocess.Popen[str]) -> str:
    """The URL that a process prints when it answers."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def date_of(process: subprocess.Popen[str]) -> datetime:
    """The date of an answer of the portal that a process serves."""
    return parsedate_to_datetime(requests.get(url_of(process) + PATH, timeout=5).headers["date"])


def test_hubspots_client_and_a_served_portal(served: subprocess.Popen[str]) -> None:
    """HubSpot's own client works with a portal in a process of its own, and sees the present there."""
    contacts = HubSpot(access_token="x", host=url_of(served)).crm.contacts.basic_api  # noqa: S106  any token will do
    id = contacts.create(SimplePublicObjectInputForCreate(properties={"email": "ada@example.com"})).id
    assert abs(contacts.get_by_id(id).created_at - datetime.now(UTC)) < timedelta(seconds=60)


def test_a_served_clock_follows_wall_time(served: subprocess.Popen[str]) -> None:
    """The clock of a portal in a process of its own shows the present."""
    assert abs(date_of(served) - datetime.now(UTC)) < timedelta(seconds=60)


@pytest.mark.parametrize("served", ["still"], indirect=True)
def test_a_served_clock_may_stand_still(served: subprocess.Popen[str]) -> None:
    """Where it is asked for, the clock stays where it is."""
    assert date_of(served) == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_interrupting(served: subprocess.Popen[str]) -> None:
    """Ctrl+C ends serving, and what follows it goes on."""
    url_of(served)
    served.send_signal(signal.SIGINT)
    assert served.stdout is not None
    assert (served.stdout.read(), served.wait(timeout=5)) == ("ended\n", 0)


def test_terminating(served: subprocess.Popen[str]) -> None:
    """A termination signal ends the process."""
    url_of(served)
    served.terminate()
    assert served.wait(timeout=5) == -signal.SIGTERM
