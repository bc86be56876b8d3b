"""What webhooks of flows send: the record as HubSpot's oldest APIs show it (F7.15.8).

Contacts with all versions of their properties, other records with the present one. What those APIs tell beside the
properties (submissions, lists, identities) is left out.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hubtwin.portal.log import Version
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


def of(portal: "Portal", record: Record) -> dict[str, Any]:
    """The body for a record, as JSON."""
    account = portal.configuration.account.id
    if record.type is CONTACTS:
        properties = {
            name: {"value": found[0].value or "", "versions": [_version(one) for one in found]}
            for name, found in _histories(portal, record)
        }
        return {"vid": record.id, "portal-id": account, "is-contact": True, "properties": properties}
    return {
        "objectType": record.type.singular.upper(),
        "objectId": record.id,
        "portalId": account,
        "isDeleted": record.archived is not None,
        "properties": {name: _present(found[0]) for name, found in _histories(portal, record)},
    }


def _histories(portal: "Portal", record: Record) -> Iterator[tuple[str, list[Version]]]:
    for name in sorted(record.values):
        if found := portal.log.versions(record, name):
            yield name, found


def _version(version: Version) -> dict[str, Any]:
    source = version.source
    return {
        "value": version.value or "",
        "source-type": source.type,
        "source-id": source.id,
        "source-label": source.label,
        "timestamp": version.moment,
    }


def _present(version: Version) -> dict[str, Any]:
    return {
        "value": version.value or "",
        "timestamp": version.moment,
        "source": version.source.type,
        "sourceId": version.source.id,
    }
