"""Forms: what the portal file says of them, whose submissions they are, and what these bring along."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import ConfigurationError, InvalidValues, Refused
from hubtwin.portal.form_definitions import Condition
from hubtwin.portal.form_fields import holds
from hubtwin.portal.moments import DAY, iso
from hubtwin.portal.submissions import Sent
from hubtwin.portal.uses import of_property, of_stage

ADA, BO = "ada@acme.example", "bo@bolt.example"
COOKIE = "a" * 32
DEMO: dict[str, Any] = {
    "name": "demo",
    "fields": [
        "email",
        "firstname",
        {"name": "jobtitle", "hidden": True, "default": "Visitor"},
        {"name": "numemployees", "options": ["1-5", "5-25", "1000+"]},
        {"name": "city", "required": True, "when": {"field": "numemployees", "value": "1000+"}},
        {"name": "phone", "min_digits": 5, "max_digits": 9},
        "company.name",
        "company.domain",
    ],
    "contact_stage": "marketingqualifiedlead",
    "company_stage": "subscriber",
    "blocked_domains": ["rival.example"],
}


def portal_with(*forms: dict[str, Any], **others: Any) -> Portal:
    return Portal(Configuration.model_validate({"forms": forms, **others}))


@pytest.fixture
def portal() -> Portal:
    """A portal with two forms."""
    return portal_with(DEMO, {"name": "news", "fields": ["email"], "creates_new_contact_for_new_email": True})


def companies(portal: Portal) -> list[Record]:
    return list(portal.records[portal.type("companies")])


def submit(portal: Portal, form: str = "demo", **options: Any) -> Record:
    return portal.forms.submit(form, {"email": ADA}, **options)


# -- the portal file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "place", "message"),
    [
        (["email", "jobtitel"], ("forms", 0, "fields", 1), "contacts have no property 'jobtitel'"),
        (["email", "company.nope"], ("forms", 0, "fields", 1), "companies have no property 'nope'"),
    ],
)
def test_a_field_that_is_no_property(fields: list[Any], place: tuple[Any, ...], message: str) -> None:
    """An error of the portal file, with its place (F8.5.2)."""
    with pytest.raises(ConfigurationError, match=message) as caught:
        portal_with({"name": "demo", "fields": fields})
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (["email", {"name": "city", "when": {"field": "emial"}}], "no field before this one is called 'emial'"),
        (["email", "email"], "the form has the field 'email' already"),
    ],
)
def test_fields_that_do_not_fit_together(fields: list[Any], message: str) -> None:
    """A condition about no field, and a field that is there twice (F8.5.2, F8.6)."""
    with pytest.raises(ValueError, match=message):
        portal_with({"name": "demo", "fields": fields})


def test_what_uses_a_property(portal: Portal) -> None:
    """Fields of all kinds, with what hidden ones set, and both stages (F11.1, F4.5)."""
    contacts, of_companies = portal.type("contacts"), portal.type("companies")
    (hidden,) = of_property(portal, contacts, "jobtitle")
    assert (hidden.asset, hidden.rule, hidden.values) == ("form demo", "forms.0", ("Visitor",))
    assert [use.asset for use in of_property(portal, of_companies, "name")] == ["form demo"]
    assert [use.rule for use in of_stage(portal, "subscriber") if use.asset == "form demo"] == ["forms.0.company_stage"]


def test_forms_come_back_with_a_snapshot(portal: Portal) -> None:
    """As they were, and they can be submitted (F8.1.1)."""
    submit(portal)
    snapshot = portal.snapshot()
    portal.forms.archive(portal.forms.find("demo"))
    assert [form.name for form in portal.forms] == ["news"]
    portal.restore(snapshot)
    assert [form.name for form in portal.forms] == ["demo", "news"]
    assert submit(portal).get("num_conversion_events") == "2"


# -- what is filled in ----------------------------------------------------------------------------------------


def test_hidden_defaults(portal: Portal) -> None:
    """The page fills them in, a program doesn't (F8.5.1)."""
    assert submit(portal).get("jobtitle") == "Visitor"
    bo = portal.forms.receive(portal.forms.find("demo"), Sent({"0-1": {"email": BO}}))
    assert bo.get("jobtitle") is None


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"email": "x@rival.example"}, ["BLOCKED_EMAIL"]),
        ({"email": ADA, "numemployees": "7"}, ["VALUE_NOT_IN_FIELD_DEFINITION"]),
        ({"email": ADA, "numemployees": "1000+"}, ["REQUIRED_FIELD"]),
        ({"email": ADA, "numemployees": "5-25"}, []),
        ({"email": ADA, "phone": "12 34"}, ["NUMBER_OUT_OF_RANGE"]),
        ({"email": ADA, "phone": "+1 234 567 890"}, ["NUMBER_OUT_OF_RANGE"]),
        ({"email": ADA, "lastname": "L"}, ["FIELD_NOT_IN_FORM_DEFINITION"]),
        ({"firstname": "A", "numemployees": "1000+"}, ["REQUIRED_FIELD", "REQUIRED_FIELD"]),
    ],
)
def test_what_fields_accept(portal: Portal, values: dict[str, str], codes: list[str]) -> None:
    """A field's own rules, and dependent fields that are required once they are shown (F8.5, F8.6, F8.12)."""
    found: list[str] = []
    try:
        portal.forms.submit("demo", values)
    except InvalidValues as error:
        found = [problem.code for problem in error.problems]
        assert not len(portal.log)
    assert found == codes


@pytest.mark.parametrize(
    ("operator", "of", "yes", "no"),
    [
        ("eq", {"value": "10"}, "10.0", "11"),
        ("neq", {"value": "fi"}, "se", "FI"),
        ("gt", {"value": "9"}, "10", "9"),
        ("gte", {"value": "9"}, "9", "8"),
        ("lt", {"value": "2026-03-02"}, "2026-03-01", "2026-03-02"),
        ("lte", {"value": "9"}, "9", "10"),
        ("between", {"rangeStart": "1", "rangeEnd": "5"}, "5", "6"),
        ("not_between", {"rangeStart": "1", "rangeEnd": "5"}, "6", "3"),
        ("contains", {"value": "CME"}, "acme", "bolt"),
        ("doesnt_contain", {"value": "cme"}, "bolt", "acme"),
        ("str_starts_with", {"value": "ac"}, "Acme", "mac"),
        ("str_ends_with", {"value": "me"}, "acme", "metal"),
        ("is_not_empty", {}, "x", ""),
        ("set_eq", {"values": ["a", "b"]}, "b;a", "a"),
        ("set_neq", {"values": ["a", "b"]}, "a", "a;b"),
        ("set_any", {"values": ["a", "b"]}, "c;a", "c"),
        ("set_not_any", {"values": ["a", "b"]}, "c", "a;c"),
        ("set_all", {"values": ["a", "b"]}, "a;b;c", "a;c"),
        ("set_not_all", {"values": ["a", "b"]}, "a;c", "a;b"),
    ],
)
def test_conditions(operator: str, of: dict[str, Any], yes: str, no: str) -> None:
    """All operators; an empty field fulfils none (F8.6, F8.6.1)."""
    condition = Condition.model_validate({"operator": operator, **of})
    assert [holds(condition, text) for text in (yes, no, "")] == [True, False, False]


def test_conditions_about_time() -> None:
    """They never hold: what they mean is not known (F8.6.1)."""
    for operator in ("within_time", "within_time_reverse"):
        assert not holds(Condition.model_validate({"operator": operator, "value": "7"}), iso(0))


# -- whose it is ----------------------------------------------------------------------------------------------


def test_a_browser_becomes_known(portal: Portal) -> None:
    """It is that of whoever submits a form first (F8.14)."""
    ada = submit(portal, cookie=COOKIE)
    assert portal.tracking.contact(COOKIE) is ada


def test_a_known_browser_with_a_new_address(portal: Portal) -> None:
    """The contact gets the address in place of its own (F8.14.1)."""
    ada = submit(portal, cookie=COOKIE)
    assert portal.forms.submit("demo", {"email": BO}, cookie=COOKIE) is ada
    assert (ada.get("email"), ada.get("hs_additional_emails")) == (BO, None)


def test_a_form_that_makes_a_new_contact_for_a_new_address(portal: Portal) -> None:
    """The browser stays the first one's (F8.14, F8.14.1)."""
    ada = submit(portal, cookie=COOKIE)
    bo = portal.forms.submit("news", {"email": BO}, cookie=COOKIE)
    assert bo is not ada
    assert (ada.get("email"), portal.tracking.contact(COOKIE)) == (ADA, ada)


def test_a_known_browser_with_the_address_of_another(portal: Portal) -> None:
    """Who has the address is changed; the browser stays whose it was (F8.14)."""
    ada = submit(portal, cookie=COOKIE)
    bo = portal.create("contacts", {"email": BO})
    assert portal.forms.submit("demo", {"email": BO, "firstname": "Bo"}, cookie=COOKIE) is bo
    assert (bo.get("firstname"), ada.get("firstname"), portal.tracking.contact(COOKIE)) == ("Bo", None, ada)


def test_a_secondary_address(portal: Portal) -> None:
    """It becomes the primary one, and the primary one secondary (F8.14.2)."""
    ada = portal.create("contacts", {"email": ADA, "hs_additional_emails": f"x@acme.example;{BO}"})
    assert portal.forms.submit("demo", {"email": BO.upper()}) is ada
    assert (ada.get("email"), ada.get("hs_additional_emails")) == (BO, f"{ADA};x@acme.example")
    assert submit(portal) is ada


def test_no_address(portal: Portal) -> None:
    """It is for whoever's browser it is; nobody known is nobody (F8.14.3)."""
    forms = portal_with({"name": "call me", "fields": [{"name": "email", "required": False}, "firstname"]})
    ada = forms.create("contacts", {"email": ADA})
    with pytest.raises(InvalidValues, match="Required field 'email' is missing"):
        forms.forms.submit("call me", {"firstname": "A"}, cookie=COOKIE)
    forms.tracking.identify(COOKIE, ada)
    assert forms.forms.submit("call me", {"firstname": "A"}, cookie=COOKIE) is ada


# -- companies ------------------------------------------------------------------------------------------------


def test_a_company_is_made(portal: Portal) -> None:
    """With the form's stage and the domain of the address, and the contact is its own (F8.17, F8.17.1)."""
    ada = submit(portal, company_fields={"name": "Acme"})
    (acme,) = companies(portal)
    assert (acme.get("domain"), acme.stage, ada.get("associatedcompanyid")) == (
        "acme.example",
        "subscriber",
        str(acme.id),
    )
    assert [entry.kind for entry in portal.why(acme, "lifecyclestage")] == ["form submitted", "created", "set"]


@pytest.mark.parametrize(
    ("fields", "changed"),
    [({"name": "N"}, "acme.example"), ({"name": "N", "domain": "bolt.example"}, "bolt.example")],
)
def test_a_company_that_is_there(portal: Portal, fields: dict[str, str], changed: str) -> None:
    """That of the domain, else the address's, gets the values and never moves back (F8.17, F8.17.1)."""
    for domain in ("acme.example", "bolt.example"):
        portal.create("companies", {"domain": domain, "lifecyclestage": "customer"})
    ada = submit(portal, company_fields=fields)
    (named,) = [one for one in companies(portal) if one.get("name") == "N"]
    assert (named.get("domain"), named.stage, ada.get("associatedcompanyid")) == (changed, "customer", str(named.id))


def test_the_setting_that_makes_companies_makes_no_second_one() -> None:
    """The submission changes the company that came with the contact (F8.17, W3.17)."""
    portal = portal_with(DEMO, settings={"company_by_domain": True})
    submit(portal, company_fields={"name": "Acme"})
    assert [one.get("name") for one in companies(portal)] == ["Acme"]


def test_a_company_without_a_name(portal: Portal) -> None:
    """It can't be made, and then nothing is (F8.12.1)."""
    with pytest.raises(InvalidValues) as caught:
        portal.forms.submit("demo", {"email": "ada@gmail.com"}, company_fields={"city": "Turku"}, is_trusted=True)
    assert [(problem.property, problem.code) for problem in caught.value.problems] == [("0-2/name", "REQUIRED_FIELD")]
    assert not len(portal.log)


def test_a_companys_own_stage_goes_before_the_forms(portal: Portal) -> None:
    """And alone it makes no company (F8.17.1, F4.7)."""
    submit(portal, company_fields={"lifecyclestage": "customer"})
    assert companies(portal) == []
    submit(portal, company_fields={"name": "Acme", "lifecyclestage": "lead"})
    submit(portal, company_fields={"lifecyclestage": "customer"})
    assert [one.stage for one in companies(portal)] == ["customer"]


# -- what it brings -------------------------------------------------------------------------------------------


def test_conversions(portal: Portal) -> None:
    """The first one stays, the latest one follows, and both numbers count (F8.16, F8.16.1, F8.16.2)."""
    start, guid = portal.clock.now, portal.forms.find("demo").guid
    ada = submit(portal, page="https://acme.example/pricing", page_title="Pricing")
    portal.clock.run_until(start + DAY)
    submit(portal)
    submit(portal, "news")
    names = ("first_conversion_event_name", "recent_conversion_event_name")
    assert [ada.get(name) for name in names] == ["Pricing: demo", "news"]
    assert [ada.get(f"{one}_conversion_date") for one in ("first", "recent")] == [iso(start), iso(start + DAY)]
    assert [ada.get(f"num_{one}conversion_events") for one in ("", "unique_")] == ["3", "2"]
    assert (ada.get("hs_calculated_form_submissions") or "").split(";")[0] == f"{guid}::{start}"


def test_a_list_of_those_who_converted_twice(portal: Portal) -> None:
    """It sees a submission that changes nothing else (F8.16)."""
    operation = {"operationType": "NUMBER", "operator": "IS_EQUAL_TO", "value": 2}
    filters = [{"filterType": "PROPERTY", "property": "num_conversion_events", "operation": operation}]
    inner = {"filterBranchType": "AND", "filterBranches": [], "filters": filters}
    branch = {"filterBranchType": "OR", "filterBranches": [inner], "filters": []}
    twice = portal.lists.create("Twice", portal.type("contacts"), "DYNAMIC", branch)
    ada = submit(portal)
    assert [*twice] == []
    submit(portal)
    assert [*twice] == [ada]


def test_a_submission_of_an_earlier_day(portal: Portal) -> None:
    """The conversion is of then, the values are of now (F8.10.1)."""
    then = portal.clock.now - DAY
    ada = portal.forms.receive(portal.forms.find("news"), Sent({"0-1": {"email": ADA}}, submitted=then))
    (one,) = portal.forms.submissions(portal.forms.find("news"))
    assert (one.moment, ada.get("first_conversion_date")) == (then, iso(then))
    assert ada.created == portal.clock.now


@pytest.mark.parametrize(
    ("consent", "subscribed"),
    [
        ({"kind": "legitimate_interest"}, "LEGITIMATE_INTEREST_PQL"),
        ({"kind": "explicit", "required": True}, "CONSENT_WITH_NOTICE"),
        ({"kind": "implicit"}, None),
    ],
)
def test_what_visitors_of_a_page_agree_to(consent: dict[str, Any], subscribed: str | None) -> None:
    """To what it requires or has an interest in, and to nothing else (F8.7, F8.7.2)."""
    subscription = "Marketing Information"
    portal = portal_with({"name": "demo", "consent": {**consent, "subscriptions": [subscription]}})
    submit(portal)
    marketing = next(one for one in portal.preferences if one.settings.name == subscription)
    assert portal.preferences.status(ADA, marketing).legal_basis == subscribed


def test_who_sees_a_form(portal: Portal) -> None:
    """Those whose browser is known; the story tells (F7.11.1)."""
    portal.forms.view("demo", cookie=COOKIE)
    assert not len(portal.log)
    ada = submit(portal, cookie=COOKIE)
    portal.forms.view("demo", cookie=COOKIE, page="https://acme.example/")
    portal.forms.interact("news", contact=ada)
    begun, seen = list(portal.log.timeline(ada))[:2]
    assert [line[21:] for line in portal.story([seen, begun])] == [
        f"form demo seen by contact {ada.id} ({ADA})",
        f"form news begun by contact {ada.id} ({ADA})",
    ]
    assert (seen.value.facts["hs_form_id"], seen.value.facts["hs_url"]) == (
        portal.forms.find("demo").guid,
        "https://acme.example/",
    )
    with pytest.raises(Refused, match="Somebody sees a form"):
        portal.forms.view("demo")
