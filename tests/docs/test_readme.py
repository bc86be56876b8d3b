"""What the README shows is what happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin

README = Path(__file__).parents[2] / "README.md"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS: list[tuple[str, str]] = FENCED.findall(README.read_text(encoding="utf-8"))


def block(language: str, start: str) -> str:
    return next(text for kind, text in BLOCKS if kind == language and text.startswith(start))


def test_the_demos_output() -> None:
    """Every part that the README shows is printed like that, in this order."""
    parts = block("console", "$ make demo\n").removeprefix("$ make demo\n").split("...\n")
    output = CliRunner().invoke(hubtwin, ["demo"]).stdout
    for part in parts:
        assert part in output
        output = output[output.index(part) + len(part) :]


def test_the_seven_lines(pytester: pytest.Pytester) -> None:
    """The README's test passes as it stands, with nothing but HubTwin installed."""
    pytester.makepyfile(test_stage=block("python", "# test_stage.py"))
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_the_scenarios_output(tmp_path: Path) -> None:
    """The failing scenario prints exactly what the README shows."""
    (tmp_path / "stage.scenario.yaml").write_text(block("yaml", "# stage.scenario.yaml"))
    shown = block("console", "$ hubtwin test").partition("\n")[2]
    command = [sys.executable, "-m", "hubtwin.cli", "test", "stage.scenario.yaml"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == (shown, 1)


def test_the_links() -> None:
    """Every page that the README links to is there."""
    links = re.findall(r"\]\((docs/[^)#]+)\)", README.read_text(encoding="utf-8"))
    assert len(links) >= 6
    assert [link for link in links if not (README.parent / link).is_file()] == []
