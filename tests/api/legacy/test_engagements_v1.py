"""Notes, calls, e-mails, tasks and meetings as engagements."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

ENGAGEMENTS = "/engagements/v1/engagements"
START = 1_772_442_000_000  # 2026-03-02T09:00:00Z


@pytest.fixture
def account() -> Portal:
    """A portal with a contact and a company."""
    portal = Portal()
    portal.create("contacts", {"firstname": "Ada"})
    portal.create("companies", {"name": "Acme"})
    return portal


def note(text: str, **associations: Any) -> dict[str, Any]:
    return {"engagement": {"type": "NOTE"}, "associations": associations, "metadata": {"body": text}}


def test_a_note(call: Call) -> None:
    """200, with its associations and metadata; nulls among ids are left out (W12.9.9)."""
    status, body = call("POST", ENGAGEMENTS, note("Hello", contactIds=[1001, None]))
    assert status == 200
    about = {"id": 1003, "portalId": 1, "active": True, "createdAt": START, "lastUpdated": START}
    assert body["engagement"] == {**about, "type": "NOTE", "timestamp": START}
    assert (body["associations"]["contactIds"], body["associations"]["dealIds"]) == ([1001], [])
    assert body["metadata"] == {"body": "Hello"}
    assert call("GET", f"{ENGAGEMENTS}/1003") == (200, body)


@pytest.mark.parametrize(
    ("type", "metadata"),
    [
        ("CALL", {"toNumber": "5", "status": "COMPLETED", "durationMilliseconds": 38000, "body": "b"}),
        ("TASK", {"subject": "s", "status": "NOT_STARTED"}),
        ("MEETING", {"title": "t", "startTime": START, "endTime": START + 1_800_000}),
        ("EMAIL", {"subject": "s", "html": "h", "from": {"email": "a@b.example"}, "to": [{"email": "c@d.example"}]}),
    ],
)
def test_metadata(call: Call, account: Portal, type: str, metadata: dict[str, Any]) -> None:
    """What each type holds comes back as it was sent: numbers, moments, people (W12.9.9)."""
    owner = next(iter(account.users)).id
    about = {"type": type, "timestamp": START + 5, "ownerId": owner}
    _, body = call("POST", ENGAGEMENTS, {"engagement": about, "metadata": metadata})
    assert body["metadata"] == metadata
    assert {name: body["engagement"][name] for name in about} == about


@pytest.mark.parametrize(
    "about", [{"type": "BUTTERFLY"}, {}, {"type": "NOTE", "ownerId": 5}, {"type": "CALL", "timestamp": "x"}]
)
def test_an_engagement_that_cannot_be(call: Call, account: Portal, about: dict[str, Any]) -> None:
    """Unknown types, owners and moments are refused (W12.9.9, W12.9.2)."""
    assert call("POST", ENGAGEMENTS, {"engagement": about})[0] == 400
    assert not account.records[account.type("notes")]


def test_an_update(call: Call) -> None:
    """What is sent changes, the rest stays (W12.9.9)."""
    call("POST", ENGAGEMENTS, {"engagement": {"type": "TASK"}, "metadata": {"subject": "s", "body": "b"}})
    _, body = call("PATCH", f"{ENGAGEMENTS}/1003", {"metadata": {"subject": "t"}, "engagement": {"timestamp": START}})
    assert body["metadata"]["subject"] == "t"
    assert body["metadata"]["body"] == "b"


def test_archiving(call: Call) -> None:
    """204, then 404 (W12.9.9)."""
    call("POST", ENGAGEMENTS, note("Hello"))
    assert call("DELETE", f"{ENGAGEMENTS}/1003") == (204, b"")
    assert call("GET", f"{ENGAGEMENTS}/1003")[0] == 404


def test_all_engagements(call: Call) -> None:
    """All types by ascending id, and last modified first (W12.9.3, W12.9.9)."""
    for type in ("TASK", "NOTE", "CALL"):
        call("POST", ENGAGEMENTS, {"engagement": {"type": type}, "metadata": {"body": "b"}})
    call("PATCH", f"{ENGAGEMENTS}/1003", {"metadata": {"body": "c"}})
    _, body = call("GET", f"{ENGAGEMENTS}/paged", None, "limit=2")
    assert [row["engagement"]["id"] for row in body["results"]] == [1003, 1004]
    assert (body["hasMore"], body["offset"]) == (True, 1004)
    _, body = call("GET", f"{ENGAGEMENTS}/recent/modified")
    assert ([row["engagement"]["id"] for row in body["results"]], body["total"]) == ([1003, 1005, 1004], 3)


def test_engagements_of_a_record(call: Call) -> None:
    """Those of one contact or company; links are made and taken away later too (W12.9.9)."""
    call("POST", ENGAGEMENTS, note("Hello", contactIds=[1001]))
    call("POST", ENGAGEMENTS, note("Alone"))
    of_contact = f"{ENGAGEMENTS}/associated/CONTACT/1001/paged"
    assert [row["engagement"]["id"] for row in call("GET", of_contact)[1]["results"]] == [1003]
    assert call("PUT", f"{ENGAGEMENTS}/1004/associations/contact/1001") == (204, b"")
    assert call("DELETE", f"{ENGAGEMENTS}/1003/associations/contact/1001") == (204, b"")
    assert [row["engagement"]["id"] for row in call("GET", of_contact)[1]["results"]] == [1004]
