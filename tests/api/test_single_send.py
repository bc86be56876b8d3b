"""Single sends over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal

Call = Callable[..., tuple[int, Any]]

V3, DATED = "/marketing/v3/transactional/single-email/send", "/marketing/transactional/2026-09/single-email/send"
V4 = "/marketing/v4/email/single-send"
STATUS = "/marketing/v3/email/send-statuses"
ADA = "ada@acme.example"


@pytest.fixture
def account() -> Portal:
    """A portal with one e-mail of each kind."""
    kinds = ("regular", "automated", "single_send", "transactional")
    return Portal(Configuration.model_validate({"marketing_emails": [{"name": kind, "kind": kind} for kind in kinds]}))


@pytest.fixture
def request_for(account: Portal) -> Callable[..., dict[str, Any]]:
    """`request_for("transactional", to)` → the body that asks for it."""

    def request_for(kind: str, to: str = ADA, **members: Any) -> dict[str, Any]:
        return {"emailId": account.marketing_emails.find(kind).id, "message": {"to": to}, **members}

    return request_for


Asked = Callable[..., dict[str, Any]]


def result(call: Call, path: str, body: dict[str, Any]) -> str:
    """What came of a single send."""
    status = call("GET", f"{STATUS}/{call('POST', path, body)[1]['statusId']}")[1]
    return str(status["sendResult"])


def test_a_single_send(call: Call, account: Portal, request_for: Asked) -> None:
    """Pending at first; an unknown address makes a contact with the properties (W6.11.10)."""
    body = request_for("transactional", contactProperties={"firstname": "Ada"})
    status, answered = call("POST", V3, body)
    assert (status, answered["status"]) == (200, "PENDING")
    _, found = call("GET", f"{STATUS}/{answered['statusId']}")
    assert (found["status"], found["sendResult"]) == ("COMPLETE", "SENT")
    (contact,) = account.records[account.type("contacts")]
    assert (contact.get("email"), contact.get("firstname")) == (ADA, "Ada")
    account.clock.advance("1m")
    assert contact.get("hs_email_delivered") == "1"
    assert call("GET", f"/email/public/v1/events/1772442000000/{found['eventId']['id']}")[1]["type"] == "SENT"


def test_properties_as_older_clients_write_them(call: Call, account: Portal, request_for: Asked) -> None:
    """A list of names and values (W6.11.10)."""
    call("POST", DATED, request_for("transactional", contactProperties=[{"name": "firstname", "value": "Ada"}]))
    (contact,) = account.records[account.type("contacts")]
    assert contact.get("firstname") == "Ada"


def test_who_unsubscribed_gets_transactional_email(call: Call, account: Portal, request_for: Asked) -> None:
    """But no marketing (W6.11.10, W6.11.4)."""
    account.preferences.opt_out(ADA, source=account.app)
    assert result(call, V4, request_for("single_send")) == "PREVIOUSLY_UNSUBSCRIBED_PORTAL"
    assert result(call, V4, request_for("transactional")) == "SENT"


def test_one_send_id_is_sent_once(call: Call, account: Portal, request_for: Asked) -> None:
    """The second one is ignored (W6.11.10)."""
    body = {**request_for("single_send"), "message": {"to": ADA, "sendId": "order-7"}}
    assert [result(call, V4, body) for _ in range(2)] == ["SENT", "IDEMPOTENT_IGNORE"]
    (contact,) = account.records[account.type("contacts")]
    assert contact.get("hs_email_sends_since_last_engagement") == "1"


def test_what_can_not_be_sent(call: Call, account: Portal, request_for: Asked) -> None:
    """Other kinds, drafts, no address, unknown properties: 400, and no contact is made (W6.11.10)."""
    account.marketing_emails.unpublish("single_send")
    for path, body in (
        *((V3, request_for(kind)) for kind in ("regular", "automated", "single_send")),
        *((V4, body) for body in (request_for("single_send"), request_for("transactional", "nobody"))),
        *((V4, body) for body in ({}, {"emailId": 1, "message": {"to": ADA}}, {"emailId": 1, "message": {}})),
        (V4, request_for("transactional", contactProperties={"nope": "1"})),
        (V4, request_for("transactional", contactProperties="x")),
    ):
        assert call("POST", path, body)[0] == 400
    assert call("GET", f"{STATUS}/x")[0] == 404
    assert list(account.records[account.type("contacts")]) == []
