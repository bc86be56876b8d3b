"""The lifecycle in eighteen statements, told through the API that integrations see."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import PipelineRuleBroken

Call = Callable[..., tuple[int, Any]]

USER, SUPER_ADMIN = "aino@acme.example", "ada@acme.example"
CONTACTS = "/crm/v3/objects/contacts"
PIPELINE = "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline"
FLOWS = "/automation/v4/flows"
BOTH = [{"objectTypeId": "0-1", "value": "marketingqualifiedlead"}, {"objectTypeId": "0-2", "value": "lead"}]


@pytest.fixture
def account() -> Portal:
    """A portal with a user, a super admin and two forms."""
    users = [{"email": USER}, {"email": SUPER_ADMIN, "super_admin": True}]
    stages = {"contact_stage": "marketingqualifiedlead", "company_stage": "lead"}
    forms = [{"name": "Demo", **stages}, {"name": "News", "fields": ["email"]}]
    return Portal(Configuration.model_validate({"users": users, "forms": forms}))


@pytest.fixture
def contact(call: Call) -> Callable[..., str]:
    """`contact("customer")` → the id of a new contact in that stage."""

    def contact(stage: str | None = None, name: str = "ada") -> str:
        values = {"email": f"{name}@acme.example"} | ({"lifecyclestage": stage} if stage else {})
        status, body = call("POST", CONTACTS, {"properties": values})
        assert status == 201
        return str(body["id"])

    return contact


def stage_of(call: Call, id: str) -> str | None:
    body = call("GET", f"{CONTACTS}/{id}", None, "properties=lifecyclestage")[1]
    stage: str | None = body["properties"]["lifecyclestage"]
    return stage


def write(call: Call, id: str, stage: str | None) -> tuple[int, Any]:
    return call("PATCH", f"{CONTACTS}/{id}", {"properties": {"lifecyclestage": stage}})


def history(call: Call, id: str) -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = call("GET", f"{CONTACTS}/{id}", None, "propertiesWithHistory=lifecyclestage")[1][
        "propertiesWithHistory"
    ]["lifecyclestage"]
    return versions


def set_property(id: str, value: str, next: str | None = None, name: str = "lifecyclestage") -> dict[str, Any]:
    fields = {"property_name": name, "value": {"type": "STATIC_VALUE", "staticValue": value}}
    action = {"type": "SINGLE_CONNECTION", "actionId": id, "actionTypeId": "0-5", "actionTypeVersion": 0}
    action |= {"fields": fields}
    return action | ({"connection": {"edgeType": "STANDARD", "nextActionId": next}} if next else {})


def property_filter(name: str, type: str, operator: str, **operation: Any) -> dict[str, Any]:
    said = {"operationType": type, "operator": operator, "includeObjectsWithNoValueSet": False, **operation}
    return {"filterType": "PROPERTY", "property": name, "operation": said}


def branch(*filters: dict[str, Any]) -> dict[str, Any]:
    inner = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": list(filters)}
    return {"filterBranchType": "OR", "filterBranchOperator": "OR", "filterBranches": [inner], "filters": []}


def flow(call: Call, criteria: dict[str, Any], *actions: dict[str, Any]) -> None:
    body = {
        "type": "CONTACT_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": "0-1",
        "name": "Flow",
        "isEnabled": True,
        "canEnrollFromSalesforce": False,
        "customProperties": {},
        "dataSources": [],
        "suppressionListIds": [],
        "timeWindows": [],
        "blockedDates": [],
        "startActionId": actions[0]["actionId"],
        "actions": list(actions),
        "enrollmentCriteria": criteria,
    }
    status, answer = call("POST", FLOWS, body)
    assert status == 201, answer


def becomes_customer() -> dict[str, Any]:
    filters = [
        property_filter("hs_name", "STRING", "IS_EQUAL_TO", value="lifecyclestage"),
        property_filter("hs_value", "ENUMERATION", "IS_ANY_OF", values=["customer"]),
    ]
    event: dict[str, Any] = {"filterBranchType": "UNIFIED_EVENTS", "filterBranchOperator": "AND"}
    event |= {"operator": "HAS_COMPLETED"}
    event |= {"eventTypeId": "4-655002", "filterBranches": [], "filters": filters}
    criteria = {"type": "EVENT_BASED", "shouldReEnroll": True, "listMembershipFilterBranches": []}
    return criteria | {"eventFilterBranches": [event]}


def test_01_a_contact_begins_as_a_lead(call: Call) -> None:
    """201 with stage, pipeline and the date of becoming a lead (F1.27, F1.9, F4.1, F3.1)."""
    properties = call("POST", CONTACTS, {"properties": {"email": "ada@acme.example"}})[1]["properties"]
    assert (properties["lifecyclestage"], properties["hs_pipeline"]) == ("lead", "contacts-lifecycle-pipeline")
    assert properties["hs_lifecyclestage_lead_date"] == properties["createdate"]


def test_02_a_backward_write_is_kept(call: Call, contact: Callable[..., str]) -> None:
    """200 with the kept value; updatedAt moves, history does not (F2.1, F2.b3, F6.3)."""
    id = contact("customer")
    before = call("GET", f"{CONTACTS}/{id}")[1]["updatedAt"]
    status, body = write(call, id, "lead")
    assert (status, body["properties"]["lifecyclestage"]) == (200, "customer")
    assert body["updatedAt"] != before
    assert [version["value"] for version in history(call, id)] == ["customer"]


def test_03_cleared_first_a_stage_goes_back(call: Call, contact: Callable[..., str]) -> None:
    """Two writes, three versions (F2.5, F2.6, F2.8)."""
    id = contact("customer")
    assert [write(call, id, stage)[0] for stage in ("", "lead")] == [200, 200]
    assert [version["value"] for version in history(call, id)] == ["lead", "", "customer"]


def test_04_null_and_nothing_change_nothing(call: Call, contact: Callable[..., str]) -> None:
    """Null leaves the stage; an update without properties is 400 (F2.5, F2.9)."""
    id = contact("customer")
    assert write(call, id, None)[0] == 200
    assert call("PATCH", f"{CONTACTS}/{id}", {"properties": {}})[0] == 400
    assert stage_of(call, id) == "customer"


def test_05_nonsense_is_refused(call: Call, contact: Callable[..., str]) -> None:
    """400 VALIDATION_ERROR, and nothing changes (F2.1)."""
    id = contact("customer")
    status, body = write(call, id, "nonsense")
    assert (status, body["category"], stage_of(call, id)) == (400, "VALIDATION_ERROR", "customer")


def test_06_other_is_last_and_stages_can_be_skipped(call: Call, contact: Callable[..., str]) -> None:
    """Nothing follows Other; who skips stages has no dates of them (F1.2, F2.3, F1.28)."""
    other, subscriber = contact("other", "o"), contact("subscriber", "s")
    assert write(call, other, "customer")[1]["properties"]["lifecyclestage"] == "other"
    assert write(call, subscriber, "customer")[1]["properties"]["lifecyclestage"] == "customer"
    names = "hs_v2_date_entered_lead,hs_v2_date_entered_opportunity,hs_v2_date_entered_customer"
    dates = call("GET", f"{CONTACTS}/{subscriber}", None, f"properties={names}")[1]["properties"]
    assert [dates[name] is None for name in names.split(",")] == [True, True, False]


def test_07_version_1_answers_204_and_keeps_it(call: Call, contact: Callable[..., str]) -> None:
    """The caller is not told (F2.b2)."""
    id = contact("customer")
    body = {"properties": [{"property": "lifecyclestage", "value": "lead"}]}
    assert call("POST", f"/contacts/v1/contact/vid/{id}/profile", body)[0] == 204
    assert stage_of(call, id) == "customer"


def test_08_a_workflow_fails_and_goes_on(call: Call, contact: Callable[..., str], account: Portal) -> None:
    """The value stays, the action is an issue, the record comes to the next action (F2.b5, F7.34)."""
    id = contact("lead")
    flow(call, becomes_customer(), set_property("1", "lead", "2"), set_property("2", "Next", name="jobtitle"))
    write(call, id, "customer")
    assert stage_of(call, id) == "customer"
    assert account.find("contacts", id).get("jobtitle") == "Next"
    assert [issue.action for issue in account.workflows.issues] == ["1"]


def test_09_a_workflow_clears_and_sets(call: Call, contact: Callable[..., str]) -> None:
    """Two versions by the workflow, with rising execution numbers (F2.10, F6.6)."""
    id = contact("lead")
    flow(call, becomes_customer(), set_property("1", "", "2"), set_property("2", "lead"))
    write(call, id, "customer")
    versions = history(call, id)
    assert [version["value"] for version in versions] == ["lead", "", "customer", "lead"]
    assert [(version["sourceType"], version["sourceId"].rpartition(":")[2]) for version in versions[:2]] == [
        ("AUTOMATION_PLATFORM", "1"),
        ("AUTOMATION_PLATFORM", "0"),
    ]


@pytest.mark.parametrize(
    ("form", "before", "sent", "stage"),
    [
        ("Demo", None, "salesqualifiedlead", "salesqualifiedlead"),
        ("Demo", None, None, "marketingqualifiedlead"),
        ("News", None, None, "lead"),
        ("Demo", "customer", None, "customer"),
    ],
)
def test_10_a_form_gives_a_stage(
    call: Call,
    account: Portal,
    contact: Callable[..., str],
    form: str,
    before: str | None,
    sent: str | None,
    stage: str,
) -> None:
    """The submission's own, else the form's, else the account's; a customer stays one (F4.2, F4.3)."""
    if before:
        contact(before)
    values = {"email": "ada@acme.example"} | ({"lifecyclestage": sent} if sent else {})
    fields = [{"objectTypeId": "0-1", "name": name, "value": value} for name, value in values.items()]
    guid = account.forms.find(form).guid
    assert call("POST", f"/submissions/v3/integration/submit/1/{guid}", {"fields": fields})[0] == 200
    (found,) = account.records[account.type("contacts")].having("email", "ada@acme.example")
    assert found.stage == stage


def test_11_a_form_sets_both_stages_or_none(call: Call, account: Portal) -> None:
    """One object's stage alone, or a field for the stage, is 400 (F4.4, F4.5, F4.6)."""
    demo = call("GET", f"/marketing/v3/forms/{account.forms.find('News').guid}")[1] | {"name": "New"}
    for stages, status in ((BOTH, 201), (BOTH[:1], 400), (BOTH[1:], 400)):
        body = demo | {
            "name": f"New {len(stages)}{status}",
            "configuration": demo["configuration"] | {"lifecycleStages": stages},
        }
        answer = call("POST", "/marketing/v3/forms", body)
        assert answer[0] == status
        assert status == 201 or answer[1]["category"] == "VALIDATION_ERROR"
    field = demo["fieldGroups"][0]["fields"][0] | {"name": "lifecyclestage", "fieldType": "single_line_text"}
    body = demo | {"fieldGroups": [demo["fieldGroups"][0] | {"fields": [field]}]}
    assert call("POST", "/marketing/v3/forms", body)[0] == 400


def test_12_contacts_follow_their_company(call: Call, contact: Callable[..., str], account: Portal) -> None:
    """Who is behind moves, nobody goes back (F3.5)."""
    ids = [contact("subscriber", "s"), contact("opportunity", "o")]
    acme = account.create("companies", {"name": "Acme", "lifecyclestage": "subscriber"})
    for id in ids:
        account.associate(account.find("contacts", id), acme)
    for stage, expected in (("lead", ["lead", "opportunity"]), ("customer", ["customer", "customer"])):
        call("PATCH", f"/crm/v3/objects/companies/{acme.id}", {"properties": {"lifecyclestage": stage}})
        assert [stage_of(call, id) for id in ids] == expected


def test_13_a_deal_takes_its_people_along(call: Call, contact: Callable[..., str], account: Portal) -> None:
    """Created: opportunity; won: customer; reopened: still customer (F3.6, F3.7, F3.8)."""
    members = [account.find("contacts", contact(None, name)) for name in ("a", "b")]
    members.append(account.create("companies", {"name": "Acme"}))
    associations = [
        {"to": {"id": str(m.id)}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": t}]}
        for m, t in zip(members, (3, 3, 5), strict=True)
    ]
    body = {"properties": {"dealname": "D", "dealstage": "contractsent"}, "associations": associations}
    deal = call("POST", "/crm/v3/objects/deals", body)[1]["id"]
    seen = [{member.stage for member in members}]
    for stage in ("closedwon", "contractsent"):
        call("PATCH", f"/crm/v3/objects/deals/{deal}", {"properties": {"dealstage": stage}})
        seen.append({member.stage for member in members})
    assert seen == [{"opportunity"}, {"customer"}, {"customer"}]


def test_14_by_hand_it_goes_back_unless_a_rule_forbids_it(
    call: Call, contact: Callable[..., str], account: Portal
) -> None:
    """A rule binds users, neither super admins nor workflows (F2.b1, F2.14, F2.15, F2.16)."""
    ada = account.find("contacts", contact("customer"))
    account.as_user(USER).edit(ada, {"lifecyclestage": "lead"})
    assert ada.stage == "lead"
    rules = {"noBackwardsMovementRule": {"enabledForAllStages": True, "pipelineStageIds": []}}
    path = "/crm/pipelines-rules/2026-09-beta/0-1/contacts-lifecycle-pipeline"
    assert call("PATCH", path, {"governanceValidationRules": rules})[0] == 200
    write(call, str(ada.id), "customer")
    with pytest.raises(PipelineRuleBroken):
        account.as_user(USER).edit(ada, {"lifecyclestage": "lead"})
    account.as_user(SUPER_ADMIN).edit(ada, {"lifecyclestage": "lead"})
    assert ada.stage == "lead"


def test_15_a_stage_in_use_stays(call: Call, contact: Callable[..., str]) -> None:
    """Deleting it is refused until nothing has it any more; then its properties go with it (F1.17, F1.16.1)."""
    id = contact("evangelist")
    assert call("DELETE", f"{PIPELINE}/stages/evangelist")[0] == 400
    assert [write(call, id, stage)[0] for stage in ("", "lead")] == [200, 200]
    assert call("DELETE", f"{PIPELINE}/stages/evangelist")[0] == 204
    assert call("GET", "/crm/v3/properties/contacts/hs_v2_date_entered_evangelist")[0] == 404


def test_16_a_stage_of_ones_own_takes_part_by_its_place(call: Call, contact: Callable[..., str]) -> None:
    """Between SQL and Opportunity: forward into it and out of it, not back (F1.15, F2.2, F1.23)."""
    stage = call("POST", f"{PIPELINE}/stages", {"label": "Pilot", "displayOrder": 3, "metadata": {}})[1]["id"]
    id = contact("salesqualifiedlead")
    seen = [
        write(call, id, wanted)[1]["properties"]["lifecyclestage"]
        for wanted in (stage, "salesqualifiedlead", "opportunity")
    ]
    assert seen == [stage, stage, "opportunity"]
    name = f"hs_v2_date_entered_{stage}"
    assert call("GET", f"{CONTACTS}/{id}", None, f"properties={name}")[1]["properties"][name] is not None


@pytest.mark.parametrize(
    ("again", "times"),
    [
        (property_filter("lifecyclestage", "ALL_PROPERTY", "IS_KNOWN"), 4),
        (property_filter("lifecyclestage", "ENUMERATION", "IS_ANY_OF", values=["customer", "evangelist"]), 2),
    ],
    ids=["known", "value"],
)
def test_17_what_enrolls_again(
    call: Call, contact: Callable[..., str], account: Portal, again: dict[str, Any], times: int
) -> None:
    """*Is known* fires at every change, a value on the passage to it only (F7.22, F7.23)."""
    criteria = {
        "type": "LIST_BASED",
        "shouldReEnroll": True,
        "unEnrollObjectsNotMeetingCriteria": False,
        "listFilterBranch": branch(property_filter("lifecyclestage", "ALL_PROPERTY", "IS_KNOWN")),
        "reEnrollmentTriggersFilterBranches": [branch(again)],
    }
    flow(call, criteria, set_property("1", "x", name="jobtitle"))
    id = contact("lead")
    for stage in ("opportunity", "customer", "evangelist"):
        write(call, id, stage)
    assert len(account.workflows.action_log) == times


def test_18_an_event_trigger_does_not_see_a_creation(call: Call, contact: Callable[..., str], account: Portal) -> None:
    """A value set in the creating request fires nothing; a later change does (F7.30)."""
    flow(call, becomes_customer(), set_property("1", "x", name="jobtitle"))
    contact("customer", "new")
    assert account.workflows.action_log == []
    write(call, contact("lead", "old"), "customer")
    assert len(account.workflows.action_log) == 1
