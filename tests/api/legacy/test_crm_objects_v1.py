"""CRM objects and their associations, version 1."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

PRODUCTS = "/crm-objects/v1/objects/products"
ASSOCIATIONS = "/crm-associations/v1/associations"


def rows(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def test_a_new_object(call: Call) -> None:
    """200, from a plain list of values (W12.9.7, F6.2)."""
    status, body = call("POST", PRODUCTS, rows(name="Tea", price=5))
    assert (status, body["objectType"], body["objectId"], body["isDeleted"]) == (200, "PRODUCT", 1001, False)
    assert body["properties"]["price"]["value"] == "5"


def test_reading_updating_and_archiving(call: Call) -> None:
    """Only what is asked for is shown, with its history where that is asked for (W12.9.7, F6.2)."""
    call("POST", PRODUCTS, rows(name="Tea", price=5))
    assert call("PUT", f"{PRODUCTS}/1001", rows(price=6))[1]["properties"]["price"]["value"] == "6"
    _, body = call("GET", f"{PRODUCTS}/1001", None, "properties=name&propertiesWithHistory=price")
    assert list(body["properties"]) == ["name", "price"]
    assert [version["value"] for version in body["properties"]["price"]["versions"]] == ["6", "5"]
    assert call("DELETE", f"{PRODUCTS}/1001") == (204, b"")
    assert call("GET", f"{PRODUCTS}/1001")[0] == 404


def test_pages_and_batches(call: Call, account: Portal) -> None:
    """Made, listed, read, changed and archived together (W12.9.3, W12.9.4, W12.9.7)."""
    _, made = call("POST", f"{PRODUCTS}/batch-create", [rows(name="Tea"), rows(name="Milk")])
    assert [one["objectId"] for one in made] == [1001, 1002]
    _, body = call("GET", f"{PRODUCTS}/paged", None, "properties=name&limit=1")
    assert (body["objects"][0]["properties"]["name"]["value"], body["hasMore"], body["offset"]) == ("Tea", True, 1001)
    assert list(call("POST", f"{PRODUCTS}/batch-read", {"ids": [1002, 77]}, "properties=name")[1]) == ["1002"]
    update = [{"objectId": 1001, "properties": rows(price=1)}]
    assert call("POST", f"{PRODUCTS}/batch-update", update) == (204, b"")
    assert account.find("products", 1001).get("price") == "1"
    assert call("POST", f"{PRODUCTS}/batch-delete", {"ids": [1001, 77]}) == (204, b"")
    assert len(account.records[account.type("products")]) == 1


@pytest.mark.parametrize("body", [{}, [5], [[5]], [rows(name="Tea"), rows(nope=1)], [rows(name="T")] * 101])
def test_a_batch_that_cannot_be(call: Call, account: Portal, body: Any) -> None:
    """400, and nothing is created (W12.9.4)."""
    assert call("POST", f"{PRODUCTS}/batch-create", body)[0] == 400
    assert not account.records[account.type("products")]


def test_an_unknown_type(call: Call) -> None:
    """400 in the old words (W12.9.2)."""
    status, body = call("POST", "/crm-objects/v1/objects/butterflies", rows(name="Tea"))
    assert (status, body["message"]) == (400, "Unable to infer object type from: butterflies")


# -- associations --------------------------------------------------------------------------------------------


def link(record: int, other: int, definition: int) -> dict[str, Any]:
    return {"fromObjectId": record, "toObjectId": other, "category": "HUBSPOT_DEFINED", "definitionId": definition}


@pytest.fixture
def people(account: Portal) -> Portal:
    """A company, a contact, a deal and a note: 1001 to 1004."""
    account.create("companies", {"name": "Acme"})
    account.create("contacts", {"firstname": "Ada"})
    account.create("deals", {"dealname": "D"})
    account.create("notes", {"hs_timestamp": account.clock.now})
    return account


def ids(call: Call, record: int, definition: int) -> list[int]:
    _, body = call("GET", f"{ASSOCIATIONS}/{record}/HUBSPOT_DEFINED/{definition}")
    return list(body["results"])


def test_linking(call: Call, people: Portal) -> None:
    """204; both ends list each other by numeric ids (W12.9.8)."""
    assert call("PUT", ASSOCIATIONS, link(1001, 1002, 2)) == (204, b"")
    assert call("PUT", f"{ASSOCIATIONS}/create-batch", [link(1003, 1002, 3), link(1003, 1001, 5)]) == (204, b"")
    assert [ids(call, 1002, 1), ids(call, 1002, 4), ids(call, 1001, 6)] == [[1001], [1003], [1003]]
    page = call("GET", f"{ASSOCIATIONS}/1002/HUBSPOT_DEFINED/4")[1]
    assert page == {"results": [1003], "hasMore": False, "offset": 1003}


def test_unlinking(call: Call, people: Portal) -> None:
    """204, links that are not there and ids that don't exist included (W12.9.8)."""
    call("PUT", ASSOCIATIONS, link(1001, 1002, 2))
    assert call("PUT", f"{ASSOCIATIONS}/delete", link(1002, 1001, 1)) == (204, b"")
    assert call("PUT", f"{ASSOCIATIONS}/delete-batch", [link(1001, 1002, 2), link(1001, 77, 2)]) == (204, b"")
    assert ids(call, 1001, 280) == []


def test_engagements_have_definitions_of_their_own(call: Call, people: Portal) -> None:
    """Whatever their type (W12.9.8)."""
    assert call("PUT", ASSOCIATIONS, link(1002, 1004, 9)) == (204, b"")
    assert [ids(call, 1002, 9), ids(call, 1004, 10), ids(call, 1001, 7)] == [[1004], [1002], []]


@pytest.mark.parametrize(
    ("bad", "errors"),
    [
        (link(1001, 77, 2), ["CONTACT=77 is not valid"]),
        (link(1002, 77, 9), ["ENGAGEMENT=77 is not valid"]),
        (link(1002, 1001, 2), ["COMPANY=1002 is not valid"]),
        (link(1001, 1001, 450), ["Object 1001 cannot be associated to itself (1001)"]),
        (link(1001, 1002, 9999), None),
        ({**link(1001, 1002, 2), "category": "OURS"}, None),
        ({}, None),
    ],
)
def test_a_link_that_cannot_be(call: Call, people: Portal, bad: dict[str, Any], errors: list[str] | None) -> None:
    """400, and a batch with one such pair links nothing (W12.9.8, W12.9.2)."""
    status, body = call("PUT", f"{ASSOCIATIONS}/create-batch", [link(1001, 1002, 2), bad])
    assert (status, body.get("errors")) == (400, errors)
    assert ids(call, 1001, 2) == []
