"""Messages: marketing e-mail to contacts, and notifications to the account's own people (F7.17.4, F7.17.8)."""

from collections.abc import Iterator
from dataclasses import dataclass

from hubtwin.portal import log
from hubtwin.portal.email_events import REASON
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import tokens
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection, fields_of
from hubtwin.portal.flows.owners import People, people
from hubtwin.portal.notifications import EMAIL
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.uses import Use


@dataclass(frozen=True, slots=True)
class SendMarketingEmail(Single):
    """Sends a marketing e-mail to the contact, or to those associated with another record (0-4)."""

    email: str

    def run(self, run: Run) -> Result:
        """Send it; who may not get it is an issue. Raises UnknownName, Refused."""
        contacts = (
            [run.record] if run.record.type is CONTACTS else list(run.portal.associations.of(run.record, CONTACTS))
        )
        if not contacts:
            return self.failed(f"no contact is associated with the {run.record.type.singular}")
        contacts.sort(key=lambda contact: contact.id)
        name = run.portal.marketing_emails.find(self.email).name
        sent = run.portal.marketing_emails.send(self.email, contacts, source=run.source, cause=run.cause)
        dropped = [entry.value.facts[REASON] for entry in sent if entry.kind == log.EMAIL_DROPPED]
        number = sent[0].number if sent else None
        if dropped:
            return self.failed(f"e-mail {name!r} was not sent: {', '.join(dropped)}", number)
        return self.done(f"e-mail {name!r} sent" if sent else f"e-mail {name!r} was sent before", number)


@dataclass(frozen=True, slots=True)
class SendToAddresses(Single):
    """Sends a marketing e-mail to certain addresses, as a notification: nobody becomes a contact (0-23)."""

    email: str
    addresses: tuple[str, ...]

    def run(self, run: Run) -> Result:
        """Send it. Raises UnknownName."""
        found = run.portal.marketing_emails.find(self.email)
        to = [address for one in self.addresses if (address := tokens.filled(one, run))]
        if not to:
            return self.failed(f"e-mail {found.name!r} was not sent: there is no address")
        sent = run.portal.notifications.send(
            EMAIL, to, found.live.subject, found.name, about=run.record, source=run.source, cause=run.cause
        )
        return self.done(f"e-mail {found.name!r} sent to {', '.join(sent.to)}", sent.entry)


@dataclass(frozen=True, slots=True)
class Notify(Single):
    """Tells people of the account something, by e-mail (0-8) or in the app (0-9)."""

    channel: str
    people: People
    subject: str
    body: str

    def run(self, run: Run) -> Result:
        """Tell those who are there; that somebody isn't is an issue."""
        found, missing = self.people.of(run)
        if not found:
            return self.failed(f"nobody was notified: {'; '.join(missing) or 'nobody is named'}")
        sent = run.portal.notifications.send(
            self.channel,
            [user.email for user in found],
            tokens.filled(self.subject, run),
            tokens.filled(self.body, run),
            about=run.record,
            source=run.source,
            cause=run.cause,
        )
        if missing:
            return self.failed(f"notified {', '.join(sent.to)} only: {'; '.join(missing)}", sent.entry)
        return self.done(f"notified {', '.join(sent.to)}", sent.entry)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that the texts show, and those that hold owners."""
        for property in dict.fromkeys(tokens.properties(f"{self.subject} {self.body}")):
            yield Use(asset.name, asset.rule, type, property, False)
        yield from self.people.uses(type, asset)


def read_marketing_email(node: Node) -> SendMarketingEmail:
    """A 0-4. Raises InvalidFilterBranch."""
    return SendMarketingEmail(node.text("actionId"), connection(node), fields_of(node).text("content_id"))


def read_to_addresses(node: Node) -> SendToAddresses:
    """A 0-23. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    email = fields.text("email_content_id", fields.text("content_id", "") or None)
    addresses = tuple(fields.texts("recipient_emails"))
    return SendToAddresses(node.text("actionId"), connection(node), email, addresses)


def read_notification(node: Node, channel: str) -> Notify:
    """A 0-8 or 0-9: to users, teams and owners; a draft may name nobody. Raises InvalidFilterBranch."""
    fields = fields_of(node)
    return Notify(
        node.text("actionId"),
        connection(node),
        channel,
        people(fields),
        fields.text("subject", ""),
        fields.text("body", ""),
    )
