"""Lists of records, and what may be done with them (W6.4)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hubtwin.portal.errors import InvalidDefinition, UnknownName
from hubtwin.portal.filter_branches import reading
from hubtwin.portal.filter_branches.criteria import Criterion
from hubtwin.portal.ids import Numbers
from hubtwin.portal.list_folders import ROOT, ListFolders
from hubtwin.portal.memberships import Memberships
from hubtwin.portal.moments import DAY
from hubtwin.portal.object_lists import DYNAMIC, MANUAL, PROCESSING_TYPES, ObjectList
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.uses import Use, of_branch

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The ids of lists start here.
FIRST_ID = 1

#: How long a deleted list can be restored (W6.4.4).
RESTORABLE = 90 * DAY


class Lists:
    """The lists of one portal. Iterating goes over those that are not deleted, by ascending id."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._lists: dict[int, ObjectList] = {}
        self._ids = Numbers(FIRST_ID)
        self.memberships = Memberships(portal, self._lists.values)
        self.folders = ListFolders(portal)

    def __iter__(self) -> Iterator[ObjectList]:
        return (list for list in self._lists.values() if list.deleted is None)

    def get(self, id: int) -> ObjectList | None:
        """The list with this id, None where there is none. One that was deleted can be read for 90 days."""
        list = self._lists.get(id)
        if list is not None and list.deleted is not None and self._portal.clock.now - list.deleted > RESTORABLE:
            return None
        return list

    def find(self, id: int) -> ObjectList:
        """The list with this id, also where it was deleted in the last 90 days. Raises UnknownName."""
        list = self.get(id)
        if list is None:
            raise UnknownName("list", str(id), [str(list.id) for list in self])
        return list

    def named(self, type: ObjectType, name: str) -> ObjectList | None:
        """The list of records of a type that has this name, None where there is none."""
        return next((list for list in self if list.type is type and list.name == name), None)

    def of(self, record: Record) -> Iterator[ObjectList]:
        """The lists that a record is in."""
        return (list for list in self if record in list)

    def uses(self) -> Iterator[Use]:
        """The properties that lists ask about."""
        for list in self:
            yield from of_branch(f"list {list.name}", list.rule, list.type, list.branch)

    def references(self, id: int) -> int:
        """How many lists ask in their filters about the list with this id."""
        return sum(id in set(list.criterion.lists()) for list in self if list.criterion is not None)

    # -- definitions -----------------------------------------------------------------------------------

    def create(
        self,
        name: str,
        type: ObjectType,
        processing: str,
        branch: Mapping[str, Any] | None = None,
        *,
        folder: int = ROOT,
        source: Source | None = None,
        rule: str | None = None,
        id: int | None = None,
    ) -> ObjectList:
        """Make a list in a folder, and let those that the filter *branch* accepts join it.

        *rule* is its path in the portal file, if it is one of those; *id* an id that no list has, by default the next.

        Raises InvalidDefinition, InvalidFilterBranch, UnknownName.
        """
        if processing not in PROCESSING_TYPES:
            raise InvalidDefinition(
                f"processingType can't be {processing!r}; it is one of {', '.join(PROCESSING_TYPES)}"
            )
        if processing == MANUAL and branch is not None:
            raise InvalidDefinition("A MANUAL list has no filters; a SNAPSHOT list is filled by them once")
        if processing == DYNAMIC and branch is None:
            raise InvalidDefinition("A DYNAMIC list needs a filterBranch")
        self._check_name(type, name)
        criterion = None if branch is None else reading.read(self._portal, type, branch)
        home, creator = self.folders.find(folder), self._user(source)
        list = ObjectList(self._ids.take(id), name, type, processing, self._portal.clock.now, creator, rule)
        self._keep(list)
        self.folders.put(list, home)
        self.memberships.watch()
        if branch is not None and criterion is not None:
            list.branch = reading.normalised(branch)
            self._fill(list, criterion, source)
        return list

    def rename(self, list: ObjectList, name: str, *, source: Source | None = None) -> None:
        """Give a list another name. Raises InvalidDefinition."""
        if name != list.name:
            self._check_name(list.type, name)
        list.name = name
        self._changed(list, source)

    def set_filters(self, list: ObjectList, branch: Mapping[str, Any], *, source: Source | None = None) -> None:
        """Let a dynamic list ask for something else; its members follow. Raises InvalidDefinition."""
        if not list.is_dynamic:
            raise InvalidDefinition(
                f"Only the filters of a DYNAMIC list can be updated; list {list.id} is {list.processing}"
            )
        criterion = reading.read(self._portal, list.type, branch)
        self._check_circle(list, criterion)
        list.branch, list.criterion = reading.normalised(branch), criterion
        list.filters_updated = self._portal.clock.now
        list.version += 1
        self._changed(list, source)
        self.memberships.forsake(list)
        self.memberships.follow(list)

    def delete(self, list: ObjectList) -> None:
        """Delete a list; one that is deleted stays so. Raises InvalidDefinition where others ask about it."""
        if list.deleted is not None:
            return
        if self.references(list.id):
            raise InvalidDefinition(f"List {list.id} can't be deleted: the filters of other lists ask about it")
        list.deleted = self._portal.clock.now
        self.memberships.forsake(list)

    def restore(self, list: ObjectList) -> None:
        """Take a list back that was deleted in the last 90 days. Raises InvalidDefinition."""
        if list.deleted is None:
            return
        self._check_name(list.type, list.name)
        self._check_known(list)
        list.deleted = None
        if list.folder not in self.folders:
            list.folder = ROOT
        if list.is_dynamic:
            self.memberships.follow(list)

    # -- members ---------------------------------------------------------------------------------------

    def add(
        self, list: ObjectList, records: Iterable[Record], *, source: Source | None = None, cause: int | None = None
    ) -> list[Record]:
        """Let records join a list that is not dynamic; return those that were no members. Raises InvalidDefinition."""
        self._check_static(list)
        source = source or self._portal.app
        added = [record for record in records if self.memberships.join(list, record, source, cause)]
        self._portal.reactions.settle()
        return added

    def remove(
        self, list: ObjectList, records: Iterable[Record], *, source: Source | None = None, cause: int | None = None
    ) -> list[Record]:
        """Let members of a list that is not dynamic leave; return those that were. Raises InvalidDefinition."""
        self._check_static(list)
        source = source or self._portal.app
        removed = [record for record in records if self.memberships.leave(list, record, source, cause)]
        self._portal.reactions.settle()
        return removed

    # -- checking --------------------------------------------------------------------------------------

    def _check_name(self, type: ObjectType, name: str) -> None:
        if not name.strip():
            raise InvalidDefinition("A list needs a name")
        if self.named(type, name) is not None:
            message = f"A list of {type.name} is called {name!r} already; choose another name"
            raise InvalidDefinition(message, "ILS.DUPLICATE_LIST_NAMES")

    def _check_static(self, list: ObjectList) -> None:
        if list.deleted is not None:
            raise InvalidDefinition(f"List {list.id} is deleted; restore it first")
        if list.is_dynamic:
            raise InvalidDefinition(f"List {list.id} is DYNAMIC: its filters alone decide who is a member")

    def _check_circle(self, list: ObjectList, criterion: Criterion) -> None:
        """Lists can't ask about each other in a circle: nobody could say who is a member (W6.4.25)."""
        asked, seen = [*criterion.lists()], set[int]()
        while asked:
            id = asked.pop()
            if id == list.id:
                raise InvalidDefinition(f"The filters of list {list.id} would ask, through others, about itself")
            if id not in seen and (other := self._lists[id].criterion) is not None:
                asked += other.lists()
            seen.add(id)

    def _check_known(self, list: ObjectList) -> None:
        for id in list.criterion.lists() if list.criterion else ():
            if self._lists[id].deleted is not None:
                raise InvalidDefinition(f"List {list.id} asks about list {id}, which is deleted; restore that first")

    # -- the parts -------------------------------------------------------------------------------------

    def _keep(self, list: ObjectList) -> None:
        """Put a list among the others, by its id."""
        is_last = not self._lists or list.id > next(reversed(self._lists))
        self._lists[list.id] = list
        for id in () if is_last else sorted(self._lists):
            self._lists[id] = self._lists.pop(id)

    def _fill(self, list: ObjectList, criterion: Criterion, source: Source | None) -> None:
        if list.is_dynamic:
            list.criterion = criterion
            self.memberships.follow(list)
            return
        accepted = [record for record in self._portal.records[list.type] if criterion.accepts(record)]
        self.add(list, accepted, source=source)

    def _changed(self, list: ObjectList, source: Source | None) -> None:
        list.updated, list.updated_by = self._portal.clock.now, self._user(source)

    def _user(self, source: Source | None) -> int:
        """The id of the user who writes; apps write as the first user, who installed them (our model)."""
        if source is not None and source.user is not None:
            return source.user
        return next((owner.user_id for owner in self._portal.users), 0)
