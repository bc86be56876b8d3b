"""Memberships: who joins and leaves lists, and how dynamic lists follow what happens (W6.4.23, W6.4.24)."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from hubtwin.portal.agenda import Agenda
from hubtwin.portal.filter_branches.criteria import TOUCHED
from hubtwin.portal.log import ARCHIVED, JOINED_LIST, LEFT_LIST, MERGED, Activity, Entry
from hubtwin.portal.lookouts import Lookouts
from hubtwin.portal.object_lists import LIST, ObjectList
from hubtwin.portal.records import Record
from hubtwin.portal.sources import CALCULATED, Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Memberships:
    """The memberships of one portal's lists.

    Dynamic lists look at a record again when something happens that their filters are interested in. Filters that
    look at the clock have an agenda.
    """

    def __init__(self, portal: "Portal", lists: Callable[[], Iterable[ObjectList]]) -> None:
        self._portal = portal
        self._lists = lists
        self._lookouts = Lookouts(portal, self._look, follows=True)
        self._watching = False
        self._agendas: dict[ObjectList, Agenda] = {}
        self._silent: set[ObjectList] = set()
        self._words: dict[tuple[str, str], Activity] = {}

    def watch(self) -> None:
        """Begin to see what ends memberships; with the first list, so that portals without any are not slower."""
        if not self._watching:
            self._watching = True
            self._portal.reactions.add(ARCHIVED, self._archived, follows=True)
            self._portal.reactions.add(MERGED, self._merged, follows=True)

    # -- joining and leaving ---------------------------------------------------------------------------

    def join(self, list: ObjectList, record: Record, source: Source, cause: int | None = None) -> bool:
        """Let a record join; whether it was no member before."""
        if record in list:
            return False
        list.add(record, self._portal.clock.now)
        self._note(JOINED_LIST, list, record, source, cause)
        return True

    def leave(self, list: ObjectList, record: Record, source: Source, cause: int | None = None) -> bool:
        """Let a record leave; whether it was a member before."""
        if record not in list:
            return False
        list.remove(record, self._portal.clock.now)
        self._note(LEFT_LIST, list, record, source, cause)
        return True

    def _note(self, kind: str, list: ObjectList, record: Record, source: Source, cause: int | None) -> None:
        number = self._portal.log.append(
            kind, self._portal.clock.now, record, source, cause, value=self._said(kind, list)
        )
        self._portal.reactions.publish(number, kind, record)

    def _said(self, kind: str, list: ObjectList) -> Activity:
        """What the log says of members: the same for all of a list."""
        said = self._words.get((kind, list.label))
        if said is None:
            said = self._words[kind, list.label] = Activity(kind, list.label, {LIST: str(list.id)})
        return said

    def _archived(self, entry: Entry) -> None:
        """A record in the bin is in no list."""
        if entry.record is not None:
            for list in self._lists():
                self.leave(list, entry.record, CALCULATED, entry.number)

    def _merged(self, entry: Entry) -> None:
        """What two records became is in the lists that either was in, where no filter decides otherwise."""
        for list in self._lists():
            was_member = [self.leave(list, old, CALCULATED, entry.number) for old in entry.value or ()]
            if entry.record is None or list.type is not entry.record.type:
                continue
            if list in self._agendas:
                self._look(list, entry.record, entry.number)
            elif any(was_member) and not list.is_dynamic:
                self.join(list, entry.record, CALCULATED, entry.number)

    # -- dynamic lists ---------------------------------------------------------------------------------

    def follow(self, list: ObjectList) -> None:
        """Let a dynamic list have the members that its filters accept, from now on."""
        if list.criterion is None:
            return
        interests = (*list.criterion.creations(list.type), *list.criterion.interests())
        if any(interest.kind == TOUCHED for interest in interests):
            self._silent.add(list)
        self._lookouts.post(list, interests)
        self._agendas[list] = Agenda(self._portal.clock, partial(self._due, list))
        self.refresh(list)

    def forsake(self, list: ObjectList) -> None:
        """Let a list's members be as they are."""
        self._lookouts.withdraw(list)
        self._silent.discard(list)
        if (agenda := self._agendas.pop(list, None)) is not None:
            agenda.clear()

    def refresh(self, list: ObjectList) -> None:
        """Look at all records anew."""
        for record in (*self._portal.records[list.type], *list):
            self._look(list, record, None)
        self._portal.reactions.settle()

    def settle(self, list: ObjectList) -> None:
        """Make sure of a list's members before somebody reads them: some changes leave no trace to react to."""
        if list in self._silent:
            self.refresh(list)

    def _due(self, list: ObjectList, ids: Iterable[int]) -> None:
        for id in ids:
            if (record := self._portal.records[list.type].get(id)) is not None:
                self._look(list, record, None)
        self._portal.reactions.settle()

    def _look(self, list: ObjectList, record: Record, cause: int | None) -> None:
        """Let the filters decide about one record."""
        if list.criterion is None or list not in self._agendas:
            return
        live = self._portal.records[list.type].get(record.id) is record
        if live and list.criterion.accepts(record):
            self.join(list, record, CALCULATED, cause)
        else:
            self.leave(list, record, CALCULATED, cause)
        self._agendas[list].put(record.id, list.criterion.next_check(record) if live else None)
