"""Which scenario files, and which of their cases, a command line means."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from hubtwin.files import FileError
from hubtwin.scenarios.suites import SUFFIX, Case

#: Folders in which nobody keeps scenarios of their own.
_SKIPPED = ("__pycache__", "node_modules", "venv")


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The scenario files that *paths* name, and those in the folders that they name, each once.

    Raises FileError where a path is neither, or where there is no file at all.
    """
    problems = [problem for path in paths if (problem := _problem(path))]
    if problems:
        raise FileError(problems)
    found = list(dict.fromkeys(file for path in paths for file in _files(path)))
    if not found:
        places = ", ".join(map(str, paths))
        raise FileError([f"{places}: no scenario file is there; their names end in {SUFFIX}"])
    return found


def select(cases: Sequence[Case], word: str | None) -> list[Case]:
    """The case that is called *word*, or else those with *word* in their name, title or tags, whatever its case."""
    if word is None:
        return list(cases)
    named = [case for case in cases if case.name == word]
    return named or [case for case in cases if word.lower() in _words(case)]


def _words(case: Case) -> str:
    return "\n".join((case.name, case.example.title, *case.example.tags)).lower()


def _problem(path: Path) -> str | None:
    if path.is_dir():
        return None
    if not path.exists():
        return f"{path}: no such file or folder"
    return None if path.name.endswith(SUFFIX) else f"{path}: the name of a scenario file ends in {SUFFIX}"


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(SUFFIX))
