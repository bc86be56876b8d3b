"""Imports row by row: what a row of a file makes of a portal's records (F4.13, W6.5).

A value that is not valid is left out with an error, and so is a whole record where it can't be told which one is
meant or where nothing can be written; the others are written as by anybody else, with the source IMPORT.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from hubtwin.portal import import_cells
from hubtwin.portal.errors import (
    DuplicateValue,
    InvalidAssociation,
    InvalidValues,
    MissingProperties,
    PortalError,
    Problem,
)
from hubtwin.portal.ids import as_id
from hubtwin.portal.import_cells import UnusableCell
from hubtwin.portal.import_files import Column, ImportFile, Row
from hubtwin.portal.object_lists import ObjectList
from hubtwin.portal.objects import COMPANIES, CONTACTS, ObjectType
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: HubSpot's error types for what the write path finds wrong with a value (W6.5.4).
_ERROR_TYPES = MappingProxyType(
    {
        "INVALID_EMAIL": "INVALID_EMAIL",
        "INVALID_OPTION": "INVALID_ENUMERATION_OPTION",
        "INVALID_INTEGER": "COULD_NOT_PARSE_NUMBER",
        "INVALID_LONG": "COULD_NOT_PARSE_DATE",
        "INVALID_DATE": "COULD_NOT_PARSE_DATE",
        "PROPERTY_VALUE_TOO_LONG": "COLUMN_TOO_LARGE",
    }
)


@dataclass(frozen=True, slots=True)
class RowError:
    """What was wrong with a row, or with one value in it. *row* is None where the whole import failed."""

    id: int
    type: str
    message: str
    moment: int
    row: Row | None = None
    column: Column | None = None

    @property
    def value(self) -> str | None:
        """The text of the cell that the error is about."""
        return None if self.row is None or self.column is None else self.row.cell(self.column)

    @property
    def column_number(self) -> int | None:
        """Which column of the file the cell is in, from 1."""
        return None if self.row is None or self.column is None else self.row.places[self.column.name] + 1


@dataclass(slots=True)
class Import:
    """One import: what was asked for, and how far it has come.

    *operations* says what may happen to the records of a type, *stage* is the lifecycle stage of rows that bring
    none, *request* what the API was sent, *cause* the log's entry about the start. *lists_contacts* asks for a list
    of the contacts, *contact_list* is that one once it is made.
    """

    id: int
    name: str
    files: Mapping[int, ImportFile]
    operations: Mapping[ObjectType, str]
    stage: str | None
    date_format: str
    request: Mapping[str, Any]
    created: int
    updated: int
    source: Source
    cause: int
    lists_contacts: bool = False
    state: str = "STARTED"
    contact_list: ObjectList | None = None
    counters: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)
    written: set[Record] = field(default_factory=set)

    @property
    def types(self) -> list[ObjectType]:
        """The object types that the files hold, in the order in which they appear."""
        return list(dict.fromkeys(column.type for file in self.files.values() for column in file.columns))

    def note(self, moment: int, type: str, message: str, row: Row | None = None, column: Column | None = None) -> None:
        """Add an error."""
        self.errors.append(RowError(len(self.errors) + 1, type, message, moment, row, column))
        self.counters["ERRORS"] += 1


def always_identifies(column: Column) -> bool:
    """Whether rows are matched with records by a column, asked for or not (W6.5.3)."""
    return (column.type, column.property) in ((CONTACTS, "email"), (COMPANIES, "domain"))


def identifies(column: Column) -> bool:
    """Whether rows are matched with records by a column."""
    return column.is_alternate_id or always_identifies(column)


class _Skipped(Exception):
    """A record of a row can't be written; why is among the errors already."""


class Rows:
    """What writes the rows of *one* import into a portal."""

    def __init__(self, portal: "Portal", one: Import) -> None:
        self._portal = portal
        self._import = one

    def write(self, row: Row) -> None:
        """Write the records of a row and associate them with each other."""
        if not row.is_whole:
            message = f"The row has {len(row.cells)} columns, its file {row.width}"
            self._note("INCORRECT_NUMBER_OF_COLUMNS", message, row)
            return
        records: list[Record] = []
        for type in dict.fromkeys(column.type for column in row.file.columns):
            columns = [column for column in row.file.columns if column.type is type and row.cell(column)]
            try:
                records.append(self._record(row, type, columns))
            except _Skipped:
                continue
        for number, record in enumerate(records):
            for other in records[number + 1 :]:
                self._associate(row, record, other)

    def _record(self, row: Row, type: ObjectType, columns: Sequence[Column]) -> Record:
        if not columns:
            message = f"The row says nothing about a {type.singular}"
            self._skip("FAILED_TO_PROCESS_OBJECT_WITH_EMPTY_PROPERTY_VALUES", message, row)
        record = self._identified(row, columns)
        operation = self._import.operations.get(type, "UPSERT")
        if record is not None and operation == "CREATE":
            self._skip("CREATE_ONLY_IMPORT", f"The {type.singular} exists already", row)
        if record is None and operation == "UPDATE":
            self._skip("UPDATE_ONLY_IMPORT", f"There is no such {type.singular}", row)
        change = self._change(row, type, record, columns)
        written = self._portal.writes.apply(change).record
        self._count(written, len(change.values), is_new=record is None)
        return written

    def _count(self, record: Record, values: int, *, is_new: bool) -> None:
        counters, written = self._import.counters, self._import.written
        counters["CREATED_OBJECTS" if is_new else "UPDATED_OBJECTS"] += 1
        counters["PROPERTY_VALUES_EMITTED"] += values
        written.add(record)
        counters["UNIQUE_OBJECTS_WRITTEN"] = len(written)

    # -- which record ----------------------------------------------------------------------------------

    def _identified(self, row: Row, columns: Sequence[Column]) -> Record | None:
        """The record that a row means, None where it means a new one."""
        for column in columns:
            if column.is_object_id:
                return self._by_id(row, column)
        for column in columns:
            if identifies(column) and (found := self._by_value(row, column)) is not None:
                return found
        return None

    def _by_id(self, row: Row, column: Column) -> Record:
        id = row.cell(column)
        record = self._portal.records[column.type].get(as_id(id))
        if record is None:
            self._skip("INVALID_OBJECT_ID", f"No {column.type.singular} has the id {id}", row, column)
        return record

    def _by_value(self, row: Row, column: Column) -> Record | None:
        text = row.cell(column)
        if (column.type, column.property) == (CONTACTS, "email"):
            return contact_with(self._portal, text)
        found = self._portal.records[column.type].having(column.property, text)
        if len(found) > 1:
            message = f"{len(found)} companies have the domain {text}"
            self._skip("MULTIPLE_COMPANIES_WITH_THIS_DOMAIN", message, row, column)
        return found[0] if found else None

    # -- which values ----------------------------------------------------------------------------------

    def _change(self, row: Row, type: ObjectType, record: Record | None, columns: Sequence[Column]) -> Change:
        """The change that a row asks for, without the values that are not valid."""
        values = self._values(row, type, columns)
        by_property = {column.property: column for column in columns if not column.is_object_id}
        while True:
            try:
                return self._checked(type, record, values)
            except InvalidValues as error:
                for problem in error.problems:
                    self._leave_out(row, values, by_property, problem)
            except MissingProperties as error:
                self._skip("MISSING_REQUIRED_PROPERTY", str(error), row)
            except DuplicateValue as error:
                self._skip("DUPLICATE_UNIQUE_PROPERTY_VALUE", str(error), row, by_property.get(error.property))
            except PortalError as error:
                self._skip("FAILED_VALIDATION", str(error), row)

    def _values(self, row: Row, type: ObjectType, columns: Sequence[Column]) -> dict[str, str]:
        values: dict[str, str] = {}
        for column in columns:
            definition = self._portal.properties[type].get(column.property)
            if column.is_object_id or definition is None:  # archived since the import started
                continue
            try:
                text = row.cell(column)
                date_format = self._import.date_format
                values[column.property] = import_cells.value(definition, text, self._portal.users, date_format)
            except UnusableCell as error:
                self._note(error.error_type, str(error), row, column)
        return values

    def _checked(self, type: ObjectType, record: Record | None, values: Mapping[str, str]) -> Change:
        stage, source, cause = self._import.stage, self._import.source, self._import.cause
        if stage is not None and type.stage is not None and type.has_lifecycle:
            values = {type.stage: stage, **values}
        if record is None:
            return self._portal.writes.check_new(type, values, source, cause)
        return self._portal.writes.check(record, values, source, cause)

    def _leave_out(self, row: Row, values: dict[str, str], columns: Mapping[str, Column], problem: Problem) -> None:
        """Drop a value that is not valid; where it is what identifies a record, the record goes with it."""
        column = columns.get(problem.property)
        type = _ERROR_TYPES.get(problem.code, "FAILED_VALIDATION")
        if column is None or identifies(column):
            self._skip(type, problem.message, row, column)
        self._note(type, problem.message, row, column)
        del values[problem.property]

    def _associate(self, row: Row, record: Record, other: Record) -> None:
        """The records of one row belong together (W6.5.6)."""
        try:
            self._portal.writes.associate(record, other, (), self._import.source, self._import.cause)
        except InvalidAssociation as error:
            self._note("FAILED_TO_CREATE_ASSOCIATION", str(error), row)

    def _skip(self, type: str, message: str, row: Row, column: Column | None = None) -> NoReturn:
        self._note(type, message, row, column)
        raise _Skipped

    def _note(self, type: str, message: str, row: Row, column: Column | None = None) -> None:
        self._import.note(self._portal.clock.now, type, message, row, column)
