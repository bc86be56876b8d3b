"""Which files and which cases a command line means."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hubtwin.files import FileError
from hubtwin.scenarios.selection import find_files, select
from hubtwin.scenarios.suites import Suite


def make(folder: Path, *names: str) -> None:
    """Empty files in a folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_files_are_found_in_folders(folder: Path) -> None:
    """In order of their names, each once, hidden and foreign folders left out."""
    make(folder, "b/x.scenario.yaml", "a.scenario.yaml", ".venv/y.scenario.yaml", "node_modules/z.scenario.yaml")
    found = find_files([Path("b"), Path()])
    assert [str(path) for path in found] == ["b/x.scenario.yaml", "a.scenario.yaml"]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("none.scenario.yaml", "none.scenario.yaml: no such file or folder"),
        ("twin.portal.yaml", "twin.portal.yaml: the name of a scenario file ends in .scenario.yaml"),
        (".", ".: no scenario file is there; their names end in .scenario.yaml"),
    ],
)
def test_a_path_without_scenarios_is_an_error(folder: Path, path: str, problem: str) -> None:
    """Nobody takes a misspelt path for a suite that passed."""
    with pytest.raises(FileError) as caught:
        find_files([Path(path)])
    assert caught.value.problems == (problem,)


@pytest.mark.parametrize(
    ("word", "names"),
    [
        (None, ["one", "one-more", "two[a]", "two[b]"]),
        ("one", ["one"]),
        ("one-", ["one-more"]),
        ("two[b]", ["two[b]"]),
        ("TWO", ["two[a]", "two[b]"]),
        ("second", ["one-more"]),
        ("smoke", ["one", "two[a]", "two[b]"]),
        ("nothing", []),
    ],
)
def test_a_word_selects_cases(read_tests: Callable[[str], Suite], word: str | None, names: list[str]) -> None:
    """The case of that very name, or else all that have the word in name, title or tags."""
    suite = read_tests(
        """\
        - {id: one, title: The first, tags: [smoke], steps: []}
        - {id: one-more, title: The second, steps: []}
        - {id: two, title: A table, tags: [smoke], each: [{x: a}, {x: b}], steps: []}
        """
    )
    assert [case.name for case in select(suite.cases, word)] == names
