"""Lookouts: who looks at a record again when something happens that may change the answer.

Dynamic lists and scores stand on it: a write makes only those look again that asked about what was written.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from hubtwin.portal.filter_branches.criteria import TOUCHED, Interest
from hubtwin.portal.log import Entry
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Watcher = TypeVar("Watcher", bound=Hashable)

#: The entries that a reaction sees: their kind, and the property where it is one only.
_Key = tuple[str, str | None]


class Lookouts(Generic[Watcher]):
    """The watchers of one kind in a portal, noted under what they are interested in.

    *look* is called with a watcher, a record that it has to look at again, and the number of the log's entry that
    is the reason.
    """

    def __init__(self, portal: "Portal", look: Callable[[Watcher, Record, int], object]) -> None:
        self._portal = portal
        self._look = look
        self._interests: dict[_Key, list[tuple[Watcher, Interest]]] = defaultdict(list)
        self._reacting: set[_Key] = set()

    def post(self, watcher: Watcher, interests: Iterable[Interest]) -> None:
        """Let a watcher look again at what these happenings concern. TOUCHED ones leave no entry to react to."""
        for interest in dict.fromkeys(interests):
            if interest.kind == TOUCHED:
                continue
            key = (interest.kind, interest.property)
            self._interests[key].append((watcher, interest))
            if key not in self._reacting:
                self._reacting.add(key)
                self._portal.reactions.add(interest.kind, partial(self._happened, key), interest.property)

    def withdraw(self, watcher: Watcher) -> None:
        """Let a watcher look no more."""
        for key, noted in self._interests.items():
            self._interests[key] = [(other, interest) for other, interest in noted if other != watcher]

    def _happened(self, key: _Key, entry: Entry) -> None:
        if entry.record is None:
            return
        for watcher, interest in tuple(self._interests[key]):
            for record in interest.concerned(entry.record, self._portal.associations):
                self._look(watcher, record, entry.number)
