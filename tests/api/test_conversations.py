"""Conversations over HTTP: inboxes, threads, messages, actors, and tokens for visitors."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.conversations.visitor_identification import IdentificationTokenGenerationRequest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.doors.local import LocalPortal
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.moments import HOUR
from hubtwin.portal.threads import Thread

Call = Callable[..., tuple[int, Any]]

BASE = "/conversations/v3/conversations"
THREADS = f"{BASE}/threads"
ADA = "A-9000001"
NEW = "new@acme.example"
CONFIGURATION: dict[str, Any] = {
    "users": [{"email": "ada@acme.example", "first_name": "Ada"}],
    "inboxes": [
        {"name": "Sales", "emails": ["Sales@acme.example"]},
        {"name": "Care", "type": "HELP_DESK", "emails": ["care@acme.example"]},
    ],
    "chatflows": [{"name": "Website", "inbox": "Care"}],
}


@pytest.fixture
def account() -> Portal:
    """A portal with two inboxes, one of which has a live chat."""
    return Portal(Configuration.model_validate(CONFIGURATION))


@pytest.fixture
def thread(account: Portal) -> Thread:
    """A chat with a new contact."""
    chat = account.chatflows.open(email=NEW)
    chat.say("<b>Hello</b> {{ 7 * 7 }}")
    return chat.thread


def path(thread: Thread, rest: str = "") -> str:
    return f"{THREADS}/{thread.id}{rest}"


# -- inboxes -------------------------------------------------------------------------------------------------


def test_inboxes(call: Call) -> None:
    """With total, sorted as asked, in pages; one by its id (F9.3.1)."""
    _, body = call("GET", f"{BASE}/inboxes", None, "sort=-type,name&limit=1")
    assert (body["total"], [row["name"] for row in body["results"]]) == (2, ["Sales"])
    _, rest = call("GET", f"{BASE}/inboxes", None, f"sort=-type,name&after={body['paging']['next']['after']}")
    (care,) = rest["results"]
    assert (care["name"], care["type"]) == ("Care", "HELP_DESK")
    assert call("GET", f"{BASE}/inboxes/{care['id']}") == (200, care)
    assert call("GET", f"{BASE}/inboxes", None, "sort=colour")[0] == 400


def test_channels_and_their_accounts(call: Call) -> None:
    """A chatflow is an account of live chat, an address one of e-mail (F9.3.2)."""
    _, body = call("GET", f"{BASE}/channels")
    assert [row["id"] for row in body["results"]] == ["1000", "1002"]
    _, body = call("GET", f"{BASE}/channel-accounts", None, "channelId=1000")
    assert [(row["name"], row["active"]) for row in body["results"]] == [("Website", True)]
    _, body = call("GET", f"{BASE}/channel-accounts", None, "inboxId=480001")
    (sales,) = body["results"]
    assert sales["deliveryIdentifier"] == {"type": "HS_EMAIL_ADDRESS", "value": "sales@acme.example"}
    assert call("GET", f"{BASE}/channel-accounts/{sales['id']}") == (200, sales)
    for missing in ("channels/1001", "channel-accounts/1", "inboxes/x"):
        assert call("GET", f"{BASE}/{missing}")[0] == 404


# -- threads -------------------------------------------------------------------------------------------------


def test_a_thread(call: Call, account: Portal, thread: Thread) -> None:
    """All that is known of it, or what was asked for (F9.4, F9.3.4)."""
    assert thread.contact is not None
    now = "2026-03-02T09:00:00Z"
    assert call("GET", path(thread)) == (
        200,
        {
            "id": str(thread.id),
            "createdAt": now,
            "status": "OPEN",
            "originalChannelId": "1000",
            "originalChannelAccountId": "148001",
            "latestMessageTimestamp": now,
            "latestMessageSentTimestamp": now,
            "latestMessageReceivedTimestamp": now,
            "spam": False,
            "inboxId": "480002",
            "archived": False,
            "associatedContactId": str(thread.contact.id),
        },
    )
    assert call("GET", path(thread), None, "property=status,spam")[1] == {
        "id": str(thread.id),
        "status": "OPEN",
        "spam": False,
    }
    thread.ticket = account.create("tickets", {"subject": "T", "hs_pipeline_stage": "1"})
    body = call("GET", path(thread), None, "association=TICKET")[1]
    assert body["threadAssociations"] == {"associatedTicketId": str(thread.ticket.id)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2]),
        ("inboxId=480002", [0]),
        ("threadStatus=CLOSED", [1]),
        ("threadStatus=OPEN&associatedContactId=1001", [0]),
        ("associatedContactId=7", []),
        ("associatedTicketId=7", []),
        ("latestMessageTimestampAfter=2026-03-02T09:30:00Z", [0, 2]),
        ("sort=latestMessageTimestamp&latestMessageTimestampAfter=0", [1, 2, 0]),
        ("archived=true", [3]),
    ],
)
def test_listing_threads(call: Call, account: Portal, thread: Thread, query: str, found: list[int]) -> None:
    """Filtered and sorted (F9.3.3)."""
    conversations = account.conversations
    mails = [conversations.receive_email("sales@acme.example", f"m{n}@acme.example", "Hi") for n in range(1)]
    conversations.close(mails[0])
    account.clock.advance(HOUR)
    mails += [conversations.receive_email("sales@acme.example", f"n{n}@acme.example", "Hi") for n in range(2)]
    conversations.archive(mails[2])
    account.clock.advance(HOUR)
    conversations.reply(thread, "ada@acme.example", "Hi")
    ids = [str(each.id) for each in (thread, *mails)]
    _, body = call("GET", THREADS, None, query)
    assert [ids.index(row["id"]) for row in body["results"]] == found


@pytest.mark.parametrize("sort", ["", "&sort=latestMessageTimestamp&latestMessageTimestampAfter=0"])
def test_pages_of_threads(call: Call, account: Portal, sort: str) -> None:
    """Each thread comes once (F9.3.3)."""
    for number in range(5):
        account.conversations.receive_email("sales@acme.example", f"m{number}@acme.example", "Hi")
    ids: list[str] = []
    after: str | None = ""
    while after is not None:
        _, body = call("GET", THREADS, None, f"limit=2{after}{sort}")
        ids += [row["id"] for row in body["results"]]
        after = f"&after={body['paging']['next']['after']}" if "paging" in body else None
    assert ids == [str(thread.id) for thread in account.conversations.threads()]


@pytest.mark.parametrize(
    "query",
    [
        "threadStatus=HALF",
        "sort=name",
        "sort=latestMessageTimestamp",
        "latestMessageTimestampAfter=noon",
        "limit=501",
        "after=x",
    ],
)
def test_bad_lists_of_threads(call: Call, query: str) -> None:
    """400 (F9.3.3)."""
    assert call("GET", THREADS, None, query)[0] == 400


def test_closing_and_restoring(call: Call, thread: Thread) -> None:
    """By PATCH and DELETE; an archived thread is found where asked for alone (F9.3.5)."""
    status, body = call("PATCH", path(thread), {"status": "CLOSED"})
    assert (status, body["status"], body["closedAt"]) == (200, "CLOSED", "2026-03-02T09:00:00Z")
    assert call("DELETE", path(thread))[0] == 204
    assert [call("GET", path(thread), None, query)[0] for query in ("", "archived=true")] == [404, 200]
    status, body = call("PATCH", path(thread), {"archived": False}, "archived=true")
    assert (status, body["archived"], call("GET", path(thread))[0]) == (200, False, 200)
    for bad in ({"status": "HALF"}, {"status": 1}, {"archived": "maybe"}):
        assert call("PATCH", path(thread), bad)[0] == 400


@pytest.mark.parametrize("root", [THREADS, "/conversations/conversations/v3/threads"])
@pytest.mark.parametrize("actor", [ADA, "ada@acme.example"])
def test_assigning(call: Call, thread: Thread, root: str, actor: str) -> None:
    """By the actor's id or the address, in both places where HubSpot has it (F9.3.6)."""
    where = f"{root}/{thread.id}/assignee"
    assert call("PUT", where, {"actorId": actor}) == (204, b"")
    assert call("GET", path(thread))[1]["assignedTo"] == ADA
    assert call("PUT", where, {"actorId": "A-7"})[0] == 400
    assert call("DELETE", where)[0] == 204
    assert "assignedTo" not in call("GET", path(thread))[1]


# -- messages ------------------------------------------------------------------------------------------------


def test_messages_come_newest_first(call: Call, account: Portal, thread: Thread) -> None:
    """Texts are as they came; each message can be read alone (F9.5, F9.5.1, F9.7)."""
    assert thread.contact is not None
    visitor = f"V-{thread.contact.id}"
    _, body = call("GET", path(thread, "/messages"))
    said, welcome = body["results"]
    assert (said["text"], said["direction"]) == ("<b>Hello</b> {{ 7 * 7 }}", "INCOMING")
    assert (said["createdBy"], said["senders"][0]["actorId"], said["client"]) == (
        visitor,
        visitor,
        {"clientType": "SYSTEM"},
    )
    assert (said["status"], said["senders"][0]["deliveryIdentifier"]["type"]) == (
        {"statusType": "RECEIVED"},
        "CHANNEL_SPECIFIC_OPAQUE_ID",
    )
    assert (welcome["type"], welcome["createdBy"], welcome["recipients"][0]["actorId"]) == (
        "WELCOME_MESSAGE",
        "S-hubspot",
        visitor,
    )
    assert call("GET", path(thread, f"/messages/{said['id']}")) == (200, said)
    original = call("GET", path(thread, f"/messages/{said['id']}/original-content"))
    assert original == (200, {"text": said["text"], "richText": said["text"]})
    _, first = call("GET", path(thread, "/messages"), None, "limit=1")
    _, second = call("GET", path(thread, "/messages"), None, f"after={first['paging']['next']['after']}")
    assert first["results"] + second["results"] == [said, welcome]


def test_an_app_answers_for_an_agent(call: Call, thread: Thread) -> None:
    """201; through the channel that the thread came by (F9.5.2)."""
    message = {
        "type": "MESSAGE",
        "text": "Hi!",
        "richText": "<p>Hi!</p>",
        "senderActorId": ADA,
        "channelId": "1000",
        "channelAccountId": "148001",
        "recipients": [],
        "attachments": [{"type": "QUICK_REPLIES", "quickReplies": [{"label": "Yes", "value": "Y"}]}],
    }
    status, body = call("POST", path(thread, "/messages"), message)
    assert (status, body["type"], body["direction"], body["createdBy"]) == (201, "MESSAGE", "OUTGOING", ADA)
    assert (body["richText"], body["attachments"]) == (message["richText"], message["attachments"])
    assert (body["client"]["clientType"], body["status"]) == ("INTEGRATION", {"statusType": "SENT"})
    assert call("GET", path(thread, "/messages"))[1]["results"][0] == body


def test_an_email_answer(call: Call, account: Portal) -> None:
    """Has a subject and recipients; a chat has no subject (F9.5.2, F9.7)."""
    mail = account.conversations.receive_email("sales@acme.example", NEW, "Hi", subject="Prices")
    to = {"deliveryIdentifiers": [{"type": "HS_EMAIL_ADDRESS", "value": NEW}], "recipientField": "TO", "name": "New"}
    message = {
        "type": "MESSAGE",
        "text": "Here",
        "subject": "Re: Prices",
        "senderActorId": ADA,
        "channelId": "1002",
        "channelAccountId": str(mail.account.id),
        "recipients": [to],
    }
    status, body = call("POST", path(mail, "/messages"), message)
    assert (status, body["subject"], body["recipients"]) == (
        201,
        "Re: Prices",
        [
            {
                "deliveryIdentifier": {"type": "HS_EMAIL_ADDRESS", "value": NEW},
                "recipientField": "TO",
                "name": "New",
            }
        ],
    )
    assert call("POST", path(mail, "/messages"), {**message, "recipients": []})[0] == 400


def test_a_comment(call: Call, thread: Thread) -> None:
    """By the app, or by an agent whom it names (F9.5.2)."""
    status, body = call("POST", path(thread, "/messages"), {"type": "COMMENT", "text": "Big"})
    assert (status, body["type"], body["text"], body["createdBy"][:2]) == (201, "COMMENT", "Big", "I-")
    named = {"type": "COMMENT", "text": "Big", "senderActorId": ADA, "attachments": [{"fileId": "7"}]}
    _, body = call("POST", path(thread, "/messages"), named)
    assert (body["createdBy"], body["attachments"]) == (ADA, [{"type": "FILE", "fileId": "7"}])


@pytest.mark.parametrize(
    "change",
    [
        {"type": "SHOUT"},
        {"type": None},
        {"text": None},
        {"text": "x" * 70_000},
        {"senderActorId": "A-7"},
        {"senderActorId": None},
        {"channelId": "1002"},
        {"channelAccountId": "7"},
        {"recipients": {}},
        {"recipients": [{}]},
        {"recipients": [{"actorId": "V-1", "recipientField": "FROM"}]},
        {"recipients": [{"deliveryIdentifiers": [{"type": "PIGEON", "value": "1"}]}]},
        {"attachments": [{"type": "FILE"}]},
        {"attachments": [{"type": "LOCATION"}]},
    ],
)
def test_messages_that_cannot_be(call: Call, thread: Thread, change: dict[str, Any]) -> None:
    """400, and nothing was said (F9.5.2)."""
    good = {
        "type": "MESSAGE",
        "text": "Hi",
        "senderActorId": ADA,
        "channelId": "1000",
        "channelAccountId": "148001",
    }
    assert call("POST", path(thread, "/messages"), {**good, **change})[0] == 400
    assert len(thread.messages) == 2


def test_changes_are_messages_too(call: Call, thread: Thread) -> None:
    """With what changed in place of a text (F9.5)."""
    call("PUT", path(thread, "/assignee"), {"actorId": ADA})
    call("PATCH", path(thread), {"status": "CLOSED"})
    closed, assigned, *_ = call("GET", path(thread, "/messages"))[1]["results"]
    assert (closed["type"], closed["newStatus"], "text" in closed) == ("THREAD_STATUS_CHANGE", "CLOSED", False)
    assert (assigned["type"], assigned["assignedTo"]) == ("ASSIGNMENT", ADA)


def test_what_is_not_there(call: Call, thread: Thread) -> None:
    """404 (F9.3)."""
    for missing in ("/7", "/x", f"/{thread.id}/messages/7", f"/{thread.id}/messages/7/original-content"):
        assert call("GET", THREADS + missing)[0] == 404


# -- actors --------------------------------------------------------------------------------------------------


def test_actors(call: Call, account: Portal, thread: Thread) -> None:
    """Agents, visitors, HubSpot itself, and others by the letter of their ids (F9.6)."""
    assert call("GET", f"{BASE}/actors/{ADA}") == (
        200,
        {"id": ADA, "type": "AGENT", "name": "Ada", "email": "ada@acme.example"},
    )
    stranger = account.chatflows.open()
    stranger.say("Hi")
    ids = [thread.visitor_actor, stranger.thread.visitor_actor, "S-hubspot", "B-700001", "E-x@y.example", "I-7", "L-1"]
    _, body = call("POST", f"{BASE}/actors/batch/read", {"inputs": ids})
    types = [(row["type"], row.get("name")) for row in body["results"]]
    assert types == [
        ("VISITOR", NEW),
        ("VISITOR", None),
        ("SYSTEM", "HubSpot"),
        ("BOT", "Website"),
        ("EMAIL", None),
        ("INTEGRATION", None),
        ("LLM", None),
    ]


@pytest.mark.parametrize("id", ["A-7", "V-7", "X-1", "A", "A-", "S-other", "B-1"])
def test_unknown_actors(call: Call, id: str) -> None:
    """404 alone, 207 among others (F9.6.1)."""
    assert call("GET", f"{BASE}/actors/{id}")[0] == 404
    status, body = call("POST", f"{BASE}/actors/batch/read", {"inputs": [id, ADA]})
    assert (status, len(body["results"]), body["errors"][0]["context"]) == (207, 1, {"ids": [id]})


# -- tokens, versions, clients -------------------------------------------------------------------------------


def test_a_token(call: Call, account: Portal) -> None:
    """It tells a chat who its visitor is (F9.8)."""
    where = "/visitor-identification/v3/tokens/create"
    status, body = call("POST", where, {"email": NEW, "firstName": "New", "hsCustomerAgentContext": {}})
    chat = account.chatflows.open(token=body["token"])
    chat.say("Hi")
    assert (status, chat.contact and chat.contact.name) == (200, "New")
    for bad in ({}, {"email": "nobody"}, {"email": ""}):
        assert call("POST", where, bad)[0] == 400


@pytest.fixture
def client() -> Iterator[Any]:
    """HubSpot's own client, which knows nothing of us."""
    with LocalPortal(CONFIGURATION) as portal, portal.in_process():
        yield HubSpot(access_token="any")  # noqa: S106  any token will do


def test_the_official_client_makes_a_token(client: Any) -> None:
    """The only part of conversations that it has (F9.8)."""
    request = IdentificationTokenGenerationRequest(email=NEW)
    assert len(client.conversations.visitor_identification.generate_api.generate_token(request).token) == 64


@pytest.mark.parametrize("version", ["2026-09", "2026-09-beta"])
def test_dated_paths(call: Call, thread: Thread, version: str) -> None:
    """The same as version 3 (W1.11, F9.3)."""
    dated = f"/conversations/conversations/{version}"
    for rest in (f"/threads/{thread.id}", f"/threads/{thread.id}/messages", f"/actors/{ADA}", "/inboxes"):
        assert call("GET", dated + rest) == call("GET", BASE + rest)


JSON: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(max_size=5),
    st.lists(st.dictionaries(st.sampled_from(["type", "value", "actorId", "deliveryIdentifiers"]), st.text())),
)
KEYS = ["type", "text", "richText", "senderActorId", "channelId", "channelAccountId", "recipients", "attachments"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    type=st.sampled_from(["MESSAGE", "COMMENT"]),
    changes=st.dictionaries(st.sampled_from([*KEYS, "subject", "status", "archived", "actorId", "inputs"]), JSON),
)
def test_no_request_breaks_the_server(call: Call, thread: Thread, type: str, changes: dict[str, Any]) -> None:
    """Whatever the body, no 5xx (W2.7.9)."""
    for method, where in (
        ("POST", path(thread, "/messages")),
        ("PATCH", path(thread)),
        ("PUT", path(thread, "/assignee")),
        ("POST", f"{BASE}/actors/batch/read"),
    ):
        assert call(method, where, {"type": type, "text": "Hi", **changes})[0] < 500
