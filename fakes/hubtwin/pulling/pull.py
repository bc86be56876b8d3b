"""Pulling a portal: each part is read, copied into a fresh portal, and that written as a file."""

from collections.abc import Callable, Mapping
from textwrap import wrap
from types import MappingProxyType
from typing import Any, NamedTuple

from hubtwin.api.http import Request, Response
from hubtwin.files import FileError, dump, parse
from hubtwin.files.documents import Place
from hubtwin.files.writing import WIDTH
from hubtwin.portal.portal import Portal
from hubtwin.pulling import automation, beginnings, marketing, objects, pipelines, properties, settling
from hubtwin.pulling.copying import Copy
from hubtwin.pulling.notes import Notes
from hubtwin.pulling.source import NoAnswer, Source


class Pulled(NamedTuple):
    """A portal file: its *data*, its *text* with comments, and a line for all that was left out."""

    data: Mapping[str, Any]
    text: str
    left_out: tuple[str, ...]


#: The parts that are copied, in this order: the later ones name the earlier ones.
PARTS: Mapping[str, Callable[[Copy], None]] = MappingProxyType(
    {
        "custom objects": objects.copy_all,
        "properties": properties.copy_all,
        "pipelines": pipelines.copy_all,
        "pipeline rules": pipelines.copy_rules,
        "association labels": objects.copy_labels,
        "forms": marketing.copy_forms,
        "marketing e-mails": marketing.copy_emails,
        "lists": automation.copy_lists,
        "workflows": automation.copy_workflows,
    }
)

#: What no API tells, by its key in the file, and where people find it in HubSpot.
UNTOLD: Mapping[str, str] = MappingProxyType(
    {
        "settings": "what sets lifecycle stages by itself: Settings > Objects > Contacts > Lifecycle Stage, and Deals",
        "stages": "what makes one and who looks after it: description and owner are your team's own words",
        "chatflows": "live chats and bots: Service > Chatflows",
        "scores": "lead scores: Marketing > Lead Scoring",
        "ads": "ad accounts and their lead forms: Marketing > Ads",
        "connected": "Salesforce, data sync, billing and the like: Settings > Integrations > Connected Apps",
        "apps": "the tokens that your own programs use",
        "views": "saved views: the tabs of the index pages",
        "lists": "who is in static lists: no records are pulled",
    }
)


_ABOUT_SETTINGS = "As in a new account, but for the stages that this one does not have: no API tells."


def pull(ask: Callable[[Request], Response], *, name: str, tell: Callable[[str], None] = lambda part: None) -> Pulled:
    """The portal file of the portal that *ask* asks; the file's first line calls it by its *name*.

    *ask* takes requests, GETs and searches only, and gives responses; it raises OSError where none comes. *tell* is
    told what is read next. Raises NoAnswer where nothing can be read, or nothing more.
    """
    source, notes = Source(ask), Notes()
    tell("account")
    portal = Portal(beginnings.read(source, notes))
    copy = Copy(source, portal, notes)
    for thing, part in PARTS.items():
        tell(thing)
        with notes.leaving_out(thing):
            part(copy)
    if not source.answered:
        raise NoAnswer(f"nothing could be read. {next(iter(notes), '')}")
    data = settling.settled(portal, notes)
    left_out = tuple(notes)
    comments: dict[Place, str] = {(): "\n".join(_head(name, portal, left_out)), ("settings",): _ABOUT_SETTINGS}
    text = dump(data, comments)
    try:
        parse(text, name)
    except FileError as error:
        return Pulled(data, text, (*left_out, f"the file can't be read as it is: {error}"))
    return Pulled(data, text, left_out)


def _head(name: str, portal: Portal, left_out: tuple[str, ...]) -> list[str]:
    lines = [f"Pulled from {name}, account {portal.configuration.account.id}.", ""]
    lines += ["What no API tells is as in a new account. Look it up and write it below:"]
    lines += [line for key, where in UNTOLD.items() for line in _item(f"{key}: {where}")]
    if left_out:
        lines += ["", "Left out, or not quite the same:"]
        lines += [line for one in left_out for line in _item(one)]
    return lines


def _item(text: str) -> list[str]:
    return wrap(f"- {text}", WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
