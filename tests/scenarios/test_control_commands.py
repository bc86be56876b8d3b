"""The commands that act on a served portal, and ask it."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.cli.do import parse
from hubtwin.doors.local import LocalPortal

Invoke = Callable[..., Result]


@pytest.fixture
def served() -> Iterator[LocalPortal]:
    """A served portal with a form and the contact Ada."""
    forms = [{"name": "Demo", "contact_stage": "marketingqualifiedlead", "company_stage": "lead"}]
    with LocalPortal({"forms": forms}) as portal:
        portal.create("contacts", {"firstname": "Ada", "email": "ada@client.example"})
        yield portal


@pytest.fixture
def invoke(served: LocalPortal) -> Invoke:
    """Runs a command on the served portal."""
    return lambda *arguments: CliRunner().invoke(hubtwin, [*arguments, "--url", served.url])


def test_doing(invoke: Invoke, served: LocalPortal) -> None:
    """What came of a verb is told, each line with the rule that decided it."""
    result = invoke("do", "submit_form", "form=Demo", "contact=ada@client.example", "fields.firstname=Adele")
    assert result.exit_code == 0
    assert result.output == (
        "2026-03-02 09:00:00  form Demo submitted by contact 1001 (Adele)\n"
        "2026-03-02 09:00:00  form Demo: contact 1001 (Adele) firstname Ada -> Adele  <-- rule forms.0\n"
        "2026-03-02 09:00:00  form Demo: contact 1001 (Adele) lifecyclestage lead -> marketingqualifiedlead"
        "  <-- rule forms.0\n"
    )


def test_doing_as_json(invoke: Invoke) -> None:
    """Programs read what the portal answers."""
    answer = json.loads(invoke("do", "create_contact", "email=bob@client.example", "--json").output)
    assert answer["records"][0]["name"] == "bob@client.example"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["1d"], "1d"),
        ([], {}),
        (["a=1", "b="], {"a": "1", "b": ""}),
        (["set.jobtitle=CEO", "set.city=Oulu"], {"set": {"jobtitle": "CEO", "city": "Oulu"}}),
        (["rows:=[1, null]", "x=a=b"], {"rows": [1, None], "x": "a=b"}),
    ],
)
def test_what_is_said_to_a_verb(arguments: list[str], said: Any) -> None:
    """Texts, keys within keys, JSON, or one value alone."""
    assert parse(arguments) == said


@pytest.mark.parametrize("arguments", [["a", "b=1"], ["=1"], ["a=1", "a=2"], ["a=1", "a.b=2"], ["a:={"]])
def test_what_cannot_be_said(arguments: list[str]) -> None:
    """A usage error."""
    with pytest.raises(click.UsageError):
        parse(arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("do", "submit_from", "form=Demo"), "did you mean 'submit_form'?"),
        (("do", "submit_form", "from=Demo", "email=a@b.example"), "did you mean 'form'?"),
        (("do", "create_contact", "email=ada@client.example"), "contact 1001 has email 'ada@client.example' already"),
        (("why", "contacts/7", "email"), "no contact has hs_object_id '7'"),
        (("why", "contacts/1001", "emial"), "did you mean"),
        (("why", "ada", "email"), "'ada' names no record; write type and id, as in contacts/1001"),
        (("clock", "to", "2026-01-01"), "the clock can't go back"),
        (("clock", "advance"), "say how far: `advance 1d`"),
        (("restore", "7"), "no snapshot has the id '7'; choose from: there is none"),
        (("used-in", "cars", "email"), "no object type is called 'cars'"),
        (("used-in", "stage", "leed"), "no stage is called 'leed'; choose from: subscriber, lead,"),
        (("clock", "advance", "1y"), "not a duration; write numbers with a unit"),
    ],
)
def test_what_is_refused(invoke: Invoke, arguments: tuple[str, ...], message: str) -> None:
    """The reason goes to stderr; exit code 2."""
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout, message in result.stderr) == (2, "", True)


def test_why(invoke: Invoke, served: LocalPortal) -> None:
    """The chain of causes, or that there is none."""
    served.do("submit_form", form="Demo", contact="ada@client.example")
    lines = invoke("why", "contacts/1001", "lifecyclestage").output.splitlines()
    assert [line.partition("  ")[2] for line in lines] == [
        "form Demo submitted by contact 1001 (Ada)",
        "form Demo: contact 1001 (Ada) lifecyclestage lead -> marketingqualifiedlead  <-- rule forms.0",
    ]
    assert (
        invoke("why", "contacts/1001", "jobtitle").output
        == "nobody ever set jobtitle of contacts/1001; it is (empty)\n"
    )


def test_the_clock(invoke: Invoke) -> None:
    """It is shown, advanced, and moved to a moment."""
    assert invoke("clock").output == "2026-03-02T09:00:00Z\n"
    assert invoke("clock", "advance", "1d").output == "2026-03-03T09:00:00Z\n"
    assert invoke("clock", "advance", "8h", "240m").output == "2026-03-03T21:00:00Z\n"
    assert invoke("clock", "to", "2026-03-05").output == "2026-03-05T00:00:00Z\n"


def test_going_back(invoke: Invoke, served: LocalPortal) -> None:
    """A snapshot is restored; what is reset or cleared is empty."""
    assert invoke("snapshot").output == "1\n"
    served.do("create_contact", email="bob@client.example")
    invoke("restore", "1")
    assert len(served.records[served.type("contacts")]) == 1
    assert invoke("snapshot", "--list").output.splitlines()[1].split()[:2] == ["1", "2026-03-02T09:00:00Z"]
    assert invoke("snapshot", "--delete", "1").output == ""
    invoke("clock", "advance", "1d")
    assert invoke("clear").output == "2026-03-03T09:00:00Z\n"
    assert invoke("reset").output == "2026-03-02T09:00:00Z\n"
    assert len(served.log) == 0


def test_used_in(invoke: Invoke) -> None:
    """A row for each use, or that there is none; one for a setting that is about two types of records."""
    assert invoke("used-in", "stage", "lead").output.count("setting lead_associated") == 1
    assert invoke("used-in", "stage", "marketingqualifiedlead").output == (
        "asset      does    rule\nform Demo  writes  forms.0.contact_stage\n"
    )
    assert invoke("used-in", "contacts", "fax").output == "nothing uses fax\n"


class Other(BaseHTTPRequestHandler):
    """A server that is no portal, and has an answer to everything."""

    def do_GET(self) -> None:
        """Answer what the portal's pages don't."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        """Answer the same."""
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    "arguments",
    [
        ("do", "wait", "1d"),
        ("why", "contacts/1001", "email"),
        ("clock",),
        ("snapshot",),
        ("snapshot", "--list"),
        ("restore", "1"),
        ("reset",),
        ("used-in", "stage", "lead"),
        ("coverage",),
        ("portal", "export"),
        ("portal", "describe"),
        ("lint",),
        ("workflows",),
    ],
)
def test_a_server_that_is_no_portal(arguments: tuple[str, ...]) -> None:
    """It is told so, whatever the server answers; exit code 1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        result = CliRunner().invoke(hubtwin, [*arguments, "--url", url])
        server.shutdown()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: what answers at {url} is no portal that `hubtwin serve` serves\n"


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:1", "http://127.0.0.1:99999", "http://a b:1", "http://[::1", "x", ""]
)
def test_urls_that_are_none(url: str) -> None:
    """A usage error."""
    result = CliRunner().invoke(hubtwin, ["clock", "--url", url])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{url!r} is not the URL of a served portal" in result.stderr
