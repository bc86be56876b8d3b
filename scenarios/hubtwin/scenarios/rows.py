"""Tables: a test with `each` is run once for each row, with `$column` replaced by the row's value."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hubtwin.files import Document, FileError

_COLUMN = re.compile(r"\$([A-Za-z_]\w*)")

#: A row whose values make a longer name than this is called by its number.
_LONGEST_NAME = 60

Row = Mapping[str, Any]


def rows(test: Document) -> dict[str | None, Row]:
    """The rows of a test by name; one without a name for a test with no table.

    Raises FileError where the table is not one.
    """
    if "each" not in test.data:
        return {None: {}}
    table = test.data["each"]
    problems = list(_problems(test, table))
    if problems:
        raise FileError(problems)
    named: dict[str | None, Row] = {}
    for number, row in enumerate(table, 1):
        name = _name(row)
        named[f"row{number}" if len(name) > _LONGEST_NAME or not name or name in named else name] = row
    return named


def fill(value: Any, row: Row) -> Any:
    """*value* with the row's values in place of `$column`; a text that is nothing else becomes the value itself."""
    match value:
        case str():
            return _fill_text(value, row)
        case list():
            return [fill(item, row) for item in value]
        case dict():
            return {key: fill(item, row) for key, item in value.items()}
    return value


def _fill_text(text: str, row: Row) -> Any:
    whole = _COLUMN.fullmatch(text)
    if whole and whole[1] in row:
        return row[whole[1]]
    return _COLUMN.sub(lambda found: str(row.get(found[1], found[0])), text)


def _problems(test: Document, table: Any) -> Iterator[str]:
    if not isinstance(table, list) or not table:
        yield test.problem(("each",), "expected a list of rows, each with keys and values")
        return
    columns = list(table[0]) if isinstance(table[0], dict) else []
    for number, row in enumerate(table):
        if not isinstance(row, dict) or not row:
            yield test.problem(("each", number), f"expected keys and values, found {row!r}")
        elif list(row) != columns:
            yield test.problem(
                ("each", number), f"the columns are not those of the first row: {', '.join(map(str, columns))}"
            )
        else:
            yield from _column_problems(test, number, row)


def _column_problems(test: Document, number: int, row: Row) -> Iterator[str]:
    for column in row:
        if not isinstance(column, str) or not _COLUMN.fullmatch(f"${column}"):
            yield test.problem(("each", number, column), f"a column is named by a word, not {column!r}")


def _name(row: Row) -> str:
    """What command lines call a row: its values, as far as they can stand there."""
    words = [str(word) for value in row.values() for word in (value if isinstance(value, list) else [value])]
    return "-".join(filter(None, (re.sub(r"[^\w.+-]+", "_", word).strip("_") for word in words)))
