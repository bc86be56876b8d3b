"""Coverage of a test session: what of the portal files all tests of pytest exercised, in every worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hubtwin.coverage import Coverages, reports
from hubtwin.coverage.coverages import from_json
from hubtwin.portal.portal import Portal

#: Under this name a worker of pytest-xdist hands over what its tests exercised.
_HANDED_OVER = "hubtwin_coverage"

#: What a file is written as, by what its name ends in.
FORMATS = {".json": reports.as_json, ".info": reports.lcov, ".lcov": reports.lcov}


class SessionCoverage:
    """A pytest plugin that follows the portals of all tests: those of scenarios, and those that fixtures make.

    *files* are the reports to write, *fail_under* is how many per cent are enough.
    """

    def __init__(self, files: list[Path], fail_under: float | None) -> None:
        self.coverages = Coverages()
        self._files = files
        self._fail_under = fail_under

    @property
    def _is_too_little(self) -> bool:
        return self._fail_under is not None and self.coverages.share.is_below(self._fail_under)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """Look at the portals of a test before its fixtures are gone."""
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, Portal):
                self.coverages.add(value, getattr(getattr(value, "reception", None), "file", None))
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker of pytest-xdist hands over; one that crashed hands over nothing."""
        handed_over = getattr(node, "workeroutput", {}).get(_HANDED_OVER)
        if handed_over is not None:
            self.coverages.merge(from_json(handed_over))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand it over, in a worker; else write the reports, and fail where it is too little."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_HANDED_OVER] = self.coverages.as_json()
            return
        for file in self._files:
            file.write_text(FORMATS[file.suffix](self.coverages), encoding="utf-8")
        if self._is_too_little and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the text."""
        terminalreporter.section("coverage of portal files")
        terminalreporter.write_line(reports.text(self.coverages))
        if self._is_too_little:
            message = f"{self.coverages.share.percent} % is less than {self._fail_under:g} % (--hubtwin-fail-under)"
            terminalreporter.write_line(message, red=True)
