"""Unmodified clients reach a portal with no socket, however they are built."""

import asyncio
import http.server
import io
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import httpx
import pytest
import requests
import urllib3
from urllib3 import HTTPConnectionPool, Retry

from hubtwin.doors.hosts import is_hubspot
from hubtwin.doors.in_process import httpx_transport, in_process, requests_adapter
from hubtwin.doors.local import LocalPortal
from hubtwin.doors.reception import MAX_BODY
from hubtwin.portal import Portal
from hubtwin.portal.objects import CONTACTS

URL = "https://api.hubapi.com/crm/v3/objects/contacts"
AUTHORIZATION = {"Authorization": "Bearer any-token"}
ADA = b'{"properties":{"email":"ada@example.com"}}'
NO_CONTACTS = b'{"results":[]}'


class Answer(NamedTuple):
    """An answer, whichever library received it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Call = Callable[..., Answer]
Headers = dict[str, str] | None


def by_requests(method: str, url: str, body: bytes | None = None, headers: Headers = None) -> Answer:
    """Call by way of requests."""
    answer = requests.request(method, url, data=body, headers=headers, timeout=5)
    return Answer(answer.status_code, answer.headers, answer.content)


def by_urllib3(method: str, url: str, body: bytes | None = None, headers: Headers = None) -> Answer:
    """Call by way of urllib3 alone."""
    answer = urllib3.request(method, url, body=body, headers=headers)
    return Answer(answer.status, answer.headers, answer.data)


def by_httpx(method: str, url: str, body: bytes | None = None, headers: Headers = None) -> Answer:
    """Call by way of httpx."""
    answer = httpx.request(method, url, content=body, headers=headers)
    return Answer(answer.status_code, answer.headers, answer.content)


def by_async_httpx(method: str, url: str, body: bytes | None = None, headers: Headers = None) -> Answer:
    """Call by way of httpx's asynchronous client."""

    async def call() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.request(method, url, content=body, headers=headers)

    answer = asyncio.run(call())
    return Answer(answer.status_code, answer.headers, answer.content)


@pytest.fixture(params=[by_requests, by_urllib3, by_httpx, by_async_httpx])
def call(request: pytest.FixtureRequest) -> Call:
    """A call by way of each library."""
    return request.param  # type: ignore[no-any-return]  # a fixture's parameter has no type


@pytest.fixture
def door(local: LocalPortal) -> Iterator[LocalPortal]:
    """A portal whose in-process door is open."""
    with local.in_process():
        yield local


def test_code_that_knows_no_portal(door: LocalPortal, call: Call) -> None:
    """Code that builds its own client reaches the portal."""
    answer = call("POST", URL, ADA, headers=AUTHORIZATION)
    assert answer.status == 201
    assert len(door.records[CONTACTS]) == 1


def test_answers_are_complete(door: LocalPortal, call: Call) -> None:
    """Answers carry their length, HubSpot's content type and the portal's date."""
    headers = call("GET", URL, headers=AUTHORIZATION).headers
    assert headers["date"] == "Mon, 02 Mar 2026 09:00:00 GMT"
    assert headers["content-type"] == "application/json;charset=utf-8"
    assert headers["content-length"] == str(len(NO_CONTACTS))


def test_errors_are_answers(door: LocalPortal, call: Call) -> None:
    """A call without a token is answered 401."""
    assert call("GET", URL).status == 401


def test_no_content(door: LocalPortal, call: Call) -> None:
    """An answer without a body has no length either."""
    record = door.create("contacts", {"email": "ada@example.com"})
    answer = call("DELETE", f"{URL}/{record.id}", headers=AUTHORIZATION)
    assert (answer.status, answer.body) == (204, b"")
    assert "content-length" not in answer.headers


NOWHERE = "http://127.0.0.1:9"


def test_a_client_from_before_the_door(local: LocalPortal) -> None:
    """A client that was built before the door opened goes through it while it is open, and not afterwards."""
    with requests.Session() as session:
        session.proxies["https"] = NOWHERE
        with local.in_process():
            assert session.get(URL, headers=AUTHORIZATION).content == NO_CONTACTS
        with pytest.raises(requests.ConnectionError):
            session.get(URL, headers=AUTHORIZATION)


def test_proxies_are_not_asked(door: LocalPortal, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    """Calls to HubSpot reach the portal where the environment names a proxy."""
    monkeypatch.setenv("HTTPS_PROXY", NOWHERE)
    assert call("GET", URL, headers=AUTHORIZATION).body == NO_CONTACTS


def test_plain_http_by_way_of_a_proxy(door: LocalPortal, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    """Even a complete URL that is sent to a proxy is answered by the portal."""
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    assert call("GET", URL.replace("https", "http"), headers=AUTHORIZATION).body == NO_CONTACTS


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A server that is not HubSpot; it sends callers of `/to-hubspot` there."""

    def do_GET(self) -> None:
        """Answer, or redirect."""
        self.send_response(302 if self.path == "/to-hubspot" else 200)
        self.send_header("location", URL)
        self.send_header("content-length", "9")
        self.end_headers()
        self.wfile.write(b"elsewhere")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The URL of another server on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_other_hosts_are_left_alone(door: LocalPortal, elsewhere: str, call: Call) -> None:
    """A call to any other host goes there."""
    assert call("GET", f"{elsewhere}/").body == b"elsewhere"


def test_a_redirect_to_hubspot(door: LocalPortal, elsewhere: str) -> None:
    """A redirect from elsewhere to HubSpot ends in the portal, which sees no token: that is for elsewhere only."""
    assert by_requests("GET", f"{elsewhere}/to-hubspot", headers=AUTHORIZATION).status == 401


def test_doors_nest(door: LocalPortal, call: Call) -> None:
    """The door that was opened last answers; when it closes, the one before does again."""
    inner = Portal()
    inner.create("contacts", {"email": "inner@example.com"})
    with in_process(inner):
        assert call("GET", URL, headers=AUTHORIZATION).body != NO_CONTACTS
    assert call("GET", URL, headers=AUTHORIZATION).body == NO_CONTACTS


def test_nothing_is_left_behind() -> None:
    """A closed door leaves the libraries as they were."""
    before = HTTPConnectionPool.urlopen, httpx.HTTPTransport.handle_request
    with in_process(Portal()):
        assert HTTPConnectionPool.urlopen is not before[0]
    assert (HTTPConnectionPool.urlopen, httpx.HTTPTransport.handle_request) == before


def test_others_may_restore_what_was_ours(local: LocalPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another tool that puts our method back after the door has closed brings no portal back."""
    with local.in_process():
        ours = HTTPConnectionPool.urlopen
    monkeypatch.setattr(HTTPConnectionPool, "urlopen", ours)
    with pytest.raises(requests.ConnectionError):
        requests.get(URL, timeout=5, proxies={"https": NOWHERE})


@pytest.mark.parametrize("body", [ADA, ADA.decode(), iter([ADA[:9], ADA[9:]]), io.BytesIO(ADA)])
def test_bodies_of_all_kinds(door: LocalPortal, body: str | bytes | Iterable[bytes]) -> None:
    """Bytes, text, pieces and files are bodies, as they are over a socket."""
    assert requests.post(URL, data=body, headers=AUTHORIZATION, timeout=5).status_code == 201


def test_a_body_in_pieces(door: LocalPortal) -> None:
    """Pieces are a body for httpx too."""
    assert httpx.post(URL, content=iter([ADA[:9], ADA[9:]]), headers=AUTHORIZATION).status_code == 201


@pytest.mark.parametrize("host", ["api.hubapi.com", "api-eu1.hubapi.com", "api-na2.hubapi.com", "API.hubapi.com"])
def test_regions(door: LocalPortal, call: Call, host: str) -> None:
    """The hosts of all regions are the portal (W1.1)."""
    assert call("GET", f"https://{host}/crm/v3/objects/contacts", headers=AUTHORIZATION).body == NO_CONTACTS


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("api.hsforms.com", True),
        ("api-eu1.hsforms.com", True),
        ("forms.hubspot.com", True),
        ("api.hubspot.com", True),
        ("app.hubspot.com", False),
        ("api.hubapi.com.example.com", False),
        ("evilapi.hubapi.com", False),
        (None, False),
    ],
)
def test_hosts(host: str | None, expected: bool) -> None:
    """HubSpot's API hosts are HubSpot's; its pages and look-alikes are not."""
    assert is_hubspot(host) is expected


def test_a_body_that_is_too_large(door: LocalPortal, call: Call) -> None:
    """A body over the limit is answered 413."""
    assert call("POST", URL, b" " * (MAX_BODY + 1), headers=AUTHORIZATION).status == 413


def test_streamed_answers(door: LocalPortal) -> None:
    """An answer can be read in pieces."""
    with requests.get(URL, headers=AUTHORIZATION, stream=True, timeout=5) as answer:
        assert b"".join(answer.iter_content(3)) == NO_CONTACTS
    with httpx.stream("GET", URL, headers=AUTHORIZATION) as streamed:
        assert b"".join(streamed.iter_raw(3)) == NO_CONTACTS


def test_heads_have_no_body(door: LocalPortal, call: Call) -> None:
    """A HEAD request is answered without a body."""
    assert call("HEAD", URL, headers=AUTHORIZATION).body == b""


def test_a_path_arrives_as_it_was_sent(door: LocalPortal, call: Call) -> None:
    """Neither a doubled slash nor a question mark with nothing behind it matters."""
    assert call("GET", URL.replace(".com/", ".com//") + "?", headers=AUTHORIZATION).body == NO_CONTACTS


def test_an_adapter_for_one_session(local: LocalPortal) -> None:
    """One session can be connected with a portal and leave all others alone."""
    with requests.Session() as session:
        session.mount("https://api.hubapi.com", requests_adapter(local))
        assert session.get(URL, headers=AUTHORIZATION).content == NO_CONTACTS


def test_an_adapter_retries(local: LocalPortal) -> None:
    """The adapter takes requests' own retries."""
    adapter = requests_adapter(local)
    adapter.max_retries = Retry(total=1, status_forcelist=[401], allowed_methods=None)
    with requests.Session() as session:
        session.mount("https://", adapter)
        with pytest.raises(requests.exceptions.RetryError):
            session.get(URL)


def test_a_transport_for_one_client(local: LocalPortal) -> None:
    """One httpx client can be connected with a portal, synchronous or asynchronous."""

    async def ask() -> bytes:
        async with httpx.AsyncClient(transport=httpx_transport(local)) as client:
            return (await client.get(URL, headers=AUTHORIZATION)).content

    with httpx.Client(transport=httpx_transport(local)) as client:
        assert client.get(URL, headers=AUTHORIZATION).content == asyncio.run(ask()) == NO_CONTACTS


def test_threads_do_not_meet(door: LocalPortal, create_in_threads: Callable[..., None]) -> None:
    """Eight threads that create fifty contacts each lose none."""
    create_in_threads("https://api.hubapi.com", threads=8, each=50)
    assert len(door.records[CONTACTS]) == 400


LATER = """
import sys
from hubtwin.doors.in_process import in_process
from hubtwin.portal import Portal
assert not {"requests", "httpx", "urllib3"} & set(sys.modules)
with in_process(Portal()):
    import requests, httpx
    for library in (requests, httpx):
        answer = library.get("https://api.hubapi.com/crm/v3/objects/contacts", headers={"authorization": "Bearer x"})
        assert answer.json() == {"results": []}, answer
"""


def test_libraries_that_are_imported_later() -> None:
    """A library that is first imported while the door is open is covered too."""
    subprocess.run([sys.executable, "-W", "error", "-c", LATER], check=True, timeout=60)


WITHOUT = """
import sys
sys.modules["httpx"] = None
from hubtwin.doors.in_process import in_process
from hubtwin.portal import Portal
with in_process(Portal()):
    import requests
    print(requests.get("https://api.hubapi.com/crm/v3/objects/contacts").status_code)
"""


TOO_OLD = """
import urllib3.util.request
del urllib3.util.request.body_to_chunks
from hubtwin.doors.in_process import in_process
from hubtwin.portal import Portal
try:
    with in_process(Portal()):
        pass
except ImportError as error:
    print(error)
"""


def test_libraries_that_are_too_old() -> None:
    """A version of a library that has no door is named, not passed over: its calls would reach HubSpot."""
    done = subprocess.run([sys.executable, "-c", TOO_OLD], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout.startswith("the in-process door needs a newer urllib3: ")


def test_libraries_that_are_not_installed() -> None:
    """A library that isn't there is not missed."""
    done = subprocess.run([sys.executable, "-c", WITHOUT], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout == "401\n"
