"""Records that are deleted or merged: no workflow meets them on the way (F7.26, F7.26.4)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import Refused
from hubtwin.portal.log import ENROLLED, UNENROLLED
from hubtwin.portal.merging import forget, merge

Json = dict[str, Any]

FINNISH = {"all": [{"associated": "companies", "all": [{"property": "country", "is": "Finland"}]}]}


def account(**members: Any) -> Portal:
    """A portal with one workflow and one list."""
    workflow = {"name": "W", "actions": [{"wait": "1d"}, {"set": "jobtitle", "to": "marked"}], **members}
    lists = [{"name": "Chosen", "kind": "static"}]
    return Portal(Configuration.model_validate({"workflows": [workflow], "lists": lists}))


def contact(portal: Portal) -> Record:
    """A contact of a company in Finland."""
    one = portal.create("contacts", {"email": f"{len(portal.log)}@acme.example"})
    portal.create("companies", {"name": "Acme", "country": "Finland"}, links=[(one, ())])
    return one


def stories(portal: Portal) -> list[str]:
    """Who came into the workflow and left it, and why."""
    return [str(entry.value) for entry in portal.log if entry.kind in (ENROLLED, UNENROLLED)]


def test_losing_its_links_enrolls_no_record_that_is_deleted() -> None:
    """Records without a company are wanted; one that loses it on its way to the bin is not (F7.26.4)."""
    alone = {"all": [{"not_all": [{"associated": "companies", "all": [{"property": "name", "known": True}]}]}]}
    event = {"event": "left list", "list": "Chosen"}
    for enroll in ({"when": alone, "again": True}, {"events": [event]}):
        portal = account(enroll=enroll)
        eve = contact(portal)
        portal.clock.advance("2d")
        portal.lists.add(next(iter(portal.lists)), [eve])
        before = len(stories(portal))
        portal.archive(eve)
        assert len(stories(portal)) == before


def test_a_deleted_record_leaves_as_deleted() -> None:
    """Not as one that no longer meets the criteria, though it doesn't (F7.26)."""
    portal = account(enroll={"when": FINNISH, "leave_when_not_met": True})
    portal.archive(contact(portal))
    assert stories(portal) == ["W", "W: the record was deleted"]


def test_a_merged_record_stays_in() -> None:
    """That its links move to the new record is no leaving of the criteria (F7.26.2)."""
    portal = account(enroll={"when": FINNISH, "leave_when_not_met": True})
    eve, bob = contact(portal), portal.create("contacts", {"email": "bob@acme.example"})
    merged = merge(portal, eve, bob)
    portal.clock.advance("1d")
    assert (stories(portal), merged.get("jobtitle")) == (["W"], "marked")


def test_deleted_and_merged_records_are_not_enrolled_by_hand() -> None:
    """There is nothing to enroll (F7.26.4)."""
    portal = account()
    eve, bob, cleo = (contact(portal) for _ in range(3))
    portal.archive(cleo)
    merge(portal, eve, bob)
    for one in (eve, bob, cleo):
        with pytest.raises(Refused, match=f"contact {one.id} is deleted"):
            portal.workflows.enroll("W", one)


def test_a_forgotten_person() -> None:
    """The action log keeps nothing of somebody whose data was wiped, and works on (W2.4.8, F7.33)."""
    portal = account()
    eve, bob = contact(portal), contact(portal)
    for one in (eve, bob):
        portal.workflows.enroll("W", one)
    forget(portal, eve, portal.app)
    portal.clock.advance("1d")
    assert {event.record for event in portal.workflows.action_log} == {bob}
