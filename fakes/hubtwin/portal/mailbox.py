"""The mailbox: what users log and add from Gmail and Outlook, by the extension or a connected inbox (F4.15)."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from hubtwin.portal.errors import Refused
from hubtwin.portal.log import EMAIL_LOGGED, Activity
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS, EMAILS
from hubtwin.portal.people import check_contact, contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.users import Owner

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How an e-mail came to be logged: with the extension's *Log* box, through a connected inbox, or by the BCC address.
Through = Literal["extension", "gmail", "outlook", "bcc"]

#: HubSpot's source types for contacts that are made of logged e-mails (F4.15.1).
SOURCES: Mapping[Through, str] = MappingProxyType(
    {"extension": "SALES", "gmail": "GMAIL_INTEGRATION", "outlook": "EMAIL_INTEGRATION", "bcc": "EMAIL_INTEGRATION"}
)


class Mailbox:
    """The users' mailboxes, as far as one portal sees into them. A *user* is named by e-mail address."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal

    def add_contact(self, user: str, email: str, first_name: str = "", last_name: str = "") -> Record:
        """*Add to CRM* in the sidebar: a contact with the account's default stage, or the one that is there (F4.15).

        Raises UnknownName, InvalidValues.
        """
        owner = self._portal.users.find(user)
        known = contact_with(self._portal, email)
        if known is not None:
            return known
        values = {"firstname": first_name, "lastname": last_name, "hubspot_owner_id": str(owner.id)}
        change = check_contact(self._portal, email, values, _source("EXTENSION", owner))
        return self._portal.writes.apply(change).record

    def log_email(self, user: str, to: str, subject: str, body: str = "", *, through: Through = "extension") -> Record:
        """Log an e-mail that a user sends; an unknown address makes a contact (F4.15.1). Return the e-mail's record.

        Raises UnknownName, InvalidValues; nothing is logged then.
        """
        owner = self._portal.users.find(user)
        source = _source(SOURCES[through], owner)
        contact = contact_with(self._portal, to)
        activity = Activity(EMAIL_LOGGED, subject, {"hs_email_direction": "EMAIL"})
        number = len(self._portal.log)
        if contact is None:
            change = check_contact(self._portal, to, {}, source)
            change.activity = activity
            contact = self._portal.writes.apply(change).record
        else:
            number = self._portal.writes.happened(contact, activity, source)
        email = self._keep(contact, owner, "EMAIL", subject, body, source, number)
        self._contacted(contact)
        return email

    def receive_reply(self, user: str, email: Record, body: str = "") -> Record:
        """Log the answer to a logged e-mail, which comes from its contact (F4.15.3). Return the answer's record.

        Raises UnknownName, and Refused for an e-mail that has no contact any more: answers are logged to threads only.
        """
        owner = self._portal.users.find(user)
        contacts = self._portal.associations.of(email, CONTACTS) if email.type is EMAILS else {}
        if not contacts:
            raise Refused(f"{email} is not a logged e-mail with a contact; log the one that was answered first")
        contact = min(contacts, key=lambda record: record.id)
        subject = f"Re: {(email.get('hs_email_subject') or '').removeprefix('Re: ')}"
        source = _source(SOURCES["gmail"], owner)
        activity = Activity(EMAIL_LOGGED, subject, {"hs_email_direction": "INCOMING_EMAIL"})
        number = self._portal.writes.happened(contact, activity, source)
        answer = self._keep(contact, owner, "INCOMING_EMAIL", subject, body, source, number)
        now = iso(self._portal.clock.now)
        self._portal.writes.follow(
            contact, {"hs_sales_email_last_replied": now, "notes_last_updated": now, **self._more_notes(contact)}
        )
        return answer

    def _keep(
        self, contact: Record, owner: Owner, direction: str, subject: str, body: str, source: Source, cause: int
    ) -> Record:
        """The e-mail as a record, associated with its contact."""
        people = ({"email": owner.email}, {"email": contact.get("email") or ""})
        sender, recipient = people if direction == "EMAIL" else reversed(people)
        values = {
            "hs_timestamp": iso(self._portal.clock.now),
            "hs_email_direction": direction,
            "hs_email_status": "SENT",
            "hs_email_subject": subject,
            "hs_email_text": body,
            "hs_email_headers": json.dumps({"from": sender, "to": [recipient], "cc": [], "bcc": []}),
            "hubspot_owner_id": str(owner.id),
        }
        return self._portal.create(EMAILS, values, links=[(contact, ())], source=source, cause=cause)

    def _contacted(self, contact: Record) -> None:
        """What a contact tells about when it was last written to (F4.15.2)."""
        now = iso(self._portal.clock.now)
        times = str(int(contact.get("num_contacted_notes") or 0) + 1)
        dates = {"notes_last_contacted": now, "notes_last_updated": now, "hs_last_sales_activity_timestamp": now}
        more = {"num_contacted_notes": times, **self._more_notes(contact)}
        self._portal.writes.follow(contact, {**dates, **more})

    @staticmethod
    def _more_notes(contact: Record) -> dict[str, str]:
        return {"num_notes": str(int(contact.get("num_notes") or 0) + 1)}


def _source(type: str, owner: Owner) -> Source:
    return Source(type, f"userId:{owner.user_id}", owner.name, owner.user_id)
