"""Records as HubSpot's JSON (W2.2, W2.3)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hubtwin.portal.log import Version
from hubtwin.portal.moments import iso
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.portal.sources import CALCULATED
from hubtwin.portal.writes import Outcome

#: What an answer to an update always carries, beside what it changed (W2.3).
_ORIGIN = ("hs_object_source", "hs_object_source_id", "hs_object_source_label")


def record_json(
    portal: Portal,
    record: Record,
    properties: Mapping[str, str | None],
    with_history: Sequence[str] = (),
    associated: Sequence[str] = (),
) -> dict[str, Any]:
    """A record's JSON: members in HubSpot's order, the *properties* in alphabetical order (W2.2)."""
    account = portal.configuration.account
    body: dict[str, Any] = {
        "id": str(record.id),
        "properties": {name: properties[name] for name in sorted(properties)},
        "createdAt": iso(record.created),
        "updatedAt": iso(record.updated),
        "archived": record.archived is not None,
    }
    if record.archived is not None:
        body["archivedAt"] = iso(record.archived)
    if with_history:
        body["propertiesWithHistory"] = {
            name: history_json(portal, record, name) for name in with_history if name in portal.properties[record.type]
        }
    body["url"] = f"https://{account.ui_domain}/contacts/{account.id}/record/{record.type.id}/{record.id}"
    if associated and (links := _associations(portal, record, associated)):
        body["associations"] = links
    return body


def shown(portal: Portal, record: Record, requested: Iterable[str]) -> dict[str, str | None]:
    """The properties that a read returns: the *requested* ones that exist, or the type's own (W2.3)."""
    type = record.type
    definitions = portal.properties[type]
    names = [name for name in requested if name in definitions]
    if not names and not requested:
        return {name: record.get(name) for name in type.shown}
    return {name: record.get(name) for name in (*names, type.created, "hs_object_id", type.modified)}


def everything(record: Record) -> dict[str, str | None]:
    """All set and calculated properties, which is what a creation returns (W2.3)."""
    type = record.type
    system = {name: record.get(name) for name in (type.created, "hs_object_id", type.modified, *_ORIGIN)}
    return {**type.initial, **{name: value for name, value in system.items() if value is not None}, **record.values}


def touched(record: Record, outcome: Outcome, sent: Mapping[str, Any]) -> dict[str, str | None]:
    """What an update returns: what it sent and changed, and some that are always there (W2.3)."""
    type = record.type
    names = {type.created, "hs_object_id", type.modified, *_ORIGIN, *outcome.written, *outcome.calculated}
    names.update(name for name in (type.stage, type.pipeline) if name)
    values = {name: record.get(name) for name in (*names, *sent)}
    cleared = {name: "" for name in outcome.written if values[name] is None}
    present = {name: value for name, value in values.items() if value is not None or name in sent}
    return {**present, **cleared}


def history_json(portal: Portal, record: Record, name: str) -> list[dict[str, Any]]:
    """A property's versions, newest first (F6.1)."""
    return [_version_json(version) for version in versions(portal, record, name)]


def versions(portal: Portal, record: Record, name: str) -> list[Version]:
    """A property's versions; a calculated one has its present value only (our model)."""
    found = portal.log.versions(record, name)
    if portal.properties[record.type].find(name).read_only:
        value = record.get(name)
        return [] if value is None else [Version(value, record.updated, CALCULATED)]
    return found


def _version_json(version: Version) -> dict[str, Any]:
    source = version.source
    body: dict[str, Any] = {
        "value": version.value or "",
        "timestamp": iso(version.moment),
        "sourceType": source.type,
    }
    if source.id is not None:
        body["sourceId"] = source.id
    if source.label is not None:
        body["sourceLabel"] = source.label
    if source.user is not None:
        body["updatedByUserId"] = source.user
    return body


def _associations(portal: Portal, record: Record, types: Sequence[str]) -> dict[str, Any]:
    """The `associations` member: one entry for each link and type of link (W2.3)."""
    found: dict[str, Any] = {}
    for word in types:
        type = portal.type(word)
        pair = f"{record.type.singular}_to_{type.singular}"
        primary = portal.associations.primary(record.type, type)
        plain = pair if primary is None else f"{pair}_unlabeled"
        results: list[dict[str, str]] = []
        for other, ids in sorted(portal.associations.of(record, type).items(), key=lambda item: item[0].id):
            if primary is not None and primary.id in ids:
                results.append({"id": str(other.id), "type": pair})
            results.append({"id": str(other.id), "type": plain})
        if results:
            found[type.name] = {"results": results}
    return found
