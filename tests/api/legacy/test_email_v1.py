"""E-mail events, campaigns and subscriptions, version 1."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

V1 = "/email/public/v1"
LINK = "https://acme.example/demo"
ADA, EVE = "ada@acme.example", "eve@bounce.example"


@pytest.fixture
def account() -> Portal:
    """A portal whose e-mail was opened, clicked and answered by one reader; another couldn't be reached."""
    emails = [{"name": "Welcome", "kind": "automated", "subject": "Hello", "body": LINK}]
    portal = Portal(Configuration.model_validate({"account": {"id": 7}, "marketing_emails": emails}))
    ada, eve = (portal.create("contacts", {"email": email}) for email in (ADA, EVE))
    portal.marketing_emails.send("Welcome", [ada, eve])
    portal.clock.advance("1m")
    portal.marketing_emails.open("Welcome", ada)
    portal.marketing_emails.click("Welcome", ada)
    portal.marketing_emails.reply("Welcome", ada)
    portal.marketing_emails.unsubscribe("Welcome", ada)
    portal.marketing_emails.send("Welcome", [ada])
    return portal


def types(call: Call, query: str = "") -> list[str]:
    return [row["type"] for row in call("GET", f"{V1}/events", None, query)[1]["events"]]


def test_events(call: Call) -> None:
    """Newest first; of answers version 1 knows nothing (W6.11.14)."""
    assert types(call) == [
        *("DROPPED", "STATUSCHANGE", "CLICK", "OPEN", "BOUNCE", "DELIVERED", "SENT", "SENT"),
    ]


def test_what_events_tell(call: Call, account: Portal) -> None:
    """Each its own, and which event sent the e-mail (W6.11.14)."""
    rows = {row["type"]: row for row in call("GET", f"{V1}/events", None, "limit=100")[1]["events"]}
    campaign = account.marketing_emails.find("Welcome").campaign
    assert {(row["portalId"], row["emailCampaignId"], row["appName"]) for row in rows.values()} == {
        (7, campaign, "Automated")
    }
    assert (rows["CLICK"]["url"], rows["CLICK"]["recipient"]) == (LINK, ADA)
    assert (rows["BOUNCE"]["category"], rows["DROPPED"]["dropReason"]) == (
        *("UNKNOWN_USER", "PREVIOUSLY_UNSUBSCRIBED_MESSAGE"),
    )
    assert (rows["SENT"]["subject"], "sentBy" in rows["SENT"]) == ("Hello", False)
    assert rows["OPEN"]["sentBy"] == {"id": rows["SENT"]["id"], "created": 1_772_442_000_000}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("eventType=OPEN", ["OPEN"]),
        (f"recipient={EVE}", ["BOUNCE", "SENT"]),
        ("endTimestamp=1772442000000", ["SENT", "SENT"]),
        ("startTimestamp=1772442000001&eventType=SENT", []),
        ("campaignId=1", []),
    ],
)
def test_some_events(call: Call, query: str, expected: list[str]) -> None:
    """By type, recipient, time and campaign (W6.11.14)."""
    assert types(call, query) == expected


def test_pages_of_events(call: Call) -> None:
    """An offset leads on (W6.11.14)."""
    _, first = call("GET", f"{V1}/events", None, "limit=5")
    _, rest = call("GET", f"{V1}/events", None, f"limit=5&offset={first['offset']}")
    assert (first["hasMore"], rest["hasMore"], len(first["events"] + rest["events"])) == (True, False, 8)


def test_one_event(call: Call) -> None:
    """By its moment and id (W6.11.14)."""
    (opened,) = call("GET", f"{V1}/events", None, "eventType=OPEN")[1]["events"]
    assert call("GET", f"{V1}/events/{opened['created']}/{opened['id']}") == (200, opened)
    assert call("GET", f"{V1}/events/1/{opened['id']}")[0] == 404


@pytest.mark.parametrize("query", ["eventType=READ", "startTimestamp=soon", "limit=x", "offset=-1"])
def test_events_that_nobody_can_find(call: Call, query: str) -> None:
    """400 (W6.11.14)."""
    assert call("GET", f"{V1}/events", None, query)[0] == 400


def test_events_of_a_forgotten_contact(call: Call, account: Portal) -> None:
    """Are gone (W6.11.14, W2.4.8)."""
    call("POST", "/crm/v3/objects/contacts/gdpr-delete", {"objectId": "1001"})
    assert types(call) == ["BOUNCE", "SENT"]


def test_campaigns(call: Call, account: Portal) -> None:
    """Which there are, and one with its counters (W6.11.15)."""
    email = account.marketing_emails.find("Welcome")
    for path in ("campaigns", "campaigns/by-id"):
        _, page = call("GET", f"{V1}/{path}", None, "limit=1")
        assert (page["hasMore"], [row["id"] for row in page["campaigns"]]) == (False, [email.campaign])
    _, body = call("GET", f"{V1}/campaigns/{email.campaign}")
    assert (body["contentId"], body["name"], body["subject"]) == (email.id, "Welcome", "Hello")
    assert body["counters"] == {
        **{"sent": 2, "delivered": 1, "dropped": 1, "bounce": 1, "open": 1, "click": 1},
        "unsubscribed": 1,
    }
    assert call("GET", f"{V1}/campaigns/1")[0] == 404


def test_subscription_types(call: Call) -> None:
    """With the account's id (W6.11.16)."""
    rows = call("GET", f"{V1}/subscriptions")[1]["subscriptionDefinitions"]
    assert next((row["name"], row["portalId"]) for row in rows) == ("Marketing Information", 7)


def test_the_status_of_an_address(call: Call, account: Portal) -> None:
    """What it said, and whether mail bounced or was called spam (W6.11.16)."""
    _, ada = call("GET", f"{V1}/subscriptions/{ADA}")
    assert [(row["optState"], row["subscribed"]) for row in ada["subscriptionStatuses"]] == [("OPT_OUT", False)]
    assert (ada["status"], ada["bounced"], ada["markedAsSpam"]) == ("subscribed", False, False)
    account.marketing_emails.report_spam("Welcome", account.find("contacts", 1001))
    assert call("GET", f"{V1}/subscriptions/{ADA}")[1]["markedAsSpam"] is True
    assert call("GET", f"{V1}/subscriptions/{EVE}")[1]["bounced"] is True
    assert call("GET", f"{V1}/subscriptions/nobody")[0] == 400


def test_changing_a_status(call: Call) -> None:
    """Subscribing works, but not against an earlier opt-out; out of all is out of each (W6.11.16)."""
    path = f"{V1}/subscriptions"

    def states(email: str) -> list[str]:
        return [row["optState"] for row in call("GET", f"{path}/{email}")[1]["subscriptionStatuses"]]

    wanted = {"subscriptionStatuses": [{"id": 30_000_001, "subscribed": True}]}
    assert call("PUT", f"{path}/{EVE}", wanted) == (200, {"status": "ok"})
    assert call("PUT", f"{path}/{ADA}", wanted)[0] == 200
    assert (states(EVE), states(ADA)) == (["OPT_IN"], ["OPT_OUT"])
    call("PUT", f"{path}/{EVE}", {"unsubscribeFromAll": True})
    assert states(EVE) == ["OPT_OUT"] * 3
    bad: list[dict[str, Any]] = [{}, {"subscriptionStatuses": [{"id": 7}]}, {"subscriptionStatuses": [{}]}]
    assert [call("PUT", f"{path}/{EVE}", body)[0] for body in bad] == [400] * 3


def test_the_timeline_of_changes(call: Call) -> None:
    """Newest first, also of addresses that no contact has (W6.11.16)."""
    call("PUT", f"{V1}/subscriptions/x@acme.example", {"unsubscribeFromAll": True})
    _, body = call("GET", f"{V1}/subscriptions/timeline")
    changes = [(row["recipient"], row["changes"][0]) for row in body["timeline"]]
    assert [(email, change["changeType"], change["source"]) for email, change in changes] == [
        ("x@acme.example", "PORTAL_STATUS", "SOURCE_PUBLIC_API"),
        (ADA, "SUBSCRIPTION_STATUS", "SOURCE_RECIPIENT"),
    ]
    _, page = call("GET", f"{V1}/subscriptions/timeline", None, "limit=1&endTimestamp=1772442060000")
    assert (page["hasMore"], len(page["timeline"])) == (True, 1)
