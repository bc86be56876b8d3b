"""`hubtwin test`."""

from dataclasses import dataclass
from pathlib import Path

import click

from hubtwin.cli.coverage import Reports, report_options
from hubtwin.cli.files import WrongFile
from hubtwin.coverage import Coverages
from hubtwin.files import FileError
from hubtwin.scenarios.runner import Failure, run
from hubtwin.scenarios.selection import find_files, select
from hubtwin.scenarios.suites import Case, read_suite

#: Exit codes, where not all is well.
FAILED = 1
WRONG = 2


@click.command
@click.argument("paths", nargs=-1, type=Path, metavar="[PATH]...")
@click.option(
    "-k", "word", metavar="WORD", help="Only the test called WORD, or those with WORD in name, title or tags."
)
@click.option("-v", "--verbose", is_flag=True, help="A line for each test.")
@click.option("--coverage", "shown", is_flag=True, help="Show what of the portal files the tests exercised.")
@report_options
@click.pass_context
def command(
    context: click.Context, paths: tuple[Path, ...], word: str | None, verbose: bool, shown: bool, reports: Reports
) -> None:
    """Run the scenario files that PATHs name, and those in the folders that they name; by default in this one.

    The exit code is 0 where all tests passed, 1 where an expectation failed or less was exercised than --fail-under
    asks for, 2 where a file is wrong or no test was found.
    """
    results, coverages = [], Coverages() if shown or reports != Reports() else None
    for path in _find(paths or (Path(),)):
        results.append(run_file(path, word, coverages))
        _show(results[-1], verbose=verbose)
    click.echo(_summary(results))
    if word is not None and not any(result.outcomes for result in results):
        click.echo(f"no test has {word!r} in its name, title or tags", err=True)
    enough = coverages is None or reports.give(coverages, shown=shown)
    context.exit(exit_code(results) or (0 if enough else FAILED))


@dataclass(frozen=True)
class Result:
    """What became of one file: its cases with the failures of those that failed, or what is wrong with it."""

    path: Path
    outcomes: tuple[tuple[Case, Failure | None], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def failures(self) -> list[Failure]:
        """The failures, in the order of the file."""
        return [failure for _, failure in self.outcomes if failure is not None]

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return len(self.outcomes) - len(self.failures)


def run_file(path: Path, word: str | None = None, coverages: Coverages | None = None) -> Result:
    """Run a file's cases, or those that *word* selects; what they exercise is added to *coverages*."""
    try:
        suite = read_suite(path)
    except FileError as error:
        return Result(path, problems=error.problems)
    return Result(suite.path, tuple((case, run(case, coverages)) for case in select(suite.cases, word)))


def exit_code(results: list[Result]) -> int:
    """What the process ends with."""
    if any(result.problems for result in results) or not any(result.outcomes for result in results):
        return WRONG
    return FAILED if any(result.failures for result in results) else 0


def _find(paths: tuple[Path, ...]) -> list[Path]:
    try:
        return find_files(paths)
    except FileError as error:
        raise WrongFile(error) from None


def _show(result: Result, *, verbose: bool) -> None:
    for problem in result.problems:
        click.echo(problem, err=True)
    if not result.outcomes:
        return
    click.echo(f"{result.path}  {_counts(result.passed, len(result.failures))}")
    for case, failure in result.outcomes if verbose else ():
        word = _failed("failed") if failure else _passed("passed")
        click.echo(f"  {word}  {case.name}  {case.example.title}")
    for failure in result.failures:
        click.echo(f"\n{failure.text}\n")


def _summary(results: list[Result]) -> str:
    ran = [result for result in results if result.outcomes]
    passed, failed = sum(result.passed for result in ran), sum(len(result.failures) for result in ran)
    parts = [f"{_counts(passed, failed)} in {_files(len(ran))}"] if ran else ["no test was run"]
    if wrong := sum(bool(result.problems) for result in results):
        parts.append(_failed(f"{_files(wrong)} wrong"))
    return "; ".join(parts)


def _counts(passed: int, failed: int) -> str:
    words = [_passed(f"{passed} passed")] if passed else []
    return ", ".join([*words, _failed(f"{failed} failed")] if failed else words)


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _passed(text: str) -> str:
    return click.style(text, fg="green")


def _failed(text: str) -> str:
    return click.style(text, fg="red", bold=True)
