"""Imports: files of records that are worked off on the portal's clock (F4.13, W6.5).

An import is STARTED, then PROCESSING, then DONE; FAILED where a file can't be read, CANCELED where somebody
stopped it. What each row does is in `import_rows`.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from hubtwin.portal import import_files
from hubtwin.portal.errors import Refused, UnknownName, choices
from hubtwin.portal.import_cells import DATE_FORMATS
from hubtwin.portal.import_files import Column, ImportFile, Row, UnreadableFile
from hubtwin.portal.import_rows import Import, Rows, always_identifies
from hubtwin.portal.log import IMPORT_STARTED
from hubtwin.portal.moments import SECOND
from hubtwin.portal.object_lists import MANUAL
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.sources import imported

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

OPERATIONS = ("CREATE", "UPDATE", "UPSERT")

#: An import begins a second after it was asked for, and works off so many rows a second (our model).
DELAY = SECOND
ROWS_A_SECOND = 500

_FIRST_ID = 5_000_001
_FIRST_FILE_ID = 90_000_000_001


class Imports:
    """The imports of one portal, oldest first."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._imports: dict[int, Import] = {}
        self._ids = count(_FIRST_ID)
        self._file_ids = count(_FIRST_FILE_ID)

    def __iter__(self) -> Iterator[Import]:
        return iter(self._imports.values())

    def find(self, id: int) -> Import:
        """The import with this id. Raises UnknownName."""
        try:
            return self._imports[id]
        except KeyError:
            raise UnknownName("import", str(id), [str(known) for known in self._imports]) from None

    def start(
        self,
        name: str,
        files: Sequence[ImportFile],
        *,
        operations: Mapping[ObjectType, str] | None = None,
        stage: str | None = None,
        date_format: str = "MONTH_DAY_YEAR",
        lists_contacts: bool = False,
        request: Mapping[str, Any] | None = None,
    ) -> Import:
        """Start an import; it goes on as the clock does.

        *operations* says for each type whether its records are created, updated or both (UPSERT, the default).
        *stage* is the lifecycle stage of contacts and companies whose row brings none that is valid (F4.13). With
        *lists_contacts* a list of the contacts is made in the end (W6.5.9).

        Raises Refused.
        """
        operations = operations or {}
        self._check(name, files, operations, stage, date_format)
        id, now = next(self._ids), self._portal.clock.now
        source = imported(id, name)
        one = Import(
            id=id,
            name=name,
            files={next(self._file_ids): file for file in files},
            operations=operations,
            stage=stage,
            date_format=date_format,
            request=request or {},
            created=now,
            updated=now,
            source=source,
            cause=self._portal.log.append(IMPORT_STARTED, now, None, source, None, value=name),
            lists_contacts=lists_contacts,
        )
        self._imports[id] = one
        self._portal.clock.after(DELAY, partial(self._begin, one))
        return one

    def cancel(self, one: Import) -> None:
        """Stop an import; the rows that are written stay. Raises Refused where it is over already."""
        if one.state not in ("STARTED", "PROCESSING"):
            raise Refused(f"Import {one.id} can't be canceled: it is {one.state}")
        self._move(one, "CANCELED")

    # -- checking --------------------------------------------------------------------------------------

    def _check(
        self,
        name: str,
        files: Sequence[ImportFile],
        operations: Mapping[ObjectType, str],
        stage: str | None,
        date_format: str,
    ) -> None:
        columns = [column for file in files for column in file.columns]
        if not name.strip():
            raise Refused("An import needs a name")
        if not columns:
            raise Refused("An import needs a file with at least one mapped column")
        if date_format not in DATE_FORMATS:
            raise Refused(f"No date format is called {date_format!r}; {choices(date_format, list(DATE_FORMATS))}")
        for operation in operations.values():
            if operation not in OPERATIONS:
                raise Refused(f"No operation is called {operation!r}; {choices(operation, OPERATIONS)}")
        for column in columns:
            self._check_column(column)
        for type in dict.fromkeys(column.type for column in columns):
            if stage is not None and type.has_lifecycle and self._portal.pipelines[type].stage(stage) is None:
                raise Refused(f"{stage!r} is not a lifecycle stage of {type.name}")

    def _check_column(self, column: Column) -> None:
        definition = self._portal.properties[column.type].get(column.property)
        if definition is None and not column.is_object_id:
            raise Refused(f"Column {column.name!r} is mapped to {column.property!r}, no property of {column.type.name}")
        if column.is_alternate_id and not (definition and definition.unique) and not always_identifies(column):
            raise Refused(f"Column {column.name!r} can't identify records: {column.property} is not unique")

    # -- states ----------------------------------------------------------------------------------------

    def _begin(self, one: Import) -> None:
        if one.state != "STARTED":
            return
        try:
            waiting = [row for file in one.files.values() for row in import_files.rows(file)]
        except UnreadableFile as error:
            one.note(self._portal.clock.now, error.error_type, str(error))
            self._move(one, "FAILED")
            return
        one.counters["TOTAL_ROWS"] = len(waiting)
        one.counters["MAPPED_COLUMNS"] = sum(len(file.columns) for file in one.files.values())
        self._move(one, "PROCESSING")
        self._portal.clock.after(SECOND, partial(self._step, one, deque(waiting)))

    def _step(self, one: Import, waiting: deque[Row]) -> None:
        """Work off what a second allows for, then wait for the next one."""
        if one.state != "PROCESSING":
            return
        rows, is_last = Rows(self._portal, one), len(waiting) < ROWS_A_SECOND
        for _ in range(min(len(waiting), ROWS_A_SECOND)):
            rows.write(waiting.popleft())
        if is_last:
            self._list_contacts(one)
            self._move(one, "DONE")
        else:
            self._portal.clock.after(SECOND, partial(self._step, one, waiting))

    def _list_contacts(self, one: Import) -> None:
        """Make a list of the contacts that were imported, called like the import."""
        if not one.lists_contacts:
            return
        lists = self._portal.lists
        name = one.name if lists.named(CONTACTS, one.name) is None else f"{one.name} ({one.id})"
        written = sorted((record for record in one.written if record.type is CONTACTS), key=lambda record: record.id)
        one.contact_list = lists.create(name, CONTACTS, MANUAL, source=one.source)
        lists.add(one.contact_list, [record for record in written if record.archived is None], source=one.source)

    def _move(self, one: Import, state: str) -> None:
        one.state = state
        one.updated = self._portal.clock.now
