"""Meetings links over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

LINKS = "/scheduler/v3/meetings/meeting-links"
BOOKING = {
    "slug": "ada/intro",
    "email": "new@acme.example",
    "firstName": "New",
    "lastName": "Lead",
    "startTime": "2026-03-03T10:00:00Z",
    "duration": 1_800_000,
    "formFields": [{"name": "jobtitle", "value": "CTO"}],
}


@pytest.fixture
def account() -> Portal:
    """A portal with two meetings links of one user."""
    links = [{"slug": slug, "user": "ada@hubtwin.example"} for slug in ("ada/intro", "ada/demo")]
    return Portal(Configuration.model_validate({"meeting_links": links}))


def test_links(call: Call, account: Portal) -> None:
    """With their organizer, in pages; the first is the default (W6.8.13)."""
    _, body = call("GET", LINKS, None, "limit=1")
    (link,) = body["results"]
    assert (body["total"], link["slug"], link["organizerUserId"]) == (2, "ada/intro", "9000001")
    assert (link["link"], link["defaultLink"]) == ("https://meetings.hubspot.com/ada/intro", True)
    _, rest = call("GET", LINKS, None, f"after={body['paging']['next']['after']}")
    assert [link["slug"] for link in rest["results"]] == ["ada/demo"]
    for query, total in (("organizerUserId=9000001", 2), ("organizerUserId=7", 0), ("name=ada/demo", 1)):
        assert call("GET", LINKS, None, query)[1]["total"] == total


def test_a_booking(call: Call, account: Portal) -> None:
    """Makes the contact and the meeting (W6.8.13, F4.16)."""
    status, body = call("POST", f"{LINKS}/book", BOOKING, "timezone=Europe/Helsinki")
    assert (status, body["end"], body["bookingTimezone"]) == (200, "2026-03-03T10:30:00Z", "Europe/Helsinki")
    contact = account.find("contacts", body["contactId"])
    assert (contact.name, contact.get("jobtitle"), contact.stage) == ("New Lead", "CTO", "lead")
    assert account.find("meetings", body["calendarEventId"]).get("hs_meeting_outcome") == "SCHEDULED"


def test_a_booking_of_somebody_known(call: Call, account: Portal) -> None:
    """The contact's own values stay (F4.16)."""
    contact = account.create("contacts", {"email": "new@acme.example", "firstname": "Known"})
    assert call("POST", f"{LINKS}/book", BOOKING)[1]["contactId"] == str(contact.id)
    assert (contact.get("firstname"), contact.get("jobtitle")) == ("Known", None)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"slug": "ada/nope"}, 404),
        ({"duration": 60}, 400),
        ({"startTime": "2026-03-01T10:00:00Z"}, 400),
        ({"startTime": "tomorrow"}, 400),
        ({"startTime": "9999-12-31T23:59:00Z"}, 400),
        ({"email": "nobody"}, 400),
        ({"formFields": None}, 400),
        ({"formFields": [{"name": "nope", "value": "1"}]}, 400),
        ({"timezone": "Helsinki"}, 400),
    ],
)
def test_bookings_that_cannot_be(call: Call, account: Portal, change: dict[str, Any], status: int) -> None:
    """Refused, and there is neither contact nor meeting (W6.8.13)."""
    assert call("POST", f"{LINKS}/book", {**BOOKING, **change})[0] == status
    assert not len(account.log)


def test_dated_paths(call: Call) -> None:
    """The same in every dated version (W1.11)."""
    assert call("GET", LINKS.replace("v3", "2026-09")) == call("GET", LINKS)


JSON: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=5), st.lists(st.text(max_size=3))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.dictionaries(st.sampled_from([*BOOKING, "timezone", "guestEmails", "locale"]), JSON))
def test_no_request_breaks_the_server(call: Call, changes: dict[str, Any]) -> None:
    """Whatever the booking, no 5xx (W2.7.9)."""
    assert call("POST", f"{LINKS}/book", {**BOOKING, **changes})[0] < 500
