"""Sightings: what somebody looks for in a record's timeline, again and again.

Timelines grow long: one of thousands of page views can't be walked at each of them. What was found in a long one is
kept, and only what came since is looked at.
"""

from abc import abstractmethod
from bisect import insort
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from hubtwin.portal.log import Entry, Log
from hubtwin.portal.records import Record

#: A timeline of so many entries is walked whenever somebody asks, so that most records need no room here.
SHORT = 64

Sight = TypeVar("Sight", bound=Hashable)


class Watcher(Generic[Sight]):
    """Somebody who looks for something, told apart by identity.

    It never changes, and always sees the same in an entry: snapshots share it.
    """

    @abstractmethod
    def sight(self, entry: Entry) -> Sight | None:
        """What an entry is to it, None for nothing."""


@dataclass(slots=True)
class _Seen:
    """The moments of all that was seen in the entries up to the number *until*."""

    moments: dict[Any, list[int]] = field(default_factory=dict)
    until: int = -1


class Sightings:
    """What the watchers of one portal found in long timelines."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._seen: dict[Record, dict[Watcher[Any], _Seen]] = {}

    def of(self, record: Record, watcher: Watcher[Sight]) -> Mapping[Sight, Sequence[int]]:
        """What *watcher* sees in the timeline of a record and of those that it was merged from.

        Each sight has the moments of its entries, earliest first.
        """
        known = self._seen.get(record, {}).get(watcher)
        seen = known or _Seen()
        entries = [*self._log.whole_timeline(record, seen.until)]
        for entry in reversed(entries):
            if (sight := watcher.sight(entry)) is not None:
                insort(seen.moments.setdefault(sight, []), entry.moment)
        seen.until = record.last_entry
        if known is None and len(entries) > SHORT:
            self._seen.setdefault(record, {})[watcher] = seen
        return seen.moments

    def forget(self, record: Record) -> None:
        """Drop what was found about a record that is to be forgotten (W2.4.8)."""
        self._seen.pop(record, None)
