"""Forms, version 2: definitions, and submissions of web pages."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request, Response
from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]
Upload = Callable[..., Response]

FORMS = "/forms/v2/forms"
STAGES = [
    {"referenceType": "PIPELINE_STAGE", "objectTypeId": "0-1", "propertyName": "lifecyclestage", "id": "customer"},
    {"referenceType": "PIPELINE_STAGE", "objectTypeId": "0-2", "propertyName": "lifecyclestage", "id": "lead"},
]
TOLD: dict[str, Any] = {
    "name": "Demo",
    "submitText": "Go",
    "inlineMessage": "Thanks!",
    "themeName": "canvas",
    "selectedExternalOptions": STAGES,
    "formFieldGroups": [
        {"fields": [{"name": "email", "label": "E-mail", "fieldType": "text", "required": True}]},
        {
            "fields": [
                {
                    "name": "numemployees",
                    "fieldType": "select",
                    "unselectedLabel": "How many?",
                    "dependentFieldFilters": [
                        {
                            "filters": [{"operator": "EQ", "strValue": "1000+"}],
                            "dependentFormField": {"name": "city", "fieldType": "text", "required": True},
                            "formFieldAction": "DISPLAY",
                        }
                    ],
                }
            ]
        },
    ],
}


@pytest.fixture
def account() -> Portal:
    """A portal with two forms."""
    forms = [{"name": "news", "blocked_domains": ["rival.example"]}, {"name": "led", "redirect": "https://a.example/"}]
    return Portal(Configuration.model_validate({"forms": forms}))


def changed(**changes: Any) -> dict[str, Any]:
    return {**TOLD, **changes}


def test_a_form_is_made(call: Call, account: Portal) -> None:
    """Its stages are options beside the fields; what else it was told stays (F4.4, F8.2, W12.9.13)."""
    status, made = call("POST", FORMS, TOLD)
    assert (status, made["selectedExternalOptions"], made["themeName"]) == (200, STAGES, "canvas")
    fields = [group["fields"][0] for group in made["formFieldGroups"]]
    assert [(field["name"], field["fieldType"], field["required"]) for field in fields] == [
        ("email", "text", True),
        ("numemployees", "select", False),
    ]
    (dependent,) = fields[1]["dependentFieldFilters"]
    assert (fields[1]["unselectedLabel"], dependent["filters"][0]["operator"]) == ("How many?", "EQ")
    assert call("GET", f"{FORMS}/{made['guid']}") == (200, made)
    newer = call("GET", f"/marketing/v3/forms/{made['guid']}")[1]
    assert [stage["value"] for stage in newer["configuration"]["lifecycleStages"]] == ["customer", "lead"]
    assert account.forms.submit("Demo", {"email": "a@b.example"}).stage == "customer"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (changed(selectedExternalOptions=STAGES[:1]), 400),
        (changed(formFieldGroups=[{"fields": [{"name": "lifecyclestage", "fieldType": "radio"}]}]), 400),
        (changed(formFieldGroups=[{"fields": [{"name": "email", "fieldType": "slider"}, {"name": "nope"}]}]), 400),
        (changed(formFieldGroups=[{"fields": [{"fieldType": "text"}]}]), 400),
        (changed(formFieldGroups="x"), 400),
        (changed(name="news"), 409),
        ({}, 400),
    ],
)
def test_forms_that_are_not_valid(call: Call, told: dict[str, Any], status: int) -> None:
    """None is made (F4.4, F4.5, F8.2.2)."""
    assert call("POST", FORMS, told)[0] == status
    assert len(call("GET", FORMS)[1]) == 2


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_form_is_changed(call: Call, method: str) -> None:
    """What is not sent stays (F8.1, W12.9.13)."""
    made = call("POST", FORMS, TOLD)[1]
    path = f"{FORMS}/{made['guid']}"
    assert call(method, path, {"redirect": "https://b.example/", "cssClass": "y"})[0] == 200
    form = call("GET", path)[1]
    assert (form["redirect"], form["inlineMessage"], form["cssClass"]) == ("https://b.example/", "", "y")
    assert form["formFieldGroups"] == made["formFieldGroups"]
    assert call(method, path, {"selectedExternalOptions": STAGES[1:]})[0] == 400


def test_a_form_is_deleted(call: Call) -> None:
    """204, and it is gone (F8.1.1)."""
    guid = call("POST", FORMS, TOLD)[1]["guid"]
    assert [call("DELETE", f"{FORMS}/{guid}")[0], call("GET", f"{FORMS}/{guid}")[0]] == [204, 404]


KEYS = st.sampled_from(
    [*TOLD, "fields", "dependentFieldFilters", "filters", "dependentFormField", "validation", "data"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(sorted(TOLD)), value=JSON)
def test_no_definition_breaks_the_server(call: Call, name: str, value: Any) -> None:
    """Whatever is sent, no 5xx (W2.7.9)."""
    assert call("POST", FORMS, {**TOLD, name: value})[0] < 500
    for form in call("GET", FORMS)[1]:
        assert call("PUT", f"{FORMS}/{form['guid']}", {name: value})[0] < 500
    assert call("GET", "/marketing/v3/forms")[0] == 200


# -- submissions ----------------------------------------------------------------------------------------------


@pytest.fixture
def upload(account: Portal) -> Upload:
    """`upload(form, fields, context)` → the answer to a web page's submission."""

    def upload(form: str, context: Any = None, *, portal: int = 1, query: str = "", **fields: str) -> Response:
        guid = next((one.guid for one in account.forms if one.name == form), form)
        told = fields if context is None else {**fields, "hs_context": context}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        path = f"/uploads/form/v2/{portal}/{guid}"
        return Api(account).handle(Request("POST", path, query, headers, urlencode(told).encode()))

    return upload


def test_a_submission(upload: Upload, account: Portal) -> None:
    """204; what the form doesn't ask for is left out, the browser becomes known (F8.13, F8.13.1, F8.14)."""
    cookie = "0" * 32
    context = orjson.dumps({"hutk": cookie, "pageUrl": "https://a.example/p", "pageName": "Pricing"}).decode()
    response = upload("news", context, email="x@rival.example", firstname="Ada", nonsense="1")
    assert (response.status, response.body) == (204, b"")
    (ada,) = account.records[account.type("contacts")]
    assert (ada.get("firstname"), ada.get("recent_conversion_event_name")) == ("Ada", "Pricing: news")
    assert account.tracking.contact(cookie) is ada


def test_redirects(upload: Upload) -> None:
    """302 to where the context leads, or the form (F8.13)."""
    own = upload("led", email="a@b.example")
    told = upload("led", orjson.dumps({"redirectUrl": "https://b.example/"}).decode(), email="a@b.example")
    assert [(one.status, dict(one.headers)["location"]) for one in (own, told)] == [
        (302, "https://a.example/"),
        (302, "https://b.example/"),
    ]
    assert upload("news", orjson.dumps({"redirectUrl": "no\r\nlink"}).decode(), email="a@b.example").status == 204


def test_fields_in_the_address(upload: Upload, account: Portal) -> None:
    """They are as good as those in the body (F8.13)."""
    assert upload("news", query="email=a%40b.example").status == 204
    assert [one.get("email") for one in account.records[account.type("contacts")]] == ["a@b.example"]


def test_fields_in_parts(account: Portal) -> None:
    """Browsers send forms so, too (F8.13)."""
    part = b'--x\r\ncontent-disposition: form-data; name="email"\r\n\r\na@b.example\r\n--x--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    path = f"/uploads/form/v2/1/{account.forms.find('news').guid}"
    assert Api(account).handle(Request("POST", path, "", headers, part)).status == 204
    assert [one.get("email") for one in account.records[account.type("contacts")]] == ["a@b.example"]


def test_submissions_that_are_not_taken(upload: Upload, account: Portal) -> None:
    """Another form or portal 404; no address, or a context that is no JSON, 400 (F8.13)."""
    assert [upload(form, email="a@b.example").status for form in ("nope", "news ")] == [404, 404]
    assert upload("news", portal=2, email="a@b.example").status == 404
    assert [upload("news").status, upload("news", email="nobody").status] == [400, 400]
    assert [upload("news", text, email="a@b.example").status for text in ("{", "[]")] == [400, 400]
    assert not len(account.log)
