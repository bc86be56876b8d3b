"""`hubtwin calls`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

import click


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
    calls = _ask(url, "GET", f"/_twin/calls?{query}")
    click.echo("\n".join(_newest(calls["newest"]) if listed else _table(calls)))
    if clear:
        _ask(url, "DELETE", "/_twin/calls")


def _ask(url: str, method: str, path: str) -> Any:
    """What a served portal answers."""
    connection = HTTPConnection(*_address(url), timeout=10)
    try:
        connection.request(method, path)
        return json.loads(connection.getresponse().read() or "{}")
    except (OSError, HTTPException, ValueError) as error:
        raise click.ClickException(f"no portal answers at {url}: {error}") from None
    finally:
        connection.close()


def _address(url: str) -> tuple[str, int | None]:
    with suppress(ValueError):  # a port that can't be one
        address = urlsplit(url)
        if address.scheme == "http" and address.hostname:
            return address.hostname, address.port
    raise click.UsageError(f"{url!r} is not the URL of a served portal, such as http://127.0.0.1:8080")


def _table(calls: Mapping[str, Any]) -> Iterator[str]:
    rows = [(row["calls"], row["inputs"], row["refused"], row["method"], row["endpoint"]) for row in calls["endpoints"]]
    yield from _aligned(("calls", "inputs", "refused", "method", "endpoint"), rows)
    yield ""
    yield f"{calls['calls']} calls, {calls['refused']} refused; {calls['batched']:.0%} of what could be batched was"
    if calls["forgotten"]:
        yield f"{calls['forgotten']} older calls are forgotten"


def _newest(calls: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [(call["moment"], call["app"] or "-", call["status"], call["method"], call["path"]) for call in calls]
    return _aligned(("moment", "app", "status", "method", "path"), rows)


def _aligned(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Rows under their titles, numbers to the right."""
    widths = [max(len(str(row[column])) for row in (titles, *rows)) for column in range(len(titles))]
    numeric = [bool(rows) and all(isinstance(row[column], int) for row in rows) for column in range(len(titles))]
    for row in (titles, *rows):
        cells = zip(row, widths, numeric, strict=True)
        line = "  ".join(str(cell).rjust(width) if right else str(cell).ljust(width) for cell, width, right in cells)
        yield line.rstrip()
