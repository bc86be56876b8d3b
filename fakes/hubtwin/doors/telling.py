"""How our own pages tell of a portal: records and entries of the log, in JSON's terms."""

from collections.abc import Iterable, Mapping
from typing import Any

from hubtwin.doors.reception import Reception
from hubtwin.portal.log import Activity, Entry
from hubtwin.portal.moments import iso
from hubtwin.portal.records import Record
from hubtwin.portal.stories import tell
from hubtwin.portal.uses import Use
from hubtwin.verbs.doing import Done


def record(one: Record) -> dict[str, Any]:
    """A record: its type, its id, what people call it, its stage."""
    return {"type": one.type.name, "id": one.id, "name": one.name, "stage": one.stage}


def done(reception: Reception, came: Done) -> dict[str, Any]:
    """What came of a verb."""
    return {"records": [record(one) for one in came.records], **entries(reception, came.entries)}


def entries(reception: Reception, told: Iterable[Entry]) -> dict[str, Any]:
    """Entries of the log, and the story that they tell."""
    listed = list(told)
    return {"entries": [entry(reception, one) for one in listed], "story": [tell(one) for one in listed]}


def entry(reception: Reception, one: Entry) -> dict[str, Any]:
    """An entry; `rule` is the piece of configuration that decided it, `where` the line on which that is written."""
    source, rule = one.source, one.source.rule
    return {
        "number": one.number,
        "at": iso(one.moment),
        "kind": one.kind,
        "record": None if one.record is None else {"type": one.record.type.name, "id": one.record.id},
        "property": one.property,
        "value": _value(one.value),
        "before": one.before,
        "source": {"type": source.type, "id": source.id, "label": source.label, "user": source.user},
        "rule": rule,
        "where": None if rule is None else reception.find(rule),
        "cause": one.cause,
    }


def use(reception: Reception, one: Use) -> dict[str, Any]:
    """A use of a property."""
    return {**one._asdict(), "type": one.type.name, "values": list(one.values), "where": reception.find(one.rule)}


def _value(value: Any) -> Any:
    """What an entry is about: a text, an activity with its facts, other records."""
    match value:
        case None | str() | int():
            return value
        case Activity():
            return {"words": value.words, **value.facts}
        case Record():
            return {"type": value.type.name, "id": value.id}
        case list() | tuple():
            return [_value(member) for member in value]
        case Mapping():
            return {str(key): _value(member) for key, member in value.items()}
    return str(value)
