"""Workflows that start each other without end: what the portal is like afterwards (F7.31.1, F7.31.2)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import CascadeError
from hubtwin.portal.log import ACTION_SUCCEEDED, ENROLLED

CITIES = ("Turku", "Oulu")


def city(name: str) -> dict[str, Any]:
    return {"all": [{"property": "city", "is": name}]}


def looping() -> tuple[Portal, Record]:
    """Each of two workflows writes the city that the other one waits for; a list for each city."""
    workflows = [
        {
            "name": f"To {there}",
            "enroll": {"when": city(here), "again": True},
            "actions": [{"set": "city", "to": there}],
        }
        for here, there in (CITIES, CITIES[::-1])
    ]
    begin = {"name": "Begin", "actions": [{"set": "city", "to": "Turku"}]}
    lists = [{"name": name, "filters": city(name)} for name in CITIES]
    portal = Portal(Configuration.model_validate({"workflows": [*workflows, begin], "lists": lists}))
    return portal, portal.create("contacts", {"email": "eve@acme.example"})


@pytest.mark.parametrize("by_hand", [True, False])
def test_lists_and_workflows_know_what_was_written_last(by_hand: bool) -> None:
    """Wherever the loop is cut, memberships are those of the record as it is then (F7.31.2)."""
    portal, eve = looping()
    with pytest.raises(CascadeError):
        portal.workflows.enroll("Begin", eve) if by_hand else portal.update(eve, {"city": "Turku"})
    here = [name for name in CITIES if name == eve.get("city")]
    assert [list.name for list in portal.lists.of(eve)] == here
    assert [flow.name for flow in portal.workflows if eve in flow.met and flow.name != "Begin"] == [
        f"To {name}" for name in CITIES if name not in here
    ]


def test_who_came_in_last_comes_to_the_end() -> None:
    """Each enrollment that the log tells of has done its action; nobody is left in the middle (F7.31.2)."""
    portal, eve = looping()
    with pytest.raises(CascadeError):
        portal.update(eve, {"city": "Turku"})
    kinds = [entry.kind for entry in portal.log]
    arrivals = sum(len(flow.arrivals) for flow in portal.workflows)
    assert kinds.count(ENROLLED) == kinds.count(ACTION_SUCCEEDED) == arrivals
    assert not any(flow.active for flow in portal.workflows)


def test_the_next_write_is_a_new_beginning() -> None:
    """What follows does not remember the loop (F7.31.2)."""
    portal, eve = looping()
    with pytest.raises(CascadeError):
        portal.update(eve, {"city": "Turku"})
    portal.update(eve, {"city": "Vaasa"})
    assert not [*portal.lists.of(eve)]
