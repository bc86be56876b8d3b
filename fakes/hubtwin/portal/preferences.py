"""Communication preferences: which e-mail people want, by their addresses (W6.8.10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.log import SUBSCRIPTION_CHANGED, Activity
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.portal.sources import Source
from hubtwin.portal.values import InvalidValue, normalise

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

SUBSCRIBED, UNSUBSCRIBED, NOT_SPECIFIED = "SUBSCRIBED", "UNSUBSCRIBED", "NOT_SPECIFIED"
STATES = (SUBSCRIBED, UNSUBSCRIBED, NOT_SPECIFIED)

LEGAL_BASES = (
    "LEGITIMATE_INTEREST_PQL",
    "LEGITIMATE_INTEREST_CLIENT",
    "PERFORMANCE_OF_CONTRACT",
    "CONSENT_WITH_NOTICE",
    "NON_GDPR",
    "PROCESS_AND_STORE",
    "LEGITIMATE_INTEREST_OTHER",
)

_FIRST_ID = 30_000_001


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription type of the portal, and the id that HubSpot would give it."""

    id: int
    created: int
    settings: configuration.SubscriptionType


@dataclass(frozen=True, slots=True)
class Status:
    """What somebody said about a subscription: SUBSCRIBED, UNSUBSCRIBED, or NOT_SPECIFIED where nothing."""

    email: str
    subscription: Subscription
    state: str
    moment: int
    source: str = ""
    legal_basis: str | None = None
    explanation: str | None = None


class Preferences:
    """The subscription types of one portal, and who wants what."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._subscriptions = {
            id: Subscription(id, portal.clock.now, settings)
            for id, settings in zip(count(_FIRST_ID), portal.configuration.subscription_types, strict=False)
        }
        self._statuses: dict[tuple[str, int], Status] = {}
        self._opted_out: dict[str, int] = {}

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._subscriptions.values())

    def find(self, id: int) -> Subscription:
        """The subscription type with this id. Raises UnknownName."""
        try:
            return self._subscriptions[id]
        except KeyError:
            raise UnknownName("subscription type", str(id), [str(known) for known in self._subscriptions]) from None

    def address(self, text: str) -> str:
        """An e-mail address as preferences know it. Raises Refused."""
        try:
            return normalise(self._portal.properties[CONTACTS].find("email"), text, None)
        except InvalidValue as error:
            raise Refused(str(error)) from None

    def opted_out(self, email: str) -> int | None:
        """Since when somebody wants no e-mail at all, None where that isn't so."""
        return self._opted_out.get(email)

    def status(self, email: str, subscription: Subscription) -> Status:
        """What somebody said about a subscription; who opted out of all e-mail has unsubscribed from each."""
        said = self._statuses.get((email, subscription.id))
        since = self._opted_out.get(email)
        if since is not None:
            return Status(email, subscription, UNSUBSCRIBED, since, "UNSUBSCRIBE_FROM_ALL")
        return said or Status(email, subscription, NOT_SPECIFIED, subscription.created)

    def change(
        self,
        email: str,
        subscription: Subscription,
        state: str,
        *,
        source: Source,
        legal_basis: str | None = None,
        explanation: str | None = None,
    ) -> Status:
        """Note what somebody wants; to subscribe ends an opt-out of all e-mail for the whole portal."""
        if self.status(email, subscription).state != state:
            self._note(email, f"{subscription.settings.name}: {state}", source)
        if state == SUBSCRIBED and self._opted_out.pop(email, None) is not None:
            self._tell_contact(email, is_out=False)
        status = Status(email, subscription, state, self._portal.clock.now, source.type, legal_basis, explanation)
        self._statuses[email, subscription.id] = status
        return self.status(email, subscription)

    def opt_out(self, email: str, *, source: Source) -> None:
        """Note that somebody wants no e-mail at all."""
        if email in self._opted_out:
            return
        self._opted_out[email] = self._portal.clock.now
        self._note(email, f"all e-mail: {UNSUBSCRIBED}", source)
        self._tell_contact(email, is_out=True)
        for subscription in self:
            self._statuses.pop((email, subscription.id), None)

    def _tell_contact(self, email: str, *, is_out: bool) -> None:
        contact = contact_with(self._portal, email)
        if contact is not None:
            self._portal.writes.follow(contact, {"hs_email_optout": "true" if is_out else None})

    def _note(self, email: str, words: str, source: Source) -> None:
        """The contact's timeline shows it, where there is one."""
        contact = contact_with(self._portal, email)
        if contact is not None:
            self._portal.writes.happened(contact, Activity(SUBSCRIPTION_CHANGED, words), source)
