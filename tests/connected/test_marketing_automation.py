"""A second marketing system with its own score and stages, in two-way sync."""

from typing import Any

import pytest

from hubtwin.connected.marketing_automation import MarketingAutomation
from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.objects import CONTACTS

STAGES = {"lead": "Cold", "marketingqualifiedlead": "Warm", "salesqualifiedlead": "Hot"}
AUTOMATION: dict[str, Any] = {
    "people": {
        "mappings": [
            {"property": "firstname", "field": "first_name"},
            {"property": "numemployees", "field": "score", "rule": "always_other"},
            {"property": "lifecyclestage", "field": "stage", "stages": STAGES},
        ]
    },
    "points": {"webinar": 30, "visit": 5},
    "stages": [{"name": "Cold", "score": 0}, {"name": "Warm", "score": 30}, {"name": "Hot", "score": 60}],
    "decay": {"points": 10, "every": "7d"},
}


@pytest.fixture
def portal() -> Portal:
    """A portal in sync with a system that scores webinars and visits."""
    people = {**AUTOMATION["people"], "mappings": AUTOMATION["people"]["mappings"][::2]}
    return Portal(
        Configuration.model_validate({"connected": {"marketing_automation": {**AUTOMATION, "people": people}}})
    )


def system(portal: Portal) -> MarketingAutomation:
    return portal.connected.marketing_automation


def ada(portal: Portal) -> tuple[Record, Any]:
    contact = portal.create("contacts", {"email": "ada@acme.example", "firstname": "Ada"})
    portal.clock.advance("5m")
    (person,) = system(portal).people
    return contact, person


def test_its_score_makes_its_stage_and_its_stage_hubspots(portal: Portal) -> None:
    """A webinar makes a lead warm, and five minutes later an MQL in HubSpot."""
    contact, person = ada(portal)
    assert (person.get("stage"), contact.stage) == ("Cold", "lead")
    system(portal).act(person, "webinar")
    assert person.get("stage") == "Warm"
    portal.clock.advance("5m")
    assert contact.stage == "marketingqualifiedlead"
    (version, *_) = portal.log.versions(contact, "lifecyclestage")
    assert (version.source.type, version.source.id) == ("INTEGRATIONS_SYNC", person.id)


def test_hubspots_stage_goes_over_in_the_other_systems_terms(portal: Portal) -> None:
    """Sales qualifies the contact in HubSpot; the other side calls it hot."""
    contact, person = ada(portal)
    portal.as_user("ada@hubtwin.example").edit(contact, {"lifecyclestage": "salesqualifiedlead"})
    portal.clock.advance("5m")
    assert person.get("stage") == "Hot"


def test_both_sides_change_at_once(portal: Portal) -> None:
    """The newest value wins, and both sides say the same (F4.20.3)."""
    contact, person = ada(portal)
    system(portal).act(person, "webinar")
    portal.clock.advance("1m")
    portal.update(contact, {"lifecyclestage": "salesqualifiedlead"})
    portal.clock.advance("5m")
    assert (contact.stage, person.get("stage")) == ("salesqualifiedlead", "Hot")


def test_scores_fall_and_hubspot_keeps_the_stage(portal: Portal) -> None:
    """The other system cools down; a lifecycle stage never goes back by a sync (F2.b3, F4.20.9)."""
    contact, person = ada(portal)
    system(portal).act(person, "webinar")
    portal.clock.run()
    assert (person.get("score"), person.get("stage")) == ("0", "Cold")
    assert contact.stage == "marketingqualifiedlead"
    assert [event.kind for run in system(portal).runs for event in run.of("kept")] == ["kept"]


def test_a_person_comes_over_with_the_stage_of_the_score(portal: Portal) -> None:
    """A new contact begins where the other system has it."""
    person = system(portal).people.create({"email": "eve@acme.example", "score": "65"})
    portal.clock.advance("5m")
    (contact,) = portal.records[CONTACTS]
    assert (person.get("stage"), contact.stage) == ("Hot", "salesqualifiedlead")


def test_an_unknown_activity_is_refused(portal: Portal) -> None:
    """With the choices."""
    _, person = ada(portal)
    with pytest.raises(UnknownName, match=r"no activity is called 'webiner'; .*did you mean 'webinar'"):
        system(portal).act(person, "webiner")
