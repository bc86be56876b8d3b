"""How much of what the account may hold it holds."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

LIMITS = "/crm/v3/limits"
MACHINE = {
    "name": "machine",
    "labels": {"singular": "Machine", "plural": "Machines"},
    "properties": [{"name": "serial", "label": "Serial", "type": "string", "fieldType": "text"}],
    "requiredProperties": ["serial"],
    "associatedObjects": ["CONTACT"],
}
DEPTH = {"name": "depth", "label": "Depth", "type": "number", "fieldType": "number", "groupName": "contactinformation"}
STAGE = {"label": "Open", "displayOrder": 0, "metadata": {"probability": "0.5"}}
PARTNERS = {"name": "partners", "label": "Buys from", "inverseLabel": "Sells to"}


@pytest.fixture
def account() -> Portal:
    """A portal of an enterprise account."""
    return Portal(Configuration.model_validate({"limits": {"plan": "enterprise", "burst": 100_000}}))


@pytest.fixture
def read(call: Call) -> Callable[..., Any]:
    """`read("records")` → the parsed answer."""

    def read(path: str, query: str = "") -> Any:
        status, body = call("GET", f"{LIMITS}/{path}", None, query)
        assert status == 200, body
        return body

    return read


@pytest.fixture
def machines(call: Call) -> None:
    """A custom object type with two records."""
    assert call("POST", "/crm/v3/schemas", MACHINE)[0] == 201
    for serial in "12":
        assert call("POST", "/crm/v3/objects/machine", {"properties": {"serial": serial}})[0] == 201


def of(rows: list[dict[str, Any]], id: str) -> dict[str, Any]:
    return next(row for row in rows if row["objectTypeId"] == id)


def test_records(read: Callable[..., Any], account: Portal) -> None:
    """HubSpot's types by label, each with its own limit; the archived don't count (W7.8.1)."""
    for number in range(151):
        account.create("contacts", {"firstname": f"A{number}"})
    account.archive(account.create("contacts", {"firstname": "B"}))
    rows = read("records")["hubspotDefinedObjectTypes"]
    contacts = {"objectTypeId": "0-1", "singularLabel": "Contact", "pluralLabel": "Contacts"}
    assert of(rows, "0-1") == {**contacts, "limit": 15_000_000, "usage": 151, "percentage": 0.001}
    assert (rows[0]["singularLabel"], rows[0]["limit"]) == ("Appointment", 500_000)
    assert of(rows, "0-8")["pluralLabel"] == "Line items"


@pytest.mark.usefixtures("machines")
def test_records_of_custom_objects(read: Callable[..., Any]) -> None:
    """They share a limit (W7.8.1)."""
    assert read("records")["customObjectTypes"] == {
        "byObjectType": [{"objectTypeId": "2-1", "singularLabel": "Machine", "pluralLabel": "Machines", "usage": 2}],
        "overallLimit": 1_500_000,
        "overallUsage": 2,
        "overallPercentage": 0.0,
    }


@pytest.mark.usefixtures("machines")
def test_custom_object_types(read: Callable[..., Any]) -> None:
    """Ten of them for an enterprise account (W7.8.2)."""
    assert read("custom-object-types") == {"limit": 10, "usage": 1, "percentage": 10.0}


def test_a_smaller_plan() -> None:
    """None of them, and a percentage all the same (W7.8.2)."""
    answers = [
        Api(Portal()).handle(Request("GET", f"{LIMITS}/{path}", headers={"authorization": "Bearer x"}))
        for path in ("custom-object-types", "calculated-properties")
    ]
    assert answers[0].body == b'{"limit":0,"usage":0,"percentage":0.0}'
    assert b'"overallLimit":25' in answers[1].body


@pytest.mark.usefixtures("machines")
def test_properties(read: Callable[..., Any], call: Call) -> None:
    """The account's own ones, not HubSpot's (W7.8.3)."""
    assert call("POST", "/crm/v3/properties/contacts", DEPTH)[0] == 201
    body = read("custom-properties")
    used = {row["objectTypeId"]: row["usage"] for row in body["byObjectType"] if row["usage"]}
    assert (used, of(body["byObjectType"], "0-1")["percentage"]) == ({"0-1": 1, "2-1": 1}, 0.1)
    assert (body["overallLimit"], body["overallUsage"], body["overallPercentage"]) == (10_000, 2, 0.02)
    calculated = read("calculated-properties")
    assert (calculated["overallLimit"], calculated["overallUsage"]) == (200, 0)
    assert list(of(calculated["byObjectType"], "0-1")) == ["objectTypeId", "singularLabel", "pluralLabel", "usage"]


def test_pipelines(read: Callable[..., Any], call: Call) -> None:
    """Of the types that have them; lifecycle stages are no pipeline of anybody's making (W7.8.4)."""
    new = {"label": "Partners", "displayOrder": 1, "stages": [STAGE]}
    assert call("POST", "/crm/v3/pipelines/deals", new)[0] == 201
    body = read("pipelines")
    used = {row["objectTypeId"]: (row["usage"], row["limit"]) for row in body["hubspotDefinedObjectTypes"]}
    assert used == {"0-3": (2, 100), "0-136": (1, 100), "0-5": (1, 100)}
    assert body["customObjectTypes"]["overallLimit"] == 100


def test_labels(read: Callable[..., Any], call: Call) -> None:
    """A row for each direction in which there are any (W7.8.5)."""
    assert read("associations/labels") == {"results": []}
    assert call("POST", "/crm/v4/associations/contacts/companies/labels", PARTNERS)[0] == 200
    one, other = read("associations/labels")["results"]
    assert (one["allLabels"], other["allLabels"]) == (["Buys from"], ["Sells to"])
    assert (one["fromObjectType"]["objectTypeId"], one["toObjectType"]["objectTypeId"]) == ("0-1", "0-2")
    assert (one["limit"], one["usage"], one["percentage"]) == (10, 1, 10.0)
    assert read("associations/labels", "fromObjectTypeId=0-2&toObjectTypeId=contacts")["results"] == [other]


def test_labels_within_a_type(read: Callable[..., Any], call: Call) -> None:
    """Both of a pair are listed, and count once (W7.8.5)."""
    assert call("POST", "/crm/v4/associations/contacts/contacts/labels", PARTNERS)[0] == 200
    (row,) = read("associations/labels")["results"]
    assert (row["allLabels"], row["usage"]) == (["Buys from", "Sells to"], 1)


def test_associated_records(read: Callable[..., Any], call: Call, account: Portal) -> None:
    """Near the limit from 80% on, at it from 100% on, by the limit that administrators set (W7.8.6)."""
    companies = [account.create("companies", {"name": name}) for name in ("Near", "Full", "Small")]
    for company, count in zip(companies, (4, 5, 1), strict=True):
        for number in range(count):
            account.create("contacts", {"firstname": f"A{number}"}, links=[(company, ())])
    assert read("associations/records/0-2/0-1")["limit"] == 50_000
    assert read("associations/records/from") == {"results": []}
    limit = {"inputs": [{"category": "HUBSPOT_DEFINED", "typeId": 280, "maxToObjectIds": 5}]}
    path = "/crm/v4/associations/definitions/configurations/companies/contacts/batch/create"
    assert call("POST", path, limit)[0] in (200, 201)
    assert read("associations/records/0-2/0-1") == {
        "limit": 5,
        "totalRecordsNearLimit": 1,
        "totalRecordsAtLimit": 1,
        "nearLimitFromRecordSamples": [{"objectId": companies[0].id, "label": "Near", "usage": 4, "percentage": 80.0}],
        "atLimitFromRecordSamples": [{"objectId": companies[1].id, "label": "Full"}],
    }
    near = {"hasRecordsNearLimit": True, "hasRecordsAtLimit": True}
    contacts = {"objectTypeId": "0-1", "singularLabel": "Contact", "pluralLabel": "Contacts"}
    assert read("associations/records/0-2/to") == {"results": [{**contacts, **near}]}
    assert [row["objectTypeId"] for row in read("associations/records/from")["results"]] == ["0-2"]
    assert read("associations/records/0-1/to") == {"results": []}


def test_types_that_are_not_there(call: Call) -> None:
    """400, and so for two that can't be associated (W7.8.6)."""
    paths = ("butterflies/to", "0-1/butterflies", "0-115/0-7")
    assert [call("GET", f"{LIMITS}/associations/records/{path}")[0] for path in paths] == [400] * 3
    assert call("GET", f"{LIMITS}/associations/labels", None, "fromObjectTypeId=x")[0] == 400


def test_every_version(call: Call) -> None:
    """The same numbers in all paths (W1.11)."""
    answers = [call("GET", f"/crm/{path}/pipelines") for path in ("v3/limits", "limits/2026-03", "limits/2026-09")]
    assert [status for status, _ in answers] == [200] * 3
    assert answers[0] == answers[1] == answers[2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    ends=st.tuples(*[st.sampled_from(["0-1", "companies", "2-1", "users", "x", "%00"])] * 2),
    path=st.sampled_from(["records/{}/{}", "records/{}/to", "records/from", "labels"]),
    query=st.text(max_size=10),
)
def test_no_request_breaks_the_server(call: Call, ends: tuple[str, str], path: str, query: str) -> None:
    """Whatever is asked, no 5xx (W2.7.9)."""
    assert call("GET", f"{LIMITS}/associations/{path.format(*ends)}", None, query)[0] < 500
