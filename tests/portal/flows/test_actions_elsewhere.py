"""Actions that lead elsewhere: lists, other workflows, webhooks, custom code."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.errors import InvalidDefinition, Refused
from hubtwin.portal.moments import DAY, HOUR, MINUTE
from hubtwin.portal.object_lists import DYNAMIC, MANUAL
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.outbox import Answer, Request

Act = Callable[..., dict[str, Any]]
Go = Callable[..., list[Any]]
Note = Callable[[Any], dict[str, Any]]


# -- lists -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("join", "leave"),
    [
        (("0-63809083", {}), ("0-63863438", {})),
        (("0-13", {}), ("0-13", {"operation": "REMOVE"})),
    ],
)
def test_a_record_joins_and_leaves_a_list(
    account: Portal, eve: Record, go: Go, act: Act, join: Any, leave: Any
) -> None:
    """Whoever is in it already is no issue (F7.17.63809083, F7.17.13)."""
    chosen = account.lists.create("Chosen", CONTACTS, MANUAL)
    for name, expected in (("joined", True), ("was in", True)):
        (event,) = go(eve, act(join[0], listId=str(chosen.id), **join[1]), name=name)
        assert (event.message, event.succeeded, eve in chosen) == (f"{name} list 'Chosen'", expected, True)
    go(eve, act(leave[0], listId=str(chosen.id), **leave[1]), name="leave")
    assert eve not in chosen


def test_lists_that_nobody_can_join(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """Those of other records, those with filters, those that are gone: each is an issue (F7.34)."""
    everybody = {"filterBranchType": "AND", "filters": [{"filterType": "CONSTANT", "shouldAccept": True}]}
    filters = {"filterBranchType": "OR", "filters": [], "filterBranches": [everybody]}
    ids = [
        account.lists.create("Firms", COMPANIES, MANUAL).id,
        account.lists.create("All", CONTACTS, DYNAMIC, filters).id,
        4711,
    ]
    events = go(eve, *(act("0-63809083", list_id=id) for id in ids))
    assert [event.message[:33] for event in events] == [
        "list 'Firms' is of companies, not",
        "List 2 is DYNAMIC: its filters al",
        "no list is called '4711'; choose ",
    ]


# -- other workflows ---------------------------------------------------------------------------------------------


def test_a_record_enrolls_in_another_flow(account: Portal, eve: Record, make_flow: Act, act: Act, note: Note) -> None:
    """The chain of causes goes on (F7.17.15)."""
    other = account.workflows.create(make_flow("0-1", note("there"), name="Other"))
    account.workflows.create(make_flow("0-1", act("0-15", flow_id=other.id), name="First"))
    account.workflows.enroll("First", eve)
    assert eve.get("jobtitle") == "there"
    assert [str(entry.value) for entry in account.why(eve, "jobtitle") if entry.kind == "enrolled"] == [
        *("First", "Other"),
    ]


def test_flows_that_enroll_in_each_other(account: Portal, eve: Record, make_flow: Act, act: Act, note: Note) -> None:
    """The action that would close the loop fails, with the loop; nothing crashes (F7.17.1501)."""
    one = account.workflows.create(make_flow("0-1", note("x"), name="One"))
    two = account.workflows.create(make_flow("0-1", act("0-15", flow_id=one.id), note("two"), name="Two"))
    again = make_flow("0-1", act("0-15", flow_id=two.id), revisionId="1", name="One")
    account.workflows.replace(one, again)
    account.workflows.enroll("One", eve)
    (issue,) = account.workflows.issues
    assert issue.message == "not enrolled in workflow 'One', that would be a loop: One -> Two -> One"
    assert eve.get("jobtitle") == "two"


def test_flows_that_enroll_in_each_other_once_a_day(
    account: Portal, eve: Record, make_flow: Act, act: Act, note: Note
) -> None:
    """Where time passes it is no loop, though it ends where the chain of causes becomes too long (F7.17.1501)."""
    wait = act("0-1", delta="1", time_unit="DAYS")
    one = account.workflows.create(make_flow("0-1", note("x"), name="One"))
    two = account.workflows.create(make_flow("0-1", wait, act("0-15", flow_id=one.id), name="Two"))
    account.workflows.replace(one, make_flow("0-1", wait, act("0-15", flow_id=two.id), revisionId="1", name="One"))
    account.workflows.enroll("One", eve)
    account.clock.advance(20 * DAY)
    assert list(account.workflows.issues) == []
    account.clock.advance(80 * DAY)
    (issue,) = account.workflows.issues
    assert "causes leads here" in issue.message


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"isEnabled": False}, "workflow 'Other' is off; turn it on first"),
        ({"type": "PLATFORM_FLOW", "objectTypeId": "0-2"}, "workflow 'Other' enrolls companies, not contacts"),
    ],
)
def test_flows_that_take_nobody(
    account: Portal, eve: Record, go: Go, make_flow: Act, act: Act, members: dict[str, Any], error: str
) -> None:
    """Those that are off, or for other records, are issues (F7.34)."""
    wait = act("0-1", delta="1", time_unit="DAYS")
    other = account.workflows.create({**make_flow("0-1", wait, name="Other"), **members})
    (event,) = go(eve, act("0-15", flow_id=other.id))
    assert event.message == error


# -- webhooks ----------------------------------------------------------------------------------------------------

URL = "https://hooks.buyer.example/in?key=hidden"


def webhook(**members: Any) -> dict[str, Any]:
    return {"type": "WEBHOOK", "method": "POST", "webhookUrl": URL, "queryParams": [], **members}


def test_nothing_leaves_the_machine(account: Portal, eve: Record, go: Go) -> None:
    """The request is kept, and the log says that it was not sent; it shows no query (F7.15.3, F7.15.6, F7.15.8)."""
    stage = {"name": "stage", "value": {"type": "OBJECT_PROPERTY", "propertyName": "lifecyclestage"}}
    secret = {"type": "AUTH_KEY", "name": "X-Key", "location": "HEADER", "secretName": "demo_secret"}
    (event,) = go(eve, webhook(queryParams=[stage], authSettings=secret))
    assert (event.succeeded, event.message) == (True, "POST https://hooks.buyer.example/in recorded, not sent")
    (request,) = account.outbox
    assert (request.method, request.url, request.query) == ("POST", URL, {"stage": "lead"})
    assert (request.headers, request.secrets) == ({"Content-Type": "application/json"}, {"X-Key": "demo_secret"})
    assert request.body is not None
    assert (request.body["vid"], request.body["properties"]["email"]["value"]) == (eve.id, "eve@buyer.example")
    assert [v["value"] for v in request.body["properties"]["lifecyclestage"]["versions"]] == ["lead"]


def test_a_get_sends_nothing(account: Portal, eve: Record, go: Go) -> None:
    """It only asks (F7.15.8)."""
    signed = {"type": "SIGNATURE", "appId": 42}
    go(eve, webhook(method="GET", authSettings=signed))
    (request,) = account.outbox
    assert (request.body, request.signed_by) == (None, 42)


def test_a_deal_as_it_is_sent(account: Portal, go: Go) -> None:
    """With the present values alone (F7.15.8)."""
    go(account.create("deals", {"dealname": "D"}), webhook())
    (request,) = account.outbox
    assert request.body is not None
    assert request.body["objectType"] == "DEAL"
    assert request.body["properties"]["dealname"]["value"] == "D"


def test_the_answer_becomes_outputs(account: Portal, eve: Record, go: Go, note: Note) -> None:
    """The receiver with the longest address answers; its status and members can be used (F7.15.5)."""
    account.outbox.deliver("https://", lambda request: Answer(404))
    account.outbox.deliver("https://hooks.buyer.example/", lambda request: Answer(201, {"tier": "A", "list": []}))
    branch = {
        "type": "STATIC_BRANCH",
        "inputValue": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "hs_http_status_code"},
        "staticBranches": [{"branchValue": "201", "connection": {"edgeType": "STANDARD", "nextActionId": "3"}}],
    }
    go(eve, webhook(), branch, note({"type": "FIELD_DATA", "actionId": "1", "dataKey": "tier"}))
    assert eve.get("jobtitle") == "A"


@pytest.mark.parametrize("status", [400, 404, 302])
def test_what_is_refused_is_not_tried_again(account: Portal, eve: Record, go: Go, note: Note, status: int) -> None:
    """The action fails, and the record goes on (F7.15.4, F7.34)."""
    account.outbox.deliver(URL, lambda request: Answer(status))
    event, _ = go(eve, webhook(), note("on"))
    assert (event.message, eve.get("jobtitle")) == (f"POST https://hooks.buyer.example/in answered {status}", "on")


class Flaky:
    """A system that answers one after the other of some answers, then 200."""

    def __init__(self, *answers: Answer | OSError) -> None:
        self.answers = list(answers)

    def __call__(self, request: Request) -> Answer | None:
        """Answer, or be out of reach."""
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, OSError):
            raise answer
        return answer


def test_what_fails_is_tried_again(account: Portal, eve: Record, go: Go, note: Note) -> None:
    """After a minute, then after two; a limit says itself how long, in milliseconds (F7.15.4)."""
    limited = Answer(429, retry_after=5 * MINUTE)
    account.outbox.deliver(URL, Flaky(Answer(503), OSError("no route"), limited))
    (event,) = go(eve, webhook(), note("on"))
    assert event.message == (
        "POST https://hooks.buyer.example/in answered 503; tried again in 1m, at 2026-03-02T09:01:00Z"
    )
    account.clock.advance(8 * MINUTE - 1)
    assert eve.get("jobtitle") is None
    account.clock.advance(1)
    moments = [request.moment - account.clock.now for request in account.outbox]
    assert (moments, eve.get("jobtitle")) == ([-8 * MINUTE, -7 * MINUTE, -5 * MINUTE, 0], "on")


def test_after_three_days_it_has_failed(account: Portal, eve: Record, go: Go, note: Note) -> None:
    """Eight hours lie between two tries at most (F7.15.4)."""
    account.outbox.deliver(URL, lambda request: Answer(500))
    go(eve, webhook(), note("on"))
    account.clock.advance(4 * DAY)
    moments = [request.moment for request in account.outbox]
    assert max(later - earlier for earlier, later in pairwise(moments)) == 8 * HOUR
    assert 2 * DAY < moments[-1] - moments[0] <= 3 * DAY
    assert eve.get("jobtitle") == "on"


def test_a_receiver_with_a_bug(account: Portal, eve: Record, go: Go, note: Note) -> None:
    """What it raises is an issue; the record goes on (F7.34)."""
    account.outbox.deliver(URL, lambda request: Answer(int("x")))
    event, _ = go(eve, webhook(), note("on"))
    assert "its receiver failed: ValueError: invalid literal" in event.message
    assert eve.get("jobtitle") == "on"


def test_receivers_outlive_a_snapshot(account: Portal, eve: Record, go: Go) -> None:
    """Whoever answered answers still (F7.15.6)."""
    account.outbox.deliver(URL, lambda request: Answer(201))
    account.restore(account.snapshot())
    (event,) = go(account.find("contacts", eve.id), webhook())
    assert event.message.endswith("answered 201")


def test_a_receiver_needs_an_address(account: Portal) -> None:
    """An empty one would take everything (F7.15.6)."""
    with pytest.raises(Refused, match="say to which web addresses"):
        account.outbox.deliver("", Flaky())


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"webhookUrl": "http://plain.example"}, "webhookUrl must begin with https://"),
        ({"webhookUrl": "https://["}, "webhookUrl must begin with https://"),
        ({"method": "DELETE"}, "method can't be 'DELETE'"),
        ({"authSettings": {"type": "AUTH_KEY", "name": "X"}}, "authSettings.secretName is missing"),
        ({"authSettings": {"type": "PASSWORD"}}, "authSettings.type can't be 'PASSWORD'"),
    ],
)
def test_webhooks_that_are_wrong(account: Portal, make_flow: Act, members: dict[str, Any], error: str) -> None:
    """They are refused with their place (F7.15.7)."""
    with pytest.raises(InvalidDefinition, match=rf"flow\.actions\[0\]\.{error}"):
        account.workflows.create(make_flow("0-1", webhook(**members)))


# -- custom code -------------------------------------------------------------------------------------------------


def code(**members: Any) -> dict[str, Any]:
    return {
        "type": "CUSTOM_CODE",
        "runtime": "NODE20X",
        "secretNames": [],
        "sourceCode": "exports.main = () => { throw 'never run' }",
        "inputFields": [{"name": "mail", "value": {"type": "OBJECT_PROPERTY", "propertyName": "email"}}],
        "outputFields": [{"type": "ENUMERATION", "name": "tier", "options": ["A", "B"]}],
        **members,
    }


TIER = {"type": "FIELD_DATA", "actionId": "1", "dataKey": "tier"}


def test_code_is_never_run(eve: Record, go: Go, note: Note) -> None:
    """Without a function in its place it is not executed, and the record goes on (F7.20.11)."""
    event, _ = go(eve, code(), note("on"))
    assert (event.succeeded, event.message[:27]) == (False, "custom code is not executed")
    assert eve.get("jobtitle") == "on"


def test_a_function_stands_for_the_code(account: Portal, eve: Record, go: Go, note: Note) -> None:
    """It gets the record and the inputs, and says what the outputs are (F7.20.12)."""
    seen = []

    def score(event: Any) -> dict[str, Any]:
        seen.append(event)
        return {"outputFields": {"tier": "A", "more": "not declared"}}

    account.custom_code.register("Flow", "1", score)
    event, _ = go(eve, code(), note(TIER))
    assert seen[0]["object"] == {"objectId": eve.id, "objectType": "CONTACT"}
    assert seen[0]["inputFields"] == {"mail": "eve@buyer.example"}
    assert (event.succeeded, eve.get("jobtitle")) == (True, "A")


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ({"outputFields": {"tier": "C"}}, "custom code: tier is 'C', which is none of A, B"),
        ({"outputFields": {"tier": "x" * 65_001}}, "custom code: tier has 65001 characters; 65000 are allowed"),
        ({"outputFields": ["tier"]}, "custom code: outputFields must hold values by their names"),
        ("A", "custom code: it must return {'outputFields': {…}}"),
        (KeyError("tier"), "custom code failed: KeyError: 'tier'"),
        (None, "custom code executed"),
    ],
)
def test_what_functions_return(account: Portal, eve: Record, go: Go, note: Note, returned: Any, message: str) -> None:
    """What is wrong is an issue, and the record goes on (F7.20.12, F7.20.13, F7.34)."""

    def function(event: Any) -> Any:
        if isinstance(returned, Exception):
            raise returned
        return returned

    account.custom_code.register("Flow", "1", function)
    event, _ = go(eve, code(), note("on"))
    assert (event.message, eve.get("jobtitle")) == (message, "on")


def test_an_action_has_fifty_inputs_at_most(account: Portal, make_flow: Act) -> None:
    """One more is refused (F7.20.14)."""
    inputs = [{"name": f"input{n}", "value": {"staticValue": "x"}} for n in range(51)]
    with pytest.raises(InvalidDefinition, match="inputFields are 51; an action has 50 at most"):
        account.workflows.create(make_flow("0-1", code(inputFields=inputs)))
