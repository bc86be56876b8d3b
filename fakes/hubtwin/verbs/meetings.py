"""The verbs about meetings."""

from hubtwin.files.documents import Place
from hubtwin.portal import Portal, Record
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused
from hubtwin.portal.moments import DAY
from hubtwin.portal.objects import CONTACTS, MEETINGS
from hubtwin.portal.people import contact_with
from hubtwin.verbs.fields import Duration, Reference
from hubtwin.verbs.names import Names
from hubtwin.verbs.visitors import Visitor
from hubtwin.verbs.world import World


class BookMeeting(Visitor):
    """A visitor books a meeting on a meetings link; it begins some time from now."""

    link: Name
    starts_in: Duration = DAY

    def check(self, names: Names, place: Place) -> None:
        """Check the visitor, the link and the user whose calendar it is."""
        self.check_visitor(names, place)
        with names.at((*place, "link")):
            names.portal.users.find(names.portal.meetings.find(self.link).user)

    def do(self, world: World) -> None:
        """Book it."""
        portal, email = world.portal, self.address(world)
        portal.meetings.book(self.link, email, start=portal.clock.now + self.starts_in)
        contact = contact_with(portal, email)
        if contact is not None:
            world.bind(self.alias, contact)


class HoldMeeting(Part):
    """A user logs how a meeting went: one that is named, or else the newest one with the contact that is."""

    record: Reference
    by: Name
    outcome: Name = "COMPLETED"

    def check(self, names: Names, place: Place) -> None:
        """Check the user, the record and the outcome."""
        names.user(self.by, (*place, "by"))
        names.record(self.record, (*place, "record"), CONTACTS.name, MEETINGS.name)
        names.value(names.property(MEETINGS, "hs_meeting_outcome", place), self.outcome, (*place, "outcome"))

    def do(self, world: World) -> None:
        """Log it."""
        meeting = _meeting(world.portal, world.record(self.record))
        world.portal.as_user(self.by).hold_meeting(meeting, self.outcome)


def _meeting(portal: Portal, record: Record) -> Record:
    """A meeting, or the newest one with a contact. Raises Refused where there is none."""
    if record.type is MEETINGS:
        return record
    found = portal.associations.of(record, MEETINGS)
    if not found:
        raise Refused(f"no meeting was booked with {record.name}")
    return max(found, key=lambda meeting: meeting.id)
