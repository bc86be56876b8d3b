"""A log as JSON Lines: one entry a line, in the order in which things happened."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, BinaryIO

import orjson

from hubtwin.portal.log import CREATED, SET, Entry
from hubtwin.portal.moments import iso
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record

#: The portal fills these in by itself, without an entry: whether a record began with them can't be told afterwards.
_FILLED_IN = ("closedate", "website")

#: The values that records had before their first change, as far as they changed at all.
_Befores = dict[tuple[Record, str | None], str | None]


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
            befores.setdefault((entry.record, entry.property), entry.before)
    for entry in portal.log:
        yield orjson.dumps(_row(portal, entry, befores), option=orjson.OPT_APPEND_NEWLINE)


def _row(portal: Portal, entry: Entry, befores: _Befores) -> dict[str, Any]:
    value = entry.value
    if entry.kind == CREATED and entry.record is not None:
        value = _first_values(portal, entry.record, befores)
    elif isinstance(value, tuple):
        other, types = value
        value = {**_name(other), "association_types": types}
    return {
        "number": entry.number,
        "at": iso(entry.moment),
        "kind": entry.kind,
        "record": _name(entry.record) if entry.record else None,
        "property": entry.property,
        "value": value,
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


def _name(record: Record) -> dict[str, Any]:
    return {"type": record.type.name, "id": record.id}


def _first_values(portal: Portal, record: Record, befores: _Befores) -> dict[str, str]:
    first = {}
    for name in sorted(record.values):
        definition = portal.properties[record.type].get(name)
        value = befores.get((record, name), record.values[name])
        if value is None or definition is None or definition.read_only or name in _FILLED_IN:
            continue
        first[name] = value
    return first
