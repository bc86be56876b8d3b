"""The other e-mail addresses of contacts."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

PATH = "/contacts/v1/secondary-email/1001"


@pytest.fixture
def account() -> Portal:
    """A portal with two contacts."""
    portal = Portal()
    for name in ("ada", "eve"):
        portal.create("contacts", {"email": f"{name}@acme.example"})
    return portal


def test_an_address_is_added(call: Call) -> None:
    """It is listed, once, and the contact is found by it (W12.9.11)."""
    for _ in range(2):
        status, body = call("PUT", f"{PATH}/email/Ada@Home.example")
    assert (status, body) == (200, {"portalId": 1, "vid": 1001, "secondaryEmails": ["ada@home.example"]})
    assert call("GET", PATH)[1] == body
    assert call("GET", "/contacts/v1/contact/email/ada@home.example/profile")[1]["vid"] == 1001


def test_an_address_is_changed_and_removed(call: Call) -> None:
    """Another takes its place, then none (W12.9.11)."""
    call("PUT", f"{PATH}/email/ada@home.example")
    change = {"targetSecondaryEmail": "ada@home.example", "updatedSecondaryEmail": "ada@new.example"}
    assert call("PATCH", PATH, change)[1]["secondaryEmails"] == ["ada@new.example"]
    assert call("PATCH", PATH, change)[0] == 400
    for _ in range(2):
        assert call("DELETE", f"{PATH}/email/ada@new.example")[1]["secondaryEmails"] == []


@pytest.mark.parametrize(("email", "status"), [("eve@acme.example", 409), ("x", 400)])
def test_an_address_that_cannot_be(call: Call, account: Portal, email: str, status: int) -> None:
    """Another contact's, or none at all (W12.9.11, W12.9.2)."""
    assert call("PUT", f"{PATH}/email/{email}")[0] == status
    assert account.find("contacts", 1001).get("hs_additional_emails") is None


def test_the_primary_address_is_not_among_the_others(call: Call) -> None:
    """Adding it changes nothing (W12.9.11)."""
    assert call("PUT", f"{PATH}/email/ada@acme.example")[1]["secondaryEmails"] == []
    assert call("PUT", "/contacts/v1/secondary-email/77/email/a@b.example")[0] == 404
