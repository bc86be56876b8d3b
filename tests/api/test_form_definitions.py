"""Definitions of forms over HTTP: made, changed and deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.moments import DAY, iso
from hubtwin.portal.uses import of_stage

Call = Callable[..., tuple[int, Any]]

FORMS = "/marketing/v3/forms"
SECURE = "/submissions/v3/integration/secure/submit/1"
EMAIL: dict[str, Any] = {
    "objectTypeId": "0-1",
    "name": "email",
    "label": "Email",
    "required": True,
    "hidden": False,
    "fieldType": "email",
    "validation": {"blockedEmailDomains": ["rival.example"], "useDefaultBlockList": False},
}
STAGES = [{"objectTypeId": "0-1", "value": "salesqualifiedlead"}, {"objectTypeId": "0-2", "value": "lead"}]
INTEREST = {"type": "legitimate_interest"}


def text(name: str, **others: Any) -> dict[str, Any]:
    field = {"objectTypeId": "0-1", "name": name, "label": name, "required": False, "hidden": False}
    return {**field, "fieldType": "single_line_text", **others}


def form(*fields: dict[str, Any], name: str = "Demo", stages: Any = (), **others: Any) -> dict[str, Any]:
    """A form as a client makes it, with all fields in one group."""
    return {
        "formType": "hubspot",
        "name": name,
        "archived": False,
        "createdAt": "2020-01-01T00:00:00Z",
        "updatedAt": "2020-01-01T00:00:00Z",
        "fieldGroups": [{"groupType": "default_group", "richTextType": "text", "fields": [EMAIL, *fields]}],
        "configuration": {
            "language": "fi",
            "cloneable": True,
            "editable": True,
            "archivable": True,
            "recaptchaEnabled": False,
            "notifyContactOwner": True,
            "notifyRecipients": ["7"],
            "createNewContactForNewEmail": False,
            "prePopulateKnownValues": True,
            "allowLinkToResetKnownValues": False,
            "lifecycleStages": list(stages),
            "postSubmitAction": {"type": "redirect_url", "value": "https://acme.example/"},
            "embedType": "V4",
        },
        "displayOptions": {
            "renderRawHtml": True,
            "theme": "canvas",
            "submitButtonText": "Go",
            "cssClass": "x",
            "style": {"submitColor": "#f70"},
        },
        "legalConsentOptions": {"type": "none"},
        **others,
    }


@pytest.fixture
def account() -> Portal:
    """A portal with a form of former years, which asks for the stage."""
    return Portal(Configuration.model_validate({"forms": [{"name": "old", "fields": ["email", "lifecyclestage"]}]}))


def test_a_form_is_made(call: Call, account: Portal) -> None:
    """201, and it is given back as it was told, but for the dates, which are true (F8.1, F8.2, F8.8)."""
    told = form(text("firstname", placeholder="First"), stages=STAGES)
    status, made = call("POST", FORMS, told)
    own = {"id": made["id"], **{name: iso(account.clock.now) for name in ("createdAt", "updatedAt")}}
    assert (status, made) == (201, {**told, **own})
    for path in (FORMS, "/marketing/forms/2026-09-beta"):
        assert call("GET", f"{path}/{made['id']}") == (200, made)
    assert [one["name"] for one in call("GET", FORMS)[1]["results"]] == ["old", "Demo"]


def test_a_form_that_was_made_is_submitted(call: Call, account: Portal) -> None:
    """With its stages, fields and rules; the stage names it among its uses (F8.1, F4.2, F4.5)."""
    id = call("POST", FORMS, form(stages=STAGES))[1]["id"]
    fields = [{"name": "email", "value": "ada@acme.example"}]
    assert call("POST", f"{SECURE}/{id}", {"fields": fields}) == (200, {"redirectUri": "https://acme.example/"})
    assert account.find("contacts", 1001).stage == "salesqualifiedlead"
    assert [(use.asset, use.rule) for use in of_stage(account, "salesqualifiedlead")] == [
        ("form Demo", f"{id}.contact_stage")
    ]
    blocked = call("POST", f"{SECURE}/{id}", {"fields": [{"name": "email", "value": "x@rival.example"}]})
    assert blocked[1]["errors"][0]["errorType"] == "BLOCKED_EMAIL"


def wrong_field(**changes: Any) -> dict[str, Any]:
    return form({**text("city"), **changes})


def configured(**changes: Any) -> dict[str, Any]:
    told = form()
    return {**told, "configuration": {**told["configuration"], **changes}}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (form(text("lifecyclestage")), "the field lifecyclestage has to go"),
        (form(stages=STAGES[:1]), "needs one stage of 0-1 and one of 0-2"),
        (form(stages=[STAGES[0], STAGES[0]]), "needs one stage of 0-1 and one of 0-2"),
        (form(stages=[STAGES[0], {"objectTypeId": "0-2", "value": "leed"}]), "did you mean 'lead'?"),
        (wrong_field(name="citi"), "contacts have no property 'citi'; did you mean 'city'?"),
        (wrong_field(name="num_conversion_events"), "nobody can fill it in"),
        (wrong_field(name="email"), "is there twice"),
        (wrong_field(objectTypeId="contacts"), "needs the objectTypeId '0-1'"),
        (wrong_field(objectTypeId="0-999"), "0-999"),
        (wrong_field(fieldType="slider"), "fieldGroups.0.fields.1.fieldType"),
        (wrong_field(fieldType="dropdown"), "needs options"),
        (wrong_field(fieldType="phone"), "needs validation"),
        (wrong_field(validation={}), "has no validation"),
        (wrong_field(required=None), "fieldGroups.0.fields.1.required"),
        (form(text("city"), text("state"), text("zip")), "fieldGroups.0.fields"),
        (form(legalConsentOptions={"type": "some"}), "legalConsentOptions.type"),
        (
            form(legalConsentOptions={**INTEREST, "lawfulBasis": "lead", "subscriptionTypeIds": [7]}),
            "no subscription type is called '7'",
        ),
        (form(legalConsentOptions=INTEREST), "needs lawfulBasis"),
        (configured(postSubmitAction={"type": "dance", "value": ""}), "configuration.postSubmitAction.type"),
        (configured(language=None), "configuration.language"),
        ({**form(), "displayOptions": "pretty"}, "displayOptions"),
    ],
)  # fmt: skip
def test_forms_that_are_not_valid(call: Call, told: dict[str, Any], words: str) -> None:
    """400, and none is made (F4.5, F4.6, F8.3, F8.4.1, F8.5, F8.5.2, F8.7)."""
    status, body = call("POST", FORMS, told)
    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    assert words in body["message"]
    assert len(call("GET", FORMS)[1]["results"]) == 1


def test_what_a_new_form_needs(call: Call) -> None:
    """Its creation date too, though the portal has its own (F8.2.1)."""
    for name in ("formType", "name", "createdAt", "fieldGroups", "configuration", "displayOptions"):
        status, body = call("POST", FORMS, {key: value for key, value in form().items() if key != name})
        assert (status, name in body["message"]) == (400, True)
    assert call("POST", FORMS, {**form(), "legalConsentOptions": None})[0] == 201


def test_a_name_that_is_taken(call: Call) -> None:
    """409; a form keeps its own, and a deleted one's is free (F8.2.2)."""
    id = call("POST", FORMS, form())[1]["id"]
    assert [call("POST", FORMS, form(name=name))[0] for name in ("Demo", "old")] == [409, 409]
    assert call("PATCH", f"{FORMS}/{id}", {"name": "old"})[0] == 409
    assert call("PATCH", f"{FORMS}/{id}", {"name": "Demo"})[0] == 200
    call("DELETE", f"{FORMS}/{id}")
    assert call("POST", FORMS, form())[1]["id"] != id


def test_a_form_is_changed(call: Call, account: Portal) -> None:
    """By its members or as a whole; the date of the change is true, the form's id stays (F8.1, F8.2)."""
    made = call("POST", FORMS, form(text("city")))[1]
    account.clock.run_until(account.clock.now + DAY)
    changed = call("PATCH", f"{FORMS}/{made['id']}", {"name": "Trial", "archived": False})[1]
    assert changed == {**made, "name": "Trial", "updatedAt": iso(account.clock.now)}
    told = form(name="Whole")
    whole = call("PUT", f"{FORMS}/{made['id']}", {**told, "id": "x"})[1]
    dates = {name: changed[name] for name in ("id", "createdAt", "updatedAt")}
    assert whole == {**told, **dates}
    assert account.forms.find("Whole").contact_fields == ("email",)


def test_a_change_that_is_not_valid(call: Call) -> None:
    """400, and the form stays (F4.5, F4.6)."""
    made = call("POST", FORMS, form())[1]
    path = f"{FORMS}/{made['id']}"
    assert call("PATCH", path, {"fieldGroups": form(text("lifecyclestage"))["fieldGroups"]})[0] == 400
    assert call("PUT", path, form(stages=STAGES[1:]))[0] == 400
    assert call("PUT", path, {"name": "x"})[0] == 400
    assert call("GET", path)[1] == made


def test_a_form_of_former_years(call: Call, account: Portal) -> None:
    """It works, and can't be changed until the field is gone (F4.6, F4.9)."""
    (old,) = call("GET", FORMS)[1]["results"]
    path = f"{FORMS}/{old['id']}"
    assert account.forms.submit("old", {"email": "a@b.example", "lifecyclestage": "customer"}).stage == "customer"
    assert call("PATCH", path, {"name": "older"})[0] == 400
    assert call("PATCH", path, {"name": "older", "fieldGroups": form()["fieldGroups"]})[0] == 200
    assert call("PATCH", path, {"name": "oldest"})[0] == 200


def test_a_form_is_deleted(call: Call, account: Portal) -> None:
    """204; only `archived=true` shows it, nobody can submit it, and what it took stays (F8.1, F8.1.1)."""
    account.forms.submit("old", {"email": "a@b.example"})
    form = account.forms.find("old")
    path, submission = f"{FORMS}/{form.guid}", {"fields": [{"name": "email", "value": "c@d.example"}]}
    assert call("DELETE", path)[0] == 204
    assert [call("GET", path)[0], call("DELETE", path)[0], call("PATCH", path, {})[0]] == [404, 404, 404]
    assert call("POST", f"{SECURE}/{form.guid}", submission)[0] == 404
    archived = call("GET", path, None, "archived=true")[1]
    assert (archived["archived"], archived["archivedAt"]) == (True, iso(account.clock.now))
    assert call("GET", FORMS, None, "archived=true")[1] == {"results": [archived]}
    assert call("GET", FORMS)[1] == {"results": []}
    assert len(list(account.forms.submissions(form))) == 1
    assert list(account.forms.uses()) == []


def test_archiving_by_a_change(call: Call) -> None:
    """`archived: true` in a PATCH is a deletion (F8.1.1)."""
    id = call("POST", FORMS, form())[1]["id"]
    assert call("PATCH", f"{FORMS}/{id}", {"archived": True})[0] == 200
    assert call("GET", f"{FORMS}/{id}")[0] == 404


def test_types_of_forms(call: Call) -> None:
    """There is one (F8.1)."""
    counts = [len(call("GET", FORMS, None, f"formTypes={types}")[1]["results"]) for types in ("hubspot", "captured")]
    assert counts == [1, 0]


def test_progressive_groups_stay(call: Call, account: Portal) -> None:
    """They are given back, and their fields can be filled in (F8.4)."""
    told = form()
    group = {"groupType": "progressive", "richTextType": "image", "richText": "<img>", "fields": [text("city")]}
    made = call("POST", FORMS, {**told, "fieldGroups": [*told["fieldGroups"], group]})[1]
    assert made["fieldGroups"][1] == group
    assert account.forms.submit("Demo", {"email": "a@b.example", "city": "Turku"}).get("city") == "Turku"


KEYS = st.sampled_from([*form(), *form()["configuration"], *EMAIL, "dependentFields", "dependentField", "options"])
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(sorted(form())), value=JSON)
def test_no_definition_breaks_the_server(call: Call, name: str, value: Any) -> None:
    """Whatever is sent, no 5xx (W2.7.9)."""
    assert call("POST", FORMS, {**form(name="y"), name: value})[0] < 500
    for one in call("GET", FORMS)[1]["results"]:
        assert call("PATCH", f"{FORMS}/{one['id']}", {name: value})[0] < 500
    assert call("GET", "/forms/v2/forms")[0] == 200
