"""`hubtwin lint`."""

import json
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import click

from hubtwin.cli.files import WrongFile
from hubtwin.cli.talk import ask, path
from hubtwin.files import Document, FileError, read
from hubtwin.files.portal_file import PortalFile
from hubtwin.files.portals import trial
from hubtwin.lint import RULES, Severity, lint, sarif
from hubtwin.lint.allowing import allowed
from hubtwin.lint.places import Places
from hubtwin.lint.reports import Located, as_json, lines, summary
from hubtwin.portal import Portal

_rules = click.Choice(list(RULES))


@click.command
@click.argument("files", nargs=-1, type=Path)
@click.option("--url", help="The URL of a served portal, in the place of files.")
@click.option("--rule", "only", multiple=True, type=_rules, metavar="ID", help="Look for this alone; again for more.")
@click.option("--ignore", multiple=True, type=_rules, metavar="ID", help="Don't look for this; again for more.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="warning",
    show_default=True,
    help="Exit with 1 where there is a finding at least as bad as this.",
)
@click.option("--json", "format", flag_value="json", help="Print the findings as JSON.")
@click.option("--sarif", "format", flag_value="sarif", help="Print them in SARIF 2.1.0.")
@click.pass_context
def command(
    context: click.Context,
    files: tuple[Path, ...],
    url: str | None,
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    format: str | None,
) -> None:
    """Say what is wrong with the configuration in portal FILES, before anything runs.

    Exits with 1 where something is found, with 2 where a file can't be used.
    """
    if bool(files) == (url is not None):
        raise click.UsageError("name portal files, or with --url a served portal")
    try:
        found = list(_served(url)) if url is not None else [one for file in files for one in _in_file(file)]
    except FileError as error:
        raise WrongFile(error) from None
    wanted = [one for one in found if (not only or one.finding.rule.id in only) and one.finding.rule.id not in ignore]
    looked_at = url or ("1 file" if len(files) == 1 else f"{len(files)} files")
    _FORMATS[format or "text"](wanted, looked_at)
    failing = (Severity.ERROR,) if fail_on == "error" else (Severity.ERROR, Severity.WARNING)
    context.exit(1 if any(one.finding.rule.severity in failing for one in wanted) else 0)


def _in_file(file: Path) -> list[Located]:
    """The findings in a portal file that it doesn't allow, from its top to its end. Raises FileError."""
    document = read(file)
    portal, permits = trial(document), allowed(file)
    found = _located(portal, PortalFile(portal.configuration, document))
    kept = [one for one in found if one.finding.rule.id not in permits.get(one.place.line or 0, ())]
    return sorted(kept, key=lambda one: one.place.line or 0)


def _served(url: str) -> Iterator[Located]:
    """The findings in the configuration that a served portal has now. Raises FileError."""
    portal = trial(Document(url, ask(url, "GET", path("portal")), {}))
    return _located(portal, PortalFile(portal.configuration))


def _located(portal: Portal, file: PortalFile) -> Iterator[Located]:
    places = Places(file, portal.workflows)
    for finding in lint(portal):
        steps = tuple((step.words, None if step.rule is None else places.of(step.rule)) for step in finding.path)
        yield Located(finding, places.of(finding.place), steps)


def _print_text(found: Sequence[Located], looked_at: str) -> None:
    for line in lines(found):
        click.echo(line)
    click.echo(summary(found, looked_at))


def _print_json(found: Sequence[Located], looked_at: str) -> None:
    click.echo(json.dumps(as_json(found), indent=2, ensure_ascii=False))


def _print_sarif(found: Sequence[Located], looked_at: str) -> None:
    click.echo(json.dumps(sarif.log(found, version("hubtwin")), indent=2, ensure_ascii=False))


_FORMATS: dict[str, Callable[[Sequence[Located], str], None]] = {
    "text": _print_text,
    "json": _print_json,
    "sarif": _print_sarif,
}
