"""Values, tokens, data sources, branches and delays of flows."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.moments import DAY, HOUR, MINUTE, iso

Act = Callable[..., dict[str, Any]]
Go = Callable[..., list[Any]]
Note = Callable[[Any], dict[str, Any]]
Make = Callable[..., dict[str, Any]]

COMPANY = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}


def company_source(**members: Any) -> dict[str, Any]:
    source = {"type": "ASSOCIATION", "name": "fetched_object_1", "objectTypeId": "0-2"}
    return {**source, "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279, **members}


# -- values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}, "2026-03-02T09:00:00Z"),
        ({"type": "RELATIVE_DATETIME", "timeDelay": {"delta": 1, "timeUnit": "MONTHS"}}, "2026-04-02T08:00:00Z"),
        ({"type": "RELATIVE_DATETIME", "timeDelay": {"delta": -90, "timeUnit": "MINUTES"}}, "2026-03-02T07:30:00Z"),
        ({"type": "LIST", "values": [{"staticValue": "a"}, {"propertyName": "firstname"}]}, "a;Eve"),
        (
            {"type": "MAP", "values": {"who": {"type": "OBJECT_PROPERTY", "propertyName": "firstname"}}},
            '{"who": "Eve"}',
        ),
        ({"type": "SINGLE_OBJECT_COORDINATES", "coordinatesToken": "{{ fetched_objects.none }}"}, None),
        ({"type": "FIELD_DATA", "actionId": "9", "dataKey": "x"}, None),
    ],
)
def test_kinds_of_values(eve: Record, go: Go, note: Note, value: dict[str, Any], expected: str | None) -> None:
    """Each kind is worked out when the action runs (F7.16, F7.16.1, F7.16.2, F7.16.3)."""
    go(eve, note(value))
    assert eve.get("jobtitle") == expected


def test_values_that_build_on_the_property(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """A number grows, an option is added; with an association it is the written record's (F7.16)."""
    acme = account.create("companies", {"name": "Acme", "numberofemployees": "5"}, links=[(eve, ())])
    more = {"type": "INCREMENT", "incrementAmount": 2}
    go(eve, act("0-5", property_name="numberofemployees", association=COMPANY, value=more))
    assert acme.get("numberofemployees") == "7"


def test_a_text_is_no_number_to_add_to(eve: Record, go: Go, note: Note) -> None:
    """It is an issue, and the text stays (F7.34)."""
    events = go(eve, note("Buyer"), note({"type": "INCREMENT", "incrementAmount": 2}))
    assert (events[-1].succeeded, eve.get("jobtitle")) == (False, "Buyer")


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"type": "ENROLLMENT_DATASET_COLUMN", "enrollmentDatasetColumnToken": "x"}, "needs data sets"),
        ({"type": "RELATIVE_DATETIME", "timeDelay": {"delta": 1, "timeUnit": "ERAS"}}, "timeUnit can't be 'ERAS'"),
        ({"type": "APPEND_OBJECT_PROPERTY"}, "appendPropertyName is missing"),
        ({"type": "MAP", "values": []}, "values must be an object"),
    ],
)
def test_values_that_are_wrong(account: Portal, make_flow: Act, note: Note, value: Any, error: str) -> None:
    """They are refused with their place (F7.16)."""
    with pytest.raises(InvalidDefinition, match=error):
        account.workflows.create(make_flow("0-1", note(value)))


# -- tokens and data sources -------------------------------------------------------------------------------------


def test_what_a_token_stands_for_is_not_looked_at_again(account: Portal, eve: Record, go: Go, note: Note) -> None:
    """A record's text is data, whatever it looks like (F7.18.1)."""
    account.update(eve, {"lastname": "{{ enrolled_object.email }}"})
    go(eve, note("{{ enrolled_object.lastname }}/{{ nothing.like.this }}/{{ enrolled_object.jobtitle }}"))
    assert eve.get("jobtitle") == "{{ enrolled_object.email }}//"


def test_a_token_of_the_associated_company(account: Portal, eve: Record, go: Go, note: Note) -> None:
    """`_0_2` is the company of the record (F7.18.2)."""
    account.create("companies", {"name": "Acme"}, links=[(eve, ())])
    go(eve, note("at {{ _0_2.name }}, not {{ _0_999.name }}"))
    assert eve.get("jobtitle") == "at Acme, not "


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (company_source(), "First"),
        (company_source(sortBy={"property": "name", "order": "DESC"}), "Second"),
        (company_source(sortBy={"property": "city", "order": "ASC"}), "Second"),
        (company_source(type="ASSOCIATION_TIMESTAMP"), "Second"),
        (
            {"type": "STATIC_PROPERTY_FILTER", "name": "fetched_object_1", "propertyName": "email", "staticValue": "x"},
            "",
        ),
        (
            {
                "type": "ENROLLED_RECORD_PROPERTY_FILTER",
                "name": "fetched_object_1",
                "propertyName": "email",
                "recordFieldName": "x",
            },
            "",
        ),
    ],
)
def test_data_sources(account: Portal, eve: Record, go: Go, note: Note, source: dict[str, Any], expected: str) -> None:
    """One is fetched: the first by id, by a property, or the one associated last (F7.8, F7.8.1, F7.8.2, F7.8.3)."""
    for values in ({"name": "First"}, {"name": "Second", "city": "Aarhus"}):
        account.create("companies", values, links=[(eve, ())])
    fetched = {"type": "FETCHED_OBJECT_PROPERTY", "propertyToken": "{{ fetched_objects.fetched_object_1.name }}"}
    go(eve, note(fetched), dataSources=[source])
    assert (eve.get("jobtitle") or "") == expected


@pytest.mark.parametrize(
    ("sources", "error"),
    [
        ([company_source(), company_source()], "'fetched_object_1' is there twice"),
        ([company_source(type="GUESS")], "type can't be 'GUESS'"),
        ([company_source(associationTypeId=4711)], "associationTypeId can't be used"),
    ],
)
def test_data_sources_that_are_wrong(account: Portal, make_flow: Act, note: Note, sources: Any, error: str) -> None:
    """They are refused with their place (F7.8)."""
    with pytest.raises(InvalidDefinition, match=rf"flow\.dataSources\[\d\].*{error}"):
        account.workflows.create(make_flow("0-1", note("x"), dataSources=sources))


def test_what_an_action_made_can_be_used_later(account: Portal, eve: Record, go: Go, note: Note, act: Act) -> None:
    """Its id by its key, its properties by a token (F7.16.4)."""
    properties = [{"targetProperty": "dealname", "value": {"staticValue": "Big one"}}]
    create = act("0-14", object_type_id="0-3", properties=properties, associations=[])
    token = {"type": "ACTION_OUTPUT_OBJECT_PROPERTY", "actionOutputPropertyToken": "{{ action_outputs.1.dealname }}"}
    go(eve, create, note(token))
    assert eve.get("jobtitle") == "Big one"


def test_the_event_that_enrolled(account: Portal, make_flow: Act, note: Note) -> None:
    """Its properties are values and tokens (F7.16, F7.18)."""
    branch = {
        "filterBranchType": "UNIFIED_EVENTS",
        "eventTypeId": "4-1639801",
        "operator": "HAS_COMPLETED",
        "filters": [],
        "filterBranches": [],
    }
    value = {
        "type": "ENROLLMENT_EVENT_PROPERTY",
        "enrollmentEventPropertyToken": "{{ enrollment_events.enrollment_event_1.hs_form_id }}",
    }
    criteria = {"type": "EVENT_BASED", "eventFilterBranches": [branch], "shouldReEnroll": True}
    account.workflows.create(make_flow("0-1", note(value), enrollmentCriteria=criteria))
    contact = account.forms.submit("demo", {"email": "new@x.example"})
    assert contact.get("jobtitle") == account.forms.find("demo").guid


# -- branches ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "value", "taken"),
    [
        (None, "Eve", True),
        ("IS_EQUAL_TO", "eve", False),
        ("CONTAINS", "V", True),
        ("STARTS_WITH", "ev", True),
        ("ENDS_WITH", "x", False),
        ("IS_KNOWN", "", True),
        ("IS_UNKNOWN", "", False),
        ("IS_GREATER_THAN", "1", False),
    ],
)
def test_a_branch_by_a_value(eve: Record, go: Go, note: Note, operator: str | None, value: str, taken: bool) -> None:
    """The first branch that fits is taken, compared as its operator says (F7.15, F7.15.1)."""
    case: dict[str, Any] = {"branchValue": value, "connection": {"edgeType": "STANDARD", "nextActionId": "2"}}
    if operator is not None:
        case["operator"] = operator
    branch = {
        "type": "STATIC_BRANCH",
        "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "firstname"},
        "staticBranches": [case],
    }
    go(eve, branch, note("taken"))
    assert (eve.get("jobtitle") == "taken") is taken


def test_a_branch_by_how_an_action_ended(eve: Record, go: Go, act: Act, note: Note) -> None:
    """Each action gives out whether it worked (F7.16.5)."""
    wrong = act("0-5", property_name="email", value={"staticValue": "no address"})
    branch = {
        "type": "STATIC_BRANCH",
        "inputValue": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "hs_execution_state"},
        "staticBranches": [{"branchValue": "SUCCESS"}],
        "defaultBranch": {"edgeType": "STANDARD", "nextActionId": "3"},
    }
    go(eve, wrong, branch, note("it failed"))
    assert eve.get("jobtitle") == "it failed"


def test_a_branch_without_anything_to_look_at_leads_on(eve: Record, go: Go, note: Note) -> None:
    """All take the default branch (F7.15.2)."""
    branch = {"type": "STATIC_BRANCH", "defaultBranch": {"edgeType": "STANDARD", "nextActionId": "2"}}
    go(eve, branch, note("here"))
    assert eve.get("jobtitle") == "here"


def stage_branch(name: str, stage: str, next: str) -> dict[str, Any]:
    operation = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": [stage]}
    filter = {"filterType": "PROPERTY", "property": "lifecyclestage", "operation": operation}
    inner = {"filterBranchType": "AND", "filters": [filter], "filterBranches": []}
    return {
        "branchName": name,
        "filterBranch": {"filterBranchType": "OR", "filters": [], "filterBranches": [inner]},
        "connection": {"edgeType": "STANDARD", "nextActionId": next},
    }


def test_the_first_branch_with_filters_that_accept(account: Portal, eve: Record, go: Go, act: Act, note: Note) -> None:
    """By what the record is like when it comes there; else the default one (F7.15, F7.28)."""
    branch = {
        "type": "LIST_BRANCH",
        "listBranches": [stage_branch("A", "customer", "4"), stage_branch("B", "customer", "3")],
        "defaultBranch": {"edgeType": "GOTO", "nextActionId": "3"},
    }
    customer = act("0-5", property_name="lifecyclestage", value={"staticValue": "customer"})
    last = note("first") | {"connection": None}
    go(eve, customer, branch, note("other") | {"connection": None}, last)
    assert eve.get("jobtitle") == "first"


def test_branches_by_chance(account: Portal, go: Go, note: Note) -> None:
    """Each way goes its share of the records, the same ones in every run (F7.15.9)."""

    def way(percentage: int, next: str) -> dict[str, Any]:
        return {"percentage": percentage, "connection": {"edgeType": "STANDARD", "nextActionId": next}}

    contacts = [account.create("contacts", {"email": f"{n}@x.example"}) for n in range(200)]
    test = {"type": "AB_TEST_BRANCH", "testBranches": [way(75, "2"), way(25, "3")]}
    go(contacts[0], test, note("A") | {"connection": None}, note("B"))
    for contact in contacts[1:]:
        account.workflows.enroll("Flow", contact)
    taken = [contact.get("jobtitle") for contact in contacts]
    assert 130 < taken.count("A") < 170
    assert taken.count("A") + taken.count("B") == 200


def test_the_way_that_chance_takes_depends_on_no_other_record(account: Portal, make_flow: Make, note: Note) -> None:
    """Whoever comes in before, and into whatever workflow (F7.15.9)."""
    ways = [{"percentage": 50, "connection": {"edgeType": "STANDARD", "nextActionId": next}} for next in "23"]
    test = {"type": "AB_TEST_BRANCH", "testBranches": ways}
    account.workflows.create(make_flow("0-1", test, note("A") | {"connection": None}, note("B"), name="Test"))
    account.workflows.create(make_flow("0-1", note("elsewhere"), name="Another"))
    ids = [account.create("contacts", {"email": f"{n}@x.example"}).id for n in range(40)]
    before, taken = account.snapshot(), []
    for order, names in ((ids, ["Test"]), (ids[::-1], ["Another", "Test"])):
        account.restore(before)
        for id in order:
            for name in names:
                account.workflows.enroll(name, account.find("contacts", id))
        taken.append([account.find("contacts", id).get("jobtitle") for id in ids])
    assert taken[0] == taken[1]


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"type": "LIST_BRANCH"}, "listBranches must hold at least one branch"),
        ({"type": "AB_TEST_BRANCH", "testBranches": [{"percentage": 60}]}, "add up to 60, not to 100"),
        ({"type": "STATIC_BRANCH", "staticBranches": [{"branchValue": "x"}]}, "inputValue is missing"),
        (
            {
                "type": "STATIC_BRANCH",
                "inputValue": {"propertyName": "firstname"},
                "staticBranches": [{"operator": "LIKE", "branchValue": "x"}],
            },
            r"staticBranches\[0\].operator can't be 'LIKE'",
        ),
    ],
)
def test_branches_that_are_wrong(account: Portal, make_flow: Act, members: dict[str, Any], error: str) -> None:
    """They are refused with their place (F7.15)."""
    with pytest.raises(InvalidDefinition, match=rf"flow\.actions\[0\].*{error}"):
        account.workflows.create(make_flow("0-1", members))


# -- delays ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "fields", "wait"),
    [
        ("0-1", {"delta": "90", "time_unit": "MINUTES"}, 90 * MINUTE),
        ("0-28", {"delay": {"daysOfWeek": ["WEDNESDAY"], "timeOfDay": {"hour": 8}}}, 2 * DAY - 2 * HOUR),
        ("0-28", {"delay": {"timeOfDay": {"hour": 10, "minute": 30}}}, 30 * MINUTE),
        ("0-28", {"delay": {"timeOfDay": {"hour": 9, "minute": 30}}}, DAY - 30 * MINUTE),
        (
            "0-28",
            {
                "delay": {
                    "timeOfDay": {"hour": 10},
                    "timeZoneStrategy": {"type": "STATIC_TIME_ZONE", "timeZoneId": "Europe/London"},
                }
            },
            HOUR,
        ),
        ("0-35", {"date": {"staticValue": "2026-03-05"}, "time_of_day": {"hour": 12}}, 3 * DAY + 2 * HOUR),
        ("0-35", {"date": {"staticValue": "2026-03-05"}}, 3 * DAY - 10 * HOUR),
        ("0-35", {"date": {"propertyName": "closedate"}, "delta": "-1440", "time_unit": "MINUTES"}, 9 * DAY),
        ("0-35", {"date": {"staticValue": "2026-03-01"}}, 0),
        ("0-35", {"date": {"propertyName": "date_of_birth"}}, 0),
    ],
)
def test_how_long_delays_are(
    account: Portal, eve: Record, go: Go, act: Act, note: Note, id: str, fields: dict[str, Any], wait: int
) -> None:
    """From Monday, ten o'clock in the account's time zone (F7.29, F7.29.1, F7.17.3501)."""
    account.update(eve, {"closedate": iso(account.clock.now + 10 * DAY)})
    go(eve, act(id, **fields), note("woken"))
    assert (eve.get("jobtitle") == "woken") is (wait == 0)
    if wait:
        account.clock.advance(wait - 1)
        assert eve.get("jobtitle") is None
        account.clock.advance(1)
        assert eve.get("jobtitle") == "woken"


def test_a_date_that_is_none(eve: Record, go: Go, act: Act, note: Note) -> None:
    """It is an issue, and the record goes on (F7.34)."""
    failed, _ = go(eve, act("0-35", date={"staticValue": "soon"}), note("on"))
    assert (failed.message, eve.get("jobtitle")) == ("the date is 'soon': nothing to wait for", "on")


@pytest.mark.parametrize(
    ("id", "fields", "error"),
    [
        ("0-1", {"delta": "-1", "time_unit": "DAYS"}, "delta must be a whole number"),
        ("0-28", {"delay": {"daysOfWeek": ["MOONDAY"]}}, "daysOfWeek can't be 'MOONDAY'"),
        ("0-28", {"delay": {"timeZoneStrategy": {"timeZoneId": "Mars/Base"}}}, "names no time zone: 'Mars/Base'"),
        ("0-28", {"delay": {"delta": -1}}, "delay can't lie before now"),
        ("0-29", {"event_filter_branches": []}, "event_filter_branches must hold at least one"),
        ("0-29", {"event_filter_branches": [{"filterBranchType": "AND"}]}, "filterBranchType can't be 'AND'"),
    ],
)
def test_delays_that_are_wrong(
    account: Portal, make_flow: Act, act: Act, id: str, fields: dict[str, Any], error: str
) -> None:
    """They are refused with their place (F7.29)."""
    with pytest.raises(InvalidDefinition, match=rf"flow\.actions\[0\]\.fields.*{error}"):
        account.workflows.create(make_flow("0-1", act(id, **fields)))


# -- delay until an event ----------------------------------------------------------------------------------------


def until_stage(stage: str) -> dict[str, Any]:
    named = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "lifecyclestage"}
    valued = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": stage}
    return {
        "filterBranchType": "UNIFIED_EVENTS",
        "eventTypeId": "4-655002",
        "operator": "HAS_COMPLETED",
        "filterBranches": [],
        "filters": [
            {"filterType": "PROPERTY", "property": "hs_name", "operation": named},
            {"filterType": "PROPERTY", "property": "hs_value", "operation": valued},
        ],
    }


def waiting(act: Act, note: Note) -> list[dict[str, Any]]:
    """Wait for the stage `customer`, a day at most; then say whether it came."""
    wait = act("0-29", event_filter_branches=[until_stage("customer")], expiration_minutes="1440")
    return [wait, note({"type": "FIELD_DATA", "actionId": "1", "dataKey": "hs_event_criteria_met"})]


def test_the_event_ends_the_wait(account: Portal, eve: Record, go: Go, act: Act, note: Note) -> None:
    """The record goes on at once, once, and the later action knows; another value is another event (F7.17.29)."""
    go(eve, *waiting(act, note))
    account.update(eve, {"lifecyclestage": "opportunity"})
    assert eve.get("jobtitle") is None
    account.update(eve, {"lifecyclestage": "customer"})
    assert eve.get("jobtitle") == "true"
    account.clock.advance(2 * DAY)
    messages = [event.message for event in account.workflows.action_log]
    assert messages[1:] == ["the event occurred", "jobtitle set to 'true'"]


def test_the_time_ends_the_wait(account: Portal, eve: Record, go: Go, act: Act, note: Note) -> None:
    """After a day nothing has come (F7.17.29)."""
    go(eve, *waiting(act, note))
    account.clock.advance(DAY)
    assert eve.get("jobtitle") == "false"
    account.update(eve, {"lifecyclestage": "customer"})
    assert eve.get("jobtitle") == "false"


def test_another_records_event_wakes_nobody(account: Portal, eve: Record, go: Go, act: Act, note: Note) -> None:
    """The wait is each record's own (F7.17.29)."""
    go(eve, *waiting(act, note))
    account.create("contacts", {"email": "other@x.example", "lifecyclestage": "lead"})
    account.update(account.find("contacts", eve.id + 1), {"lifecyclestage": "customer"})
    assert eve.get("jobtitle") is None


def test_a_waiting_record_survives_a_snapshot(account: Portal, eve: Record, go: Go, act: Act, note: Note) -> None:
    """The portal that is restored waits as it did (F7.17.29)."""
    go(eve, *waiting(act, note))
    snapshot = account.snapshot()
    account.clock.advance(DAY)
    account.restore(snapshot)
    again = account.find("contacts", eve.id)
    account.update(again, {"lifecyclestage": "customer"})
    assert again.get("jobtitle") == "true"
