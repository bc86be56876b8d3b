"""docs/pull.md: its session is played, and what it shows is what happens."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubtwin.api.endpoints import ENDPOINTS
from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal

PAGE = (Path(__file__).parents[2] / "docs" / "pull.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str, str]] = re.findall(r"^(`{3,4})(\w+)\n(.*?)^\1$", PAGE, flags=re.MULTILINE | re.DOTALL)
SESSION = [text.removeprefix("$ ").partition("\n") for _, kind, text in BLOCKS if kind == "console"]
SERVED = "http://127.0.0.1:8080"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPortal]:
    """The page's portal, served."""
    monkeypatch.chdir(tmp_path)
    Path("source.portal.yaml").write_text(next(text for _, kind, text in BLOCKS if kind == "yaml"))
    with LocalPortal("source.portal.yaml") as portal:
        yield portal


def play(portal: LocalPortal, command: str) -> str:
    """What a command of the page prints."""
    program, *arguments = shlex.split(command)
    if program == "cat":
        return Path(arguments[0]).read_text().replace(portal.url, SERVED)
    return CliRunner().invoke(hubtwin, [word.replace(SERVED, portal.url) for word in arguments]).output


def test_the_session(served: LocalPortal) -> None:
    """Each command prints what the page shows, one after the other."""
    assert len(SESSION) == 4
    for command, _, output in SESSION:
        assert (command, play(served, command)) == (command, output)


def test_the_scopes(served: LocalPortal) -> None:
    """The table names the scope of each endpoint that is asked, and no others."""
    play(served, f"hubtwin pull {SERVED}")
    asked = {(row.method, row.endpoint) for row in served.calls.by_endpoint()}
    needed = {one.scope for one in ENDPOINTS for path in one.paths() if one.scope and (one.method, path) in asked}
    told = set(re.findall(r"`([a-z_.-]+)`", PAGE.partition("| scopes")[2].partition("\n###")[0]))
    assert told == {re.sub(r"\{\w+\}", "contacts", scope) for scope in needed}
