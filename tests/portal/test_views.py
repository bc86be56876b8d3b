"""Saved views of index pages."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record, configuration
from hubtwin.portal.errors import ConfigurationError, InvalidDefinition, PortalError, Refused, UnknownName

ADA, BOB, EVE = ("ada@acme.example", "bob@acme.example", "eve@acme.example")
LEADS: dict[str, Any] = {
    "name": "Leads",
    "filterGroups": [
        {"filters": [{"propertyName": "lifecyclestage", "operator": "EQ", "value": "lead"}]},
        {"filters": [{"propertyName": "lifecyclestage", "operator": "IN", "values": ["subscriber"]}]},
    ],
    "columns": ["firstname", "lifecyclestage"],
    "sort": "-firstname",
}


def portal_with(*views: dict[str, Any]) -> Portal:
    users = [{"email": ADA, "team": "Sales"}, {"email": BOB, "team": "Sales"}, {"email": EVE}]
    return Portal(Configuration.model_validate({"users": users, "views": views}))


def filtered(**filter: Any) -> dict[str, Any]:
    return {"filterGroups": [{"filters": [filter]}]}


def people(portal: Portal) -> list[Record]:
    stages = {"Al": "lead", "Bo": "customer", "Cy": "subscriber"}
    return [portal.create("contacts", {"firstname": name, "lifecyclestage": stage}) for name, stage in stages.items()]


def test_a_view_shows_the_records_of_a_stage_in_its_order() -> None:
    """Any of its groups, downwards by first name; always as things are now (F10.6)."""
    portal = portal_with(LEADS)
    al, bo, cy = people(portal)
    assert portal.views.records("Leads") == [cy, al]
    portal.update(al, {"lifecyclestage": "customer"})
    assert portal.views.records(portal.views.find("Leads")) == [cy]
    assert bo.stage == "customer"


def test_a_view_shows_its_columns() -> None:
    """Those that HubSpot shows of itself, where it names none (F10.6)."""
    portal = portal_with(LEADS, {"name": "All"})
    people(portal)
    assert portal.views.table("Leads")[0] == {"firstname": "Cy", "lifecyclestage": "subscriber"}
    assert [row["firstname"] for row in portal.views.table("All")] == ["Al", "Bo", "Cy"]
    assert "email" in portal.views.table("All")[0]


def test_a_view_is_private_or_shared() -> None:
    """With everyone, with the team, with nobody (F10.6)."""
    owned = {"user": ADA}
    portal = portal_with(
        LEADS,
        {"name": "Mine", **owned, "shared": "private"},
        {"name": "Ours", **owned, "shared": "team"},
        {"name": "Theirs", **owned},
    )
    seen = {user: [view.name for view in portal.views.of(portal.users.find(user))] for user in (ADA, BOB, EVE)}
    assert seen == {
        ADA: ["Leads", "Mine", "Ours", "Theirs"],
        BOB: ["Leads", "Ours", "Theirs"],
        EVE: ["Leads", "Theirs"],
    }
    with pytest.raises(Refused, match=r"'Mine' belongs to ada@acme\.example, who doesn't share it"):
        portal.views.records("Mine", user=portal.users.find(BOB))
    assert portal.views.records("Mine", user=portal.users.find(ADA)) == []


def test_a_view_can_be_saved_while_the_portal_runs() -> None:
    """Under a name of its own; it is in a snapshot (F10.6)."""
    portal = portal_with()
    before = portal.snapshot()
    portal.views.create(configuration.View.model_validate(LEADS))
    with pytest.raises(InvalidDefinition, match="'Leads' already"):
        portal.views.create(configuration.View.model_validate(LEADS))
    portal.restore(before)
    with pytest.raises(UnknownName, match="no view is called 'Leads'"):
        portal.views.find("Leads")


def test_used_in_names_views() -> None:
    """What a view asks for and shows (F11.1)."""
    uses = [(use.property, use.values) for use in portal_with(LEADS).views.uses()]
    assert uses == [
        ("lifecyclestage", ("lead",)),
        ("lifecyclestage", ("subscriber",)),
        ("firstname", ()),
        ("lifecyclestage", ()),
    ]


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ({"columns": ["frstname"]}, "did you mean 'firstname'"),
        ({"sort": "-frstname"}, "did you mean 'firstname'"),
        (filtered(propertyName="nope", operator="EQ", value="x"), "'nope'"),
        (filtered(propertyName="createdate", operator="GT", value="x"), "not a date"),
        (filtered(propertyName="city", operator="IN"), "IN needs values"),
        ({"object": "contcts"}, "'contcts'"),
    ],
)
def test_a_wrong_view_is_said_with_its_place(view: dict[str, Any], message: str) -> None:
    """And can't be saved later either (F10.6)."""
    wrong = {"name": "Wrong", **view}
    with pytest.raises(ConfigurationError, match=message) as caught:
        portal_with(LEADS, wrong)
    assert caught.value.place[:2] == ("views", 1)
    with pytest.raises(PortalError, match=message):
        portal_with().views.create(configuration.View.model_validate(wrong))


def test_a_view_that_nobody_owns_is_everyones() -> None:
    """Who keeps it private has to be named (F10.6)."""
    with pytest.raises(ValueError, match="needs a user whose it is"):
        portal_with({**LEADS, "shared": "private"})
