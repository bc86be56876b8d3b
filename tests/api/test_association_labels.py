"""Association labels and limits over HTTP."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

PAIR = "/crm/v4/objects/contacts/1001/associations"
LABELS = "/crm/v4/associations/contacts/companies/labels"
LIMITS = "/crm/v4/associations/definitions/configurations"
MANAGER = {"name": "manager", "label": "Manager", "inverseLabel": "Managed by"}


@pytest.fixture(autouse=True)
def records(account: Portal) -> None:
    """Contact 1001, companies 1002 and 1003."""
    account.create("contacts", {"firstname": "Ada"})
    for name in ("Acme", "Globex"):
        account.create("companies", {"name": name})


@pytest.fixture
def manager(call: Call) -> int:
    """The id of a label of the portal's own."""
    id: int = call("POST", LABELS, MANAGER)[1]["results"][0]["typeId"]
    return id


def own(id: int) -> dict[str, Any]:
    return {"associationCategory": "USER_DEFINED", "associationTypeId": id}


def shown(call: Call, path: str = LABELS) -> list[str | None]:
    return [row["label"] for row in call("GET", path)[1]["results"]]


def test_labels(call: Call) -> None:
    """The unlabelled type has the label null (W3.12)."""
    _, body = call("GET", LABELS)
    assert {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None} in body["results"]


def test_a_new_label(call: Call) -> None:
    """200 with both directions; without an inverse one the label is that of both (W3.12.1)."""
    status, body = call("POST", LABELS, MANAGER)
    assert (status, [row["label"] for row in body["results"]]) == (200, ["Manager", "Managed by"])
    assert {row["category"] for row in body["results"]} == {"USER_DEFINED"}
    call("POST", LABELS, {"name": "partner", "label": "Partner"})
    assert shown(call) == ["Primary", None, "Manager", "Partner"]
    assert shown(call, "/crm/associations/2026-03/companies/contacts/labels")[2:] == ["Managed by", "Partner"]


def test_a_link_with_a_label(call: Call, manager: int) -> None:
    """The label is shown at both ends, beside the unlabelled type (W3.4)."""
    status, body = call("PUT", f"{PAIR}/companies/1003", [own(manager)])
    assert (status, body["labels"]) == (201, ["Primary", "Manager"])
    (row,) = call("GET", "/crm/v4/objects/companies/1003/associations/contacts")[1]["results"]
    assert [type["label"] for type in row["associationTypes"]] == ["Primary", None, "Managed by"]


def test_a_contact_made_with_a_label(call: Call, manager: int) -> None:
    """Inline associations take labels too (W3.4)."""
    link = {"to": {"id": "1002"}, "types": [own(manager)]}
    _, body = call("POST", "/crm/v3/objects/contacts", {"properties": {"firstname": "B"}, "associations": [link]})
    (row,) = call("GET", f"/crm/v4/objects/contacts/{body['id']}/associations/companies")[1]["results"]
    assert "Manager" in [type["label"] for type in row["associationTypes"]]


def test_renaming_a_label(call: Call, manager: int) -> None:
    """204; in both directions where no inverse one is given (W3.12.2)."""
    change = {"associationTypeId": manager, "label": "Boss", "inverseLabel": "Bossed by"}
    assert call("PUT", LABELS, change) == (204, b"")
    assert shown(call)[-1] == "Boss"
    call("PUT", LABELS, {"associationTypeId": manager, "label": "Chef"})
    assert shown(call, "/crm/v4/associations/companies/contacts/labels")[-1] == "Chef"


def test_deleting_a_label(call: Call, account: Portal, manager: int) -> None:
    """204 by either id; links lose it and stay (W3.12.3)."""
    call("PUT", f"{PAIR}/companies/1003", [own(manager)])
    assert call("DELETE", f"{LABELS}/{manager + 1}")[0] == 204
    ada, globex = account.find("contacts", 1001), account.find("companies", 1003)
    assert account.associations.of(ada, globex.type) == {globex: {1, 279}}
    assert shown(call) == ["Primary", None]
    status, body = call("DELETE", f"{LABELS}/{manager}")
    assert (status, body["message"]) == (400, "Unable to find objectTypeIds")


@pytest.mark.parametrize(
    ("method", "body", "message"),
    [
        (
            "POST",
            {"name": "manager", "label": "Head"},
            "Association definition named manager already exists for portal",
        ),
        (
            "POST",
            {**MANAGER, "name": "other"},
            "Association definition label Manager already exists on ObjectType pair",
        ),
        (
            "POST",
            {"name": "x", "label": ""},
            'Association definition label "" already exists on ObjectType pair 0-1-0-2',
        ),
        ("POST", {"name": "x"}, "Invalid input JSON on line 1, column 1. Some required fields were not set: [label]"),
        ("PUT", {"associationTypeId": 279, "label": "Plain"}, "Unable to find association type 279"),
        ("PUT", {"associationTypeId": 9, "label": "X"}, "Unable to find association type 9"),
    ],
)
def test_labels_that_cannot_be(call: Call, manager: int, method: str, body: Any, message: str) -> None:
    """Names and labels in use, HubSpot's own types (W3.12.1, W3.12.2)."""
    status, answered = call(method, LABELS, body)
    assert (status, answered["message"]) == (400, message)
    assert shown(call) == ["Primary", None, "Manager"]


def test_how_many_labels_there_may_be(call: Call) -> None:
    """437 beyond the limit of a pair, counting both directions as one (W3.12.4)."""
    statuses = [call("POST", LABELS, {"name": f"l{n}", "label": f"L{n}"})[0] for n in range(11)]
    assert statuses == [200] * 10 + [437]


def test_another_limit_of_labels() -> None:
    """It is an option of the portal (W3.12.4)."""
    api = Api(Portal(Configuration.model_validate({"options": {"association_labels": 1}})))
    bodies = [orjson.dumps({"name": name, "label": name}) for name in "ab"]
    headers = {"authorization": "Bearer x"}
    assert [api.handle(Request("POST", LABELS, headers=headers, body=body)).status for body in bodies] == [200, 437]


def test_types_that_hubspot_does_not_link(call: Call) -> None:
    """A first label between two such types brings the unlabelled one along, which goes last (W3.12.1, W3.12.3)."""
    path = "/crm/v4/associations/products/contacts/labels"
    _, body = call("POST", path, {"name": "tester", "label": "Tester"})
    assert [row["label"] for row in body["results"]] == ["Tester", "Tester", None, None]
    label, _, plain, _ = (row["typeId"] for row in body["results"])
    assert call("DELETE", f"{path}/{plain}")[1]["message"].startswith("Definition with label still exists")
    assert [call("DELETE", f"{path}/{id}")[0] for id in (label, plain)] == [204, 204]
    assert call("GET", path) == (200, {"results": []})


# -- limits --------------------------------------------------------------------------------------------------


def limit(id: int, most: int) -> dict[str, Any]:
    return {"inputs": [{"category": "HUBSPOT_DEFINED", "typeId": id, "maxToObjectIds": most}]}


def test_setting_limits(call: Call) -> None:
    """201, changed with 200, read for one pair and for all, taken away with 204 (W3.15)."""
    path = f"{LIMITS}/contacts/companies"
    kept = {"category": "HUBSPOT_DEFINED", "typeId": 279, "userEnforcedMaxToObjectIds": 1, "label": None}
    status, body = call("POST", f"{path}/batch/create", limit(279, 1))
    assert (status, body["results"]) == (201, [kept])
    assert call("GET", path) == call("GET", f"{LIMITS}/all") == (200, {"results": [kept]})
    status, body = call("POST", f"{path}/batch/update", limit(279, 2))
    assert (status, body["results"][0]["userEnforcedMaxToObjectIds"], "label" in body["results"][0]) == (200, 2, False)
    assert call("POST", f"{path}/batch/purge", limit(279, 2)) == (204, b"")
    assert call("GET", path) == (200, {"results": []})


def test_a_limit_holds(call: Call) -> None:
    """From both ends, one by one, in batches and for new records; a link that is there may be made again (W3.15)."""
    call("POST", f"{LIMITS}/contacts/companies/batch/create", limit(279, 1))
    paths = [f"{PAIR}/default/companies/{id}" for id in (1002, 1002, 1003)]
    assert [call("PUT", path)[0] for path in paths] == [200, 200, 400]
    assert call("PUT", "/crm/v4/objects/companies/1003/associations/default/contacts/1001")[0] == 400
    pair = {"from": {"id": "1001"}, "to": {"id": "1003"}, "types": []}
    assert call("POST", "/crm/v4/associations/contacts/companies/batch/create", {"inputs": [pair]})[0] == 207
    links = [
        {"to": {"id": id}, "types": [{**own(279), "associationCategory": "HUBSPOT_DEFINED"}]} for id in ("1002", "1003")
    ]
    new = {"properties": {"firstname": "B"}, "associations": links}
    assert [call("POST", "/crm/v3/objects/contacts", {**new, "associations": a})[0] for a in (links, links[:1])] == [
        400,
        201,
    ]


@pytest.mark.parametrize(
    "body", [limit(280, 1), limit(4, 1), limit(279, 0), {"inputs": [{"typeId": 279, "maxToObjectIds": 1}]}, {}]
)
def test_limits_that_cannot_be(call: Call, body: Any) -> None:
    """Types of another direction or pair, less than one, missing parts (W3.15)."""
    assert call("POST", f"{LIMITS}/contacts/companies/batch/create", body)[0] == 400
    assert call("GET", f"{LIMITS}/all") == (200, {"results": []})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    "name",
    "label",
    "inverseLabel",
    "associationTypeId",
    "inputs",
    "category",
    "typeId",
    "from",
    "to",
    "type",
    "id",
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.sampled_from(
        [
            LABELS,
            f"{LABELS}/2001",
            f"{LABELS}/x",
            f"{LIMITS}/contacts/companies/batch/create",
            f"{LIMITS}/contacts/companies/batch/purge",
            "/crm/v4/associations/contacts/companies/batch/labels/archive",
            "/crm/v3/associations/contacts/companies/batch/create",
            "/crm/v3/associations/contacts/companies/batch/read",
            "/crm/v3/objects/contacts/1001/associations/companies",
            "/crm/v3/objects/contacts/x/associations/companies/y/z",
        ]
    ),
    body=st.dictionaries(st.sampled_from(KEYS), JSON)
    | st.fixed_dictionaries({"inputs": st.lists(st.dictionaries(st.sampled_from(KEYS), JSON), max_size=2)}),
    query=st.sampled_from(["", "limit=-1", "after=x", "limit=99999999999", "after=99999999999999999999"]),
)
def test_nothing_breaks_the_server(call: Call, method: str, path: str, body: Any, query: str) -> None:
    """Whatever the body and the query, the answer is HubSpot's and never a 5xx (W2.7.9)."""
    assert call(method, path, body, query)[0] < 500
