"""`hubtwin clock`."""

import click

from hubtwin.cli.talk import ask, path, url_option


@click.command
@click.argument("how", required=False, type=click.Choice(["advance", "to"]))
@click.argument("far", nargs=-1)
@url_option
def command(how: str | None, far: tuple[str, ...], url: str) -> None:
    """Show a served portal's time, or let it pass: `advance 1d 12h` or `to 2026-03-02T09:00`."""
    if how is not None and not far:
        raise click.UsageError(f"say how far: `{how} {'1d' if how == 'advance' else '2026-03-02T09:00'}`")
    if how is None:
        answer = ask(url, "GET", path("clock"))
    else:
        answer = ask(url, "POST", path("clock"), {"by" if how == "advance" else "to": " ".join(far)})
    click.echo(answer["now"])
