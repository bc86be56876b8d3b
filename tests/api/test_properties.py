"""Properties, their groups and their validation rules over HTTP."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

PROPERTIES = "/crm/v3/properties/contacts"
RULES = "/crm/v3/property-validations/0-1"
CONTACTS = "/crm/v3/objects/contacts"


def new(name: str, **more: Any) -> dict[str, Any]:
    kind = {"type": "string", "fieldType": "text", "groupName": "contactinformation"}
    return {"name": name, "label": name.title(), **kind, **more}


def options(*values: str) -> list[dict[str, str]]:
    return [{"label": value.title(), "value": value} for value in values]


# -- definitions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"name": "hs_mine"},
        {"name": "x" * 101},
        {"type": "bool", "fieldType": "booleancheckbox"},
        {"type": "bool", "fieldType": "booleancheckbox", "options": options("yes", "no")},
        {"type": "enumeration", "fieldType": "select", "options": options("a", "a")},
        {"type": "number", "fieldType": "calculation_equation"},
        {"externalOptions": True},
        {"externalOptions": True, "referencedObjectType": "OWNER"},
        {"dataSensitivity": "secret"},
        {"hidden": "perhaps"},
    ],
)
def test_more_properties_that_cannot_be(call: Call, change: dict[str, Any]) -> None:
    """Reserved names, options that don't fit, formulas, which are not imitated (W4.3, W4.5, W4.7.1)."""
    assert call("POST", PROPERTIES, {**new("size"), **change})[0] == 400
    assert call("GET", f"{PROPERTIES}/size")[0] == 404


def test_a_property_with_owners_for_options(call: Call, account: Portal) -> None:
    """External options are those of the object that is referenced (W4.5)."""
    wanted = new("coach", type="enumeration", fieldType="select", externalOptions=True, referencedObjectType="OWNER")
    _, body = call("POST", PROPERTIES, wanted)
    assert (body["externalOptions"], body["referencedObjectType"], body["options"]) == (True, "OWNER", [])
    owner = next(iter(account.users)).id
    statuses = [call("POST", CONTACTS, {"properties": {"firstname": "A", "coach": id}})[0] for id in (owner, "7")]
    assert statuses == [201, 400]


def test_unique_properties(call: Call) -> None:
    """A value is one record's only; ten such properties are the limit (W2.6.1)."""
    statuses = [call("POST", PROPERTIES, new(f"key{n}", hasUniqueValue=True))[0] for n in range(11)]
    assert statuses == [201] * 10 + [400]
    contacts = [call("POST", CONTACTS, {"properties": {"firstname": "A", "key1": "7"}})[0] for _ in range(2)]
    assert contacts == [201, 409]


def test_changing_a_property(call: Call, account: Portal) -> None:
    """A PATCH changes what it names, null names nothing, and a property stays unique or not (W4.5.1)."""
    call("POST", PROPERTIES, new("size", description="Big?"))
    account.clock.advance("1h")
    change = {"label": "Shoe", "hidden": True, "displayOrder": 4, "formField": True, "groupName": None}
    _, body = call("PATCH", f"{PROPERTIES}/size", {**change, "hasUniqueValue": True})
    assert (body["label"], body["hidden"], body["displayOrder"], body["formField"]) == ("Shoe", True, 4, True)
    assert (body["description"], body["groupName"], body["hasUniqueValue"]) == ("Big?", "contactinformation", False)
    assert (body["createdAt"], body["updatedAt"]) == ("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z")


@pytest.mark.parametrize(
    "change", [{"type": "number"}, {"groupName": "nope"}, {"options": [{}]}, {"displayOrder": "x"}]
)
def test_changes_that_cannot_be(call: Call, change: dict[str, Any]) -> None:
    """What can't be made can't come of a change either (W4.4, W4.8)."""
    _, before = call("POST", PROPERTIES, new("size"))
    assert call("PATCH", f"{PROPERTIES}/size", change)[0] == 400
    assert call("GET", f"{PROPERTIES}/size")[1] == before


def test_the_options_of_lead_status(call: Call) -> None:
    """They are HubSpot's and can be changed all the same, all at once, by PATCH and not by PUT (F5.3)."""
    path = f"{PROPERTIES}/hs_lead_status"
    _, body = call("GET", path)
    status, changed = call("PATCH", path, {"label": "Lead Status", "options": options("NEW", "NURTURING")})
    assert (status, [one["value"] for one in changed["options"]]) == (200, ["NEW", "NURTURING"])
    assert body["modificationMetadata"]["readOnlyOptions"] is False
    assert call("PUT", path, body)[0] == 405
    assert call("POST", CONTACTS, {"properties": {"firstname": "A", "hs_lead_status": "OPEN"}})[0] == 400


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("hs_lead_status", {"label": "Temperature"}),
        ("email", {"hidden": True}),
        ("lifecyclestage", {"options": options("lead")}),
        ("hubspot_owner_id", {"options": options("7")}),
    ],
)
def test_what_stays_as_hubspot_defined_it(call: Call, name: str, change: dict[str, Any]) -> None:
    """Definitions are read-only, and options that follow from something else (W4.9.2)."""
    assert call("PATCH", f"{PROPERTIES}/{name}", change)[0] == 400


def test_sensitive_properties(call: Call) -> None:
    """They are listed where they are asked for (W4.6.1)."""
    call("POST", PROPERTIES, new("diagnosis", dataSensitivity="sensitive"))
    listed = {
        kind: [row["name"] for row in call("GET", PROPERTIES, None, f"dataSensitivity={kind}")[1]["results"]]
        for kind in ("sensitive", "non_sensitive")
    }
    assert listed["sensitive"] == ["diagnosis"]
    assert "diagnosis" not in listed["non_sensitive"]
    shown = call("GET", PROPERTIES, None, "properties=email,firstname")[1]["results"]
    assert sorted(row["name"] for row in shown) == ["email", "firstname"]


def test_an_archived_property_comes_back(call: Call, account: Portal) -> None:
    """Archived ones are read with `archived=true`; a new one of the same name keeps the date of creation (W4.9)."""
    call("POST", PROPERTIES, new("size"))
    account.clock.advance("1h")
    call("DELETE", f"{PROPERTIES}/size")
    _, gone = call("GET", f"{PROPERTIES}/size", None, "archived=true")
    assert (gone["archived"], gone["archivedAt"]) == (True, "2026-03-02T10:00:00Z")
    _, back = call("POST", PROPERTIES, new("size", type="number", fieldType="number"))
    assert (back["type"], back["createdAt"], back["archived"]) == ("number", "2026-03-02T09:00:00Z", False)
    assert call("GET", f"{PROPERTIES}/size", None, "archived=true")[0] == 404


def test_a_property_in_use() -> None:
    """What a form asks for can't be archived (W4.9.1, F11.1)."""
    form = {"name": "Demo", "fields": ["email", "size"]}
    data = {"properties": {"contacts": [{"name": "size"}]}, "forms": [form]}
    api = Api(Portal(Configuration.model_validate(data)))
    response = api.handle(Request("DELETE", f"{PROPERTIES}/size", headers={"authorization": "Bearer x"}))
    body = orjson.loads(response.body)
    assert (response.status, body["context"]) == (400, {"usageCount": ["1"], "places": ["forms.0"]})
    assert body["subCategory"] == "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"


# -- batches and groups --------------------------------------------------------------------------------------


def test_making_properties_in_a_batch(call: Call) -> None:
    """201 without dates; 207 with the ones that can't be made (W4.6.2, W4.8)."""
    status, body = call("POST", f"{PROPERTIES}/batch/create", {"inputs": [new("size"), new("colour")]})
    assert (status, [next(iter(row)) for row in body["results"]]) == (201, ["name", "name"])
    status, body = call("POST", f"{PROPERTIES}/batch/create", {"inputs": [new("size"), new("Shape"), new("shape")]})
    assert (status, [row["name"] for row in body["results"]], body["numErrors"]) == (207, ["shape"], 2)
    assert body["errors"][0] == {
        "status": "error",
        "category": "OBJECT_ALREADY_EXISTS",
        "subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS",
        "message": "A property named 'size' already exists.",
        "context": {"name": ["size"]},
    }


def test_archiving_properties_in_a_batch(call: Call) -> None:
    """204, all or none; archived ones are read with `archived` (W4.6.3)."""
    call("POST", f"{PROPERTIES}/batch/create", {"inputs": [new("size"), new("colour")]})
    names = [{"name": "size"}, {"name": "email"}]
    assert call("POST", f"{PROPERTIES}/batch/archive", {"inputs": names})[0] == 400
    assert call("GET", f"{PROPERTIES}/size")[0] == 200
    names = [{"name": "size"}, {"name": "size"}, {"name": "nope"}]
    assert call("POST", f"{PROPERTIES}/batch/archive", {"inputs": names})[0] == 204
    status, body = call("POST", f"{PROPERTIES}/batch/read", {"archived": True, "inputs": names[:1]})
    assert (status, body["results"][0]["archived"]) == (200, True)


def test_changing_groups(call: Call) -> None:
    """A group can be read and renamed, and deleted once it is empty (W4.8.2, W4.8.3)."""
    call("POST", f"{PROPERTIES}/groups", {"name": "ours", "label": "Ours"})
    path = f"{PROPERTIES}/groups/ours"
    renamed = {"name": "ours", "label": "Theirs", "displayOrder": 3, "archived": False}
    assert call("PATCH", path, {"label": "Theirs", "displayOrder": 3}) == (200, renamed)
    assert call("GET", path) == (200, renamed)
    assert [call("DELETE", path)[0] for _ in range(2)] == [204, 404]


def test_a_group_with_properties(call: Call) -> None:
    """The refusal is JSON in a string (W4.8.2)."""
    status, body = call("DELETE", f"{PROPERTIES}/groups/contactinformation")
    inner = orjson.loads(body["message"])
    assert (status, inner["message"]) == (400, "Can't delete or purge a group with active properties")
    assert inner["subCategory"] == "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"


# -- validation rules ----------------------------------------------------------------------------------------


def test_a_validation_rule(call: Call) -> None:
    """204; values are held to it, whoever writes (W4.12)."""
    path = f"{RULES}/zip/rule-type/ALPHANUMERIC"
    assert call("PUT", path, {"ruleArguments": ["NUMERIC_ONLY"]}) == (204, b"")
    rule = {"ruleType": "ALPHANUMERIC", "ruleArguments": ["NUMERIC_ONLY"]}
    assert call("GET", path) == (200, rule)
    assert call("GET", f"{RULES}/zip") == (200, {"results": [rule]})
    assert call("GET", RULES) == (200, {"results": [{"propertyName": "zip", "propertyValidationRules": [rule]}]})
    statuses = [call("POST", CONTACTS, {"properties": {"firstname": "A", "zip": zip}})[0] for zip in ("00100", "FI-1")]
    assert statuses == [201, 400]


def test_one_rule_of_each_type(call: Call) -> None:
    """A second one takes the place of the first, and leaves those of other types alone (W4.12)."""
    for type, argument in (("MIN_LENGTH", "2"), ("MAX_LENGTH", "5"), ("MAX_LENGTH", "3")):
        call("PUT", f"{RULES}/city/rule-type/{type}", {"ruleArguments": [argument]})
    rules = call("GET", f"{RULES}/city")[1]["results"]
    assert [(rule["ruleType"], rule["ruleArguments"]) for rule in rules] == [
        ("MAX_LENGTH", ["3"]),
        ("MIN_LENGTH", ["2"]),
    ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("city/rule-type/NOPE", {"ruleArguments": []}, 400),
        ("city/rule-type/MIN_NUMBER", {"ruleArguments": ["1"]}, 400),
        ("city/rule-type/MIN_LENGTH", {"ruleArguments": []}, 400),
        ("city/rule-type/MIN_LENGTH", {"ruleArguments": ["x"]}, 400),
        ("city/rule-type/MIN_LENGTH", {}, 400),
        ("city/rule-type/REGEX", {"ruleArguments": ["(", "no"]}, 400),
        ("nope/rule-type/MIN_LENGTH", {"ruleArguments": ["1"]}, 404),
    ],
)
def test_rules_that_cannot_be(call: Call, path: str, body: Any, status: int) -> None:
    """Unknown types, types that don't go with the property, wrong arguments (W4.12)."""
    assert call("PUT", f"{RULES}/{path}", body)[0] == status
    assert call("GET", RULES) == (200, {"results": []})
    assert call("GET", f"{RULES}/{path}")[0] == 404


# -- anything ------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
DEFINITIONS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["size", "email"]) | JSON,
        "label": st.just("L") | JSON,
        "groupName": st.just("emailinformation"),
    },
    optional={
        "type": st.sampled_from(["string", "bool", "enumeration"]) | JSON,
        "fieldType": st.sampled_from(["text", "select"]) | JSON,
        "options": st.lists(st.fixed_dictionaries({"label": JSON, "value": JSON}, optional={"hidden": JSON})) | JSON,
        "hasUniqueValue": JSON,
        "externalOptions": JSON,
        "referencedObjectType": JSON,
        "ruleArguments": st.lists(st.text(max_size=5)) | JSON,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE"]),
    path=st.sampled_from(
        [
            PROPERTIES,
            f"{PROPERTIES}/size",
            f"{PROPERTIES}/lifecyclestage",
            f"{PROPERTIES}/batch/create",
            f"{PROPERTIES}/batch/archive",
            f"{PROPERTIES}/groups",
            f"{PROPERTIES}/groups/emailinformation",
            f"{RULES}/city/rule-type/REGEX",
            f"{RULES}/city/rule-type/MAX_LENGTH",
        ]
    ),
    body=st.one_of(DEFINITIONS, DEFINITIONS.map(lambda one: {"inputs": [one]}), JSON),
)
def test_nothing_breaks_the_server(call: Call, method: str, path: str, body: Any) -> None:
    """Whatever the body, the answer is HubSpot's and never a 5xx (W2.7.9)."""
    assert call(method, path, body)[0] < 500
