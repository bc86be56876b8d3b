"""Timeline events and templates over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

TEMPLATES = "/integrators/timeline/v3/42/event-templates"
KEY = "hapikey=developer"
EVENTS = "/integrators/timeline/v3/events"
TEMPLATE = {
    "name": "Webinar",
    "objectType": "contacts",
    "headerTemplate": "Registered for {{title}}",
    "tokens": [
        {"name": "title", "label": "Title", "type": "string"},
        {"name": "job", "label": "Job", "type": "string", "objectPropertyName": "jobtitle"},
    ],
}


@pytest.fixture
def template(call: Call) -> str:
    """The id of a template of app 42."""
    status, made = call("POST", TEMPLATES, TEMPLATE, KEY)
    assert (status, made["name"]) == (201, "Webinar")
    return str(made["id"])


def test_templates(call: Call, template: str) -> None:
    """Listed by app, replaced, deleted (W6.8.7)."""
    assert [row["id"] for row in call("GET", TEMPLATES, None, KEY)[1]["results"]] == [template]
    assert call("GET", TEMPLATES.replace("42", "43"), None, KEY)[1]["results"] == []
    changed = {"name": "Workshop", "tokens": [{"name": "room", "label": "Room", "type": "number"}]}
    assert call("PUT", f"{TEMPLATES}/{template}", changed, KEY)[1]["tokens"][0]["name"] == "room"
    assert call("DELETE", f"{TEMPLATES}/{template}", None, KEY)[0] == 204
    assert call("GET", f"{TEMPLATES}/{template}", None, KEY)[0] == 404


def test_templates_are_for_developers(call: Call, template: str) -> None:
    """A token of an account is not enough (W6.8.7)."""
    for method, path, body in (
        ("GET", TEMPLATES, None),
        ("POST", TEMPLATES, TEMPLATE),
        ("GET", f"{TEMPLATES}/{template}", None),
        ("PUT", f"{TEMPLATES}/{template}", TEMPLATE),
        ("DELETE", f"{TEMPLATES}/{template}", None),
    ):
        status, answered = call(method, path, body)
        assert (status, answered["message"].partition(". ")[0]) == (
            401,
            "This API can't be called using an OAuth access token",
        )


def test_an_event_in_a_timeline(call: Call, account: Portal, template: str) -> None:
    """201; its token is written to the property, and the timeline shows it (W6.8.8)."""
    contact = account.create("contacts", {"email": "ada@acme.example"})
    event = {
        "eventTemplateId": template,
        "email": "ada@acme.example",
        "id": "e1",
        "tokens": {"title": "Twins", "job": "CTO"},
        "extraData": {"seats": [1]},
    }
    status, made = call("POST", EVENTS, event)
    assert (status, made["objectId"], made["tokens"]["title"]) == (201, str(contact.id), "Twins")
    assert call("GET", f"{EVENTS}/{template}/e1")[1] == made
    assert [entry.kind for entry in account.why(contact, "jobtitle")] == ["timeline event", "set"]


def test_an_event_with_the_same_id(call: Call, account: Portal, template: str) -> None:
    """It replaces the other (W6.8.8)."""
    account.create("contacts", {"email": "ada@acme.example"})
    for title in ("Twins", "Triplets"):
        event = {"eventTemplateId": template, "email": "ada@acme.example", "id": "e1", "tokens": {"title": title}}
        call("POST", EVENTS, event)
    assert call("GET", f"{EVENTS}/{template}/e1")[1]["tokens"] == {"title": "Triplets"}


def test_an_event_makes_a_contact(call: Call, account: Portal, template: str) -> None:
    """For an address that nobody has (W6.8.9)."""
    event = {"eventTemplateId": template, "email": "new@acme.example", "tokens": {"job": "CTO"}}
    status, body = call("POST", f"{EVENTS}/batch/create", {"inputs": [event, event]})
    assert len({row["objectId"] for row in body["results"]}) == 1
    contact = account.find("contacts", body["results"][0]["objectId"])
    assert (status, contact.get("jobtitle"), contact.stage) == (201, "CTO", "lead")


@pytest.mark.parametrize(
    "change",
    [
        {"tokens": None},
        {"tokens": [{"name": "a", "label": "A", "type": "butterfly"}]},
        {"tokens": [{"name": "a", "label": "A", "type": "string", "objectPropertyName": "nope"}]},
        {"objectType": "butterfly"},
    ],
)
def test_templates_that_cannot_be(call: Call, change: dict[str, Any]) -> None:
    """400, and there is none (W6.8.7)."""
    assert call("POST", TEMPLATES, {**TEMPLATE, **change}, KEY)[0] == 400
    assert call("GET", TEMPLATES, None, KEY)[1]["results"] == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"tokens": {"nope": "1"}}, 400),
        ({"email": None}, 400),
        ({"email": "no address"}, 400),
        ({"timestamp": "yesterday"}, 400),
        ({"extraData": []}, 400),
        ({"objectId": "77"}, 404),
        ({"eventTemplateId": "77"}, 404),
    ],
)
def test_events_that_cannot_be(call: Call, account: Portal, template: str, change: dict[str, Any], status: int) -> None:
    """Refused, alone and in a batch, of which nothing is noted (W6.8.8)."""
    good = {"eventTemplateId": template, "email": "new@acme.example", "tokens": {}}
    assert call("POST", EVENTS, {**good, **change})[0] == status
    assert call("POST", f"{EVENTS}/batch/create", {"inputs": [good, {**good, **change}]})[0] == status
    assert not account.records[account.type("contacts")]


JSON: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=5), st.lists(st.integers(-9, 9)), st.just({})
)
KEYS = ["name", "objectType", "tokens", "eventTemplateId", "email", "objectId", "timestamp", "extraData", "inputs"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT"]),
    path=st.sampled_from([TEMPLATES, f"{TEMPLATES}/1000001", EVENTS, f"{EVENTS}/batch/create", f"{EVENTS}/1/x"]),
    body=st.dictionaries(st.sampled_from(KEYS), JSON) | JSON,
)
def test_no_request_breaks_the_server(call: Call, template: str, method: str, path: str, body: Any) -> None:
    """Whatever the body, no 5xx (W2.7.9)."""
    if isinstance(body, dict):
        body = {"eventTemplateId": template, "tokens": {}, **body}
    assert call(method, path, body, KEY)[0] < 500
