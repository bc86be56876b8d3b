"""Lookouts: who looks at a record again when something happens that may change the answer.

Dynamic lists and scores stand on it: a write makes only those look again that asked about what was written.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from hubtwin.portal.filter_branches.criteria import TOUCHED, Interest
from hubtwin.portal.log import CREATED, Entry
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
        self._by_value: dict[tuple[_Key, str], list[tuple[Watcher, Interest]]] = defaultdict(list)
        self._reacting: set[_Key] = set()

    def post(self, watcher: Watcher, interests: Iterable[Interest]) -> None:
        """Let a watcher look again at what these happenings concern. TOUCHED ones leave no entry to react to."""
        for interest in dict.fromkeys(interests):
            if interest.kind == TOUCHED:
                continue
            key = (interest.kind, interest.property)
            for noted in self._places(key, interest):
                noted.append((watcher, interest))
            heard = (CREATED, None) if interest.kind == CREATED else key
            if heard not in self._reacting:
                self._reacting.add(heard)
                happened = self._created if interest.kind == CREATED else partial(self._happened, key)
                self._portal.reactions.add(interest.kind, happened, heard[1])

    def withdraw(self, watcher: Watcher) -> None:
        """Let a watcher look no more."""
        for noted in (*self._interests.values(), *self._by_value.values()):
            noted[:] = [(other, interest) for other, interest in noted if other != watcher]

    def _places(self, key: _Key, interest: Interest) -> list[list[tuple[Watcher, Interest]]]:
        """Where an interest is noted: under each of its values, so that only who asks for one looks again."""
        if interest.values is None:
            return [self._interests[key]]
        return [self._by_value[key, value] for value in sorted(interest.values)]

    def _created(self, entry: Entry) -> None:
        """A new record concerns those who ask for any, for one of its properties, or for one of its values."""
        if entry.record is None:
            return
        concerned = [*self._interests[CREATED, None]]
        for name, value in entry.record.values.items():
            concerned += self._interests.get((CREATED, name), ())
            concerned += self._by_value.get(((CREATED, name), value), ())
        for watcher in dict.fromkeys(watcher for watcher, interest in concerned if interest.type is entry.record.type):
            self._look(watcher, entry.record, entry.number)

    def _happened(self, key: _Key, entry: Entry) -> None:
        if entry.record is None:
            return
        concerned = [*self._interests[key]]
        for value in dict.fromkeys((entry.before or "", entry.value or "")) if entry.property else ():
            concerned += self._by_value.get((key, value), ())
        for watcher, interest in dict.fromkeys(concerned):
            for record in interest.concerned(entry.record, self._portal.associations):
                self._look(watcher, record, entry.number)
