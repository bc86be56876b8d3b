"""`hubtwin restore`."""

import click

from hubtwin.cli.talk import ask, path, url_option


@click.command
@click.argument("id")
@url_option
def command(id: str, url: str) -> None:
    """Let a served portal be as it was when the snapshot with this ID was taken."""
    click.echo(ask(url, "POST", path("snapshots", id, "restore"))["clock"])
