"""Pages of contacts, version 1."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.configuration import Form

Call = Callable[..., tuple[int, Any]]

ALL = "/contacts/v1/lists/all/contacts/all"
CREATED = "/contacts/v1/lists/all/contacts/recent"
MODIFIED = "/contacts/v1/lists/recently_updated/contacts/recent"
SEARCH = "/contacts/v1/search/query"


@pytest.fixture
def account() -> Portal:
    """A portal with three contacts, an hour apart."""
    portal = Portal(Configuration(forms=(Form(name="Demo"),)))
    for name in ("Ada", "Eve", "Kim"):
        portal.create("contacts", {"firstname": name, "email": f"{name}@acme.example"})
        portal.clock.advance("1h")
    return portal


def vids(body: Any) -> list[int]:
    return [contact["vid"] for contact in body["contacts"]]


def test_all_contacts(call: Call) -> None:
    """Ascending vids; the next page goes on after the last one, and the last page's offset is 0 (W12.9.3)."""
    _, body = call("GET", ALL, None, "count=2")
    assert (vids(body), body["has-more"], body["vid-offset"]) == ([1001, 1002], True, 1002)
    _, body = call("GET", ALL, None, "count=2&vidOffset=1002")
    assert (vids(body), body["has-more"], body["vid-offset"]) == ([1003], False, 0)


def test_what_a_page_shows(call: Call) -> None:
    """Four properties without versions, or those that are asked for (W12.9.3)."""
    (contact, *_) = call("GET", ALL)[1]["contacts"]
    assert set(contact["properties"]) == {"firstname", "lastmodifieddate"}
    assert contact["properties"]["firstname"] == {"value": "Ada"}
    query = "property=email&property=phone&propertyMode=value_and_history"
    (contact, *_) = call("GET", ALL, None, query)[1]["contacts"]
    assert list(contact["properties"]) == ["email"]
    assert len(contact["properties"]["email"]["versions"]) == 1


@pytest.mark.parametrize("path", [CREATED, MODIFIED])
def test_recent_contacts(call: Call, path: str) -> None:
    """Newest first; a page goes on from a moment and a vid (W12.9.3)."""
    _, body = call("GET", path, None, "count=2")
    assert (vids(body), body["has-more"], body["vid-offset"]) == ([1003, 1002], True, 1002)
    _, body = call("GET", path, None, f"count=2&timeOffset={body['time-offset']}&vidOffset=1002")
    assert (vids(body), body["has-more"]) == ([1001], False)


def test_an_update_brings_a_contact_to_the_front(call: Call, account: Portal) -> None:
    """Of those last modified, not of the newest (W12.9.3)."""
    account.update(account.find("contacts", 1001), {"phone": "1"})
    assert vids(call("GET", MODIFIED)[1]) == [1001, 1003, 1002]
    assert vids(call("GET", CREATED)[1]) == [1003, 1002, 1001]


def test_a_large_page(call: Call) -> None:
    """More than the limit is taken for the limit (W12.9.3)."""
    assert len(vids(call("GET", ALL, None, "count=5000")[1])) == 3


@pytest.mark.parametrize("query", ["count=0", "count=-1", "count=x", "vidOffset=-1", "vidOffset=%C2%B2"])
def test_a_page_that_cannot_be(call: Call, query: str) -> None:
    """Negative and other numbers are refused in the old words (W12.9.2)."""
    status, body = call("GET", ALL, None, query)
    assert (status, "requestId" in body, "category" in body) == (400, True, False)


def test_a_query(call: Call) -> None:
    """Beginnings of words, in pages by number (W12.9.3)."""
    _, body = call("GET", SEARCH, None, "q=acme&count=2")
    assert (body["query"], body["total"], vids(body), body["offset"]) == ("acme", 3, [1001, 1002], 2)
    _, body = call("GET", SEARCH, None, "q=acme&count=2&offset=2")
    assert (vids(body), body["has-more"]) == ([1003], False)
    assert call("GET", SEARCH, None, "q=zzz")[1]["contacts"] == []


def test_form_submissions(call: Call, account: Portal) -> None:
    """The newest one in a list, all of them in a profile (W12.9.1)."""
    for _ in range(2):
        account.forms.submit("Demo", {"email": "ada@acme.example"})
    none = "formSubmissionMode=none"
    counts = [len(call("GET", ALL, None, query)[1]["contacts"][0]["form-submissions"]) for query in ("", none)]
    profile = call("GET", "/contacts/v1/contact/vid/1001/profile")[1]["form-submissions"]
    assert (counts, len(profile)) == ([1, 0], 2)
    assert (profile[0]["title"], profile[0]["form-id"]) == ("Demo", account.forms.find("Demo").guid)
