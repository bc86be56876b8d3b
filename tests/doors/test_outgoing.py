"""The door to the outside: what workflows send, over real HTTP to servers on this machine."""

import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from hubspot.utils.signature import Signature

from hubtwin.doors import exchange, outgoing
from hubtwin.doors.local import LocalPortal
from hubtwin.portal import Record
from hubtwin.portal.errors import Refused
from hubtwin.portal.objects import CONTACTS

HOOK = "https://hooks.example/in"
WRITE_TIER = {"set": "jobtitle", "value": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "tier"}}
OAUTH = {"client_id": "me", "client_secret": "hush", "redirect_uri": "https://my.app/callback"}
JSON = {"content-type": "application/json"}


class Received(NamedTuple):
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Server(ThreadingHTTPServer):
    """A server on this machine that keeps what it gets; *answer* says what it answers, as status, headers and text."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[Received] = []
        self.answer: Callable[[Received], tuple[int, dict[str, str], str]] = lambda request: (200, {}, "")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server

    def do_POST(self) -> None:
        """Keep the request, and answer it."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        names = {name.lower(): value for name, value in self.headers.items()}
        request = Received(self.command, self.path, names, body)
        self.server.received.append(request)
        status, headers, text = self.server.answer(request)
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST  # noqa: N815  the library's name

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that listens."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def portal_with(*actions: dict[str, Any], **more: Any) -> LocalPortal:
    """A portal whose workflow does these actions with each new contact."""
    workflow = {"name": "Tell", "enroll": {"events": [{"event": "object created"}]}, "actions": list(actions)}
    return LocalPortal({"workflows": [workflow], **more})


@pytest.fixture
def local(server: Server) -> Iterator[LocalPortal]:
    """A portal that sends each new contact to the server, and writes the tier that it answers."""
    with portal_with({"webhook": HOOK}, WRITE_TIER) as portal:
        portal.deliver_webhooks({HOOK: f"{server.url}/hook"})
        yield portal


def contact(portal: LocalPortal) -> Record:
    """A new contact."""
    return portal.create("contacts", {"email": "ada@example.com"})


def messages(portal: LocalPortal) -> list[str]:
    """What the action log says, oldest first."""
    return [event.message for event in portal.workflows.action_log]


def test_a_webhook_arrives_when_the_clock_moves(local: LocalPortal, server: Server) -> None:
    """With the record as JSON; what is answered can be used at the same moment (F7.15.6)."""
    server.answer = lambda request: (200, JSON, '{"tier": "A"}')
    ada = contact(local)
    assert server.received == []
    local.clock.advance("1s")
    (request,) = server.received
    assert (request.method, request.path, request.headers["content-type"]) == ("POST", "/hook", "application/json")
    assert json.loads(request.body)["properties"]["email"]["value"] == "ada@example.com"
    assert ada.get("jobtitle") == "A"
    assert ada.updated < local.clock.now - 900


def test_other_addresses_stay_in_the_portal(server: Server) -> None:
    """Nothing goes where nobody said (F7.15.6)."""
    elsewhere = ["https://hooks.example/inner", "https://hooks.example.evil.example/in", "https://hooks.example:444/in"]
    with portal_with(*({"webhook": url} for url in elsewhere)) as portal:
        portal.deliver_webhooks({HOOK: server.url})
        contact(portal)
        portal.clock.advance("1s")
        assert [message.rpartition(" recorded")[2] for message in messages(portal)] == [", not sent"] * 3
    assert server.received == []


@pytest.mark.parametrize(
    ("address", "target", "path"),
    [
        ("https://hooks.example", "", "/in/x%7B1%7D?a=1&b=c%20d"),
        ("https://hooks.example/in", "/to/", "/to/x%7B1%7D?a=1&b=c%20d"),
        ("https://hooks.example/in/x{1}", "/to?k=v", "/to?k=v&a=1&b=c%20d"),
    ],
)
def test_what_lies_below_an_address(server: Server, address: str, target: str, path: str) -> None:
    """Goes below its target, with all queries (F7.15.6)."""
    with portal_with({"webhook": "https://hooks.example/in/x{1}?a=1", "query": {"b": "c d"}}) as portal:
        portal.deliver_webhooks({address: server.url + target, "https://other.example": "http://127.0.0.1:1"})
        contact(portal)
        portal.clock.advance("1s")
    assert [request.path for request in server.received] == [path]


def test_a_get_asks(server: Server) -> None:
    """Without a body (F7.15.8)."""
    with portal_with({"webhook": HOOK, "method": "GET"}) as portal:
        portal.deliver_webhooks({HOOK: server.url})
        contact(portal)
        portal.clock.advance("1s")
    assert [(request.method, request.body) for request in server.received] == [("GET", b"")]


# -- the portal meanwhile ----------------------------------------------------------------------------------------


def call_back(portal: LocalPortal, received: Received) -> requests.Response:
    """Write to the contact of a webhook, as the server does that got it."""
    id = json.loads(received.body)["vid"]
    return requests.patch(
        f"{portal.url}/crm/v3/objects/contacts/{id}",
        json={"properties": {"city": "Oslo"}},
        headers={"authorization": f"Bearer {portal.token}"},
        timeout=10,
    )


@pytest.mark.parametrize("move", ["by itself", "by a verb", "by the page"])
def test_a_receiver_may_call_the_portal(local: LocalPortal, server: Server, move: str) -> None:
    """Before it answers: the portal is free while the answer is awaited, whoever moves the clock (F7.15.6)."""
    answers = []

    def answer(request: Received) -> tuple[int, dict[str, str], str]:
        answers.append(call_back(local, request).status_code)
        return 200, {}, ""

    server.answer = answer
    url, ada = local.url, contact(local)
    if move == "by itself":
        local.clock.advance("1s")
    elif move == "by a verb":
        local.do("wait", "1s")
    else:
        requests.post(f"{url}/_twin/clock", json={"by": "1s"}, timeout=10).raise_for_status()
    assert (answers, ada.get("city")) == ([200], "Oslo")


def test_no_copy_while_a_webhook_is_out(local: LocalPortal, server: Server) -> None:
    """The record that waits for it would wait in the copy for ever (F7.15.6)."""
    refused: list[str] = []

    def copy(request: Received) -> tuple[int, dict[str, str], str]:
        try:
            local.snapshot()
        except Refused as error:
            refused.append(str(error))
        return 200, {}, ""

    server.answer = copy
    contact(local)
    local.clock.advance("1s")
    assert refused == ["a webhook of the portal is being delivered; it can be copied once that is answered"]


def test_a_webhook_on_its_way_in_a_snapshot(local: LocalPortal, server: Server) -> None:
    """It goes out again, and the targets are still known; also after a reset (F7.15.6)."""
    contact(local)
    snapshot = local.snapshot()
    local.clock.advance("1s")
    local.restore(snapshot)
    local.clock.advance("1s")
    assert len(server.received) == 2
    local.reset()
    contact(local)
    local.clock.advance("1s")
    assert len(server.received) == 3


def test_an_answer_to_a_portal_that_was_reset(local: LocalPortal, server: Server) -> None:
    """Nobody waits for it any more, nothing else goes out, and the clock stays where it was put (F7.15.6)."""
    begin, entries = local.clock.now, len(local.log)

    def answer(request: Received) -> tuple[int, dict[str, str], str]:
        local.reset()
        return 200, JSON, '{"tier": "A"}'

    server.answer = answer
    local.clock.advance("1d")
    contact(local)
    local.create("contacts", {"email": "grace@example.com"})
    local.clock.advance("1d")
    assert (local.clock.now, len(local.log), len(local.records[CONTACTS])) == (begin, entries, 0)
    assert len(server.received) == 1


def test_an_answer_to_an_action_that_is_gone(local: LocalPortal, server: Server) -> None:
    """The record goes on where the workflow's new plan lets it (F7.15.6)."""
    server.answer = lambda request: (503, {}, "")
    ada = contact(local)
    flow = local.workflows.find("Tell")
    last = {**flow.data["actions"][1], "fields": {"property_name": "jobtitle", "value": {"staticValue": "on"}}}
    local.workflows.replace(flow, {**flow.data, "revisionId": "1", "startActionId": "2", "actions": [last]})
    local.clock.advance("1s")
    assert (len(server.received), ada.get("jobtitle"), flow.active) == (1, "on", {})


# -- secrets and signatures --------------------------------------------------------------------------------------


def test_secrets(server: Server) -> None:
    """They go where the workflow says, and into no log (F7.15.11)."""
    actions = (
        {"webhook": HOOK, "secret": "key", "header": "X-Key"},
        {"webhook": f"{HOOK}?a=1", "secret": "key", "parameter": "k"},
    )
    with portal_with(*actions) as portal:
        portal.deliver_webhooks({HOOK: server.url}, secrets={"key": "s3cr et"})
        contact(portal)
        portal.clock.advance("1s")
        told = "\n".join(portal.story(portal.log)) + repr(vars(portal)) + repr(list(portal.outbox))
    first, second = server.received
    assert (first.headers["x-key"], first.path) == ("s3cr et", "/")
    assert second.path == "/?a=1&k=s3cr%20et"
    assert "s3cr" not in told


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        ({"secret": "key", "header": "X-Key"}, "the value of secret 'key' is not known: give it where the targets"),
        ({"secret": "known", "header": "Host"}, "no request can carry a header 'Host' of a workflow's own"),
        ({"secret": "known", "header": "X Key"}, "no request can carry a header 'X Key' of a workflow's own"),
    ],
)
def test_what_cannot_be_sent(server: Server, action: dict[str, str], problem: str) -> None:
    """Is an issue of the workflow, and is not tried again (F7.15.11)."""
    with portal_with({"webhook": HOOK, **action}) as portal:
        portal.deliver_webhooks({HOOK: server.url}, secrets={"known": "x"})
        contact(portal)
        portal.clock.advance("4d")
        (message,) = messages(portal)
    assert problem in message
    assert server.received == []


def test_a_signature(server: Server) -> None:
    """HubSpot's own client finds both versions valid, at the time of this machine (W8.4)."""
    apps = [{"name": "Mine", "id": 42, "oauth": OAUTH}]
    with portal_with({"webhook": f"{HOOK}?a=%3A", "app": 42}, apps=apps) as portal:
        portal.deliver_webhooks({HOOK: server.url})
        contact(portal)
        portal.clock.advance("1s")
    (request,) = server.received
    headers, body = request.headers, request.body.decode()
    assert headers["x-hubspot-signature-version"] == "v2"
    assert Signature.is_valid(headers["x-hubspot-signature"], "hush", body, server.url + request.path, "POST", "v2")
    plain = server.url + request.path.replace("%3A", ":")
    moment = headers["x-hubspot-request-timestamp"]
    assert Signature.is_valid(headers["x-hubspot-signature-v3"], "hush", body, plain, "POST", "v3", moment)


def test_an_app_without_a_client_secret(server: Server) -> None:
    """Its requests go unsigned (W8.4)."""
    with portal_with({"webhook": HOOK, "app": 43}) as portal:
        portal.deliver_webhooks({HOOK: server.url})
        contact(portal)
        portal.clock.advance("1s")
    assert not any("signature" in name for name in server.received[0].headers)


# -- servers that answer otherwise -------------------------------------------------------------------------------


def test_a_redirection_is_not_followed(local: LocalPortal, server: Server) -> None:
    """It is an answer that is no success (F7.15.12)."""
    server.answer = lambda request: (302, {"location": f"{server.url}/elsewhere"}, "")
    contact(local)
    local.clock.advance("1s")
    assert [request.path for request in server.received] == ["/hook"]
    assert messages(local)[0].endswith("answered 302")


def test_proxies_of_the_environment_are_not_asked(
    local: LocalPortal, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the portal holds goes to the target alone (F7.15.12)."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    contact(local)
    local.clock.advance("1s")
    assert len(server.received) == 1


def test_a_target_that_is_not_there(local: LocalPortal, server: Server) -> None:
    """Is tried again a minute later (F7.15.4)."""
    local.deliver_webhooks({HOOK: "http://127.0.0.1:1/hook"})
    contact(local)
    local.clock.advance("1s")
    (message,) = messages(local)
    assert "can't be reached: 127.0.0.1:1: Connection refused; tried again in 1m" in message
    local.deliver_webhooks({HOOK: server.url})
    local.clock.advance("2m")
    assert len(server.received) == 1


def test_a_limit_says_how_long(local: LocalPortal, server: Server) -> None:
    """In milliseconds (F7.15.4)."""
    server.answer = lambda request: (429, {"retry-after": "5000"}, "")
    contact(local)
    local.clock.advance("1s")
    assert "answered 429; tried again in 5s" in messages(local)[0]


def test_a_server_that_says_nothing(local: LocalPortal, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is waited for, but not for ever; the request is tried again (F7.15.10)."""
    monkeypatch.setattr(outgoing, "LONGEST", 0.2)
    answered = threading.Event()
    server.answer = lambda request: (answered.wait(10), (200, {}, ""))[1]
    contact(local)
    local.clock.advance("1s")
    assert "can't be reached: no answer came within 0.2 seconds; tried again in 1m" in messages(local)[0]
    answered.set()


def test_an_answer_without_end(local: LocalPortal, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an issue: no more than a megabyte is read (F7.15.12)."""
    monkeypatch.setattr(exchange, "MAX_ANSWER", 10)
    server.answer = lambda request: (200, JSON, "[12345678901]")
    contact(local)
    local.clock.advance("1s")
    assert "the answer is longer than 10 bytes" in messages(local)[0]


@pytest.mark.parametrize("text", ["", "not JSON", "[1]", "\x00"])
def test_answers_that_are_no_objects(local: LocalPortal, server: Server, text: str) -> None:
    """Give out the status alone (F7.15.5)."""
    server.answer = lambda request: (200, {}, text)
    ada = contact(local)
    local.clock.advance("1s")
    assert (messages(local)[0][-3:], ada.get("jobtitle")) == ("200", None)


def test_a_certificate_is_verified(local: LocalPortal, server: Server, tmp_path: Path) -> None:
    """Nothing is sent to a server that made its own (F7.15.12)."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("no openssl makes a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "1"]
    subprocess.run([openssl, *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    local.deliver_webhooks({HOOK: server.url.replace("http:", "https:")})
    contact(local)
    local.clock.advance("1s")
    assert "certificate verify failed" in messages(local)[0].lower()
    assert server.received == []


# -- what a person may say ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "more", "problem"),
    [
        ({HOOK: "http://app.example/x"}, {}, "would send what the portal holds to another machine"),
        ({HOOK: HOOK}, {}, r"or say allow_hosts=\['hooks.example'\]"),
        ({HOOK: "http://127.0.0.1.evil.example"}, {}, "to another machine"),
        ({HOOK: "https://api.hubapi.com/x"}, {"allow_hosts": ["api.hubapi.com"]}, "is HubSpot itself"),
        ({"hooks.example": "http://127.0.0.1:1"}, {}, "'hooks.example' is not an address such as"),
        ({HOOK: "http://127.0.0.1:99999"}, {}, "is not an address"),
        ({HOOK: "http://me:pw@127.0.0.1"}, {}, "is not an address"),
        ({HOOK: "ftp://127.0.0.1"}, {}, "is not an address"),
        ({f"{HOOK}?a=1": "http://127.0.0.1"}, {}, "has a query"),
        ({HOOK: "http://127.0.0.1"}, {"secrets": {"key": "a\nb"}}, "secret 'key' can't be sent"),
        ({HOOK: "http://127.0.0.1"}, {"secrets": {"key": ""}}, "secret 'key' can't be sent"),
    ],
)
def test_what_cannot_be_meant(local: LocalPortal, routes: dict[str, str], more: Any, problem: str) -> None:
    """Is refused, and what was said before holds (F7.15.6)."""
    with pytest.raises(ValueError, match=problem):
        local.deliver_webhooks(routes, **more)
    assert local.reception.delivers


@pytest.mark.parametrize(
    "target", ["http://localhost:9/x", "http://127.0.0.2", "http://[::1]:9", "https://APP.example"]
)
def test_targets_that_may_be(local: LocalPortal, target: str) -> None:
    """This machine, and hosts that were named (F7.15.6)."""
    local.deliver_webhooks({HOOK: target}, allow_hosts=["app.example"])


# -- custom actions ----------------------------------------------------------------------------------------------


def test_a_custom_action_waits_for_its_app(server: Server) -> None:
    """The app answers BLOCK, and completes the callback later on (F7.20.6)."""
    url = "https://widgets.example/action"
    blocked = '{"outputFields": {"hs_execution_state": "BLOCK"}}'
    server.answer = lambda request: (200, JSON, blocked)
    with LocalPortal() as portal, portal.httpx() as client:
        data = {"actionUrl": url, "inputFields": [], "functions": [], "published": True, "objectTypes": []}
        made = client.post("/automation/v4/actions/7?hapikey=me", json={**data, "labels": {}}).json()
        action = {"type": "SINGLE_CONNECTION", "actionTypeId": f"1-{made['id']}", "actionTypeVersion": 1, "fields": {}}
        flow = {"name": "Widgets", "actions": [{"json": action}, WRITE_TIER]}
        portal.workflows.create(LocalPortal({"workflows": [flow]}).workflows.find("Widgets").data)
        portal.deliver_webhooks({url: server.url})
        ada = contact(portal)
        portal.workflows.enroll("Widgets", ada)
        portal.clock.advance("1h")
        callback = json.loads(server.received[0].body)["callbackId"]
        done = {"outputFields": {"hs_execution_state": "SUCCESS", "tier": "A"}}
        assert client.post(f"/automation/v4/actions/callbacks/{callback}/complete", json=done).status_code == 204
        assert ada.get("jobtitle") == "A"
