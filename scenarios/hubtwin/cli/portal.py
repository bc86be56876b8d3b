"""`hubtwin portal …`: portal files checked, begun, written and described, to people and to editors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from hubtwin.cli.files import WrongFile
from hubtwin.cli.starter import STARTER
from hubtwin.cli.talk import ask, path
from hubtwin.files import FileError, dump, export, read
from hubtwin.files.portals import plain, trial
from hubtwin.files.schema import schema
from hubtwin.portal import Configuration, descriptions
from hubtwin.portal.checking import contradictions


@click.group
def command() -> None:
    """Check, begin, export and describe portal files."""


class Finding(NamedTuple):
    """What a check found: an `error`, with which no portal can be made, or a `warning`."""

    kind: str
    where: str
    message: str


@command.command
@click.argument("files", nargs=-1, required=True, type=Path)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 where there are warnings.")
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], as_json: bool, strict: bool) -> None:
    """Say all that is wrong with portal FILES, and what in them has no effect.

    Exits with 2 where a portal can't be made of one.
    """
    findings = [finding for file in files for finding in _findings(file)]
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            mark = "" if finding.kind == "error" else "warning: "
            click.echo(f"{finding.where}  {mark}{finding.message}")
        click.echo(_summary(len(files), findings))
    kinds = {finding.kind for finding in findings}
    context.exit(2 if "error" in kinds else 1 if strict and kinds else 0)


def _findings(file: Path) -> Iterator[Finding]:
    try:
        document = read(file)
        portal = trial(document)
    except FileError as error:
        for problem in error.problems:
            where, gap, message = problem.partition("  ")
            yield Finding("error", where, message) if gap else Finding("error", str(file), problem.split(": ", 1)[-1])
        return
    for contradiction in contradictions(portal.configuration):
        place = ".".join(map(str, contradiction.place))
        yield Finding("warning", document.where(contradiction.place), f"{place}: {contradiction.message}")


def _summary(files: int, findings: list[Finding]) -> str:
    errors = sum(finding.kind == "error" for finding in findings)
    return f"{_many(files, 'file')}: {_many(errors, 'error')}, {_many(len(findings) - errors, 'warning')}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


@command.command
@click.argument("file", type=Path, default=Path("portal.yaml"))
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def init(file: Path, force: bool) -> None:
    """Write a portal FILE to begin with, with comments that say what can be changed."""
    if file.exists() and not force:
        raise click.UsageError(f"{file} exists already; choose another name, or overwrite it with --force")
    try:
        file.write_text(STARTER, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"can't write {file}: {error.strerror}") from None
    click.echo(f"{file} is a portal. Serve it: hubtwin serve --portal {file}")


@command.command("export")
@click.argument("file", type=Path, required=False)
@click.option("--url", help="The URL of a served portal, in the place of a file.")
def export_(file: Path | None, url: str | None) -> None:
    """Print a portal FILE in its shortest form, or what a served portal is like now."""
    if (file is None) == (url is None):
        raise click.UsageError("name a portal file, or with --url a served portal")
    try:
        data = export(trial(read(file))) if file is not None else _served(url or "")
    except FileError as error:
        raise WrongFile(error) from None
    click.echo(dump(data), nl=False)


def _served(url: str) -> dict[str, object]:
    return plain(Configuration.model_validate(ask(url, "GET", path("portal"))))


@command.command
@click.argument("file", type=Path, required=False)
@click.option("--url", help="The URL of a served portal, in the place of a file.")
@click.option("-o", "--output", type=Path, metavar="PAGE", help="Write the page there, and not to stdout.")
def describe(file: Path | None, url: str | None, output: Path | None) -> None:
    """Say on one page how the lifecycle stages of a portal FILE, or of a served portal, work now.

    The page is Markdown, with a chart that GitHub and many editors draw.
    """
    if (file is None) == (url is None):
        raise click.UsageError("name a portal file, or with --url a served portal")
    try:
        page = descriptions.describe(trial(read(file))) if file is not None else _described(url or "")
    except FileError as error:
        raise WrongFile(error) from None
    if output is None:
        click.echo(page, nl=False)
        return
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"can't write {output}: {error.strerror}") from None


def _described(url: str) -> str:
    return str(ask(url, "GET", path("description"))["page"])


@command.command("schema")
def schema_() -> None:
    """Print the JSON Schema of portal files, for editors.

    A first line `# yaml-language-server: $schema=portal.schema.json` tells an editor to use it.
    """
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
