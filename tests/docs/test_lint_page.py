"""docs/lint.md: its session is played, and its table has the rules that there are."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.lint import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "lint.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
PORTAL, ALLOWED = (text for kind, text in BLOCKS if kind == "yaml")
SESSION = [text.removeprefix("$ hubtwin ").partition("\n") for kind, text in BLOCKS if kind == "console"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's folder, with its portal file."""
    monkeypatch.chdir(tmp_path)
    Path("acme.portal.yaml").write_text(PORTAL)


def play(command: str) -> str:
    return CliRunner().invoke(hubtwin, shlex.split(command)).output


def test_the_session() -> None:
    """Each command prints what the page shows."""
    for command, _, output in SESSION:
        assert (command, play(command)) == (command, output)


def test_what_is_allowed() -> None:
    """With the page's comment, the finding is gone."""
    changed = PORTAL.replace("      - {clear: lifecyclestage}\n", ALLOWED)
    Path("acme.portal.yaml").write_text(changed)
    assert (changed == PORTAL, "clear-and-set" in play("lint acme.portal.yaml")) == (False, False)


def test_the_rules() -> None:
    """The table has each rule, how bad it is and what it is about, in the order of the code."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows == [f"| `{rule.id}` | {rule.severity} | {rule.what} |" for rule in RULES.values()]


def test_the_test(pytester: pytest.Pytester) -> None:
    """The page's test passes as it stands."""
    pytester.makepyfile(test_acme=next(text for kind, text in BLOCKS if kind == "python"))
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)
