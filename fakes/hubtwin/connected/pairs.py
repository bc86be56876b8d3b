"""Pairs: which of HubSpot's records is which row of another system, and what both said when they last agreed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hubtwin.connected.tables import Row


@dataclass(eq=False, slots=True)
class Pair:
    """HubSpot's record with the id *here* and the row *there* are about the same.

    *agreed* holds, by the number of a mapping, the values on both sides when the sync last looked: what it finds
    later is a change only where it differs from them, so that what a sync wrote itself never is one. A pair *is_over*
    once one of the two is deleted and the other one stays.
    """

    here: int
    there: Row
    agreed: dict[int, tuple[str, str]] = field(default_factory=dict)
    is_over: bool = False


class Pairs:
    """The pairs of one sync, found from both sides."""

    def __init__(self) -> None:
        self._by_record: dict[int, Pair] = {}
        self._by_row: dict[str, Pair] = {}

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._by_record.values())

    def __len__(self) -> int:
        return len(self._by_record)

    def of_record(self, id: int) -> Pair | None:
        """The pair of HubSpot's record with this id."""
        return self._by_record.get(id)

    def of_row(self, row: Row) -> Pair | None:
        """The pair of a row."""
        return self._by_row.get(row.id)

    def add(self, here: int, there: Row) -> Pair:
        """Note that a record and a row are about the same."""
        pair = self._by_record[here] = self._by_row[there.id] = Pair(here, there)
        return pair

    def move_row(self, pair: Pair, there: Row) -> None:
        """Let another row take the place of a pair's: a lead became a contact."""
        self._by_row.pop(pair.there.id, None)
        pair.there = there
        self._by_row[there.id] = pair

    def move_record(self, old: int, new: int) -> None:
        """Let a merged record take an old one's place, unless it has a pair of its own."""
        pair = self._by_record.pop(old, None)
        if pair is not None:
            pair.here = new
            pair.is_over = self._by_record.setdefault(new, pair) is not pair
