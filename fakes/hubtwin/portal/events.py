"""Events as clients read them: HubSpot's own, which the log tells of, and those of the account (W6.8.4, W6.8.40)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.ids import guid
from hubtwin.portal.log import FORM_SUBMITTED, PAGE_VIEWED, Entry
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: HubSpot's own events that a portal records, by the kinds of its log.
_NAMES: Mapping[str, str] = MappingProxyType({PAGE_VIEWED: "e_visited_page", FORM_SUBMITTED: "e_form_submission_v2"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record. *type* is what clients call it."""

    id: str
    type: str
    record: Record
    moment: int
    properties: Mapping[str, str]


def types(portal: "Portal") -> list[str]:
    """The types of events that there can be."""
    return [*_NAMES.values(), *(definition.full_name for definition in portal.custom_events)]


def events(portal: "Portal", records: Sequence[Record] | None, type: str | None) -> Iterator[Event]:
    """The events of some records, of one type; None stands for all of them."""
    for one in portal.custom_events.occurrences:
        if (records is None or one.record in records) and type in (None, one.definition.full_name):
            yield Event(one.id, one.definition.full_name, one.record, one.moment, one.properties)
    kinds = [kind for kind, name in _NAMES.items() if type in (None, name)]
    if not kinds:
        return
    if records is None:
        yield from _told(portal, portal.log, kinds, None)
    for record in records or ():
        yield from _told(portal, portal.log.whole_timeline(record), kinds, record)


def _told(portal: "Portal", entries: Iterable[Entry], kinds: Sequence[str], record: Record | None) -> Iterator[Event]:
    """The events that *entries* tell of: *record*'s, or of those that they are about."""
    for entry in entries:
        if entry.kind not in kinds or entry.record is None or entry.value is None:
            continue
        happened_to = record or portal.records[entry.record.type].get(entry.record.id) or entry.record
        id = guid(f"{portal.configuration.account.id}/event/{entry.number}")
        yield Event(id, _NAMES[entry.kind], happened_to, entry.moment, entry.value.facts)
