"""Associations over HTTP, version 3."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

BATCH = "/crm/v3/associations/contacts/companies"
ADA = "/crm/v3/objects/contacts/1001/associations/companies"


@pytest.fixture(autouse=True)
def records(account: Portal) -> None:
    """Contact 1001, companies 1002 and 1003, deal 1004."""
    account.create("contacts", {"firstname": "Ada"})
    for name in ("Acme", "Globex"):
        account.create("companies", {"name": name})
    account.create("deals", {"dealname": "Engine"})


def pair(to: str, type: str = "contact_to_company") -> dict[str, Any]:
    return {"from": {"id": "1001"}, "to": {"id": to}, "type": type}


def test_the_types_of_a_pair(call: Call) -> None:
    """By id and name; where a pair has a Primary, that has the plain name (W3.13)."""
    assert call("GET", f"{BATCH}/types")[1]["results"][:2] == [
        {"id": "1", "name": "contact_to_company"},
        {"id": "279", "name": "contact_to_company_unlabeled"},
    ]
    assert call("GET", "/crm/v3/associations/deal/contact/types")[1]["results"] == [
        {"id": "3", "name": "deal_to_contact"}
    ]


def test_creating_in_a_batch(call: Call) -> None:
    """201; each link in both directions, the far one first (W3.13)."""
    status, body = call("POST", f"{BATCH}/batch/create", {"inputs": [pair("1002")]})
    assert (status, body["results"]) == (
        201,
        [
            {"from": {"id": "1002"}, "to": {"id": "1001"}, "type": "company_to_contact"},
            {"from": {"id": "1001"}, "to": {"id": "1002"}, "type": "contact_to_company"},
        ],
    )


def test_version_4_shows_the_same_links(call: Call) -> None:
    """Both versions work on one store; the plain name asks for Primary (W3.1, W3.13)."""
    call("POST", f"{BATCH}/batch/create", {"inputs": [pair("1002"), pair("1003")]})
    rows = call("GET", ADA.replace("/v3/", "/v4/"))[1]["results"]
    assert [[type["typeId"] for type in row["associationTypes"]] for row in rows] == [[279], [1, 279]]


def test_reading_in_a_batch(call: Call) -> None:
    """Ids are strings; 207 for those that have none (W3.13.1)."""
    call("POST", f"{BATCH}/batch/create", {"inputs": [pair("1002", "279")]})
    status, body = call("POST", f"{BATCH}/batch/read", {"inputs": [{"id": "1001"}, {"id": "77"}]})
    assert (status, body["results"][0]["from"]) == (207, {"id": "1001"})
    assert [to["type"] for to in body["results"][0]["to"]] == ["contact_to_company", "contact_to_company_unlabeled"]
    assert body["errors"][0]["message"] == "No company is associated with contact 77."


def test_archiving_in_a_batch(call: Call) -> None:
    """204, for links that are not there as well (W3.13.2)."""
    call("POST", f"{BATCH}/batch/create", {"inputs": [pair("1002")]})
    assert call("POST", f"{BATCH}/batch/archive", {"inputs": [pair("1002"), pair("1003"), pair("x")]}) == (204, b"")
    assert call("GET", ADA) == (200, {"results": []})


def test_a_batch_with_bad_pairs(call: Call) -> None:
    """An unknown type refuses it whole, a bad id only its own link (W3.10.1, W3.13)."""
    bad = pair("1002", "contact_to_butterfly")
    assert call("POST", f"{BATCH}/batch/create", {"inputs": [pair("1003"), bad]})[0] == 400
    assert call("GET", ADA) == (200, {"results": []})
    status, body = call("POST", f"{BATCH}/batch/create", {"inputs": [pair("1003"), pair("x")]})
    assert (status, len(body["results"]), body["numErrors"]) == (207, 2, 1)


def test_one_link(call: Call) -> None:
    """PUT answers with the record and its links, DELETE with 204, by name or id (W3.13.3)."""
    path = "/crm/v3/objects/deals/1004/associations/contacts/1001"
    status, body = call("PUT", f"{path}/deal_to_contact")
    assert (status, body["id"]) == (200, "1004")
    assert body["associations"] == {"contacts": {"results": [{"id": "1001", "type": "deal_to_contact"}]}}
    assert [call("DELETE", f"{path}/3")[0] for _ in range(2)] == [204, 204]
    assert call("PUT", f"{path}/nope")[0] == 400
    assert call("PUT", "/crm/v3/objects/deals/1004/associations/contacts/77/3")[0] == 404


def test_a_label_is_taken_off_alone(call: Call) -> None:
    """The link stays without a label of the portal's own (W3.13.2)."""
    call("POST", "/crm/v4/associations/contacts/companies/labels", {"name": "manager", "label": "Manager"})
    call("PUT", f"{ADA}/1002/manager")
    assert call("DELETE", f"{ADA}/1002/manager")[0] == 204
    assert [row["type"] for row in call("GET", ADA)[1]["results"]][-1] == "contact_to_company_unlabeled"


def test_listing_in_pages(call: Call) -> None:
    """An entry for each type of a link; a page is of records (W3.13.3)."""
    for id in ("1002", "1003"):
        call("PUT", f"{ADA}/{id}/279")
    _, body = call("GET", ADA, None, "limit=1")
    assert [row["id"] for row in body["results"]] == ["1002", "1002"]
    assert body["paging"]["next"]["after"] == "1003"
    assert "link" in body["paging"]["next"]
    _, body = call("GET", ADA, None, "limit=1&after=1003")
    assert body == {"results": [{"id": "1003", "type": "contact_to_company_unlabeled"}]}
