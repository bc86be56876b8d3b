"""Options of a portal that clients notice: what HubSpot's sources contradict each other about."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Portal:
    """A portal with the options of the test, and a customer."""
    portal = Portal(Configuration.model_validate({"options": request.param}))
    portal.create("contacts", {"firstname": "Ada", "lifecyclestage": "customer"})
    return portal


@pytest.mark.parametrize("account", [{"backward": {"INTEGRATION": "refused"}}], indirect=True)
def test_a_backward_stage_can_be_answered_with_an_error(call: Call, account: Portal) -> None:
    """Where the options say so, an app is told that the stage can't go back (F2.b3.1)."""
    status, body = call("PATCH", "/crm/v3/objects/contacts/1001", {"properties": {"lifecyclestage": "lead"}})
    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    assert body["errors"][0]["message"] == "the lifecycle stage can't go back from 'customer' to 'lead'; clear it first"
    assert account.find("contacts", 1001).stage == "customer"


@pytest.mark.parametrize(
    ("account", "status"), [({}, 200), ({"became_date_in_search": "refused"}, 400)], indirect=["account"]
)
def test_a_search_may_name_the_date_of_a_stage(call: Call, status: int) -> None:
    """HubSpot's own files have the property; an option follows the guide that says otherwise (F1.31)."""
    filter = {"propertyName": "hs_lifecyclestage_lead_date", "operator": "NOT_HAS_PROPERTY"}
    answer = call("POST", "/crm/v3/objects/contacts/search", {"filterGroups": [{"filters": [filter]}]})
    assert answer[0] == status
    assert call("POST", "/crm/v3/objects/contacts/search", {"sorts": [filter["propertyName"]]})[0] == status


@pytest.mark.parametrize("account", [{"required_properties": "unchecked"}], indirect=True)
def test_a_deal_needs_no_name_where_the_options_say_so(call: Call) -> None:
    """Old recordings show deals that were made with no property (W2.5.3)."""
    assert call("POST", "/crm/v3/objects/deals", {"properties": {}})[0] == 201
