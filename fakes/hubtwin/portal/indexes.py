"""Indexes: records found by the value of a property, and records in the order of its values.

Each follows the writes: it is told to `forget` a record before one of its values changes, and to `note` it afterwards.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING

from hubtwin.portal.filters import Comparable, Comparison, comparable, sort_key
from hubtwin.portal.properties import PropertyDefinition

if TYPE_CHECKING:
    from hubtwin.portal.records import Record


class Index:
    """Records by their value of one property, or by that value in lower case."""

    def __init__(self, property: str, *, folded: bool) -> None:
        self.property = property
        self._folded = folded
        # Most values of a unique property have one record: a dictionary for each would take more room than they do.
        self._alone: dict[str, Record] = {}
        self._several: dict[str, dict[int, Record]] = {}

    def find(self, value: str) -> "list[Record]":
        """The records that have this value, by ascending id."""
        holders = self._several.get(value)
        if holders is not None:
            return [holders[id] for id in sorted(holders)]
        record = self._alone.get(value)
        return [] if record is None else [record]

    def note(self, record: "Record") -> None:
        """Take a record in, with the values that it has now."""
        for key in self._keys(record):
            holders = self._several.get(key)
            if holders is not None:
                holders[record.id] = record
            elif (other := self._alone.setdefault(key, record)) is not record:
                self._several[key] = {other.id: other, record.id: record}
                del self._alone[key]

    def forget(self, record: "Record") -> None:
        """Let a record go, which still has the values that it was noted with."""
        for key in self._keys(record):
            holders = self._several.get(key)
            if holders is not None:
                holders.pop(record.id, None)
                if not holders:
                    del self._several[key]
            elif self._alone.get(key) is record:
                del self._alone[key]

    def _keys(self, record: "Record") -> list[str]:
        """What a record is found by: its value; for e-mail, the other addresses too (W2.6)."""
        value = record.get(self.property)
        keys = [] if value is None else [value]
        if self.property == "email" and (others := record.values.get("hs_additional_emails")):
            keys += others.split(";")
        return [key.lower() for key in keys] if self._folded else keys


#: A value and the id of the record that has it.
_Place = tuple[Comparable, int]

#: Changed records are moved one by one where they are at most one in so many; else it costs less to sort all anew.
_FEW = 50


class Order:
    """Records in the order of one property's values, those of equal value by ascending id.

    Writes only note which records changed; who asks next pays for moving them. Records without a value are in no
    place.
    """

    def __init__(self, definition: PropertyDefinition, live: "Mapping[int, Record]") -> None:
        self.property = definition.name
        self._definition = definition
        self._live = live
        self._changed: dict[int, None] = {}
        self._places: dict[int, _Place] = {}
        self._sorted: list[_Place] = []

    def note(self, record: "Record") -> None:
        """Remember that a record has to be looked at again."""
        self._changed[record.id] = None

    forget = note

    def positions(self, comparisons: Iterable[Comparison]) -> range:
        """Where the records are that pass all of these comparisons of RANGES. Raises InvalidComparison."""
        self._settle()
        first, end = 0, len(self._sorted)
        for one in comparisons:
            stretch = self._stretch(one)
            first, end = max(first, stretch.start), min(end, stretch.stop)
        return range(first, end)

    def lacking(self) -> "Iterator[Record]":
        """The records that have no value, by ascending id."""
        return (record for id, record in self._live.items() if id not in self._places)

    def within(self, positions: range, *, descending: bool = False) -> "Iterator[Record]":
        """The records in these places, where nothing was written since they were asked for.

        Those of equal value come by ascending id in both directions.
        """
        places = self._backwards(positions) if descending else map(self._sorted.__getitem__, positions)
        return (self._live[id] for _, id in places)

    def _backwards(self, positions: range) -> Iterator[_Place]:
        end = positions.stop
        while end > positions.start:
            value, _ = self._sorted[end - 1]
            first = bisect_left(self._sorted, (value, 0), hi=end)  # positions never part records of equal value
            yield from self._sorted[first:end]
            end = first

    def _stretch(self, comparison: Comparison) -> range:
        first, end = self._bounds(comparison.value)
        match comparison.operator:
            case "LT":
                return range(first)
            case "LTE":
                return range(end)
            case "GT":
                return range(end, len(self._sorted))
            case "GTE":
                return range(first, len(self._sorted))
            case "BETWEEN":
                return range(first, self._bounds(comparison.high)[1])
        return range(first, end)

    def _bounds(self, text: str | None) -> tuple[int, int]:
        """Where the records of a value begin and end."""
        value = comparable(self._definition, text)
        return bisect_left(self._sorted, (value, 0)), bisect_left(self._sorted, (value, inf))

    # -- following writes ------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Move the records that changed."""
        few = len(self._changed) * _FEW <= len(self._sorted)
        for id in self._changed:
            old, new = self._places.pop(id, None), self._place(id)
            if new is not None:
                self._places[id] = new
            if few and new != old:
                self._move(old, new)
        if not few:
            self._sorted = sorted(self._places.values())
        self._changed.clear()

    def _move(self, old: _Place | None, new: _Place | None) -> None:
        if old is not None:
            del self._sorted[bisect_left(self._sorted, old)]
        if new is not None:
            insort(self._sorted, new)

    def _place(self, id: int) -> _Place | None:
        record = self._live.get(id)
        value = None if record is None else sort_key(self._definition, record.get(self.property))
        return None if value is None else (value, id)
