"""`hubtwin workflows …`: what people see of a served portal's workflows."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import click
from click.core import ParameterSource

from hubtwin.cli.talk import Command, ask, path, table, url_option

_Answer = Mapping[str, Any]


def _asking(command: Command) -> Command:
    """Let a command know which portal is meant, and whether a program reads the answer."""
    return url_option(click.option("--json", "as_json", is_flag=True, help="Print what the portal answers.")(command))


@click.group(invoke_without_command=True)
@_asking
@click.pass_context
def command(context: click.Context, url: str, as_json: bool) -> None:
    """Show the workflows of a served portal; the commands below show more of one."""
    if context.invoked_subcommand is None:
        _print(ask(url, "GET", path("workflows")), _list, as_json=as_json)
    elif any(context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ("url", "as_json")):
        raise click.UsageError(f"write options behind {context.invoked_subcommand!r}")


@command.command
@click.argument("workflow")
@click.option("--record", help="Only what was done with this record, as in contacts/1001.")
@click.option("--status", help="Only what came out like this: enrolled, left, succeeded, waiting, failed.")
@click.option("--action", help="Only what the action with this id did.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The newest N lines; 100 where nothing is said.")
@_asking
def log(workflow: str, url: str, as_json: bool, **chosen: Any) -> None:
    """Show what a WORKFLOW did in the last 90 days, newest first. It is called by its name or id."""
    query = urlencode({name: value for name, value in chosen.items() if value is not None})
    _print(ask(url, "GET", f"{path('workflows', workflow, 'log')}?{query}"), _log, as_json=as_json)


@command.command
@click.argument("workflow")
@_asking
def metrics(workflow: str, url: str, as_json: bool) -> None:
    """Show how many records a WORKFLOW enrolled, where they are, how they left, and what each action did."""
    _print(ask(url, "GET", path("workflows", workflow, "metrics")), _metrics, as_json=as_json)


@command.command
@_asking
def issues(url: str, as_json: bool) -> None:
    """Show the issues that need review: what went wrong, how often, and how to fix it."""
    _print(ask(url, "GET", path("issues")), _issues, as_json=as_json)


def _print(answer: _Answer, lines: Callable[[_Answer], Iterator[str]], *, as_json: bool) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else "\n".join(lines(answer)))


def _list(answer: _Answer) -> Iterator[str]:
    rows = [
        (one["id"], one["name"], "on" if one["on"] else "off", one["object"], one["active"], one["issues"])
        for one in answer["workflows"]
    ]
    return table(("id", "workflow", "state", "object", "active", "issues"), rows) if rows else iter(["no workflows"])


def _log(answer: _Answer) -> Iterator[str]:
    rows = [
        (_time(one["at"]), _record(one["record"]), _action(one["action"]), one["status"], one["event"])
        for one in answer["events"]
    ]
    return table(("time", "record", "action", "status", "event"), rows) if rows else iter(["nothing happened"])


def _metrics(answer: _Answer) -> Iterator[str]:
    enrolled, left = answer["enrolled"], answer["left"]
    row = (enrolled["total"], enrolled["unique"], answer["active"], answer["completed"], sum(left.values()))
    yield from table(("enrolled", "different", "active", "completed", "left"), [row])
    if left:
        yield from ("", *table(("left because", "records"), [*left.items()]))
    actions = answer["actions"]
    rows = [(_action(one), one["succeeded"], one["failed"], one["waiting"]) for one in actions]
    if rows:
        yield from ("", *table(("action", "succeeded", "failed", "waiting"), rows))
    taken = [(f"{_action(one)}: {way['name']}", way["taken"]) for one in actions for way in one["branches"]]
    if taken:
        yield from ("", *table(("branch", "taken"), taken))


def _issues(answer: _Answer) -> Iterator[str]:
    for one in answer["issues"]:
        where = f"  <-- {one['where']}" if one["where"] else ""
        times = "1 time" if one["count"] == 1 else f"{one['count']} times"
        yield f"{one['workflow']['name']}, action {_action(one['action'])}: {times}, last {_time(one['last'])}{where}"
        yield f"  {one['message']}"
        yield f"  {one['fix']}"
    if not answer["issues"]:
        yield "nothing needs review"


def _time(moment: str) -> str:
    return moment[:19].replace("T", " ")


def _record(record: _Answer) -> str:
    return f"{record['type']}/{record['id']} ({record['name']})"


def _action(action: _Answer | None) -> str:
    return "" if action is None else f"{action['id']} {action['title']}"
