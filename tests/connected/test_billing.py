"""Billing: subscriptions, their clockwork, and what becomes of the contacts."""

from typing import Any

import pytest

from hubtwin.connected.billing import Billing
from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidValues, Refused, UnknownName
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.uses import of_stage

PLANS = [{"name": "Pro", "amount": 49, "period": "30d"}, {"name": "Trial", "amount": 49, "trial": "14d"}]
EMAIL = "ada@acme.example"


def made(configuration: dict[str, Any] | None = None, **billing: Any) -> Portal:
    settings = {"plans": PLANS, **billing}
    return Portal(Configuration.model_validate({**(configuration or {}), "connected": {"billing": settings}}))


def billing(portal: Portal) -> Billing:
    return portal.connected.billing


def contact(portal: Portal) -> Record:
    (found,) = portal.records[CONTACTS].having("email", EMAIL)
    return found


def test_an_activated_subscription_sets_customer() -> None:
    """On the contact, its company and, by the company sync, its colleagues; as an app of its own (F6.12, F3.5)."""
    portal = made()
    acme = portal.create("companies", {"name": "Acme"})
    bob = portal.create("contacts", {"email": "bob@acme.example"}, links=[(acme, ())])
    ada = portal.create("contacts", {"email": EMAIL}, links=[(acme, ())])
    billing(portal).subscribe(EMAIL, "Pro")
    assert [record.stage for record in (ada, acme, bob)] == ["customer"] * 3
    (version, *_) = portal.log.versions(ada, "lifecyclestage")
    assert (version.source.type, version.source.id) == ("INTEGRATION", "900001")
    assert [entry.kind for entry in portal.why(bob, "lifecyclestage")] == ["billing", "set", "set"]


def test_self_service_skips_the_stages_between() -> None:
    """Who buys without ever talking to sales is a customer at once; skipped stages stay blank (F2.3, F1.28)."""
    portal = made(companies=False)
    billing(portal).subscribe(EMAIL, "Pro", {"firstname": "Ada"})
    ada = contact(portal)
    assert (ada.stage, ada.get("firstname")) == ("customer", "Ada")
    assert ada.get("hs_v2_date_entered_salesqualifiedlead") is None


def test_the_company_can_be_left_alone() -> None:
    """By a setting."""
    portal = made(companies=False)
    acme = portal.create("companies", {"name": "Acme"})
    portal.create("contacts", {"email": EMAIL}, links=[(acme, ())])
    billing(portal).subscribe(EMAIL, "Pro")
    assert acme.stage == "lead"


def test_a_trial_becomes_active_when_it_ends() -> None:
    """Only then is there a customer; people may also end it sooner."""
    portal = made()
    trial = billing(portal).subscribe(EMAIL, "Trial")
    assert (trial.state, contact(portal).stage) == ("trialing", "lead")
    portal.clock.advance("14d")
    assert (trial.state, contact(portal).stage) == ("active", "customer")
    sooner = billing(portal).subscribe("eve@acme.example", "Trial")
    billing(portal).activate(sooner)
    assert sooner.state == "active"
    with pytest.raises(Refused, match=r"sub_1002 is active"):
        billing(portal).activate(sooner)


def test_subscriptions_renew_by_themselves() -> None:
    """A payment each period, and the properties follow."""
    names = {"status": "hs_buying_role", "renewal": "message", "plan": "jobtitle", "amount": "industry"}
    portal = made(properties={key: names[key] for key in ("renewal", "plan", "amount")})
    subscription = billing(portal).subscribe(EMAIL, "Pro")
    portal.clock.advance("65d")
    assert len(billing(portal).payments) == 3
    ada = contact(portal)
    assert (ada.get("jobtitle"), ada.get("industry"), ada.get("message")) == ("Pro", "49", "2026-05-31T09:00:00Z")
    assert subscription.state == "active"


def test_a_card_that_fails_makes_it_past_due_and_then_cancels_it() -> None:
    """Unless it is paid in time."""
    portal = made()
    lost, kept = (billing(portal).subscribe(email, "Pro") for email in (EMAIL, "eve@acme.example"))
    for subscription in (lost, kept):
        billing(portal).fail_payments(subscription)
    portal.clock.advance("30d")
    assert (lost.state, kept.state) == ("past_due", "past_due")
    billing(portal).activate(kept)
    portal.clock.advance("7d")
    assert (lost.state, kept.state) == ("canceled", "active")
    assert contact(portal).stage == "customer"


def test_a_cancelled_subscription_can_run_to_its_end() -> None:
    """And is not renewed."""
    portal = made()
    subscription = billing(portal).subscribe(EMAIL, "Pro")
    billing(portal).cancel(subscription, at_period_end=True)
    portal.clock.advance("29d")
    assert subscription.state == "active"
    portal.clock.advance("100d")
    assert (subscription.state, len(billing(portal).payments)) == ("canceled", 1)


def test_churn_goes_back_only_where_the_portal_file_says_so() -> None:
    """By clearing the stage and setting it, in two writes (F2.6); the properties are set with it."""
    portal = made(churn={"stage": "salesqualifiedlead", "set": {"jobtitle": "was a customer"}})
    subscription = billing(portal).subscribe(EMAIL, "Pro")
    billing(portal).cancel(subscription)
    ada = contact(portal)
    assert [version.value for version in portal.log.versions(ada, "lifecyclestage")] == [
        "salesqualifiedlead",
        "",
        "customer",
    ]
    assert ada.get("jobtitle") == "was a customer"


def test_who_still_pays_for_something_has_not_left() -> None:
    """The last subscription counts."""
    portal = made(churn={"stage": "lead"})
    first, _ = (billing(portal).subscribe(EMAIL, "Pro") for _ in range(2))
    billing(portal).cancel(first)
    assert contact(portal).stage == "customer"


def test_it_can_write_as_an_app_of_the_portal() -> None:
    """By its name; an unknown one is refused with the choices."""
    portal = made({"apps": [{"name": "Stripe", "id": 77}]}, app="Stripe")
    billing(portal).subscribe(EMAIL, "Pro")
    assert contact(portal).get("hs_object_source_id") == "77"
    with pytest.raises(ValueError, match="no app is called 'Strip'; choose from: Stripe; did you mean 'Stripe'"):
        made({"apps": [{"name": "Stripe"}]}, app="Strip")


def test_bad_orders_sell_nothing() -> None:
    """An unknown plan, a bad address."""
    portal = made()
    with pytest.raises(UnknownName, match="no plan is called 'Por'; choose from: Pro, Trial; did you mean 'Pro'"):
        billing(portal).subscribe(EMAIL, "Por")
    with pytest.raises(InvalidValues, match="Email address nobody is invalid"):
        billing(portal).subscribe("nobody", "Pro")
    assert (list(billing(portal)), len(portal.log)) == ([], 0)


def test_it_is_among_the_uses_of_a_stage() -> None:
    """Settings show where a stage is used (F11.1)."""
    portal = made(churn={"stage": "other"})
    assert [use.rule for use in of_stage(portal, "other")] == ["connected.billing.churn.stage"]
