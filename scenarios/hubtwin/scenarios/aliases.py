"""Records by the names that a test gives them: `as: ada`, and `$ada` from there on."""

from collections.abc import Sequence

from hubtwin.files.documents import Place
from hubtwin.portal import Portal, Record
from hubtwin.portal.errors import choices
from hubtwin.portal.moments import DAY
from hubtwin.portal.objects import ObjectType
from hubtwin.verbs.fields import LONGEST
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class AliasNames(Names):
    """The names that hold at one point of a test.

    *portal* is a fresh portal of the scenario's configuration, with its initial records, *columns* are those of the
    test's `each` table.
    """

    def __init__(self, portal: Portal, columns: Sequence[str] = ()) -> None:
        super().__init__(portal)
        self._columns = columns
        self._types = {f"${alias}": record.type for alias, record in portal.seeding.records.items()}
        self._elapsed = 0

    def record(self, reference: str, place: Place, *types: str) -> ObjectType | None:
        """The type of the record that an alias names, which must be one of *types* where some are given."""
        if not (reference.startswith("$") and reference[1:].isidentifier()):
            self.problems.append((place, f"a record is named by its alias, as in $ada: {reference!r}"))
            return None
        found = self._types.get(reference)
        if found is None:
            known = choices(reference, list(self._types))
            self.problems.append((place, f"no record is called {reference!r} here; {known}"))
        elif types and found.name not in types:
            self.problems.append((place, f"{reference!r} is one of the {found.name}, not of the {' or '.join(types)}"))
            return None
        return found

    def bind(self, alias: str | None, type: str, place: Place) -> None:
        """Note that *alias*, where there is one, names a record of *type* from here on."""
        if alias is None or self._refusing:
            return
        if alias in self._columns:
            self.problems.append((place, f"{alias!r} is a column of `each` already"))
        elif f"${alias}" in self._types:
            self.problems.append((place, f"{alias!r} names another record already"))
        else:
            self._types[f"${alias}"] = self.portal.type(type)

    def wait(self, duration: int, place: Place) -> None:
        """Note that time passes in the test."""
        self._elapsed += duration
        if self._elapsed > LONGEST:
            self.problems.append((place, f"the waits of this test add up to more than {LONGEST // DAY} days"))

    def is_placeholder(self, text: str, place: Place) -> bool:
        """Whether *text* is a `$name` that no column of `each` filled."""
        if not (text.startswith("$") and text[1:].isidentifier()):
            return False
        if text in self._types:
            message = f"{text!r} is a record, not a value; associated_with links records"
        else:
            message = f"{text!r} is no column of `each`; {choices(text[1:], self._columns)}"
        self.problems.append((place, message))
        return True


class AliasWorld(World):
    """A test's own portal, and its records by alias."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self._records = {f"${alias}": record for alias, record in portal.seeding.records.items()}

    def record(self, reference: str) -> Record:
        """The record that an alias names; what it became, where it was merged."""
        record = self._records[reference]
        return self.portal.records[record.type].get(record.id) or record

    def bind(self, alias: str | None, record: Record) -> None:
        """Let *alias*, where there is one, name *record*."""
        if alias is not None:
            self._records[f"${alias}"] = record
