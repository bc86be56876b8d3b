"""Property values as versions 1 and 2 write them (F6.2): each with its versions, all moments in milliseconds."""

from collections.abc import Iterable
from typing import Any

from hubtwin.api.rendering import everything, versions
from hubtwin.portal.log import SET, Version
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.portal.sources import CALCULATED
from hubtwin.portal.values import moment


def properties_json(
    portal: Portal, record: Record, names: Iterable[str] | None = None, with_history: Iterable[str] = ()
) -> dict[str, Any]:
    """The properties of a company, deal or other record: those called *names*, or all that are set (F6.2).

    Each has one version, the present one; those in *with_history* have all of theirs.
    """
    whole = set(with_history)
    shown = ever_set(portal, record) if names is None else {*names, *whole}
    return {
        name: _property_json(portal, record, name, found if name in whole else found[:1])
        for name in sorted(shown)
        if (found := history(portal, record, name))
    }


def ever_set(portal: Portal, record: Record) -> set[str]:
    """The names of all properties that have a value or had one: a cleared one is shown as empty (F6.2)."""
    cleared = {entry.property for entry in portal.log.timeline(record) if entry.kind == SET and entry.property}
    return {*everything(record), *cleared}


def history(portal: Portal, record: Record, name: str) -> list[Version]:
    """A property's versions, newest first; empty where it was never set or doesn't exist."""
    found = versions(portal, record, name) if name in portal.properties[record.type] else []
    value = record.get(name)
    return found if found or value is None else [Version(value, record.created, CALCULATED)]


def value_json(portal: Portal, record: Record, name: str, value: str | None) -> str:
    """A value: dates and moments as milliseconds, "" for none (F6.2)."""
    definition = portal.properties[record.type].get(name)
    if value is None or definition is None or definition.type not in ("date", "datetime"):
        return value or ""
    return str(moment(value)) if value else ""


def _property_json(portal: Portal, record: Record, name: str, found: list[Version]) -> dict[str, Any]:
    newest = found[0]
    body: dict[str, Any] = {
        "value": value_json(portal, record, name, newest.value),
        "timestamp": newest.moment,
        "source": newest.source.type,
        "sourceId": newest.source.id,
    }
    if newest.source.user is not None:
        body["updatedByUserId"] = newest.source.user
    return {**body, "versions": [_version_json(portal, record, name, version) for version in found]}


def _version_json(portal: Portal, record: Record, name: str, version: Version) -> dict[str, Any]:
    body: dict[str, Any] = {"name": name}
    if version.value:  # a version that cleared the property has no value (F6.2)
        body["value"] = value_json(portal, record, name, version.value)
    body["timestamp"] = version.moment
    if version.source.id is not None:
        body["sourceId"] = version.source.id
    body |= {"source": version.source.type, "sourceVid": []}
    if version.source.user is not None:
        body["updatedByUserId"] = version.source.user
    return body
