"""Events that enroll records (F7.9, F7.11, F7.30)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.log import ENROLLED

Json = dict[str, Any]

BECAME_CUSTOMER = {"event": "property changed", "property": "lifecyclestage", "to": "customer"}


def account(*events: Json, **more: Any) -> Portal:
    """A portal with a workflow that events enroll in, and with what they are about."""
    enroll = {"events": events, "again": True, **more}
    return Portal(
        Configuration.model_validate(
            {
                "forms": [{"name": "Demo"}, {"name": "News"}],
                "marketing_emails": [{"name": "Hello", "kind": "automated"}],
                "lists": [{"name": "Chosen", "kind": "static"}, {"name": "Others", "kind": "static"}],
                "workflows": [{"name": "W", "enroll": enroll, "actions": []}],
            }
        )
    )


def came_in(portal: Portal, record: Record) -> int:
    """How often a record was enrolled."""
    return sum(entry.kind == ENROLLED for entry in portal.log.timeline(record))


def contact(portal: Portal, **values: str) -> Record:
    return portal.create("contacts", {"email": "eve@acme.example", **values})


def test_a_property_that_changes() -> None:
    """To one of the values; each time (F7.11)."""
    portal = account(BECAME_CUSTOMER)
    eve = contact(portal)
    counts = []
    for stage in ("lead", "customer", "", "customer"):
        portal.update(eve, {"lifecyclestage": stage})
        counts.append(came_in(portal, eve))
    assert counts == [0, 1, 1, 2]


def test_a_property_that_changes_to_anything() -> None:
    """To any value, but not to none (F7.11)."""
    portal = account({"event": "property changed", "property": "jobtitle"})
    eve = contact(portal)
    for title in ("CEO", "CTO", ""):
        portal.update(eve, {"jobtitle": title})
    assert came_in(portal, eve) == 2


def test_once_only() -> None:
    """Without re-enrollment the event enrolls a record the first time (F7.22)."""
    portal = account(BECAME_CUSTOMER, again=False)
    eve = contact(portal)
    for stage in ("customer", "", "customer"):
        portal.update(eve, {"lifecyclestage": stage})
    assert came_in(portal, eve) == 1


def test_a_value_set_by_the_creation_is_no_change() -> None:
    """The event does not fire for values of the creating call; it does for a later one (F7.30)."""
    portal = account(BECAME_CUSTOMER, {"event": "property changed", "property": "hs_pipeline"})
    eve = contact(portal, lifecyclestage="customer")
    assert came_in(portal, eve) == 0
    for stage in ("", "customer"):
        portal.update(eve, {"lifecyclestage": stage})
    assert came_in(portal, eve) == 1


def test_a_new_record() -> None:
    """*Object created* (F7.11)."""
    portal = account({"event": "object created"})
    assert came_in(portal, contact(portal)) == 1


def test_a_form_that_is_submitted() -> None:
    """This one, not another (F7.11)."""
    portal = account({"event": "form submitted", "form": "Demo"})
    eve = portal.forms.submit("Demo", {"email": "eve@acme.example"})
    portal.forms.submit("News", {"email": "eve@acme.example"})
    assert came_in(portal, eve) == 1


def test_a_page_that_is_visited() -> None:
    """By a visitor who is known, on an address that fits (F7.11)."""
    portal = account({"event": "page visited", "where": [{"property": "hs_url", "contains": "/pricing"}]})
    eve = contact(portal)
    portal.tracking.identify("cookie", eve)
    for address in ("https://acme.example/blog", "https://acme.example/pricing"):
        portal.tracking.view_page(address, cookie="cookie")
    assert came_in(portal, eve) == 1


def test_an_email_that_is_opened() -> None:
    """A marketing e-mail, by its campaign (F7.11.5)."""
    portal = account({"event": "marketing e-mail opened", "email": "Hello"})
    eve = contact(portal)
    portal.marketing_emails.send("Hello", [eve])
    portal.clock.advance("1h")
    portal.marketing_emails.open("Hello", eve)
    assert came_in(portal, eve) == 1


@pytest.mark.parametrize(("event", "counts"), [("joined list", [0, 1, 1]), ("left list", [0, 0, 1])])
def test_lists_that_are_joined_and_left(event: str, counts: list[int]) -> None:
    """The list that is named, not another (F7.9.1)."""
    portal = account({"event": event, "list": "Chosen"})
    chosen, others = portal.lists
    eve, found = contact(portal), []
    portal.lists.add(others, [eve])
    portal.lists.remove(others, [eve])
    for change in (None, portal.lists.add, portal.lists.remove):
        if change is not None:
            change(chosen, [eve])
        found.append(came_in(portal, eve))
    assert found == counts


def test_a_list_that_is_called_otherwise_now() -> None:
    """It is the same list (F7.9.1)."""
    portal = account({"event": "joined list", "list": "Chosen"})
    chosen, _ = portal.lists
    portal.lists.rename(chosen, "The chosen ones")
    eve = contact(portal)
    portal.lists.add(chosen, [eve])
    assert came_in(portal, eve) == 1


def test_a_list_that_is_gone_for_good() -> None:
    """Nobody is in it, and nothing breaks (W6.4.4)."""
    enroll = {"when": {"any": [{"list": "Chosen"}, {"property": "city", "is": "Turku"}]}}
    lists = [{"name": "Chosen", "kind": "static"}]
    workflow = {"name": "W", "enroll": enroll, "actions": []}
    portal = Portal(Configuration.model_validate({"workflows": [workflow], "lists": lists}))
    portal.lists.delete(next(iter(portal.lists)))
    portal.clock.advance("91d")
    eve = contact(portal)
    portal.update(eve, {"city": "Turku"})
    assert came_in(portal, eve) == 1


def test_an_event_with_conditions() -> None:
    """The record has to meet them as the event happens (F7.9.2)."""
    portal = account(BECAME_CUSTOMER, when={"all": [{"property": "jobtitle", "is": "CEO"}]})
    eve = contact(portal)
    portal.update(eve, {"lifecyclestage": "customer"})
    portal.update(eve, {"jobtitle": "CEO"})
    assert came_in(portal, eve) == 0
    portal.update(eve, {"lifecyclestage": ""})
    portal.update(eve, {"lifecyclestage": "customer"})
    assert came_in(portal, eve) == 1


@pytest.mark.parametrize(
    ("criteria", "problem"),
    [
        ({"type": "EVENT_BASED"}, "eventFilterBranches must hold a UNIFIED_EVENTS branch"),
        ({"type": "DATASET"}, "DATASET needs data sets, which the portal doesn't have"),
        ({"type": "LIST_BASED"}, "enrollmentCriteria.listFilterBranch is missing"),
        ({"type": "SOMETIMES"}, "enrollmentCriteria.type can't be 'SOMETIMES'"),
        ({"type": "EVENT_BASED", "eventFilterBranches": [3]}, r"eventFilterBranches\[0\] must be an object"),
        (
            {
                "type": "EVENT_BASED",
                "listMembershipFilterBranches": [{"filterBranchType": "AND", "filters": [{"filterType": "IN_LIST"}]}],
            },
            "filters.*operator is missing",
        ),
        (
            {
                "type": "LIST_BASED",
                "listFilterBranch": {"filterBranchType": "AND", "filters": []},
                "reEnrollmentTriggersFilterBranches": [{"filterBranchType": "AND", "filters": [7]}],
            },
            "must be an object, not 7",
        ),
    ],
)
def test_wrong_criteria(criteria: Json, problem: str) -> None:
    """Each error names the place."""
    flow = {"type": "CONTACT_FLOW", "objectTypeId": "0-1", "isEnabled": True, "actions": []}
    with pytest.raises(InvalidDefinition, match=problem):
        Portal().workflows.create({**flow, "enrollmentCriteria": criteria})
