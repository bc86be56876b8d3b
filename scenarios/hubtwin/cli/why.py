"""`hubtwin why`."""

import click

from hubtwin.cli.talk import ask, path, split_record, told, url_option


@click.command
@click.argument("record")
@click.argument("property")
@url_option
def command(record: str, property: str, url: str) -> None:
    """Tell how a RECORD's PROPERTY got its value: the chain of causes, what started it first.

    RECORD is type and id, as in contacts/1001.
    """
    answer = ask(url, "GET", path("why", *split_record(record), property))
    value = answer["value"] or "(empty)"
    click.echo("\n".join(told(answer)) or f"nobody ever set {property} of {record}; it is {value}")
