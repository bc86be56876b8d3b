"""`hubtwin serve`: a portal in a process of its own."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


def test_a_port_that_is_taken_is_an_error() -> None:
    """Exit code 1, with the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("--port", str(port))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: can't listen on 127.0.0.1 port {port}: Address already in use")
