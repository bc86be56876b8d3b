"""A log as JSON Lines: one entry a line, in the order in which things happened."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, BinaryIO

import orjson

from hubtwin.portal import log
from hubtwin.portal.log import SET, Activity, Entry
from hubtwin.portal.moments import iso
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record

#: The values that records had before their first change, of the properties that changed at all.
_Befores = dict[Record, dict[str | None, str | None]]


def write(portal: Portal, file: BinaryIO) -> str:
    """Write a portal's log to a binary file; return the SHA-256 of what was written, in hexadecimal digits."""
    digest = sha256()
    for line in lines(portal):
        digest.update(line)
        file.write(line)
    return digest.hexdigest()


def sha256_of(portal: Portal) -> str:
    """The SHA-256 of the log as `write` writes it: equal for equal runs, in every process."""
    digest = sha256()
    for line in lines(portal):
        digest.update(line)
    return digest.hexdigest()


def lines(portal: Portal) -> Iterator[bytes]:
    """The entries of a portal's log, each as one line of JSON with its keys in a fixed order.

    A `created` entry carries the values that the record began with, less those that HubSpot calculates.
    """
    befores: _Befores = {}
    for entry in portal.log:
        if entry.kind == SET and entry.record is not None:
            befores.setdefault(entry.record, {}).setdefault(entry.property, entry.before)
    for entry in portal.log:
        yield orjson.dumps(_row(portal, entry, befores), option=orjson.OPT_APPEND_NEWLINE)


def _row(portal: Portal, entry: Entry, befores: _Befores) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": iso(entry.moment),
        "kind": entry.kind,
        "record": _name(entry.record) if entry.record else None,
        "property": entry.property,
        "value": _value(portal, entry, befores),
        "before": entry.before,
        "source": {
            "type": entry.source.type,
            "id": entry.source.id,
            "label": entry.source.label,
            "user": entry.source.user,
            "rule": entry.source.rule,
        },
        "cause": entry.cause,
    }


def _value(portal: Portal, entry: Entry, befores: _Befores) -> Any:
    """What an entry is about, in JSON's terms: a text, other records, the values that a record began with."""
    value = entry.value
    match entry.kind:
        case log.CREATED if entry.record is not None:
            return _first_values(portal, entry.record, befores.get(entry.record, {}))
        case log.ASSOCIATED | log.DISSOCIATED if value is not None:
            return {**_name(value[0]), "association_types": value[1]}
        case log.MERGED if value is not None:
            return [_name(record) for record in value]
    return str(value) if isinstance(value, Activity) else value


def _name(record: Record) -> dict[str, Any]:
    return {"type": record.type.name, "id": record.id}


def _first_values(portal: Portal, record: Record, befores: Mapping[str | None, str | None]) -> dict[str, str]:
    definitions = portal.properties[record.type]
    first = {**record.values, **{name: before for name, before in befores.items() if name}}
    return {
        name: value
        for name, value in sorted(first.items())
        if value is not None and (definition := definitions.get(name)) is not None and not definition.read_only
    }
