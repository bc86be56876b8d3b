"""Search over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

SEARCH = "/crm/v3/objects/contacts/search"

PEOPLE = (
    {"email": "ada@acme.example", "firstname": "Ada", "lifecyclestage": "customer", "followercount": "10"},
    {"email": "bob@acme.example", "firstname": "Bob", "followercount": "9"},
    {"email": "eve@globex.example", "firstname": "eve", "phone": "+1 555-1234"},
)


@pytest.fixture
def people(account: Portal) -> Portal:
    """Three contacts, created a day apart."""
    for values in PEOPLE:
        account.create("contacts", values)
        account.clock.advance("1d")
    return account


def found(call: Call, property: str, operator: str, **operands: Any) -> list[str]:
    group = {"filters": [{"propertyName": property, "operator": operator, **operands}]}
    status, body = call("POST", SEARCH, {"filterGroups": [group]})
    assert status == 200
    return [row["properties"]["firstname"] for row in body["results"]]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("property", "operator", "operands", "names"),
    [
        ("email", "EQ", {"value": "ADA@acme.example"}, ["Ada"]),
        ("firstname", "EQ", {"value": "EVE"}, ["eve"]),
        ("firstname", "NEQ", {"value": "Ada"}, ["Bob", "eve"]),
        ("lifecyclestage", "EQ", {"value": "customer"}, ["Ada"]),
        ("lifecyclestage", "EQ", {"value": "CUSTOMER"}, []),
        ("followercount", "LT", {"value": "10"}, ["Bob"]),
        ("followercount", "LTE", {"value": "10"}, ["Ada", "Bob"]),
        ("followercount", "GT", {"value": "9"}, ["Ada"]),
        ("followercount", "GTE", {"value": "9"}, ["Ada", "Bob"]),
        ("followercount", "BETWEEN", {"value": "9.5", "highValue": "11"}, ["Ada"]),
        ("createdate", "GTE", {"value": "1772528400000"}, ["Bob", "eve"]),
        ("createdate", "LT", {"value": "2026-03-03T09:00:00Z"}, ["Ada"]),
        ("firstname", "IN", {"values": ["ada", "eve"]}, ["Ada", "eve"]),
        ("firstname", "IN", {"values": ["Ada"]}, []),
        ("lifecyclestage", "NOT_IN", {"values": ["customer"]}, ["Bob", "eve"]),
        ("followercount", "HAS_PROPERTY", {}, ["Ada", "Bob"]),
        ("followercount", "NOT_HAS_PROPERTY", {}, ["eve"]),
        ("followercount", "NEQ", {"value": "10"}, ["Bob"]),
        ("email", "CONTAINS_TOKEN", {"value": "acme"}, ["Ada", "Bob"]),
        ("email", "CONTAINS_TOKEN", {"value": "glob*"}, ["eve"]),
        ("email", "CONTAINS_TOKEN", {"value": "glob"}, []),
        ("email", "CONTAINS_TOKEN", {"value": "*@acme.example"}, ["Ada", "Bob"]),
        ("email", "NOT_CONTAINS_TOKEN", {"value": "acme"}, ["eve"]),
    ],
)
def test_each_operator(call: Call, property: str, operator: str, operands: dict[str, Any], names: list[str]) -> None:
    """What each operator lets through (W2.8.1, W2.8.3, W2.8.5, W2.8.6)."""
    assert found(call, property, operator, **operands) == names


@pytest.mark.usefixtures("people")
def test_groups_are_alternatives(call: Call) -> None:
    """Filters in a group must all hold, one group is enough (W2.8.1)."""
    groups = [
        {"filters": [{"propertyName": "firstname", "operator": "EQ", "value": "ada"}]},
        {
            "filters": [
                {"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "acme"},
                {"propertyName": "followercount", "operator": "EQ", "value": "9.0"},
            ]
        },
    ]
    assert call("POST", SEARCH, {"filterGroups": groups})[1]["total"] == 2


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("sorts", "names"),
    [
        ([], ["Ada", "Bob", "eve"]),
        (["-createdate"], ["eve", "Bob", "Ada"]),
        (["followercount"], ["Bob", "Ada", "eve"]),
        ([{"propertyName": "firstname", "direction": "DESCENDING"}], ["eve", "Bob", "Ada"]),
    ],
)
def test_sorting(call: Call, sorts: list[Any], names: list[str]) -> None:
    """One sort, as text or object; oldest first without any (W2.8.4)."""
    _, body = call("POST", SEARCH, {"sorts": sorts})
    assert [row["properties"]["firstname"] for row in body["results"]] == names


@pytest.mark.usefixtures("people")
def test_pages_go_by_offset(call: Call) -> None:
    """`after` is the next offset, there is no link, and the last page has no paging (W2.8.4)."""
    _, first = call("POST", SEARCH, {"limit": 2})
    assert (first["total"], len(first["results"]), first["paging"]) == (3, 2, {"next": {"after": "2"}})
    _, last = call("POST", SEARCH, {"limit": 2, "after": "2"})
    assert (len(last["results"]), "paging" in last) == (1, False)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("query", "names"), [("eve", ["eve"]), ("ACME", ["Ada", "Bob"]), ("1234", ["eve"]), ("zz", [])]
)
def test_query_looks_at_certain_properties(call: Call, query: str, names: list[str]) -> None:
    """Words begin words of names, addresses, phones and the like (W2.8.5)."""
    _, body = call("POST", SEARCH, {"query": query})
    assert [row["properties"]["firstname"] for row in body["results"]] == names


def test_by_association(call: Call, people: Portal) -> None:
    """associations.company EQ finds those who belong to it (W2.8.8)."""
    bob = people.find("contacts", 1002)
    acme = people.create("companies", {"name": "Acme"}, links=[(bob, ())])
    assert found(call, "associations.company", "EQ", value=str(acme.id)) == ["Bob"]
    assert found(call, "associations.companies", "IN", values=["77"]) == []


@pytest.mark.parametrize(
    "body",
    [
        {"filterGroups": [{"filters": [{"propertyName": "nope", "operator": "EQ", "value": "1"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "LIKE", "value": "1"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "EQ"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "HAS_PROPERTY", "value": "1"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "createdate", "operator": "GT", "value": "soon"}]}]},
        {"filterGroups": [{"filters": [{"operator": "EQ"}]}]},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "HAS_PROPERTY"}] * 7}]},
        {"filterGroups": "x"},
        {"sorts": ["nope"]},
        {"sorts": ["email", "phone"]},
        {"sorts": [1]},
        {"limit": 201},
        {"limit": -1},
        {"limit": "x"},
        {"after": "9990", "limit": 20},
        {"after": "x"},
        {"query": "x" * 3000},
        {"filterGroups": [{"filters": [{"propertyName": "associations.butterfly", "operator": "EQ", "value": "1"}]}]},
    ],
)
def test_a_search_that_makes_no_sense(call: Call, body: Any) -> None:
    """Unknown properties and operators, missing and surplus values, too much of anything: 400 (W2.8.2, W2.8.7)."""
    assert call("POST", SEARCH, body)[0] == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    property=st.sampled_from(
        ["email", "followercount", "createdate", "lifecyclestage", "hs_object_id", "hs_email_optout"]
    ),
    operator=st.sampled_from(["EQ", "NEQ", "LT", "GTE", "BETWEEN", "IN", "NOT_IN", "CONTAINS_TOKEN", "HAS_PROPERTY"]),
    value=st.one_of(
        st.none(), st.text(max_size=12), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.booleans()
    ),
)
def test_no_filter_breaks_the_search(call: Call, property: str, operator: str, value: Any) -> None:
    """Whatever is asked is answered 200 or 400 (W2.8.7)."""
    one = {"propertyName": property, "operator": operator, "value": value, "highValue": value, "values": [value]}
    assert call("POST", SEARCH, {"filterGroups": [{"filters": [one]}]})[0] in (200, 400)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    names=st.lists(st.sampled_from(["ada", "Ada", "ADA", "bob", "ß", "İ", ""]), min_size=1, max_size=6),
    changes=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["Ada", "bob", "", "ß"])), max_size=5),
    wanted=st.sampled_from(["ada", "Ada", "bob", "ß", "İ"]),
)
def test_an_index_finds_what_a_look_at_all_finds(
    account: Portal, call: Call, names: list[str], changes: list[tuple[int, str]], wanted: str
) -> None:
    """Also after changes: text is compared without regard to case (W2.8.3)."""
    mark = str(len(account.log))
    people = [account.create("contacts", {"lastname": mark, "firstname": name}) for name in names]
    found(call, "firstname", "EQ", value=wanted)
    for position, name in changes:
        account.update(people[position % len(people)], {"firstname": name})
    filters = [
        {"propertyName": "firstname", "operator": "EQ", "value": wanted},
        {"propertyName": "lastname", "operator": "EQ", "value": mark},
    ]
    _, body = call("POST", SEARCH, {"filterGroups": [{"filters": filters}]})
    expected = [str(one.id) for one in people if (one.get("firstname") or "").lower() == wanted.lower()]
    assert [row["id"] for row in body["results"]] == expected
