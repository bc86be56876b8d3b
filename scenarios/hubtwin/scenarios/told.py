"""Expectations about what people of the account are told and shown: notifications, views."""

from collections.abc import Iterator

from pydantic import Field

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.notifications import Notification
from hubtwin.scenarios.comparing import listed
from hubtwin.scenarios.failures import ExpectationFailed, Mismatch
from hubtwin.verbs.fields import Reference, References
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class NotificationsOf(Part):
    """Notifications: to a user, about a record, with some words in their subject or text; or any."""

    to: Name | None = None
    about: Reference | None = None
    says: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the user and the record."""
        names.user(self.to, (*place, "to"))
        if self.about is not None:
            names.record(self.about, (*place, "about"))

    def found(self, world: World) -> Iterator[Notification]:
        """Those that were sent so far."""
        about = None if self.about is None else world.record(self.about)
        for one in world.portal.notifications:
            to = self.to is None or self.to.lower() in one.to
            says = self.says is None or self.says.lower() in f"{one.subject}\n{one.body}".lower()
            if to and says and about in (None, one.record):
                yield one


class NotificationCount(Part):
    """So many notifications were sent."""

    notifications: NotificationsOf
    count: int = Field(ge=0)

    def check(self, names: Names, place: Place) -> None:
        """Check the user and the record."""
        self.notifications.check(names, (*place, "notifications"))

    def do(self, world: World) -> None:
        """Count. Raises ExpectationFailed, with what was sent."""
        found = list(self.notifications.found(world))
        if len(found) != self.count:
            story = tuple(world.portal.log[one.entry] for one in world.portal.notifications)
            line = f"notifications: expected count = {self.count}, is {len(found)}"
            raise ExpectationFailed([Mismatch(line, story)])


class ViewShows(Part):
    """A view of an index page shows these records, in this order."""

    view: Name
    shows: References

    def check(self, names: Names, place: Place) -> None:
        """Check the view and the records."""
        with names.at((*place, "view")):
            found = names.portal.views.find(self.view)
            for reference in self.shows:
                names.record(reference, (*place, "shows"), found.type.name)

    def do(self, world: World) -> None:
        """Compare. Raises ExpectationFailed."""
        present = world.portal.views.records(self.view)
        expected = [world.record(reference) for reference in self.shows]
        if present != expected:
            shown, is_shown = (listed(record.name for record in records) for records in (expected, present))
            raise ExpectationFailed([Mismatch(f"view {self.view!r}: expected to show = {shown}, is {is_shown}")])
