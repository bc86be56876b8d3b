"""The verbs about users' own mailboxes: what they log and add from Gmail and Outlook."""

from pydantic import Field

from hubtwin.files.documents import Place
from hubtwin.portal import Portal, Record
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused
from hubtwin.portal.mailbox import Through
from hubtwin.portal.objects import CONTACTS, EMAILS
from hubtwin.portal.people import contact_with
from hubtwin.verbs.fields import Alias, Reference
from hubtwin.verbs.names import Names
from hubtwin.verbs.visitors import Visitor
from hubtwin.verbs.world import World


class AddContact(Part):
    """A user adds somebody to the CRM from an e-mail in Gmail or Outlook. `as` names the contact."""

    by: Name
    email: Name
    first_name: str = ""
    last_name: str = ""
    alias: Alias | None = Field(default=None, alias="as")

    def check(self, names: Names, place: Place) -> None:
        """Check the user, the e-mail address and the alias."""
        names.user(self.by, (*place, "by"))
        names.value(names.property(CONTACTS, "email", place), self.email, (*place, "email"))
        names.bind(self.alias, CONTACTS.name, (*place, "as"))

    def do(self, world: World) -> None:
        """Add the contact."""
        contact = world.portal.mailbox.add_contact(self.by, self.email, self.first_name, self.last_name)
        world.bind(self.alias, contact)


class LogEmail(Visitor):
    """A user sends an e-mail and logs it; an unknown address makes a contact."""

    by: Name
    subject: Name
    body: str = ""
    through: Through = "extension"

    def check(self, names: Names, place: Place) -> None:
        """Check the user, who gets it, and the alias."""
        names.user(self.by, (*place, "by"))
        self.check_visitor(names, place)

    def do(self, world: World) -> None:
        """Log it."""
        portal, email = world.portal, self.address(world)
        portal.mailbox.log_email(self.by, email, self.subject, self.body, through=self.through)
        contact = contact_with(portal, email)
        if contact is not None:
            world.bind(self.alias, contact)


class ReceiveReply(Part):
    """A contact answers the newest e-mail that a user logged, and HubSpot logs the answer."""

    contact: Reference
    by: Name
    body: str = ""

    def check(self, names: Names, place: Place) -> None:
        """Check the contact and the user in whose mailbox the answer arrives."""
        names.user(self.by, (*place, "by"))
        names.record(self.contact, (*place, "contact"), CONTACTS.name)

    def do(self, world: World) -> None:
        """Log the answer."""
        email = _newest(world.portal, world.record(self.contact))
        world.portal.mailbox.receive_reply(self.by, email, self.body)


def _newest(portal: Portal, contact: Record) -> Record:
    """The newest e-mail that was logged as sent to a contact. Raises Refused where there is none."""
    logged = portal.associations.of(contact, EMAILS)
    sent = [email for email in logged if email.get("hs_email_direction") == "EMAIL"]
    if not sent:
        raise Refused(f"no e-mail to {contact.name} was logged")
    return max(sent, key=lambda email: email.id)
