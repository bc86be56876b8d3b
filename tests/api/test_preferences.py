"""Communication preferences over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

V3 = "/communication-preferences/v3"
V4 = "/communication-preferences/v4"
ADA = "ada@acme.example"
MARKETING = 30_000_001


@pytest.fixture
def account() -> Portal:
    """A portal with one contact."""
    portal = Portal()
    portal.create("contacts", {"email": ADA})
    return portal


def said(call: Call, email: str = ADA) -> list[str]:
    return [row["status"] for row in call("GET", f"{V4}/statuses/{email}", None, "channel=EMAIL")[1]["results"]]


def wish(state: str, **changes: Any) -> dict[str, Any]:
    return {"channel": "EMAIL", "statusState": state, "subscriptionId": MARKETING, **changes}


def test_subscription_types(call: Call) -> None:
    """Three to start with, the same in each version (W6.8.10)."""
    old = call("GET", f"{V3}/definitions")[1]["subscriptionDefinitions"]
    assert [row["name"] for row in old] == ["Marketing Information", "Customer Service Communication", "One to One"]
    for base in (V4, V4.replace("v4", "2026-03")):
        assert call("GET", f"{base}/definitions")[1]["results"] == old


def test_version_3(call: Call) -> None:
    """Subscribe and unsubscribe; whoever unsubscribed can't be subscribed (W6.8.10, W6.8.12)."""
    asked = {"emailAddress": "Ada@acme.example", "subscriptionId": str(MARKETING), "legalBasis": "NON_GDPR"}
    statuses = [call("POST", f"{V3}/{verb}", asked)[0] for verb in ("subscribe", "unsubscribe", "subscribe")]
    assert statuses == [200, 200, 400]
    _, body = call("GET", f"{V3}/status/email/{ADA}")
    assert (body["recipient"], {row["status"] for row in body["subscriptionStatuses"]}) == (ADA, {"NOT_SUBSCRIBED"})
    assert said(call) == ["UNSUBSCRIBED", "NOT_SPECIFIED", "NOT_SPECIFIED"]


def test_version_4(call: Call, account: Portal) -> None:
    """Subscribing again works, and the answer says why it did; the timeline shows it (W6.8.12)."""
    reasons = [
        call("POST", f"{V4}/statuses/{ADA}", wish(state))[1]["results"][0]["setStatusSuccessReason"]
        for state in ("SUBSCRIBED", "SUBSCRIBED", "UNSUBSCRIBED", "SUBSCRIBED")
    ]
    assert reasons == [
        "REQUESTED_CHANGE_OCCURRED",
        "NO_STATUS_CHANGE",
        "REQUESTED_CHANGE_OCCURRED",
        "RESUBSCRIBE_OCCURRED",
    ]
    contact = account.find("contacts", 1001)
    changes = [str(entry.value) for entry in account.log.timeline(contact) if entry.kind == "subscription changed"]
    assert changes[:2] == ["Marketing Information: SUBSCRIBED", "Marketing Information: UNSUBSCRIBED"]


def test_opting_out_of_all(call: Call, account: Portal) -> None:
    """Each type follows, and so does the contact's property; subscribing ends it (W6.8.11)."""
    path, contact = f"{V4}/statuses/{ADA}/unsubscribe-all", account.find("contacts", 1001)
    assert call("GET", path, None, "channel=EMAIL")[1]["results"] == []
    call("POST", path, None, "channel=EMAIL")
    assert (said(call), contact.get("hs_email_optout")) == (["UNSUBSCRIBED"] * 3, "true")
    assert call("GET", path, None, "channel=EMAIL")[1]["results"][0]["wideStatusType"] == "PORTAL_WIDE"
    sources = {row["sourceOfStatus"] for row in call("GET", f"{V3}/status/email/{ADA}")[1]["subscriptionStatuses"]}
    assert sources == {"PORTAL_WIDE_STATUS"}
    call("POST", f"{V4}/statuses/{ADA}", wish("SUBSCRIBED"))
    assert (said(call), contact.get("hs_email_optout")) == (["SUBSCRIBED", "NOT_SPECIFIED", "NOT_SPECIFIED"], None)


def test_batches(call: Call) -> None:
    """Several addresses, also such as no contact has (W6.8.10, W6.8.11)."""
    batch = f"{V4}/statuses/batch"
    inputs = [wish("SUBSCRIBED", subscriberIdString=email) for email in (ADA, "bob@b.example")]
    assert call("POST", f"{batch}/write", {"inputs": inputs})[0] == 200
    emails = {"inputs": [ADA, "bob@b.example"]}
    call("POST", f"{batch}/unsubscribe-all", {"inputs": [ADA]}, "channel=EMAIL")
    _, body = call("POST", f"{batch}/read", emails, "channel=EMAIL")
    assert [row["statuses"][0]["status"] for row in body["results"]] == ["UNSUBSCRIBED", "SUBSCRIBED"]
    _, body = call("POST", f"{batch}/unsubscribe-all/read", emails, "channel=EMAIL")
    assert [len(row["wideStatuses"]) for row in body["results"]] == [1, 0]


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "WHATSAPP"},
        {"statusState": "MAYBE"},
        {"subscriptionId": 7},
        {"subscriptionId": "x"},
        {"legalBasis": "BECAUSE"},
        {"subscriberIdString": "no address"},
        {"statusState": None},
    ],
)
def test_wishes_that_cannot_be(call: Call, change: dict[str, Any]) -> None:
    """400, and of a batch nothing is noted (W6.8.10)."""
    inputs = [wish("SUBSCRIBED", subscriberIdString=ADA), wish("SUBSCRIBED", subscriberIdString=ADA, **{}) | change]
    assert call("POST", f"{V4}/statuses/batch/write", {"inputs": inputs})[0] == 400
    assert said(call) == ["NOT_SPECIFIED"] * 3


def test_other_channels(call: Call) -> None:
    """E-mail only (W6.8.10)."""
    for path in (f"{V4}/statuses/{ADA}", f"{V4}/statuses/{ADA}/unsubscribe-all"):
        assert [call("GET", path, None, query)[0] for query in ("", "channel=SMS")] == [400, 400]
    assert call("GET", f"{V3}/status/email/nobody")[0] == 400


JSON: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=5), st.lists(st.text(max_size=3)), st.just({})
)
KEYS = ["inputs", "channel", "statusState", "subscriptionId", "subscriberIdString", "emailAddress", "legalBasis"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.sampled_from(
        [
            f"{V3}/subscribe",
            f"{V4}/statuses/{ADA}",
            f"{V4}/statuses/%20",
            *(f"{V4}/statuses/batch/{verb}" for verb in ("read", "write", "unsubscribe-all")),
        ]
    ),
    body=st.dictionaries(st.sampled_from(KEYS), JSON) | JSON,
)
def test_no_request_breaks_the_server(call: Call, path: str, body: Any) -> None:
    """Whatever the body, no 5xx (W2.7.9)."""
    assert call("POST", path, body, "channel=EMAIL")[0] < 500
