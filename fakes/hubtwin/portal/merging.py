"""Merging two records into a third, and forgetting a person for good (W2.4.7, W2.4.8)."""

from typing import TYPE_CHECKING

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import InvalidMerge
from hubtwin.portal.log import MERGED
from hubtwin.portal.objects import CONTACTS, LIFECYCLE, USERS
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.sources import merge as merge_source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How many records may go into one contact.
MAX_MERGED = 250

#: What belongs to a record's identity, so that no value of the other one fills it.
_OWN = frozenset({"hs_all_contact_vids"})


def merge(portal: "Portal", primary: Record, other: Record) -> Record:
    """Merge *other* into *primary*: a new record takes the place of both, and answers to both old ids.

    The primary's values and primary company win; the other's fill what it lacks (W2.4.7). The stage is the one
    that is further on.

    Raises InvalidMerge.
    """
    source = merge_source(primary.type.name)
    merged_ids = _merged_ids(primary) + _merged_ids(other)
    _check(primary, other, len(merged_ids))
    values = {**{name: value for name, value in other.values.items() if name not in _OWN}, **primary.values}
    values["hs_merged_object_ids"] = ";".join(map(str, merged_ids))
    if primary.type is CONTACTS:
        values |= _contact_values(primary, other, merged_ids)
    if primary.type.has_lifecycle:
        values |= _furthest_stage(portal, primary, other)
    record = Record(primary.type, next(portal.ids), min(primary.created, other.created), values, primary.source)
    record.updated = max(portal.clock.now, primary.updated + 1, other.updated + 1)
    with portal.reactions.held():
        number = portal.log.append(MERGED, portal.clock.now, record, source, None, value=(primary, other))
        portal.reactions.publish(number, MERGED, record)
        _replace(portal, (primary, other), record, number, source)
    return record


def forget(portal: "Portal", record: Record, source: Source) -> None:
    """Delete a record for good, as data protection law asks for: nothing of it can be read again (W2.4.8)."""
    portal.forms.forget(record)
    portal.conversations.forget(record)
    portal.tracking.forget(record)
    portal.writes.archive(record, source)
    portal.records[record.type].remove(record)
    portal.log.forget(record)
    portal.sightings.forget(record)
    record.values.clear()


def _replace(portal: "Portal", both: tuple[Record, Record], record: Record, number: int, source: Source) -> None:
    """Put a record in the place of both, with their links."""
    links = _links(portal, *both)
    for old in both:
        for neighbour in list(portal.associations.neighbours(old)):
            portal.writes.dissociate(old, neighbour, None, source, number)
        portal.records[old.type].replace(old, record)
    portal.records[record.type].add(record)
    for neighbour, types in links.items():
        portal.writes.associate(record, neighbour, types, source, number)


def _check(primary: Record, other: Record, merged: int) -> None:
    if primary is other:
        raise InvalidMerge(f"{primary.type.singular} {primary.id} can't be merged with itself")
    if primary.type is USERS:
        raise InvalidMerge("users can't be merged: each of them is somebody else")
    if merged > MAX_MERGED:
        raise InvalidMerge(f"Cannot have more than {MAX_MERGED} identities on a profile", too_many=True)


def _merged_ids(record: Record) -> list[int]:
    earlier = record.values.get("hs_merged_object_ids")
    return [*map(int, earlier.split(";") if earlier else ()), record.id]


def _contact_values(primary: Record, other: Record, merged_ids: list[int]) -> dict[str, str]:
    """The other's addresses become additional ones (W2.6)."""
    addresses = [primary.values.get("email"), other.values.get("email")]
    for record in (primary, other):
        addresses += record.values.get("hs_additional_emails", "").split(";")
    known = list(dict.fromkeys(filter(None, addresses)))
    values = {"hs_calculated_merged_vids": ";".join(map(str, merged_ids))}
    if known:
        values["email"] = known[0]
    if known[1:]:
        values["hs_additional_emails"] = ";".join(known[1:])
    return values


def _furthest_stage(portal: "Portal", primary: Record, other: Record) -> dict[str, str]:
    """The stage that is further on, and the dates that belong to it (our model)."""
    ahead = other if other.stage and portal.is_later(primary, other.stage) else primary
    names = (LIFECYCLE, "hs_v2_date_entered_current_stage", "hs_v2_time_in_current_stage")
    return {name: ahead.values[name] for name in names if name in ahead.values}


def _links(portal: "Portal", primary: Record, other: Record) -> dict[Record, list[AssociationType]]:
    """Whom the new record is linked with, and how: of two Primary companies, the primary record's stays."""
    associations, links = portal.associations, dict[Record, list[AssociationType]]()
    for old in (primary, other):
        for type in portal.types:
            taken = old is other and associations.primary_of(primary, type) is not None
            for neighbour, ids in associations.of(old, type).items():
                types = [t for t in associations.types(old.type, type) if t.id in ids and not (taken and t.is_primary)]
                if neighbour not in (primary, other):
                    links.setdefault(neighbour, []).extend(types)
    has_primary = {neighbour for neighbour, types in links.items() if any(type.is_primary for type in types)}
    return dict(sorted(links.items(), key=lambda item: item[0] not in has_primary))
