"""Expectations about the systems around the portal: rows of their tables."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from hubtwin.connected.tables import Row, Table
from hubtwin.files.documents import Place
from hubtwin.portal import Portal
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused
from hubtwin.scenarios.comparing import shown
from hubtwin.scenarios.failures import ExpectationFailed, Mismatch
from hubtwin.verbs.fields import Expected
from hubtwin.verbs.names import Names
from hubtwin.verbs.salesforce import TableName, check_fields, find_row, table
from hubtwin.verbs.world import World

#: A table of Salesforce's, or that of the marketing automation.
AnyTable = Literal[TableName, "Person"]


class RowHas(Part):
    """A row of another system has these values, null for none at all; `has: null` says that there is no such row.

    It is called by its table and a name, as in `{Lead: ada@client.example}`.
    """

    row: dict[AnyTable, Name] = Field(min_length=1, max_length=1)
    has: dict[str, Expected] | None

    def check(self, names: Names, place: Place) -> None:
        """Check that there is such a system, and that the table has such fields."""
        with names.at((*place, "row")):
            check_fields(names, self._table(names.portal), self.has or {}, (*place, "has"))

    def do(self, world: World) -> None:
        """Compare. Raises ExpectationFailed."""
        found, called = self._found(world.portal), " ".join(*self.row.items())
        if found is None or self.has is None:
            if (found is None) != (self.has is None):
                there = "no row, there is one" if found else "a row, there is none"
                raise ExpectationFailed([Mismatch(f"{called}: expected {there}")])
            return
        mismatches = [Mismatch(f"{called}: {line}") for line in _differences(found, self.has)]
        if mismatches:
            raise ExpectationFailed(mismatches)

    def _table(self, portal: Portal) -> Table:
        (name,) = self.row
        return (
            portal.connected.marketing_automation.people
            if name == "Person"
            else table(portal.connected.salesforce, name)
        )

    def _found(self, portal: Portal) -> Row | None:
        ((name, called),) = self.row.items()
        if name == "Person":
            return portal.connected.marketing_automation.people.having("email", called)
        try:
            return find_row(portal.connected.salesforce, name, called)
        except Refused:
            return None


def _differences(row: Row, has: Mapping[str, str | None]) -> list[str]:
    return [
        f"expected {name} = {shown(text)}, is {shown(row.get(name) or None)}"
        for name, text in has.items()
        if (row.get(name) or None) != text
    ]
