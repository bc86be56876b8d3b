"""A billing system: customers, their subscriptions, and what HubSpot is told about them (S4.9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Literal

from hubtwin.connected import own_apps
from hubtwin.portal import configuration
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.log import BILLED, Activity
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE
from hubtwin.portal.people import check_contact, contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

State = Literal["trialing", "active", "past_due", "canceled"]

RULE = "connected.billing"


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment that was asked for: of a *subscription*, at a *moment*, and whether it was *paid*."""

    subscription: str
    moment: int
    amount: float
    paid: bool


@dataclass(eq=False, slots=True)
class Subscription:
    """What somebody pays for. *ends* is the moment at which the period that runs now ends: a trial, or what was paid.

    *term* counts the changes of state and period, so that an appointment of an earlier one is told from the present.
    """

    id: str
    email: str
    plan: configuration.BillingPlan
    started: int
    state: State
    ends: int
    term: int = 0
    card_fails: bool = False
    leaves: bool = False

    def __repr__(self) -> str:
        return f"<Subscription {self.id}: {self.plan.name}, {self.state}>"


class Billing:
    """A billing system, and its integration with HubSpot.

    Subscriptions renew by themselves, on the portal's clock: it never comes to rest while one is active.
    """

    def __init__(self, portal: "Portal", settings: configuration.Billing) -> None:
        self._portal = portal
        self._settings = settings
        self._plans = {plan.name: plan for plan in settings.plans}
        self._numbers = count(1001)
        self._subscriptions: dict[str, Subscription] = {}
        self._source = own_apps.writer(portal, settings.app, own_apps.BILLING, RULE)
        self.payments: list[Payment] = []

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._subscriptions.values())

    def find(self, id: str) -> Subscription:
        """The subscription with this id. Raises UnknownName."""
        try:
            return self._subscriptions[id]
        except KeyError:
            raise UnknownName("subscription", id, list(self._subscriptions)) from None

    def uses(self) -> Iterator[Use]:
        """The properties and stages that it writes."""
        settings, churn = self._settings, self._settings.churn
        for key, property in settings.properties:
            if property is not None:
                yield Use("billing", f"{RULE}.properties.{key}", CONTACTS, property, True)
        for type in (CONTACTS, COMPANIES) if settings.companies else (CONTACTS,):
            if settings.customer_stage is not None:
                stage = settings.customer_stage
                yield Use("billing", f"{RULE}.customer_stage", type, LIFECYCLE, True, (stage,))
        if churn is not None and churn.stage is not None:
            yield Use("billing", f"{RULE}.churn.stage", CONTACTS, LIFECYCLE, True, (churn.stage,))
        for property, value in (churn.set if churn else {}).items():
            yield Use("billing", f"{RULE}.churn.set", CONTACTS, property, True, (value,))

    # -- what customers do -----------------------------------------------------------------------------

    def subscribe(self, email: str, plan: str, fields: Mapping[str, str] | None = None) -> Subscription:
        """Subscribe to a plan; with a trial first, where it has one. *fields* are properties of a new contact.

        Raises UnknownName, InvalidValues; nothing is sold then.
        """
        if plan not in self._plans:
            raise UnknownName("plan", plan, list(self._plans))
        found = self._plans[plan]
        known = contact_with(self._portal, email)
        check_contact(self._portal, email, {} if known else dict(fields or {}), self._source)  # before anything is sold
        now = self._portal.clock.now
        state: State = "active" if found.trial is None else "trialing"
        subscription = Subscription(f"sub_{next(self._numbers)}", email, found, now, state, now)
        self._subscriptions[subscription.id] = subscription
        if state == "active":
            self._charge(subscription, fields or {})
        else:
            self._begin(subscription, "trialing", found.trial or 0)
            self._tell(subscription, "trialing", fields or {})
        return subscription

    def activate(self, subscription: Subscription) -> None:
        """End a trial, or settle what is past due, by paying now. Raises Refused where neither is the case."""
        if subscription.state not in ("trialing", "past_due"):
            raise Refused(f"{subscription.id} is {subscription.state}; subscribe anew where it is canceled")
        subscription.card_fails = False
        self._charge(subscription, {})

    def fail_payments(self, subscription: Subscription, fails: bool = True) -> None:
        """Let the customer's card fail from now on, or work again."""
        subscription.card_fails = fails

    def cancel(self, subscription: Subscription, *, at_period_end: bool = False) -> None:
        """Cancel a subscription: now, or when the period ends that runs. One that is cancelled stays so."""
        if subscription.state == "canceled":
            return
        if at_period_end:
            subscription.leaves = True
            return
        self._end(subscription)

    # -- the clockwork ---------------------------------------------------------------------------------

    def _begin(self, subscription: Subscription, state: State, lasts: int) -> None:
        """Begin a period in a state, and come back at its end."""
        clock = self._portal.clock
        subscription.state, subscription.ends = state, clock.now + lasts
        subscription.term += 1
        clock.after(lasts, partial(self._period_over, subscription, subscription.term))

    def _period_over(self, subscription: Subscription, term: int) -> None:
        if subscription.term != term:  # something else happened since
            return
        if subscription.leaves or subscription.state == "past_due":
            self._end(subscription)
        else:
            self._charge(subscription, {})

    def _charge(self, subscription: Subscription, fields: Mapping[str, str]) -> None:
        """Ask for the price of a period: paid, it is active; else past due, until the grace is over."""
        was, plan, now = subscription.state if subscription.term else None, subscription.plan, self._portal.clock.now
        paid = not subscription.card_fails
        self.payments.append(Payment(subscription.id, now, plan.amount, paid))
        self._begin(subscription, "active" if paid else "past_due", plan.period if paid else self._settings.grace)
        happened = "activated" if was != "active" else "renewed"
        self._tell(subscription, happened if paid else "past due", fields)

    def _end(self, subscription: Subscription) -> None:
        subscription.state, subscription.ends = "canceled", self._portal.clock.now
        subscription.term += 1
        self._tell(subscription, "canceled", {})

    # -- what HubSpot is told --------------------------------------------------------------------------

    def _tell(self, subscription: Subscription, happened: str, fields: Mapping[str, str]) -> None:
        """Tell HubSpot: the contact's properties follow, and a customer becomes one."""
        known = contact_with(self._portal, subscription.email)
        values = {**({} if known else fields), **self._values(subscription)}
        stage = self._settings.customer_stage
        if happened == "activated" and stage is not None:
            values[LIFECYCLE] = stage
        change = check_contact(self._portal, subscription.email, values, self._source)
        words = f"{subscription.plan.name} {happened} ({subscription.id})"
        facts = {"subscription": subscription.id, "plan": subscription.plan.name, "state": subscription.state}
        change.activity = Activity(BILLED, words, facts)
        number = len(self._portal.log)
        contact = self._portal.writes.apply(change).record
        if LIFECYCLE in values and self._settings.companies:
            self._move_company(contact, values[LIFECYCLE], number)
        if happened == "canceled" and self._settings.churn is not None:
            self._churn(contact, self._settings.churn, number)

    def _values(self, subscription: Subscription) -> dict[str, str]:
        names = self._settings.properties
        values = (
            (names.status, subscription.state),
            (names.plan, subscription.plan.name),
            (names.amount, f"{subscription.plan.amount:g}"),
            (names.renewal, "" if subscription.state == "canceled" else iso(subscription.ends)),
        )
        return {name: value for name, value in values if name is not None}

    def _move_company(self, contact: Record, stage: str, cause: int) -> None:
        company = self._portal.associations.primary_of(contact, COMPANIES)
        if company is not None and self._portal.is_later(company, stage):
            source = replace(self._source, rule=f"{RULE}.customer_stage")
            self._portal.update(company, {LIFECYCLE: stage}, source=source, cause=cause)

    def _churn(self, contact: Record, churn: configuration.Churn, cause: int) -> None:
        """What the configuration wants of those who left, unless they pay for something else (S1.9)."""
        if any(one.state != "canceled" for one in self if contact_with(self._portal, one.email) is contact):
            return
        source = replace(self._source, rule=f"{RULE}.churn")
        if churn.set:
            self._portal.update(contact, dict(churn.set), source=source, cause=cause)
        if churn.stage is not None and contact.stage != churn.stage:  # in two writes: one alone can't go back (F2.6)
            self._portal.update(contact, {LIFECYCLE: ""}, source=source, cause=cause)
            self._portal.update(contact, {LIFECYCLE: churn.stage}, source=source, cause=cause)
