"""`hubtwin coverage`, and the options by which other commands report coverage."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from hubtwin.cli.talk import ask, path
from hubtwin.coverage import Coverage, Coverages
from hubtwin.coverage.coverages import from_json
from hubtwin.coverage.reports import as_json, lcov, read_json, text


class Reports(NamedTuple):
    """What is to be reported: in which files, and how many per cent are too few; None for neither."""

    json: Path | None = None
    lcov: Path | None = None
    fail_under: float | None = None

    def give(self, coverages: Coverages, *, shown: bool) -> bool:
        """Write the files, print the text where it is *shown*; whether enough was exercised."""
        for file, made in ((self.json, as_json), (self.lcov, lcov)):
            if file is not None:
                _write(file, made(coverages))
        share = coverages.share
        enough = self.fail_under is None or not share.is_below(self.fail_under)
        if shown:
            click.echo(f"\n{text(coverages)}")
        if not enough:
            message = f"coverage: {share.percent} % is less than {self.fail_under:g} % (--fail-under)"
            click.echo(message, err=True)
        return enough


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take the options, and get them as *reports*."""

    @click.option("--coverage-json", metavar="FILE", type=Path, help="Write the coverage to FILE as JSON.")
    @click.option("--coverage-lcov", metavar="FILE", type=Path, help="Write it as an LCOV tracefile.")
    @click.option(
        "--fail-under", metavar="N", type=click.FloatRange(0, 100), help="Exit with 1 where less than N % is exercised."
    )
    @wraps(command)
    def with_reports(
        *arguments: Any,
        coverage_json: Path | None,
        coverage_lcov: Path | None,
        fail_under: float | None,
        **options: Any,
    ) -> Any:
        return command(*arguments, reports=Reports(coverage_json, coverage_lcov, fail_under), **options)

    return with_reports


def _write(file: Path, content: str) -> None:
    try:
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"can't write {file}: {error.strerror}") from None


@click.command
@click.argument("files", nargs=-1, type=Path, metavar="[REPORT]...")
@click.option("--url", multiple=True, metavar="URL", help="Ask a served portal, too, what was exercised on it.")
@report_options
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], url: tuple[str, ...], reports: Reports) -> None:
    """Add up REPORTs that `--coverage-json` wrote, and show what of the portal files was exercised.

    The exit code is 1 where that is less than --fail-under asks for, 2 where a file is no such report.
    """
    if not (files or url):
        raise click.UsageError("name the reports, or with --url a served portal")
    coverages = Coverages()
    for file in files:
        coverages.merge(_read(file))
    for one in url:
        coverages.merge(from_json(ask(one, "GET", path("coverage"))))
    context.exit(0 if reports.give(coverages, shown=True) else 1)


def _read(file: Path) -> list[Coverage]:
    try:
        return read_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.UsageError(f"can't read {file}: {error.strerror}") from None
    except ValueError as error:
        raise click.UsageError(f"{file} is no report that --coverage-json wrote: {error}") from None
