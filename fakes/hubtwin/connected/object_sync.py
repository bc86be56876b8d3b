"""Two-way sync: HubSpot's records of one type and another system's rows, kept in step field by field.

A run looks at what changed on either side since the run before. Each record fares alone: what one side refuses is
noted in the run and stops nothing else.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from hubtwin.connected.pairs import Pair, Pairs
from hubtwin.connected.passages import HUBSPOT, Ends, Passages, Passing
from hubtwin.connected.sync_runs import SyncRun
from hubtwin.connected.tables import Row
from hubtwin.connected.verdicts import Side, direction
from hubtwin.portal import configuration
from hubtwin.portal.errors import PortalError, UnknownName
from hubtwin.portal.log import ARCHIVED, CREATED, JOINED_LIST, LEFT_LIST, MERGED, SET, Entry
from hubtwin.portal.objects import LIFECYCLE
from hubtwin.portal.records import Record
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class ObjectSync:
    """The sync of one object type with one other system. *soon* is called when there is something to do."""

    def __init__(
        self, portal: "Portal", settings: configuration.RecordSync, ends: Ends, soon: Callable[[], None]
    ) -> None:
        self._portal = portal
        self._settings = settings
        self._soon = soon
        self.ends = ends
        self.pairs = Pairs()
        self._passages = Passages(portal, ends, self)
        self._changed_records: dict[int, None] = {}
        self._changed_rows: dict[str, Row] = {}
        for kind in (CREATED, SET, ARCHIVED, MERGED, JOINED_LIST, LEFT_LIST):
            portal.reactions.add(kind, self._record_changed, type=ends.type)
        for table in ends.tables:
            table.watch(self._row_changed)
        for record in portal.records[ends.type]:
            self.look_at(record)

    def uses(self) -> Iterator[Use]:
        """The properties that the mappings bring and take, and those that the filter asks about."""
        type, asset = self.ends.type, f"{self.ends.system} sync"
        for number, mapping in enumerate(self._settings.mappings):
            rule = f"{self.ends.rule}.mappings.{number}"
            yield Use(asset, rule, type, mapping.property, mapping.to_hubspot(), tuple(mapping.terms()))
        only, stage = self._settings.only, self._settings.default_stage
        if only is not None and only.list is None:
            name, values = (LIFECYCLE, (only.stage_from or "",)) if only.stage_from else (only.property, only.values)
            yield Use(asset, f"{self.ends.rule}.only", type, name or "", False, values)
        if stage is not None:
            yield Use(asset, f"{self.ends.rule}.default_stage", type, LIFECYCLE, True, (stage,))

    # -- what there is to do ---------------------------------------------------------------------------

    def look_at(self, record: Record) -> None:
        """Let the next run look at a record, whether or not it changed."""
        self._changed_records[record.id] = None
        self._soon()

    def _record_changed(self, entry: Entry) -> None:
        """A record is looked at again, unless the sync itself wrote."""
        record = entry.record
        if record is None or (entry.kind != CREATED and entry.source.rule == self.ends.rule):
            return
        if entry.kind in (JOINED_LIST, LEFT_LIST) and not (self._settings.only and self._settings.only.list):
            return
        if entry.kind == MERGED:
            for old in entry.value:
                self.pairs.move_record(old.id, record.id)
        self.look_at(record)

    def _row_changed(self, row: Row, writer: object) -> None:
        if writer is not self:
            self._changed_rows[row.id] = row
            self._soon()

    # -- running ---------------------------------------------------------------------------------------

    def run(self, run: SyncRun) -> None:
        """Look at everything that changed."""
        records, self._changed_records = self._changed_records, {}
        rows, self._changed_rows = self._changed_rows, {}
        for id in records:
            pair = self.pairs.of_record(id)
            if pair is not None:
                rows.pop(pair.there.id, None)
            _attempt(run, partial(self._record, run, id), HUBSPOT, f"{self.ends.type.singular} {id}")
        for row in rows.values():
            _attempt(run, partial(self._row, run, row), self.ends.system, row)

    def _record(self, run: SyncRun, id: int) -> None:
        record = self._portal.records[self.ends.type].get(id)  # the id of a merged one leads to what it became
        pair = self.pairs.of_record(id if record is None else record.id)
        if record is None:
            if pair is not None:
                self._record_gone(run, pair)
            return
        if pair is not None and pair.there.deleted is not None:
            self._row_gone(run, pair)
        elif not self._admits(record):
            run.note("skipped", HUBSPOT, record, "not among the records that are synced")
        elif (pair := pair or self._meet_record(run, record)) is not None:
            self._compare(run, pair, record)

    def _row(self, run: SyncRun, row: Row) -> None:
        pair = self.pairs.of_row(row)
        if row.deleted is not None:
            if pair is not None:
                self._row_gone(run, pair)
            return
        record = self._record_of(pair, row)
        if record is None:
            if pair is None:
                self._make_record(run, row)
        elif not self._admits(record):
            run.note("skipped", self.ends.system, row, "its record is not among those that are synced")
        else:
            self._compare(run, pair or self.pairs.add(record.id, row), record)

    def _record_of(self, pair: Pair | None, row: Row) -> Record | None:
        """HubSpot's record for a row: its pair's, or one that is called the same and has no pair yet."""
        records = self._portal.records[self.ends.type]
        if pair is not None:
            return records.get(pair.here)
        if self.ends.match is None or not (name := row.get(self.ends.match[1])):
            return None
        found = records.having(self.ends.match[0], name.strip().lower())
        return next((one for one in found if self.pairs.of_record(one.id) is None), None)

    def _admits(self, record: Record) -> bool:
        """Whether a record is among those that are synced (F4.20.6). Raises UnknownName."""
        only = self._settings.only
        if only is None:
            return True
        if only.property is not None:
            return record.get(only.property) in only.values
        if only.stage_from is not None:
            stages = self._portal.pipelines[self.ends.type]
            first, present = stages.stage(only.stage_from), stages.stage(record.stage)
            return first is not None and present is not None and present.display_order >= first.display_order
        list = self._portal.lists.named(self.ends.type, only.list or "")
        if list is None:
            raise UnknownName("list", only.list or "", [one.name for one in self._portal.lists])
        return record in list

    # -- meeting ---------------------------------------------------------------------------------------

    def _meet_record(self, run: SyncRun, record: Record) -> Pair | None:
        """The pair of a record that has none: with the row that is called the same, or with a new one."""
        if self.ends.match is not None and (name := record.get(self.ends.match[0])):
            rows = (table.having(self.ends.match[1], name) for table in self.ends.tables)
            for row in rows:
                if row is not None and self.pairs.of_row(row) is None:
                    return self.pairs.add(record.id, row)
        if self._settings.create not in ("both", "in_other"):
            run.note("skipped", HUBSPOT, record, f"it is not in {self.ends.system}, and the sync makes nothing there")
            return None
        values = self._all_outward(run, record)
        row = self._passages.make_row(run, record, values)
        pair = self.pairs.add(record.id, row)
        for number, mapping in self._mappings(row):
            pair.agreed[number] = (record.get(mapping.property) or "", row.get(mapping.field))
        return None

    def _all_outward(self, run: SyncRun, record: Record) -> dict[str, str]:
        """What a new row says."""
        values = {}
        for mapping in self._settings.mappings:
            value = record.get(mapping.property)
            if value and mapping.to_other() and mapping.field in self.ends.home.columns:
                term = mapping.terms().get(value) if mapping.terms() else value
                if term is None:
                    _no_term(run, HUBSPOT, record, mapping.property, value)
                else:
                    values[mapping.field] = term
        return values

    def _make_record(self, run: SyncRun, row: Row) -> None:
        """Make HubSpot's record for a row; it gets the sync's first stage, else the account's (F4.20.8, F3.1)."""
        if self._settings.create not in ("both", "in_hubspot"):
            run.note("skipped", self.ends.system, row, "it is not in HubSpot, and the sync makes nothing there")
            return
        values = {} if self.ends.match is None else {self.ends.match[0]: row.get(self.ends.match[1])}
        for _, mapping in self._mappings(row):
            value = row.get(mapping.field)
            if value and mapping.to_hubspot():
                known = mapping.terms_back().get(value) if mapping.terms() else value
                if known is None:
                    _no_term(run, self.ends.system, row, mapping.field, value)
                else:
                    values[mapping.property] = known
        if self._settings.default_stage is not None and self.ends.type.has_lifecycle:
            values.setdefault(LIFECYCLE, self._settings.default_stage)
        record, kept = self._passages.make_record(run, row, values)
        pair = self.pairs.add(record.id, row)
        for number, mapping in self._mappings(row):
            pair.agreed[number] = (kept.get(mapping.property, ""), row.get(mapping.field))

    def _record_gone(self, run: SyncRun, pair: Pair) -> None:
        """The record was deleted: its row goes too, or stays alone (F4.20.7)."""
        if not pair.is_over and self._settings.deletions in ("both", "in_other"):
            self._passages.delete_row(run, pair.there)
        pair.is_over = True

    def _row_gone(self, run: SyncRun, pair: Pair) -> None:
        """The row was deleted: its record goes too, or stays alone (F4.20.7)."""
        record = self._portal.records[self.ends.type].get(pair.here)
        if not pair.is_over and record is not None and self._settings.deletions in ("both", "in_hubspot"):
            self._passages.delete_record(run, record, pair.there)
        pair.is_over = True

    # -- comparing -------------------------------------------------------------------------------------

    def _mappings(self, row: Row) -> list[tuple[int, configuration.FieldMapping]]:
        """The mappings whose field a row can have, with their numbers."""
        columns = next(table.columns for table in self.ends.tables if table.name == row.table)
        return [(n, mapping) for n, mapping in enumerate(self._settings.mappings) if mapping.field in columns]

    def _compare(self, run: SyncRun, pair: Pair, record: Record) -> None:
        """Find out what is new on either side, and pass it on."""
        if pair.is_over:
            return
        inward: dict[int, str] = {}
        outward: dict[int, str] = {}
        for number, mapping in self._mappings(pair.there):
            before = pair.agreed.get(number)
            here, there = self._sides(pair, record, mapping, before)
            pair.agreed[number] = (here.value, there.value)
            if not (here.is_new or there.is_new) or _say_the_same(mapping, here.value, there.value):
                continue
            way = direction(mapping.rule, here, there)
            if way is None:
                continue
            value, terms = (here.value, mapping.terms()) if way == "to_other" else (there.value, mapping.terms_back())
            term = terms.get(value) if terms and value else value
            if term is None:
                _no_term(run, HUBSPOT, record, f"{mapping.property} and {mapping.field}", value)
            else:
                (outward if way == "to_other" else inward)[number] = term
        self._pass_on(run, pair, record, inward, outward)

    def _pass_on(
        self, run: SyncRun, pair: Pair, record: Record, inward: Mapping[int, str], outward: Mapping[int, str]
    ) -> None:
        mappings = self._settings.mappings
        sent = [Passing(mappings[n].property, mappings[n].field, value) for n, value in outward.items()]
        came = [Passing(mappings[n].property, mappings[n].field, value) for n, value in inward.items()]
        taken = self._passages.send(run, record, pair.there, sent) if sent else {}
        kept = self._passages.receive(run, record, pair.there, came) if came else {}
        for number in outward:
            here, there = pair.agreed[number]
            pair.agreed[number] = (here, taken.get(mappings[number].field, there))
        for number in inward:
            here, there = pair.agreed[number]
            pair.agreed[number] = (kept.get(mappings[number].property, here), there)
        if self._others_care(outward, inward):
            self.look_at(record)

    def _others_care(self, outward: Collection[int], inward: Collection[int]) -> bool:
        """Whether other mappings are about a field or a property that was just written."""
        mappings = self._settings.mappings
        fields = [mapping.field for mapping in mappings]
        properties = [mapping.property for mapping in mappings]
        return any(fields.count(fields[n]) > 1 for n in outward) or any(
            properties.count(properties[n]) > 1 for n in inward
        )

    def _sides(
        self, pair: Pair, record: Record, mapping: configuration.FieldMapping, before: tuple[str, str] | None
    ) -> tuple[Side, Side]:
        here, there = record.get(mapping.property) or "", pair.there.get(mapping.field)
        new = (bool(here or there),) * 2 if before is None else (here != before[0], there != before[1])
        if not all(new):
            return Side(here, new[0], 0), Side(there, new[1], 0)
        entry = self._portal.log.last(record, mapping.property)
        stamp = pair.there.stamps.get(mapping.field)
        return (
            Side(here, True, record.created if entry is None else entry.moment),
            Side(there, True, pair.there.created if stamp is None else stamp.moment),
        )


def _attempt(run: SyncRun, look: Callable[[], None], side: str, thing: object) -> None:
    """Look at one record or row; what is refused is noted and stops nothing else."""
    try:
        look()
    except PortalError as error:
        run.note("error", side, thing, str(error))


def _no_term(run: SyncRun, side: str, thing: object, name: str, value: str) -> None:
    run.note("error", side, thing, f"{name}: the mapping has no term for {value!r}")


def _say_the_same(mapping: configuration.FieldMapping, here: str, there: str) -> bool:
    """Whether two values mean the same, each in its side's terms."""
    return there == (mapping.terms().get(here) if mapping.terms() and here else here)
