"""Custom objects: their schemas, and their records like any others."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Call = Callable[..., tuple[int, Any]]

SCHEMAS = "/crm-object-schemas/v3/schemas"
MACHINE = {
    "name": "machine",
    "labels": {"singular": "Machine", "plural": "Machines"},
    "properties": [
        {"name": "serial", "label": "Serial", "type": "string", "fieldType": "text", "hasUniqueValue": True},
        {"name": "power", "label": "Power", "type": "number", "fieldType": "number"},
    ],
    "requiredProperties": ["serial"],
    "searchableProperties": ["serial"],
    "primaryDisplayProperty": "serial",
    "associatedObjects": ["CONTACT"],
}


@pytest.mark.parametrize("path", [SCHEMAS, "/crm/v3/schemas", "/crm-object-schemas/2026-03/schemas"])
def test_a_custom_object(call: Call, path: str) -> None:
    """201, and it is listed; every path is the same (W6.3.1)."""
    status, body = call("POST", path, MACHINE)
    assert (status, body["objectTypeId"], body["fullyQualifiedName"]) == (201, "2-1", "p1_machine")
    assert [schema["name"] for schema in call("GET", path)[1]["results"]] == ["machine"]
    assert {"serial", "hs_object_id"} <= {row["name"] for row in body["properties"]}


@pytest.mark.parametrize("word", ["2-1", "machine", "p_machine", "p1_machine"])
def test_its_records(call: Call, word: str) -> None:
    """Created, found by their unique property, searched, by any of the type's names (W6.3.1)."""
    call("POST", SCHEMAS, MACHINE)
    path = f"/crm/v3/objects/{word}"
    status, body = call("POST", path, {"properties": {"serial": "A1", "power": 5}})
    assert (status, body["properties"]["serial"]) == (201, "A1")
    assert call("POST", path, {"properties": {"serial": "A1"}})[0] == 409
    assert call("POST", path, {"properties": {"power": 5}})[0] == 400
    assert call("GET", f"{path}/A1", None, "idProperty=serial")[1]["id"] == body["id"]
    assert call("POST", f"{path}/search", {"query": "a1"})[1]["total"] == 1


def test_its_associations(call: Call) -> None:
    """With what the schema names, both ways, by ids of the portal's own (W6.3.1)."""
    _, schema = call("POST", SCHEMAS, MACHINE)
    call("POST", "/crm/v3/objects/machine", {"properties": {"serial": "A1"}})
    call("POST", "/crm/v3/objects/contacts", {"properties": {"firstname": "Ada"}})
    status, body = call("PUT", "/crm/v4/objects/machine/1001/associations/default/contacts/1002")
    assert (status, body["results"][0]["associationSpec"]["associationCategory"]) == (200, "USER_DEFINED")
    ids = {row["id"] for row in schema["associations"]}
    assert str(body["results"][0]["associationSpec"]["associationTypeId"]) in ids
    assert call("GET", "/crm/v4/objects/contacts/1002/associations/2-1")[1]["results"][0]["toObjectId"] == 1001


def test_more_associations(call: Call) -> None:
    """A schema can be associated with more types later, and no longer (W6.3.1)."""
    call("POST", SCHEMAS, MACHINE)
    pair = {"fromObjectTypeId": "2-1", "toObjectTypeId": "0-3", "name": "machine_to_deal"}
    status, body = call("POST", f"{SCHEMAS}/machine/associations", pair)
    assert (status, body["fromObjectTypeId"], body["toObjectTypeId"]) == (201, "2-1", "0-3")
    for _ in range(2):
        assert call("DELETE", f"{SCHEMAS}/machine/associations/{body['id']}")[0] == 204
    assert body["id"] not in {row["id"] for row in call("GET", f"{SCHEMAS}/machine")[1]["associations"]}


def test_changing_a_schema(call: Call) -> None:
    """200, without the properties; what is required changes at once (W6.3.1)."""
    call("POST", SCHEMAS, MACHINE)
    status, body = call("PATCH", f"{SCHEMAS}/machine", {"requiredProperties": ["serial", "power"]})
    assert (status, body["requiredProperties"], "properties" in body) == (200, ["serial", "power"], False)
    assert call("POST", "/crm/v3/objects/machine", {"properties": {"serial": "A1"}})[0] == 400


def test_deleting_a_schema(call: Call) -> None:
    """Only once its records are gone; the name is free after a purge (W6.3.2)."""
    call("POST", SCHEMAS, MACHINE)
    call("POST", "/crm/v3/objects/machine", {"properties": {"serial": "A1"}})
    assert call("DELETE", f"{SCHEMAS}/machine")[0] == 400
    call("DELETE", "/crm/v3/objects/machine/1001")
    assert call("DELETE", f"{SCHEMAS}/machine")[0] == 204
    assert call("GET", "/crm/v3/objects/machine")[0] == 400
    assert [row["name"] for row in call("GET", SCHEMAS, None, "archived=true")[1]["results"]] == ["machine"]
    assert call("POST", SCHEMAS, MACHINE)[0] == 400
    assert call("DELETE", f"{SCHEMAS}/machine", None, "archived=true")[0] == 204
    assert call("POST", SCHEMAS, MACHINE)[1]["objectTypeId"] == "2-2"


def test_hubspots_own_types(call: Call) -> None:
    """Their schemas can be read, and not changed (W6.3.3)."""
    status, body = call("GET", f"{SCHEMAS}/contacts")
    assert (status, body["metaType"], body["objectTypeId"]) == (200, "HUBSPOT", "0-1")
    assert [call(method, f"{SCHEMAS}/contacts", {})[0] for method in ("PATCH", "DELETE")] == [400, 400]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "1machine"},
        {"name": "contacts"},
        {"name": None},
        {"requiredProperties": ["nope"]},
        {"primaryDisplayProperty": "nope"},
        {"associatedObjects": ["butterfly"]},
        {"associatedObjects": "x"},
        {"properties": [{"name": "serial"}]},
        {"properties": [{"name": "serial", "label": "S", "type": "string", "fieldType": "number"}]},
        {"labels": []},
    ],
)
def test_schemas_that_cannot_be(call: Call, change: dict[str, Any]) -> None:
    """Bad names, unknown properties and types, wrong shapes: 400, and nothing is defined (W6.3.1)."""
    assert call("POST", SCHEMAS, {**MACHINE, **change})[0] == 400
    assert call("GET", SCHEMAS)[1]["results"] == []
    assert call("GET", "/crm/v3/objects/machine")[0] == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    key=st.sampled_from(list(MACHINE)),
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
        max_leaves=5,
    ),
)
def test_nothing_breaks_the_schemas(call: Call, key: str, value: Any) -> None:
    """Whatever is in the place of a part, the answer is 201 or 400 (W6.3.1)."""
    assert call("POST", SCHEMAS, {**MACHINE, key: value})[0] in (201, 400)
