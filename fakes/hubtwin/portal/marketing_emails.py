"""Marketing e-mails: sent to those who may get them, and what their readers do with them (W6.11)."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from hubtwin.portal import configuration, log
from hubtwin.portal.email_editor import EmailEditor
from hubtwin.portal.email_events import BOUNCE, REASON, RECIPIENT, URL, EmailEvents
from hubtwin.portal.email_recipients import Recipients
from hubtwin.portal.email_versions import KINDS, REGULAR, Audience, MarketingEmail, Version
from hubtwin.portal.errors import Refused, UnknownName, choices
from hubtwin.portal.ids import Numbers
from hubtwin.portal.log import Entry
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.preferences import UNSUBSCRIBED
from hubtwin.portal.records import Record
from hubtwin.portal.single_sends import SingleSends
from hubtwin.portal.sources import Source, marketing_email
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The ids of e-mails start here; each also takes one that events know it by.
FIRST_ID = 90_000_001


class MarketingEmails:
    """The marketing e-mails of one portal. Iterating goes over those that are not archived, oldest first.

    An *email* of the methods is one of them, its name or its id.
    """

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._emails: dict[int, MarketingEmail] = {}
        self.events = EmailEvents(portal)
        self.recipients = Recipients(portal, self.events)
        wanted, ids = portal.configuration.marketing_emails, Numbers(FIRST_ID)
        for settings in wanted:
            if settings.id is not None:
                ids.take(settings.id)
        self.editor = EmailEditor(portal, self._emails, ids)
        self.single_sends = SingleSends(portal)
        for number, settings in enumerate(wanted):
            kind = KINDS[settings.kind]
            email = self.editor.create(_version(settings), kind, rule=f"marketing_emails.{number}", id=settings.id)
            email.published = None if kind is REGULAR else portal.clock.now

    def __iter__(self) -> Iterator[MarketingEmail]:
        return (email for email in self._emails.values() if email.archived is None)

    @property
    def archived(self) -> Iterator[MarketingEmail]:
        """Those in the bin, oldest first."""
        return (email for email in self._emails.values() if email.archived is not None)

    def find(self, word: str | int | MarketingEmail) -> MarketingEmail:
        """The e-mail with this name or id, or the id that events know it by. Raises UnknownName."""
        if isinstance(word, MarketingEmail):
            return word
        for email in self:
            if str(word) in (email.name, str(email.id), str(email.campaign)):
                return email
        raise UnknownName("marketing email", str(word), [email.name for email in self])

    def uses(self) -> Iterator[Use]:
        """The properties that e-mails show their readers."""
        for email in self:
            for property in email.live.tokens:
                yield Use(f"e-mail {email.name}", email.rule or f"e-mail {email.id}", CONTACTS, property, False)

    # -- publishing and sending ------------------------------------------------------------------------

    def publish(self, email: str | int | MarketingEmail, *, source: Source | None = None) -> None:
        """Publish an e-mail: what was drafted is what readers get. A regular one is sent now, or on its date (W6.11.3).

        Raises UnknownName, Refused.
        """
        email = self.find(email)
        if email.kind is REGULAR and (email.published is not None or email.scheduled is not None):
            raise Refused(f"E-mail {email.name!r} is {email.state}; a regular e-mail is sent once, clone it")
        moment = email.live.publish_date if email.draft is None else email.draft.publish_date
        if email.kind is REGULAR:
            self.recipients.check(email.draft or email.live)
        self.editor.take_draft(email, source=source)
        if email.kind is REGULAR and moment is not None and moment > self._portal.clock.now:
            email.scheduled = moment
            self._portal.clock.after(moment - self._portal.clock.now, partial(self._come, email, moment, source))
            return
        email.published = self._portal.clock.now
        if email.kind is REGULAR:
            self._send_to_audience(email, source, None)

    def unpublish(self, email: str | int | MarketingEmail) -> None:
        """Take an automated e-mail, or a scheduled one, back to its draft. Raises UnknownName, Refused (W6.11.3)."""
        email = self.find(email)
        if email.kind is REGULAR and email.published is not None:
            raise Refused(f"E-mail {email.name!r} was sent already; nobody can take it back")
        email.published = email.scheduled = None

    def send(
        self,
        email: str | int | MarketingEmail,
        recipients: Sequence[Record] | None = None,
        *,
        source: Source | None = None,
        cause: int | None = None,
    ) -> list[Entry]:
        """Send an e-mail to *recipients*, or a regular one to its lists; return what came of it, an entry for each.

        Whoever may not get it is dropped, with HubSpot's reason (W6.11.4). The others have it a little later, or
        it bounces (W6.11.5). A regular e-mail reaches nobody twice. *source* is who sends it, *cause* the number of
        the log's entry that made it go out.

        Raises UnknownName, and Refused where the e-mail is no more than a draft, or nobody is to get it.
        """
        email = self.find(email)
        if email.kind is REGULAR:
            if email.scheduled is not None:
                raise Refused(f"E-mail {email.name!r} is scheduled; unpublish it first")
            if recipients is None:
                self.recipients.check(email.draft or email.live)
            self.editor.take_draft(email, source=source)
            email.published = email.published or self._portal.clock.now
        if email.published is None:
            raise Refused(f"E-mail {email.name!r} is {email.state}; publish it first")
        if recipients is not None:
            return self._send(email, recipients, source, cause)
        if email.kind is not REGULAR:
            raise Refused(f"E-mail {email.name!r} is {email.kind.name}: say to whom it goes")
        return self._send_to_audience(email, source, cause)

    def _come(self, email: MarketingEmail, moment: int, source: Source | None) -> None:
        """A scheduled e-mail's time has come, unless somebody took it back or put it off."""
        if email.scheduled == moment <= self._portal.clock.now and email.archived is None:
            email.scheduled, email.published = None, self._portal.clock.now
            self._send_to_audience(email, source, None)

    def _send_to_audience(self, email: MarketingEmail, source: Source | None, cause: int | None) -> list[Entry]:
        chosen, suppressed = self.recipients.of(email)
        kept_out = [
            self.events.note(log.EMAIL_SUPPRESSED, email, contact, source=source, cause=cause) for contact in suppressed
        ]
        return kept_out + self._send(email, chosen, source, cause)

    def _send(
        self, email: MarketingEmail, recipients: Sequence[Record], source: Source | None, cause: int | None
    ) -> list[Entry]:
        entries = []
        had = self._had(email) if email.kind is REGULAR else set[Record | None]()
        for contact in dict.fromkeys(recipients):
            if contact in had:
                continue
            reason = self.recipients.drop_reason(email, contact)
            kind, facts = (log.EMAIL_SENT, {}) if reason is None else (log.EMAIL_DROPPED, {REASON: reason})
            entries.append(self.events.note(kind, email, contact, facts=facts, source=source, cause=cause))
        sent = [entry.number for entry in entries if entry.kind == log.EMAIL_SENT]
        if sent:
            arrive = partial(self._arrive, email, sent)
            after = self._portal.configuration.email_delivery.after
            self._portal.clock.after(after, arrive) if after else arrive()
        return entries

    def _had(self, email: MarketingEmail) -> set[Record | None]:
        """The contacts whom an e-mail was sent to before."""
        return {self._reader(entry) for entry in self.events.of(email) if entry.kind == log.EMAIL_SENT}

    def _reader(self, entry: Entry) -> Record | None:
        """The contact of an entry, or what it became in a merge; None where it is gone."""
        return None if entry.record is None else self._portal.records[CONTACTS].get(entry.record.id)

    def _arrive(self, email: MarketingEmail, sent: Sequence[int]) -> None:
        for number in sent:
            entry = self._portal.log[number]
            contact = self._reader(entry)
            if contact is None or entry.value is None:
                continue
            bounce = self.recipients.bounce(entry.value.facts[RECIPIENT])
            kind, facts = (log.EMAIL_DELIVERED, {}) if bounce is None else (log.EMAIL_BOUNCED, {BOUNCE: bounce})
            self.events.note(kind, email, contact, facts=facts, cause=number)

    # -- what readers do -------------------------------------------------------------------------------

    def open(self, email: str | int | MarketingEmail, contact: Record) -> Entry:
        """Let a contact open an e-mail. Raises UnknownName, and Refused where it never arrived."""
        return self._engage(log.EMAIL_OPENED, email, contact)

    def click(
        self, email: str | int | MarketingEmail, contact: Record, url: str | None = None, *, cookie: str | None = None
    ) -> Entry:
        """Let a contact click a link of an e-mail, the first one where no *url* is given, and view its page.

        The browser with the *cookie* is the contact's from then on (F4.1.1).

        Raises UnknownName, and Refused where the e-mail never arrived, or has no such link.
        """
        email = self.find(email)
        links = email.live.links
        if url is None and links:
            url = links[0]
        if url is None or url not in links:
            raise Refused(f"E-mail {email.name!r} has no link {url or 'at all'}; {choices(url or '', links)}")
        clicked = self._engage(log.EMAIL_CLICKED, email, contact, {URL: url})
        self._portal.tracking.view_page(
            tracked(url, email), cookie=cookie, email_recipient=contact, email=email.name, cause=clicked.number
        )
        return clicked

    def reply(self, email: str | int | MarketingEmail, contact: Record) -> Entry:
        """Let a contact answer an e-mail. Raises UnknownName, and Refused where it never arrived."""
        return self._engage(log.EMAIL_REPLIED, email, contact)

    def report_spam(self, email: str | int | MarketingEmail, contact: Record) -> Entry:
        """Let a contact call an e-mail spam: no other one is sent to the address (W6.11.4).

        Raises UnknownName, and Refused where it never arrived.
        """
        return self._engage(log.EMAIL_REPORTED, email, contact)

    def unsubscribe(self, email: str | int | MarketingEmail, contact: Record, *, from_all: bool = False) -> Entry:
        """Let a contact unsubscribe, through an e-mail's link, from its subscription type, or *from_all* e-mail.

        Raises UnknownName, and Refused where it never arrived.
        """
        email, preferences = self.find(email), self._portal.preferences
        entry = self._engage(log.EMAIL_UNSUBSCRIBED, email, contact)
        address, source = entry.value.facts[RECIPIENT], marketing_email(email.id, email.name, email.rule)
        subscription = self.recipients.subscription(email)
        if from_all or subscription is None:
            preferences.opt_out(address, source=source, cause=entry.number)
        else:
            preferences.change(address, subscription, UNSUBSCRIBED, source=source, cause=entry.number)
        return entry

    def _engage(
        self, kind: str, email: str | int | MarketingEmail, contact: Record, facts: dict[str, str] | None = None
    ) -> Entry:
        email = self.find(email)
        delivered = self.events.last(log.EMAIL_DELIVERED, email, contact)
        if delivered is None:
            sent = self.events.last(log.EMAIL_SENT, email, contact)
            when = "was never sent to" if sent is None else "has not arrived at"
            raise Refused(f"E-mail {email.name!r} {when} {contact.name}")
        return self.events.note(kind, email, contact, facts=facts, cause=delivered.number)


def tracked(url: str, email: MarketingEmail) -> str:
    """A link as readers find it: with the parameters that tell where they come from (W6.11.8)."""
    address, hash, fragment = url.partition("#")
    joined = f"{address}{'&' if '?' in address else '?'}utm_medium=email&_hsmi={email.campaign}"
    return f"{joined}&utm_content={email.campaign}&utm_source=hs_email{hash}{fragment}"


def _version(settings: configuration.MarketingEmail) -> Version:
    return Version(
        name=settings.name,
        subject=settings.subject or settings.name,
        from_name=settings.from_name,
        reply_to=settings.reply_to,
        subscription=settings.subscription,
        audience=Audience(settings.to, settings.suppressed),
        others={"content": {"plainTextVersion": settings.body}},
    )
