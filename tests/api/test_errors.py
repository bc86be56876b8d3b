"""The error answers that clients match on."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.ledger import NotImitated, not_imitated
from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

CONTACTS = "/crm/v3/objects/contacts"


def test_a_duplicate_address(call: Call) -> None:
    """409, and the message names the existing contact (W2.7.1)."""
    call("POST", CONTACTS, {"properties": {"email": "ada@acme.example"}})
    status, body = call("POST", CONTACTS, {"properties": {"email": "Ada@acme.example"}})
    assert status == 409
    assert list(body) == ["status", "message", "correlationId", "category"]
    assert (body["message"], body["category"]) == ("Contact already exists. Existing ID: 1001", "CONFLICT")


def test_an_unknown_property(call: Call) -> None:
    """The message holds valid JSON, errors[] says the same (W2.7.2)."""
    status, body = call("POST", CONTACTS, {"properties": {"nope": "1"}})
    words, _, listed = body["message"].partition(": ")
    assert (status, words, body["category"]) == (400, "Property values were not valid", "VALIDATION_ERROR")
    (problem,) = orjson.loads(listed)
    assert problem == {
        "isValid": False,
        "message": 'Property "nope" does not exist',
        "error": "PROPERTY_DOESNT_EXIST",
        "name": "nope",
        "localizedErrorMessage": 'Property "nope" does not exist',
        "portalId": 1,
    }
    context = {"propertyName": ["nope"]}
    assert body["errors"] == [{"message": problem["message"], "code": "PROPERTY_DOESNT_EXIST", "context": context}]


def test_an_unknown_stage(call: Call) -> None:
    """The allowed options are listed in HubSpot's way (W2.7.3)."""
    _, body = call("POST", CONTACTS, {"properties": {"email": "a@b.example", "lifecyclestage": "nonsense"}})
    start = 'nonsense was not one of the allowed options: [label: "Subscriber"\nvalue: "subscriber"\ndisplay_order: 0\n'
    assert body["errors"][0]["code"] == "INVALID_OPTION"
    assert body["errors"][0]["message"].startswith(start)


def test_missing_properties(call: Call) -> None:
    """400, with the names (W2.7.5)."""
    status, body = call("POST", "/crm/v3/objects/deals", {"properties": {"amount": "1"}})
    assert (status, body["message"]) == (400, "Error creating DEAL. Some required properties were not set.")
    assert body["context"] == {"properties": ["dealname"]}


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("77", "resource not found"),
        ("abc", "Object not found.  objectId are usually numeric."),
        ("0", "Object not found. objectId is usually positive."),
        ("-1", "Object not found. objectId is usually positive."),
        ("%C2%B2", "Object not found.  objectId are usually numeric."),
    ],
)
def test_no_such_record(call: Call, id: str, message: str) -> None:
    """Three wordings of 404, and the first has no category (W2.7.6)."""
    status, body = call("GET", f"{CONTACTS}/{id}")
    assert (status, body["message"]) == (404, message)
    assert ("category" in body) == (message != "resource not found")


@pytest.mark.parametrize("digits", ["9" * 5000, "²", "٣"])
def test_numbers_that_are_none(call: Call, digits: str) -> None:
    """Endless numbers and other scripts' digits are ids of nobody, wherever they stand (W2.7.6)."""
    id, query = quote(digits), f"after={quote(digits)}"
    statuses = [
        call("GET", f"{CONTACTS}/{id}")[0],
        call("DELETE", f"{CONTACTS}/{id}")[0],
        call("GET", CONTACTS, None, query)[0],
        call("GET", CONTACTS, None, f"limit={quote(digits)}")[0],
        call("POST", f"{CONTACTS}/search", {"after": digits, "limit": digits})[0],
        call("POST", f"{CONTACTS}/batch/read", {"inputs": [{"id": digits}]})[0],
        call("GET", f"/crm/v4/objects/contacts/{id}/associations/companies")[0],
        call("GET", f"/crm/v3/lists/{id}")[0],
    ]
    assert statuses == [404, 204, 400, 400, 400, 207, 400, 404]


def test_no_such_object_type(call: Call) -> None:
    """400, without a category (W2.7.7)."""
    status, body = call("GET", "/crm/v3/objects/butterflies")
    assert (status, body["message"]) == (400, "Unable to infer object type from: butterflies")
    assert "category" not in body


def test_no_such_route() -> None:
    """404 and 405 in HTML, an empty body for a PUT, and a header that says what is not imitated (W2.7.8)."""
    api = Api(Portal())
    for method, path, status, start in (
        ("GET", "/crm/v3/butterflies/x/y", 404, b"<html><head><title>Error 404 Not Found"),
        ("PUT", "/crm/v3/butterflies/x/y", 404, b""),
        ("PUT", f"{CONTACTS}/1", 405, b"<html><head><title>Error 405 Method Not Allowed"),
    ):
        response = api.handle(Request(method, path))
        assert (response.status, response.body[: len(start)]) == (status, start)
        assert dict(response.headers)["x-hubtwin-not-imitated"] == f"{method} {path}"
        assert dict(response.headers)["content-type"] == "text/html;charset=utf-8"


@pytest.mark.parametrize("missing", not_imitated(), ids=lambda missing: missing.path)
def test_what_is_listed_as_missing_is_missing(missing: NotImitated) -> None:
    """The page does not call anything missing that is there (W2.7.8)."""
    response = Api(Portal()).handle(Request(missing.method, missing.path, headers={"authorization": "Bearer x"}))
    assert response.status in (404, 405)
    assert dict(response.headers)["x-hubtwin-not-imitated"] == f"{missing.method} {missing.path}"


def test_no_token() -> None:
    """Without a bearer token nothing is answered (W6.9)."""
    for headers in ({}, {"authorization": "Basic x"}, {"authorization": "Bearer "}):
        response = Api(Portal()).handle(Request("GET", CONTACTS, headers=headers))
        body = orjson.loads(response.body)
        assert (response.status, body["category"]) == (401, "INVALID_AUTHENTICATION")
        assert dict(response.headers)["x-hubspot-correlation-id"] == body["correlationId"]


def test_a_token_names_its_portal() -> None:
    """One face can serve many portals, and an unknown token reaches none (W6.9)."""
    portals = {"a": Portal(), "b": Portal()}
    api = Api(portals)
    body = orjson.dumps({"properties": {"firstname": "Ada"}})
    statuses = [
        api.handle(Request("POST", CONTACTS, headers={"authorization": f"Bearer {token}"}, body=body)).status
        for token in ("a", "c")
    ]
    assert statuses == [201, 401]
    assert [len(portal.records[portal.type("contacts")]) for portal in portals.values()] == [1, 0]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"%", "Invalid input JSON on line 1, column 1: Unexpected character ('%' (code 37))"),
        (b'{\n "properties" %', "Invalid input JSON on line 2, column 15: Unexpected character ('%' (code 37))"),
        (b"", "Invalid input JSON on line 1, column 1: Unexpected end-of-input"),
        (b"\xff\xfe", "Invalid input JSON on line 1, column 1: "),
        (b"{}", "Invalid input JSON on line 1, column 1. Some required fields were not set: [properties]"),
        (b'{"properties": []}', "Invalid input JSON on line 1, column 16: Cannot deserialize value of type"),
        (b'{"properties": {"email": {}}}', "Invalid input JSON on line 1, column 26: Cannot deserialize value of"),
        (b"[]", "Invalid input JSON on line 1, column 1: Cannot deserialize value of type"),
        (b"[" * 100_000, "Invalid input JSON on line 1, column "),
    ],
)
def test_bodies_that_cannot_be_read(call: Call, account: Portal, body: bytes, message: str) -> None:
    """400 with the place; nothing is created (W2.7.9)."""
    status, answered = call("POST", CONTACTS, body)
    assert (status, answered["message"][: len(message)]) == (400, message)
    assert not account.records[account.type("contacts")]


def test_a_body_of_another_kind() -> None:
    """A form where JSON is wanted: 415 (W2.7.13)."""
    headers = {"authorization": "Bearer x", "content-type": "application/x-www-form-urlencoded"}
    assert Api(Portal()).handle(Request("POST", CONTACTS, headers=headers, body=b"email=x")).status == 415


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["properties", "inputs", "associations", "id", "idProperty", "filterGroups", "sorts", "types"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE"]),
    path=st.sampled_from(
        [
            CONTACTS,
            f"{CONTACTS}/1001",
            f"{CONTACTS}/search",
            f"{CONTACTS}/batch/create",
            f"{CONTACTS}/batch/upsert",
            f"{CONTACTS}/batch/read",
            "/crm/v4/associations/contacts/companies/batch/create",
            "/crm/v4/objects/contacts/1001/associations/companies/1002",
            "/crm/v3/properties/contacts",
            "/crm/v3/properties/contacts/groups",
            "/contacts/v1/contact/vid/1001/profile",
        ]
    ),
    body=st.one_of(JSON, st.dictionaries(KEYS, JSON, max_size=4), st.binary(max_size=40)),
    query=st.text(max_size=20),
)
def test_nothing_breaks_the_server(call: Call, method: str, path: str, body: Any, query: str) -> None:
    """Whatever the body and the query, the answer is HubSpot's and never a 5xx (W2.7.9)."""
    assert call(method, path, body, query)[0] < 500
