"""Batches: all or nothing, and the cases that are answered 207."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

BATCH = "/crm/v3/objects/contacts/batch"


def create(call: Call, *addresses: str) -> tuple[int, Any]:
    return call("POST", f"{BATCH}/create", {"inputs": [{"properties": {"email": one}} for one in addresses]})


def test_a_batch_is_created_whole(call: Call) -> None:
    """201, COMPLETE, and the records in HubSpot's envelope (W2.4.1)."""
    status, body = create(call, "a@x.example", "b@x.example")
    assert (status, list(body)) == (201, ["completedAt", "status", "startedAt", "results"])
    assert [row["properties"]["email"] for row in body["results"]] == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    ("second", "status"),
    [({"email": "b@x.example", "nope": "1"}, 400), ({"email": "A@x.example"}, 409), ({"phone": "1"}, 400)],
)
def test_one_bad_input_refuses_the_batch(call: Call, account: Portal, second: dict[str, str], status: int) -> None:
    """An unknown property, a duplicate, a missing one: nothing is created (W2.7.10)."""
    inputs = [{"properties": {"email": "a@x.example"}}, {"properties": second}]
    answered, body = call("POST", f"{BATCH}/create", {"inputs": inputs})
    assert answered == status
    assert "localizedErrorMessage" not in body["message"]
    assert not account.records[account.type("contacts")]


def test_trace_ids_make_it_a_207(call: Call) -> None:
    """With a trace id on every input the good ones are created and the bad ones named (W2.7.11)."""
    create(call, "a@x.example")
    inputs = [
        {"properties": {"email": address}, "objectWriteTraceId": str(number)}
        for number, address in enumerate(["a@x.example", "b@x.example"])
    ]
    status, body = call("POST", f"{BATCH}/create", {"inputs": inputs})
    assert (status, body["numErrors"], [row["objectWriteTraceId"] for row in body["results"]]) == (207, 1, ["1"])
    assert body["errors"] == [
        {
            "status": "error",
            "category": "CONFLICT",
            "message": "Contact already exists. Existing ID: 1001",
            "context": {"objectWriteTraceId": ["0"], "existingId": ["1001"]},
        }
    ]


def test_reading_some_that_do_not_exist(call: Call) -> None:
    """207, with the ids that were not found (W2.7.10)."""
    create(call, "a@x.example")
    inputs = [{"id": "1001"}, {"id": "77"}]
    status, body = call("POST", f"{BATCH}/read", {"inputs": inputs, "properties": ["email"]})
    assert (status, [row["id"] for row in body["results"]]) == (207, ["1001"])
    assert body["errors"][0]["context"] == {"ids": ["77"]}
    assert body["errors"][0]["message"].startswith("Could not get some CONTACT objects")


def test_updating_in_a_batch(call: Call) -> None:
    """Each result shows the kept stage; unknown ids make it a 207 (F2.b4, W2.7.10)."""
    create(call, "a@x.example")
    call("PATCH", "/crm/v3/objects/contacts/1001", {"properties": {"lifecyclestage": "customer"}})
    inputs = [{"id": id, "properties": {"lifecyclestage": "lead"}} for id in ("1001", "77")]
    status, body = call("POST", f"{BATCH}/update", {"inputs": inputs})
    assert (status, body["results"][0]["properties"]["lifecyclestage"]) == (207, "customer")


def test_the_same_id_twice(call: Call) -> None:
    """Refused whole: a batch promises no order (W2.7.10)."""
    create(call, "a@x.example")
    inputs = [{"id": "1001", "properties": {"phone": phone}} for phone in ("1", "2")]
    status, body = call("POST", f"{BATCH}/update", {"inputs": inputs})
    assert (status, body["message"]) == (400, "Duplicate IDs found in batch input: [1001]. IDs must be unique")


def test_upserting_by_address(call: Call) -> None:
    """The one that exists is updated, the other is new (W2.4.6)."""
    create(call, "a@x.example")
    inputs = [
        {"id": f"{name}@x.example", "idProperty": "email", "properties": {"firstname": name}} for name in ("a", "b")
    ]
    status, body = call("POST", f"{BATCH}/upsert", {"inputs": inputs})
    assert (status, [row["new"] for row in body["results"]]) == (200, [False, True])


def test_upserting_by_something_that_is_not_unique(call: Call) -> None:
    """hs_object_id and ordinary properties are refused (W2.4.6)."""
    inputs = [{"id": "1001", "idProperty": "hs_object_id", "properties": {"firstname": "A"}}]
    status, body = call("POST", f"{BATCH}/upsert", {"inputs": inputs})
    message = "Unable to perform upsert by non-unique 0-1 property hs_object_id in portal ID 1"
    assert (status, body["message"]) == (400, message)


def test_archiving_a_batch(call: Call, account: Portal) -> None:
    """204, unknown ids included (W2.4.1)."""
    create(call, "a@x.example", "b@x.example")
    assert call("POST", f"{BATCH}/archive", {"inputs": [{"id": "1001"}, {"id": "77"}]}) == (204, b"")
    assert [record.id for record in account.records[account.type("contacts")]] == [1002]


@pytest.mark.parametrize("operation", ["create", "read", "update", "upsert", "archive"])
def test_a_hundred_is_the_most(call: Call, operation: str) -> None:
    """More than 100 inputs, no inputs at all, and inputs of the wrong shape are refused (W2.4.5, W2.7.9)."""
    many = [{"id": str(number), "properties": {}} for number in range(101)]
    bodies: list[Any] = [{"inputs": many}, {}, {"inputs": "x"}, {"inputs": ["x"]}, [], "x"]
    for body in bodies:
        assert call("POST", f"{BATCH}/{operation}", body)[0] == 400
