"""The stage rule, writer by writer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal, Record, Source
from hubtwin.portal.pipelines import LIFECYCLE_STAGES
from hubtwin.portal.stages import Verdict

STAGES = [stage for stage, _ in LIFECYCLE_STAGES]

SILENT = {
    "F2.b3": "INTEGRATION",
    "F2.b6": "FORM",
    "F2.b7": "COMPANIES",
    "F2.b8": "DEALS",
    "F2.b9": "SALESFORCE",
    "F2.b10": "IMPORT",
    "F2.b11": "BOT",
}


def customer(portal: Portal) -> Record:
    return portal.create("contacts", {"email": "ada@acme.example", "lifecyclestage": "customer"})


@pytest.mark.parametrize("type", SILENT.values(), ids=SILENT)
def test_most_writers_keep_a_later_stage_silently(type: str) -> None:
    """An app, form, sync, setting, Salesforce, import or chat can't move back (F2.b3, F2.b6 to F2.b11)."""
    portal = Portal()
    contact = customer(portal)
    outcome = portal.update(contact, {"lifecyclestage": "lead"}, source=Source(type))
    assert outcome.verdict is Verdict.KEPT
    assert contact.stage == "customer"


@pytest.mark.parametrize("type", ["CRM_UI", "MOBILE_IOS", "CRM_UI_BULK_ACTION"])
def test_a_person_can_move_a_record_back(type: str) -> None:
    """By hand, on the phone and in a bulk edit, a stage goes back (F2.b1, F2.b12)."""
    portal = Portal()
    contact = customer(portal)
    portal.update(contact, {"lifecyclestage": "lead"}, source=Source(type))
    assert contact.stage == "lead"


def test_a_workflow_is_refused() -> None:
    """A workflow's backward write is kept and counts as failed (F2.b5)."""
    portal = Portal()
    contact = customer(portal)
    outcome = portal.update(contact, {"lifecyclestage": "lead"}, source=Source("AUTOMATION_PLATFORM"))
    assert (outcome.verdict, contact.stage) == (Verdict.REFUSED, "customer")


def test_an_option_lets_imports_move_back() -> None:
    """What HubSpot leaves open about a writer is an option of the portal (F2.b10)."""
    portal = Portal(Configuration.model_validate({"options": {"backward": {"IMPORT": "set"}}}))
    contact = customer(portal)
    portal.update(contact, {"lifecyclestage": "lead"}, source=Source("IMPORT"))
    assert contact.stage == "lead"


@pytest.mark.parametrize("object_type", ["contacts", "companies"])
@given(old=st.sampled_from(STAGES), new=st.sampled_from(STAGES))
def test_a_stage_only_moves_forward(object_type: str, old: str, new: str) -> None:
    """An app sets a later stage, skipping allowed, and never an earlier one (F1.1, F2.1, F2.2, F2.3)."""
    portal = Portal()
    record = portal.create(object_type, {"firstname": "A"} if object_type == "contacts" else {"name": "A"})
    portal.update(record, {"lifecyclestage": ""})
    portal.update(record, {"lifecyclestage": old})
    portal.update(record, {"lifecyclestage": new})
    assert record.stage == max(old, new, key=STAGES.index)


def test_nothing_follows_other() -> None:
    """Other is last: from it nothing moves on until it is cleared (F1.2)."""
    portal = Portal()
    contact = portal.create("contacts", {"email": "a@b.example", "lifecyclestage": "other"})
    portal.update(contact, {"lifecyclestage": "customer"})
    assert contact.stage == "other"


def test_clearing_opens_the_way_back() -> None:
    """Cleared with an empty string, any stage can be set; null clears nothing (F2.4, F2.5, F2.6)."""
    portal = Portal()
    contact = customer(portal)
    portal.update(contact, {"lifecyclestage": None})
    assert contact.stage == "customer"
    portal.update(contact, {"lifecyclestage": ""})
    portal.update(contact, {"lifecyclestage": "lead"})
    assert contact.stage == "lead"


def test_a_cleared_stage_is_a_version() -> None:
    """History shows the clearing as an empty version, newest first (F2.8, F6.1)."""
    portal = Portal()
    contact = customer(portal)
    portal.update(contact, {"lifecyclestage": ""})
    portal.update(contact, {"lifecyclestage": "lead"})
    assert [version.value for version in portal.log.versions(contact, "lifecyclestage")] == ["lead", "", "customer"]


def test_a_kept_stage_makes_no_version_but_moves_the_modified_date() -> None:
    """A backward write leaves no version, yet the record counts as modified (F6.3)."""
    portal = Portal()
    contact = customer(portal)
    before = contact.updated
    portal.update(contact, {"lifecyclestage": "lead"})
    assert contact.updated > before
    assert len(portal.log.versions(contact, "lifecyclestage")) == 1


def test_a_custom_stage_takes_part_by_its_place() -> None:
    """A stage between two others holds back what comes before it, and has dates of its own (F2.2, F1.23)."""
    stages = [{"id": "lead", "label": "Lead"}, {"id": "50419354", "label": "Pilot"}, {"id": "customer", "label": "C"}]
    settings = {"deal_created": None}
    portal = Portal(Configuration.model_validate({"stages": stages, "settings": settings}))
    contact = portal.create("contacts", {"email": "a@b.example"})
    portal.update(contact, {"lifecyclestage": "50419354"})
    portal.update(contact, {"lifecyclestage": "lead"})
    assert contact.stage == "50419354"
    assert contact.get("hs_v2_date_entered_50419354") == contact.get("createdate")
    assert "hs_lifecyclestage_50419354_date" not in portal.properties[contact.type]
