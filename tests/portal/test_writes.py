"""The one write path: checks come first, and a refused change leaves nothing behind."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.portal import Portal
from hubtwin.portal.errors import DuplicateValue, InvalidValues, MissingProperties, UnknownObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.values import Scalar


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"nope": "1"}, "PROPERTY_DOESNT_EXIST"),
        ({"email": "not an address"}, "INVALID_EMAIL"),
        ({"lifecyclestage": "nonsense"}, "INVALID_OPTION"),
        ({"hs_object_id": "7"}, "READ_ONLY_VALUE"),
        ({"hs_v2_date_entered_lead": "2026-01-01"}, "READ_ONLY_VALUE"),
        ({"followercount": "1,000"}, "INVALID_INTEGER"),
        ({"closedate": "yesterday"}, "INVALID_LONG"),
        ({"closedate": "253402300800000"}, "INVALID_LONG"),
        ({"closedate": "-62135596800001"}, "INVALID_LONG"),
        ({"hubspot_owner_id": "12"}, "INVALID_OPTION"),
        ({"firstname": "x" * 65_537}, "PROPERTY_VALUE_TOO_LONG"),
    ],
)
def test_a_bad_value_refuses_the_whole_write(values: Mapping[str, Scalar], code: str) -> None:
    """Neither a new record nor half of an update comes of it (W2.7.3, W4.10)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    before, entries = dict(ada.values), len(portal.log)
    with pytest.raises(InvalidValues) as caught:
        portal.update(ada, {"firstname": "Ada", **values})
    with pytest.raises(InvalidValues):
        portal.create("contacts", {"lastname": "B", **values})
    assert caught.value.problems[0].code == code
    assert (ada.values, len(portal.log), len(portal.records[ada.type])) == (before, entries, 1)


def test_all_problems_are_reported_at_once() -> None:
    """A write with three bad values says so three times (W2.7.2)."""
    with pytest.raises(InvalidValues) as caught:
        Portal().create("contacts", {"nope": "1", "email": "x", "closedate": "y"})
    assert [problem.property for problem in caught.value.problems] == ["nope", "email", "closedate"]


def test_an_address_belongs_to_one_contact() -> None:
    """E-mail addresses are unique whatever their case; company domains are not (W2.6)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "Ada@Acme.example"})
    assert ada.get("email") == "ada@acme.example"
    with pytest.raises(DuplicateValue, match=rf"contact {ada.id} has email 'ada@acme.example' already"):
        portal.create("contacts", {"email": " ADA@acme.example "})
    for _ in range(2):
        portal.create("companies", {"domain": "acme.example"})


def test_writing_ones_own_address_again_is_no_conflict() -> None:
    """A contact may be told the address that it has (W2.6)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    assert portal.update(ada, {"email": "ADA@acme.example"}).written == []


@pytest.mark.parametrize("type", ["contacts", "companies", "deals", "tickets", "meetings"])
def test_a_new_record_needs_certain_properties(type: str) -> None:
    """Each type says what a new record can't do without (W2.7.5)."""
    with pytest.raises(MissingProperties):
        Portal().create(type, {})


def test_a_deal_stage_must_be_in_the_pipeline() -> None:
    """The error lists the stages that are (W2.7.4)."""
    with pytest.raises(InvalidValues, match=r"pipelineId=default : \[appointmentscheduled, qualifiedtobuy"):
        Portal().create("deals", {"dealname": "D", "dealstage": "lead"})


def test_a_stage_brings_its_pipeline_along() -> None:
    """A deal with a stage and no pipeline is in the stage's pipeline (W5.2)."""
    assert Portal().create("deals", {"dealname": "D", "dealstage": "closedwon"}).get("pipeline") == "default"


@pytest.mark.parametrize("word", ["contacts", "contact", "CONTACT", "0-1"])
def test_object_types_answer_to_many_names(word: str) -> None:
    """Plural, singular, any case and type id (W1.9)."""
    portal = Portal()
    assert portal.type(word).name == "contacts"


def test_an_unknown_object_type_is_named_with_the_choices() -> None:
    """The error says what there is and what was probably meant (W2.7.7)."""
    with pytest.raises(UnknownObjectType, match="did you mean 'contacts'"):
        Portal().create("kontacts", {})


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("hs_is_in_first_deal_stage", True, "true"),
        ("amount", "5000.00", "5000.00"),
        ("amount", 12, "12"),
        ("closedate", "2026-12-31", "2026-12-31T00:00:00Z"),
        ("closedate", 1773300826615, "2026-03-12T07:33:46.615Z"),
    ],
)
def test_values_are_text(name: str, sent: Scalar, kept: str) -> None:
    """JSON's numbers and booleans become text, dates ISO; numbers stay as written (W2.2)."""
    assert Portal().create("deals", {"dealname": "D", name: sent}).get(name) == kept


def test_several_options_and_appending() -> None:
    """Checkbox values are joined by semicolons, and a leading one appends (W2.2)."""
    portal = Portal()
    ticket = portal.create(
        "tickets", {"subject": "T", "hs_pipeline_stage": "1", "hs_ticket_category": "PRODUCT_ISSUE;BILLING_ISSUE"}
    )
    portal.update(ticket, {"hs_ticket_category": ";FEATURE_REQUEST"})
    assert ticket.get("hs_ticket_category") == "PRODUCT_ISSUE;BILLING_ISSUE;FEATURE_REQUEST"
    assert (ticket.get("hs_pipeline"), ticket.get("hs_is_closed")) == ("0", "false")


def test_the_same_value_again_makes_no_version() -> None:
    """Writing what is there already leaves the history alone (F6.1)."""
    portal = Portal()
    ada = portal.create("contacts", {"firstname": "Ada"})
    portal.update(ada, {"firstname": "Ada"})
    assert len(portal.log.versions(ada, "firstname")) == 1


@given(st.lists(st.sampled_from(["a", "b", ""]), max_size=8))
def test_history_is_what_was_written(written: list[str]) -> None:
    """The versions are the distinct values in order, the newest first (F6.1)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example", "firstname": "first"})
    told = ["first"]
    for value in written:
        portal.update(ada, {"firstname": value})
        if value != told[-1]:
            told.append(value)
    assert [version.value for version in portal.log.versions(ada, "firstname")] == told[::-1]
    assert ada.get("firstname") == (told[-1] or None)


def test_an_archived_record_is_gone_from_its_links() -> None:
    """The bin keeps the record, its address is free, and nobody is linked with it any more (W2.4.4)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    acme = portal.create("companies", {"name": "Acme"}, links=[(ada, ())])
    portal.archive(ada)
    assert acme.get("num_associated_contacts") == "0"
    assert portal.create("contacts", {"email": "ada@acme.example"}) is not ada
    assert list(portal.records[ada.type].archived) == [ada]


def test_indexes_follow_writes() -> None:
    """Looking records up by value finds them where they are now, not where they were (W2.4.3)."""
    portal = Portal()
    portal.properties[portal.type("contacts")].put(
        PropertyDefinition("code", "Code", "string", "text", "contactinformation", unique=True, hubspot_defined=False)
    )
    ada = portal.create("contacts", {"firstname": "Ada", "code": "x"})
    records = portal.records[ada.type]
    assert records.having("code", "x") == [ada]
    portal.update(ada, {"code": "y"})
    assert (records.having("code", "x"), records.having("code", "y")) == ([], [ada])
