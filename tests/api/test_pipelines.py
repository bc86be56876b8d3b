"""Pipelines and stages over HTTP."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

DEALS = "/crm/v3/pipelines/deals"
TICKETS = "/crm/v3/pipelines/tickets"
LIFECYCLE = "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline"

IN_USE = "PipelineError.STAGE_ID_IN_USE"


def stage(label: str, order: int, probability: object = "0.5", **more: str) -> dict[str, Any]:
    return {"label": label, "displayOrder": order, "metadata": {"probability": probability}, **more}


RENEWALS = {
    "label": "Renewals",
    "displayOrder": 1,
    "stages": [stage("Offered", 0, 0.2, stageId="offered"), stage("Renewed", 1, 1), stage("Left", 2, "0.0")],
}


@pytest.fixture
def renewals(call: Call) -> str:
    """The id of a pipeline with three stages."""
    id: str = call("POST", DEALS, RENEWALS)[1]["id"]
    return id


def labels(call: Call, path: str) -> list[str]:
    return [one["label"] for one in call("GET", f"{path}/stages")[1]["results"]]


# -- pipelines -----------------------------------------------------------------------------------------------


def test_a_new_pipeline(call: Call) -> None:
    """201; ids that are not given are numbers, metadata are strings and say what follows (W5.1.1, W5.4, W5.5)."""
    status, body = call("POST", DEALS, RENEWALS)
    assert (status, body["id"].isdecimal(), body["createdAt"]) == (201, True, "2026-03-02T09:00:00Z")
    assert body["stages"][0]["id"] == "offered"
    assert [one["metadata"] for one in body["stages"]] == [
        {"isClosed": "false", "probability": "0.2"},
        {"isClosed": "true", "probability": "1.0"},
        {"isClosed": "true", "probability": "0.0"},
    ]
    assert [one["label"] for one in call("GET", DEALS)[1]["results"]] == ["Sales Pipeline", "Renewals"]


def test_deals_move_through_a_new_pipeline(call: Call, renewals: str) -> None:
    """Its stages are options at once, each with its calculated properties (F1.8, F1.16)."""
    deal = {"dealname": "Acme", "pipeline": renewals, "dealstage": "offered"}
    _, body = call("POST", "/crm/v3/objects/deals", {"properties": deal})
    assert (body["properties"]["dealstage"], body["properties"]["hs_deal_stage_probability"][:4]) == ("offered", "0.20")
    _, options = call("GET", "/crm/v3/properties/deals/pipeline")
    assert [option["value"] for option in options["options"]] == ["default", renewals]
    assert call("GET", "/crm/v3/properties/deals/hs_v2_date_entered_offered")[0] == 200


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"stages": []}, 400, "Pipeline must have at least one stage"),
        ({"label": "sales pipeline"}, 400, "An active pipeline with label sales pipeline already exists."),
        ({"pipelineId": "default"}, 400, "There's another pipeline in this portal with pipelineId (default)."),
        ({"pipelineId": "0"}, 409, "There's another pipeline in this portal with one of the same stages"),
        ({"stages": [stage("A", 0, stageId="closedwon")]}, 409, "There's another pipeline in this portal with one"),
        ({"stages": [stage("A", 0), stage(" a ", 1)]}, 400, "Stage with label  a  already exists"),
        (
            {"stages": [stage("A", 0, stageId="x"), stage("B", 1, stageId="x")]},
            400,
            "There are two stages with the id x",
        ),
        ({"stages": [stage("A", -1)]}, 400, "Pipeline display order cannot be negative"),
        ({"stages": [stage("A", 0, "1.1")]}, 400, "dealstage probability is not valid, must be between 0.0 and 1.0"),
        ({"stages": [stage("A", 0, "nan")]}, 400, "dealstage probability is not valid, must be between 0.0 and 1.0"),
        ({"stages": [{**stage("A", 0), "metadata": {}}]}, 400, "must specify probability when writing a dealstage"),
        ({"stages": [{"label": "A"}]}, 400, "Invalid input JSON on line 1, column 1. Some required fields"),
        ({"stages": [stage(f"Stage {n}", n) for n in range(101)]}, 400, "A pipeline of deals has 100 stages at most"),
        ({"displayOrder": None}, 400, "Invalid input JSON on line 1, column 1. Some required fields"),
        ({"displayOrder": "x"}, 400, "Invalid input JSON on line 1, column"),
    ],
)
def test_a_pipeline_that_cannot_be(call: Call, change: dict[str, Any], status: int, words: str) -> None:
    """Labels and ids in use, bad metadata, missing parts: nothing is made (W5.5, W5.6)."""
    answered, body = call("POST", DEALS, {**RENEWALS, **change})
    assert (answered, body["message"][: len(words)]) == (status, words)
    assert len(call("GET", DEALS)[1]["results"]) == 1


def test_stage_ids_twice_in_one_pipeline(call: Call) -> None:
    """The category says what is wrong (W5.6.4)."""
    twice = {"stages": [stage("A", 0, stageId="x"), stage("B", 1, stageId="x")]}
    assert call("POST", DEALS, {**RENEWALS, **twice})[1]["category"] == "DUPLICATE_STAGE_ID"


def test_types_without_further_pipelines(call: Call) -> None:
    """The lifecycle pipeline of contacts is their only one, and it stays; notes have none (F1.13)."""
    for type in ("contacts", "companies", "notes"):
        assert call("POST", f"/crm/v3/pipelines/{type}", RENEWALS)[0] == 400
    assert call("DELETE", LIFECYCLE)[0] == 400
    assert call("GET", LIFECYCLE)[0] == 200


def test_renaming_a_pipeline(call: Call, account: Portal, renewals: str) -> None:
    """A PATCH changes what it names, and the dates of the stages move along (W5.1.3)."""
    account.clock.advance("1h")
    status, body = call("PATCH", f"{DEALS}/{renewals}", {"label": "Extensions"})
    assert (status, body["label"], body["displayOrder"]) == (200, "Extensions", 1)
    assert {one["updatedAt"] for one in (body, *body["stages"])} == {"2026-03-02T10:00:00Z"}
    assert body["createdAt"] == "2026-03-02T09:00:00Z"
    assert call("PATCH", f"{DEALS}/{renewals}", {"label": "Sales Pipeline"})[0] == 400
    assert call("PATCH", f"{DEALS}/nope", {"label": "X"})[0] == 404


def test_overwriting_a_pipeline(call: Call, renewals: str) -> None:
    """Stages that are named by their id stay, others go, and those without an id are new (W5.1.6)."""
    stages = [stage("Sent", 0, stageId="offered"), stage("Signed", 1, 1)]
    status, body = call("PUT", f"{DEALS}/{renewals}", {"label": "R", "displayOrder": 0, "stages": stages})
    assert (status, [one["label"] for one in body["stages"]], body["stages"][0]["id"]) == (
        200,
        ["Sent", "Signed"],
        "offered",
    )
    assert body["stages"][1]["id"] not in {one["id"] for one in RENEWALS["stages"] if "id" in one}  # type: ignore[attr-defined]  # a dict of mixed values


def test_deleting_and_restoring_a_pipeline(call: Call, renewals: str) -> None:
    """204; `archived: false` brings it back, and means nothing else (W5.1.3)."""
    assert call("DELETE", f"{DEALS}/{renewals}")[0] == 204
    assert call("GET", f"{DEALS}/{renewals}")[0] == 404
    status, body = call("DELETE", f"{DEALS}/{renewals}")
    assert (status, body["message"]) == (404, f"No pipeline found with id {renewals}")
    assert call("GET", "/crm/v3/properties/deals/hs_v2_date_entered_offered")[0] == 404
    assert call("PATCH", f"{DEALS}/{renewals}", {"archived": False})[1]["label"] == "Renewals"
    assert call("PATCH", f"{DEALS}/{renewals}", {"archived": False})[0] == 400


def test_a_pipeline_in_use(call: Call, account: Portal, renewals: str) -> None:
    """Where asked, a pipeline with records is not deleted, and the answer lists stages and records (W5.6.1)."""
    deal = account.create("deals", {"dealname": "Acme", "dealstage": "offered"})
    status, body = call("DELETE", f"{DEALS}/{renewals}", None, "validateReferencesBeforeDelete=true")
    assert (status, body["category"], body["subCategory"]) == (400, "VALIDATION_ERROR", IN_USE)
    assert body["message"] == f"Stage IDs: [offered] are being referenced by object IDs: [{deal.id}]"
    assert body["context"] == {"stageIds": ["[offered]"], "objectIds": [f"[{deal.id}]"]}
    assert call("DELETE", f"{DEALS}/{renewals}")[0] == 204


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/crm/v3/pipelines/deals", "", 204),
        ("/crm/v3/pipelines/deals", "validateDealStageUsagesBeforeDelete=true", 400),
        ("/crm/pipelines/2026-03/deals", "", 204),
        ("/crm/pipelines/2026-09/0-3", "", 400),
        ("/crm/pipelines/2026-09/0-3", "validateDealStageUsagesBeforeDelete=false", 204),
    ],
)
def test_who_looks_for_uses(call: Call, account: Portal, path: str, query: str, status: int) -> None:
    """From 2026-09 on uses are looked for unless asked not to, before only where asked (W5.6.2)."""
    account.create("deals", {"dealname": "Acme", "dealstage": "contractsent"})
    assert call("DELETE", f"{path}/default/stages/contractsent", None, query)[0] == status


def test_the_audit_of_a_pipeline(call: Call, account: Portal, renewals: str) -> None:
    """What was done, newest first, with the pipeline as JSON in a string (W5.1.5)."""
    account.clock.advance("1m")
    call("PATCH", f"{DEALS}/{renewals}", {"label": "Extensions"})
    first, last = reversed(call("GET", f"{DEALS}/{renewals}/audit")[1]["results"])
    assert (first["action"], last["action"], last["timestamp"]) == ("CREATE", "UPDATE", "2026-03-02T09:01:00Z")
    assert (last["identifier"], last["portalId"]) == (f"1:{renewals}", 1)
    assert orjson.loads(last["rawObject"])["label"] == "Extensions"
    assert call("GET", f"{DEALS}/default/audit")[1] == {"results": []}
    assert call("GET", f"{DEALS}/nope/audit")[0] == 404


# -- stages --------------------------------------------------------------------------------------------------


def test_a_new_stage_goes_where_it_is_asked_to(call: Call, renewals: str) -> None:
    """Into a free place; behind the stage that is there, and all are numbered anew (W5.1.4)."""
    path = f"{DEALS}/{renewals}"
    status, body = call("POST", f"{path}/stages", stage("Late", 9))
    assert (status, body["displayOrder"], body["archived"]) == (201, 9, False)
    assert call("POST", f"{path}/stages", stage("Signed", 0, stageId="signed"))[1]["displayOrder"] == 1
    assert labels(call, path) == ["Offered", "Signed", "Renewed", "Left", "Late"]
    assert [one["displayOrder"] for one in call("GET", path)[1]["stages"]] == [0, 1, 2, 3, 4]


def test_stages_that_ask_for_one_place(call: Call) -> None:
    """Stages that come together in one request go by their labels then (F1.11)."""
    stages = [stage("Won", 1, 1), stage("Beta", 0), stage("Alpha", 0)]
    _, body = call("POST", DEALS, {**RENEWALS, "stages": stages})
    assert [(one["label"], one["displayOrder"]) for one in body["stages"]] == [("Alpha", 0), ("Beta", 1), ("Won", 2)]


def test_changing_a_stage(call: Call, renewals: str) -> None:
    """A PATCH keeps what it doesn't name, a PUT wants everything (W5.1)."""
    path = f"{DEALS}/{renewals}/stages/offered"
    _, body = call("PATCH", path, {"metadata": {"probability": "1.0"}})
    assert (body["label"], body["metadata"]) == ("Offered", {"isClosed": "true", "probability": "1.0"})
    assert call("PATCH", path, {"label": "Sent"})[1]["metadata"]["probability"] == "1.0"
    assert call("PUT", path, {"label": "X"})[0] == 400
    assert call("PUT", path, stage("Offer", 5, "0.3"))[1]["displayOrder"] == 5
    assert labels(call, f"{DEALS}/{renewals}") == ["Renewed", "Left", "Offer"]
    assert call("PATCH", path, {"archived": True})[0] == 400


def test_deals_follow_their_stage(call: Call, account: Portal, renewals: str) -> None:
    """Another probability of a stage is that of the deals in it (W5.7)."""
    deal = account.create("deals", {"dealname": "Acme", "amount": "100", "dealstage": "offered"})
    call("PATCH", f"{DEALS}/{renewals}/stages/offered", {"metadata": {"probability": "0.5"}})
    assert (deal.get("hs_deal_stage_probability"), deal.get("hs_projected_amount")) == ("0.5", "50.0")


def test_deleting_a_stage(call: Call, renewals: str) -> None:
    """204 for any; the last one stays (W5.1.2, W5.6.3)."""
    path = f"{DEALS}/{renewals}/stages"
    ids = [one["id"] for one in call("GET", path)[1]["results"]]
    assert [call("DELETE", f"{path}/{id}")[0] for id in (*ids[1:], "nope")] == [204, 204, 204]
    assert call("DELETE", f"{path}/{ids[0]}")[1]["message"] == "Pipeline must have at least one stage"
    assert [row["action"] for row in call("GET", f"{path}/{ids[0]}/audit")[1]["results"]] == []


def test_ticket_stages(call: Call) -> None:
    """OPEN or CLOSED, OPEN by default, and one at least is closed (W5.5, W5.6.3)."""
    path = f"{TICKETS}/0/stages"
    made = {"label": "Escalated", "displayOrder": 9, "metadata": {"colour": "red"}}
    assert call("POST", path, made)[1]["metadata"] == {"ticketState": "OPEN", "isClosed": "false"}
    status, body = call("PATCH", f"{path}/1", {"metadata": {"ticketState": "AJAR"}})
    assert (status, body["subCategory"]) == (400, "PipelineError.INVALID_PIPELINE_STAGE_METADATA")
    assert call("DELETE", f"{path}/4")[1]["subCategory"] == "PipelineError.MISSING_CLOSED_STAGE"


def test_a_stage_id_of_another_pipeline(call: Call, renewals: str) -> None:
    """Stage ids are unique among the pipelines of a type (W5.6.4)."""
    status, body = call("POST", f"{DEALS}/{renewals}/stages", stage("X", 7, stageId="closedwon"))
    words = "An existing active stage in another pipeline is already using stage id closedwon"
    assert (status, body["message"], "category" in body) == (400, words, False)


# -- the lifecycle stages ------------------------------------------------------------------------------------

PROSPECT = {"label": "Prospect", "displayOrder": 3, "metadata": {}}  # right behind salesqualifiedlead


def test_a_custom_lifecycle_stage(call: Call) -> None:
    """A number for its id, for contacts and companies alike, with its calculated properties (F1.14, F1.15, F1.18)."""
    status, body = call("POST", f"{LIFECYCLE}/stages", PROSPECT)
    id = body["id"]
    assert (status, id.isdecimal(), body["displayOrder"]) == (201, True, 4)
    for type in ("contacts", "companies"):
        options = call("GET", f"/crm/v3/properties/{type}/lifecyclestage")[1]["options"]
        assert [option["value"] for option in options][3:6] == ["salesqualifiedlead", id, "opportunity"]
        assert call("GET", f"/crm/v3/properties/{type}/hs_v2_date_entered_{id}")[0] == 200
    assert call("GET", f"/crm/v3/properties/contacts/hs_lifecyclestage_{id}_date")[0] == 404


def test_contacts_move_through_a_custom_stage(call: Call) -> None:
    """It has its place in the order: forward into it and out of it, never back (F2.2, F2.18)."""
    id = call("POST", f"{LIFECYCLE}/stages", PROSPECT)[1]["id"]
    call("POST", "/crm/v3/objects/contacts", {"properties": {"firstname": "A", "lifecyclestage": "salesqualifiedlead"}})
    reached = [
        call("PATCH", "/crm/v3/objects/contacts/1001", {"properties": {"lifecyclestage": stage}})[1]["properties"]
        for stage in (id, "salesqualifiedlead", "opportunity")
    ]
    assert [properties["lifecyclestage"] for properties in reached] == [id, id, "opportunity"]
    assert call("GET", "/crm/v3/objects/contacts/1001", None, f"properties=hs_v2_date_entered_{id}")[1]["properties"][
        f"hs_v2_date_entered_{id}"
    ]


def test_reordered_stages_decide_anew(call: Call, account: Portal) -> None:
    """No record changes; later comparisons go by the new order (F2.18)."""
    ada = account.create("contacts", {"firstname": "Ada", "lifecyclestage": "other"})
    call("PATCH", f"{LIFECYCLE}/stages/other", {"displayOrder": 0})
    assert (ada.stage, labels(call, LIFECYCLE)[:3]) == ("other", ["Subscriber", "Other", "Lead"])
    account.update(ada, {"lifecyclestage": "lead"})
    assert ada.stage == "lead"


def test_relabelling_a_lifecycle_stage(call: Call) -> None:
    """The value stays, the words change everywhere (F1.14, F1.18)."""
    call("PATCH", f"{LIFECYCLE}/stages/evangelist", {"label": "Fan"})
    companies = "/crm/v3/pipelines/companies/companies-lifecycle-pipeline/stages/evangelist"
    assert call("GET", companies)[1]["label"] == "Fan"
    property = call("GET", "/crm/v3/properties/contacts/hs_v2_date_entered_evangelist")[1]
    assert property["label"] == 'Date entered "Fan (Lifecycle Stage Pipeline)"'


def test_deleting_a_lifecycle_stage(call: Call, account: Portal) -> None:
    """Not while a contact or a company is in it; then it goes, and its calculated properties (F1.17, F1.16.1)."""
    acme = account.create("companies", {"name": "Acme", "lifecyclestage": "evangelist"})
    assert call("DELETE", f"{LIFECYCLE}/stages/evangelist")[1]["subCategory"] == IN_USE
    account.as_user("ada@hubtwin.example").edit(acme, {"lifecyclestage": "lead"})
    assert call("DELETE", f"{LIFECYCLE}/stages/evangelist")[0] == 204
    assert "Evangelist" not in labels(call, LIFECYCLE)
    path = "/crm/v3/properties/contacts/hs_v2_date_entered_evangelist"
    assert [call("GET", path, None, query)[0] for query in ("", "archived=true")] == [404, 200]
    status, _ = call(
        "POST", "/crm/v3/objects/contacts", {"properties": {"firstname": "B", "lifecyclestage": "evangelist"}}
    )
    assert status == 400


def test_a_stage_that_settings_name(call: Call) -> None:
    """It can't be deleted, and the answer says which settings (F1.17, F11.1)."""
    status, body = call("DELETE", f"{LIFECYCLE}/stages/customer")
    assert (status, body["context"]) == (400, {"stageIds": ["[customer]"], "settings": ["[settings.deal_won]"]})


# -- anything --------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
STAGES = st.fixed_dictionaries(
    {},
    optional={
        "label": JSON,
        "displayOrder": JSON,
        "metadata": st.dictionaries(st.just("probability"), JSON),
        "stageId": JSON,
    },
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "label": JSON,
        "displayOrder": st.integers(-2, 9) | JSON,
        "metadata": JSON,
        "stages": st.lists(STAGES, max_size=3) | JSON,
        "archived": JSON,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE"]),
    path=st.sampled_from(
        [
            DEALS,
            f"{DEALS}/default",
            f"{DEALS}/default/stages",
            f"{DEALS}/default/stages/contractsent",
            f"{DEALS}/x/audit",
            LIFECYCLE,
            f"{LIFECYCLE}/stages",
            f"{LIFECYCLE}/stages/lead",
            f"{TICKETS}/0/stages/4",
        ]
    ),
    body=st.one_of(BODIES, JSON),
    query=st.text(max_size=9),
)
def test_nothing_breaks_the_server(call: Call, method: str, path: str, body: Any, query: str) -> None:
    """Whatever the body and the query, the answer is HubSpot's and never a 5xx (W2.7.9)."""
    assert call(method, path, body, query)[0] < 500
