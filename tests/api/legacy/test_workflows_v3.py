"""Workflows of contacts, versions 2 and 3."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal
from hubtwin.portal.moments import DAY, HOUR

Call = Callable[..., tuple[int, Any]]

V3, V2, V4 = "/automation/v3/workflows", "/automation/v2/workflows", "/automation/v4/flows"

CUSTOMERS = [[{"operator": "SET_ANY", "property": "lifecyclestage", "value": "customer", "type": "enumeration"}]]
EVANGELISTS = [[{**CUSTOMERS[0][0], "value": "evangelist"}]]

AND = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filters": [], "filterBranches": []}
EVERYBODY = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [AND]}


def test_a_workflow_of_version_3_is_a_flow(call: Call, account: Portal) -> None:
    """With another id; it does what it says (F7.21.2, F7.2.6)."""
    actions = [
        {"type": "DELAY", "delayMillis": 2 * HOUR},
        {"type": "SET_CONTACT_PROPERTY", "propertyName": "company", "newValue": "Acme"},
        {
            "type": "BRANCH",
            "filters": CUSTOMERS,
            "acceptActions": [{"type": "SET_CONTACT_PROPERTY", "propertyName": "jobtitle", "newValue": "yes"}],
            "rejectActions": [{"type": "SET_CONTACT_PROPERTY", "propertyName": "jobtitle", "newValue": "no"}],
        },
    ]
    told = {"name": "Old", "type": "DRIP_DELAY", "enabled": True, "onlyEnrollsManually": True, "actions": actions}
    status, made = call("POST", V3, told)
    assert (status, made["actions"], made["enabled"]) == (200, actions, True)
    flow = call("GET", f"{V4}/{made['migrationStatus']['flowId']}")[1]
    assert flow["actions"][0]["fields"] == {"delta": "2", "time_unit": "HOURS"}
    assert [action["type"] for action in flow["actions"]] == [
        *("SINGLE_CONNECTION", "SINGLE_CONNECTION", "LIST_BRANCH", "SINGLE_CONNECTION", "SINGLE_CONNECTION")
    ]
    people = [
        account.create("contacts", {"email": f"{stage}@acme.example", "lifecyclestage": stage})
        for stage in ("customer", "lead")
    ]
    for one in people:
        assert call("POST", f"{V2}/{made['id']}/enrollments/contacts/{one.get('email')}") == (204, b"")
    account.clock.advance(2 * HOUR)
    assert [(one.get("company"), one.get("jobtitle")) for one in people] == [("Acme", "yes"), ("Acme", "no")]


def test_criteria_in_the_old_words(call: Call, account: Portal) -> None:
    """Enroll, and are given back; contacts that meet them already come in where it says so (F7.21.2, F7.21.3)."""
    customer = account.create("contacts", {"email": "ada@acme.example", "lifecyclestage": "customer"})
    action = {"type": "SET_CONTACT_PROPERTY", "propertyName": "jobtitle", "newValue": "x"}
    told = {"name": "Old", "enabled": True, "segmentCriteria": CUSTOMERS, "actions": [action]}
    made = call("POST", V3, {**told, "enrollOnCriteriaUpdate": True, "goalCriteria": EVANGELISTS})[1]
    assert customer.get("jobtitle") == "x"
    read = call("GET", f"{V3}/{made['id']}", None, "stats=true")[1]
    assert (read["segmentCriteria"], read["goalCriteria"]) == (CUSTOMERS, EVANGELISTS)
    assert read["metaData"] == {
        "triggeredByWorkflowIds": [],
        "enrolled": 1,
        "active": 0,
        "completed": 1,
        "succeeded": 0,
    }


def test_what_was_changed_since_is_told_from_the_flow(call: Call) -> None:
    """As far as version 3 has words for it (F7.21.3)."""
    made = call("POST", V3, {"name": "Old", "actions": [{"type": "DELAY", "delayMillis": DAY}]})[1]
    flow = call("GET", f"{V4}/{made['migrationStatus']['flowId']}")[1]
    number = {"type": "SINGLE_CONNECTION", "actionId": "2", "actionTypeId": "0-11", "fields": {}}
    mail = {"type": "SINGLE_CONNECTION", "actionId": "3", "actionTypeId": "0-4", "fields": {"content_id": "5"}}
    first = {**flow["actions"][0], "connection": {"edgeType": "STANDARD", "nextActionId": "2"}}
    number["connection"] = {"edgeType": "STANDARD", "nextActionId": "3"}
    call("PUT", f"{V4}/{flow['id']}", {**flow, "actions": [first, number, mail]})
    assert call("GET", f"{V3}/{made['id']}")[1]["actions"] == [
        {"type": "DELAY", "delayMillis": DAY},
        {"type": "UNSUPPORTED_ACTION"},
        {"type": "EMAIL", "emailContentId": "5"},
    ]


def test_office_hours(call: Call) -> None:
    """Become time windows (F7.21.2)."""
    hours = {"enabled": True, "startHour": 9, "stopHour": 17}
    made = call("POST", V3, {"name": "Old", "onlyExecOnBizDays": True, "nurtureTimeRange": hours})[1]
    windows = call("GET", f"{V4}/{made['migrationStatus']['flowId']}")[1]["timeWindows"]
    assert [window["day"] for window in windows] == ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
    assert windows[0]["startTime"] == {"hour": 9, "minute": 0}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "name"),
        ({"name": "A", "type": "STATIC_ANCHOR"}, "STATIC_ANCHOR can't be made"),
        ({"name": "A", "actions": [{"type": "TICKET"}]}, "TICKET can't be used"),
        ({"name": "A", "actions": [{}]}, "UNSUPPORTED_ACTION can't be used"),
        ({"name": "A", "actions": [{"type": "DELAY", "delayMillis": 1}]}, "whole minutes"),
        ({"name": "A", "actions": [{"type": "BRANCH"}, {"type": "DELAY", "delayMillis": 60000}]}, "must be the last"),
        ({"name": "A", "segmentCriteria": CUSTOMERS, "onlyEnrollsManually": True}, "empty segmentCriteria"),
        ({"name": "A", "segmentCriteria": [[{"property": "nope", "operator": "EQ"}]]}, "nope"),
        ({"name": "A", "unenrollmentSetting": {"type": "ALL"}}, "unenrollmentSetting"),
        ({"name": "A", "reEnrollmentTriggerSets": [[]]}, "reEnrollmentTriggerSets"),
        ({"name": "A", "actions": "x"}, "from String value"),
    ],
)
def test_what_can_not_be_said_again_is_refused(call: Call, told: dict[str, Any], words: str) -> None:
    """Nothing is made of it (F7.21.2)."""
    status, error = call("POST", V3, told)
    assert (status // 100, words in error["message"], "requestId" in error) == (4, True, True), error
    assert call("GET", V3)[1] == {"workflows": []}


def test_the_list(call: Call) -> None:
    """Of those that enroll contacts, each with the id of its flow (F7.21.1)."""
    made = call("POST", V3, {"name": "Old"})[1]
    platform = {"type": "PLATFORM_FLOW", "flowType": "WORKFLOW", "objectTypeId": "0-2", "isEnabled": True}
    lists: dict[str, Any] = {name: [] for name in ("actions", "blockedDates", "timeWindows", "dataSources")}
    assert call("POST", V4, {**platform, **lists, "customProperties": {}})[0] == 201
    (row,) = call("GET", V3)[1]["workflows"]
    assert (row["id"], row["name"], row["type"], row["enabled"]) == (made["id"], "Old", "DRIP_DELAY", False)
    assert row["migrationStatus"]["flowId"] == made["migrationStatus"]["flowId"] != row["id"]
    assert "actions" not in row


def test_ids(call: Call) -> None:
    """Numbers, and not those of flows (F7.21.4)."""
    made = call("POST", V3, {"name": "Old"})[1]
    assert call("GET", f"{V3}/x")[1]["message"] == "Unable to parse value for path parameter: workflowId"
    flow = made["migrationStatus"]["flowId"]
    assert call("GET", f"{V3}/{flow}")[0] == 404
    assert call("POST", f"{V2}/{flow}/enrollments/contacts/ada@acme.example")[1]["message"] == "resource not found"
    assert call("DELETE", f"{V3}/{made['id']}") == (204, b"")
    assert call("GET", f"{V3}/{made['id']}")[0] == 404


def test_enrolling_and_unenrolling(call: Call, account: Portal) -> None:
    """204 each, also where nothing happens; unknown contacts are told (F7.21.4, F7.21.5)."""
    ada = account.create("contacts", {"email": "ada@acme.example"})
    told = {"name": "Old", "enabled": True, "actions": [{"type": "DELAY", "delayMillis": DAY}]}
    made, off = call("POST", V3, told)[1], call("POST", V3, {"name": "Off"})[1]
    paths = {one["name"]: f"{V2}/{one['id']}/enrollments/contacts/ADA@acme.example" for one in (made, off)}
    assert [call("POST", paths[name])[0] for name in ("Old", "Old", "Off")] == [204, 204, 204]
    assert [one["id"] for one in call("GET", f"{V2}/enrollments/contacts/{ada.id}")[1]] == [made["id"]]
    assert [call("DELETE", paths[name])[0] for name in ("Old", "Old")] == [204, 204]
    assert call("GET", f"{V2}/enrollments/contacts/{ada.id}") == (200, [])
    assert call("POST", f"{V2}/{made['id']}/enrollments/contacts/nobody@acme.example")[0] == 404
    assert call("GET", f"{V2}/enrollments/contacts/4711")[0] == 404
    start = account.clock.now
    query = f"start={start - DAY}&end={start}&bucket=DAY"
    assert call("GET", f"/automation/v3/performance/workflow/{made['id']}", None, query) == (
        200,
        [
            {"series": "ENROLLED", "bucket": "2026-03-02", "frequency": 1},
            {"series": "UNENROLLED", "bucket": "2026-03-02", "frequency": 1},
        ],
    )
    assert call("GET", f"/automation/v3/performance/workflow/{made['id']}")[0] == 400


def test_branches_in_branches_without_end(call: Call) -> None:
    """Are refused; a flow that has them is shown as far as that goes (F7.21.2, F7.21.3)."""
    actions: list[dict[str, Any]] = []
    for _ in range(60):
        actions = [{"type": "BRANCH", "filters": CUSTOMERS, "acceptActions": actions}]
    assert "nested" in call("POST", V3, {"name": "Deep", "actions": actions})[1]["message"]
    made = call("POST", V3, {"name": "Deep"})[1]
    flow = call("GET", f"{V4}/{made['migrationStatus']['flowId']}")[1]
    branches = [
        {
            "type": "LIST_BRANCH",
            "actionId": str(n),
            "listBranches": [{"filterBranch": EVERYBODY, "connection": {"nextActionId": str(min(n + 1, 1500))}}],
        }
        for n in range(1, 1500)
    ]
    branches.append({"type": "LIST_BRANCH", "actionId": "1500", "listBranches": [{"filterBranch": EVERYBODY}]})
    assert call("PUT", f"{V4}/{flow['id']}", {**flow, "actions": branches})[0] == 200
    assert call("GET", f"{V3}/{made['id']}")[0] == 200
