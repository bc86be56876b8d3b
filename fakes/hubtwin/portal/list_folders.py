"""Folders that lists are kept in (W6.4.27)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal.errors import InvalidDefinition, UnknownName
from hubtwin.portal.object_lists import ObjectList

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The id of the folder that everything is in at first.
ROOT = 0


@dataclass(slots=True, eq=False)
class ListFolder:
    """A folder: its *parent* is the id of the one that it lies in, None for the root."""

    id: int
    name: str
    parent: int | None
    created: int
    updated: int
    contents_updated: int


class ListFolders:
    """The folders of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._ids = count(1)
        start = portal.clock.now
        self._folders = {ROOT: ListFolder(ROOT, "", None, start, start, start)}

    def __contains__(self, id: int) -> bool:
        return id in self._folders

    def find(self, id: int) -> ListFolder:
        """The folder with this id. Raises UnknownName."""
        try:
            return self._folders[id]
        except KeyError:
            raise UnknownName("list folder", str(id), list(map(str, self._folders))) from None

    def children(self, folder: ListFolder) -> Iterator[ListFolder]:
        """The folders that lie directly in one."""
        return (one for one in self._folders.values() if one.parent == folder.id)

    def lists(self, folder: ListFolder) -> Iterator[ObjectList]:
        """The lists that lie directly in a folder."""
        return (one for one in self._portal.lists if one.folder == folder.id)

    def create(self, name: str, parent: ListFolder) -> ListFolder:
        """Make a folder in another one."""
        now = self._portal.clock.now
        folder = ListFolder(next(self._ids), name, parent.id, now, now, now)
        self._folders[folder.id] = folder
        parent.contents_updated = now
        return folder

    def rename(self, folder: ListFolder, name: str) -> None:
        """Give a folder another name. Raises InvalidDefinition for the root."""
        self._check_movable(folder)
        folder.name, folder.updated = name, self._portal.clock.now

    def move(self, folder: ListFolder, parent: ListFolder) -> None:
        """Put a folder into another one. Raises InvalidDefinition for the root, and where it would lie in itself."""
        self._check_movable(folder)
        above: ListFolder | None = parent
        while above is not None:
            if above is folder:
                raise InvalidDefinition(f"Folder {folder.id} can't be moved into itself")
            above = None if above.parent is None else self._folders[above.parent]
        folder.parent = parent.id
        folder.updated = parent.contents_updated = self._portal.clock.now

    def put(self, list: ObjectList, folder: ListFolder) -> None:
        """Put a list into a folder."""
        list.folder = folder.id
        folder.contents_updated = self._portal.clock.now

    def delete(self, folder: ListFolder) -> None:
        """Delete an empty folder. Raises InvalidDefinition for others, and for the root (our model)."""
        self._check_movable(folder)
        if any(self.children(folder)) or any(self.lists(folder)):
            raise InvalidDefinition(f"Folder {folder.id} is not empty; move what is in it first")
        del self._folders[folder.id]

    @staticmethod
    def _check_movable(folder: ListFolder) -> None:
        if folder.id == ROOT:
            raise InvalidDefinition("The root folder can't be renamed, moved or deleted")
