"""`hubtwin do`."""

import json
from collections.abc import Sequence
from typing import Any

import click

from hubtwin.cli.talk import ask, path, told, url_option


@click.command
@click.argument("verb")
@click.argument("said", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="Print what the portal answers as it is.")
@url_option
def command(verb: str, said: tuple[str, ...], as_json: bool, url: str) -> None:
    """Do one VERB on a served portal, and tell what came of it.

    Dots lead into a key: `set.jobtitle=CEO`. `key:=value` takes JSON: `deal_won:=null`. A VERB that needs no keys takes
    its value alone: `hubtwin do wait 1d`. Records are called as in contacts/1001, or by e-mail address or domain.
    """
    answer = ask(url, "POST", path("do"), {verb: parse(said)})
    for line in [json.dumps(answer)] if as_json else told(answer):
        click.echo(line)


def parse(said: Sequence[str]) -> Any:
    """What is said to a verb: keys with values, or one value alone. A usage error where that makes no sense."""
    if len(said) == 1 and "=" not in said[0]:
        return said[0]
    found: dict[str, Any] = {}
    for one in said:
        key, equals, text = one.partition("=")
        if not equals or not key.rstrip(":"):
            raise click.UsageError(f"{one!r} is no KEY=VALUE")
        _put(found, key.removesuffix(":").split("."), _json(one, text) if key.endswith(":") else text)
    return found


def _put(found: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    *parents, last = keys
    for key in parents:
        found = found.setdefault(key, {})
        if not isinstance(found, dict):
            raise click.UsageError(f"{key!r} has a value already, and can't have keys too")
    if last in found:
        raise click.UsageError(f"{'.'.join(keys)!r} is said twice; a list is written as JSON, {last}:='[…]'")
    found[last] = value


def _json(one: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise click.UsageError(f"{one!r}: what comes after := is not JSON") from None
