"""`hubtwin calls`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import click

from hubtwin.cli.talk import ask, path, table


@click.command
@click.argument("url")
@click.option("--method", help="Only calls with this method.")
@click.option("--endpoint", help="Only calls of this endpoint or path; * stands for anything.")
@click.option("--status", type=int, help="Only calls that were answered with this status.")
@click.option("--app", type=int, help="Only calls of the app with this id.")
@click.option("--list", "listed", type=click.IntRange(min=1), metavar="N", help="Show the newest N calls one by one.")
@click.option("--clear", is_flag=True, help="Forget all calls once they are shown.")
def command(
    url: str,
    method: str | None,
    endpoint: str | None,
    status: int | None,
    app: int | None,
    listed: int | None,
    clear: bool,
) -> None:
    """Show which calls a served portal answered: how many, how well they were batched, which were refused.

    URL is what `hubtwin serve` printed, or a test's `portal.url`.
    """
    chosen = {"method": method, "endpoint": endpoint, "status": status, "app": app, "limit": listed or 0}
    query = urlencode({name: value for name, value in chosen.items() if value is not None})
    calls = ask(url, "GET", f"{path('calls')}?{query}")
    click.echo("\n".join(_newest(calls["newest"]) if listed else _table(calls)))
    if clear:
        ask(url, "DELETE", path("calls"))


def _table(calls: Mapping[str, Any]) -> Iterator[str]:
    rows = [(row["calls"], row["inputs"], row["refused"], row["method"], row["endpoint"]) for row in calls["endpoints"]]
    yield from table(("calls", "inputs", "refused", "method", "endpoint"), rows)
    yield ""
    yield f"{calls['calls']} calls, {calls['refused']} refused; {calls['batched']:.0%} of what could be batched was"
    if calls["forgotten"]:
        yield f"{calls['forgotten']} older calls are forgotten"


def _newest(calls: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [(call["moment"], call["app"] or "-", call["status"], call["method"], call["path"]) for call in calls]
    return table(("moment", "app", "status", "method", "path"), rows)
