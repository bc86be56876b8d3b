"""Imported files: CSV, their columns, and the rows in them (W6.5)."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from hubtwin.portal.objects import ObjectType

#: The rows that one file may have (W6.5.5).
MAX_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: the property of a type that it fills.

    *is_object_id* says that it holds the ids of records, *is_alternate_id* that it holds the values of a property
    by which a row's record is found.
    """

    name: str
    type: ObjectType
    property: str
    is_object_id: bool = False
    is_alternate_id: bool = False


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A CSV file and what its columns mean. Without a header, its columns come in the order of *columns*."""

    name: str
    columns: tuple[Column, ...]
    content: bytes
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of the *line* that it begins on, and its *cells*; *places* tells each column's cell."""

    file: ImportFile
    line: int
    cells: Sequence[str]
    places: Mapping[str, int]
    width: int

    @property
    def is_whole(self) -> bool:
        """Whether it has as many cells as the file has columns."""
        return len(self.cells) == self.width

    def cell(self, column: Column) -> str:
        """A column's text, empty where there is none."""
        return self.cells[self.places[column.name]].strip()


class UnreadableFile(Exception):
    """A file that fails its whole import; *error_type* is HubSpot's word for why."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def rows(file: ImportFile) -> list[Row]:
    """The rows of a file; empty lines are none. Raises UnreadableFile."""
    try:
        lines = list(_lines(file.content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise UnreadableFile("INVALID_FILE_TYPE", f"{file.name} is not a text in UTF-8") from None
    except csv.Error as error:
        raise UnreadableFile("COULD_NOT_PARSE_ROW", f"{file.name} is not CSV: {error}") from None
    header = [column.name for column in file.columns]
    if file.has_header:
        header = [name.strip() for name in lines.pop(0)[1]] if lines else []
    if len(lines) > MAX_ROWS:
        raise UnreadableFile("LIMIT_EXCEEDED", f"{file.name} has {len(lines)} rows; at most {MAX_ROWS} are allowed")
    places = _places(file, header)
    return [Row(file, line, cells, places, len(header)) for line, cells in lines]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has some, and the line's number."""
    reader, line = csv.reader(StringIO(text, newline="")), 1
    for cells in reader:
        if cells:
            yield line, cells
        line = reader.line_num + 1


def _places(file: ImportFile, header: Sequence[str]) -> dict[str, int]:
    for column in file.columns:
        if column.name not in header:
            message = f"{file.name} has no column {column.name!r}; its columns: {', '.join(header)}"
            raise UnreadableFile("INVALID_COLUMN_CONFIGURATION", message)
    return {column.name: header.index(column.name) for column in file.columns}
