"""`hubtwin serve`: a portal in a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.portal.configuration import Settings


def invoke(*arguments: str) -> Result:
    """Run `hubtwin serve` in this process."""
    return CliRunner().invoke(hubtwin, ["serve", *arguments])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A portal of one's own, served on any free port."""
    (tmp_path / "p.portal.yaml").write_text("account: {id: 77}\nsettings: {default_stage: {contacts: subscriber}}\n")
    command = [sys.executable, "-m", "hubtwin.cli", "serve", "--port", "0", "--portal", "p.portal.yaml"]
    with subprocess.Popen(
        [*command, "--clock", "still"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        yield process
        process.kill()


def test_a_portal_is_served_until_ctrl_c(server: subprocess.Popen[str]) -> None:
    """The URL alone is on stdout, and answers at once; Ctrl-C ends the process in good order."""
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    answer = httpx.post(
        f"{url}/crm/v3/objects/contacts",
        json={"properties": {"email": "ada@acme.example"}},
        headers={"authorization": "Bearer pat-test"},
        params={"properties": "lifecyclestage"},
    )
    assert answer.status_code == 201
    assert answer.json()["properties"]["lifecyclestage"] == "subscriber"
    server.send_signal(signal.SIGINT)
    output, errors = server.communicate(timeout=20)
    assert (server.returncode, output, errors) == (0, "", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("settings: {deal_wonn: x}", "p.yaml:1  settings: unknown key 'deal_wonn';"
         f" choose from: {', '.join(sorted(Settings.model_fields))}; did you mean 'deal_won'?\n"),
        ("- x", "p.yaml:1  expected keys and values, found a list\n"),
        (None, "p.yaml: No such file or directory\n"),
    ],
)  # fmt: skip
def test_a_wrong_portal_file_is_not_served(folder: Path, text: str | None, problem: str) -> None:
    """Its problems are on stderr with file and line; exit code 2."""
    if text is not None:
        (folder / "p.yaml").write_text(text)
    result = invoke("--portal", "p.yaml", "--port", "0")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", problem)


def test_other_machines_are_let_in_only_on_demand() -> None:
    """A host that isn't this machine needs --allow-remote, since any token opens the portal."""
    result = invoke("--host", "0.0.0.0", "--port", "0")  # noqa: S104  it is refused
    assert result.exit_code == 2
    assert "host '0.0.0.0' would let other machines in" in result.stderr
    assert "--allow-remote" in result.stderr


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "x"], ["--clock", "fast"], ["more"]])
def test_bad_usage_is_exit_code_2(arguments: list[str]) -> None:
    """Wrong values of options are said before anything is served."""
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: hubtwin serve ")


class Hook(ThreadingHTTPServer):
    """A receiver of webhooks that asks the portal at *url* about the contact before it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HookHandler)
        self.url = ""
        self.received: Queue[tuple[str | None, str]] = Queue()


class HookHandler(BaseHTTPRequestHandler):
    """Answers one webhook."""

    server: Hook

    def do_POST(self) -> None:
        """Keep the secret and the contact's address, as the portal has it."""
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        contact = f"{self.server.url}/crm/v3/objects/contacts/{sent['vid']}"
        answer = httpx.get(contact, headers={"authorization": "Bearer pat-test"}, timeout=10)
        self.server.received.put((self.headers["x-key"], answer.json()["properties"]["email"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A receiver that listens."""
    with Hook() as hook:
        thread = threading.Thread(target=hook.serve_forever, args=(0.01,))
        thread.start()
        yield hook
        hook.shutdown()
        thread.join()


@pytest.mark.parametrize("clock", ["follow", "still"])
def test_webhooks_go_where_the_command_says(hook: Hook, tmp_path: Path, clock: str) -> None:
    """The command of the documentation, with its portal file: as time passes, and with a free portal (F7.15.6)."""
    page = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
    (file,) = re.findall(r"^```yaml\n# (hooks\.portal\.yaml\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (command,) = re.findall(r"^\$ hubtwin (serve .*--deliver .*)$", page, re.MULTILINE)
    (tmp_path / "hooks.portal.yaml").write_text(file.partition("\n")[2])
    arguments = command.replace("127.0.0.1:9000", f"127.0.0.1:{hook.server_port}").split()
    with subprocess.Popen(
        [sys.executable, "-m", "hubtwin.cli", *arguments, "--port", "0", "--clock", clock],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "CRM_KEY": "s3cret"},
    ) as process:
        assert process.stdout is not None
        hook.url = process.stdout.readline().strip()
        contact = {"properties": {"email": "ada@acme.example"}}
        headers = {"authorization": "Bearer pat-test"}
        httpx.post(f"{hook.url}/crm/v3/objects/contacts", json=contact, headers=headers).raise_for_status()
        if clock == "still":
            httpx.post(f"{hook.url}/_twin/clock", json={"by": "1s"}, timeout=10).raise_for_status()
        assert hook.received.get(timeout=20) == ("s3cret", "ada@acme.example")
        process.send_signal(signal.SIGINT)
        assert (process.wait(timeout=20), process.communicate()[1]) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--deliver", "https://hooks.example/in"], "choose one on 127.0.0.1, or say --deliver-to-host hooks.example"),
        (["--deliver", "https://hooks.example/in=http://app:80"], "or say --deliver-to-host app"),
        (["--deliver", "hooks=http://127.0.0.1"], "'hooks' is not an address such as"),
        (["--secret", "NOBODY_SET_THIS"], "no environment variable is called 'NOBODY_SET_THIS'"),
    ],
)
def test_targets_that_cannot_be_meant(arguments: list[str], problem: str) -> None:
    """Are said before anything is served; exit code 2 (F7.15.6, F7.15.11)."""
    result = invoke("--port", "0", *arguments)
    assert result.exit_code == 2
    assert problem in " ".join(result.stderr.split())


def test_a_port_that_is_taken_is_an_error() -> None:
    """Exit code 1, with the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("--port", str(port))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: can't listen on 127.0.0.1 port {port}: Address already in use")
