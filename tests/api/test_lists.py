"""Lists and memberships over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

LISTS = "/crm/v3/lists"
FAMILIES = [LISTS, "/crm/lists/2025-09", "/crm/lists/2026-03", "/crm/lists/2026-09"]


def filters(city: str) -> dict[str, Any]:
    operation = {"operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": [city]}
    asked = {"filterType": "PROPERTY", "property": "city", "operation": operation}
    return {"filterBranchType": "OR", "filterBranches": [{"filterBranchType": "AND", "filters": [asked]}]}


def make(call: Call, name: str, kind: str = "MANUAL", type: str = "0-1", **more: Any) -> str:
    _, body = call("POST", f"{LISTS}/", {"name": name, "objectTypeId": type, "processingType": kind, **more})
    return str(body["list"]["listId"])


def people(account: Portal, count: int, **values: str) -> list[str]:
    return [str(account.create("contacts", {"firstname": f"n{n}", **values}).id) for n in range(count)]


# -- definitions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", FAMILIES)
def test_create_and_read(call: Call, account: Portal, base: str) -> None:
    """200, the list in HubSpot's order of members; the filters come back filled in (W6.4.1, W6.4.2, W6.4.7)."""
    people(account, 2, city="Paris")
    wanted = {"name": "Paris", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": filters("Paris")}
    status, body = call("POST", f"{base}/", wanted)
    made = body["list"]
    assert (status, [*made][:3], made["listId"], made["listVersion"]) == (
        200,
        ["listId", "listVersion", "createdAt"],
        "1",
        1,
    )
    assert (made["processingStatus"], made["createdById"]) == ("COMPLETE", "9000001")
    status, body = call("GET", f"{base}/1")
    assert (status, body["list"]["size"], "filterBranch" in body["list"]) == (200, 2, False)
    _, body = call("GET", f"{base}/1", query="includeFilters=true")
    assert body["list"]["filterBranch"] == made["filterBranch"]
    assert made["filterBranch"]["filterBranches"][0]["filterBranchOperator"] == "AND"


def test_read_several(call: Call) -> None:
    """Repeated ids; those that don't exist are left out (W6.4.2)."""
    first, second = make(call, "First"), make(call, "Second")
    status, body = call("GET", f"{LISTS}/", query=f"listIds={first}&listIds={second}&listIds=77")
    assert (status, [one["name"] for one in body["lists"]]) == (200, ["First", "Second"])


def test_read_by_name(call: Call) -> None:
    """Under its object type, with the name percent-encoded (W6.4.2)."""
    make(call, "My list", type="companies")
    assert call("GET", f"{LISTS}/object-type-id/0-2/name/My%20list")[1]["list"]["objectTypeId"] == "0-2"
    assert call("GET", f"{LISTS}/object-type-id/0-1/name/My%20list")[0] == 404


def test_search(call: Call, account: Portal) -> None:
    """By words, kind and type, in pages by offset; sizes are texts and moments milliseconds (W6.4.3)."""
    vips = make(call, "VIPs")
    for name in ("Hot vips", "Cold"):
        make(call, name)
    make(call, "Companies", type="0-2")
    call("PUT", f"{LISTS}/{vips}/memberships/add", people(account, 1))
    _, body = call("POST", f"{LISTS}/search", {"query": "VIP", "count": 1})
    assert (body["offset"], body["hasMore"], body["total"]) == (1, True, 2)
    assert body["lists"][0]["additionalProperties"] == {
        "hs_list_reference_count": "0",
        "hs_list_size": "1",
        "hs_last_record_added_at": str(account.clock.now),
    }
    _, body = call("POST", f"{LISTS}/search", {"query": "VIP", "offset": 1})
    assert (body["offset"], body["hasMore"], [one["name"] for one in body["lists"]]) == (2, False, ["Hot vips"])
    assert call("POST", f"{LISTS}/search", {"objectTypeId": "0-2", "processingTypes": ["MANUAL"]})[1]["total"] == 1
    assert call("POST", f"{LISTS}/search", {"listIds": [vips, "2"]})[1]["total"] == 2
    assert call("POST", f"{LISTS}/search", {"processingTypes": ["DYNAMIC"]})[1] == {
        "offset": 0,
        "hasMore": False,
        "lists": [],
        "total": 0,
    }


def test_all_lists_by_a_cursor(call: Call) -> None:
    """The newest version pages through all lists; a cursor belongs to its filters (W6.4.3)."""
    for name in ("a", "b", "c"):
        make(call, name)
    path = "/crm/lists/2026-09/all"
    _, body = call("POST", path, {"count": 2})
    assert [one["name"] for one in body["results"]] == ["a", "b"]
    after = body["paging"]["next"]["after"]
    _, body = call("POST", path, {"count": 2, "after": after})
    assert ([one["name"] for one in body["results"]], "paging" in body) == (["c"], False)
    for wrong in ({"after": "x"}, {"after": after, "objectTypeId": "0-1"}):
        status, body = call("POST", path, wrong)
        assert (status, body["subCategory"]) == (400, "INVALID_CURSOR")
    assert call("POST", path, {"processingTypes": ["X"]})[1]["subCategory"] == "INVALID_PROCESSING_TYPE"


def test_names_in_use(call: Call) -> None:
    """400 with the subcategory that clients look for, on creation and renaming (W6.4.22)."""
    make(call, "VIPs")
    other = make(call, "Others")
    again = call("POST", LISTS, {"name": "VIPs", "objectTypeId": "0-1", "processingType": "MANUAL"})
    renamed = call("PUT", f"{LISTS}/{other}/update-list-name", query="listName=VIPs")
    for status, body in (again, renamed):
        assert (status, body["category"], body["subCategory"]) == (400, "VALIDATION_ERROR", "ILS.DUPLICATE_LIST_NAMES")


def test_renaming(call: Call) -> None:
    """200 with `updatedList` (W6.4.1)."""
    id = make(call, "Old")
    status, body = call("PUT", f"{LISTS}/{id}/update-list-name", query="listName=New%20name")
    assert (status, body["updatedList"]["name"], body["updatedList"]["listVersion"]) == (200, "New name", 1)
    assert call("PUT", f"{LISTS}/{id}/update-list-name")[0] == 400


def test_new_filters(call: Call, account: Portal) -> None:
    """200 with `updatedList` and new members; lists that aren't dynamic refuse (W6.4.1)."""
    people(account, 1, city="Rome")
    id, manual = make(call, "City", "DYNAMIC", filterBranch=filters("Paris")), make(call, "Manual")
    body = {"filterBranch": filters("Rome")}
    status, answered = call("PUT", f"{LISTS}/{id}/update-list-filters", body, "enrollObjectsInWorkflows=false")
    assert (status, answered["updatedList"]["listVersion"]) == (200, 2)
    assert call("GET", f"{LISTS}/{id}")[1]["list"]["size"] == 1
    assert call("PUT", f"{LISTS}/{manual}/update-list-filters", body)[0] == 400


def test_deleting_and_restoring(call: Call, account: Portal) -> None:
    """204 both; in between it is read by its id only, with `deletedAt`; after 90 days not at all (W6.4.4)."""
    id = make(call, "Old")
    assert [call("DELETE", f"{LISTS}/{id}")[0] for _ in "12"] == [204, 204]
    assert "deletedAt" in call("GET", f"{LISTS}/{id}")[1]["list"]
    assert call("GET", f"{LISTS}/", query=f"listIds={id}")[1] == {"lists": []}
    assert call("POST", f"{LISTS}/search", {})[1]["total"] == 0
    assert call("PUT", f"{LISTS}/{id}/restore")[0] == 204
    assert "deletedAt" not in call("GET", f"{LISTS}/{id}")[1]["list"]
    call("DELETE", f"{LISTS}/{id}")
    account.clock.advance("91d")
    assert [call("GET", f"{LISTS}/{id}")[0], call("PUT", f"{LISTS}/{id}/restore")[0]] == [404, 404]


def test_legacy_ids(call: Call) -> None:
    """A list's legacy id is its own; unknown ones are 404 alone and listed in a batch (W6.4.6)."""
    id = make(call, "List")
    assert call("GET", f"{LISTS}/idmapping", query=f"legacyListId={id}") == (200, {"legacyListId": id, "listId": id})
    assert call("GET", f"{LISTS}/idmapping", query="legacyListId=77")[0] == 404
    assert call("POST", f"{LISTS}/idmapping", [id, "77"])[1] == {
        "legacyListIdsToIdsMapping": [{"legacyListId": id, "listId": id}],
        "missingLegacyListIds": ["77"],
    }


@pytest.mark.parametrize("base", FAMILIES)
def test_folders(call: Call, base: str) -> None:
    """Folders lie in each other and hold lists; the root is shown where none is named (W6.4.27)."""
    status, body = call("POST", f"{base}/folders", {"name": "Marketing"})
    assert (status, body["folder"]["id"], body["folder"]["parentFolderId"]) == (200, 1, 0)
    call("POST", f"{base}/folders", {"name": "Q3", "parentFolderId": "1"})
    list = make(call, "VIPs", listFolderId=1)
    root = call("GET", f"{base}/folders")[1]["folder"]
    assert [(one["name"], one["childLists"], one["childNodes"][0]["name"]) for one in root["childNodes"]] == [
        ("Marketing", [], "Q3")
    ]
    assert call("GET", f"{base}/folders", query="folderId=1")[1]["folder"]["childLists"] == [int(list)]
    found = call("POST", f"{base}/search", {})[1]["lists"][0]
    assert found["additionalProperties"]["hs_folder_name"] == "Marketing"


def test_moving_folders_and_lists(call: Call) -> None:
    """Folders are renamed and moved, though not into themselves; lists move between them (W6.4.27)."""
    for name, parent in (("A", "0"), ("B", "1")):
        call("POST", f"{LISTS}/folders", {"name": name, "parentFolderId": parent})
    renamed = call("PUT", f"{LISTS}/folders/2/rename", query="newFolderName=C")
    assert renamed[1]["folder"]["name"] == "C"
    assert call("PUT", f"{LISTS}/folders/1/move/2")[0] == 400
    assert call("PUT", f"{LISTS}/folders/2/move/0")[1]["folder"]["parentFolderId"] == 0
    list = make(call, "VIPs")
    assert call("PUT", f"{LISTS}/folders/move-list", {"listId": list, "newFolderId": "2"})[0] == 204
    assert [call("DELETE", f"{LISTS}/folders/{id}")[0] for id in (0, 1, 2, 77)] == [400, 204, 400, 404]


def test_a_restored_list_whose_folder_is_gone(call: Call) -> None:
    """It lies in the root then (W6.4.27)."""
    call("POST", f"{LISTS}/folders", {"name": "A"})
    list = make(call, "VIPs", listFolderId="1")
    call("DELETE", f"{LISTS}/{list}")
    call("DELETE", f"{LISTS}/folders/1")
    call("PUT", f"{LISTS}/{list}/restore")
    assert call("GET", f"{LISTS}/folders")[1]["folder"]["childLists"] == [int(list)]


# -- memberships ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", FAMILIES)
def test_adding_and_removing(call: Call, account: Portal, base: str) -> None:
    """200 with the ids that joined, left and don't exist; empty lists are left out (W6.4.5)."""
    id, (ada, bob) = make(call, "VIPs"), people(account, 2)
    path = f"{base}/{id}/memberships"
    assert call("PUT", f"{path}/add", [ada, int(bob), "77"]) == (
        200,
        {"recordsIdsAdded": [ada, bob], "recordIdsMissing": ["77"]},
    )
    assert call("PUT", f"{path}/add", [ada]) == (200, {})
    assert call("PUT", f"{path}/remove", [ada]) == (200, {"recordIdsRemoved": [ada]})
    both = {"recordIdsToAdd": [ada], "recordIdsToRemove": [bob]}
    assert call("PUT", f"{path}/add-and-remove", both)[1] == {"recordsIdsAdded": [ada], "recordIdsRemoved": [bob]}
    assert call("DELETE", path)[0] == 204
    assert call("GET", path)[1]["results"] == []


def test_adding_from_another_list(call: Call, account: Portal) -> None:
    """204; lists of other types and the list itself are refused (W6.4.5)."""
    source, target = make(call, "Source"), make(call, "Target")
    companies, ids = make(call, "Companies", type="0-2"), people(account, 2)
    call("PUT", f"{LISTS}/{source}/memberships/add", ids)
    assert call("PUT", f"{LISTS}/{target}/memberships/add-from/{source}")[0] == 204
    assert [one["recordId"] for one in call("GET", f"{LISTS}/{target}/memberships")[1]["results"]] == ids
    assert call("PUT", f"{LISTS}/{target}/memberships/add-from/{target}")[0] == 400
    assert call("PUT", f"{LISTS}/{target}/memberships/add-from/{companies}")[0] == 400


def test_a_dynamic_list_refuses(call: Call, account: Portal) -> None:
    """400 for whoever wants to change its members by hand; nothing changes (W6.4.5)."""
    id, (ada,) = make(call, "City", "DYNAMIC", filterBranch=filters("Paris")), people(account, 1)
    path = f"{LISTS}/{id}/memberships"
    answers = [call("PUT", f"{path}/add", [ada]), call("PUT", f"{path}/remove", [ada]), call("DELETE", path)]
    assert [status for status, _ in answers] == [400, 400, 400]
    assert call("GET", path)[1]["total"] == 0


def test_pages_of_members(call: Call, account: Portal) -> None:
    """Ascending ids after a cursor, descending before one; a last page has no `paging` (W6.4.5)."""
    id, ids = make(call, "VIPs"), people(account, 3)
    path = f"{LISTS}/{id}/memberships"
    call("PUT", f"{path}/add", ids[::-1])
    _, body = call("GET", path, query="limit=2")
    assert ([one["recordId"] for one in body["results"]], body["total"]) == (ids[:2], 3)
    following = body["paging"]["next"]
    assert f"after={following['after']}" in following["link"]
    _, body = call("GET", path, query=f"limit=2&after={following['after']}&before=1")
    assert ([one["recordId"] for one in body["results"]], "paging" in body) == (ids[2:], False)
    _, body = call("GET", path, query=f"limit=1&before={ids[2]}")
    assert ([one["recordId"] for one in body["results"]], body["paging"]["prev"]["before"]) == ([ids[1]], ids[1])


def test_members_in_the_order_of_joining(call: Call, account: Portal) -> None:
    """`join-order` pages by who joined first (W6.4.5)."""
    id, (ada, bob, eve) = make(call, "VIPs"), people(account, 3)
    path = f"{LISTS}/{id}/memberships"
    for one in (eve, ada, bob):
        call("PUT", f"{path}/add", [one])
        account.clock.advance("1h")
    _, body = call("GET", f"{path}/join-order", query="limit=2")
    assert [one["recordId"] for one in body["results"]] == [eve, ada]
    assert body["results"][0]["membershipTimestamp"] == "2026-03-02T09:00:00Z"
    after = body["paging"]["next"]["after"]
    assert [one["recordId"] for one in call("GET", f"{path}/join-order", query=f"after={after}")[1]["results"]] == [bob]
    before = call("GET", f"{path}/join-order", query=f"before={after}&limit=5")[1]["results"]
    assert [one["recordId"] for one in before] == [eve]


def test_the_lists_of_a_record(call: Call, account: Portal) -> None:
    """Which lists it is in, since when; one record alone or many at once (W6.4.6)."""
    id, (ada, bob) = make(call, "VIPs"), people(account, 2)
    call("PUT", f"{LISTS}/{id}/memberships/add", [ada])
    membership = {
        "listId": id,
        "listVersion": 1,
        "isPublicList": True,
        "firstAddedTimestamp": "2026-03-02T09:00:00Z",
        "lastAddedTimestamp": "2026-03-02T09:00:00Z",
    }
    alone = call("GET", f"{LISTS}/records/0-1/{ada}/memberships")
    assert alone == (200, {"results": [membership], "total": 1})
    path = "/crm/lists/2026-09/records/memberships/batch/read"
    inputs = [{"objectTypeId": "0-1", "recordId": one} for one in (ada, bob, "77")]
    status, body = call("POST", path, {"inputs": inputs})
    assert (status, body["numErrors"]) == (207, 1)
    assert [one["recordListMemberships"] for one in body["results"]] == [[membership], []]
    assert call("GET", f"{LISTS}/records/0-1/77/memberships")[0] == 404


# -- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "", {"name": "x"}, 400),
        ("POST", "", {"name": "x", "objectTypeId": "0-1", "processingType": "X"}, 400),
        ("POST", "", {"name": " ", "objectTypeId": "0-1", "processingType": "MANUAL"}, 400),
        ("POST", "", {"name": "x", "objectTypeId": "butterflies", "processingType": "MANUAL"}, 400),
        ("POST", "", {"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": []}, 400),
        ("POST", "", {"name": "x", "objectTypeId": "0-1", "processingType": "SNAPSHOT", "filterBranch": {}}, 400),
        ("POST", "", {"name": "x", "objectTypeId": "0-1", "processingType": "MANUAL", "listFolderId": 77}, 400),
        ("POST", "/folders", {}, 400),
        ("POST", "/folders", {"name": "x", "parentFolderId": "77"}, 404),
        ("PUT", "/folders/move-list", {"listId": "77", "newFolderId": "0"}, 404),
        ("GET", "/77", None, 404),
        ("GET", "/x", None, 404),
        ("GET", f"/{'9' * 5000}", None, 404),
        ("DELETE", "/77", None, 404),
        ("PUT", "/77/restore", None, 404),
        ("POST", "/search", {"count": 501}, 400),
        ("POST", "/search", {"count": -1}, 400),
        ("POST", "/search", {"offset": -1}, 400),
        ("POST", "/search", {"processingTypes": ["X"]}, 400),
        ("POST", "/search", {"listIds": ["x"]}, 400),
        ("PUT", "/1/memberships/add", {"ids": []}, 400),
        ("PUT", "/1/memberships/add", ["x"], 400),
        ("PUT", "/1/memberships/add", [["1"]], 400),
        ("PUT", "/1/memberships/add", ["1"] * 100_001, 400),
        ("GET", "/records/0-1/x/memberships", None, 404),
        ("POST", "/records/memberships/batch/read", {}, 400),
        ("POST", "/records/memberships/batch/read", {"inputs": [{"recordId": "1"}]}, 400),
    ],
)
def test_bad_input(call: Call, method: str, path: str, body: Any, status: int) -> None:
    """HubSpot's own kind of error, and nothing happens (W6.4.20, W2.7.9)."""
    make(call, "List")
    assert call(method, f"{LISTS}{path}", body)[0] == status
    assert call("POST", f"{LISTS}/search", {})[1]["total"] == 1


@pytest.mark.parametrize("query", ["limit=251", "limit=0", "limit=x", "after=x", "before=x", f"after={'9' * 5000}"])
@pytest.mark.parametrize("path", ["memberships", "memberships/join-order"])
def test_bad_pages(call: Call, path: str, query: str) -> None:
    """400 for limits over 250 and for cursors that no page gave out (W6.4.5)."""
    assert call("GET", f"{LISTS}/{make(call, 'List')}/{path}", query=query)[0] == 400


def test_filters_that_are_refused(call: Call) -> None:
    """400 with the place and the words that may stand there; there is no list then (W6.4.20, W6.4.9)."""
    branch = filters("Paris")
    branch["filterBranches"][0]["filters"].append({"filterType": "ADS_TIME"})
    wanted = {"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": branch}
    status, body = call("POST", LISTS, wanted)
    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    assert body["message"].startswith("filterBranch.filterBranches[0].filters[1].filterType ADS_TIME asks for data")
    assert call("GET", f"{LISTS}/1")[0] == 404


KINDS = st.sampled_from(
    ["OR", "AND", "NOT_ALL", "NOT_ANY", "ASSOCIATION", "UNIFIED_EVENTS", "RESTRICTED", "PROPERTY", "IN_LIST"]
)
WORDS = st.sampled_from(
    [
        *("0-3", "HUBSPOT_DEFINED", "4-655002", "createdate", "city", "amount"),
        *("NOW", "WEEK", "INDEXED", "UTC", "MONTH", "STRING", "ENUMERATION", "TIME_POINT"),
        *("TIME_RANGED", "CALENDAR_DATE", "ROLLING_DATE_RANGE", "RANGED_DATE"),
        *("IS_EQUAL_TO", "IS_BEFORE", "IS_BETWEEN", "IN_LIST", "IS_KNOWN", "IS_ANY_OF", "HAS_COMPLETED", "FILLED_OUT"),
    ]
)
MEMBERS = ("filters", "filterBranches", "operation", "property", "operator", "listId", "eventTypeId")
OPERANDS = ("value", "values", "timestamp", "timePoint", "numberOfDays", "timeUnit", "year", "lowerBound")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.fixed_dictionaries(
            {"filterBranchType": KINDS, "filterType": KINDS},
            optional=dict.fromkeys(MEMBERS, inner),
        )
        | st.fixed_dictionaries(
            {"operationType": WORDS, "operator": WORDS},
            optional=dict.fromkeys(OPERANDS, inner),
        )
    ),
    max_leaves=10,
)
FIELDS = (
    *("name", "objectTypeId", "processingType", "query", "offset"),
    *("count", "after", "recordIdsToAdd", "inputs", "listIds"),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.sampled_from(
        [
            *("", "/1", "/search", "/idmapping", "/1/restore", "/1/update-list-name", "/1/update-list-filters"),
            *("/1/memberships", "/1/memberships/join-order", "/1/memberships/add", "/1/memberships/add-and-remove"),
            *("/folders", "/folders/0", "/folders/move-list", "/folders/1/rename", "/folders/1/move/0"),
            *("/records/0-1/1001/memberships", "/records/memberships/batch/read", "/object-type-id/0-1/name/x"),
        ]
    ),
    body=st.one_of(
        JSON, st.dictionaries(st.sampled_from(FIELDS), JSON), st.builds(lambda b: {"filterBranch": b}, JSON)
    ),
    query=st.text(max_size=10) | st.sampled_from(["limit=-1", "after=-1", "listIds=x", "legacyListId=1", "listName="]),
)
def test_nothing_breaks_the_server(call: Call, method: str, path: str, body: Any, query: str) -> None:
    """Whatever is sent, the answer is HubSpot's and never a 5xx (W6.4.20)."""
    call("POST", LISTS, {"name": "n", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": filters("a")})
    assert call(method, f"{LISTS}{path}", body, query)[0] < 500


def _reached(operation: dict[str, Any]) -> dict[str, Any]:
    asked = {"filterType": "PROPERTY", "property": "createdate", "operation": operation}
    return {"filterBranchType": "OR", "filterBranches": [{"filterBranchType": "AND", "filters": [asked]}]}


POINTS = st.fixed_dictionaries(
    {
        "timeType": st.just("INDEXED"),
        "zoneId": st.sampled_from(["UTC", "Pacific/Kiritimati", "America/New_York"]),
        "indexReference": st.fixed_dictionaries(
            {"referenceType": st.sampled_from(["NOW", "TODAY", "WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_YEAR"])},
            optional={"day": st.integers(1, 31), "month": st.integers(1, 3), "hour": st.integers(0, 23)},
        ),
        "offset": st.dictionaries(st.sampled_from(["years", "months", "days", "hours"]), st.integers(-6000, 6000)),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(point=POINTS, operator=st.sampled_from(["IS_BEFORE", "IS_AFTER"]), days=st.integers(0, 400))
def test_no_point_in_time_breaks_the_server(call: Call, account: Portal, point: Any, operator: str, days: int) -> None:
    """Points far away are refused or followed, and members are right when time passes (W6.4.18, W6.4.24)."""
    account.create("contacts", {"firstname": "Ada"})
    operation = {"operationType": "TIME_POINT", "operator": operator, "timePoint": point}
    name = str(len([*account.lists]))
    wanted = {"name": name, "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": _reached(operation)}
    status, body = call("POST", LISTS, wanted)
    assert status in (200, 400)
    if status == 200:
        account.clock.advance(f"{days}d")
        list = account.lists.find(int(body["list"]["listId"]))
        assert list.criterion is not None
        assert [*list] == [one for one in account.records[list.type] if list.criterion.accepts(one)]
