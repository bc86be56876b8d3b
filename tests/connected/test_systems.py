"""All connected systems together."""

from typing import Any

import pytest

from hubtwin.connected import Connected
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.uses import of_stage

STAGES = {"lead": "Cold", "customer": "Hot"}
CONFIGURATION: dict[str, Any] = {
    "connected": {
        "salesforce": {"automatic_stage_transitions": True, "hand_over": {"representatives": ["Rita"]}},
        "billing": {"plans": [{"name": "Pro", "amount": 49}]},
        "product": {"events": [{"name": "created_flow"}], "rules": [{"event": "created_flow", "set": {"city": "x"}}]},
        "marketing_automation": {
            "people": {"mappings": [{"property": "lifecyclestage", "field": "stage", "stages": STAGES}]}
        },
    }
}


def made() -> Portal:
    return Portal(Configuration.model_validate(CONFIGURATION))


def lived(portal: Portal) -> list[str]:
    """Two months in which something happens in every system."""
    contact = portal.connected.product.sign_up("ada@acme.example", {"lastname": "Lovelace"})
    portal.clock.advance("1h")
    portal.connected.product.event("ada@acme.example", "created_flow")
    portal.update(contact, {"lifecyclestage": "salesqualifiedlead"})
    portal.clock.advance("1h")
    (lead,) = portal.connected.salesforce.leads
    portal.connected.salesforce.convert(lead, opportunity="Engines")
    portal.clock.advance("1h")
    portal.connected.billing.subscribe("ada@acme.example", "Pro")
    portal.clock.advance("60d")
    return portal.story(portal.log)


def test_two_runs_tell_the_same_story() -> None:
    """Ids, moments and order are the same in every run."""
    story = lived(made())
    assert story == lived(made())
    assert any(
        "Salesforce: contact 1001 (Lovelace) lifecyclestage salesqualifiedlead -> opportunity" in s for s in story
    )


def test_a_restored_portal_lives_the_same_life_again() -> None:
    """Tables, pairs, subscriptions, users and what is due are part of a snapshot."""
    portal = made()
    snapshot = portal.snapshot()
    story = lived(portal)
    portal.restore(snapshot)
    assert lived(portal) == story


def test_connected_systems_are_among_the_uses_of_a_stage() -> None:
    """How do our stages work at the moment? Settings tell of what outside systems do, too (F11.1)."""
    rules = {use.rule for use in of_stage(made(), "customer")}
    assert rules >= {
        "connected.salesforce.automatic_stage_transitions",
        "connected.billing.customer_stage",
        "connected.marketing_automation.people.mappings.0",
    }


def test_a_mapping_names_a_property_that_there_is() -> None:
    """A misspelt one is refused with its place, and a guess at what was meant."""
    mapping = {"property": "jobtitel", "field": "company"}
    automation = {"marketing_automation": {"people": {"mappings": [mapping]}}}
    with pytest.raises(ConfigurationError, match=r"jobtitel.*did you mean 'jobtitle'") as error:
        Portal(Configuration.model_validate({"connected": automation}))
    assert error.value.place[:5] == ("connected", "marketing_automation", "people", "mappings", 0)


def test_all_connectors_can_be_told_to_run_now() -> None:
    """Whatever the time is."""
    portal = made()
    portal.create("contacts", {"email": "ada@acme.example", "lastname": "Lovelace"})
    assert isinstance(portal.connected, Connected)
    portal.connected.sync()
    assert (len(portal.connected.salesforce.leads), len(portal.connected.marketing_automation.people)) == (1, 1)
