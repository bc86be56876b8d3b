"""The pytest plugin that collects `*.scenario.yaml` files: a file is a module, a case is a test.

pytest loads this in every run of everybody who has HubTwin installed, so it imports nothing but pytest until
it meets a scenario file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from hubtwin.scenarios.suites import Case

#: The name under which pytest knows the plugin that follows what the tests exercise.
COVERAGE = "hubtwin-coverage"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tell pytest the options."""
    group = parser.getgroup("hubtwin", "coverage of HubTwin's portal files")
    group.addoption(
        "--hubtwin-coverage",
        action="append",
        nargs="?",
        const="",
        metavar="FILE",
        help="show what of the portal files the tests exercised; with =FILE write it there, too: .json, .info (LCOV)",
    )
    group.addoption(
        "--hubtwin-fail-under",
        type=float,
        metavar="N",
        help="fail where less than N %% of the portal files is exercised",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Follow what the tests exercise, where that is asked for."""
    files, fail_under = config.getoption("--hubtwin-coverage"), config.getoption("--hubtwin-fail-under")
    if files is None and fail_under is None:
        return
    from hubtwin.scenarios.coverage import FORMATS, SessionCoverage

    paths = [Path(file) for file in files or () if file]
    for path in paths:
        if path.suffix not in FORMATS:
            endings = ", ".join(FORMATS)
            raise pytest.UsageError(f"--hubtwin-coverage={path}: a report's name ends in one of {endings}")
        if not path.parent.is_dir():
            raise pytest.UsageError(f"--hubtwin-coverage={path}: there is no folder {path.parent}")
    config.pluginmanager.register(SessionCoverage(paths, fail_under), COVERAGE)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Collect scenario files."""
    if not file_path.name.endswith(".scenario.yaml"):
        return None
    return ScenarioFile.from_parent(parent, path=file_path)


class ScenarioFile(pytest.File):
    """A scenario file."""

    def collect(self) -> Iterator[ScenarioItem]:
        """The file's cases. What is wrong with the file is a collection error, with file and line."""
        from hubtwin.files import FileError
        from hubtwin.scenarios.suites import read_suite

        try:
            suite = read_suite(self.path)
        except FileError as error:
            raise self.CollectError(str(error)) from None
        self._register({tag: None for case in suite.cases for tag in case.example.tags})
        for case in suite.cases:
            # The id is given as a text, from which pytest reads the row as it reads a parameter: --lf needs that.
            yield ScenarioItem.from_parent(self, name=case.name, nodeid=f"{self.nodeid}::{case.name}", case=case)

    def _register(self, tags: Iterable[str]) -> None:
        """Make markers of tags: they are free words, and pass --strict-markers all the same."""
        known = self.config.getini("markers")
        for line in (f"{tag}: a tag of scenario files" for tag in tags):
            if line not in known:
                self.config.addinivalue_line("markers", line)


class ScenarioFailed(Exception):
    """A case failed; the message is the whole story."""


class ScenarioItem(pytest.Item):
    """One case. Its tags are markers, so that `-m` and `-k` find it by them."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        self.extra_keyword_matches.add(case.example.title)
        for tag in case.example.tags:
            self.add_marker(tag)

    def runtest(self) -> None:
        """Run the case."""
        from hubtwin.scenarios.runner import run

        coverage = self.config.pluginmanager.get_plugin(COVERAGE)
        failure = run(self.case, coverage.coverages if coverage is not None else None)
        if failure is not None:
            raise ScenarioFailed(failure.text)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line counted from 0, and title."""
        return self.path, self.case.line - 1, f"{self.name}: {self.case.example.title}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The story, without a traceback."""
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo)
