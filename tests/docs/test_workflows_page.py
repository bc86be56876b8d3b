"""docs/workflows.md: its session is played, its files are run, and what it shows is what happens."""

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal
from hubtwin.portal.flows.kinds import BUILT_IN

PAGE = (Path(__file__).parents[2] / "docs" / "workflows.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
FILES = {text.partition("\n")[0].removeprefix("# "): text for kind, text in BLOCKS if kind == "yaml"}
SESSION = [text.removeprefix("$ ").partition("\n") for kind, text in BLOCKS if kind == "console"]
SERVED = "http://127.0.0.1:8080"


def block(kind: str) -> str:
    return next(text for found, text in BLOCKS if found == kind)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPortal]:
    """The page's portal, served, beside the page's files."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text)
    with LocalPortal("acme.portal.yaml") as portal:
        monkeypatch.setenv("HUBTWIN_URL", portal.url)
        yield portal


def play(portal: LocalPortal, command: str) -> str:
    """What a command of the page prints."""
    program, *arguments = shlex.split(command)
    return CliRunner().invoke(hubtwin, arguments).output if program == "hubtwin" else curl(portal, arguments)


def curl(portal: LocalPortal, arguments: list[str]) -> str:
    """What curl prints; it is not everywhere."""
    parser = ArgumentParser()
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-o")
    parser.add_argument("-H")
    parser.add_argument("-X", default="POST")
    parser.add_argument("--json")
    parser.add_argument("url")
    said = parser.parse_args(arguments)
    headers = {"content-type": "application/json", **dict([said.H.split(": ")])}
    answer = requests.request(said.X, said.url.replace(SERVED, portal.url), headers=headers, data=said.json, timeout=5)
    answer.raise_for_status()
    return "" if said.o == "/dev/null" else answer.text + "\n"


def test_the_session(served: LocalPortal) -> None:
    """Each command prints what the page shows, one after the other on the same portal."""
    for command, _, output in SESSION:
        assert (command, play(served, command)) == (command, output)


def test_the_test(pytester: pytest.Pytester) -> None:
    """The page's test passes as it stands, with the page's flow."""
    pytester.path.joinpath("hand-over.json").write_text(block("json"))
    pytester.makepyfile(test_hand_over=block("python"))
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_what_is_not_executed_is_said() -> None:
    """The page names each kind of action that is only logged (F7.17.0)."""
    (row,) = (line for line in PAGE.splitlines() if line.startswith("| Not executed |"))
    for title in ("Enroll in sequence", "Send WhatsApp message", "Send SMS", "Send Slack notification"):
        assert title in {known for known, _ in BUILT_IN.values()}
        assert title.split()[-1 if title.endswith(("sequence", "SMS")) else 1] in row
