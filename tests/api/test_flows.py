"""Workflows over HTTP: flows, version 4 and 2026-09-beta, as they are made, given out and run."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.moments import DAY, MINUTE

Call = Callable[..., tuple[int, Any]]

V4, BETA = "/automation/v4/flows", "/automation/2026-09-beta/flows"
CONTACTS = "/crm/v3/objects/contacts"


def flow(*actions: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A flow of contacts with all that HubSpot's schema requires."""
    return {
        "type": "CONTACT_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": "0-1",
        "isEnabled": True,
        "canEnrollFromSalesforce": False,
        "customProperties": {},
        "dataSources": [],
        "suppressionListIds": [],
        "timeWindows": [],
        "blockedDates": [],
        "actions": list(actions),
        **members,
    }


def chain(*fields: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Actions one after the other: the ids of their types and their fields."""
    actions: list[dict[str, Any]] = [
        {"type": "SINGLE_CONNECTION", "actionId": str(n), "actionTypeId": id, "actionTypeVersion": 0, "fields": told}
        for n, (id, told) in enumerate(fields, 1)
    ]
    for action, following in pairwise(actions):
        action["connection"] = {"edgeType": "STANDARD", "nextActionId": following["actionId"]}
    return actions


def static(value: str) -> dict[str, str]:
    return {"type": "STATIC_VALUE", "staticValue": value}


def sets(property: str, value: str) -> tuple[str, dict[str, Any]]:
    return "0-5", {"property_name": property, "value": static(value)}


def where(*filters: dict[str, Any]) -> dict[str, Any]:
    """A filter branch that accepts what passes all of *filters*."""
    branch = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": list(filters)}
    return {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [branch]}


def is_any(property: str, *values: str, operator: str = "IS_ANY_OF") -> dict[str, Any]:
    operation: dict[str, Any] = {"operationType": "ENUMERATION", "operator": operator, "values": list(values)}
    operation["includeObjectsWithNoValueSet"] = operator == "IS_NONE_OF"
    return {"filterType": "PROPERTY", "property": property, "operation": operation}


def at_least(property: str, value: int) -> dict[str, Any]:
    operation = {"operationType": "NUMBER", "operator": "IS_GREATER_THAN_OR_EQUAL_TO", "value": value}
    return {"filterType": "PROPERTY", "property": property, "operation": operation}


def when(*filters: dict[str, Any]) -> dict[str, Any]:
    """Criteria that enroll contacts which pass *filters*."""
    return {"type": "LIST_BASED", "shouldReEnroll": False, "listFilterBranch": where(*filters)}


def hand_over() -> dict[str, Any]:
    """A flow that gives qualified contacts to sales after a quarter of an hour, unless they have got on by then."""
    deal = {
        "object_type_id": "0-3",
        "properties": [
            {"targetProperty": "dealname", "value": static("New business of {{ enrolled_object.company }}")},
            {"targetProperty": "dealstage", "value": static("appointmentscheduled")},
        ],
        "associations": [
            {
                "target": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3},
                "value": {"type": "ENROLLED_OBJECT"},
            }
        ],
        "use_explicit_associations": "true",
    }
    wait, set, make, done = chain(
        ("0-1", {"delta": "15", "time_unit": "MINUTES"}),
        sets("lifecyclestage", "salesqualifiedlead"),
        ("0-14", deal),
        sets("jobtitle", "handed over"),
    )
    further = ("salesqualifiedlead", "opportunity", "customer")
    branch = {
        "type": "LIST_BRANCH",
        "actionId": "9",
        "listBranches": [
            {
                "branchName": "Not with sales yet",
                "filterBranch": where(is_any("lifecyclestage", *further, operator="IS_NONE_OF")),
                "connection": {"edgeType": "STANDARD", "nextActionId": "2"},
            }
        ],
        "defaultBranchName": "Further on",
    }
    wait["connection"]["nextActionId"] = "9"
    criteria = when(is_any("lifecyclestage", "marketingqualifiedlead"), at_least("numemployees_guess", 50))
    return flow(wait, branch, set, make, done, name="Hand over", startActionId="1", enrollmentCriteria=criteria)


@pytest.fixture
def account() -> Portal:
    """A portal with a number that scores contacts."""
    number = {"name": "numemployees_guess", "type": "number", "group": "contactinformation"}
    return Portal(Configuration.model_validate({"properties": {"contacts": [number]}}))


def contact(call: Call, **properties: object) -> str:
    id: str = call("POST", CONTACTS, {"properties": properties})[1]["id"]
    return id


def history(call: Call, id: str, property: str = "lifecyclestage") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call("GET", f"{CONTACTS}/{id}", None, f"propertiesWithHistory={property}")[1][
        "propertiesWithHistory"
    ][property]
    return found


def stage(call: Call, id: str) -> str | None:
    found: str | None = call("GET", f"{CONTACTS}/{id}", None, "properties=lifecyclestage")[1]["properties"][
        "lifecyclestage"
    ]
    return found


# -- definitions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [V4, BETA])
def test_a_flow_is_given_back_as_it_was_sent(call: Call, path: str) -> None:
    """With its id, its revision and its times (F7.2, F7.2.2)."""
    sent = {**hand_over(), "uuid": "f-1", "something": {"else": [1]}}
    status, body = call("POST", path, sent)
    assert status == 201
    assert {name: body[name] for name in sent} == sent
    own = {name: body[name] for name in body.keys() - sent.keys()}
    assert own == {
        "id": body["id"],
        "revisionId": "1",
        "createdAt": "2026-03-02T09:00:00Z",
        "updatedAt": "2026-03-02T09:00:00Z",
        "crmObjectCreationStatus": "COMPLETE",
        "nextAvailableActionId": "10",
    }
    assert call("GET", f"{path}/{body['id']}") == (200, body)


def test_what_a_new_flow_needs(call: Call) -> None:
    """All members that the schema requires, which differ by the type of flow (F7.2, F7.3)."""
    assert call("POST", V4, {"type": "CONTACT_FLOW"})[1]["message"] == (
        "Invalid input JSON on line 1, column 1. Some required fields were not set: [isEnabled, actions, blockedDates,"
        " customProperties, timeWindows, canEnrollFromSalesforce, suppressionListIds, flowType, objectTypeId,"
        " dataSources]"
    )
    assert call("POST", V4, {"type": "PLATFORM_FLOW"})[1]["message"].count("suppressionListIds") == 0
    body = flow(type="PLATFORM_FLOW", objectTypeId="0-2")
    platform = {name: body[name] for name in body if name not in ("suppressionListIds", "canEnrollFromSalesforce")}
    assert call("POST", V4, platform)[0] == 201


def test_lists_that_may_be_left_out() -> None:
    """An option, after what integrators send (F7.2)."""
    portal = Portal(Configuration.model_validate({"options": {"flow_members": "single"}}))
    body = {name: value for name, value in flow().items() if not isinstance(value, list | dict)}
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    response = Api(portal).handle(Request("POST", V4, "", headers, orjson.dumps(body)))
    answered = orjson.loads(response.body)
    assert (response.status, answered["actions"], answered["customProperties"]) == (201, [], {})


def test_lists_of_flows(call: Call) -> None:
    """Short items, in pages (F7.2.2)."""
    ids = [call("POST", V4, flow(name=name))[1]["id"] for name in ("A", "B", "C")]
    body = call("GET", V4, None, "limit=2")[1]
    assert [item["id"] for item in body["results"]] == ids[:2]
    assert set(body["results"][0]) == {
        *("id", "isEnabled", "objectTypeId", "flowType", "revisionId", "createdAt", "updatedAt", "name")
    }
    after = body["paging"]["next"]["after"]
    assert [item["name"] for item in call("GET", V4, None, f"limit=2&after={after}")[1]["results"]] == ["C"]


def test_a_replacement_needs_the_present_revision(call: Call) -> None:
    """And takes the place of the whole flow (F7.4)."""
    made = call("POST", V4, flow(name="A", description="first"))[1]
    changed = {name: value for name, value in made.items() if name != "description"} | {"name": "B"}
    status, body = call("PUT", f"{V4}/{made['id']}", changed)
    assert (status, body["name"], body["revisionId"], "description" in body) == (200, "B", "2", False)
    status, error = call("PUT", f"{V4}/{made['id']}", changed)
    assert (status, error["category"], error["subCategory"]) == (
        *(400, "VALIDATION_ERROR"),
        "INVALID_REVISION_ID_IN_PUT_REQUEST",
    )
    assert "revisionId" in call("PUT", f"{V4}/{made['id']}", flow())[1]["message"]
    assert call("PATCH", f"{V4}/{made['id']}", {"name": "C"})[0] == 405


def test_what_a_replacement_keeps(call: Call) -> None:
    """The object, and what its schema has no words for (F7.4)."""
    made = call("POST", V4, flow())[1]
    less = {name: made[name] for name in made if name not in ("flowType", "objectTypeId", "dataSources")}
    assert call("PUT", f"{V4}/{made['id']}", less)[1]["objectTypeId"] == "0-1"
    moved = {**made, "revisionId": "2", "objectTypeId": "0-2", "type": "PLATFORM_FLOW"}
    assert "stays with its object" in call("PUT", f"{V4}/{made['id']}", moved)[1]["message"]


def test_the_past_of_a_flow(call: Call) -> None:
    """Each revision can be read, in the beta only (F7.4.2)."""
    made = call("POST", BETA, flow(name="A"))[1]
    now = call("PUT", f"{BETA}/{made['id']}", {**made, "name": "B"})[1]
    assert call("GET", f"{BETA}/{made['id']}/revisions/1") == (200, {"flow": made})
    assert call("GET", f"{BETA}/{made['id']}/revisions/2") == (200, {"flow": now})
    assert call("GET", f"{BETA}/{made['id']}/revisions/3")[0] == 404
    assert call("GET", f"{V4}/{made['id']}/revisions/1")[0] == 404


def test_a_deleted_flow(call: Call, account: Portal) -> None:
    """Is gone, and its contacts leave it (F7.4.1)."""
    made = call("POST", V4, flow(*chain(("0-1", {"delta": "1", "time_unit": "DAYS"}), sets("jobtitle", "x")), name="A"))
    id = contact(call, email="ada@acme.example")
    account.workflows.enroll("A", account.find("contacts", id))
    assert call("DELETE", f"{V4}/{made[1]['id']}")[0] == 204
    account.clock.advance(DAY)
    assert [call(method, f"{V4}/{made[1]['id']}")[0] for method in ("GET", "DELETE")] == [404, 404]
    assert account.find("contacts", id).get("jobtitle") is None


def test_flows_have_ids_and_not_names_here(call: Call) -> None:
    """A flow's name opens nothing (F7.2.2)."""
    call("POST", V4, flow(name="A"))
    assert call("GET", f"{V4}/A")[0] == 404


def test_reading_many(call: Call) -> None:
    """207 where some don't exist (F7.2.3)."""
    id = call("POST", V4, flow())[1]["id"]
    inputs = [{"type": "FLOW_ID", "flowId": one} for one in (id, "5")]
    status, body = call("POST", f"{V4}/batch/read", {"inputs": inputs[:1]})
    assert (status, [one["id"] for one in body["results"]], "errors" in body) == (200, [id], False)
    status, body = call("POST", f"{V4}/batch/read", {"inputs": inputs})
    assert (status, body["numErrors"], body["errors"][0]["context"]) == (207, 1, {"flowId": ["5"]})
    wrong = call("POST", f"{V4}/batch/read", {"inputs": [{"type": "WORKFLOW_ID", "flowId": id}]})
    assert wrong[1]["message"] == "type must be FLOW_ID, not WORKFLOW_ID"


def test_the_second_ids(call: Call) -> None:
    """From one to the other and back (F7.2.6)."""
    path, id = "/automation/v4/workflow-id-mappings/batch/read", call("POST", V4, flow())[1]["id"]
    found = call("POST", path, {"inputs": [{"type": "FLOW_ID", "flowId": id}]})[1]["results"]
    other = found[0]["workflowId"]
    assert found == [{"flowId": int(id), "workflowId": other}]
    assert other != int(id)
    assert call("POST", path, {"inputs": [{"type": "WORKFLOW_ID", "workflowId": other}]})[1]["results"] == found
    assert call("POST", path, {"inputs": [{"type": "WORKFLOW_ID", "workflowId": id}]})[0] == 207


def test_the_emails_of_flows(call: Call) -> None:
    """Content and campaign of each e-mail that a flow sends (F7.2.4)."""
    email = call("POST", "/marketing/v3/emails", {"name": "Hello", "type": "AUTOMATED_EMAIL", "subject": "Hi"})[1]
    made = call("POST", V4, flow(*chain(("0-4", {"content_id": email["id"]}), ("0-4", {"content_id": email["id"]}))))[1]
    status, body = call("GET", f"{V4}/email-campaigns", None, f"flowId={made['id']}&limit=1")
    row = body["results"][0]
    assert (status, row["flowId"], row["emailContentId"]) == (200, made["id"], email["id"])
    second = call("GET", f"{V4}/email-campaigns", None, f"flowId={made['id']}&limit=1&after=1")[1]
    assert (second["results"], "next" in second["paging"]) == ([row], False)
    before = second["paging"]["prev"]["before"]
    assert call("GET", f"{V4}/email-campaigns", None, f"flowId={made['id']}&before={before}")[1]["results"] == [row]
    error = call("GET", f"{V4}/email-campaigns")
    assert error[1]["message"] == "One or more flowId parameters are required for email campaign fetch."


def test_the_kinds_of_actions(call: Call) -> None:
    """In the beta, for one type of object or for all (F7.17.1)."""
    path = "/automation/2026-09-beta/action-types"
    found = {row["actionTypeId"]: row for row in call("GET", path)[1]["results"]}
    fields = {field["name"]: field for field in found["0-1"]["inputFieldDefinitions"]}
    assert fields["delta"]["isRequired"]
    assert [option["value"] for option in fields["time_unit"]["options"]] == ["MINUTES", "HOURS", "DAYS", "WEEKS"]
    assert "0-3" in found["0-5"]["objectTypeIds"]
    deals = call("GET", path, None, "objectTypeId=0-3")[1]["results"]
    assert {"0-1", "0-5"} <= {row["actionTypeId"] for row in deals}
    assert call("GET", path, None, "objectTypeId=9-9")[0] == 400
    assert call("GET", "/automation/v4/action-types")[0] == 404


def test_the_scope() -> None:
    """Automation (F7.1.1)."""
    apps = [{"name": "reader", "token": "pat-na1-reader", "scopes": ["crm.objects.contacts.read"]}]
    portal = Portal(Configuration.model_validate({"apps": apps}))
    response = Api(portal).handle(Request("GET", V4, "", {"authorization": "Bearer pat-na1-reader"}, b""))
    assert (response.status, b'"automation"' in response.body) == (403, True)


# -- what is refused -----------------------------------------------------------------------------------------

STEP, NEXT = chain(sets("jobtitle", "x"), sets("jobtitle", "y"))

MISTAKES = [
    ({"type": "PLATFORM_FLOW"}, "flow.type is PLATFORM_FLOW, which does not go with contacts"),
    ({"objectTypeId": "0-2"}, "flow.type is CONTACT_FLOW, which does not go with companies"),
    ({"flowType": "FLOW"}, "flowType can't be 'FLOW'"),
    ({"actions": [STEP]}, "leads to an action that isn't there"),
    ({"actions": [STEP, {**NEXT, "actionId": "1"}]}, "'1' is there twice"),
    ({"actions": [STEP, {**NEXT, "connection": {"nextActionId": "1"}}]}, "lead back to themselves: 1 -> 2 -> 1"),
    ({"actions": [NEXT], "startActionId": "7"}, "flow.startActionId names no action: '7'"),
    ({"actions": [{**NEXT, "type": "JUMP"}]}, "flow.actions[0].type can't be 'JUMP'"),
    ({"actions": [{**NEXT, "fields": {"propertyName": "jobtitle"}}]}, "flow.actions[0].fields.property_name"),
    ({"actions": [{"type": "LIST_BRANCH", "actionId": "1"}]}, "flow.actions[0].listBranches"),
    ({"actions": [{"type": "STATIC_BRANCH", "actionId": "1", "staticBranches": [{}]}]}, "flow.actions[0].inputValue"),
    ({"actions": "1"}, "from String value"),
    ({"timeWindows": {}}, "from Object value"),
    ({"suppressionListIds": [4711]}, "flow.suppressionListIds names no list: 4711"),
    ({"enrollmentCriteria": {"type": "SOMETIMES"}}, "flow.enrollmentCriteria.type can't be 'SOMETIMES'"),
    ({"enrollmentCriteria": when({"filterType": "PROPERTY", "property": "nope"})}, "flow.enrollmentCriteria."),
]


@pytest.mark.parametrize(("members", "words"), MISTAKES, ids=[words for _, words in MISTAKES])
def test_a_mistake_is_named_with_its_place(call: Call, members: dict[str, Any], words: str) -> None:
    """Nothing is made (F7.1, F7.19.2)."""
    status, error = call("POST", V4, flow(**members))
    assert (status, words in error["message"]) == (400, True), error["message"]
    assert call("GET", V4)[1]["results"] == []


def test_an_unknown_event(call: Call) -> None:
    """Its id is named (F7.19.2)."""
    branch = {"filterBranchType": "UNIFIED_EVENTS", "filterBranchOperator": "AND", "operator": "HAS_COMPLETED"}
    events = [{**branch, "eventTypeId": "4-1", "filters": [], "filterBranches": []}]
    criteria = {"type": "EVENT_BASED", "shouldReEnroll": False, "eventFilterBranches": events}
    status, error = call("POST", V4, flow(enrollmentCriteria=criteria))
    assert (status, "4-1" in error["message"]) == (400, True)


EMPTY_DEFAULT = {
    "type": "STATIC_BRANCH",
    "actionId": "1",
    "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "jobtitle"},
    "staticBranches": [{"branchValue": "CEO"}],
    "defaultBranch": {},
}


@pytest.mark.parametrize(
    ("members", "status", "message"),
    [
        ({"actions": [{**NEXT, "fields": {"propertyName": "jobtitle"}}]}, 500, None),
        ({"actions": [EMPTY_DEFAULT]}, 500, None),
        ({"actions": [{**NEXT, "actionTypeId": "0-13", "fields": {"listId": "1"}}]}, 500, None),
        ({"actions": [STEP]}, 400, "Invalid request to flow creation"),
        ({"actions": [{**NEXT, "actionTypeId": "0-1"}]}, 400, "Invalid request to flow creation"),
        (
            *({"type": "PLATFORM_FLOW"}, 400),
            'Expected an object type other than "0-1" objectType but got "0-1"',
        ),
    ],
)
def test_few_words(members: dict[str, Any], status: int, message: str | None) -> None:
    """As HubSpot has them, where the portal's options say so (F7.19, F7.19.1)."""
    portal = Portal(Configuration.model_validate({"options": {"flow_errors": "bare"}}))
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    response = Api(portal).handle(Request("POST", V4, "", headers, orjson.dumps(flow(**members))))
    assert response.status == status
    assert response.body == b"" if message is None else orjson.loads(response.body)["message"] == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "1", "0-5", "OR", "PROPERTY", "IS_KNOWN"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["type", "filters"]), inner),
    max_leaves=5,
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_whatever_is_sent(call: Call, data: st.DataObject) -> None:
    """Is taken or refused, and breaks nothing (F7.19.2)."""
    body: Any = {**hand_over(), "goalFilterBranch": where(known("company"))}
    body["enrollmentCriteria"] |= {"reEnrollmentTriggersFilterBranches": [where(known("city"))]}
    part = body
    while True:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not part[key] or not isinstance(part[key], dict | list) or not data.draw(st.integers(0, 3)):
            break
        part = part[key]
    part[key] = data.draw(JSON)
    status, answered = call("POST", V4, body)
    assert status in (201, 400)
    if status == 201:
        assert call("GET", f"{V4}/{answered['id']}")[0] == 200


# -- running -------------------------------------------------------------------------------------------------


def test_qualified_contacts_are_handed_over(call: Call, account: Portal) -> None:
    """After the delay, those whom the branch lets through (F7.2, F7.28)."""
    call("POST", V4, hand_over())
    mql = {"lifecyclestage": "marketingqualifiedlead", "company": "Acme"}
    ready, waiting, low = (
        contact(call, email=f"{name}@acme.example", numemployees_guess=score, **mql)
        for name, score in (("ready", 80), ("waiting", 50), ("low", 49))
    )
    account.clock.advance(14 * MINUTE)
    assert stage(call, ready) == "marketingqualifiedlead"
    call("PATCH", f"{CONTACTS}/{waiting}", {"properties": {"lifecyclestage": "customer"}})
    account.clock.advance(MINUTE)
    assert [stage(call, id) for id in (ready, waiting, low)] == [
        *("opportunity", "customer", "marketingqualifiedlead")  # the deal did the rest
    ]
    assert [version["value"] for version in history(call, ready)][1] == "salesqualifiedlead"
    (deal,) = call("GET", "/crm/v3/objects/deals")[1]["results"]
    assert deal["properties"]["dealname"] == "New business of Acme"
    titles = [account.find("contacts", id).get("jobtitle") for id in (ready, waiting, low)]
    assert titles == ["handed over", None, None]


def test_goals_are_for_contacts(call: Call) -> None:
    """And so are some other members (F7.3)."""
    goal = where(is_any("lifecyclestage", "customer"))
    members = {"type": "PLATFORM_FLOW", "objectTypeId": "0-2", "goalFilterBranch": goal}
    assert "goalFilterBranch goes with a CONTACT_FLOW" in call("POST", V4, flow(**members))[1]["message"]


def test_a_long_flow(call: Call, account: Portal) -> None:
    """Has as many actions as its maker likes (F7.2)."""
    made = call("POST", V4, flow(*chain(*[sets("jobtitle", str(n)) for n in range(1500)]), name="Long"))
    assert made[0] == 201
    id = contact(call, email="ada@acme.example")
    account.workflows.enroll("Long", account.find("contacts", id))
    assert account.find("contacts", id).get("jobtitle") == "1499"


def test_a_backward_stage_is_an_issue(call: Call, account: Portal) -> None:
    """The stage is kept, one action failed, and the contact goes on to the next one (F2.b5, F7.34)."""
    actions = chain(sets("lifecyclestage", "lead"), sets("jobtitle", "seen"))
    call("POST", V4, flow(*actions, name="Back", enrollmentCriteria=when(is_any("lifecyclestage", "customer"))))
    id = contact(call, email="ada@acme.example", lifecyclestage="customer")
    assert (stage(call, id), len(history(call, id))) == ("customer", 1)
    assert [(event.action, event.succeeded) for event in account.workflows.action_log] == [("1", False), ("2", True)]
    assert account.find("contacts", id).get("jobtitle") == "seen"


def test_clearing_and_setting_moves_back(call: Call) -> None:
    """Two versions, by two executions of one enrollment (F2.10, F6.6)."""
    actions = chain(sets("lifecyclestage", ""), sets("lifecyclestage", "lead"))
    call("POST", V4, flow(*actions, name="Back", enrollmentCriteria=when(is_any("lifecyclestage", "customer"))))
    id = contact(call, email="ada@acme.example", lifecyclestage="customer")
    newest, cleared, first = history(call, id)
    assert [version["value"] for version in (newest, cleared, first)] == ["lead", "", "customer"]
    assert newest["sourceType"] == cleared["sourceType"] == "AUTOMATION_PLATFORM"
    executions = [version["sourceId"].partition("actionExecutionIndex:")[2] for version in (cleared, newest)]
    assert [int("".join(filter(str.isdigit, text))) for text in executions] == [0, 1]


def known(property: str) -> dict[str, Any]:
    operation = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN", "includeObjectsWithNoValueSet": False}
    return {"filterType": "PROPERTY", "property": property, "operation": operation}


def test_a_known_property_enrolls_again(call: Call, account: Portal) -> None:
    """At each change of it (F7.23)."""
    criteria = {**when(known("lifecyclestage")), "shouldReEnroll": True}
    criteria["reEnrollmentTriggersFilterBranches"] = [where(known("lifecyclestage"))]
    made = call("POST", V4, flow(*chain(sets("jobtitle", "x")), enrollmentCriteria=criteria))[1]
    id = contact(call, email="ada@acme.example", lifecyclestage="lead")
    for value in ("marketingqualifiedlead", "salesqualifiedlead"):
        call("PATCH", f"{CONTACTS}/{id}", {"properties": {"lifecyclestage": value}})
    assert sum(account.workflows.find(made["id"]).counts.values()) == 3


def test_a_value_enrolls_again(call: Call, account: Portal) -> None:
    """On the way from not matching to matching, and not from one matching value to another (F7.23)."""
    criteria = {**when(known("lifecyclestage")), "shouldReEnroll": True}
    criteria["reEnrollmentTriggersFilterBranches"] = [where(is_any("lifecyclestage", "opportunity", "customer"))]
    made = call("POST", V4, flow(*chain(sets("jobtitle", "x")), enrollmentCriteria=criteria))[1]
    id = contact(call, email="ada@acme.example")
    counts = account.workflows.find(made["id"]).counts
    seen = []
    for value in ("opportunity", "customer"):
        call("PATCH", f"{CONTACTS}/{id}", {"properties": {"lifecyclestage": value}})
        seen.append(sum(counts.values()))
    assert seen == [2, 2]


def test_an_event_does_not_see_what_creation_set(call: Call, account: Portal) -> None:
    """A later change it sees (F7.30)."""
    filters = [
        {"filterType": "PROPERTY", "property": "hs_name", "operation": _text("lifecyclestage")},
        is_any("hs_value", "lead", "customer"),
    ]
    event: dict[str, Any] = {"filterBranchType": "UNIFIED_EVENTS", "filterBranchOperator": "AND"}
    event |= {"operator": "HAS_COMPLETED"}
    event |= {"eventTypeId": "4-655002", "filterBranches": [], "filters": filters}
    criteria = {"type": "EVENT_BASED", "shouldReEnroll": False, "eventFilterBranches": [event]}
    criteria["listMembershipFilterBranches"] = []
    made = call("POST", V4, flow(*chain(sets("jobtitle", "x")), enrollmentCriteria=criteria))[1]
    id = contact(call, email="ada@acme.example", lifecyclestage="lead")
    counts = account.workflows.find(made["id"]).counts
    assert sum(counts.values()) == 0
    call("PATCH", f"{CONTACTS}/{id}", {"properties": {"lifecyclestage": "customer"}})
    assert sum(counts.values()) == 1


def _text(value: str) -> dict[str, Any]:
    return {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": value}


def test_how_a_flow_performs(call: Call, account: Portal) -> None:
    """Who came in, who left, and who came to the end, day by day (F7.2.5)."""
    wait, done = chain(("0-1", {"delta": "1", "time_unit": "DAYS"}), sets("jobtitle", "x"))
    made = call("POST", V4, flow(wait, done, name="A"))[1]
    ada, bob = (account.find("contacts", contact(call, email=f"{n}@acme.example")) for n in ("ada", "bob"))
    for one in (ada, bob):
        account.workflows.enroll("A", one)
    account.workflows.unenroll("A", bob)
    account.clock.advance(DAY)
    path = f"{V4}/performance/{made['id']}"
    assert call("GET", path)[1]["results"] == [
        {"series": "ENROLLED", "bucket": "2026-03-02", "frequency": 2},
        {"series": "UNENROLLED", "bucket": "2026-03-02", "frequency": 1},
        {"series": "COMPLETED", "bucket": "2026-03-03", "frequency": 1},
    ]
    buckets = {row["bucket"] for row in call("GET", path, None, "bucketType=MONTH")[1]["results"]}
    assert buckets == {"2026-03-01"}
    weeks = call("GET", path, None, "bucketType=WEEK&firstDay=SUNDAY")[1]["results"]
    assert {row["bucket"] for row in weeks} == {"2026-03-01"}
    later = call("GET", path, None, f"start={account.clock.now}")[1]["results"]
    assert [row["series"] for row in later] == ["COMPLETED"]
    assert [call("GET", path, None, query)[0] for query in ("bucketType=YEAR", "start=x", "firstDay=x")] == [400] * 3
    assert call("GET", f"{BETA}/performance/{made['id']}")[0] == 404
