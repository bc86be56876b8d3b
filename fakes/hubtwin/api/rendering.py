"""Records as HubSpot's JSON (W2.2, W2.3)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hubtwin.portal.log import Version
from hubtwin.portal.moments import iso
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.portal.sources import ANALYTICS, CALCULATED
from hubtwin.portal.writes import Outcome

#: What an answer to an update always carries, beside what it changed (W2.3).
_ORIGIN = ("hs_object_source", "hs_object_source_id", "hs_object_source_label")

#: What an answer says of a record's properties, in alphabetical order (W2.2).
Properties = Mapping[str, str | None]


def record_json(
    portal: Portal,
    record: Record,
    properties: Properties,
    with_history: Sequence[str] = (),
    associated: Sequence[str] = (),
) -> dict[str, Any]:
    """A record's JSON: members in HubSpot's order (W2.2)."""
    account = portal.configuration.account
    body: dict[str, Any] = {
        "id": str(record.id),
        "properties": properties,
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


def shown(portal: Portal, record: Record, requested: Collection[str]) -> Properties:
    """The properties that a read returns: the *requested* ones that exist, or the type's own (W2.3)."""
    type = record.type
    if not requested:
        return {name: record.get(name) for name in type.shown}
    definitions = portal.properties[type]
    names = {type.created, "hs_object_id", type.modified, *(name for name in requested if name in definitions)}
    return {name: record.get(name) for name in sorted(names)}


def everything(record: Record) -> Properties:
    """All set and calculated properties, which is what a creation returns (W2.3)."""
    type = record.type
    values = type.initial | record.values
    for name in (type.created, "hs_object_id", type.modified, *_ORIGIN):
        if (value := record.get(name)) is not None:
            values[name] = value
    return {name: values[name] for name in sorted(values)}


def touched(record: Record, outcome: Outcome, sent: Mapping[str, Any]) -> Properties:
    """What an update returns: what it sent and changed, and some that are always there (W2.3)."""
    type = record.type
    names = {type.created, "hs_object_id", type.modified, *_ORIGIN, *outcome.written, *outcome.calculated, *sent}
    names.update(name for name in (type.stage, type.pipeline) if name)
    values: dict[str, str | None] = {}
    for name in sorted(names):
        value = record.get(name)
        if value is None and name in outcome.written:
            value = ""  # cleared
        if value is not None or name in sent:
            values[name] = value
    return values


def history_json(portal: Portal, record: Record, name: str) -> list[dict[str, Any]]:
    """A property's versions, newest first (F6.1)."""
    return [_version_json(version) for version in versions(portal, record, name)]


def versions(portal: Portal, record: Record, name: str) -> list[Version]:
    """A property's versions; a calculated one has its present value only (our model)."""
    found = portal.log.versions(record, name)
    is_analytics = bool(found) and found[0].source == ANALYTICS  # F6.11
    if portal.properties[record.type].find(name).read_only and not is_analytics:
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
