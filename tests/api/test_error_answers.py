"""The error answers of the CRM API, status and body word for word (W2.7)."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

CONTACTS, DEALS = "/crm/v3/objects/contacts", "/crm/v3/objects/deals"
OPTIONS = ", ".join(
    f'label: "{label}"\nvalue: "{value}"\ndisplay_order: {order}\n'
    for order, (value, label) in enumerate([("newbusiness", "New Business"), ("existingbusiness", "Existing Business")])
)
SALES = (
    "appointmentscheduled, qualifiedtobuy, presentationscheduled, decisionmakerboughtin, contractsent, closedwon,"
    " closedlost"
)


@pytest.fixture(autouse=True)
def ada(account: Portal) -> None:
    """Contact 1001."""
    account.create("contacts", {"email": "ada@acme.example"})


def error(message: str, category: str | None = "VALIDATION_ERROR", **members: Any) -> dict[str, Any]:
    """An error body, less its correlation id."""
    body = {"status": "error", "message": message, **members}
    return body if category is None else {**body, "category": category}


def invalid(name: str, code: str, message: str, *, in_batch: bool = False) -> dict[str, Any]:
    """The body about one value that is not valid."""
    inner = {"isValid": False, "message": message, "error": code, "name": name}
    if not in_batch:
        inner |= {"localizedErrorMessage": message, "portalId": 1}
    words = f"Property values were not valid: [{orjson.dumps(inner).decode()}]"
    return error(words, errors=[{"message": message, "code": code, "context": {"propertyName": [name]}}])


def new(**values: Any) -> dict[str, Any]:
    return {"properties": values}


ROWS: list[tuple[str, str, str, Any, int, dict[str, Any]]] = [
    (
        "W2.7.1 duplicate address",
        *("POST", CONTACTS, new(email="ADA@acme.example")),
        *(409, error("Contact already exists. Existing ID: 1001", "CONFLICT")),
    ),
    (
        "W2.7.1 duplicate in a batch",
        *("POST", f"{CONTACTS}/batch/create", {"inputs": [new(email="ada@acme.example")]}),
        *(409, error("Contact already exists. Existing ID: 1001", "CONFLICT")),
    ),
    (
        "W2.7.2 unknown property",
        *("POST", CONTACTS, new(nope="1")),
        *(400, invalid("nope", "PROPERTY_DOESNT_EXIST", 'Property "nope" does not exist')),
    ),
    (
        "W2.7.2 unknown property in a batch",
        *("POST", f"{CONTACTS}/batch/create", {"inputs": [new(nope="1")]}),
        *(400, invalid("nope", "PROPERTY_DOESNT_EXIST", 'Property "nope" does not exist', in_batch=True)),
    ),
    (
        "W2.7.3 bad e-mail",
        *("PATCH", f"{CONTACTS}/1001", new(email="x")),
        *(400, invalid("email", "INVALID_EMAIL", "Email address x is invalid")),
    ),
    (
        "W2.7.3 bad option",
        *("POST", DEALS, new(dealname="D", dealtype="x")),
        *(400, invalid("dealtype", "INVALID_OPTION", f"x was not one of the allowed options: [{OPTIONS}]")),
    ),
    (
        "W2.7.3 read-only property",
        *("PATCH", f"{CONTACTS}/1001", new(hs_email_domain="x")),
        *(
            400,
            invalid(
                "hs_email_domain",
                "READ_ONLY_VALUE",
                '"hs_email_domain" is a calculated property; its value cannot be set.',
            ),
        ),
    ),
    (
        "W2.7.3 bad number",
        *("POST", DEALS, new(dealname="D", amount="1,000")),
        *(400, invalid("amount", "INVALID_INTEGER", "1,000 was not a valid number")),
    ),
    (
        "W2.7.3 bad moment",
        *("POST", DEALS, new(dealname="D", closedate="soon")),
        *(400, invalid("closedate", "INVALID_LONG", "soon was not a valid long.")),
    ),
    (
        "W2.7.4 bad stage",
        *("POST", DEALS, new(dealname="D", dealstage="x")),
        *(
            400,
            invalid(
                "dealstage",
                "INVALID_OPTION",
                f"x is not a valid pipeline stage ID. Valid options are: pipelineId=default : [{SALES}]",
            ),
        ),
    ),
    (
        "W2.7.5 missing property",
        *("POST", DEALS, new(amount="1")),
        *(
            400,
            error("Error creating DEAL. Some required properties were not set.", context={"properties": ["dealname"]}),
        ),
    ),
    (
        "F2.9 nothing to update",
        *("PATCH", f"{CONTACTS}/1001", {"properties": {}}),
        *(400, error("No properties found to update, please provide at least one.")),
    ),
    ("W2.7.6 unknown id", "GET", f"{CONTACTS}/77", None, 404, error("resource not found", None)),
    (
        "W2.7.6 not a number",
        *("GET", f"{CONTACTS}/abc", None),
        *(404, error("Object not found.  objectId are usually numeric.", "OBJECT_NOT_FOUND", context={"id": ["abc"]})),
    ),
    (
        "W2.7.6 zero",
        *("GET", f"{CONTACTS}/0", None),
        *(404, error("Object not found. objectId is usually positive.", "OBJECT_NOT_FOUND", context={"id": ["0"]})),
    ),
    (
        "W2.7.7 unknown object type",
        *("GET", "/crm/v3/objects/butterflies", None),
        *(400, error("Unable to infer object type from: butterflies", None)),
    ),
    (
        "W2.7.9 invalid JSON",
        *("POST", CONTACTS, b"%"),
        *(400, error("Invalid input JSON on line 1, column 1: Unexpected character ('%' (code 37))", None)),
    ),
    (
        "W2.7.9 missing member",
        *("POST", CONTACTS, {}),
        *(400, error("Invalid input JSON on line 1, column 1. Some required fields were not set: [properties]")),
    ),
    (
        "W2.7.9 wrong member",
        *("POST", CONTACTS, {"properties": []}),
        *(
            400,
            error(
                "Invalid input JSON on line 1, column 15: Cannot deserialize value of type `java.util.LinkedHashMap`"
                " from Array value (token `JsonToken.START_ARRAY`)",
                None,
            ),
        ),
    ),
    (
        "W2.7.10 duplicate ids",
        *("POST", f"{CONTACTS}/batch/update", {"inputs": [{"id": "1001", **new(phone="1")}] * 2}),
        *(400, error("Duplicate IDs found in batch input: [1001]. IDs must be unique", context={"ids": ["1001"]})),
    ),
    (
        "W2.7.12 inline association with nobody",
        *(
            "POST",
            DEALS,
            {
                **new(dealname="D"),
                "associations": [
                    {"to": {"id": 1}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]}
                ],
            },
        ),
        *(
            400,
            error(
                "One or more associations are invalid",
                context={
                    "INVALID_OBJECT_IDS": ["CONTACT=1 is not valid"],
                    "objectId": ["1"],
                    "objectType": ["CONTACT"],
                },
            ),
        ),
    ),
    (
        "W2.7.12 inline association of no known type",
        *(
            "POST",
            DEALS,
            {
                **new(dealname="D"),
                "associations": [
                    {"to": {"id": 1001}, "types": [{"associationCategory": "USER_DEFINED", "associationTypeId": 3}]}
                ],
            },
        ),
        *(
            400,
            error(
                "One or more associations are invalid",
                context={
                    "associationSpec": ["USER_DEFINED=3"],
                    "INVALID_ASSOCIATION_TYPE_ID": ["USER_DEFINED=3 is not a valid association definition id"],
                },
            ),
        ),
    ),
    (
        "W2.8.7 unknown property in a search",
        *(
            "POST",
            f"{CONTACTS}/search",
            {"filterGroups": [{"filters": [{"propertyName": "nope", "operator": "EQ", "value": "1"}]}]},
        ),
        *(400, error("There was a problem with the request.", None)),
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "expected"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS]
)
def test_an_error_word_for_word(
    call: Call, method: str, path: str, body: Any, status: int, expected: dict[str, Any]
) -> None:
    """Status, members and words are what clients match on (W2.7.1 to W2.7.12, W2.8.7, F2.9)."""
    answered, found = call(method, path, body)
    assert found.pop("correlationId")
    assert (answered, found) == (status, expected)


def test_unknown_ids_in_a_batch(call: Call) -> None:
    """207, and one error that lists them (W2.7.10)."""
    inputs = [{"id": id, **new(phone="1")} for id in ("1001", "77", "78")]
    status, body = call("POST", f"{CONTACTS}/batch/update", {"inputs": inputs})
    message = "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."
    wanted = {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": message,
        "context": {"ids": ["77", "78"]},
    }
    assert (status, body["errors"], body["numErrors"]) == (207, [wanted], 1)
