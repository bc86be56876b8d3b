"""A portal somewhere else: what is sent to it, and how long anybody waits for it."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any

import pytest

from hubtwin.api import Request
from hubtwin.doors import remote
from hubtwin.doors.local import LocalPortal
from hubtwin.doors.remote import TRIES, Remote

Answer = tuple[int, dict[str, str], bytes]


#: A server that keeps its peace.
SILENT: Answer = (0, {}, b"")


class Script(ThreadingHTTPServer):
    """A server that answers from a script, the last answer for ever, and notes what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Answer] = [(200, {}, b"{}")]
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Script

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, self.rfile.read(length)))
        answers = self.server.answers
        status, sent, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if not status:
            sleep(0.2)
            return
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **sent}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  the name is http.server's

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def script() -> Iterator[Script]:
    """A server to write the answers of."""
    with Script() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def waits() -> list[float]:
    """How long somebody would have waited."""
    return []


@pytest.fixture
def ask(script: Script, waits: list[float]) -> Callable[[str], int]:
    """Asks for a path, and gives the status."""
    door = Remote(f"{script.url}/", "secret", wait=waits.append)
    return lambda path: door(Request("GET", path)).status


def test_a_portal_is_asked() -> None:
    """Path, query and body arrive, and the answer comes back as it is."""
    with LocalPortal({"account": {"id": 77}}) as portal:
        door = Remote(portal.url, "t")
        assert json.loads(door(Request("GET", "/account-info/v3/details")).body)["portalId"] == 77
        found = door(Request("POST", "/crm/v3/lists/search", body=b'{"query": "x"}'))
        assert (found.status, json.loads(found.body)["total"]) == (200, 0)
        missing = door(Request("GET", "/marketing/v3/forms", "limit=x"))
        assert (missing.status, dict(missing.headers)["content-type"]) == (400, "application/json;charset=utf-8")


def test_the_token_is_in_one_header(script: Script, ask: Callable[[str], int]) -> None:
    """And nowhere else."""
    assert ask("/p") == 200
    ((method, path, headers, body),) = script.asked
    assert (method, path, headers["authorization"], body) == ("GET", "/p", "Bearer secret", b"")
    assert [name for name, value in headers.items() if "secret" in value] == ["authorization"]


@pytest.mark.parametrize(("method", "path"), [("POST", "/crm/v3/lists"), ("PUT", "/p/search"), ("DELETE", "/p")])
def test_nothing_is_changed(script: Script, method: str, path: str) -> None:
    """Whatever somebody asks for: other requests never leave."""
    with pytest.raises(ValueError, match="could change the portal, which is only read"):
        Remote(script.url, "t")(Request(method, path))
    assert script.asked == []


def test_a_redirection_is_not_followed(script: Script, ask: Callable[[str], int]) -> None:
    """The token goes to no other host."""
    script.answers = [(302, {"location": f"{script.url}/elsewhere"}, b"")]
    assert ask("/p") == 302
    assert [path for _, path, _, _ in script.asked] == ["/p"]


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"retry-after": "7"}, b"", 7.0),
        ({}, b'{"policyName": "SECONDLY"}', 1.0),
        ({}, b'{"policyName": "TEN_SECONDLY_ROLLING"}', 10.0),
        ({"retry-after": "soon"}, b"<html>", 10.0),
    ],
)
def test_a_limit_that_passes(
    script: Script, ask: Callable[[str], int], waits: list[float], headers: dict[str, str], body: bytes, wait: float
) -> None:
    """W7.4: after the wait that the answer asks for, or that HubSpot's limits need, the question is asked again."""
    script.answers = [(429, headers, body), (200, {}, b"{}")]
    assert (ask("/p"), waits) == (200, [wait])


@pytest.mark.parametrize(("headers", "body"), [({"retry-after": "3600"}, b""), ({}, b'{"policyName": "DAILY"}')])
def test_a_limit_that_lasts(
    script: Script, ask: Callable[[str], int], waits: list[float], headers: dict[str, str], body: bytes
) -> None:
    """Nobody waits for that of the day."""
    script.answers = [(429, headers, body)]
    assert (ask("/p"), waits) == (429, [])


def test_failures_that_pass(script: Script, ask: Callable[[str], int], waits: list[float]) -> None:
    """Each wait is longer than the one before, and there are only so many."""
    script.answers = [(503, {}, b""), (200, {}, b"{}")]
    assert (ask("/p"), waits) == (200, [2.0])
    waits.clear()
    script.answers = [(503, {}, b"")]
    assert (ask("/p"), waits) == (503, [2.0, 4.0, 8.0, 16.0])
    assert len(waits) == TRIES - 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_answers_that_stay_as_they_are(
    script: Script, ask: Callable[[str], int], waits: list[float], status: int
) -> None:
    """There is no use in asking again."""
    script.answers = [(status, {}, b"{}")]
    assert (ask("/p"), waits, len(script.asked)) == (status, [], 1)


def test_an_error_that_repeats_the_token(script: Script) -> None:
    """Its words may end up in a file: without the token."""
    script.answers = [(400, {}, b'{"message": "Bearer secret is no good"}')]
    assert Remote(script.url, "secret")(Request("GET", "/p")).body == b'{"message": "Bearer (token) is no good"}'


def test_nobody_is_there(waits: list[float]) -> None:
    """After a second try, the error names the host."""
    with pytest.raises(ConnectionError, match=r"^127\.0\.0\.1:1 gives no answer: .*refused"):
        Remote("http://127.0.0.1:1", "t", wait=waits.append)(Request("GET", "/p"))
    assert waits == [1.0]


def test_silence(script: Script, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing is given up."""
    monkeypatch.setattr(remote, "SILENCE", 0.05)
    script.answers = [SILENT]
    with pytest.raises(ConnectionError, match="gives no answer: timed out"):
        Remote(script.url, "t", wait=waits.append)(Request("GET", "/p"))
    assert len(script.asked) == 2


def test_half_an_answer(script: Script) -> None:
    """What came is the answer: whoever reads it sees that it is no JSON."""
    script.answers = [(200, {"content-length": "10"}, b"{")]
    assert Remote(script.url, "t")(Request("GET", "/p")).body == b"{"


def test_an_answer_without_end(script: Script, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads it all."""
    monkeypatch.setattr(remote, "MAX_ANSWER", 10)
    script.answers = [(200, {}, b"x" * 100)]
    with pytest.raises(ConnectionError, match="its answer does not end"):
        Remote(script.url, "t", wait=waits.append)(Request("GET", "/p"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://api.hubapi.com", "would show the token to everybody on the way; write https"),
        ("http://10.0.0.1", "would show the token"),
        ("api.hubapi.com", "is not the URL of a portal, such as https://api.hubapi.com"),
        ("ftp://127.0.0.1", "is not the URL"),
        ("https://", "is not the URL"),
        ("https://u:p@api.hubapi.com", "is not the URL"),
        ("https://api.hubapi.com/?a=b", "is not the URL"),
        ("http://127.0.0.1:99999", "is not the URL"),
        ("http://[::1", "is not the URL"),
    ],
)
def test_urls_that_are_none(url: str, words: str) -> None:
    """Or that would tell others the token."""
    with pytest.raises(ValueError, match=words):
        Remote(url, "t")


@pytest.mark.parametrize(
    "url", ["https://api.hubapi.com", "http://localhost:1", "http://[::1]:1", "http://127.0.0.9/x"]
)
def test_urls(url: str) -> None:
    """HubSpot's, and this machine's."""
    assert Remote(url, "t").url == url


@pytest.mark.parametrize("token", ["", "a b", "a\nhost: x", "ä"])
def test_tokens_that_are_none(token: str) -> None:
    """The error doesn't repeat them."""
    with pytest.raises(ValueError, match="the token is none") as caught:
        Remote("https://api.hubapi.com", token)
    assert not token or token not in str(caught.value)
