"""Contact lists of version 1: definitions, old filters, members."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.moments import DAY, HOUR
from hubtwin.portal.object_lists import DYNAMIC

Call = Callable[..., tuple[int, Any]]

LISTS = "/contacts/v1/lists"
START = 1_772_442_000_000  # 2026-03-02T09:00:00Z


def made(call: Call, name: str = "Paris", *groups: list[dict[str, Any]], dynamic: bool = True) -> dict[str, Any]:
    status, body = call("POST", LISTS, {"name": name, "dynamic": dynamic, "filters": list(groups)})
    assert status == 200, body
    found: dict[str, Any] = body
    return found


def prop(name: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"property": name, "operator": operator, "value": value, **more}


def contact(portal: Portal, name: str, **values: Any) -> int:
    return portal.create("contacts", {"email": f"{name}@acme.example", **values}).id


def members(call: Call, id: int, query: str = "") -> list[int]:
    return [one["vid"] for one in call("GET", f"{LISTS}/{id}/contacts/all", None, query)[1]["contacts"]]


# -- definitions ---------------------------------------------------------------------------------------------


def test_a_dynamic_list(call: Call, account: Portal) -> None:
    """200 with the list and its size; its filters are given back as those of version 3 (W12.9.18, W12.9.19)."""
    ada = contact(account, "ada", city="Paris")
    contact(account, "eve", city="Rome")
    body = made(call, "Paris", [prop("city", "EQ", "Paris")])
    assert (body["listId"], body["dynamic"], body["listType"], body["portalId"]) == (1, True, "DYNAMIC", 1)
    assert (body["createdAt"], body["metaData"]["processing"], body["metaData"]["size"]) == (START, "DONE", 1)
    (group,) = orjson.loads(body["ilsFilterBranch"])["filterBranches"]
    assert group["filters"][0]["operation"]["values"] == ["Paris"]
    assert members(call, 1) == [ada]
    assert call("GET", f"{LISTS}/1")[1] == body


def test_static_lists(call: Call, account: Portal) -> None:
    """Empty at first, or filled once by filters (W12.9.18)."""
    ada = contact(account, "ada", city="Paris")
    assert made(call, "By hand", dynamic=False)["metaData"]["size"] == 0
    snapshot = made(call, "Once", [prop("city", "EQ", "Paris")], dynamic=False)
    contact(account, "eve", city="Paris")
    assert members(call, snapshot["listId"]) == [ada]
    assert account.lists.find(snapshot["listId"]).processing == "SNAPSHOT"


def test_pages_of_lists(call: Call, account: Portal) -> None:
    """All, static, dynamic and chosen ones; lists of companies are not among them (W12.9.18)."""
    for number in range(3):
        made(call, f"s{number}", dynamic=False)
        made(call, f"d{number}", [prop("city", "IS_NOT_EMPTY")])
    account.lists.create("Companies", account.type("companies"), "MANUAL")

    def names(path: str, query: str = "") -> list[str]:
        return [one["name"] for one in call("GET", LISTS + path, None, query)[1]["lists"]]

    assert names("") == ["s0", "d0", "s1", "d1", "s2", "d2"]
    assert (names("/static"), names("/dynamic")) == (["s0", "s1", "s2"], ["d0", "d1", "d2"])
    assert names("/batch", "listId=2&listId=3&listId=7&listId=99") == ["d0", "s1"]
    first = call("GET", LISTS, None, "count=4")[1]
    assert (len(first["lists"]), first["has-more"], first["offset"]) == (4, True, 4)
    last = call("GET", LISTS, None, "count=4&offset=4")[1]
    assert ([one["name"] for one in last["lists"]], last["has-more"]) == (["s2", "d2"], False)
    assert call("GET", f"{LISTS}/7")[0] == 404


def test_changing_and_deleting(call: Call, account: Portal) -> None:
    """A name, filters, both or none of them; once deleted it is gone (W12.9.18)."""
    rome = contact(account, "eve", city="Rome")
    made(call, "Paris", [prop("city", "EQ", "Paris")])
    made(call, "Taken", dynamic=False)
    wanted = {"name": "Rome", "filters": [[prop("city", "EQ", "Rome")]]}
    assert call("POST", f"{LISTS}/1", {**wanted, "name": "Taken"})[0] == 400
    assert call("GET", f"{LISTS}/1")[1]["metaData"]["size"] == 0
    status, body = call("POST", f"{LISTS}/1", wanted)
    assert (status, body["name"], members(call, 1)) == (200, "Rome", [rome])
    assert call("POST", f"{LISTS}/2", {"filters": [[prop("city", "EQ", "Rome")]]})[0] == 400
    assert [call("DELETE", f"{LISTS}/1")[0] for _ in range(2)] == [204, 404]


# -- filters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        (prop("city", "EQ", "Paris", type="string", filterFamily="PropertyValue", withinTimeMode="PAST"), True),
        (prop("city", "NEQ", "Paris"), False),
        (prop("city", "CONTAINS", "ari"), True),
        (prop("city", "IS_EMPTY"), False),
        (prop("city", "EQ", "Rome", checkPastVersions=True), True),
        (prop("lifecyclestage", "NEQ", "customer", checkPastVersions=True), True),
        (prop("hs_analytics_num_visits", "GTE", 1), True),
        (prop("hs_analytics_num_visits", "LT", "1"), False),
        (prop("lifecyclestage", "SET_ANY", "lead;customer"), True),
        (prop("lifecyclestage", "EQ", "lead"), True),
        (prop("lifecyclestage", "SET_NOT_ANY", "lead"), False),
        (prop("hs_is_contact", "EQ", True), True),
        (prop("createdate", "LT", START + 1), True),
        (prop("createdate", "WITHIN_TIME", withinLastTime=7, withinLastTimeUnit="DAYS"), True),
        (
            prop("createdate", "WITHIN_TIME", withinLastTime=1, withinLastTimeUnit="WEEKS", withinTimeMode="FUTURE"),
            False,
        ),
        (prop("createdate", "WITHIN_TIME", withinLastDays=7, reverseWithinTimeWindow=True), False),
        ({"operator": "IN_LIST", "list": 1}, True),
        ({"operator": "NOT_IN_LIST", "list": 1}, False),
        ({"operator": "HAS_FILLED_OUT_FORM", "form": "Newsletter", "page": ""}, True),
        ({"operator": "HAS_FILLED_OUT_FORM"}, True),
        ({"operator": "HAS_NOT_FILLED_OUT_FORM", "filterFamily": "FormSubmission"}, False),
        ({"operator": "HAS_FILLED_OUT_FORM", "afterTimestamp": START + 1}, False),
        ({"operator": "HAS_FILLED_OUT_FORM", "afterTimestamp": START - 1, "beforeTimestamp": START + 1}, True),
        ({"operator": "HAS_PAGEVIEW_CONTAINS", "value": "pricing"}, True),
        ({"operator": "HAS_PAGEVIEW_CONTAINS", "value": "pricing", "minOccurrences": 2}, False),
        ({"operator": "NOT_HAS_PAGEVIEW_EQ", "value": "https://acme.example/pricing"}, False),
        ({"operator": "HAS_EVENT", "value": 10_000_001}, False),
    ],
)
def test_filters(filter: dict[str, Any], expected: bool) -> None:
    """Each means a filter of version 3; the family is told by the operator, where it is not named (W12.9.19)."""
    portal = Portal(Configuration.model_validate({"forms": [{"name": "Newsletter"}]}))
    portal.custom_events.define("Flow created")
    ada = portal.forms.submit("Newsletter", {"email": "ada@acme.example"})
    portal.update(ada, {"city": "Rome"})
    portal.update(ada, {"city": "Paris"})
    portal.tracking.view_page("https://acme.example/pricing", contact=ada)
    portal.clock.advance(HOUR)
    everybody = {"filterBranchType": "AND", "filters": [{"filterType": "CONSTANT", "shouldAccept": True}]}
    root = {"filterBranchType": "OR", "filterBranches": [everybody]}
    portal.lists.create("All", portal.type("contacts"), DYNAMIC, root)
    sent = orjson.dumps({"name": "x", "dynamic": True, "filters": [[filter]]})
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    answer = Api(portal).handle(Request("POST", LISTS, "", headers, sent))
    assert answer.status == 200, answer.body
    assert (ada in portal.lists.find(2)) is expected


def test_groups(call: Call, account: Portal) -> None:
    """All filters of one group have to pass (W12.9.19)."""
    ada = contact(account, "ada", city="Paris", jobtitle="Chief")
    eve = contact(account, "eve", city="Rome", jobtitle="Chief")
    contact(account, "bob", city="Oslo")
    body = made(call, "x", [prop("city", "EQ", "Paris"), prop("jobtitle", "EQ", "Chief")], [prop("city", "EQ", "Rome")])
    assert members(call, body["listId"]) == [ada, eve]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ([], "A dynamic list needs filters"),
        ({}, "Cannot deserialize"),
        ([{}], "Cannot deserialize"),
        ([[{"filterFamily": "DealProperty"}]], "Filters of the family 'DealProperty' can't be used; those of Prop"),
        ([[prop("nope", "EQ", 1)]], "Couldn't find a Property with the given name 'nope'"),
        ([[prop("city", "GT", 1)]], "The operator 'GT' can't be used with city, which is a string; EQ, NEQ"),
        ([[prop("city", "EQ")]], "A filter with this operator needs a value"),
        ([[prop("createdate", "WITHIN_TIME", withinLastTime=1, withinLastTimeUnit="YEARS")]], "DAYS or WEEKS"),
        ([[prop("createdate", "WITHIN_TIME")]], "numberOfDays must be a whole number"),
        ([[{"operator": "IN_LIST", "list": 99}]], "listId names no list: 99"),
        ([[{"operator": "HAS_FILLED_OUT_FORM", "form": "x"}]], "no form is called 'x'"),
        (
            [[{"operator": "HAS_PAGEVIEW_EQ", "value": "x", "firstOccurrenceAfterTimestamp": 1}]],
            "firstOccurrenceAfterTimestamp can't be used",
        ),
    ],
)
def test_filters_that_cannot_be(call: Call, filters: Any, message: str) -> None:
    """Refused with the words that can stand there, and there is no list then (W12.9.19)."""
    status, body = call("POST", LISTS, {"name": "x", "dynamic": True, "filters": filters})
    assert (status in (400, 404), message in body["message"]) == (True, True), body
    assert call("GET", LISTS)[1]["lists"] == []


# -- members -------------------------------------------------------------------------------------------------


def test_adding_and_removing(call: Call, account: Portal) -> None:
    """By vid and by address; what names nobody is told, and so is who was a member already (W12.9.18)."""
    made(call, "By hand", dynamic=False)
    ada, eve = contact(account, "ada"), contact(account, "eve")
    status, body = call(
        "POST", f"{LISTS}/1/add", {"vids": [ada, str(ada), 77], "emails": ["EVE@acme.example", "x@y.z"]}
    )
    assert (status, body["updated"]) == (200, [ada, eve])
    assert (body["discarded"], body["invalidVids"], body["invalidEmails"]) == ([], [77], ["x@y.z"])
    assert call("POST", f"{LISTS}/1/add", {"vids": [ada]})[1]["discarded"] == [ada]
    assert call("POST", f"{LISTS}/1/remove", {"vids": [ada]})[1]["updated"] == [ada]
    assert members(call, 1) == [eve]


def test_a_dynamic_list_takes_nobody(call: Call, account: Portal) -> None:
    """400 (W12.9.18)."""
    made(call, "Paris", [prop("city", "EQ", "Paris")])
    assert call("POST", f"{LISTS}/1/add", {"vids": [contact(account, "ada")]})[0] == 400


def test_pages_of_members(call: Call, account: Portal) -> None:
    """By vid, or who joined last first, each with the moment at which it joined (W12.9.18)."""
    made(call, "By hand", dynamic=False)
    vids = [contact(account, name) for name in ("ada", "bob", "eve")]
    for vid in (vids[2], vids[0], vids[1]):
        account.clock.advance(DAY)
        call("POST", f"{LISTS}/1/add", {"vids": [vid]})
    page = call("GET", f"{LISTS}/1/contacts/all", None, "count=2&property=email")[1]
    assert ([one["vid"] for one in page["contacts"]], page["has-more"], page["vid-offset"]) == (vids[:2], True, vids[1])
    assert page["contacts"][0]["addedAt"] == START + 2 * DAY
    assert page["contacts"][0]["properties"]["email"] == {"value": "ada@acme.example"}
    assert members(call, 1, f"vidOffset={vids[1]}") == [vids[2]]
    recent = call("GET", f"{LISTS}/1/contacts/recent", None, "count=2")[1]
    assert [one["vid"] for one in recent["contacts"]] == [vids[1], vids[0]]
    following = f"timeOffset={recent['time-offset']}&vidOffset={recent['vid-offset']}"
    assert [one["vid"] for one in call("GET", f"{LISTS}/1/contacts/recent", None, following)[1]["contacts"]] == [
        vids[2]
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "", {}, 400),
        ("POST", "", {"name": " "}, 400),
        ("GET", "/x", None, 404),
        ("POST", "/1/add", {"vids": ["x"]}, 400),
        ("POST", "/1/add", {"vids": list(range(501))}, 400),
        ("POST", "/1", {"name": ""}, 400),
        ("GET", "/1/contacts/all?count=x", None, 400),
    ],
)
def test_bad_input(call: Call, method: str, path: str, body: Any, status: int) -> None:
    """An error as version 1 words it (W12.9.18, W12.9.2)."""
    made(call, "By hand", dynamic=False)
    path, _, query = path.partition("?")
    answered, error = call(method, LISTS + path, body, query)
    assert (answered, error["status"], "category" in error) == (status, "error", False)


WORDS = st.sampled_from(
    [
        *("EQ", "GT", "IN_LIST", "WITHIN_TIME", "HAS_EVENT", "HAS_FILLED_OUT_FORM", "HAS_PAGEVIEW_MATCHES_REGEX"),
        *("city", "createdate", "lifecyclestage", "hs_analytics_num_visits", "PropertyValue", "PageView", "1", "(a"),
    ]
)
KEYS = ("operator", "property", "value", "filterFamily", "list", "form", "page", "withinLastTime", "minOccurrences")
FILTER = st.dictionaries(st.sampled_from(KEYS), WORDS | st.none() | st.integers(-9, 9) | st.lists(WORDS, max_size=1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(FILTER | st.none(), max_size=2), max_size=2) | WORDS)
def test_nothing_breaks_the_server(call: Call, filters: Any) -> None:
    """Whatever the filters, the answer is HubSpot's and never a 5xx (W12.9.19)."""
    assert call("POST", LISTS, {"name": "x", "dynamic": True, "filters": filters})[0] < 500
    call("DELETE", f"{LISTS}/1")


# -- cookies -------------------------------------------------------------------------------------------------


def test_contacts_by_their_cookies(call: Call, account: Portal) -> None:
    """One, or several at once; a browser that nobody knows is nobody's (W12.9.20)."""
    ada = contact(account, "ada")
    account.tracking.identify("a1b2", account.find("contacts", ada))
    assert call("GET", "/contacts/v1/contact/utk/a1b2/profile")[1]["vid"] == ada
    assert call("GET", "/contacts/v1/contact/utk/zz/profile")[0] == 404
    assert [*call("GET", "/contacts/v1/contact/byUtk/batch", None, "utk=a1b2&utk=zz")[1]] == [str(ada)]
