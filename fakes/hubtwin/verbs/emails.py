"""The verbs about marketing e-mails: they are sent, and their readers do something with them."""

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.objects import CONTACTS
from hubtwin.verbs.fields import Reference, References
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


class _AnEmail(Part):
    """A marketing e-mail, by its name."""

    email: Name

    def check_email(self, names: Names, place: Place) -> None:
        """Check that there is such an e-mail."""
        with names.at((*place, "email")):
            names.portal.marketing_emails.find(self.email)


class SendEmail(_AnEmail):
    """An e-mail is sent to contacts, or to its own lists where none are named; a user does so, or else an app."""

    to: References = ()
    by: Name | None = None

    def check(self, names: Names, place: Place) -> None:
        """Check the e-mail, the contacts and the user."""
        self.check_email(names, place)
        names.user(self.by, (*place, "by"))
        for reference in self.to:
            names.record(reference, (*place, "to"), CONTACTS.name)

    def do(self, world: World) -> None:
        """Send it."""
        contacts = [world.record(reference) for reference in self.to] or None
        world.portal.marketing_emails.send(self.email, contacts, source=world.writer(self.by))


class _Reading(_AnEmail):
    """A contact does something with an e-mail that has arrived."""

    contact: Reference

    def check(self, names: Names, place: Place) -> None:
        """Check the e-mail and the contact."""
        self.check_email(names, place)
        names.record(self.contact, (*place, "contact"), CONTACTS.name)


class OpenEmail(_Reading):
    """A contact opens an e-mail."""

    def do(self, world: World) -> None:
        """Open it."""
        world.portal.marketing_emails.open(self.email, world.record(self.contact))


class ClickEmail(_Reading):
    """A contact clicks a link of an e-mail, the first one by default, and views its page in a browser with a cookie."""

    link: Name | None = None
    cookie: Name | None = None

    def do(self, world: World) -> None:
        """Click it."""
        emails, contact = world.portal.marketing_emails, world.record(self.contact)
        emails.click(self.email, contact, self.link, cookie=self.cookie)


class ReplyEmail(_Reading):
    """A contact answers an e-mail."""

    def do(self, world: World) -> None:
        """Answer it."""
        world.portal.marketing_emails.reply(self.email, world.record(self.contact))


class ReportEmail(_Reading):
    """A contact calls an e-mail spam."""

    def do(self, world: World) -> None:
        """Report it."""
        world.portal.marketing_emails.report_spam(self.email, world.record(self.contact))


class UnsubscribeEmail(_Reading):
    """A contact unsubscribes by an e-mail's link: from its subscription type, or from all e-mail."""

    from_all: bool = False

    def do(self, world: World) -> None:
        """Unsubscribe."""
        emails, contact = world.portal.marketing_emails, world.record(self.contact)
        emails.unsubscribe(self.email, contact, from_all=self.from_all)
