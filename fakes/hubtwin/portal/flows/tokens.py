"""Tokens: `{{ enrolled_object.firstname }}` and its like, in the texts of a flow (F7.18).

What a token stands for is data: tokens in it are not looked at again.
"""

import re
from collections.abc import Iterator, Mapping

from hubtwin.portal.errors import PortalError
from hubtwin.portal.flows.actions import Run
from hubtwin.portal.records import Record

_TOKEN = re.compile(r"\{\{\s*([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)\s*\}\}")
_TYPE = re.compile(r"_\d+_\d+")

#: The output under which actions that make a record name it, as `0-3/1001` (F7.16.4).
OBJECT = "object"


def filled(text: str, run: Run) -> str:
    """A text with its tokens replaced by what they stand for; unknown ones are left empty (F7.18.1)."""
    return _TOKEN.sub(lambda found: _value(found.group(1), run), text) if "{{" in text else text


def with_values(text: str, values: Mapping[str, str]) -> str:
    """A text with its tokens replaced by values of their names, as `{{ widgetName }}`; others are left empty."""
    return _TOKEN.sub(lambda found: values.get(found.group(1), ""), text)


def properties(text: str) -> Iterator[str]:
    """The properties of the enrolled record that a text shows."""
    for path in _TOKEN.findall(text) if "{{" in text else ():
        space, _, name = path.partition(".")
        if space == "enrolled_object" and name and "." not in name:
            yield name


def record_of(text: str, run: Run) -> Record | None:
    """The record that a token names: `{{ enrolled_object }}`, `{{ fetched_objects.company }}`; None for none."""
    found = _TOKEN.fullmatch(text.strip())
    return None if found is None else _record(found.group(1).split("."), run)


def reference(record: Record) -> str:
    """A record as actions give it out."""
    return f"{record.type.id}/{record.id}"


def event_property(run: Run, name: str) -> str:
    """A property of the event that enrolled the record; empty where no event did, or it doesn't tell."""
    entry = run.trigger
    if entry is None:
        return ""
    if entry.property is not None:
        return {"hs_name": entry.property, "hs_value": entry.value or ""}.get(name, "")
    facts: Mapping[str, str] = getattr(entry.value, "facts", {})
    return str(facts.get(name, ""))


def _value(path: str, run: Run) -> str:
    *holder, name = path.split(".")
    match holder:
        case ["enrollment_events", _]:
            return event_property(run, name)
        case ["action_outputs", action] if (key := (_action(action), name)) in run.outputs:
            return run.outputs[key]
    record = _record(holder, run)
    return (record.get(name) or "") if record is not None else ""


def _record(steps: list[str], run: Run) -> Record | None:
    match steps:
        case ["enrolled_object"]:
            return run.record
        case ["fetched_objects", name]:
            source = run.flow.plan.sources.get(name)
            return None if source is None else source.fetch(run)
        case ["action_outputs", action]:
            return _referred(run, run.outputs.get((_action(action), OBJECT), ""))
        case [word] if _TYPE.fullmatch(word):
            return _associated(run, word[1:].replace("_", "-"))
    return None


def _action(word: str) -> str:
    """The id of an action: HubSpot's form of these tokens is not known; `action_3` and `3` are ours (F7.16.4)."""
    return word.removeprefix("action_output_").removeprefix("action_")


def _referred(run: Run, text: str) -> Record | None:
    type, _, id = text.partition("/")
    return run.portal.records[run.portal.type(type)].get(int(id)) if id.isdecimal() else None


def _associated(run: Run, word: str) -> Record | None:
    """The record of a type that `{{ _0_2.name }}` speaks of: the primary one, else the first (F7.18.2)."""
    try:
        type = run.portal.type(word)
    except PortalError:
        return None
    linked = run.portal.associations.of(run.record, type)
    primary = run.portal.associations.primary_of(run.record, type)
    return primary or min(linked, key=lambda other: other.id, default=None)
