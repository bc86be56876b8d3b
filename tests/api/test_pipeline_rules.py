"""Pipeline rules over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

RULES = "/crm/pipelines-rules/2026-09-beta"
FORWARD = {"enabledForAllStages": True, "pipelineStageIds": []}
OFF = {"enabledForAllStages": False, "pipelineStageIds": []}
RULE_SET = {
    "governanceValidationRules": {
        "noBackwardsMovementRule": FORWARD,
        "noSkippingStagesRule": {"enabledForAllStages": False, "pipelineStageIds": ["customer"]},
        "objectCreationRule": {"pipelineStageIds": ["lead"]},
    }
}
OF_CONTACTS = f"{RULES}/0-1/contacts-lifecycle-pipeline"


def test_giving_a_pipeline_its_rules(call: Call) -> None:
    """PUT replaces them all, and GET shows them (F2.16)."""
    status, body = call("PUT", OF_CONTACTS, RULE_SET)
    assert (status, body["id"]) == (200, "0-1-contacts-lifecycle-pipeline")
    assert body["governanceValidationRules"] == RULE_SET["governanceValidationRules"]
    assert call("GET", OF_CONTACTS.replace("-beta", ""))[1] == body


def test_changing_one_rule(call: Call, account: Portal) -> None:
    """PATCH leaves the others alone, with the rule by itself or inside the set (F2.16)."""
    call("PUT", OF_CONTACTS, RULE_SET)
    account.clock.advance("1h")
    _, body = call("PATCH", OF_CONTACTS, {"noBackwardsMovementRule": OFF})
    assert body["governanceValidationRules"] == {
        **RULE_SET["governanceValidationRules"],
        "noBackwardsMovementRule": OFF,
    }
    assert (body["createdAt"], body["updatedAt"]) == ("2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z")
    inside: dict[str, Any] = {"governanceValidationRules": {"objectCreationRule": {"pipelineStageIds": []}}}
    rules = call("PATCH", OF_CONTACTS, inside)[1]["governanceValidationRules"]
    assert rules["objectCreationRule"] == {"pipelineStageIds": []}


def test_taking_the_rules_away(call: Call) -> None:
    """204, and all are off, as they are in a pipeline that never had any (F2.16)."""
    before = call("GET", OF_CONTACTS)[1]
    call("PUT", OF_CONTACTS, RULE_SET)
    assert call("DELETE", OF_CONTACTS)[0] == 204
    assert call("GET", OF_CONTACTS)[1] == before
    assert before["governanceValidationRules"]["noBackwardsMovementRule"] == OFF


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (OF_CONTACTS, {}, 400),
        (OF_CONTACTS, {"governanceValidationRules": {}}, 400),
        (OF_CONTACTS, {"governanceValidationRules": []}, 400),
        (f"{RULES}/0-1/nope", RULE_SET, 404),
        (f"{RULES}/0-99/default", RULE_SET, 400),
        (f"{RULES}/0-3/default", RULE_SET, 400),
        (OF_CONTACTS, {**RULE_SET, "approvalStageRules": [{"pipelineStageId": "lead"}]}, 400),
    ],
)
def test_rules_that_cannot_be(call: Call, path: str, body: Any, status: int) -> None:
    """Missing rules, stages of other pipelines, and approvals, which are not imitated (F2.16)."""
    assert call("PUT", path, body)[0] == status
    assert call("GET", OF_CONTACTS)[1]["governanceValidationRules"]["noBackwardsMovementRule"] == OFF


def test_every_stage_and_some_stages(call: Call) -> None:
    """A rule is for all stages or for those that it lists (F2.16)."""
    both = {"enabledForAllStages": True, "pipelineStageIds": ["lead"]}
    assert call("PATCH", OF_CONTACTS, {"noSkippingStagesRule": both})[0] == 400


def test_apps_are_not_bound_by_rules(call: Call) -> None:
    """A rule against skipping does not stop the API (F2.15)."""
    call("PUT", OF_CONTACTS, RULE_SET)
    new = {"properties": {"firstname": "A", "lifecyclestage": "opportunity"}}
    assert call("POST", "/crm/v3/objects/contacts", new)[0] == 201
    assert call("PATCH", "/crm/v3/objects/contacts/1001", {"properties": {"lifecyclestage": "evangelist"}})[0] == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SET = st.dictionaries(
    st.sampled_from(["noBackwardsMovementRule", "noSkippingStagesRule", "objectCreationRule"]),
    st.dictionaries(st.sampled_from(["enabledForAllStages", "pipelineStageIds"]), JSON) | JSON,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(method=st.sampled_from(["GET", "PATCH", "PUT", "DELETE"]), rules=SET, inside=st.booleans(), other=JSON)
def test_nothing_breaks_the_server(call: Call, method: str, rules: Any, inside: bool, other: Any) -> None:
    """Whatever the body, the answer is HubSpot's and never a 5xx (W2.7.9)."""
    body = {"governanceValidationRules": rules, "approvalStageRules": other} if inside else rules or other
    assert call(method, OF_CONTACTS, body)[0] < 500
