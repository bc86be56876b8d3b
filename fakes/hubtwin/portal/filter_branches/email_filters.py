"""Filters on marketing e-mails: what happened to one, and who wants which kind (W6.11.11, W6.11.12)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal import log
from hubtwin.portal.email_events import CAMPAIGN, URL
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.filter_branches.criteria import Criterion, Group, Interest
from hubtwin.portal.filter_branches.event_types import fact
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import Occurred, only
from hubtwin.portal.filter_branches.refinements import ONCE, Refinement, refinement
from hubtwin.portal.filter_branches.time_points import Surroundings
from hubtwin.portal.ids import as_id
from hubtwin.portal.log import Entry
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.preferences import NOT_SPECIFIED, SUBSCRIBED, UNSUBSCRIBED
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: What each operator asks for, and what it wants not to have happened as well.
_OPERATORS: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "SENT": (log.EMAIL_SENT, None),
        "RECEIVED": (log.EMAIL_DELIVERED, None),
        "OPENED": (log.EMAIL_OPENED, None),
        "LINK_CLICKED": (log.EMAIL_CLICKED, None),
        "REPLIED": (log.EMAIL_REPLIED, None),
        "BOUNCED": (log.EMAIL_BOUNCED, None),
        "UNSUBSCRIBED": (log.EMAIL_UNSUBSCRIBED, None),
        "MARKED_SPAM": (log.EMAIL_REPORTED, None),
        "SENT_BUT_NOT_RECEIVED": (log.EMAIL_SENT, log.EMAIL_DELIVERED),
        "SENT_BUT_LINK_NOT_CLICKED": (log.EMAIL_SENT, log.EMAIL_CLICKED),
        "RECEIVED_BUT_NOT_OPENED": (log.EMAIL_DELIVERED, log.EMAIL_OPENED),
        "OPENED_BUT_LINK_NOT_CLICKED": (log.EMAIL_OPENED, log.EMAIL_CLICKED),
        "OPENED_BUT_NOT_REPLIED": (log.EMAIL_OPENED, log.EMAIL_REPLIED),
    }
)

#: What filters call the states of a subscription.
_STATES = MappingProxyType({"OPT_IN": SUBSCRIBED, "OPT_OUT": UNSUBSCRIBED, "NOT_OPTED": NOT_SPECIFIED})


def email_event(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Criterion:
    """EMAIL_EVENT: something happened to one e-mail, and for the BUT operators something else did not.

    `emailId` is the e-mail's id, its name, or the campaign's that events know it by. With LINK_CLICKED, `clickUrl`
    is the link. Raises InvalidFilterBranch.
    """
    only(type, CONTACTS, node)
    happened, but_not = _OPERATORS[node.choice("operator", _OPERATORS)]
    try:
        campaign = str(portal.marketing_emails.find(node.text("emailId")).campaign)
    except UnknownName as error:
        raise node.wrong("emailId", f"can't be used: {error}") from None
    url = node.text("clickUrl") if "clickUrl" in node else None

    def occurred(kind: str, refined: Refinement, negated: bool = False) -> Occurred:
        return Occurred(portal, type, kind, _About(campaign, url).accepts, refined, negated, fact=(CAMPAIGN, campaign))

    first = occurred(happened, refinement(node, around))
    return first if but_not is None else Group([first, occurred(but_not, ONCE, negated=True)])


@dataclass(frozen=True, slots=True)
class _About:
    """Whether an event is of one e-mail, and, for a click, of the link *url*."""

    campaign: str
    url: str | None

    def accepts(self, entry: Entry) -> bool:
        is_link = self.url is None or entry.kind != log.EMAIL_CLICKED or fact(URL, entry) == self.url
        return is_link and fact(CAMPAIGN, entry) == self.campaign


@dataclass(frozen=True, slots=True)
class Subscribed(Criterion):
    """Whether what somebody said about one of the *subscriptions* is among the accepted *states*."""

    portal: "Portal"
    subscriptions: tuple[int, ...]
    states: frozenset[str]

    def accepts(self, record: Record) -> bool:
        """Whether it is; without an address, nobody said anything."""
        email, preferences = record.get("email"), self.portal.preferences
        if email is None:
            return False
        return any(preferences.status(email, preferences.find(id)).state in self.states for id in self.subscriptions)

    def interests(self) -> Iterator[Interest]:
        """Changed minds, and changed addresses."""
        yield Interest(log.SUBSCRIPTION_CHANGED, CONTACTS)
        yield Interest(log.CREATED, CONTACTS)
        yield Interest(log.SET, CONTACTS, "email")


def email_subscription(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Subscribed:
    """EMAIL_SUBSCRIPTION: who wants, or doesn't want, one of some kinds of e-mail. Raises InvalidFilterBranch."""
    return _subscribed(portal, type, node, "acceptedStatuses")


def communication_subscription(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Subscribed:
    """COMMUNICATION_SUBSCRIPTION: the same, of the channel EMAIL; there is no other. Raises InvalidFilterBranch."""
    node.choice("channel", ("EMAIL",), "EMAIL")
    return _subscribed(portal, type, node, "acceptedOptStates")


def _subscribed(portal: "Portal", type: ObjectType, node: Node, member: str) -> Subscribed:
    only(type, CONTACTS, node)
    states = node.texts(member)
    if unknown := [state for state in states if state not in _STATES]:
        raise node.wrong(member, f"can't hold {unknown[0]!r}; choose from: {', '.join(_STATES)}")
    try:
        subscriptions = [portal.preferences.find(as_id(id)).id for id in node.texts("subscriptionIds")]
    except UnknownName as error:
        raise node.wrong("subscriptionIds", f"can't be used: {error}") from None
    return Subscribed(portal, tuple(subscriptions), frozenset(_STATES[state] for state in states))
