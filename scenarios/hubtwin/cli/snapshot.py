"""`hubtwin snapshot`."""

import click

from hubtwin.cli.talk import ask, path, table, url_option


@click.command
@click.option("--list", "listed", is_flag=True, help="Show the snapshots that there are instead.")
@click.option("--delete", "deleted", metavar="ID", help="Drop a snapshot instead.")
@url_option
def command(listed: bool, deleted: str | None, url: str) -> None:
    """Take a snapshot of a served portal, and print its id for `hubtwin restore`."""
    if listed:
        rows = [(one["id"], one["at"], one["entries"]) for one in ask(url, "GET", path("snapshots"))["snapshots"]]
        click.echo("\n".join(table(("id", "portal's time", "log entries"), rows)))
    elif deleted is not None:
        ask(url, "DELETE", path("snapshots", deleted))
    else:
        click.echo(ask(url, "POST", path("snapshots"))["id"])
