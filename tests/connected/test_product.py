"""The product: sign-ups, events, and what they qualify contacts for."""

from typing import Any

import pytest

from hubtwin.connected.product import Product
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.pipelines import LIFECYCLE_STAGES

EMAIL = "ada@acme.example"
STAGES = [{"id": id, "label": label} for id, label in LIFECYCLE_STAGES]
STAGES[1:4] = [{"id": id, "label": id.upper()} for id in ("prospect", "user", "pql", "salesqualifiedlead")]
CONFIGURATION: dict[str, Any] = {
    "stages": STAGES,
    "settings": {"default_stage": {"contacts": "subscriber", "companies": None}, "lead_associated": None},
    "connected": {
        "product": {
            "sign_up_stage": "user",
            "events": [{"name": "created_flow", "properties": ["flow"]}, {"name": "imported_contacts"}],
            "rules": [
                {"event": "created_flow", "times": 3, "within": "7d", "stage": "pql", "set": {"jobtitle": "PQL"}}
            ],
        }
    },
}


@pytest.fixture
def portal() -> Portal:
    """A portal with the stages User and PQL, and a product that sets them."""
    return Portal(Configuration.model_validate(CONFIGURATION))


def product(portal: Portal) -> Product:
    return portal.connected.product


def test_a_sign_up_makes_a_user(portal: Portal) -> None:
    """A contact with the stage of users, and a custom event; doing it twice changes nothing."""
    contact = product(portal).sign_up(EMAIL, {"firstname": "Ada"})
    assert product(portal).sign_up(EMAIL.upper()) is contact
    assert (contact.stage, contact.get("firstname")) == ("user", "Ada")
    assert [one.definition.name for one in portal.custom_events.occurrences] == ["signed_up"]


def test_a_customer_who_signs_up_stays_one(portal: Portal) -> None:
    """The product only moves contacts on (F2.b3)."""
    contact = portal.create("contacts", {"email": EMAIL, "lifecyclestage": "customer"})
    assert product(portal).sign_up(EMAIL) is contact
    assert contact.stage == "customer"


def test_events_qualify_a_user(portal: Portal) -> None:
    """Three flows in a week make a PQL, and the chain of causes says why."""
    contact = product(portal).sign_up(EMAIL)
    for flow in ("a", "b", "c"):
        assert product(portal).event(EMAIL, "created_flow", {"flow": flow})
        portal.clock.advance("1d")
    assert (contact.stage, contact.get("jobtitle")) == ("pql", "PQL")
    assert [entry.kind for entry in portal.why(contact, "lifecyclestage")] == ["event occurred", "set"]
    (version, *_) = portal.log.versions(contact, "lifecyclestage")
    assert version.source.rule == "connected.product.rules.0"


def test_events_too_far_apart_do_not(portal: Portal) -> None:
    """Only those of the last seven days count."""
    contact = product(portal).sign_up(EMAIL)
    for _ in range(5):
        product(portal).event(EMAIL, "created_flow")
        portal.clock.advance("4d")
    assert contact.stage == "user"


def test_an_event_that_is_sent_twice_counts_once(portal: Portal) -> None:
    """By its id."""
    contact = product(portal).sign_up(EMAIL)
    assert [product(portal).event(EMAIL, "created_flow", id="e-1") for _ in range(4)] == [True, False, False, False]
    assert contact.stage == "user"


def test_lists_and_api_see_product_events_as_custom_events(portal: Portal) -> None:
    """Each with its definition, properties and contact."""
    contact = product(portal).sign_up(EMAIL)
    product(portal).event(EMAIL, "created_flow", {"flow": "a"})
    last = portal.custom_events.occurrences[-1]
    assert (last.definition.full_name, last.record, last.properties) == ("pe1_created_flow", contact, {"flow": "a"})


def test_bad_events_are_refused(portal: Portal) -> None:
    """Unknown events, users and properties; nothing occurs."""
    product(portal).sign_up(EMAIL)
    with pytest.raises(UnknownName, match=r"no product event is called 'create_flow'.*did you mean 'created_flow'"):
        product(portal).event(EMAIL, "create_flow")
    with pytest.raises(UnknownName, match=r"no product user is called 'eve@acme\.example'"):
        product(portal).event("eve@acme.example", "created_flow")
    with pytest.raises(Refused, match="pe1_created_flow has no properties called flaw"):
        product(portal).event(EMAIL, "created_flow", {"flaw": "a"})
    assert len(portal.custom_events.occurrences) == 1
    assert len(portal.records[CONTACTS]) == 1
