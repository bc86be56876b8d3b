"""Deals as version 1 shows and takes them."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

DEAL = "/deals/v1/deal"


def rows(**values: Any) -> dict[str, Any]:
    return {"properties": [{"name": name, "value": value} for name, value in values.items()]}


@pytest.fixture
def account() -> Portal:
    """A portal with a company and a contact."""
    portal = Portal()
    portal.create("companies", {"name": "Acme"})
    portal.create("contacts", {"firstname": "Ada"})
    return portal


def test_a_new_deal(call: Call, account: Portal) -> None:
    """200, linked with those that it names; the settings follow (W12.9.6, F6.2)."""
    associations = {"associatedCompanyIds": [1001], "associatedVids": [1002]}
    sent = {"portalId": 1, "associations": associations, **rows(dealname="D", dealstage="closedwon", amount=30)}
    status, body = call("POST", f"{DEAL}/", sent)
    assert (status, body["dealId"], body["isDeleted"]) == (200, 1003, False)
    assert body["associations"] == {**associations, "associatedDealIds": []}
    assert body["properties"]["amount"]["value"] == "30"
    assert body["properties"]["num_associated_contacts"]["source"] == "CALCULATED"
    assert account.find("contacts", 1002).stage == "customer"


def test_a_deal_with_nobody(call: Call, account: Portal) -> None:
    """An id that doesn't exist refuses the deal (W12.9.2)."""
    sent = {"associations": {"associatedVids": [77]}, **rows(dealname="D")}
    status, body = call("POST", DEAL, sent)
    assert (status, body["errors"]) == (400, ["CONTACT=77 is not valid"])
    assert not account.records[account.type("deals")]


def test_an_update_and_its_versions(call: Call) -> None:
    """All versions are there for those who ask, newest first (F6.2)."""
    call("POST", DEAL, rows(dealname="D", amount=1))
    assert call("PUT", f"{DEAL}/1003", rows(amount=2))[1]["properties"]["amount"]["value"] == "2"
    lengths = [
        len(call("GET", f"{DEAL}/1003", None, query)[1]["properties"]["amount"]["versions"])
        for query in ("", "includePropertyVersions=true")
    ]
    assert lengths == [1, 2]


def test_archiving(call: Call) -> None:
    """204; then the deal does not exist (W12.9.6)."""
    call("POST", DEAL, rows(dealname="D"))
    assert call("DELETE", f"{DEAL}/1003") == (204, b"")
    status, body = call("GET", f"{DEAL}/1003")
    assert (status, body["message"]) == (404, "Deal does not exist")


def test_all_deals(call: Call, account: Portal) -> None:
    """With properties and associations only where they are asked for; the offset is the last id (W12.9.3)."""
    for name in ("D", "E"):
        account.create("deals", {"dealname": name})
    _, body = call("GET", f"{DEAL}/paged", None, "limit=1")
    ((deal,), more, offset) = body["deals"], body["hasMore"], body["offset"]
    assert (deal["associations"], deal["properties"], more, offset) == (None, {}, True, 1003)
    query = "offset=1003&includeAssociations=true&properties=dealname&properties=amount"
    (deal,) = call("GET", f"{DEAL}/paged", None, query)[1]["deals"]
    assert (deal["dealId"], deal["associations"]["associatedVids"]) == (1004, [])
    assert list(deal["properties"]) == ["dealname"]


@pytest.mark.parametrize("path", ["created", "modified"])
def test_recent_deals(call: Call, account: Portal, path: str) -> None:
    """Newest first, in pages by number (W12.9.3)."""
    for name in ("D", "E"):
        account.create("deals", {"dealname": name})
        account.clock.advance("1h")
    _, body = call("GET", f"{DEAL}/recent/{path}", None, "count=1&offset=1&since=0")
    assert ([row["dealId"] for row in body["results"]], body["hasMore"]) == ([1003], False)
    assert (body["offset"], body["total"]) == (2, 2)


def test_associations(call: Call, account: Portal) -> None:
    """Linked and unlinked by type and ids; a record's deals are listed (W12.9.6)."""
    account.create("deals", {"dealname": "D"})
    assert call("PUT", f"{DEAL}/1003/associations/CONTACT", None, "id=1002") == (204, b"")
    _, body = call("GET", f"{DEAL}/associated/contact/1002/paged")
    assert [deal["dealId"] for deal in body["deals"]] == [1003]
    assert call("DELETE", f"{DEAL}/1003/associations/CONTACT", None, "id=1002") == (204, b"")
    assert call("GET", f"{DEAL}/associated/contact/1002/paged")[1]["deals"] == []
    assert call("PUT", f"{DEAL}/1003/associations/CONTACT", None, "id=77")[0] == 400


def test_a_batch(call: Call, account: Portal) -> None:
    """202; one bad deal refuses all of them (W12.9.4)."""
    account.create("deals", {"dealname": "D"})
    good = {"objectId": 1003, **rows(amount="5")}
    assert call("POST", "/deals/v1/batch-async/update", [good, {"objectId": 1003, **rows(nope="5")}])[0] == 400
    assert account.find("deals", 1003).get("amount") is None
    assert call("POST", "/deals/v1/batch-async/update", [good]) == (202, b"")
    assert account.find("deals", 1003).get("amount") == "5"


def test_what_a_new_deal_needs(call: Call) -> None:
    """A name, as in version 3 (W12.9.15)."""
    assert call("POST", DEAL, rows(amount=1))[0] == 400
