"""Exports over HTTP."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

EXPORT = "/crm/v3/exports/export"
VIEW = {
    "exportType": "VIEW",
    "format": "CSV",
    "exportName": "All",
    "objectType": "CONTACT",
    "objectProperties": ["email", "lifecyclestage", "hubspot_owner_id", "createdate"],
    "language": "EN",
}


@pytest.fixture
def account() -> Portal:
    """A portal in Helsinki with two contacts, one of them at a company."""
    portal = Portal(Configuration.model_validate({"account": {"id": 7, "time_zone": "Europe/Helsinki"}}))
    ada = portal.create("contacts", {"email": "ada@acme.example", "hubspot_owner_id": "70000001"})
    portal.create("contacts", {"email": "bob@b.example", "lifecyclestage": "customer"})
    portal.create("companies", {"name": "Acme, Inc."}, links=[(ada, ())])
    return portal


def status(call: Call, id: str) -> dict[str, Any]:
    answered: dict[str, Any] = call("GET", f"{EXPORT}/async/tasks/{id}/status")[1]
    return answered


def get(account: Portal, url: str) -> Any:
    """What the URL of a result leads to, without a token."""
    parts = urlsplit(url)
    return Api(account).handle(Request("GET", parts.path, parts.query))


def exported(call: Call, account: Portal, **changes: Any) -> list[str]:
    """The lines of an export."""
    _, task = call("POST", f"{EXPORT}/async", {**VIEW, **changes})
    account.clock.advance("1h")
    lines: list[str] = get(account, status(call, task["id"])["result"]).body.decode().splitlines()
    return lines


def test_an_export_starts(call: Call) -> None:
    """202 with a task that is pending (W6.6.1)."""
    answered, task = call("POST", f"{EXPORT}/async", VIEW)
    assert (answered, task["links"]["status"].endswith(f"/async/tasks/{task['id']}/status")) == (202, True)
    assert status(call, task["id"])["status"] == "PENDING"
    details = call("GET", f"{EXPORT}/{task['id']}")[1]
    assert (details["exportState"], details["objectType"]) == ("ENQUEUED", "CONTACT")


def test_one_export_at_a_time(call: Call, account: Portal) -> None:
    """The second waits until the first is done (W6.6.2)."""
    ids = [call("POST", f"{EXPORT}/async", VIEW)[1]["id"] for _ in range(2)]
    seen = []
    for _ in range(4):
        seen.append([status(call, id)["status"] for id in ids])
        account.clock.advance("1s")
    assert seen == [
        ["PENDING", "PENDING"],
        ["PROCESSING", "PENDING"],
        ["COMPLETE", "PROCESSING"],
        ["COMPLETE", "COMPLETE"],
    ]
    assert call("GET", f"{EXPORT}/{ids[0]}")[1]["recordCount"] == 2


def test_a_table_in_words(call: Call, account: Portal) -> None:
    """Labels, names and the account's time, with the companies (W6.6.4)."""
    assert exported(call, account, associatedObjectType="COMPANY") == [
        "Record ID,Email,Lifecycle Stage,Contact owner,Create Date,Associated Company IDs,Associated Company",
        '1001,ada@acme.example,Lead,Ada Admin,2026-03-02 11:00,1003,"Acme, Inc."',
        "1002,bob@b.example,Customer,,2026-03-02 11:00,,",
    ]


def test_a_table_in_internal_values(call: Call, account: Portal) -> None:
    """As the API has them (W6.6.4)."""
    assert exported(call, account, exportInternalValuesOptions=["NAMES", "VALUES"])[:2] == [
        "hs_object_id,email,lifecyclestage,hubspot_owner_id,createdate",
        "1001,ada@acme.example,lead,70000001,2026-03-02T09:00:00Z",
    ]


def test_a_filtered_table(call: Call, account: Portal) -> None:
    """The records that the search finds, in its order (W6.6.5)."""
    stage = {"propertyName": "lifecyclestage", "operator": "EQ", "value": "customer"}
    for search, emails in (({"filters": [stage]}, ["bob"]), ({"sorts": ["-email"]}, ["bob", "ada"])):
        lines = exported(call, account, objectProperties=["email"], publicCrmSearchRequest=search)[1:]
        assert [line.partition(",")[2].partition("@")[0] for line in lines] == emails


def test_the_table_of_a_list(call: Call, account: Portal) -> None:
    """Its members; they have to be what is exported (W6.6.6)."""
    members = account.lists.create("VIP", account.type("contacts"), "MANUAL")
    account.lists.add(members, [account.find("contacts", 1002)])
    of_list = {"exportType": "LIST", "listId": members.id, "objectProperties": ["email"]}
    assert exported(call, account, **of_list)[1:] == ["1002,bob@b.example"]
    assert call("POST", f"{EXPORT}/async", {**VIEW, **of_list, "objectType": "DEAL", "objectProperties": []})[0] == 400


def test_a_filter_that_is_gone_when_the_export_is_made(call: Call, account: Portal) -> None:
    """The export fails, and the next one is made (W6.6.2)."""
    new = {"name": "ours", "label": "Ours", "type": "string", "fieldType": "text", "groupName": "contactinformation"}
    call("POST", "/crm/v3/properties/contacts", new)
    search = {"filters": [{"propertyName": "ours", "operator": "EQ", "value": "x"}]}
    _, task = call("POST", f"{EXPORT}/async", {**VIEW, "publicCrmSearchRequest": search})
    call("DELETE", "/crm/v3/properties/contacts/ours")
    assert len(exported(call, account)) == 3
    assert status(call, task["id"])["status"] == "CANCELED"


def test_the_result_url_expires(call: Call, account: Portal) -> None:
    """After five minutes; nobody can make one up (W6.6.3)."""
    _, task = call("POST", f"{EXPORT}/async", VIEW)
    account.clock.advance("5s")
    url = status(call, task["id"])["result"]
    assert [get(account, one).status for one in (url, url.replace("expires=", "expires=9"), url + "0")] == [
        200,
        403,
        403,
    ]
    account.clock.advance("6m")
    assert [get(account, one).status for one in (url, status(call, task["id"])["result"])] == [403, 200]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "XLSX"}, "HubTwin writes CSV only"),
        ({"exportType": "ALL"}, "it can be VIEW or LIST"),
        ({"exportType": "LIST"}, "Some required fields were not set: [listId]"),
        ({"exportType": "LIST", "listId": "7"}, "no list is called '7'"),
        ({"objectProperties": ["nope"]}, "contacts have no properties called nope"),
        ({"objectType": "butterfly"}, "Unable to infer object type"),
        ({"publicCrmSearchRequest": {"sorts": ["nope"]}}, "There was a problem with the request."),
        ({"exportName": None}, "Some required fields were not set: [exportName]"),
    ],
)
def test_exports_that_cannot_be(call: Call, account: Portal, change: dict[str, Any], words: str) -> None:
    """400 with the reason, and there is no export (W6.6.6, W6.6.7, W6.6.5)."""
    answered, body = call("POST", f"{EXPORT}/async", {**VIEW, **change})
    assert (answered, words in body["message"], list(account.exports)) == (400, True, [])


def test_unknown_exports(call: Call) -> None:
    """404, whatever the id looks like (W6.6.1)."""
    paths = [f"{EXPORT}/{id}" for id in ("1", "x", "9" * 5000)] + [f"{EXPORT}/async/tasks/1/status"]
    assert [call("GET", path)[0] for path in paths] == [404] * 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from(
            [*VIEW, "listId", "publicCrmSearchRequest", "associatedObjectType", "exportInternalValuesOptions"]
        ),
        st.none() | st.integers(-9, 9) | st.text(max_size=5) | st.lists(st.text(max_size=5), max_size=2) | st.just({}),
    )
)
def test_no_request_breaks_the_server(call: Call, changes: dict[str, Any]) -> None:
    """Whatever the request, no 5xx (W2.7.9)."""
    assert call("POST", f"{EXPORT}/async", {**VIEW, **changes})[0] < 500
