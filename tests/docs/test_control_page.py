"""docs/control.md: its session is played, and what it shows is what happens."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal
from hubtwin.doors.pages import PAGES

PAGE = (Path(__file__).parents[2] / "docs" / "control.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
SESSION = [text.removeprefix("$ ").partition("\n") for kind, text in BLOCKS if kind == "console"]
SERVED = "http://127.0.0.1:8080"


def block(kind: str) -> str:
    return next(text for found, text in BLOCKS if found == kind)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPortal]:
    """The page's portal, served."""
    monkeypatch.chdir(tmp_path)
    Path("acme.portal.yaml").write_text(block("yaml"))
    with LocalPortal("acme.portal.yaml") as portal:
        monkeypatch.setenv("HUBTWIN_URL", portal.url)
        yield portal


def play(portal: LocalPortal, command: str) -> str:
    """What a command of the page prints."""
    program, *arguments = shlex.split(command)
    if program == "hubtwin":
        return CliRunner().invoke(hubtwin, arguments).output
    _, _, body, url = arguments  # curl -s --json BODY URL
    headers = {"content-type": "application/json"}
    return requests.post(url.replace(SERVED, portal.url), body, headers=headers, timeout=5).text + "\n"


def test_the_session(served: LocalPortal) -> None:
    """Each command prints what the page shows, one after the other on the same portal."""
    for command, _, output in SESSION:
        assert (command, play(served, command)) == (command, output)


def test_the_test(pytester: pytest.Pytester) -> None:
    """The page's test passes as it stands."""
    pytester.makepyfile(test_acme=block("python"))
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_every_page_is_listed() -> None:
    """The table has each page that a portal answers."""
    assert [page for page in PAGES if f"| `{page.method} {page.path}` |" not in PAGE] == []
