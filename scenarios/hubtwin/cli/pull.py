"""`hubtwin pull`."""

import sys
from contextlib import suppress
from pathlib import Path

import click

from hubtwin.cli.talk import Refusal
from hubtwin.doors.remote import Remote
from hubtwin.pulling import NoAnswer, Pulled, pull

#: What opens a portal on this machine, where any token does.
_ANY_TOKEN = "hubtwin"  # noqa: S105  it opens nothing else


@click.command
@click.argument("url")
@click.option("-o", "--output", type=Path, metavar="FILE", help="Write the portal file there, and not to stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.option(
    "--token",
    envvar="HUBSPOT_ACCESS_TOKEN",
    show_envvar=True,
    help="The portal's access token; read scopes are enough. The variable keeps it out of the shell's history.",
)
def command(url: str, output: Path | None, force: bool, token: str | None) -> None:
    """Read the portal at URL out of HubSpot's API, and write it as a portal file.

    URL is https://api.hubapi.com, or whatever else speaks HubSpot's API. The portal is only read, and no records are.
    What the token may not read, and what HubTwin has nothing like, is left out: the file's first lines say what,
    and so does stderr. Exits with 2, and writes nothing, where nothing can be read.
    """
    if output is not None and output.exists() and not force:
        raise click.UsageError(f"{output} exists already; choose another name, or overwrite it with --force")
    pulled = _pull(url, token)
    for line in pulled.left_out:
        click.echo(f"warning: {line}", err=True)
    if output is None:
        click.echo(pulled.text, nl=False)
    else:
        _write(output, pulled.text)
        click.echo(f"{output} is the portal. Check it: hubtwin portal check {output}", err=True)


def _pull(url: str, token: str | None) -> Pulled:
    if not token and not url.startswith("http:"):
        raise click.UsageError("the portal needs a token: set HUBSPOT_ACCESS_TOKEN, or give --token")
    try:
        remote = Remote(url, token or _ANY_TOKEN)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with _Progress() as progress:
        try:
            return pull(remote, name=url, tell=progress)
        except NoAnswer as error:
            raise Refusal(str(error)) from None


class _Progress:
    """One line on a terminal that says what is being read."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._show("")

    def __call__(self, part: str) -> None:
        self._show(f"reading {part} …")

    def _show(self, words: str) -> None:
        if self._is_shown:
            click.echo(f"\r\033[K{words}", nl=False, err=True)


def _write(output: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(output)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise click.ClickException(f"can't write {output}: {error.strerror}") from None
