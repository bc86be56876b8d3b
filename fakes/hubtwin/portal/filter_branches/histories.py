"""Histories: what properties once were, and when they were written to last."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.log import CREATED, MERGED, SET, Entry
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record
from hubtwin.portal.sightings import Watcher

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True, eq=False)
class Values(Watcher[tuple[str | None, ...]]):
    """All values that a property ever had; of one that the portal works out, the present one (our model)."""

    portal: "Portal"
    definition: PropertyDefinition

    def of(self, record: Record) -> list[str]:
        """Those of one record, and of those that it was merged from."""
        found = {record.get(self.definition.name)}
        if not self.definition.read_only:
            found = found.union(*self.portal.sightings.of(record, self))
        return sorted(value for value in found if value)

    def sight(self, entry: Entry) -> tuple[str | None, ...] | None:
        """The values that an entry tells of. First ones have no entry: the next write replaced them, or a merge."""
        if entry.kind == MERGED:
            return tuple(old.get(self.definition.name) for old in entry.value or ())
        if entry.kind == SET and entry.property == self.definition.name:
            return entry.before, entry.value
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Updates(Watcher[str]):
    """When a property was written to."""

    portal: "Portal"
    definition: PropertyDefinition

    def last(self, record: Record) -> int | None:
        """When it got its present value, also when that is none; None where it never had one."""
        seen = self.portal.sightings.of(record, self)
        is_known = record.get(self.definition.name) is not None
        moments = seen.get(SET) or (seen.get(CREATED) if is_known else None)
        return moments[-1] if moments else None

    def sight(self, entry: Entry) -> str | None:
        """The kind of an entry that writes it: the creation may have."""
        is_write = entry.kind == CREATED or (entry.kind == SET and entry.property == self.definition.name)
        return entry.kind if is_write else None
