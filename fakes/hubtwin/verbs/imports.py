"""The verb that imports a file."""

import csv
from collections.abc import Iterator
from io import StringIO

from pydantic import model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.import_files import Column, ImportFile
from hubtwin.portal.objects import LIFECYCLE
from hubtwin.verbs.fields import Expected
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class ImportCsv(Part):
    """Somebody imports a file of records, given as CSV text or as rows; its columns are called like properties.

    `stage` is what records get whose row says nothing about it. The import goes on as the clock does.
    """

    name: Name = "Import"
    object: Name = "contacts"
    csv: str | None = None
    rows: tuple[dict[str, Expected], ...] = ()
    stage: Name | None = None

    @model_validator(mode="after")
    def _one_file(self) -> "ImportCsv":
        if (self.csv is None) == (not self.rows):
            raise ValueError("give the file's content either as text (csv) or as rows (rows)")
        try:
            self._columns()
        except csv.Error as error:
            raise ValueError(f"not CSV: {error}") from None
        return self

    def check(self, names: Names, place: Place) -> None:
        """Check the type of record, the columns and the stage."""
        with names.at((*place, "object")):
            type = names.portal.type(self.object)
            for column in self._columns():
                names.property(type, column, (*place, "csv" if self.csv is not None else "rows"))
            if self.stage is not None:
                names.value(names.property(type, LIFECYCLE, place), self.stage, (*place, "stage"))

    def do(self, world: World) -> None:
        """Start the import."""
        type = world.portal.type(self.object)
        columns = tuple(Column(name, type, name) for name in self._columns())
        file = ImportFile(f"{self.name}.csv", columns, self._text().encode())
        world.portal.imports.start(self.name, [file], stage=self.stage)

    def _columns(self) -> list[str]:
        if self.csv is None:
            return list(dict.fromkeys(name for row in self.rows for name in row))
        return [name.strip() for name in next(self._lines(), []) if name.strip()]

    def _lines(self) -> Iterator[list[str]]:
        return csv.reader(StringIO(self.csv or "", newline=""))

    def _text(self) -> str:
        if self.csv is not None:
            return self.csv
        text = StringIO()
        writer = csv.DictWriter(text, self._columns(), restval="")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()
