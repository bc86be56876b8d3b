"""Exports: tables of records, made one after the other on the portal's clock (W6.6)."""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hubtwin.portal.calendars import local
from hubtwin.portal.errors import PortalError, UnknownName
from hubtwin.portal.moments import SECOND
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record
from hubtwin.portal.values import moment

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: An export is taken up a second after it was asked for, or once the one before it is done, and takes a second for
#: each so many records (our model).
DELAY = SECOND
RECORDS_A_SECOND = 1_000

_FIRST_ID = 6_000_001


@dataclass(frozen=True, slots=True)
class Table:
    """What an export holds: *records* are asked for when it is made, and may raise PortalError.

    *associated* adds columns with the records of other types. *names* and *values* choose HubSpot's internal names
    and values over labels.
    """

    type: ObjectType
    properties: Sequence[str]
    records: Callable[[], Sequence[Record]]
    associated: Sequence[ObjectType] = ()
    names: bool = False
    values: bool = False


@dataclass(slots=True)
class Export:
    """One export: ENQUEUED, PROCESSING, then DONE or FAILED. *kind* is VIEW or LIST, *content* the CSV."""

    id: int
    name: str
    kind: str
    table: Table
    created: int
    updated: int
    state: str = "ENQUEUED"
    started: int | None = None
    content: str | None = None
    records: int = 0


class Exports:
    """The exports of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._exports: dict[int, Export] = {}
        self._waiting: deque[Export] = deque()
        self._ids = count(_FIRST_ID)

    def __iter__(self) -> Iterator[Export]:
        return iter(self._exports.values())

    def find(self, id: int) -> Export:
        """The export with this id. Raises UnknownName."""
        try:
            return self._exports[id]
        except KeyError:
            raise UnknownName("export", str(id), [str(known) for known in self._exports]) from None

    def start(self, name: str, table: Table, *, kind: str = "VIEW") -> Export:
        """Ask for an export; it goes on as the clock does."""
        now = self._portal.clock.now
        export = Export(next(self._ids), name, kind, table, now, now)
        self._exports[export.id] = export
        self._waiting.append(export)
        if len(self._waiting) == 1:
            self._portal.clock.after(DELAY, self._take_up)
        return export

    def _take_up(self) -> None:
        """Begin the first that waits."""
        export = self._waiting[0]
        export.state, export.started = "PROCESSING", self._portal.clock.now
        export.updated = export.started
        try:
            records = export.table.records()
        except PortalError:  # a property that is filtered by may be gone by now
            self._finish("FAILED")
            return
        export.records = len(records)
        export.content = self._csv(export.table, records)
        seconds = 1 + len(records) // RECORDS_A_SECOND
        self._portal.clock.after(seconds * SECOND, partial(self._finish, "DONE"))

    def _finish(self, state: str) -> None:
        export = self._waiting.popleft()
        export.state, export.updated = state, self._portal.clock.now
        if self._waiting:
            self._take_up()

    # -- tables ----------------------------------------------------------------------------------------

    def _csv(self, table: Table, records: Sequence[Record]) -> str:
        definitions = [d for name in table.properties if (d := self._portal.properties[table.type].get(name))]
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(
            [
                "hs_object_id" if table.names else "Record ID",
                *(d.name if table.names else d.label for d in definitions),
                *(title for type in table.associated for title in _titles(type)),
            ]
        )
        for record in records:
            cells = (self._cell(table, definition, record.get(definition.name)) for definition in definitions)
            writer.writerow([record.id, *cells, *self._associated(table, record)])
        return text.getvalue()

    def _cell(self, table: Table, definition: PropertyDefinition, value: str | None) -> str:
        if value is None or table.values:
            return value or ""
        if definition.referenced_object == "OWNER":
            return next((user.name for user in self._portal.users if str(user.id) == value), value)
        if definition.type == "datetime":
            zone = ZoneInfo(self._portal.configuration.account.time_zone)
            return local(moment(value), zone).isoformat(" ", "minutes")[:16]
        labels = {option.value: option.label for option in definition.options}
        parts = value.split(";") if definition.is_multiple else [value]
        return ";".join(labels.get(part, part) for part in parts)

    def _associated(self, table: Table, record: Record) -> Iterator[str]:
        for type in table.associated:
            others = sorted(self._portal.associations.of(record, type), key=lambda other: other.id)
            yield ";".join(str(other.id) for other in others)
            yield ";".join(other.name for other in others)


def _titles(type: ObjectType) -> tuple[str, str]:
    word = type.singular.replace("_", " ").title()
    return f"Associated {word} IDs", f"Associated {word}"
