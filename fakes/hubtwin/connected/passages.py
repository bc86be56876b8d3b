"""How values pass between HubSpot and another system: what either side refuses, notes, and takes for a loop."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from hubtwin.connected.sync_runs import SyncRun
from hubtwin.connected.tables import Row, RowRefused, Table
from hubtwin.portal.errors import InvalidValues
from hubtwin.portal.log import SET, SYNCED, Activity, Entry
from hubtwin.portal.objects import LIFECYCLE, ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.stages import Verdict
from hubtwin.portal.stories import who
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

HUBSPOT = "HubSpot"

#: How often a value may pass between two sides in one chain of causes: more, and it goes round for ever.
MAX_PASSES = 6


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of a sync: records of *type*, and the rows of *tables*; new rows are made in *home*.

    *match* are the property and the field by which records and rows that never met are taken for the same. *writer*
    is HubSpot's source type for what the sync writes, *rule* its path in the portal file.
    """

    system: str
    rule: str
    writer: str
    type: ObjectType
    tables: tuple[Table, ...]
    home: Table
    match: tuple[str, str] | None


class Passing(NamedTuple):
    """A *value* on its way between a property and a field."""

    property: str
    field: str
    value: str


class Passages:
    """The way across for one sync. *sync* is what tables are told to be the writer."""

    def __init__(self, portal: "Portal", ends: Ends, sync: object) -> None:
        self._portal = portal
        self._ends = ends
        self._sync = sync

    # -- to the other system ---------------------------------------------------------------------------

    def make_row(self, run: SyncRun, record: Record, values: Mapping[str, str]) -> Row:
        """Make a row for a record. Raises RowRefused."""
        home = self._ends.home
        values = self._accepted(run, record, values, lambda some: home.check(some, is_new=True))
        words = f"to {self._ends.system}: new {home.name}"
        cause = self._note(record, None, words, (), record.last_entry)
        row = home.create(values, cause=cause, writer=self._sync)
        run.note("created", self._ends.system, row, f"for {record}")
        return row

    def send(self, run: SyncRun, record: Record, row: Row, values: Sequence[Passing]) -> dict[str, str]:
        """Write values to a row; return those that it took, by field, whatever happened after that."""
        entries = [self._portal.log.last(record, one.property) for one in values]
        free = [
            (one, entry)
            for one, entry in zip(values, entries, strict=True)
            if not self._is_loop(run, record, one.property, entry, self._ends.system, row)
        ]
        table = self._table(row)
        fields = self._accepted(run, record, {one.field: one.value for one, _ in free}, table.check)
        if fields:
            cause = max((entry.number for _, entry in free if entry is not None), default=None)
            words = f"to {self._ends.system} {row.table} {row.id}: {_listed(fields)}"
            number = self._note(record, row, words, [one.property for one, _ in free], cause)
            table.update(row, fields, cause=number, writer=self._sync)
            run.note("updated", self._ends.system, row, _listed(fields))
        return fields

    def delete_row(self, run: SyncRun, row: Row) -> None:
        """Delete a row whose record was deleted."""
        self._table(row).delete(row, writer=self._sync)
        run.note("deleted", self._ends.system, row)

    # -- to HubSpot ------------------------------------------------------------------------------------

    def make_record(self, run: SyncRun, row: Row, values: Mapping[str, str]) -> tuple[Record, dict[str, str]]:
        """Make a record for a row: the record, and the values that it was made with. Raises PortalError."""
        check = partial(self._portal.writes.check_new, self._ends.type, source=self._source(row))
        change = self._checked(run, row, values, check)
        self._explain(change, row, [stamp.cause for stamp in row.stamps.values()])
        record = self._portal.writes.apply(change).record
        run.note("created", HUBSPOT, record, f"for {row.table} {row.id}")
        return record, dict(change.values)

    def receive(self, run: SyncRun, record: Record, row: Row, values: Sequence[Passing]) -> dict[str, str]:
        """Write values to a record; return what its properties were left with, whatever happened after that."""
        before = {one.property: record.get(one.property) or "" for one in values}
        wanted, causes = {}, []
        for one in values:
            cause = row.stamps[one.field].cause if one.field in row.stamps else None
            entry = None if cause is None else self._portal.log[cause]
            if not self._is_loop(run, record, one.property, entry, HUBSPOT, record):
                wanted[one.property] = one.value
                causes.append(cause)
        check = partial(self._portal.writes.check, record, source=self._source(row))
        change = self._checked(run, row, wanted, check) if wanted else None
        if change is None or not change.values:
            return before
        self._explain(change, row, causes)
        outcome = self._portal.writes.apply(change)
        if outcome.verdict in (Verdict.KEPT, Verdict.REFUSED):
            run.note("kept", HUBSPOT, record, f"{before[LIFECYCLE]}; {change.values[LIFECYCLE]} comes before it")
        if outcome.written:
            run.note("updated", HUBSPOT, record, _listed({name: change.values[name] for name in outcome.written}))
        return before | {name: change.values[name] for name in outcome.written}

    def delete_record(self, run: SyncRun, record: Record, row: Row) -> None:
        """Archive a record whose row was deleted."""
        self._portal.archive(record, source=self._source(row))
        run.note("deleted", HUBSPOT, record)

    # -- loops -----------------------------------------------------------------------------------------

    def _is_loop(
        self, run: SyncRun, record: Record, property: str, cause: Entry | None, side: str, target: object
    ) -> bool:
        """Whether a value has come round so often that it is not passed on; the run names the path then."""
        if cause is None:
            return False
        chain = self._portal.log.why(cause.number)
        passed = [n for n, entry in enumerate(chain) if _is_passage(entry, record, property)]
        if len(passed) < MAX_PASSES:
            return False
        lap = chain[passed[-3] : passed[-1] + 1]  # from one passage to the next one that way: there and back
        path = tuple(_told(entry) for entry in lap if entry.kind == SYNCED or self._is_others(entry))
        run.note("loop", side, target, f"{property} goes round for ever: {' -> '.join(path)}", path)
        return True

    def _is_others(self, entry: Entry) -> bool:
        """Whether somebody else set a value, not this sync."""
        return entry.kind == SET and entry.source.rule != self._ends.rule

    # -- small parts -----------------------------------------------------------------------------------

    def _table(self, row: Row) -> Table:
        return next(table for table in self._ends.tables if table.name == row.table)

    def _source(self, row: Row | None) -> Source:
        label = None if self._ends.writer == "SALESFORCE" else self._ends.system
        return Source(self._ends.writer, None if row is None else row.id, label, rule=self._ends.rule)

    def _note(self, record: Record, row: Row | None, words: str, properties: Iterable[str], cause: int | None) -> int:
        activity = self._activity(words, properties)
        return self._portal.writes.happened(record, activity, self._source(row), cause)

    def _explain(self, change: Change, row: Row, causes: Iterable[int | None]) -> None:
        """Say where a change comes from, and what it goes back to."""
        change.cause = max((cause for cause in causes if cause is not None), default=None)
        words = f"from {self._ends.system} {row.table} {row.id}: {_listed(change.values)}"
        change.activity = self._activity(words, change.values)

    def _activity(self, words: str, properties: Iterable[str]) -> Activity:
        return Activity(SYNCED, words, {"system": self._ends.system, "properties": ";".join(properties)})

    @staticmethod
    def _accepted(
        run: SyncRun, record: Record, values: Mapping[str, str], check: Callable[[Mapping[str, str]], None]
    ) -> dict[str, str]:
        """The values less those that the other system refuses, which are noted. Raises RowRefused for what lacks."""
        try:
            check(values)
        except RowRefused as error:
            if not error.problems.keys() <= values.keys():
                raise
            for name, why in error.problems.items():
                run.note("error", HUBSPOT, record, f"{name}: {why}")
            kept = {name: value for name, value in values.items() if name not in error.problems}
            check(kept)
            return kept
        return dict(values)

    def _checked(
        self, run: SyncRun, row: Row, values: Mapping[str, str], check: Callable[[Mapping[str, str]], Change]
    ) -> Change:
        """The change that writes the values less those that HubSpot refuses, which are noted. Raises PortalError."""
        try:
            return check(values)
        except InvalidValues as error:
            refused = {problem.property for problem in error.problems}
            for problem in error.problems:
                run.note("error", self._ends.system, row, f"{problem.property}: {problem.message}")
            return check({name: value for name, value in values.items() if name not in refused})


def _is_passage(entry: Entry, record: Record, property: str) -> bool:
    if entry.kind != SYNCED or entry.record is not record or entry.value is None:
        return False
    return property in entry.value.facts["properties"].split(";")


def _told(entry: Entry) -> str:
    """A step of a loop in words."""
    if entry.kind == SYNCED:
        return str(entry.value)
    return f"{who(entry.source)} sets {entry.property} = {entry.value or '(empty)'}"


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value or '(empty)'}" for name, value in values.items())
