"""`hubtwin used-in`."""

import click

from hubtwin.cli.talk import ask, path, table, url_option


@click.command
@click.argument("kind", metavar="stage|TYPE")
@click.argument("name")
@url_option
def command(kind: str, name: str, url: str) -> None:
    """Show what in a served portal uses a lifecycle stage, or a property of a TYPE of records.

    As in `hubtwin used-in stage customer` and `hubtwin used-in contacts jobtitle`.
    """
    uses = ask(url, "GET", path("used-in", "stages" if kind == "stage" else kind, name))["uses"]
    rows = [(use["asset"], "writes" if use["writes"] else "reads", use["where"] or use["rule"]) for use in uses]
    titles = ("asset", "does", "rule")
    click.echo("\n".join(table(titles, list(dict.fromkeys(rows)))) if rows else f"nothing uses {name}")
