"""The verbs about lists that people fill by hand."""

from hubtwin.files.documents import Place
from hubtwin.portal import Portal
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.object_lists import ObjectList
from hubtwin.portal.objects import ObjectType
from hubtwin.verbs.fields import Reference
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class _InList(Part):
    """A record and a list of such records, by its name; and the user who does it, or else an app."""

    record: Reference
    list: Name
    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the user, the record and the list."""
        names.user(self.by, (*place, "by"))
        type = names.record(self.record, (*place, "record"))
        if type is not None:
            with names.at((*place, "list")):
                _find(names.portal, type, self.list)


class AddToList(_InList):
    """A record joins a list."""

    def do(self, world: World) -> None:
        """Let it join."""
        portal, record = world.portal, world.record(self.record)
        portal.lists.add(_find(portal, record.type, self.list), [record], source=world.writer(self.by))


class RemoveFromList(_InList):
    """A record leaves a list."""

    def do(self, world: World) -> None:
        """Let it leave."""
        portal, record = world.portal, world.record(self.record)
        portal.lists.remove(_find(portal, record.type, self.list), [record], source=world.writer(self.by))


def _find(portal: Portal, type: ObjectType, name: str) -> ObjectList:
    """The list of records of a type that has this name. Raises UnknownName."""
    found = portal.lists.named(type, name)
    if found is None:
        raise UnknownName("list", name, [list.name for list in portal.lists if list.type is type])
    return found
