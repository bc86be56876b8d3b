"""What another system keeps: tables of rows with ids, fields, picklists and dates of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from hubtwin.portal.clock import Clock
from hubtwin.portal.errors import PortalError, choices


class RowRefused(PortalError):
    """Another system doesn't take a row. *problems* says why, by field."""

    def __init__(self, table: str, problems: Mapping[str, str]) -> None:
        super().__init__(f"{table}: {'; '.join(f'{name}: {why}' for name, why in problems.items())}")
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a table. *picklist* are its only values, () for any text; a *required* one is never empty."""

    name: str
    picklist: tuple[str, ...] = ()
    required: bool = False


class Stamp(NamedTuple):
    """When a field got its value, and the number of the portal's log entry that led to it, None for none."""

    moment: int
    cause: int | None


@dataclass(eq=False, slots=True)
class Row:
    """One record of another system. *created*, *modified* and *deleted* are moments."""

    table: str
    id: str
    created: int
    modified: int
    values: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)
    deleted: int | None = None

    def __repr__(self) -> str:
        return f"<{self.table} {self.id}>"

    def get(self, name: str) -> str:
        """The value of a field, "" where it has none."""
        return self.values.get(name, "")


#: Sees a row that changed, and who changed it: None for the system's own people.
Watcher = Callable[[Row, object], None]


class Table:
    """The rows of one kind, by id."""

    def __init__(self, name: str, columns: tuple[Column, ...], new_id: Callable[[int], str], clock: Clock) -> None:
        self.name = name
        self.columns = {column.name: column for column in columns}
        self._new_id = new_id
        self._clock = clock
        self._numbers = count(1)
        self._rows: dict[str, Row] = {}
        self._indexes: dict[str, dict[str, dict[str, Row]]] = {}
        self._watchers: list[Watcher] = []

    def __iter__(self) -> Iterator[Row]:
        """The rows that are not deleted, in the order in which they were made."""
        return (row for row in self._rows.values() if row.deleted is None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def watch(self, watcher: Watcher) -> None:
        """Let *watcher* see every row that is made, changed or deleted."""
        self._watchers.append(watcher)

    def get(self, id: str) -> Row | None:
        """The row with this id, deleted or not; None where there is none."""
        return self._rows.get(id)

    def having(self, name: str, value: str) -> Row | None:
        """The first row whose field is *value*, whatever the case; None where there is none."""
        found = self._index(name).get(value.strip().lower(), {})
        return next((row for row in found.values() if row.deleted is None), None)

    def create(self, values: Mapping[str, str], *, cause: int | None = None, writer: object = None) -> Row:
        """Make a row. Raises RowRefused."""
        self.check(values, is_new=True)
        now = self._clock.now
        row = Row(self.name, self._new_id(next(self._numbers)), now, now)
        self._rows[row.id] = row
        self._put(row, values, cause, writer)
        return row

    def update(self, row: Row, values: Mapping[str, str], *, cause: int | None = None, writer: object = None) -> None:
        """Change fields of a row; "" clears one. *writer* is a sync that writes, None for anybody else.

        Raises RowRefused; nothing is changed then.
        """
        if row.deleted is not None:
            raise RowRefused(self.name, {"Id": f"{row.id} is deleted"})
        self.check(values)
        if any(value != row.get(name) for name, value in values.items()):
            self._put(row, values, cause, writer)

    def check(self, values: Mapping[str, str], *, is_new: bool = False) -> None:
        """Check values for a row, which *is_new* or lacks nothing yet. Raises RowRefused."""
        needed = [name for name, column in self.columns.items() if column.required and (is_new or name in values)]
        problems = {name: "the field is required" for name in needed if not values.get(name)}
        for name, value in values.items():
            column = self.columns.get(name)
            if column is None:
                problems[name] = f"there is no such field; {choices(name, list(self.columns))}"
            elif value and column.picklist and value not in column.picklist:
                problems[name] = f"{value!r} is not in the picklist; {choices(value, column.picklist)}"
        if problems:
            raise RowRefused(self.name, problems)

    def delete(self, row: Row, *, writer: object = None) -> None:
        """Delete a row; one that is deleted stays so."""
        if row.deleted is None:
            row.deleted = row.modified = self._clock.now
            self._tell(row, writer)

    def _put(self, row: Row, values: Mapping[str, str], cause: int | None, writer: object) -> None:
        row.modified = self._clock.now
        for name, value in values.items():
            if value != row.get(name):
                self._reindex(row, name, value)
                row.stamps[name] = Stamp(self._clock.now, cause)
                row.values[name] = value
        self._tell(row, writer)

    def _index(self, name: str) -> dict[str, dict[str, Row]]:
        """The rows by what a field says, in lower case: made when somebody first looks for it."""
        index = self._indexes.get(name)
        if index is None:
            index = self._indexes[name] = {}
            for row in self._rows.values():
                if row.get(name):
                    index.setdefault(row.get(name).lower(), {})[row.id] = row
        return index

    def _reindex(self, row: Row, name: str, value: str) -> None:
        index = self._indexes.get(name)
        if index is not None:
            index.get(row.get(name).lower(), {}).pop(row.id, None)
            if value:
                index.setdefault(value.lower(), {})[row.id] = row

    def _tell(self, row: Row, writer: object) -> None:
        for watcher in self._watchers:
            watcher(row, writer)
