"""Custom actions of apps in workflows: what is sent, and what the answers do."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.custom_actions import Function
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.flows.action_log import ActionEvent
from hubtwin.portal.moments import DAY, HOUR, MINUTE, WEEK
from hubtwin.portal.outbox import Answer, Request

Act = Callable[..., dict[str, Any]]
Go = Callable[..., list[ActionEvent]]
Note = Callable[[Any], dict[str, Any]]

URL = "https://widgets.example/hubspot"
LABELS = {
    "actionName": "Create widget",
    "executionRules": {"exists": "{{ widgetName }} exists", "size": "Wrong size", "other": "Wrong"},
}
RULES = [
    {"labelName": "exists", "conditions": {"errorCode": "ALREADY_EXISTS"}},
    {"labelName": "size", "conditions": {"errorCode": "SIZE", "sizeError": ["SMALL", "BIG"]}},
    {"labelName": "other", "conditions": {"errorCode": "SIZE"}},
]


class App:
    """An app that answers one after the other of some output fields or answers."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[Request] = []

    def says(self, status: int = 200, /, **outputs: Any) -> None:
        """Answer the next request so."""
        self.answers.append(Answer(status, {"outputFields": outputs} if outputs else {}))

    def __call__(self, request: Request) -> Answer:
        """Answer."""
        self.requests.append(request)
        return self.answers.pop(0)


@pytest.fixture
def app(account: Portal) -> App:
    """The app behind the action, which gets what is sent to it."""
    app = App()
    account.outbox.deliver(URL, app)
    return app


@pytest.fixture
def widget(account: Portal, act: Act) -> dict[str, Any]:
    """An action that app 7 defined, with two inputs."""
    data = {
        "actionUrl": URL,
        "labels": {"en": LABELS},
        "executionRules": RULES,
        "objectRequestOptions": {"properties": ["email", "jobtitle"]},
    }
    definition = account.custom_actions.define(7, data, iter(()), account.clock.now)
    of_record = {"type": "OBJECT_PROPERTY", "propertyName": "firstname"}
    return act(f"1-{definition.id}", widgetName="{{ enrolled_object.email }}!", owner=of_record)


STATE = {"type": "FIELD_DATA", "actionId": "1", "dataKey": "hs_execution_state"}
ID = {"type": "FIELD_DATA", "actionId": "1", "dataKey": "widgetId"}


def test_what_an_app_is_sent(account: Portal, eve: Record, go: Go, widget: dict[str, Any], app: App) -> None:
    """The callback, where it comes from, the record with the wanted properties, and the inputs (F7.20.3)."""
    app.says(widgetId="w-1")
    go(eve, {**widget, "actionTypeVersion": 3})
    (request,) = app.requests
    assert (request.method, request.url, request.signed_by) == ("POST", URL, 7)
    flow = account.workflows.find("Flow")
    inputs = {"widgetName": "eve@buyer.example!", "owner": "Eve"}
    assert request.body == {
        "callbackId": "ap-1-1-1-0",
        "origin": {
            "portalId": 1,
            "actionDefinitionId": int(widget["actionTypeId"].removeprefix("1-")),
            "actionDefinitionVersion": 3,
        },
        "context": {"source": "WORKFLOWS", "workflowId": int(flow.id)},
        "object": {
            "objectId": eve.id,
            "objectType": "CONTACT",
            "properties": {"email": "eve@buyer.example", "jobtitle": None},
        },
        "fields": inputs,
        "inputFields": inputs,
    }


def test_what_it_gives_out(eve: Record, go: Go, note: Note, widget: dict[str, Any], app: App) -> None:
    """Later actions can use its output fields (F7.20.4)."""
    app.says(widgetId="w-1", hs_execution_state="SUCCESS")
    event, _ = go(eve, widget, note(ID))
    assert (event.message, eve.get("jobtitle")) == ("custom action Create widget answered 200", "w-1")


@pytest.mark.parametrize(
    ("status", "outputs", "state"),
    [
        (200, {}, "SUCCESS"),
        (404, {}, "FAIL_CONTINUE"),
        (404, {"hs_execution_state": "SUCCESS"}, "SUCCESS"),
        (503, {"hs_execution_state": "FAIL_CONTINUE"}, "FAIL_CONTINUE"),
        (200, {"hs_execution_state": "FAIL_CONTINUE"}, "FAIL_CONTINUE"),
    ],
)
def test_how_it_ended(
    eve: Record, go: Go, note: Note, widget: dict[str, Any], app: App, status: int, outputs: Any, state: str
) -> None:
    """As the app says, or else by the status; the record goes on either way (F7.20.5)."""
    app.says(status, **outputs)
    event, _ = go(eve, widget, note(STATE))
    assert (event.succeeded, eve.get("jobtitle")) == (state == "SUCCESS", state)


def test_a_state_that_does_not_exist(eve: Record, go: Go, widget: dict[str, Any], app: App) -> None:
    """Counts for nothing: the status says how it ended (F7.20.5)."""
    app.says(404, hs_execution_state="RETRY")
    (event,) = go(eve, widget)
    assert not event.succeeded


def test_an_app_out_of_order(
    account: Portal, eve: Record, go: Go, note: Note, widget: dict[str, Any], app: App
) -> None:
    """It is asked again with the same callback (F7.20.5, F7.20.3)."""
    app.says(503)
    app.says(widgetId="w-2")
    go(eve, widget, note(ID))
    account.clock.advance(MINUTE)
    assert eve.get("jobtitle") == "w-2"
    assert {request.body["callbackId"] for request in app.requests if request.body} == {"ap-1-1-1-0"}


@pytest.mark.parametrize("state", ["BLOCK", "ASYNC"])
def test_a_record_waits_for_the_app(
    account: Portal, eve: Record, go: Go, note: Note, widget: dict[str, Any], app: App, state: str
) -> None:
    """Until it completes the callback; what it says then can be used (F7.20.6)."""
    app.says(hs_execution_state=state, hs_expiration_duration="PT2H")
    (event,) = go(eve, widget, note(ID))
    assert event.message == (
        "custom action Create widget answered 200; waits for callback ap-1-1-1-0 until 2026-03-02T11:00:00Z"
    )
    assert event.status == "waiting"
    account.clock.advance(HOUR)
    account.custom_actions.complete("ap-1-1-1-0", {"hs_execution_state": "SUCCESS", "widgetId": "w-3"})
    account.reactions.settle()
    assert eve.get("jobtitle") == "w-3"
    account.clock.advance(DAY)
    assert list(account.workflows.issues) == []


def test_an_app_that_gives_up(
    account: Portal, eve: Record, go: Go, note: Note, widget: dict[str, Any], app: App
) -> None:
    """A callback can be completed as failed: an issue, and the record goes on (F7.20.6)."""
    app.says(hs_execution_state="BLOCK")
    go(eve, widget, note(STATE))
    account.custom_actions.complete("ap-1-1-1-0", {"hs_execution_state": "FAIL_CONTINUE"})
    account.reactions.settle()
    assert [issue.message for issue in account.workflows.issues] == ["callback ap-1-1-1-0 completed as failed"]
    assert eve.get("jobtitle") == "FAIL_CONTINUE"


@pytest.mark.parametrize(
    ("duration", "milliseconds"),
    [(None, WEEK), ("P1WT1H", WEEK + HOUR), ("P7DT12H", 7 * DAY + 12 * HOUR), ("PT15M", 15 * MINUTE), ("soon", WEEK)],
)
def test_a_callback_that_nobody_completes(
    account: Portal,
    eve: Record,
    go: Go,
    note: Note,
    widget: dict[str, Any],
    app: App,
    duration: str | None,
    milliseconds: int,
) -> None:
    """After its time, a week unless the app says otherwise, the record goes on (F7.20.6)."""
    app.says(**{"hs_execution_state": "BLOCK"} | ({} if duration is None else {"hs_expiration_duration": duration}))
    go(eve, widget, note("on"))
    account.clock.advance(milliseconds - 1)
    assert eve.get("jobtitle") is None
    account.clock.advance(1)
    assert eve.get("jobtitle") == "on"
    assert "callback ap-1-1-1-0 was not completed in time" in [issue.message for issue in account.workflows.issues]
    with pytest.raises(UnknownName, match="callback"):
        account.custom_actions.check("ap-1-1-1-0")


def test_a_record_that_left_waits_for_nothing(
    account: Portal, eve: Record, go: Go, widget: dict[str, Any], app: App
) -> None:
    """Its callback can't be completed any more (F7.20.6)."""
    app.says(hs_execution_state="BLOCK")
    go(eve, widget)
    account.workflows.unenroll("Flow", eve)
    with pytest.raises(UnknownName, match="callback"):
        account.custom_actions.check("ap-1-1-1-0")


def test_a_wait_outlives_a_snapshot(account: Portal, eve: Record, go: Go, widget: dict[str, Any], app: App) -> None:
    """The callback is expected again (F7.20.6)."""
    app.says(hs_execution_state="BLOCK")
    go(eve, widget)
    snapshot = account.snapshot()
    account.custom_actions.complete("ap-1-1-1-0", {})
    account.restore(snapshot)
    account.custom_actions.complete("ap-1-1-1-0", {})
    account.reactions.settle()
    assert account.workflows.find("Flow").active == {}


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"errorCode": "ALREADY_EXISTS", "widgetName": "Bolt"}, ": Bolt exists"),
        ({"errorCode": "SIZE", "sizeError": "BIG"}, ": Wrong size"),
        ({"errorCode": "SIZE", "sizeError": "NONE"}, ": Wrong"),
        ({"errorCode": "NEW"}, ""),
    ],
)
def test_the_message_of_an_answer(
    eve: Record, go: Go, widget: dict[str, Any], app: App, outputs: dict[str, str], message: str
) -> None:
    """That of the first rule of the definition which the outputs meet (F7.20.7)."""
    app.says(**outputs)
    (event,) = go(eve, widget)
    assert event.message == f"custom action Create widget answered 200{message}"


def test_nobody_receives_it(eve: Record, go: Go, note: Note, widget: dict[str, Any]) -> None:
    """The request is kept, the log says that it was not sent, and the record goes on (F7.20.8)."""
    event, _ = go(eve, widget, note("on"))
    assert event.message == "custom action Create widget recorded, not sent"
    assert eve.get("jobtitle") == "on"


def test_an_action_that_nobody_defined(eve: Record, go: Go, act: Act, note: Note) -> None:
    """An issue; the record goes on (F7.20.8)."""
    event, _ = go(eve, act("1-4711", name="x"), note("on"))
    assert event.message == "not executed: no app of the portal defines custom action 1-4711"
    assert (event.succeeded, eve.get("jobtitle")) == (False, "on")


def test_functions_are_not_run(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """They are JavaScript; the log names those that would have changed something (F7.20.9)."""
    functions = [Function("PRE_ACTION_EXECUTION", None, "…"), Function("PRE_FETCH_OPTIONS", "size", "…")]
    definition = account.custom_actions.define(7, {"actionUrl": URL}, iter(functions), account.clock.now)
    (event,) = go(eve, act(f"1-{definition.id}"))
    assert event.message == (
        f"custom action 1-{definition.id} (PRE_ACTION_EXECUTION not executed: JavaScript) recorded, not sent"
    )


@pytest.mark.parametrize(
    "data",
    [
        {"objectRequestOptions": {"properties": 7}},
        {"objectRequestOptions": []},
        {"labels": {"en": 7}},
        {"actionUrl": 7},
    ],
)
def test_definitions_that_say_nonsense(
    account: Portal, eve: Record, go: Go, act: Act, note: Note, data: dict[str, Any]
) -> None:
    """Stop nobody (F7.20.8)."""
    definition = account.custom_actions.define(7, data, iter(()), account.clock.now)
    event, _ = go(eve, act(f"1-{definition.id}"), note("on"))
    assert (event.succeeded, eve.get("jobtitle")) == (True, "on")


@pytest.mark.parametrize("answer", [{}, {"outputFields": ["w"]}, {"outputFields": {"widgetId": {"deep": 1}}}])
def test_answers_that_say_nothing(
    account: Portal, eve: Record, go: Go, note: Note, widget: dict[str, Any], answer: dict[str, Any]
) -> None:
    """Are successes without outputs (F7.20.4, F7.20.5)."""
    account.outbox.deliver(URL, lambda request: Answer(200, answer))
    event, _ = go(eve, widget, note(ID))
    assert (event.succeeded, eve.get("jobtitle")) == (True, None)
