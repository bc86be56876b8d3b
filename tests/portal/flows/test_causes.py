"""Whatever a workflow does, its causes lead back to what enrolled the record, by places of the portal file."""

from itertools import pairwise
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.log import ACTION_FAILED, ACTION_SUCCEEDED, ENROLLED, KEPT, SET, Entry

Json = dict[str, Any]

LEAD = {"all": [{"property": "lifecyclestage", "is": "lead"}]}
CITY = {"all": [{"property": "city", "is": "Turku"}]}

FILE: Json = {
    "users": [{"email": "ada@acme.example"}],
    "lists": [{"name": "Chosen", "kind": "static"}],
    "subscription_types": [{"name": "News"}],
    "workflows": [
        {
            "name": "W",
            "enroll": {"when": CITY},
            "actions": [
                {"set": "jobtitle", "to": "first"},
                {
                    "if": LEAD,
                    "then": [
                        {"set": "lifecyclestage", "to": "subscriber"},
                        {"set": "lifecyclestage", "to": "customer"},
                        {"choose": [{"when": LEAD, "then": [{"note": "never"}]}], "else": [{"task": "Call"}]},
                    ],
                },
                {"branch_on": "jobtitle", "cases": {"first": [{"clear": "jobtitle"}]}, "else": []},
                {"split": [{"percent": 100, "then": [{"copy": "city", "to": "address"}]}]},
                {"wait": "1h"},
                {"create": "deals", "with": {"dealname": "D", "dealstage": "appointmentscheduled"}},
                {"note": "Hello"},
                {"add_to_list": "Chosen"},
                {"remove_from_list": "Chosen"},
                {"rotate_owner": "hubspot_owner_id", "users": ["ada@acme.example"]},
                {"subscribe": "News"},
                {"marketing_contact": True},
                {"code": "exports.main = () => {}"},
                {"enroll_in": "Next"},
            ],
        },
        {"name": "Next", "actions": [{"set": "country", "to": "Finland"}]},
    ],
}


@pytest.fixture
def portal() -> Portal:
    """A portal in which one write started both workflows."""
    portal = Portal(Configuration.model_validate(FILE))
    eve = portal.create("contacts", {"email": "eve@acme.example", "lifecyclestage": "lead"})
    portal.update(eve, {"city": "Turku"})
    portal.clock.advance("1h")
    return portal


def by_workflows(portal: Portal) -> list[Entry]:
    """What workflows did."""
    return [entry for entry in portal.log if (entry.source.rule or "").startswith("workflows.")]


def test_all_of_it_goes_back_to_the_write(portal: Portal) -> None:
    """The first cause is what was written by hand, and the enrollment comes next."""
    done = by_workflows(portal)
    assert len([entry for entry in done if entry.kind in (ACTION_SUCCEEDED, ACTION_FAILED)]) >= 18
    for entry in done:
        chain = portal.log.why(entry.number)
        assert (chain[0].property, chain[0].value) == ("city", "Turku"), entry
        assert chain[1].kind == ENROLLED


def test_each_place_is_one_of_the_file(portal: Portal) -> None:
    """The rule of an entry is the path of the action that did it."""
    for entry in by_workflows(portal):
        place: Any = FILE
        for step in (entry.source.rule or "").split("."):
            place = place[int(step)] if step.isdecimal() else place[step]
        if entry.kind in (SET, KEPT) and entry.property in ("lifecyclestage", "country") and "set" in place:
            assert (place["set"], place["to"]) == (entry.property, entry.value)


def test_numbers_and_moments_go_up(portal: Portal) -> None:
    """An entry comes after its cause, and no moment before an earlier one."""
    entries = list(portal.log)
    assert [entry.number for entry in entries] == list(range(len(entries)))
    assert all(entry.cause is None or entry.cause < entry.number for entry in entries)
    assert all(entry.moment <= later.moment for entry, later in pairwise(entries))
