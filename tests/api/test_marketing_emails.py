"""Marketing e-mails and their statistics over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

V3, DATED = "/marketing/v3/emails", "/marketing/emails/2026-03"
LINK = "https://acme.example/demo"
NEWS = {
    "name": "News",
    "subject": "What is new",
    "from": {"fromName": "Acme", "replyTo": "hello@acme.example"},
    "content": {"widgets": {"one": {"body": {"html": f'<a href="{LINK}">Demo</a>'}}}},
    "subscriptionDetails": {"subscriptionId": "30000001"},
}


@pytest.fixture
def account() -> Portal:
    """A portal with an automated e-mail, and three contacts in a list, one of whom can't be reached."""
    emails = [{"name": "Welcome", "kind": "automated", "body": LINK}]
    portal = Portal(Configuration.model_validate({"marketing_emails": emails}))
    hosts = {"ada": "acme.example", "bob": "acme.example", "eve": "bounce.example"}
    people = [portal.create("contacts", {"email": f"{name}@{host}"}) for name, host in hosts.items()]
    list = portal.lists.create("Readers", portal.type("contacts"), "MANUAL")
    portal.lists.add(list, people)
    return portal


@pytest.fixture
def news(call: Call) -> str:
    """The id of a regular e-mail to the list."""
    body: dict[str, Any] = call("POST", V3, {**NEWS, "to": {"contactIlsLists": {"include": ["1"], "exclude": []}}})[1]
    return str(body["id"])


def engage(account: Portal, id: str) -> None:
    """Let one of the readers open an e-mail twice and click in it."""
    ada = account.find("contacts", 1001)
    account.clock.advance("1m")
    for _ in range(2):
        account.marketing_emails.open(id, ada)
    account.marketing_emails.click(id, ada)


def test_an_email_is_made_as_a_draft(call: Call) -> None:
    """201, with what was sent and what HubSpot adds (W6.11.1)."""
    status, body = call("POST", f"{V3}/", {**NEWS, "state": "PUBLISHED"})
    assert (status, body["state"], body["type"], body["subcategory"]) == (201, "DRAFT", "BATCH_EMAIL", "batch")
    assert {name: body[name] for name in ("name", "subject", "from", "content")} == {
        name: NEWS[name] for name in ("name", "subject", "from", "content")
    }
    assert (body["isPublished"], body["subscriptionDetails"]) == (False, {"subscriptionId": "30000001"})
    assert call("GET", f"{DATED}/{body['id']}") == (200, body)


@pytest.mark.parametrize(
    ("asked", "type"),
    [
        ({"subcategory": "automated"}, "AUTOMATED_EMAIL"),
        ({"state": "AUTOMATED_DRAFT"}, "AUTOMATED_EMAIL"),
        ({"subcategory": "single_send_api"}, "SINGLE_SEND_API"),
        ({"subcategory": "marketing_single_send_api"}, "MARKETING_SINGLE_SEND_API"),
    ],
)
def test_kinds_of_emails(call: Call, asked: dict[str, str], type: str) -> None:
    """By subcategory, or by the state that is asked for (W6.11.1)."""
    assert call("POST", V3, {"name": "x", **asked})[1]["type"] == type


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": " "},
        {"name": "x", "subcategory": "pigeon"},
        {"name": "x", "state": "READ"},
        {"name": "x", "publishDate": "soon"},
        {"name": "x", "subscriptionDetails": {"subscriptionId": "7"}},
        {"name": "x", "content": "text"},
        {"name": "x", "to": {"contactIlsLists": {"include": "1"}}},
    ],
)
def test_emails_that_are_not_valid(call: Call, account: Portal, body: dict[str, Any]) -> None:
    """400, and nothing is made (W6.11.1)."""
    assert call("POST", V3, body)[0] == 400
    assert [email.name for email in account.marketing_emails] == ["Welcome"]


def test_lists_of_emails(call: Call, news: str) -> None:
    """In pages, sorted, by kind and by date, with some members only (W6.11.1)."""
    _, page = call("GET", V3, None, "limit=1&sort=-name")
    assert (page["total"], [row["name"] for row in page["results"]]) == (2, ["Welcome"])
    assert page["paging"]["next"]["after"] == "MQ=="
    assert call("GET", V3, None, "limit=1&sort=-name&after=MQ%3D%3D")[1]["results"][0]["id"] == news
    for query, count in (
        *(("isPublished=true", 1), ("type=BATCH_EMAIL", 1), ("createdAfter=2026-03-02T09:00:00Z", 0)),
        *(("createdAt=2026-03-02T09:00:00Z", 2), ("archived=true", 0)),
    ):
        assert call("GET", V3, None, query)[1]["total"] == count
    assert call("GET", f"{V3}/{news}", None, "includedProperties=id,name")[1] == {"id": news, "name": "News"}
    assert [call("GET", V3, None, query)[0] for query in ("sort=size", "after=x", "createdAt=x")] == [400] * 3


def test_changing_and_deleting(call: Call, news: str) -> None:
    """What is not sent stays; what is deleted is in the bin, and can be taken out of it (W6.11.1)."""
    _, body = call("PATCH", f"{V3}/{news}", {"subject": "Newer"})
    assert (body["subject"], body["name"], body["from"]["fromName"]) == ("Newer", "News", "Acme")
    assert [call("DELETE", f"{V3}/{news}")[0], call("GET", f"{V3}/{news}")[0]] == [204, 404]
    assert call("GET", f"{V3}/{news}", None, "archived=true")[1]["archived"] is True
    call("PATCH", f"{V3}/{news}", {"archived": False}, "archived=true")
    assert call("GET", f"{V3}/{news}")[0] == 200
    assert [call(method, f"{V3}/1")[0] for method in ("GET", "DELETE")] == [404, 404]


def test_a_copy(call: Call, news: str) -> None:
    """Says the same under another name and id (W6.11.1)."""
    status, copy = call("POST", f"{V3}/clone", {"id": news, "cloneName": "News 2"})
    assert (status, copy["name"], copy["subject"], copy["state"]) == (200, "News 2", "What is new", "DRAFT")
    assert copy["id"] != news


def test_drafts_and_revisions(call: Call, account: Portal) -> None:
    """A draft is not live until it is published; earlier versions come back (W6.11.9)."""
    path = f"{V3}/{account.marketing_emails.find('Welcome').id}"
    assert call("PATCH", f"{path}/draft", {"subject": "Hello"})[1]["subject"] == "Hello"
    assert [call("GET", path)[1]["subject"], call("GET", f"{path}/draft")[1]["subject"]] == ["Welcome", "Hello"]
    call("POST", f"{path}/draft/reset")
    assert call("GET", f"{path}/draft")[1]["subject"] == "Welcome"
    call("PATCH", f"{path}/draft", {"subject": "Hello"})
    assert call("POST", f"{path}/publish")[0] == 204
    _, revisions = call("GET", f"{path}/revisions")
    assert [(row["id"], row["object"]["subject"]) for row in revisions["results"]] == [("2", "Hello"), ("1", "Welcome")]
    assert revisions["results"][0]["user"]["email"] == "ada@hubtwin.example"
    assert call("POST", f"{path}/revisions/1/restore-to-draft")[1]["subject"] == "Welcome"
    assert call("POST", f"{path}/revisions/1/restore")[0] == 204
    assert call("GET", path)[1]["subject"] == "Welcome"
    assert [call("GET", f"{path}/revisions/{id}")[0] for id in ("1", "9", "x")] == [200, 404, 404]


def test_publishing_sends_to_the_list(call: Call, account: Portal, news: str) -> None:
    """204; once only, and to somebody (W6.11.3)."""
    assert call("POST", f"{V3}/{news}/publish")[0] == 204
    assert call("GET", f"{V3}/{news}")[1]["state"] == "PUBLISHED"
    assert account.find("contacts", 1001).get("hs_email_last_email_name") == "News"
    assert [call("POST", f"{V3}/{news}/{verb}")[0] for verb in ("publish", "unpublish")] == [400, 400]
    lonely = call("POST", V3, {"name": "Lonely", "to": {"contactIlsLists": {"include": ["9"]}}})[1]["id"]
    status, body = call("POST", f"{V3}/{lonely}/publish")
    assert (status, body["message"]) == (400, "no list of contacts is called '9'; choose from: Readers")


def test_statistics(call: Call, account: Portal, news: str) -> None:
    """Of one e-mail and of several: what was counted, and what part of it (W6.11.13)."""
    call("POST", f"{V3}/{news}/publish")
    engage(account, news)
    stats = call("GET", f"{V3}/{news}", None, "includeStats=true")[1]["stats"]
    counted = {name: count for name, count in stats["counters"].items() if count}
    assert counted == {
        **{"sent": 3, "selected": 3, "delivered": 2, "open": 1, "click": 1},
        **{"bounce": 1, "hardbounced": 1, "contactslost": 1},
    }
    assert (stats["ratios"]["openratio"], stats["ratios"]["bounceratio"]) == (50.0, 33.333)
    _, together = call("GET", f"{V3}/statistics/list", None, f"emailIds={news}")
    assert (together["emails"], together["aggregate"]) == ([int(news)], stats)
    assert list(together["campaignAggregations"].values()) == [stats]
    later = "startTimestamp=2026-03-02T09:00:01Z&endTimestamp=2027-01-01T00:00:00Z"
    assert call("GET", f"{DATED}/statistics/list", None, later)[1]["emails"] == []


def test_statistics_by_intervals(call: Call, account: Portal, news: str) -> None:
    """By when it was sent, whenever it was opened (W6.11.13)."""
    call("POST", f"{V3}/{news}/publish")
    account.clock.advance("1d")
    engage(account, news)
    account.marketing_emails.send("Welcome", [account.find("contacts", 1001)])
    for interval, starts in (
        ("DAY", ["2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"]),
        ("HOUR", ["2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"]),
        ("MONTH", ["2026-03-01T00:00:00Z"]),
    ):
        _, body = call("GET", f"{V3}/statistics/histogram", None, f"interval={interval}")
        assert [row["interval"]["start"] for row in body["results"]] == starts
        assert body["results"][0]["aggregations"]["counters"]["open"] == 1
    bad = ("interval=FORTNIGHT", "startTimestamp=soon")
    assert [call("GET", f"{V3}/statistics/histogram", None, query)[0] for query in bad] == [400, 400]


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["include", "exclude", "contactIlsLists", "fromName", "subscriptionId"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
MEMBERS = st.sampled_from(["name", "from", "to", "content", "publishDate", "subscriptionDetails", "state", "archived"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.dictionaries(MEMBERS, JSON))
def test_no_email_breaks_the_server(call: Call, account: Portal, body: dict[str, Any]) -> None:
    """Whatever is sent, no 5xx; what was taken can be read and published (W2.7.9)."""
    welcome = next(iter(account.marketing_emails))
    id = welcome.id
    for method, path in (("POST", V3), ("PATCH", f"{V3}/{id}"), ("PATCH", f"{V3}/{id}/draft")):
        status, made = call(method, path, body)
        assert status < 500
        if status < 300:
            assert call("GET", f"{V3}/{made['id']}", None, "includeStats=true")[0] in (200, 404)
            assert call("POST", f"{V3}/{made['id']}/publish")[0] < 500
        account.marketing_emails.editor.unarchive(welcome)
