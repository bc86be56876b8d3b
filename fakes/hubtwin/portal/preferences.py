"""Communication preferences: which e-mail people want, by their addresses (W6.8.10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import numbered
from hubtwin.portal.log import SUBSCRIPTION_CHANGED, Activity, Entry
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.portal.properties import Option, PropertyDefinition
from hubtwin.portal.sources import Source
from hubtwin.portal.values import InvalidValue, normalise
from hubtwin.portal.writes import Change

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

#: The facts of the log's entries about what people said; no subscription stands for all e-mail.
RECIPIENT, SUBSCRIPTION, STATE = "hs_recipient", "hs_subscription_id", "hs_subscription_status"

#: The ids of subscription types start here.
FIRST_ID = 30_000_001


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
        types = portal.configuration.subscription_types
        ids = numbered([settings.id for settings in types], FIRST_ID)
        self._subscriptions = {
            id: Subscription(id, portal.clock.now, settings) for id, settings in zip(ids, types, strict=True)
        }
        for subscription in self:
            portal.properties[CONTACTS].put(_opted_out_of(subscription))
        self._statuses: dict[tuple[str, int], Status] = {}
        self._opted_out: dict[str, int] = {}
        self._changes: list[int] = []

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
        cause: int | None = None,
    ) -> Status:
        """Note what somebody wants; to subscribe ends an opt-out of all e-mail for the whole portal.

        *cause* is the number of the log's entry that brought it about.
        """
        before = self.status(email, subscription).state
        if state == SUBSCRIBED:
            self._opted_out.pop(email, None)
        status = Status(email, subscription, state, self._portal.clock.now, source.type, legal_basis, explanation)
        self._statuses[email, subscription.id] = status
        if before != state:
            self._note(email, subscription, state, source, cause)
        return self.status(email, subscription)

    def opt_out(self, email: str, *, source: Source, cause: int | None = None) -> None:
        """Note that somebody wants no e-mail at all; *cause* is as in `change`."""
        if email in self._opted_out:
            return
        self._opted_out[email] = self._portal.clock.now
        for subscription in self:
            self._statuses.pop((email, subscription.id), None)
        self._note(email, None, UNSUBSCRIBED, source, cause)

    def changes(self) -> Iterator[Entry]:
        """The log's entries about what people said, newest first; those that the log forgot are gone (W2.4.8)."""
        entries = map(self._portal.log.__getitem__, reversed(self._changes))
        return (entry for entry in entries if entry.value is not None)

    def _note(
        self, email: str, subscription: Subscription | None, state: str, source: Source, cause: int | None
    ) -> None:
        """Note it in the log, where there is a contact in its timeline, whose properties follow."""
        name = "all e-mail" if subscription is None else subscription.settings.name
        facts = {RECIPIENT: email, SUBSCRIPTION: "" if subscription is None else str(subscription.id), STATE: state}
        activity = Activity(SUBSCRIPTION_CHANGED, f"{name}: {state}", facts)
        contact = contact_with(self._portal, email)
        self._changes.append(len(self._portal.log))
        if contact is None:
            now = self._portal.clock.now
            self._portal.log.append(SUBSCRIPTION_CHANGED, now, None, source, cause, value=activity)
            return
        values = {"hs_email_optout": "true" if email in self._opted_out else ""}
        if subscription is not None:
            values[_opt_out_property(subscription.id)] = "true" if state == UNSUBSCRIBED else ""
        self._portal.writes.apply(Change(CONTACTS, contact, values, source, cause, activity=activity))


def _opt_out_property(id: int) -> str:
    return f"hs_email_optout_{id}"


def _opted_out_of(subscription: Subscription) -> PropertyDefinition:
    """The property of contacts that says who unsubscribed from a subscription type (W6.8.17)."""
    return PropertyDefinition(
        name=_opt_out_property(subscription.id),
        label=f"Opted out of email: {subscription.settings.name}",
        type="enumeration",
        field_type="booleancheckbox",
        group="emailinformation",
        options=(Option("true", "True", 0), Option("false", "False", 1)),
        read_only=True,
    )
