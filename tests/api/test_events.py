"""What occurred to contacts, over HTTP: page views, form submissions, custom events."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.moments import HOUR, iso

Call = Callable[..., tuple[int, Any]]

EVENTS = "/events/v3/events"
SITE = "https://acme.example"


@pytest.fixture
def ada(account: Portal) -> Record:
    """A contact who viewed two pages, an hour apart."""
    ada = account.create("contacts", {"email": "ada@acme.example"})
    account.tracking.view_page(f"{SITE}/pricing?utm_campaign=may", contact=ada, title="Prices")
    account.clock.advance(HOUR)
    account.tracking.view_page(f"{SITE}/about", contact=ada, title="About us", referrer=f"{SITE}/pricing")
    return ada


def occurred(call: Call, query: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = call("GET", EVENTS, None, query)[1]["results"]
    return results


def test_page_views(call: Call, account: Portal, ada: Record) -> None:
    """Each with what HubSpot's event tells, and an id that finds it again (W6.8.40, W6.8.4)."""
    first, second = occurred(call, f"objectType=contact&objectId={ada.id}&eventType=e_visited_page")
    assert (first["objectType"], first["objectId"], first["eventType"]) == ("CONTACT", str(ada.id), "e_visited_page")
    assert second["occurredAt"] == iso(account.clock.now)
    assert first["properties"] == {
        "hs_url": f"{SITE}/pricing?utm_campaign=may",
        "hs_page_title": "Prices",
        "hs_title": "Prices",
        "hs_visit_source": "OTHER_CAMPAIGNS",
        "hs_visit_source_details_1": "may",
        "hs_utm_campaign": "may",
    }
    assert occurred(call, f"id={second['id']}") == [second]


def test_events_by_what_they_tell(call: Call, ada: Record) -> None:
    """`property.<name>` and the moments choose among them (W6.8.40)."""
    kind = "eventType=e_visited_page"
    for query, titles in (
        (kind, ["Prices", "About us"]),
        (f"{kind}&sort=-occurredAt", ["About us", "Prices"]),
        (f"{kind}&property.hs_page_title=About+us", ["About us"]),
        (f"{kind}&property.hs_page_title=home", []),
        (f"{kind}&occurredAfter={iso(ada.created)}", ["About us"]),
    ):
        assert [one["properties"]["hs_page_title"] for one in occurred(call, query)] == titles


def test_types_of_events(call: Call, account: Portal) -> None:
    """HubSpot's own and the account's (W6.8.40)."""
    account.custom_events.define("Trial started")
    types = ["e_visited_page", "e_form_submission_v2", "pe1_trial_started"]
    assert call("GET", f"{EVENTS}/event-types")[1] == {"eventTypes": types}
    assert call("GET", "/events/event-occurrences/2026-03/event-types")[1] == {"eventTypes": types}


def test_an_event_of_a_browser(call: Call, account: Portal, ada: Record) -> None:
    """With a `utk`, it is about the contact whose cookie that is; of nobody, nothing occurs (W6.8.41)."""
    account.custom_events.define("Trial started")
    account.tracking.identify("a1b2", ada)
    for utk in ("a1b2", "zz"):
        assert call("POST", "/events/v3/send", {"eventName": "pe1_trial_started", "utk": utk})[0] == 204
    (one,) = occurred(call, "eventType=pe1_trial_started")
    assert (one["objectId"], one["properties"]) == (str(ada.id), {})


def test_the_history_of_an_analytics_property(call: Call, ada: Record) -> None:
    """Each version with its moment, by ANALYTICS (F6.11)."""
    query = "propertiesWithHistory=hs_analytics_num_page_views"
    body = call("GET", f"/crm/v3/objects/contacts/{ada.id}", None, query)[1]
    versions = body["propertiesWithHistory"]["hs_analytics_num_page_views"]
    assert [(one["value"], one["sourceType"]) for one in versions][:2] == [("2", "ANALYTICS"), ("1", "ANALYTICS")]
    assert versions[0]["sourceId"] == "WebAnalyticsPropertyCalculation"
