"""Marketing events and participations over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

EVENTS = "/marketing/v3/marketing-events"
WEBINAR = {
    "externalAccountId": "acme",
    "externalEventId": "w1",
    "eventName": "Twins",
    "eventOrganizer": "Acme",
    "startDateTime": "2026-03-05T10:00:00Z",
    "customProperties": [{"name": "room", "value": "A"}],
}
OF_ACME = "externalAccountId=acme"


@pytest.fixture
def webinar(call: Call) -> str:
    """The path of an event by its own id."""
    status, body = call("POST", f"{EVENTS}/events", WEBINAR)
    assert status == 200
    return f"{EVENTS}/{body['objectId']}"


def come(call: Call, state: str, *emails: str, vids: tuple[int, ...] = ()) -> tuple[int, Any]:
    path = f"{EVENTS}/attendance/w1/{state}"
    at = {"interactionDateTime": 1_772_442_000_000}
    if vids:
        return call("POST", f"{path}/create", {"inputs": [{"vid": vid, **at} for vid in vids]}, OF_ACME)
    return call("POST", f"{path}/email-create", {"inputs": [{"email": email, **at} for email in emails]}, OF_ACME)


def test_an_event_by_either_name(call: Call, webinar: str) -> None:
    """The external ids and its own find the same; a second one is a conflict (W6.8.14)."""
    _, event = call("GET", f"{EVENTS}/events/w1", None, OF_ACME)
    assert call("GET", webinar)[1] == event == call("GET", EVENTS)[1]["results"][0]
    assert (event["eventName"], event["customProperties"]) == ("Twins", [{"name": "room", "value": "A"}])
    assert call("POST", f"{EVENTS}/events", WEBINAR)[0] == 409
    assert call("GET", f"{EVENTS}/events/w1", None, "externalAccountId=other")[0] == 404


def test_an_event_changes(call: Call, webinar: str) -> None:
    """What is sent changes, the rest stays (W6.8.14)."""
    call("PATCH", webinar, {"eventName": "Triplets", "endDateTime": "2026-03-05T11:00:00Z"})
    call("POST", f"{EVENTS}/events/w1/cancel", None, OF_ACME)
    _, event = call("GET", webinar)
    assert (event["eventName"], event["eventOrganizer"], event["eventCancelled"]) == ("Triplets", "Acme", True)
    assert [call("DELETE", webinar)[0] for _ in range(2)] == [204, 404]


def test_upserts(call: Call, account: Portal, webinar: str) -> None:
    """One of each at once, and by PUT (W6.8.14)."""
    inputs = [{**WEBINAR, "eventName": "Triplets"}, {**WEBINAR, "externalEventId": "w2"}]
    assert call("POST", f"{EVENTS}/events/upsert", {"inputs": inputs})[0] == 200
    assert call("PUT", f"{EVENTS}/events/w3", {**WEBINAR, "externalEventId": "w3"})[0] == 200
    assert [event.name for event in account.marketing_events] == ["Triplets", "Twins", "Twins"]


def test_who_comes(call: Call, account: Portal, webinar: str) -> None:
    """Unknown addresses make contacts; whoever stays away from a completed event is a no-show (W6.8.15)."""
    come(call, "register", "ada@a.example", "bo@a.example", "cy@a.example")
    come(call, "cancel", "cy@a.example")
    _, body = come(call, "attend", "ada@a.example")
    times = {"startDateTime": "2026-03-05T10:00:00Z", "endDateTime": "2026-03-05T11:00:00Z"}
    call("POST", f"{EVENTS}/events/w1/complete", times, OF_ACME)
    counts = {"registered": 3, "attended": 1, "cancelled": 1, "noShows": 1}
    assert call("GET", f"{EVENTS}/participations/acme/w1")[1] == counts
    assert call("GET", webinar.replace("events/", "events/participations/"))[1] == counts
    contact = account.find("contacts", body["results"][0]["vid"])
    assert [str(entry.value) for entry in account.log.timeline(contact) if entry.kind == "marketing event"] == [
        "Twins: ATTENDED",
        "Twins: REGISTERED",
    ]


def test_who_did_what(call: Call, webinar: str) -> None:
    """By event and by contact, of one state, in pages (W6.8.15)."""
    come(call, "register", "ada@a.example", "bo@a.example")
    come(call, "attend", "bo@a.example")
    base = f"{EVENTS}/participations"
    for path, query, states in (
        (f"{base}/acme/w1/breakdown", "", ["REGISTERED", "ATTENDED"]),
        (f"{base}/acme/w1/breakdown", "state=ATTENDED", ["ATTENDED"]),
        (f"{base}/acme/w1/breakdown", "contactIdentifier=ada@a.example", ["REGISTERED"]),
        (f"{base}/contacts/bo@a.example/breakdown", "", ["ATTENDED"]),
    ):
        _, body = call("GET", path, None, query)
        assert [row["properties"]["attendanceState"] for row in body["results"]] == states
        assert body["total"] == len(states)
    assert "paging" in call("GET", f"{base}/acme/w1/breakdown", None, "limit=1")[1]
    assert call("GET", f"{base}/contacts/nobody/breakdown")[0] == 404


def test_contacts_by_id(call: Call, account: Portal, webinar: str) -> None:
    """207 where some don't exist (W6.8.15)."""
    contact = account.create("contacts", {"firstname": "Ada"})
    status, body = come(call, "register", vids=(contact.id, 77))
    assert (status, body["results"], body["numErrors"]) == (207, [{"vid": contact.id}], 1)


def test_one_new_contact_twice(call: Call, account: Portal, webinar: str) -> None:
    """One address in two inputs is one contact (W6.8.15)."""
    come(call, "register", "ada@a.example", "ada@a.example")
    assert len(account.records[account.type("contacts")]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"eventName": None},
        {"externalEventId": None},
        {"startDateTime": "tomorrow"},
        {"eventCancelled": "x"},
        {"customProperties": [{"name": "a"}]},
    ],
)
def test_events_that_cannot_be(call: Call, account: Portal, change: dict[str, Any]) -> None:
    """400, alone and in a batch, of which there is none (W6.8.14)."""
    assert call("POST", f"{EVENTS}/events", {**WEBINAR, **change})[0] == 400
    assert call("POST", f"{EVENTS}/events/upsert", {"inputs": [WEBINAR, {**WEBINAR, **change}]})[0] == 400
    assert list(account.marketing_events) == []


def test_participations_that_cannot_be(call: Call, account: Portal, webinar: str) -> None:
    """A bad address or moment refuses all, and there are three things to do (W6.8.15)."""
    late = {"inputs": [{"email": "ada@a.example", "interactionDateTime": 2**62}]}
    assert call("POST", f"{EVENTS}/attendance/w1/attend/email-create", late, OF_ACME)[0] == 400
    assert come(call, "register", "ada@a.example", "nobody")[0] == 400
    assert come(call, "sleep", "ada@a.example")[0] == 400
    assert not account.records[account.type("contacts")]


JSON: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=5), st.lists(st.text(max_size=3))
)
KEYS = [*WEBINAR, "inputs", "eventCompleted", "vid", "email", "interactionDateTime", "endDateTime"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH"]),
    tail=st.sampled_from(
        ["events", "events/w1", "events/upsert", "events/w1/complete", "attendance/w1/attend/create", "1", "events/w2"]
    ),
    body=st.dictionaries(st.sampled_from(KEYS), JSON) | st.builds(lambda one: {"inputs": [one]}, JSON),
)
def test_no_request_breaks_the_server(call: Call, method: str, tail: str, body: Any) -> None:
    """Whatever the body, no 5xx (W2.7.9)."""
    for sent in (body, {**WEBINAR, **body}):
        assert call(method, f"{EVENTS}/{tail}", sent, OF_ACME)[0] < 500
