"""What the tests of actions share: an account with people, and a way to let a record go through actions."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.flows.action_log import ActionEvent

Go = Callable[..., list[ActionEvent]]

CONFIGURATION: dict[str, Any] = {
    "account": {"time_zone": "Europe/Copenhagen"},
    "users": [
        {"email": "ada@acme.example", "team": "Sales"},
        {"email": "ben@acme.example", "team": "Sales"},
        {"email": "cleo@acme.example", "team": "Marketing"},
    ],
    "subscription_types": [{"name": "Newsletter"}],
    "marketing_emails": [
        {"name": "Welcome", "kind": "automated", "subject": "Hello", "subscription": "Newsletter"},
    ],
    "forms": [{"name": "demo"}],
}


@pytest.fixture
def account() -> Portal:
    """An account with three users in two teams, an automated e-mail, a form, and a time zone of its own."""
    return Portal(Configuration.model_validate(CONFIGURATION))


@pytest.fixture
def eve(account: Portal) -> Record:
    """A contact."""
    return account.create("contacts", {"email": "eve@buyer.example", "firstname": "Eve", "lifecyclestage": "lead"})


@pytest.fixture
def go(account: Portal) -> Go:
    """Let a record go through actions, one after the other; what each of them did."""

    def let(record: Record, *actions: Mapping[str, Any], name: str = "Flow", **members: Any) -> list[ActionEvent]:
        account.workflows.create(flow(record.type.id, *actions, name=name, **members))
        account.workflows.enroll(name, record)
        return list(account.workflows.events(account.workflows.find(name)))

    return let


def flow(type: str, *actions: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    """A flow that records are enrolled in by hand; its actions are `1`, `2` and so on, each followed by the next."""
    numbered = [
        {"actionId": str(number), **connection(number, len(actions)), **action}
        for number, action in enumerate(actions, 1)
    ]
    return {
        "type": "CONTACT_FLOW" if type == "0-1" else "PLATFORM_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": type,
        "name": "Flow",
        "isEnabled": True,
        "actions": numbered,
        "startActionId": "1",
        "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": True},
        **members,
    }


def connection(number: int, total: int) -> dict[str, Any]:
    """The connection to the next action, if there is one."""
    if number == total:
        return {}
    return {"connection": {"edgeType": "STANDARD", "nextActionId": str(number + 1)}}


@pytest.fixture
def make_flow() -> Callable[..., dict[str, Any]]:
    """The JSON of a flow with some actions."""
    return flow


@pytest.fixture
def act() -> Callable[..., dict[str, Any]]:
    """One action with an id of its own, and its fields."""

    def make(id: str, **fields: Any) -> dict[str, Any]:
        return {"type": "SINGLE_CONNECTION", "actionTypeId": id, "actionTypeVersion": 0, "fields": fields}

    return make


@pytest.fixture
def note(act: Callable[..., dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """An action that writes a value, or a text with tokens, to the contact's job title."""

    def make(value: Any) -> dict[str, Any]:
        text = {"type": "STATIC_VALUE", "staticValue": value} if isinstance(value, str) else value
        return act("0-5", property_name="jobtitle", value=text)

    return make
