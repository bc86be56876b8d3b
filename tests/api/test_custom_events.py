"""Custom events over HTTP: definitions, sending, occurrences."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

DEFINITIONS = "/events/v3/event-definitions"
SEND = "/events/v3/send"
EVENTS = "/events/v3/events"
FULL = "pe1_trial_started"


@pytest.fixture
def trial(call: Call, account: Portal) -> str:
    """The id of a contact in a portal that knows the event Trial started."""
    plan = {"name": "plan", "label": "Plan", "type": "enumeration", "options": [{"label": "Pro", "value": "pro"}]}
    assert call("POST", DEFINITIONS, {"label": "Trial started", "propertyDefinitions": [plan]})[0] == 201
    return str(account.create("contacts", {"email": "ada@acme.example"}).id)


def occurred(call: Call, query: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = call("GET", EVENTS, None, query)[1]["results"]
    return results


def test_a_definition(call: Call, trial: str) -> None:
    """Found by its short and its full name, and listed (W6.8.1)."""
    _, definition = call("GET", f"{DEFINITIONS}/{FULL}")
    assert (definition["name"], definition["labels"]["singular"], definition["primaryObject"]) == (
        "trial_started",
        "Trial started",
        "CONTACT",
    )
    assert call("GET", f"{DEFINITIONS}/trial_started")[1] == definition
    for query, names in (("searchString=trial", [FULL]), ("searchString=zz", [])):
        assert [row["fullyQualifiedName"] for row in call("GET", DEFINITIONS, None, query)[1]["results"]] == names


def test_a_definition_changes_and_goes(call: Call, trial: str) -> None:
    """Its label by PATCH; once deleted, it and what occurred are gone (W6.8.1)."""
    call("POST", SEND, {"eventName": FULL, "objectId": trial})
    assert call("PATCH", f"{DEFINITIONS}/{FULL}", {"label": "Trial"})[1]["labels"]["singular"] == "Trial"
    assert call("DELETE", f"{DEFINITIONS}/{FULL}")[0] == 204
    assert (call("GET", f"{DEFINITIONS}/{FULL}")[0], occurred(call, f"eventType={FULL}")) == (404, [])


def test_properties_of_a_definition(call: Call, trial: str) -> None:
    """Added, changed, taken away; a name in use is a conflict (W6.8.1)."""
    path = f"{DEFINITIONS}/{FULL}/property"
    seats = {"name": "seats", "label": "Seats", "type": "number"}
    assert [call("POST", path, seats)[0] for _ in range(2)] == [200, 409]
    assert call("PATCH", f"{path}/seats", {"label": "Places"})[1]["label"] == "Places"
    assert call("POST", SEND, {"eventName": FULL, "objectId": trial, "properties": {"seats": 3}})[0] == 204
    assert [call("DELETE", f"{path}/seats")[0] for _ in range(2)] == [204, 404]


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"label": "Trial started"},
        {"label": "2nd trial"},
        {"label": "x" * 51},
        {"label": "T", "primaryObject": "butterfly"},
        {"label": "T", "propertyDefinitions": [{"label": "P"}]},
        {"label": "T", "propertyDefinitions": [{"label": "P", "type": "butterfly"}]},
        {"label": "T", "propertyDefinitions": [{"label": "P", "type": "enumeration"}]},
        {"label": "T", "propertyDefinitions": [{"label": "P", "name": "P", "type": "string"}]},
    ],
)
def test_definitions_that_cannot_be(call: Call, account: Portal, trial: str, definition: dict[str, Any]) -> None:
    """400, and there is no other definition (W6.8.1)."""
    assert call("POST", DEFINITIONS, definition)[0] == 400
    assert [known.name for known in account.custom_events] == ["trial_started"]


def test_an_event_occurs(call: Call, account: Portal, trial: str) -> None:
    """To the contact with the address, with its properties, and in its timeline (W6.8.3, W6.8.4)."""
    sent = {"eventName": FULL, "email": "ADA@acme.example", "occurredAt": "2026-03-01T00:00:00Z", "uuid": "u-1"}
    assert call("POST", SEND, {**sent, "properties": {"plan": "pro", "hs_country": "fi"}}) == (204, b"")
    assert occurred(call, f"objectType=contact&objectId={trial}") == [
        {
            "objectType": "CONTACT",
            "objectId": trial,
            "eventType": FULL,
            "occurredAt": "2026-03-01T00:00:00Z",
            "id": "u-1",
            "properties": {"plan": "pro", "hs_country": "fi"},
        }
    ]
    last = next(iter(account.log.timeline(account.find("contacts", trial))))
    assert (last.kind, str(last.value)) == ("event occurred", "Trial started")


def test_an_event_of_nobody(call: Call, account: Portal, trial: str) -> None:
    """204, and nothing occurs (W6.8.3)."""
    for who in ({"email": "nobody@x.example"}, {"utk": "0123"}, {"objectId": 77}):
        assert call("POST", SEND, {"eventName": FULL, **who})[0] == 204
    assert account.custom_events.occurrences == []


@pytest.mark.parametrize(
    "event",
    [
        {"email": "ada@acme.example"},
        {"eventName": "pe1_nope", "email": "ada@acme.example"},
        {"eventName": FULL},
        {"eventName": FULL, "email": "ada@acme.example", "properties": {"nope": "1"}},
        {"eventName": FULL, "email": "ada@acme.example", "occurredAt": "yesterday"},
    ],
)
def test_events_that_cannot_be(call: Call, account: Portal, trial: str, event: dict[str, Any]) -> None:
    """400, alone and in a batch, of which nothing occurs (W6.8.2, W6.8.6)."""
    good = {"eventName": FULL, "email": "ada@acme.example"}
    assert call("POST", SEND, event)[0] == 400
    assert call("POST", f"{SEND}/batch", {"inputs": [good, event]})[0] == 400
    assert account.custom_events.occurrences == []


def test_batches(call: Call, account: Portal, trial: str) -> None:
    """500 at most (W6.8.6)."""
    inputs = [{"eventName": FULL, "email": "ada@acme.example"}] * 501
    assert [call("POST", f"{SEND}/batch", {"inputs": inputs[:n]})[0] for n in (500, 501)] == [204, 400]
    assert len(account.custom_events.occurrences) == 500


def test_what_occurred(call: Call, account: Portal, trial: str) -> None:
    """By time, in either order, in pages (W6.8.4)."""
    for day in (1, 2, 3):
        at = f"2026-01-0{day}T00:00:00Z"
        call("POST", SEND, {"eventName": FULL, "objectId": trial, "occurredAt": at, "uuid": str(day)})
    of_ada = "objectType=contacts&objectProperty.email=ada@acme.example"
    for query, ids in (
        (of_ada, "123"),
        (f"{of_ada}&sort=-occurredAt", "321"),
        (f"{of_ada}&occurredAfter=2026-01-01T00:00:00Z&occurredBefore=2026-01-03T00:00:00Z", "2"),
        ("id=1&id=3", "13"),
        (f"eventType={FULL}&limit=2&after=2", "3"),
        ("objectType=contacts&objectId=77", ""),
    ):
        assert "".join(row["id"] for row in occurred(call, query)) == ids
    assert call("GET", EVENTS, None, f"{of_ada}&limit=2")[1]["paging"]["next"]["after"] == "2"
    assert call("GET", EVENTS)[0] == 400
    assert FULL in call("GET", f"{EVENTS}/event-types")[1]["eventTypes"]


def test_events_have_one_id_in_every_run() -> None:
    """Where the sender names none (W6.8.3)."""
    ids = []
    for portal in (Portal(), Portal()):
        portal.custom_events.define("Trial")
        contact = portal.create("contacts", {"firstname": "Ada"})
        ids.append([portal.custom_events.occur("trial", contact, {}).id for _ in range(2)])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


@pytest.mark.parametrize("base", ["/events/v3", "/events/2026-03", "/events/custom/2025-09", "/events/custom/2026-09"])
def test_paths_of_the_versions(call: Call, trial: str, base: str) -> None:
    """They don't follow one pattern (W6.8.5)."""
    assert call("GET", f"{base}/event-definitions/{FULL}")[0] == 200
    assert call("POST", f"{base}/send", {"eventName": FULL, "objectId": trial})[0] == 204
    assert call("GET", "/events/event-occurrences/2026-03", None, f"eventType={FULL}")[0] == 200


JSON: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=5), st.lists(st.integers(-9, 9)), st.just({})
)
KEYS = ["label", "name", "eventName", "properties", "propertyDefinitions", "inputs", "type", "options", "objectId"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
    path=st.sampled_from(
        [DEFINITIONS, SEND, f"{SEND}/batch", EVENTS, f"{DEFINITIONS}/trial_started/property", f"{DEFINITIONS}/x"]
    ),
    body=st.dictionaries(st.sampled_from(KEYS), JSON) | JSON,
    query=st.text(max_size=20),
)
def test_no_request_breaks_the_server(call: Call, trial: str, method: str, path: str, body: Any, query: str) -> None:
    """Whatever the body and the query, no 5xx (W2.7.9)."""
    assert call(method, path, body, query)[0] < 500
