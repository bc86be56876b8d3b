"""The channels beside the API: forms, meetings links, people at the screen, workflows."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidValues, Refused, UnknownName
from hubtwin.portal.moments import HOUR

USER = "ada@hubtwin.example"
CONFIGURATION: dict[str, Any] = {
    "forms": [
        {"name": "newsletter", "fields": ["email"]},
        {"name": "demo", "contact_stage": "marketingqualifiedlead", "company_stage": "lead"},
    ],
    "meeting_links": [{"slug": "ada/intro", "user": USER}],
    "workflows": [
        {
            "name": "Back to lead",
            "actions": [{"set": "lifecyclestage", "to": "lead"}, {"set": "jobtitle", "to": "Lead again"}],
        },
        {"name": "Recycle", "actions": [{"clear": "lifecyclestage"}, {"set": "lifecyclestage", "to": "lead"}]},
        {"name": "Broken", "actions": [{"set": "closedate", "to": "soon"}, {"set": "jobtitle", "to": "Next"}]},
    ],
}


@pytest.fixture
def portal() -> Portal:
    """A portal with two forms, a meetings link and three workflows."""
    return Portal(Configuration.model_validate(CONFIGURATION))


def customer(portal: Portal) -> Record:
    return portal.create("contacts", {"email": "eve@acme.example", "lifecyclestage": "customer", "firstname": "Eve"})


@pytest.mark.parametrize(
    ("form", "fields", "stage"),
    [
        ("demo", {"lifecyclestage": "salesqualifiedlead"}, "salesqualifiedlead"),
        ("demo", {}, "marketingqualifiedlead"),
        ("newsletter", {}, "lead"),
    ],
)
def test_where_a_submission_takes_the_stage_from(portal: Portal, form: str, fields: dict[str, str], stage: str) -> None:
    """From its own field, else from the form, else from the account (F4.2)."""
    contact = portal.forms.submit(form, {"email": "new@acme.example", **fields})
    assert contact.stage == stage
    assert contact.get("hs_object_source") == "FORM"


def test_a_form_never_moves_a_customer_back(portal: Portal) -> None:
    """The known contact is updated, its stage stays (F4.3, F2.b6)."""
    eve = customer(portal)
    assert portal.forms.submit("demo", {"email": " EVE@acme.example ", "lastname": "X"}) is eve
    assert (eve.stage, eve.get("lastname")) == ("customer", "X")


def test_a_form_sets_both_stages_or_none() -> None:
    """One object's stage alone is refused (F4.5)."""
    with pytest.raises(ValueError, match="a form sets the stage of both contact_stage and company_stage"):
        Configuration.model_validate({"forms": [{"name": "demo", "contact_stage": "lead"}]})


def test_a_submission_is_the_cause_of_what_it_brings(portal: Portal) -> None:
    """The chain of causes starts with the form (F6.12)."""
    contact = portal.forms.submit("demo", {"email": "new@acme.example"})
    kinds = [entry.kind for entry in portal.why(contact, "lifecyclestage")]
    assert kinds == ["form submitted", "created", "set"]


@pytest.mark.parametrize(
    ("form", "fields", "error"),
    [
        ("demo", {"firstname": "A"}, "Required field 'email' is missing"),
        ("demo", {"email": "x"}, "Email address x is invalid"),
        ("newsletter", {"email": "a@b.example", "firstname": "A"}, "the form has no field 'firstname'"),
        ("demo", {"email": "a@b.example", "lifecyclestage": "zz"}, "zz was not one of the allowed options"),
    ],
)
def test_a_bad_submission_leaves_nothing(portal: Portal, form: str, fields: dict[str, str], error: str) -> None:
    """One bad field refuses the whole submission (F4.2)."""
    with pytest.raises(InvalidValues, match=error):
        portal.forms.submit(form, fields)
    assert not len(portal.log)


def test_a_form_has_one_id_in_every_run(portal: Portal) -> None:
    """Forms are found by name and by guid, and the guid is the same in any process (F6.12)."""
    guid = portal.forms.find("demo").guid
    assert guid == "8f102893-45a6-4b11-818f-b475f7223a1e"
    assert portal.forms.find(guid).name == "demo"


def test_names_that_do_not_exist_are_refused_with_the_choices(portal: Portal) -> None:
    """Forms, links, workflows and users: the error lists what there is and guesses what was meant."""
    for find, name, hint in (
        (portal.forms.find, "demos", "did you mean 'demo'"),
        (portal.meetings.find, "ada/intr", "did you mean 'ada/intro'"),
        (portal.workflows.find, "Recycel", "did you mean 'Recycle'"),
        (portal.as_user, "ado@hubtwin.example", "did you mean 'ada@hubtwin.example'"),
    ):
        with pytest.raises(UnknownName, match=hint):
            find(name)


def test_a_booking_makes_a_contact_and_a_meeting(portal: Portal) -> None:
    """An unknown address becomes a lead; the meeting belongs to the link's user (F4.16)."""
    start = portal.clock.now + HOUR
    meeting = portal.meetings.book("ada/intro", "new@acme.example", start=start, first_name="New")
    (contact,) = portal.associations.of(meeting, portal.type("contacts"))
    assert (contact.stage, contact.get("firstname")) == ("lead", "New")
    assert meeting.get("hs_meeting_start_time") == "2026-03-02T10:00:00Z"
    assert meeting.get("hubspot_owner_id") == str(portal.users.find(USER).id)


def test_a_booking_leaves_a_known_contact_alone(portal: Portal) -> None:
    """Its own values stay (F4.16)."""
    eve = customer(portal)
    meeting = portal.meetings.book("ada/intro", "eve@acme.example", start=portal.clock.now, first_name="Evil")
    assert list(portal.associations.of(meeting, eve.type)) == [eve]
    assert (eve.get("firstname"), eve.stage) == ("Eve", "customer")


def test_a_booking_in_the_past_is_refused(portal: Portal) -> None:
    """Nothing comes of it (F4.16)."""
    with pytest.raises(ValueError, match="a meeting can't begin in the past: 2026-03-02T08:00:00Z"):
        portal.meetings.book("ada/intro", "new@acme.example", start=portal.clock.now - HOUR)
    assert not len(portal.log)


def test_a_workflow_cannot_move_a_customer_back(portal: Portal) -> None:
    """The value is kept, the action fails in the log, and the next action runs (F2.b5, F2.12, F7.33, F7.34)."""
    eve = customer(portal)
    portal.workflows.enroll("Back to lead", eve)
    assert (eve.stage, eve.get("jobtitle")) == ("customer", "Lead again")
    assert [event.succeeded for event in portal.workflows.action_log] == [False, True]
    (issue,) = portal.workflows.issues
    assert issue.message == 'Lifecycle stage was not updated: "lead" comes before the current stage "customer".'


def test_a_workflow_can_clear_and_set(portal: Portal) -> None:
    """Two actions, two versions, with rising execution numbers (F2.10, F6.6)."""
    eve = customer(portal)
    portal.workflows.enroll("Recycle", eve)
    versions = portal.log.versions(eve, "lifecyclestage")
    assert [version.value for version in versions] == ["lead", "", "customer"]
    assert [version.source.id for version in versions[:2]] == [
        "enrollmentId:1;actionExecutionIndex:1",
        "enrollmentId:1;actionExecutionIndex:0",
    ]


def test_a_bad_action_fails_and_the_record_goes_on(portal: Portal) -> None:
    """An action whose value can't be written is an issue, not a crash (F7.34)."""
    eve = customer(portal)
    portal.workflows.enroll("Broken", eve)
    (issue,) = portal.workflows.issues
    assert issue.execution == 0
    assert issue.message.startswith("closedate: soon was not a valid")
    assert eve.get("jobtitle") == "Next"


def test_a_workflow_enrolls_its_own_object_type(portal: Portal) -> None:
    """A company can't enter a contact workflow."""
    with pytest.raises(Refused, match="workflow 'Recycle' enrolls contacts, not companies"):
        portal.workflows.enroll("Recycle", portal.create("companies", {"name": "Acme"}))


def test_by_hand_goes_back(portal: Portal) -> None:
    """In the record and in bulk, as the user (F2.b1, F2.b12)."""
    eve, ada = customer(portal), portal.as_user(USER)
    ada.edit(eve, {"lifecyclestage": "opportunity"})
    ada.bulk_edit([eve], {"lifecyclestage": "lead"})
    versions = portal.log.versions(eve, "lifecyclestage")
    assert [(version.value, version.source.type) for version in versions[:2]] == [
        ("lead", "CRM_UI_BULK_ACTION"),
        ("opportunity", "CRM_UI"),
    ]
    assert versions[0].source.id == f"userId:{ada.user.user_id}"


def test_a_user_works_with_records(portal: Portal) -> None:
    """Creates, associates, owns contacts and says how a meeting went (F6.12)."""
    ada = portal.as_user(USER)
    eve = ada.create("contacts", {"firstname": "Eve", "hubspot_owner_id": ada.user.id})
    acme = ada.create("companies", {"name": "Acme"}, associated_with=[eve])
    meeting = portal.meetings.book("ada/intro", "new@acme.example", start=portal.clock.now)
    ada.hold_meeting(meeting, "NO_SHOW")
    assert ada.contacts() == [eve]
    assert list(portal.associations.of(acme, eve.type)) == [eve]
    assert meeting.get("hs_meeting_outcome") == "NO_SHOW"
    with pytest.raises(ValueError, match="is not a meeting"):
        ada.hold_meeting(eve, "COMPLETED")
