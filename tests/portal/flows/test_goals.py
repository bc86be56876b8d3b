"""The goals of contact workflows (F7.27)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import InvalidDefinition, Refused
from hubtwin.portal.log import ENROLLED, UNENROLLED

IS_CUSTOMER = {"all": [{"property": "lifecyclestage", "is": "customer"}]}
NURTURE: dict[str, Any] = {
    "name": "Nurture",
    "goal": IS_CUSTOMER,
    "enroll": {"when": {"all": [{"property": "email", "known": True}]}},
    "actions": [{"wait": "7d"}, {"set": "jobtitle", "to": "nurtured"}],
}


def account(**changes: Any) -> Portal:
    """A portal whose workflow nurtures contacts until they are customers."""
    return Portal(Configuration.model_validate({"workflows": [{**NURTURE, **changes}]}))


def test_who_meets_the_goal_leaves() -> None:
    """At once, and the log says why (F7.27)."""
    portal = account()
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.update(eve, {"lifecyclestage": "customer"})
    portal.clock.advance("8d")
    assert [str(entry.value) for entry in portal.log if entry.kind == UNENROLLED] == ["Nurture: goal met"]
    assert eve.get("jobtitle") is None


def test_who_has_met_the_goal_stays_out() -> None:
    """By criteria and by hand (F7.27.1)."""
    portal = account()
    eve = portal.create("contacts", {"email": "eve@acme.example", "lifecyclestage": "customer"})
    assert not any(entry.kind == ENROLLED for entry in portal.log)
    with pytest.raises(Refused, match=f"workflow 'Nurture' keeps contact {eve.id} out: goal met"):
        portal.workflows.enroll("Nurture", eve)


def test_a_goal_that_time_meets() -> None:
    """*Created more than 3 days ago* is met though nothing happens."""
    portal = account(goal={"all": [{"property": "createdate", "before_last_days": 3}]})
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.clock.advance("8d")
    assert eve.get("jobtitle") is None


def test_an_action_can_meet_the_goal() -> None:
    """Then the next one is not done (F7.27)."""
    won = {"set": "lifecyclestage", "to": "customer"}
    portal = account(actions=[won, {"set": "jobtitle", "to": "nurtured"}])
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    assert (eve.stage, eve.get("jobtitle")) == ("customer", None)


def test_only_contacts_have_goals() -> None:
    """Other workflows are refused with one (F7.3)."""
    data = account().workflows.find("Nurture").data
    with pytest.raises(InvalidDefinition, match="goalFilterBranch goes with a CONTACT_FLOW only"):
        Portal().workflows.create({**data, "type": "PLATFORM_FLOW", "objectTypeId": "0-2"})
