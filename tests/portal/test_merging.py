"""Merging records, and forgetting people."""

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.errors import InvalidMerge
from hubtwin.portal.merging import forget, merge


def two(portal: Portal) -> tuple[Record, Record]:
    ada = portal.create("contacts", {"email": "ada@acme.example", "firstname": "Ada"})
    portal.clock.advance("1d")
    old = portal.create("contacts", {"email": "old@acme.example", "firstname": "A.", "phone": "1"})
    return ada, old


def test_two_become_a_third() -> None:
    """Both old ids lead to the new record, and neither is in a list, the bin included (W2.4.7)."""
    portal = Portal()
    ada, old = two(portal)
    merged = merge(portal, ada, old)
    contacts = portal.records[ada.type]
    assert merged.id not in (ada.id, old.id)
    assert contacts.get(ada.id) is contacts.get(old.id) is merged
    assert (list(contacts), list(contacts.archived)) == ([merged], [])
    assert merged.get("hs_merged_object_ids") == f"{ada.id};{old.id}"


def test_the_primary_record_wins() -> None:
    """The other fills what is missing, and its address becomes a second one (W2.4.7, W2.6)."""
    portal = Portal()
    ada, old = two(portal)
    merged = merge(portal, ada, old)
    names = ("firstname", "phone", "email", "hs_additional_emails", "createdate")
    expected = ["Ada", "1", "ada@acme.example", "old@acme.example", "2026-03-02T09:00:00Z"]
    assert [merged.get(name) for name in names] == expected
    assert portal.records[ada.type].having("email", "old@acme.example") == [merged]


def test_both_histories_stay() -> None:
    """Versions of both, the newest first, and the value that was chosen (W2.4.7)."""
    portal = Portal()
    ada, old = two(portal)
    versions = portal.log.versions(merge(portal, ada, old), "firstname")
    assert [(version.value, version.source.type) for version in versions] == [
        ("Ada", "MERGE_CONTACTS"),
        ("A.", "INTEGRATION"),
        ("Ada", "INTEGRATION"),
    ]


def test_the_stage_further_on_stays() -> None:
    """Whoever is the primary record (W2.4.9)."""
    portal = Portal()
    ada, old = two(portal)
    portal.update(old, {"lifecyclestage": "customer"})
    merged = merge(portal, ada, old)
    assert merged.stage == "customer"
    assert merged.get("hs_v2_date_entered_current_stage") == merged.get("hs_v2_date_entered_customer")


def test_links_of_both_stay_with_one_primary_company() -> None:
    """The primary record's company stays the primary one (W2.4.7)."""
    portal = Portal()
    ada, old = two(portal)
    globex, acme = (portal.create("companies", {"name": name}) for name in ("Globex", "Acme"))
    portal.associate(old, globex)
    portal.associate(ada, acme)
    merged = merge(portal, ada, old)
    assert portal.associations.of(merged, acme.type) == {acme: {1, 279}, globex: {279}}
    assert portal.associations.of(acme, ada.type) == {merged: {2, 280}}


def test_merging_again_leads_on() -> None:
    """Ids that led to a record lead to what it becomes (W2.4.7)."""
    portal = Portal()
    ada, old = two(portal)
    third = portal.create("contacts", {"firstname": "C"})
    last = merge(portal, merge(portal, ada, old), third)
    assert portal.find("contacts", old.id) is last
    assert len((last.get("hs_merged_object_ids") or "").split(";")) == 4


def test_a_record_cannot_be_merged_with_itself() -> None:
    """Refused, and nothing changes (W2.4.7)."""
    portal = Portal()
    ada, _ = two(portal)
    with pytest.raises(InvalidMerge, match="can't be merged with itself"):
        merge(portal, ada, ada)
    assert portal.find("contacts", ada.id) is ada


def test_a_forgotten_person_leaves_nothing_to_read() -> None:
    """No record, no bin, no values in the log; the address is free (W2.4.8)."""
    portal = Portal()
    ada, _ = two(portal)
    portal.update(ada, {"jobtitle": "Secret"})
    forget(portal, ada, portal.app)
    contacts = portal.records[ada.type]
    assert (contacts.get(ada.id), contacts.get(ada.id, archived=True), ada.values) == (None, None, {})
    assert "Secret" not in " ".join(str(entry.value) for entry in portal.log)
    portal.create("contacts", {"email": "ada@acme.example"})
