"""The page on journeys: its examples run."""

import re
from pathlib import Path

import pytest

from hubtwin.files import parse
from hubtwin.journeys.journey import Journey
from hubtwin.portal.configuration import Configuration
from hubtwin.runs.run import simulate

PAGE = (Path(__file__).parents[2] / "docs" / "journeys.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_whole_file_is_a_journey(configuration: Configuration) -> None:
    """The example is read and walked as it stands."""
    (text,) = blocks("yaml")
    journey = Journey.parse(parse(text, "docs/journeys.md"))
    assert simulate(journey, configuration, seed=1, days=30, extra_days=None).walk.inside == 0


def test_the_python_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They print a funnel, the throughput, and that the file's hash is the log's."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, names)  # noqa: S102  the page's own code
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("Lead ")
    assert lines[-1] == "True"
