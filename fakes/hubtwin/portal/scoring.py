"""Scoring: a published score at work (F10.5.2, F10.5.10).

The points of each record are kept rule by rule. What happens makes only the rules work again that asked about it, for
the records that it concerns; rules that look at the clock have an agenda. Nothing ever goes over all records but the
publication of a score.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from hubtwin.portal.agenda import Agenda
from hubtwin.portal.records import Record
from hubtwin.portal.score_calculators import NOTHING
from hubtwin.portal.score_definitions import ScoreDefinition
from hubtwin.portal.sources import Source
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Scoring:
    """The records of one score, and what each has by each of its rules; the score writes as *source*.

    *evaluations* counts how often a rule was asked about a record.
    """

    def __init__(self, portal: "Portal", definition: ScoreDefinition, source: Source) -> None:
        self.definition = definition
        self.evaluations = 0
        self._portal = portal
        self._source = source
        self._points: dict[int, list[Decimal]] = {}
        self._causes: dict[int, int] = {}
        self._agenda = Agenda(portal.clock, self._due)

    def refresh(self, cause: int) -> None:
        """Score all records anew, because of entry *cause* of the log."""
        self._points.clear()
        for record in list(self._portal.records[self.definition.type]):
            self.look(record, None, cause)

    def look(self, record: Record, rule: int | None, cause: int | None) -> None:
        """Let one of the rules work again for a record, or all of them where *rule* is None."""
        if self._portal.records[self.definition.type].get(record.id) is not record:
            self.forget(record)
        elif self.definition.covers.accepts(record):
            self._write(record, self.definition.values(self._work(record, rule)), cause)
            self._agenda.put(record.id, self.definition.next_check(record))
        else:
            self.forget(record)
            self._write(record, dict.fromkeys((output.name for output in self.definition.outputs), ""), cause)

    def forget(self, record: Record) -> None:
        """Keep nothing about a record that is not scored, or no more."""
        self._points.pop(record.id, None)
        self._causes.pop(record.id, None)
        self._agenda.put(record.id, None)

    def stop(self) -> None:
        """Let the clock change nothing any more."""
        self._points.clear()
        self._agenda.clear()

    def _work(self, record: Record, rule: int | None) -> list[Decimal]:
        rules, points = self.definition.rules, self._points.get(record.id)
        if points is None:
            rule, points = None, [NOTHING] * len(rules)
            self._points[record.id] = points
        for number in range(len(points)) if rule is None else (rule,):
            points[number] = rules[number].points(record)
            self.evaluations += 1
        return points

    def _write(self, record: Record, values: dict[str, str], cause: int | None) -> None:
        """Keep what has changed, with the cause; what fades has that from which it came."""
        changed = {name: value for name, value in values.items() if value != (record.get(name) or "")}
        if not changed:
            return
        if cause is None:
            cause = self._causes.get(record.id)
        else:
            self._causes[record.id] = cause
        # Nobody else may write these properties, so that there is nothing to check.
        self._portal.writes.apply(Change(record.type, record, changed, self._source, cause))

    def _due(self, ids: Iterable[int]) -> None:
        for id in ids:
            if (record := self._portal.records[self.definition.type].get(id)) is not None:
                self.look(record, None, None)
