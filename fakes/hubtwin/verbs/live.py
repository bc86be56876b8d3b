"""Records of a portal that is there: named by type and id, by e-mail address or by domain."""

from hubtwin.files.documents import Place
from hubtwin.portal import Portal, PortalError, Record
from hubtwin.portal.errors import Refused
from hubtwin.portal.moments import from_iso, iso
from hubtwin.portal.objects import COMPANIES, ObjectType
from hubtwin.portal.people import contact_with
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World

#: Where the calendar of a portal ends.
LAST_MOMENT = from_iso("2200-01-01")


def find_record(portal: Portal, reference: str) -> Record:
    """The record that is called `contacts/1001`, or has an e-mail address or domain that no other one has.

    Raises UnknownObjectType, UnknownRecord, Refused.
    """
    type, slash, id = reference.partition("/")
    if slash:
        return portal.find(type, id)
    person = contact_with(portal, reference)
    found = [person] if person else portal.records[COMPANIES].having_folded("domain", reference.lower())
    if len(found) > 1:
        names = ", ".join(f"{record.type.name}/{record.id}" for record in found)
        raise Refused(f"several companies have the domain {reference!r}; choose from: {names}")
    if not found:
        raise Refused(f"no record is called {reference!r}; name it by type and id, as in contacts/1001, or by its"
                      " e-mail address or domain")  # fmt: skip
    return found[0]


class LiveNames(Names):
    """The names in a portal as it is now."""

    def record(self, reference: str, place: Place, *types: str) -> ObjectType | None:
        """The type of the record that a reference names."""
        try:
            found = find_record(self.portal, reference).type
        except PortalError as error:
            self.problems.append((place, str(error)))
            return None
        if types and found.name not in types:
            self.problems.append((place, f"{reference!r} is one of the {found.name}, not of the {' or '.join(types)}"))
            return None
        return found

    def bind(self, alias: str | None, type: str, place: Place) -> None:
        """Refuse aliases: nothing would know them afterwards."""
        if alias is not None:
            self.problems.append((place, "aliases belong to scenarios; here a record is called as in contacts/1001"))

    def wait(self, duration: int, place: Place) -> None:
        """Check that the calendar goes on so long."""
        if self.portal.clock.now + duration > LAST_MOMENT:
            self.problems.append((place, f"a portal's calendar ends at {iso(LAST_MOMENT)}"))


class LiveWorld(World):
    """A portal as it is now."""

    def record(self, reference: str) -> Record:
        """The record that a reference names. Raises PortalError."""
        return find_record(self.portal, reference)

    def bind(self, alias: str | None, record: Record) -> None:
        """Do nothing: there are no aliases."""
