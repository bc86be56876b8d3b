"""Users, teams and roles over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

USERS = "/settings/v3/users"
OWNERS = "/crm/v3/owners"


@pytest.fixture
def account() -> Portal:
    """A portal with two teams and a role."""
    users = [
        {"email": "ada@x.example", "first_name": "Ada", "team": "North", "super_admin": True},
        {"email": "bo@x.example", "team": "South"},
    ]
    return Portal(Configuration.model_validate({"users": users, "roles": ["Seller"]}))


def add(call: Call, **members: Any) -> dict[str, Any]:
    status, body = call("POST", USERS, {"email": "cy@x.example", "sendWelcomeEmail": False, **members})
    assert status == 201, body
    return dict(body)


def test_users_in_pages(call: Call) -> None:
    """With their teams, and who is a super admin (W6.2.1, W6.2.4)."""
    _, page = call("GET", USERS, None, "limit=1")
    assert page["results"] == [
        {
            "id": "9000001",
            "email": "ada@x.example",
            "firstName": "Ada",
            "roleIds": [],
            "primaryTeamId": "40000001",
            "superAdmin": True,
        }
    ]
    _, rest = call("GET", USERS, None, f"after={page['paging']['next']['after']}")
    assert ([user["email"] for user in rest["results"]], "paging" in rest) == (["bo@x.example"], False)


def test_a_new_user_owns_records(call: Call) -> None:
    """At once, as the owner with another id (W6.2.1, W6.2.2)."""
    user = add(call, email="Cy@x.example", firstName="Cy", primaryTeamId="40000002", secondaryTeamIds=["40000001"])
    (owner,) = call("GET", OWNERS, None, "email=cy@x.example")[1]["results"]
    assert (str(owner["userId"]), owner["firstName"]) == (user["id"], "Cy")
    assert [(team["name"], team["primary"]) for team in owner["teams"]] == [("South", True), ("North", False)]
    properties = {"firstname": "A", "hubspot_owner_id": owner["id"]}
    assert call("POST", "/crm/v3/objects/contacts", {"properties": properties})[0] == 201


def test_a_user_is_changed(call: Call) -> None:
    """By id or by e-mail address; what is not sent stays (W6.2.1)."""
    id = add(call, firstName="Cy")["id"]
    _, changed = call("PUT", f"{USERS}/{id}", {"primaryTeamId": "40000001", "roleId": "20000001"})
    assert (changed["firstName"], changed["primaryTeamId"], changed["roleIds"]) == ("Cy", "40000001", ["20000001"])
    assert call("GET", f"{USERS}/CY@x.example", None, "idProperty=EMAIL")[1] == changed


def test_a_user_is_removed(call: Call, account: Portal) -> None:
    """204 every time; the owner is archived and can be given no more, the records keep theirs (W6.2.1, W6.2.2)."""
    contact = account.create("contacts", {"firstname": "A", "hubspot_owner_id": "70000002"})
    assert [call("DELETE", f"{USERS}/9000002")[0] for _ in range(2)] == [204, 204]
    assert [owner["id"] for owner in call("GET", OWNERS, None, "archived=true")[1]["results"]] == ["70000002"]
    assert call("GET", f"{OWNERS}/70000002")[0] == 404
    assert call("GET", f"{OWNERS}/70000002", None, "archived=true")[1]["archived"] is True
    assert contact.get("hubspot_owner_id") == "70000002"
    properties = {"firstname": "B", "hubspot_owner_id": "70000002"}
    assert call("POST", "/crm/v3/objects/contacts", {"properties": properties})[0] == 400


def test_ids_are_not_used_again(call: Call) -> None:
    """Whoever comes after somebody left is somebody else (W6.2.2)."""
    call("DELETE", f"{USERS}/9000002")
    assert add(call, email="bo@x.example")["id"] == "9000003"


def test_teams_and_their_members(call: Call) -> None:
    """Primary and secondary ones apart (W6.2.4)."""
    id = add(call, secondaryTeamIds=["40000001"])["id"]
    assert call("GET", f"{USERS}/teams")[1]["results"] == [
        {"id": "40000001", "name": "North", "userIds": ["9000001"], "secondaryUserIds": [id]},
        {"id": "40000002", "name": "South", "userIds": ["9000002"], "secondaryUserIds": []},
    ]


def test_roles(call: Call) -> None:
    """Those of the account (W6.2.3)."""
    rows = [{"id": "20000001", "name": "Seller", "requiresBillingWrite": False}]
    assert call("GET", f"{USERS}/roles") == (200, {"results": rows})


def test_an_account_without_roles() -> None:
    """400 in HubSpot's words (W6.2.3)."""
    headers = {"authorization": "Bearer x"}
    response = Api(Portal()).handle(Request("GET", f"{USERS}/roles", headers=headers))
    assert (response.status, b"Account doesn't have access to roles." in response.body) == (400, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"email": None}, 400),
        ({"email": "nobody"}, 400),
        ({"email": "ADA@x.example"}, 409),
        ({"primaryTeamId": "7"}, 400),
        ({"secondaryTeamIds": ["7"]}, 400),
        ({"roleId": "7"}, 400),
    ],
)
def test_users_that_cannot_be(call: Call, account: Portal, change: dict[str, Any], status: int) -> None:
    """Refused, and nobody is added (W6.2.1)."""
    assert call("POST", USERS, {"email": "cy@x.example", **change})[0] == status
    assert len(account.users) == 2


def test_nobody_there(call: Call) -> None:
    """404 (W6.2.1)."""
    for id in ("1", "x", "9" * 5000):
        assert [call(method, f"{USERS}/{id}", body)[0] for method, body in (("GET", None), ("PUT", {}))] == [404, 404]


# -- records of users ----------------------------------------------------------------------------------------

RECORDS = "/crm/v3/objects/users"
KNOWN = "properties=hs_internal_user_id,hs_email,hs_given_name,hubspot_owner_id"


def test_the_record_of_a_user(call: Call) -> None:
    """With the ids of the user and of the owner, and one of its own; a read shows three properties (W6.2.5)."""
    _, page = call("GET", f"{RECORDS}/", None, f"{KNOWN}&limit=1")
    (record,) = page["results"]
    assert (record["id"], page["paging"]["next"]["after"]) == ("200000000001", "200000000002")
    assert record["properties"] == {
        "hs_createdate": "2026-03-02T09:00:00Z",
        "hs_email": "ada@x.example",
        "hs_given_name": "Ada",
        "hs_internal_user_id": "9000001",
        "hs_lastmodifieddate": "2026-03-02T09:00:00Z",
        "hs_object_id": "200000000001",
        "hubspot_owner_id": "70000001",
    }
    assert len(call("GET", f"{RECORDS}/200000000001")[1]["properties"]) == 3
    by_user = f"idProperty=hs_internal_user_id&{KNOWN}"
    assert call("GET", "/crm/objects/2026-03/0-115/9000001", None, by_user) == (200, record)


def test_a_record_follows_its_user(call: Call, account: Portal) -> None:
    """Who comes has one at once, and it says what changes (W6.2.5)."""
    id = add(call, firstName="Cy", lastName="Sy")["id"]
    wanted = {"filters": [{"propertyName": "hs_email", "operator": "EQ", "value": "cy@x.example"}]}
    body = {"filterGroups": [wanted], "properties": ["hs_searchable_calculated_name"]}
    account.clock.advance("1h")
    names = []
    for name in ("Cy", "Zoe"):
        call("PUT", f"{USERS}/{id}", {"firstName": name})
        (found,) = call("POST", f"{RECORDS}/search", body)[1]["results"]
        names.append(found["properties"]["hs_searchable_calculated_name"])
    assert (names, found["updatedAt"]) == (["Cy Sy", "Zoe Sy"], "2026-03-02T10:00:00Z")


def test_what_people_say_of_themselves(call: Call) -> None:
    """Can be written, what the account says of them can't (W6.2.5)."""
    path = f"{RECORDS}/200000000001"
    assert call("PATCH", path, {"properties": {"hs_job_title": "CTO", "hs_availability_status": "away"}})[0] == 200
    for name in ("hs_internal_user_id", "hs_email", "hs_given_name", "hubspot_owner_id"):
        status, body = call("PATCH", path, {"properties": {name: "70000002"}})
        assert (status, body["errors"][0]["code"]) == (400, "READ_ONLY_VALUE")
    assert call("GET", path, None, "properties=hs_job_title")[1]["properties"]["hs_job_title"] == "CTO"


def test_records_are_not_made(call: Call, account: Portal) -> None:
    """Users are added in the settings only (W6.2.5)."""
    for properties in ({"hs_job_title": "CTO"}, {"hs_internal_user_id": "9000009"}):
        assert call("POST", RECORDS, {"properties": properties})[0] == 400
        assert call("POST", f"{RECORDS}/batch/create", {"inputs": [{"properties": properties}]})[0] == 400
    assert len(account.records[account.type("users")]) == 2


def test_records_are_neither_archived_nor_merged(call: Call, account: Portal) -> None:
    """400, and they stay (W6.2.6)."""
    both = ("200000000001", "200000000002")
    merge = dict(zip(("primaryObjectId", "objectIdToMerge"), both, strict=True))
    assert call("DELETE", f"{RECORDS}/{both[0]}")[0] == 400
    assert call("POST", f"{RECORDS}/batch/archive", {"inputs": [{"id": id} for id in both]})[0] == 400
    assert call("POST", f"{RECORDS}/merge", merge)[0] == 400
    assert len(account.records[account.type("users")]) == 2


def test_the_record_of_who_left(call: Call, account: Portal) -> None:
    """Gone, with its associations, and archived users can't be listed (W6.2.6)."""
    assert call("GET", RECORDS, None, "archived=true")[0] == 400
    label = {"name": "helper", "label": "Helper"}
    assert call("POST", "/crm/v4/associations/contacts/users/labels", label)[0] == 200
    contact = account.create("contacts", {"firstname": "A"}, links=[(account.find("users", 200_000_000_002), ())])
    path = f"/crm/v4/objects/contacts/{contact.id}/associations/users"
    assert len(call("GET", path)[1]["results"]) == 1
    assert call("DELETE", f"{USERS}/9000002")[0] == 204
    assert call("GET", path)[1]["results"] == []
    assert call("GET", f"{RECORDS}/200000000002")[0] == 404
    assert call("GET", f"{RECORDS}/200000000002", None, "archived=true")[0] == 404
    assert [record["id"] for record in call("GET", RECORDS)[1]["results"]] == ["200000000001"]
    assert call("GET", RECORDS, None, "archived=true")[0] == 400


def test_paths_of_the_versions(call: Call) -> None:
    """Three ways to the same users (W1.11)."""
    answers = [call("GET", path)[1]["results"] for path in (USERS, "/settings/users/v3", "/settings/users/2026-03")]
    assert answers[0] == answers[1] == answers[2]


JSON: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=5), st.lists(st.text(max_size=3)), st.just({})
)
KEYS = ["email", "firstName", "primaryTeamId", "secondaryTeamIds", "roleId", "sendWelcomeEmail"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.sampled_from([USERS, f"{USERS}/9000001", f"{USERS}/teams", f"{USERS}/roles"]),
    body=st.dictionaries(st.sampled_from(KEYS), JSON) | JSON,
    query=st.text(max_size=10),
)
def test_no_request_breaks_the_server(call: Call, method: str, path: str, body: Any, query: str) -> None:
    """Whatever the body and the query, no 5xx (W2.7.9)."""
    assert call(method, path, body, query)[0] < 500
