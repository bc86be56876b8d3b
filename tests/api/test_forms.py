"""Forms over HTTP: submissions and definitions."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]
Submit = Callable[..., tuple[int, Any]]

FORMS = "/marketing/v3/forms"
SUBMIT = "/submissions/v3/integration/submit"
SECURE = "/submissions/v3/integration/secure/submit"
EMAIL = {"objectTypeId": "0-1", "name": "email", "value": "new@acme.example"}


@pytest.fixture
def account() -> Portal:
    """Portal 7 with two forms."""
    demo = {"name": "demo", "fields": ["email", "lifecyclestage", "hs_lead_status", "numemployees", "closedate"]}
    strict = [{"name": "email", "required": False}, {"name": "phone", "max_digits": 5}, "company.name", "fax", "zip"]
    forms = [
        {**demo, "contact_stage": "marketingqualifiedlead", "company_stage": "lead"},
        {"name": "news", "redirect": "https://acme.example/thanks"},
        {"name": "strict", "fields": strict, "blocked_domains": ["rival.example"], "blocks_free_email": True},
        {"name": "guarded", "recaptcha": True},
        {"name": "private", "consent": {"kind": "explicit", "subscriptions": ["One to One"], "required": True}},
    ]
    return Portal(Configuration.model_validate({"account": {"id": 7}, "forms": forms}))


@pytest.fixture
def submit(account: Portal) -> Submit:
    """`submit(field, …)` → status and body of an unauthenticated submission of the demo form."""

    def submit(*fields: Any, guid: str = "", portal: int = 7, **others: Any) -> tuple[int, Any]:
        path = f"{SUBMIT}/{portal}/{guid or account.forms.find('demo').guid}"
        body = orjson.dumps({"fields": fields, **others})
        response = Api(account).handle(Request("POST", path, "", {"content-type": "application/json"}, body))
        return response.status, orjson.loads(response.body)

    return submit


def field(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def contacts(account: Portal) -> list[Any]:
    return list(account.records[account.type("contacts")])


def test_a_submission(submit: Submit, account: Portal) -> None:
    """200 with the thanks, and a contact with the form's stage; no token is needed (W6.7.1, F4.2)."""
    assert submit(EMAIL) == (200, {"inlineMessage": "Thanks for submitting the form."})
    (contact,) = contacts(account)
    assert (contact.get("email"), contact.stage) == ("new@acme.example", "marketingqualifiedlead")


def test_a_redirect(submit: Submit, account: Portal) -> None:
    """Where the form has one (W6.7.1)."""
    guid = account.forms.find("news").guid
    assert submit(EMAIL, guid=guid) == (200, {"redirectUri": "https://acme.example/thanks"})


def test_nothing_to_submit_to(submit: Submit, account: Portal) -> None:
    """Another portal, another form: 404 (W6.7.1)."""
    for where in ({"portal": 8}, {"guid": "demo"}, {"guid": "8f102893-45a6-4b11-818f-b475f7223a1f"}):
        assert submit(EMAIL, **where)[0] == 404
    assert contacts(account) == []


def test_the_shape_of_an_error(submit: Submit) -> None:
    """In HubSpot's order, without a category (W6.7.2)."""
    status, body = submit()
    assert (status, list(body)) == (400, ["status", "message", "correlationId", "errors"])
    assert body["message"] == "The request is not valid"
    assert body["errors"] == [
        {"message": "Error in 'fields.email'. Required field 'email' is missing", "errorType": "REQUIRED_FIELD"}
    ]


@pytest.mark.parametrize(
    ("fields", "others", "error"),
    [
        ([field("email", "nobody")], {}, "INVALID_EMAIL"),
        ([EMAIL, field("nope", "1")], {}, "FIELD_NOT_IN_FORM_DEFINITION"),
        ([EMAIL, {**field("name", "Acme"), "objectTypeId": "0-2"}], {}, "FIELD_NOT_IN_FORM_DEFINITION"),
        ([EMAIL, field("lifecyclestage", "nonsense")], {}, "VALUE_NOT_IN_FIELD_DEFINITION"),
        ([EMAIL, field("closedate", "tomorrow")], {}, "VALUE_NOT_IN_FIELD_DEFINITION"),
        ([EMAIL, field("lifecyclestage", "x" * 70_000)], {}, "INPUT_TOO_LARGE"),
        ([EMAIL] * 1001, {}, "MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED"),
        ([EMAIL], {"context": {"ipAddress": "home"}}, "INVALID_IP_ADDRESS"),
        ([EMAIL], {"context": {"hutk": "x"}}, "INVALID_HUTK"),
        ([EMAIL], {"context": {"pageUri": "a b"}}, "INVALID_PAGE_URI"),
        ([EMAIL], {"context": {"pageUrl": "https://a.example"}}, "INVALID_METADATA"),
        ([EMAIL], {"context": {"goToWebinarWebinarKey": "x"}}, "INVALID_GOTOWEBINAR_WEBINAR_KEY"),
        ([EMAIL, field("phone", "123456")], {"form": "strict"}, "NUMBER_OUT_OF_RANGE"),
        ([field("email", "a@rival.example")], {"form": "strict"}, "BLOCKED_EMAIL"),
        ([field("email", "a@gmail.com")], {"form": "strict"}, "BLOCKED_EMAIL"),
        ([field("fax", "1")], {"form": "strict"}, "REQUIRED_FIELD"),
        ([EMAIL], {"form": "guarded"}, "FORM_HAS_RECAPTCHA_ENABLED"),
        ([EMAIL, {**field("name", "Acme"), "objectTypeId": "0-999"}], {}, "FIELD_NOT_IN_FORM_DEFINITION"),
    ],
)
def test_submissions_that_are_not_valid(
    submit: Submit, account: Portal, fields: list[Any], others: dict[str, Any], error: str
) -> None:
    """400 with HubSpot's error type, and nothing is left behind (W6.7.2, F8.12, F8.12.2, F8.14.3)."""
    guid = account.forms.find(others.pop("form", "demo")).guid
    status, body = submit(*fields, guid=guid, **others)
    assert (status, [problem["errorType"] for problem in body["errors"]]) == (400, [error])
    assert contacts(account) == []


def test_a_number_that_is_none(call: Call, account: Portal) -> None:
    """Has an error type of its own, and is named after its object (F8.12, F8.12.1)."""
    guid = account.forms.find("strict").guid
    fields = [EMAIL, *({**field(name, "x"), "objectTypeId": "0-2"} for name in ("name", "numberofemployees"))]
    assert call("POST", f"{SECURE}/7/{guid}", {"fields": fields})[1]["errors"] == [
        {"message": "Error in 'fields.0-2/numberofemployees'. x was not a valid number", "errorType": "INVALID_NUMBER"}
    ]
    assert contacts(account) == []


def test_values_of_a_company(submit: Submit, account: Portal) -> None:
    """They make one, and the list of submissions tells whose they are (F8.17, W6.7.7)."""
    guid = account.forms.find("strict").guid
    assert submit(EMAIL, {**field("name", "Acme"), "objectTypeId": "0-2"}, guid=guid)[0] == 200
    (acme,) = account.records[account.type("companies")]
    assert (acme.get("name"), acme.get("num_associated_contacts")) == ("Acme", "1")
    (one,) = account.forms.submissions(account.forms.find("strict"))
    assert dict(one.filled) == {"0-1": {"email": "new@acme.example"}, "0-2": {"name": "Acme"}}


def test_skipping_the_forms_rules(submit: Submit, account: Portal) -> None:
    """`skipValidation`: the properties' own rules stay (F8.10)."""
    guid = account.forms.find("strict").guid
    assert submit(field("email", "a@gmail.com"), guid=guid, skipValidation=True)[0] == 200
    assert submit(field("email", "nobody"), guid=guid, skipValidation=True)[0] == 400


def test_when_and_where(submit: Submit, account: Portal) -> None:
    """The browser, the page and the moment, unless that is to come (F8.10, F8.10.1, F8.16.1)."""
    context = {"hutk": "0" * 32, "pageUri": "https://a.example/", "pageName": "Pricing"}
    then = account.clock.now - 1000
    submit(EMAIL, context=context, submittedAt=then)
    submit(field("email", "b@acme.example"), context=context, submittedAt=str(then + 10_000))
    (contact,) = contacts(account)
    assert (contact.get("email"), contact.get("recent_conversion_event_name")) == ("b@acme.example", "Pricing: demo")
    moments = [one.moment for one in account.forms.submissions(account.forms.find("demo"))]
    assert moments == [account.clock.now, then]


def test_a_form_that_asks_for_consent(submit: Submit, account: Portal) -> None:
    """It is refused without it, and without the subscription that it requires (F8.7, F8.7.1)."""
    guid, one = account.forms.find("private").guid, list(account.preferences)[2]

    def errors(options: Any) -> list[str]:
        body = submit(EMAIL, guid=guid, **({} if options is None else {"legalConsentOptions": options}))[1]
        return [problem["errorType"] for problem in body.get("errors", ())]

    agreed = {"consentToProcess": True, "text": "Yes"}
    ticked = {"value": True, "subscriptionTypeId": one.id, "text": "Write to me"}
    assert errors(None) == ["MISSING_PROCESSING_CONSENT", "REQUIRED_FIELD"]
    assert errors({"consent": {**agreed, "consentToProcess": False}}) == ["MISSING_PROCESSING_CONSENT"]
    assert errors({"consent": agreed}) == ["REQUIRED_FIELD"]
    assert contacts(account) == []
    assert errors({"consent": {**agreed, "communications": [ticked]}}) == []
    assert account.preferences.status("new@acme.example", one).state == "SUBSCRIBED"


def test_a_companys_stage_sent_along(submit: Submit, account: Portal) -> None:
    """It does nothing, the contact's stage counts (F4.7)."""
    stages = [{**field("lifecyclestage", "customer"), "objectTypeId": id} for id in ("0-1", "0-2")]
    assert submit(EMAIL, *stages)[0] == 200
    assert [contact.stage for contact in contacts(account)] == ["customer"]


def test_a_secure_submission(call: Call, account: Portal) -> None:
    """With a token any property will do, at the token's own portal (W6.7.4)."""
    guid = account.forms.find("demo").guid
    body = {"fields": [EMAIL, field("jobtitle", "CTO")]}
    assert [call("POST", f"{SECURE}/{portal}/{guid}", body)[0] for portal in (7, 8)] == [200, 404]
    assert [contact.get("jobtitle") for contact in contacts(account)] == ["CTO"]
    path = f"{SECURE}/7/{guid}"
    assert Api(account).handle(Request("POST", path, body=orjson.dumps(body))).status == 401


def test_consent_subscribes(submit: Submit, account: Portal) -> None:
    """To what was agreed to, with the words (W6.7.5)."""
    marketing, service, _ = account.preferences
    consent = {
        "consentToProcess": True,
        "text": "Yes",
        "communications": [{"value": True, "subscriptionTypeId": marketing.id, "text": "News"}],
    }
    interest = {"value": True, "subscriptionTypeId": service.id, "legalBasis": "CUSTOMER", "text": "As a customer"}
    submit(EMAIL, legalConsentOptions={"consent": consent, "legitimateInterest": interest})
    statuses = [account.preferences.status("new@acme.example", one) for one in (marketing, service)]
    assert [(one.state, one.legal_basis, one.explanation) for one in statuses] == [
        ("SUBSCRIBED", "CONSENT_WITH_NOTICE", "News"),
        ("SUBSCRIBED", "LEGITIMATE_INTEREST_CLIENT", "As a customer"),
    ]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"consent": {"consentToProcess": True}}, "MISSING_PROCESSING_CONSENT_TEXT"),
        ({"consent": {"communications": [{"value": True}]}}, "MISSING_COMMUNICATION_CONSENT_TEXT"),
        ({"consent": {"communications": [{"text": "x", "subscriptionTypeId": 7}]}}, "INVALID_LEGAL_OPTION_FORMAT"),
        ({"legitimateInterest": {"value": True}}, "MISSING_LEGITIMATE_INTEREST_TEXT"),
        (
            {"consent": {"communications": [{"value": True, "text": "x", "subscriptionTypeId": 30_000_001}] * 2}},
            "DUPLICATE_SUBSCRIPTION_TYPE_ID",
        ),
    ],
)
def test_consent_that_is_not_valid(submit: Submit, account: Portal, options: dict[str, Any], error: str) -> None:
    """Refuses the submission (W6.7.5)."""
    _, body = submit(EMAIL, legalConsentOptions=options)
    assert [problem["errorType"] for problem in body["errors"]] == [error]
    assert contacts(account) == []


def test_browsers_may_submit(account: Portal) -> None:
    """From any page: before and as they do (W6.7.6)."""
    path = f"{SUBMIT}/7/{account.forms.find('demo').guid}"
    for method, status in (("OPTIONS", 204), ("POST", 200)):
        body = b"" if method == "OPTIONS" else orjson.dumps({"fields": [EMAIL]})
        response = Api(account).handle(Request(method, path, body=body))
        assert (response.status, dict(response.headers)["access-control-allow-origin"]) == (status, "*")


def test_definitions(call: Call, account: Portal) -> None:
    """In pages, with the stages and the kinds of fields (W6.7.3, F4.5)."""
    _, page = call("GET", FORMS, None, "limit=1")
    _, rest = call("GET", FORMS, None, f"after={page['paging']['next']['after'].replace('=', '%3D')}")
    names = [form["name"] for form in page["results"] + rest["results"]]
    assert (names, "paging" in rest) == ([form.name for form in account.forms], False)
    (demo,) = page["results"]
    fields = [group["fields"][0] for group in demo["fieldGroups"]]
    assert [field["fieldType"] for field in fields] == ["email", "radio", "radio", "dropdown", "datepicker"]
    assert demo["configuration"]["lifecycleStages"][0] == {"objectTypeId": "0-1", "value": "marketingqualifiedlead"}
    assert call("GET", f"{FORMS}/{demo['id']}")[1] == demo
    assert call("GET", f"/marketing/forms/2026-09-beta/{demo['id']}")[1] == demo


def test_definitions_that_are_not_there(call: Call) -> None:
    """By name or another id: 404; pages that nobody gave out: 400 (W6.7.3)."""
    assert [call("GET", f"{FORMS}/{id}")[0] for id in ("demo", "x")] == [404, 404]
    assert [call("GET", FORMS, None, f"after={text}")[0] for text in ("x", "%C3%A9", "OTk5OTk5OTk5OTk5")] == [400] * 3
    assert call("GET", FORMS, None, "archived=true")[1] == {"results": []}


KEYS = st.sampled_from(
    ["name", "value", "objectTypeId", "hutk", "ipAddress", "consent", "communications", "text", "legitimateInterest"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(fields=st.lists(JSON, max_size=3), context=JSON, options=JSON)
def test_no_submission_breaks_the_server(submit: Submit, fields: list[Any], context: Any, options: Any) -> None:
    """Whatever is sent, no 5xx (W2.7.9)."""
    assert submit(*fields, context=context, legalConsentOptions=options)[0] < 500
    assert submit(EMAIL, *fields)[0] < 500
