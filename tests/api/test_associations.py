"""Associations over HTTP, version 4."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

PAIR = "/crm/v4/objects/contacts/1001/associations"
BATCH = "/crm/v4/associations/contacts/companies/batch"


@pytest.fixture(autouse=True)
def records(account: Portal) -> None:
    """Contact 1001, companies 1002 and 1003."""
    account.create("contacts", {"firstname": "Ada"})
    for name in ("Acme", "Globex"):
        account.create("companies", {"name": name})


def spec(id: int) -> dict[str, Any]:
    return {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id}


def test_associating_by_default(call: Call) -> None:
    """200, both directions (W3.3)."""
    status, body = call("PUT", f"{PAIR}/default/companies/1002")
    assert (status, list(body)) == (200, ["status", "results", "startedAt", "completedAt"])
    assert body["results"] == [
        {"from": {"id": "1001"}, "to": {"id": "1002"}, "associationSpec": spec(279)},
        {"from": {"id": "1002"}, "to": {"id": "1001"}, "associationSpec": spec(280)},
    ]


def test_listing(call: Call) -> None:
    """Numeric ids, every type of each link; an empty list is 200 (W3.6, W3.16)."""
    assert call("GET", f"{PAIR}/companies") == (200, {"results": []})
    call("PUT", f"{PAIR}/default/companies/1002")
    _, body = call("GET", f"{PAIR}/company")
    assert body["results"] == [
        {
            "toObjectId": 1002,
            "associationTypes": [
                {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
                {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None},
            ],
        }
    ]


def test_listing_in_pages(call: Call) -> None:
    """`after` is the next id (W3.6)."""
    for id in (1002, 1003):
        call("PUT", f"{PAIR}/default/companies/{id}")
    _, body = call("GET", f"{PAIR}/companies", None, "limit=1")
    assert body["paging"]["next"]["after"] == "1003"
    assert [row["toObjectId"] for row in call("GET", f"{PAIR}/companies", None, "after=1003")[1]["results"]] == [1003]


def test_associating_with_labels(call: Call) -> None:
    """201, with the labels; Primary moves when it is asked for (W3.4, W3.16)."""
    call("PUT", f"{PAIR}/default/companies/1002")
    status, body = call("PUT", f"{PAIR}/companies/1003", [spec(1)])
    assert (status, body["labels"], body["toObjectId"]) == (201, ["Primary"], 1003)
    primary = [len(row["associationTypes"]) for row in call("GET", f"{PAIR}/companies")[1]["results"]]
    assert primary == [1, 2]


def test_a_labelled_association_replaces_the_labels(call: Call, account: Portal) -> None:
    """A PUT with other labels takes the earlier ones away; the unlabelled type stays (W3.4)."""
    path = "/crm/v4/objects/companies/1002/associations/companies/1003"
    assert call("PUT", path, [spec(13)])[0] == 201
    call("PUT", path, [spec(14)])
    acme, globex = (account.find("companies", id) for id in (1002, 1003))
    assert account.associations.of(acme, acme.type) == {globex: {14, 450}}


def test_unlinking(call: Call) -> None:
    """204, again and again (W3.9)."""
    call("PUT", f"{PAIR}/default/companies/1002")
    for _ in range(2):
        assert call("DELETE", f"{PAIR}/companies/1002") == (204, b"")
    assert call("GET", f"{PAIR}/companies")[1] == {"results": []}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{PAIR}/default/companies/77", None, 404),
        (f"{PAIR}/default/butterflies/1", None, 400),
        (f"{PAIR}/default/contacts/1001", None, 400),
        (f"{PAIR}/companies/1002", [spec(280)], 400),
        (f"{PAIR}/companies/1002", [spec(4)], 400),
        (f"{PAIR}/companies/1002", [spec(99999)], 400),
        (f"{PAIR}/companies/1002", {}, 400),
        (f"{PAIR}/companies/1002", [{}], 400),
    ],
)
def test_associations_that_cannot_be(call: Call, account: Portal, path: str, body: Any, status: int) -> None:
    """Unknown records and types, the wrong direction, a record with itself; nothing is linked (W3.10)."""
    assert call("PUT", path, body)[0] == status
    assert not list(account.associations.neighbours(account.find("contacts", 1001)))


def test_batches(call: Call) -> None:
    """Create 201, read 207 for those that have none, archive 204 (W3.7, W3.8, W3.9)."""
    pair = {"from": {"id": "1001"}, "to": {"id": "1002"}}
    status, body = call("POST", f"{BATCH}/create", {"inputs": [{**pair, "types": [spec(1)]}]})
    assert (status, body["results"][0]["labels"]) == (201, ["Primary"])
    status, body = call("POST", f"{BATCH}/read", {"inputs": [{"id": "1001"}, {"id": "77"}]})
    assert (status, body["results"][0]["to"][0]["toObjectId"]) == (207, 1002)
    assert body["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert body["errors"][0]["message"] == "No company is associated with contact 77."
    assert call("POST", f"{BATCH}/archive", {"inputs": [{"from": {"id": "1001"}, "to": [{"id": "1002"}]}]})[0] == 204
    assert call("POST", f"{BATCH}/associate/default", {"inputs": [pair]})[0] == 200


def test_a_batch_with_bad_pairs(call: Call) -> None:
    """207: the others are linked, and each that can't be says why (W3.10.1)."""
    pairs = [("1001", "1002"), ("1001", "77"), ("x", "1002")]
    inputs = [{"from": {"id": one}, "to": {"id": other}, "types": [spec(279)]} for one, other in pairs]
    status, body = call("POST", f"{BATCH}/create", {"inputs": inputs})
    assert (status, len(body["results"]), body["numErrors"]) == (207, 1, 2)
    assert body["errors"][1] == {
        "status": "error",
        "category": "VALIDATION_ERROR",
        "subCategory": "crm.associations.INVALID_IDENTIFIER",
        "message": "x is not a valid ID",
        "context": {},
    }


def test_an_unknown_type_refuses_a_batch(call: Call, account: Portal) -> None:
    """400, and nothing is linked (W3.10)."""
    inputs = [{"from": {"id": "1001"}, "to": {"id": "1002"}, "types": [spec(id)]} for id in (279, 99999)]
    status, body = call("POST", f"{BATCH}/create", {"inputs": inputs})
    assert (status, list(body["context"])) == (400, ["associationSpec", "INVALID_ASSOCIATION_TYPE_ID"])
    assert not list(account.associations.neighbours(account.find("contacts", 1001)))


def test_an_id_that_cannot_be_one(call: Call) -> None:
    """400 for a record that a path names, an error of its own in a batch that reads (W3.10.1)."""
    for path in ("contacts/x/associations/default/companies/1002", "contacts/1001/associations/default/companies/x"):
        status, body = call("PUT", f"/crm/v4/objects/{path}")
        assert (status, body["subCategory"]) == (400, "crm.associations.INVALID_IDENTIFIER")
    status, body = call("POST", f"{BATCH}/read", {"inputs": [{"id": "x"}]})
    assert (status, body["errors"][0]["context"]) == (207, {"fromObjectId": ["x"]})


def test_reading_many_links_in_pages(call: Call, account: Portal) -> None:
    """A batch shows 500 links of each record, and where to go on (W3.7.1)."""
    acme = account.find("companies", 1002)
    contacts = [account.create("contacts", {"firstname": "A"}, links=[(acme, ())]) for _ in range(501)]
    path = "/crm/v4/associations/companies/contacts/batch/read"
    (row,) = call("POST", path, {"inputs": [{"id": "1002"}]})[1]["results"]
    after = row["paging"]["next"]["after"]
    assert (len(row["to"]), after) == (500, str(contacts[-1].id))
    (row,) = call("POST", path, {"inputs": [{"id": "1002", "after": after}]})[1]["results"]
    assert ([to["toObjectId"] for to in row["to"]], "paging" in row) == ([contacts[-1].id], False)


def test_taking_labels_off(call: Call, account: Portal) -> None:
    """204; a link keeps its other types, and without the unlabelled one it is gone (W3.8.1)."""
    call("PUT", f"{PAIR}/default/companies/1002")
    pair = {"from": {"id": "1001"}, "to": {"id": "1002"}}
    ada, acme = account.find("contacts", 1001), account.find("companies", 1002)
    kept = []
    for id in (1, 279):
        assert call("POST", f"{BATCH}/labels/archive", {"inputs": [{**pair, "types": [spec(id)]}]})[0] == 204
        kept.append(sorted(account.associations.of(ada, acme.type).get(acme, ())))
    assert kept == [[279], []]


@pytest.mark.parametrize(
    ("operation", "inputs", "status"),
    [
        ("read", [{"id": "1"}] * 1001, 400),
        ("create", [{"from": {"id": "1"}, "to": {"id": "2"}, "types": []}] * 2001, 400),
        ("archive", [{"from": {"id": str(n)}, "to": []} for n in range(101)], 400),
        ("archive", [{"from": {"id": "1001"}, "to": []}] * 101, 204),
    ],
)
def test_how_large_batches_may_be(call: Call, operation: str, inputs: list[Any], status: int) -> None:
    """1,000 to read, 2,000 to create, 100 different records to unlink (W3.11)."""
    assert call("POST", f"{BATCH}/{operation}", {"inputs": inputs})[0] == status
