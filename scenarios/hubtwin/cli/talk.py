"""Talking with a served portal."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import click

from hubtwin.doors.hosts import SERVER

Command = TypeVar("Command", bound=Callable[..., Any])

#: How long an answer may take, in seconds: a clock that is advanced by a year has much to do.
_TIMEOUT = 600


class Refusal(click.ClickException):
    """A portal would not do what it was told: its words go to stderr; exit code 2."""

    exit_code = 2


def url_option(command: Command) -> Command:
    """Let a command know which portal is meant."""
    option = click.option(
        "--url",
        envvar="HUBTWIN_URL",
        default="http://127.0.0.1:8080",
        show_default=True,
        show_envvar=True,
        help="What `hubtwin serve` printed, or a test's `portal.url`.",
    )
    return option(command)


def ask(url: str, method: str, path: str, body: Any = None) -> Any:
    """What a served portal answers, None where that is nothing. Raises Refusal and other ClickExceptions."""
    connection = _connection(url)
    try:
        connection.request(method, path, json.dumps(body), {"content-type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read() or "null")
    except (OSError, HTTPException, ValueError) as error:
        raise click.ClickException(f"no portal answers at {url}: {error}") from None
    finally:
        connection.close()
    if response.getheader("server") != SERVER:
        raise click.ClickException(f"what answers at {url} is no portal that `hubtwin serve` serves")
    if response.status >= 400:
        raise Refusal(str(answer.get("message") if isinstance(answer, dict) else answer))
    return answer


def path(*steps: str) -> str:
    """The path of a page under `/_twin/`, whatever stands in its steps."""
    return "/".join(["/_twin", *(quote(step, safe="") for step in steps)])


def split_record(text: str) -> tuple[str, str]:
    """Type and id of a record that is called as in `contacts/1001`."""
    type, slash, id = text.partition("/")
    if not (type and slash and id):
        raise click.UsageError(f"{text!r} names no record; write type and id, as in contacts/1001")
    return type, id


def told(answer: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a story, each with the rule that decided what a property became, where one did."""
    for entry, line in zip(answer["entries"], answer["story"], strict=True):
        rule = entry["rule"] if entry["property"] is not None else None
        yield line if rule is None else f"{line}  <-- rule {entry['where'] or rule}"


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Rows under their titles, numbers to the right."""
    widths = [max(len(str(row[column])) for row in (titles, *rows)) for column in range(len(titles))]
    numeric = [bool(rows) and all(isinstance(row[column], int) for row in rows) for column in range(len(titles))]
    for row in (titles, *rows):
        cells = zip(row, widths, numeric, strict=True)
        line = "  ".join(str(cell).rjust(width) if right else str(cell).ljust(width) for cell, width, right in cells)
        yield line.rstrip()


def _connection(url: str) -> HTTPConnection:
    with suppress(ValueError, HTTPException):  # a port or a host that can't be one
        address = urlsplit(url)
        if address.scheme == "http" and address.hostname:
            return HTTPConnection(address.hostname, address.port, timeout=_TIMEOUT)
    raise click.UsageError(f"{url!r} is not the URL of a served portal, such as http://127.0.0.1:8080")
