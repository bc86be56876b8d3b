"""What happens to marketing e-mails (W6.11.6): each event is an entry of the log, about the contact it happened to.

The entries are the only record of it. What is kept here says where in the log they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from heapq import merge
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal import log
from hubtwin.portal.email_versions import MarketingEmail
from hubtwin.portal.log import Activity, Entry
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source, marketing_email
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The kinds of entries that are events of marketing e-mails.
KINDS = (
    *(log.EMAIL_SENT, log.EMAIL_DROPPED, log.EMAIL_SUPPRESSED, log.EMAIL_DELIVERED, log.EMAIL_BOUNCED),
    *(log.EMAIL_OPENED, log.EMAIL_CLICKED, log.EMAIL_REPLIED, log.EMAIL_REPORTED, log.EMAIL_UNSUBSCRIBED),
)

#: What readers do with an e-mail that they have got.
ENGAGEMENTS = (log.EMAIL_OPENED, log.EMAIL_CLICKED, log.EMAIL_REPLIED)

#: The properties of contacts that say how many e-mails it happened to, and when it did first and last (W6.11.7).
_COUNTS = MappingProxyType(
    {
        log.EMAIL_DELIVERED: "hs_email_delivered",
        log.EMAIL_BOUNCED: "hs_email_bounce",
        log.EMAIL_OPENED: "hs_email_open",
        log.EMAIL_CLICKED: "hs_email_click",
        log.EMAIL_REPLIED: "hs_email_replied",
    }
)
_DATES = MappingProxyType(
    {log.EMAIL_SENT: "send", log.EMAIL_OPENED: "open", log.EMAIL_CLICKED: "click", log.EMAIL_REPLIED: "reply"}
)
_UNANSWERED = "hs_email_sends_since_last_engagement"

#: The names of facts. Those of each event come first; all are HubSpot's, but for the last two.
CAMPAIGN, STAGE = EMAIL_FACTS = ("hs_email_campaign_id", "hs_historical_contact_lifecyclestage")
URL, BOUNCE = "hs_click_original_url", "hs_bounce_reason"
REASON, RECIPIENT = "hs_drop_reason", "hs_recipient"


class EmailEvents:
    """The events of one portal's marketing e-mails. *bounced* and *reported* are the addresses it keeps away from."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._numbers: dict[int, list[int]] = {}
        self.bounced: dict[str, int] = {}
        self.reported: dict[str, int] = {}

    # -- noting ----------------------------------------------------------------------------------------

    def note(
        self,
        kind: str,
        email: MarketingEmail,
        contact: Record,
        *,
        facts: Mapping[str, str] | None = None,
        source: Source | None = None,
        cause: int | None = None,
    ) -> Entry:
        """Note that something happened to an e-mail; the contact's properties follow. Return the log's entry."""
        address = contact.get("email") or ""
        all_facts = {
            CAMPAIGN: str(email.campaign),
            STAGE: contact.stage or "",
            **(facts or {}),
            RECIPIENT: address,
        }
        words = ": ".join((email.name, *(facts or {}).values()))
        source = source or marketing_email(email.id, email.name, email.rule)
        values = self._values(kind, email, contact, facts or {}, cause)
        number = len(self._portal.log)
        self._numbers.setdefault(email.campaign, []).append(number)
        if kind in (log.EMAIL_BOUNCED, log.EMAIL_REPORTED):
            self._addresses(kind)[address] = number
        activity = Activity(kind, words, all_facts)
        if values:
            self._portal.writes.apply(Change(CONTACTS, contact, values, source, cause, activity=activity))
        else:
            self._portal.writes.happened(contact, activity, source, cause)
        return self._portal.log[number]

    def _addresses(self, kind: str) -> dict[str, int]:
        return self.bounced if kind == log.EMAIL_BOUNCED else self.reported

    def _values(
        self, kind: str, email: MarketingEmail, contact: Record, facts: Mapping[str, str], cause: int | None
    ) -> dict[str, str]:
        """The properties of a contact that follow from an event."""
        values, now = {}, iso(self._portal.clock.now)
        if kind in _COUNTS and self._is_first(kind, contact, cause):
            values[_COUNTS[kind]] = str(int(contact.get(_COUNTS[kind]) or 0) + 1)
        if kind in _DATES:
            first = f"hs_email_first_{_DATES[kind]}_date"
            values |= {first: contact.get(first) or now, f"hs_email_last_{_DATES[kind]}_date": now}
        if kind == log.EMAIL_SENT:
            sends = str(int(contact.get(_UNANSWERED) or 0) + 1)
            values |= {"hs_email_last_email_name": email.name, _UNANSWERED: sends}
        if kind in ENGAGEMENTS:
            values[_UNANSWERED] = "0"
        if kind in (log.EMAIL_BOUNCED, log.EMAIL_DELIVERED):
            values["hs_email_hard_bounce_reason_enum"] = facts.get(BOUNCE, "")
        return values

    def _is_first(self, kind: str, contact: Record, cause: int | None) -> bool:
        """Whether it has not happened yet to the copy of the e-mail that *cause* is the arrival of."""
        since = takewhile(partial(_is_later, cause), self._portal.log.timeline(contact))
        return all((entry.kind, entry.cause) != (kind, cause) for entry in since)

    # -- asking ----------------------------------------------------------------------------------------

    def of(self, email: MarketingEmail) -> Iterator[Entry]:
        """All that happened to an e-mail, oldest first."""
        return self._entries(self._numbers.get(email.campaign, []))

    def newest_first(self) -> Iterator[Entry]:
        """All that happened to any e-mail."""
        rows = (reversed(numbers) for numbers in self._numbers.values())
        return self._entries(merge(*rows, reverse=True))

    def last(self, kind: str, email: MarketingEmail, contact: Record) -> Entry | None:
        """The newest event of a *kind* of an e-mail at a contact, None where there is none."""
        campaign = str(email.campaign)
        return next(
            (
                entry
                for entry in self._portal.log.whole_timeline(contact)
                if entry.kind == kind and entry.value is not None and entry.value.facts[CAMPAIGN] == campaign
            ),
            None,
        )

    def sending(self, entry: Entry) -> Entry | None:
        """The entry that says that the e-mail of an event was sent; None where it never was."""
        chain = self._portal.log.why(entry.number)
        return next((step for step in reversed(chain) if step.kind == log.EMAIL_SENT), None)

    def _entries(self, numbers: Iterable[int]) -> Iterator[Entry]:
        """The entries with these numbers; those of contacts that the log forgot are gone (W2.4.8)."""
        return (entry for entry in map(self._portal.log.__getitem__, numbers) if entry.value is not None)


def _is_later(number: int | None, entry: Entry) -> bool:
    return number is None or entry.number > number
