"""HubSpot's own Python client makes workflows, enrolls a contact, and defines custom actions."""

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.automation.actions import (
    ApiException,
    CallbackCompletionRequest,
    PublicActionDefinitionEgg,
    PublicActionDefinitionPatch,
    PublicActionFunction,
    PublicActionLabels,
)
from hubspot.crm.contacts import SimplePublicObjectInputForCreate as NewContact

from hubtwin.doors.local import LocalPortal

FLOWS = "/automation/v4/flows"


@pytest.fixture
def client() -> Iterator[Any]:
    """The client of an application that knows nothing of us."""
    with LocalPortal() as portal, portal.in_process():
        yield HubSpot(access_token="pat-na1-x", api_key="key")  # noqa: S106  any token will do


def test_a_workflow_from_beginning_to_end(client: Any) -> None:
    """Made, turned on by a replacement, and run for a contact by its address (F7.2, F7.4, F7.21.4)."""
    clear, set = (
        {
            "type": "SINGLE_CONNECTION",
            "actionId": id,
            "actionTypeId": "0-5",
            "actionTypeVersion": 0,
            "fields": {"property_name": "lifecyclestage", "value": {"type": "STATIC_VALUE", "staticValue": value}},
        }
        for id, value in (("1", ""), ("2", "lead"))
    )
    clear["connection"] = {"edgeType": "STANDARD", "nextActionId": "2"}
    lists: dict[str, Any] = {name: [] for name in ("timeWindows", "blockedDates", "dataSources", "suppressionListIds")}
    new = {"type": "CONTACT_FLOW", "flowType": "WORKFLOW", "objectTypeId": "0-1", "name": "Back", "isEnabled": False}
    new |= {"canEnrollFromSalesforce": False, "customProperties": {}, "actions": [clear, set], **lists}
    made = client.api_request({"path": FLOWS, "method": "POST", "body": new}).json()
    on = {"path": f"{FLOWS}/{made['id']}", "method": "PUT", "body": {**made, "isEnabled": True}}
    assert client.api_request(on).json()["revisionId"] == "2"
    body = {"inputs": [{"type": "FLOW_ID", "flowId": made["id"]}]}
    mapping = {"path": "/automation/v4/workflow-id-mappings/batch/read", "method": "POST", "body": body}
    id = client.api_request(mapping).json()["results"][0]["workflowId"]
    contact = client.crm.contacts.basic_api.create(
        NewContact(properties={"email": "ada@acme.example", "lifecyclestage": "customer"})
    )
    path = f"/automation/v2/workflows/{id}/enrollments/contacts/ada@acme.example"
    assert client.api_request({"path": path, "method": "POST"}).status_code == 204
    read = client.crm.contacts.basic_api.get_by_id(contact.id, properties_with_history=["lifecyclestage"])
    assert [one.value for one in read.properties_with_history["lifecyclestage"]] == ["lead", "", "customer"]


def test_a_custom_action(client: Any) -> None:
    """Defined, given a function, changed, and deleted (F7.20.1)."""
    actions = client.automation.actions
    new = PublicActionDefinitionEgg(
        action_url="https://app.example/run",
        published=False,
        object_types=["CONTACT"],
        input_fields=[],
        labels={"en": PublicActionLabels(action_name="Score")},
        functions=[PublicActionFunction(function_type="PRE_ACTION_EXECUTION", function_source="main()")],
    )
    made = actions.definitions_api.create(7, public_action_definition_egg=new)
    assert made.labels["en"].action_name == "Score"
    functions = actions.functions_api.get_page(made.id, 7).results
    assert [one.function_type for one in functions] == ["PRE_ACTION_EXECUTION"]
    patch = PublicActionDefinitionPatch(published=True)
    changed = actions.definitions_api.update(made.id, 7, public_action_definition_patch=patch)
    assert (changed.published, changed.revision_id) == (True, "2")
    first, second = actions.revisions_api.get_page(made.id, 7).results
    assert [one.definition.published for one in (first, second)] == [False, True]
    actions.definitions_api.archive(made.id, 7)
    with pytest.raises(ApiException) as caught:
        actions.definitions_api.get_by_id(made.id, 7)
    assert caught.value.status == 404


def test_a_callback_that_nothing_waits_for(client: Any) -> None:
    """404 (F7.20.2)."""
    request = CallbackCompletionRequest(output_fields={"hs_execution_state": "SUCCESS"})
    with pytest.raises(ApiException) as caught:
        client.automation.actions.callbacks_api.complete("cb-1", callback_completion_request=request)
    assert caught.value.status == 404
