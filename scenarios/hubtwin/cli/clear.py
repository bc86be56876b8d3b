"""`hubtwin clear`."""

import click

from hubtwin.cli.talk import ask, path, url_option


@click.command
@url_option
def command(url: str) -> None:
    """Let a served portal have no records and no history; its settings and its clock stay."""
    click.echo(ask(url, "POST", path("clear"))["clock"])
