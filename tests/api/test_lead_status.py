"""Lead status: a property with options of the account's own, and no rule about them."""

from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., tuple[int, Any]]

PROPERTY = "/crm/v3/properties/{}/hs_lead_status"
CONTACTS = "/crm/v3/objects/contacts"


@pytest.mark.parametrize("type", ["contacts", "companies"])
def test_lead_status_has_eight_options(call: Call, type: str) -> None:
    """From New to Bad Timing, as a radio button, on contacts and companies (F5.1)."""
    _, body = call("GET", PROPERTY.format(type))
    assert (body["type"], body["fieldType"]) == ("enumeration", "radio")
    assert [option["value"] for option in body["options"]] == [
        "NEW",
        "OPEN",
        "IN_PROGRESS",
        "OPEN_DEAL",
        "UNQUALIFIED",
        "ATTEMPTED_TO_CONTACT",
        "CONNECTED",
        "BAD_TIMING",
    ]


def test_an_account_has_its_own_options(call: Call) -> None:
    """PATCH with all options; records keep what they have, the definition stays HubSpot's (F5.1, F5.3)."""
    _, made = call("POST", CONTACTS, {"properties": {"email": "ada@acme.example", "hs_lead_status": "OPEN"}})
    words = enumerate(("New", "Trial"))
    options = [{"label": word, "value": word.upper(), "displayOrder": place} for place, word in words]
    assert call("PATCH", PROPERTY.format("contacts"), {"options": options})[0] == 200
    path = f"{CONTACTS}/{made['id']}"
    assert call("GET", path, query="properties=hs_lead_status")[1]["properties"]["hs_lead_status"] == "OPEN"
    assert call("PATCH", path, {"properties": {"hs_lead_status": "TRIAL"}})[0] == 200
    assert call("PATCH", path, {"properties": {"hs_lead_status": "OPEN"}})[0] == 400
    assert call("PATCH", PROPERTY.format("contacts"), {"label": "Our status"})[0] == 400


def test_lead_status_goes_any_way(call: Call) -> None:
    """No default, forward and back within the same lifecycle stage, which it never moves (F5.2)."""
    values = {"email": "ada@acme.example", "lifecyclestage": "salesqualifiedlead"}
    _, made = call("POST", CONTACTS, {"properties": values})
    path, query = f"{CONTACTS}/{made['id']}", "properties=hs_lead_status,lifecyclestage"
    assert call("GET", path, query=query)[1]["properties"]["hs_lead_status"] is None
    for status in ("CONNECTED", "NEW", "BAD_TIMING", "ATTEMPTED_TO_CONTACT"):
        call("PATCH", path, {"properties": {"hs_lead_status": status}})
        found = call("GET", path, query=query)[1]["properties"]
        assert (found["hs_lead_status"], found["lifecyclestage"]) == (status, "salesqualifiedlead")
