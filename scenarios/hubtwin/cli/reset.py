"""`hubtwin reset`."""

import click

from hubtwin.cli.talk import ask, path, url_option


@click.command
@url_option
def command(url: str) -> None:
    """Let a served portal be as it was when it started, its clock and its settings included."""
    click.echo(ask(url, "POST", path("reset"))["clock"])
