"""Lookouts: who looks at a record again when something happens that may change the answer.

Dynamic lists and scores stand on it: a write makes only those look again that asked about what was written.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from hubtwin.portal.filter_branches.criteria import TOUCHED, Interest
from hubtwin.portal.log import CREATED, Activity, Entry
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Watcher = TypeVar("Watcher", bound=Hashable)

#: The entries that a reaction sees: their kind, and the property where it is one only.
_Key = tuple[str, str | None]


class Lookouts(Generic[Watcher]):
    """The watchers of one kind in a portal, noted under what they are interested in.

    *look* is called with a watcher, a record that it has to look at again, and the number of the log's entry that
    is the reason. Where it *follows*, it writes to no record (`Reactions.add`).
    """

    def __init__(
        self, portal: "Portal", look: Callable[[Watcher, Record, int], object], *, follows: bool = False
    ) -> None:
        self._portal = portal
        self._look = look
        self._follows = follows
        self._interests: dict[_Key, list[tuple[Watcher, Interest]]] = defaultdict(list)
        self._by_value: dict[tuple[_Key, str], list[tuple[Watcher, Interest]]] = defaultdict(list)
        self._by_fact: dict[tuple[str, str, str], list[tuple[Watcher, Interest]]] = defaultdict(list)
        self._lacked: dict[str, None] = {}
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
                self._portal.reactions.add(interest.kind, happened, heard[1], follows=self._follows)

    def withdraw(self, watcher: Watcher) -> None:
        """Let a watcher look no more."""
        for noted in (*self._interests.values(), *self._by_value.values(), *self._by_fact.values()):
            noted[:] = [(other, interest) for other, interest in noted if other != watcher]

    def _places(self, key: _Key, interest: Interest) -> list[list[tuple[Watcher, Interest]]]:
        """Where an interest is noted: under its fact or its values, so that only who asks for those looks again."""
        if interest.fact is not None:
            name, value = interest.fact
            return [self._by_fact[interest.kind, name, value.lower()]]
        if interest.values is None:
            return [self._interests[key]]
        if interest.kind == CREATED and interest.property is not None and "" in interest.values:
            self._lacked[interest.property] = None
        return [self._by_value[key, value] for value in sorted({value.lower() for value in interest.values})]

    def _created(self, entry: Entry) -> None:
        """A new record concerns those who ask for any, for a property that it has or lacks, or for a value of it."""
        if entry.record is None:
            return
        concerned, values = [*self._interests[CREATED, None]], entry.record.values
        for name, value in values.items():
            concerned += self._interests.get((CREATED, name), ())
            concerned += self._by_value.get(((CREATED, name), value.lower()), ())
        for name in self._lacked:
            concerned += self._by_value[(CREATED, name), ""] if name not in values else ()
        for watcher in dict.fromkeys(watcher for watcher, interest in concerned if interest.type is entry.record.type):
            self._look(watcher, entry.record, entry.number)

    def _happened(self, key: _Key, entry: Entry) -> None:
        if entry.record is None:
            return
        concerned = [*self._interests[key]]
        if entry.property is not None:
            for value in dict.fromkeys(((entry.before or "").lower(), (entry.value or "").lower())):
                concerned += self._by_value.get((key, value), ())
        elif isinstance(entry.value, Activity):
            for name, fact in entry.value.facts.items():
                concerned += self._by_fact.get((entry.kind, name, fact.lower()), ())
        for watcher, interest in dict.fromkeys(concerned):
            for record in interest.concerned(entry.record, self._portal.associations):
                self._look(watcher, record, entry.number)
