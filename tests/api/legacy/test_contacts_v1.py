"""Contacts as version 1 shows and takes them."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.api import Api, Request
from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

CONTACT = "/contacts/v1/contact"
START = 1_772_442_000_000  # 2026-03-02T09:00:00Z


def rows(**values: Any) -> dict[str, Any]:
    return {"properties": [{"property": name, "value": value} for name, value in values.items()]}


ADA = rows(email="Ada@acme.example", firstname="Ada")


def test_a_new_contact(call: Call) -> None:
    """200, with the whole profile; ids are numbers and moments milliseconds (W12.9.1, F6.2)."""
    status, body = call("POST", CONTACT, ADA)
    assert (status, body["vid"], body["canonical-vid"], body["merged-vids"]) == (200, 1001, 1001, [])
    assert (body["portal-id"], body["is-contact"]) == (1, True)
    assert body["profile-url"] == "https://app.hubspot.com/contacts/1/contact/1001"
    email = {"source-type": "INTEGRATION", "source-id": "1", "source-label": "INTEGRATION"}
    version = {"value": "ada@acme.example", **email, "timestamp": START, "selected": False}
    assert body["properties"]["email"] == {"value": "ada@acme.example", "versions": [version]}
    assert body["properties"]["createdate"]["value"] == str(START)


def test_identities(call: Call) -> None:
    """A profile names the addresses and an id of its own (W12.9.1)."""
    (profile,) = call("POST", CONTACT, ADA)[1]["identity-profiles"]
    email, guid = profile["identities"]
    assert email == {"type": "EMAIL", "value": "ada@acme.example", "timestamp": START, "is-primary": True}
    assert (guid["type"], len(guid["value"])) == ("LEAD_GUID", 36)


def test_a_contact_that_exists(call: Call) -> None:
    """409, and the answer says which it is (W12.9.2)."""
    call("POST", CONTACT, ADA)
    status, body = call("POST", CONTACT, rows(email="ADA@acme.example"))
    assert (status, body["message"], body["error"]) == (409, "Contact already exists", "CONTACT_EXISTS")
    assert (body["identityProfile"]["vid"], body["identityProfile"]["isContact"]) == (1001, True)
    assert body["identityProfile"]["identity"][0]["isPrimary"]
    assert "category" not in body


@pytest.mark.parametrize(
    ("sent", "name", "error"),
    [
        (rows(email="a@b.example", nope=1), "nope", "PROPERTY_DOESNT_EXIST"),
        (rows(email="ada"), "email", "INVALID_EMAIL"),
        (rows(email="a@b.example", lifecyclestage="nonsense"), "lifecyclestage", "INVALID_OPTION"),
    ],
)
def test_values_that_cannot_be(call: Call, account: Portal, sent: Any, name: str, error: str) -> None:
    """400 with the problems as JSON, and nothing is created (W12.9.2)."""
    status, body = call("POST", CONTACT, sent)
    assert (status, body["status"], body["message"]) == (400, "error", "Property values were not valid")
    (result,) = body["validationResults"]
    assert (result["isValid"], result["name"], result["error"]) == (False, name, error)
    assert body["requestId"] == body["correlationId"].replace("-", "")
    assert not account.records[account.type("contacts")]


def test_what_a_new_contact_needs(call: Call) -> None:
    """The same as in version 3 (W12.9.15)."""
    assert call("POST", CONTACT, rows(phone="1"))[0] == 400


def test_create_or_update(call: Call) -> None:
    """200, the vid, and whether the contact is new; the address in any case (W12.9.16)."""
    path = f"{CONTACT}/createOrUpdate/email"
    assert call("POST", f"{path}/ada%40acme.example/", rows(firstname="Ada")) == (200, {"vid": 1001, "isNew": True})
    assert call("POST", f"{path}/ADA@acme.example", rows(firstname="A")) == (200, {"vid": 1001, "isNew": False})
    assert call("GET", f"{CONTACT}/vid/1001/profile")[1]["properties"]["firstname"]["value"] == "A"


def test_a_bad_address_is_not_created(call: Call, account: Portal) -> None:
    """The address of the path is checked as any other (W12.9.16, W12.9.2)."""
    status, body = call("POST", f"{CONTACT}/createOrUpdate/email/ada", rows(firstname="A"))
    assert (status, body["validationResults"][0]["error"]) == (400, "INVALID_EMAIL")
    assert not account.records[account.type("contacts")]


@pytest.mark.parametrize("path", ["vid/1001", "email/ADA@acme.example"])
def test_a_profile_has_the_versions(call: Call, account: Portal, path: str) -> None:
    """By vid or by address: all versions, newest first, and a cleared one is empty (F6.2, W12.9.1)."""
    call("POST", CONTACT, ADA)
    account.clock.advance("1h")
    assert call("POST", f"{CONTACT}/{path}/profile", rows(firstname="")) == (204, b"")
    _, body = call("GET", f"{CONTACT}/{path}/profile", None, "property=firstname")
    assert list(body["properties"]) == ["firstname"]
    versions = body["properties"]["firstname"]["versions"]
    assert [(version["value"], version["timestamp"] - START) for version in versions] == [("", 3_600_000), ("Ada", 0)]


def test_values_only(call: Call) -> None:
    """propertyMode=value_only leaves the versions out (W12.9.1)."""
    call("POST", CONTACT, ADA)
    _, body = call("GET", f"{CONTACT}/vid/1001/profile", None, "propertyMode=value_only&property=firstname,phone")
    assert body["properties"] == {"firstname": {"value": "Ada"}}
    assert call("GET", f"{CONTACT}/vid/1001/profile", None, "propertyMode=x")[0] == 400


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("GET", "vid/77/profile", "contact does not exist"),
        ("GET", "vid/x/profile", "contact does not exist"),
        ("GET", f"vid/{'9' * 5000}/profile", "contact does not exist"),
        ("GET", "email/eve@acme.example/profile", "contact does not exist"),
        ("POST", "vid/77/profile", "resource not found"),
        ("DELETE", "vid/77", "contact does not exist"),
    ],
)
def test_no_such_contact(call: Call, method: str, path: str, message: str) -> None:
    """404, in two wordings (W12.9.2)."""
    status, body = call(method, f"{CONTACT}/{path}", rows(phone="1"))
    assert (status, body["message"]) == (404, message)


def test_a_backward_stage_is_kept(call: Call, account: Portal) -> None:
    """Answered as success; the later stage stays (F2.b2)."""
    call("POST", CONTACT, rows(email="ada@acme.example", lifecyclestage="customer"))
    backward = rows(lifecyclestage="lead")
    assert call("POST", f"{CONTACT}/vid/1001/profile", backward) == (204, b"")
    assert call("POST", f"{CONTACT}/createOrUpdate/email/ada@acme.example", backward)[0] == 200
    assert call("POST", f"{CONTACT}/batch", [{"vid": 1001, **backward}]) == (202, b"")
    assert account.find("contacts", 1001).stage == "customer"


def test_archiving(call: Call) -> None:
    """200, and that it is done; then there is no such contact (W12.9.16)."""
    call("POST", CONTACT, ADA)
    assert call("DELETE", f"{CONTACT}/vid/1001") == (200, {"vid": 1001, "deleted": True, "reason": "OK"})
    assert call("GET", f"{CONTACT}/vid/1001/profile")[0] == 404


def test_a_batch(call: Call, account: Portal) -> None:
    """202 without a body: by vid, by a known address, by a new one (W12.9.4)."""
    call("POST", CONTACT, ADA)
    batch = [{"vid": 1001, **rows(phone="1")}, {"email": "ADA@acme.example", **rows(city="Oulu")}]
    assert call("POST", f"{CONTACT}/batch/", [*batch, {"email": "eve@acme.example", **rows(city="Oulu")}]) == (202, b"")
    ada, eve = account.records[account.type("contacts")]
    assert (ada.get("phone"), ada.get("city"), eve.get("city")) == ("1", "Oulu", "Oulu")


def test_one_bad_contact_refuses_a_batch(call: Call, account: Portal) -> None:
    """400, with the place and the reason of each failure; nothing is applied (W12.9.4)."""
    good = {"email": "a@b.example", **rows(city="Oulu")}
    bad = [{"email": "x", **rows()}, {"vid": 77, **rows(phone="1")}, {"email": "c@b.example", **rows(nope="1")}, rows()]
    status, body = call("POST", f"{CONTACT}/batch", [good, *bad, good])
    assert (status, body["message"]) == (400, "Errors found processing batch update")
    assert [failure["index"] for failure in body["failureMessages"]] == [1, 2, 3, 4, 5]
    assert body["failureMessages"][0]["propertyValidationResult"]["error"] == "INVALID_EMAIL"
    assert not account.records[account.type("contacts")]


def test_a_batch_that_is_too_long(call: Call) -> None:
    """1,000 contacts at most (W12.9.4)."""
    assert call("POST", f"{CONTACT}/batch", [{"email": "a@b.example", **rows()}] * 1001)[0] == 400


def test_reading_some(call: Call) -> None:
    """Those that exist, each under its vid (W12.9.16)."""
    call("POST", CONTACT, ADA)
    by_vid = call("GET", f"{CONTACT}/vids/batch", None, "vid=1001&vid=77&property=email")[1]
    by_email = call("GET", f"{CONTACT}/emails/batch", None, "email=ada@acme.example&email=x&property=email")[1]
    assert by_vid == by_email
    assert list(by_vid) == ["1001"]


def test_merging(call: Call, account: Portal) -> None:
    """The word SUCCESS; both vids lead to the merged contact, which knows them (W12.9.17, W12.9.1)."""
    call("POST", CONTACT, ADA)
    call("POST", CONTACT, rows(email="eve@acme.example"))
    headers = {"authorization": "Bearer x"}
    request = Request("POST", f"{CONTACT}/merge-vids/1001/", headers=headers, body=b'{"vidToMerge": 1002}')
    assert Api(account).handle(request).body == b"SUCCESS"
    first, second = (call("GET", f"{CONTACT}/vid/{vid}/profile")[1] for vid in (1001, 1002))
    assert first == second
    assert (first["vid"], first["merged-vids"]) == (1003, [1001, 1002])


@pytest.mark.parametrize("vid", [77, 1001])
def test_a_merge_that_cannot_be(call: Call, vid: int) -> None:
    """With nobody, or with itself (W12.9.17)."""
    call("POST", CONTACT, ADA)
    assert call("POST", f"{CONTACT}/merge-vids/1001", {"vidToMerge": vid})[0] == 400


def test_the_company_comes_along(call: Call, account: Portal) -> None:
    """A profile shows the contact's primary company (W12.9.1)."""
    call("POST", CONTACT, ADA)
    company = account.create("companies", {"name": "Acme"}, links=[(account.find("contacts", 1001), ())])
    _, body = call("GET", f"{CONTACT}/vid/1001/profile")
    assert body["associated-company"]["company-id"] == company.id
    assert body["associated-company"]["properties"]["name"] == {"value": "Acme"}
