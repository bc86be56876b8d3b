"""Who gets a marketing e-mail, who doesn't, and why (W6.11.4, W6.11.5)."""

from typing import TYPE_CHECKING

from hubtwin.portal.email_events import EmailEvents
from hubtwin.portal.email_versions import MarketingEmail, Version
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.object_lists import ObjectList
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.preferences import UNSUBSCRIBED, Subscription
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Recipients:
    """The recipients of one portal's marketing e-mails."""

    def __init__(self, portal: "Portal", events: EmailEvents) -> None:
        self._portal = portal
        self._events = events

    def check(self, version: Version) -> None:
        """Check that an e-mail is addressed to somebody, by lists that there are. Raises Refused, UnknownName."""
        audience = version.audience
        if not audience.lists and not audience.contacts:
            raise Refused(f"E-mail {version.name!r} is addressed to nobody; give it a list, or name recipients")
        for word in (*audience.lists, *audience.excluded_lists):
            self.find_list(word)

    def of(self, email: MarketingEmail) -> tuple[list[Record], list[Record]]:
        """Whom a regular e-mail goes to, each once, and who is kept out of it, all by ascending id (W6.11.2)."""
        audience = email.live.audience
        excluded = self._contacts(audience.excluded_lists, audience.excluded_contacts)
        wanted = self._contacts(audience.lists, audience.contacts)
        chosen = [contact for id, contact in sorted(wanted.items()) if id not in excluded]
        return chosen, [contact for id, contact in sorted(wanted.items()) if id in excluded]

    def drop_reason(self, email: MarketingEmail, contact: Record) -> str | None:
        """Why an e-mail can't be sent to a contact, in HubSpot's words; None where it can (W6.11.4)."""
        address = contact.get("email")
        if address is None:
            return "INVALID_TO_ADDRESS"
        if address in self._events.bounced:
            return "PREVIOUSLY_BOUNCED"
        if address in self._events.reported:
            return "PREVIOUS_SPAM"
        if contact.get("hs_email_quarantined") == "true":
            return "QUARANTINED_ADDRESS"
        return self._unwanted(email, contact, address) if email.kind.is_marketing else None

    def _unwanted(self, email: MarketingEmail, contact: Record, address: str) -> str | None:
        preferences, subscription = self._portal.preferences, self.subscription(email)
        if contact.get("hs_marketable_status") == "false":
            return "NON_MARKETABLE_CONTACT"
        if preferences.opted_out(address) is not None:
            return "PREVIOUSLY_UNSUBSCRIBED_PORTAL"
        if subscription is not None and preferences.status(address, subscription).state == UNSUBSCRIBED:
            return "PREVIOUSLY_UNSUBSCRIBED_MESSAGE"
        return None

    def subscription(self, email: MarketingEmail) -> Subscription | None:
        """The subscription type of an e-mail: its own, else the account's first; None where there are none."""
        wanted = email.live.subscription
        for subscription in self._portal.preferences:
            if wanted is None or wanted in (str(subscription.id), subscription.settings.name):
                return subscription
        return None

    def bounce(self, address: str) -> str | None:
        """Why an address takes no mail; None where it does (W6.11.5)."""
        bounces = self._portal.configuration.email_delivery.bounces
        return bounces.get(address) or bounces.get(address.partition("@")[2])

    def _contacts(self, lists: tuple[str, ...], ids: tuple[str, ...]) -> dict[int, Record]:
        found = {contact.id: contact for word in lists for contact in self.find_list(word)}
        contacts = (self._portal.records[CONTACTS].get(as_id(id)) for id in ids)
        return found | {contact.id: contact for contact in contacts if contact is not None}

    def find_list(self, word: str) -> ObjectList:
        """The list of contacts with this name or id, up to date. Raises UnknownName."""
        lists = [list for list in self._portal.lists if list.type is CONTACTS]
        for list in lists:
            if word in (list.name, str(list.id)):
                self._portal.lists.memberships.settle(list)
                return list
        raise UnknownName("list of contacts", word, [list.name for list in lists])
