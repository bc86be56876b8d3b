"""CRM records over HTTP: create, read, update, archive, list."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

CONTACTS = "/crm/v3/objects/contacts"
ADA = {"properties": {"email": "ada@acme.example", "firstname": "Ada"}}


def test_a_creation_returns_all_that_is_set(call: Call) -> None:
    """201, with the stage, its date and what the portal worked out (F1.27, F6.12, W2.3, W2.4.1, W2.5)."""
    status, body = call("POST", CONTACTS, ADA)
    assert status == 201
    properties = body["properties"]
    assert properties["lifecyclestage"] == "lead"
    assert properties["hs_pipeline"] == "contacts-lifecycle-pipeline"
    assert properties["hs_lifecyclestage_lead_date"] == properties["createdate"] == body["createdAt"]
    assert properties["hs_all_contact_vids"] == body["id"] == properties["hs_object_id"]
    assert properties["hs_object_source"] == "INTEGRATION"
    assert properties["num_notes"] == "0"


def test_a_record_in_json(call: Call) -> None:
    """Members in HubSpot's order, properties in the alphabet's, values strings or null (W2.2, W2.1)."""
    call("POST", CONTACTS, ADA)
    _, body = call("GET", f"{CONTACTS}/1001")
    assert list(body) == ["id", "properties", "createdAt", "updatedAt", "archived", "url"]
    assert body["properties"] == {
        "createdate": "2026-03-02T09:00:00Z",
        "email": "ada@acme.example",
        "firstname": "Ada",
        "hs_object_id": "1001",
        "lastmodifieddate": "2026-03-02T09:00:00Z",
        "lastname": None,
    }
    assert list(body["properties"]) == sorted(body["properties"])
    assert body["url"] == "https://app.hubspot.com/contacts/1/record/0-1/1001"


@pytest.mark.parametrize("query", ["properties=phone,nope&properties=email", "properties=phone%2Cnope%2Cemail"])
def test_a_read_returns_what_was_asked_for(call: Call, query: str) -> None:
    """Comma-joined or repeated; unset is null, unknown is left out, three are always there (W2.3)."""
    call("POST", CONTACTS, ADA)
    _, body = call("GET", f"{CONTACTS}/1001", None, query)
    assert set(body["properties"]) == {"phone", "email", "createdate", "hs_object_id", "lastmodifieddate"}
    assert body["properties"]["phone"] is None


def test_an_update_returns_what_changed(call: Call, account: Portal) -> None:
    """What was sent and what follows from it, not the whole record (W2.3)."""
    call("POST", CONTACTS, ADA)
    account.clock.advance("1h")
    status, body = call("PATCH", f"{CONTACTS}/1001", {"properties": {"lastname": "L"}})
    assert status == 200
    assert body["properties"]["lastname"] == "L"
    assert body["properties"]["hs_full_name_or_email"] == "Ada L"
    assert body["properties"]["lifecyclestage"] == "lead"
    assert "email" not in body["properties"]
    assert body["updatedAt"] == "2026-03-02T10:00:00Z"


def test_a_backward_stage_is_kept(call: Call, account: Portal) -> None:
    """200 with the kept value; updatedAt moves, and there is no new version (F2.b3, F6.3)."""
    call("POST", CONTACTS, {"properties": {**ADA["properties"], "lifecyclestage": "customer"}})
    status, body = call("PATCH", f"{CONTACTS}/1001", {"properties": {"lifecyclestage": "lead"}})
    assert (status, body["properties"]["lifecyclestage"]) == (200, "customer")
    assert body["updatedAt"] != body["createdAt"]
    _, read = call("GET", f"{CONTACTS}/1001", None, "propertiesWithHistory=lifecyclestage")
    assert [version["value"] for version in read["propertiesWithHistory"]["lifecyclestage"]] == ["customer"]


def test_clear_then_set_goes_back(call: Call) -> None:
    """Two requests, and three versions, newest first (F2.5, F2.6, F2.8, F6.1)."""
    call("POST", CONTACTS, {"properties": {**ADA["properties"], "lifecyclestage": "customer"}})
    for stage in ("", "lead"):
        status, body = call("PATCH", f"{CONTACTS}/1001", {"properties": {"lifecyclestage": stage}})
        assert (status, body["properties"]["lifecyclestage"]) == (200, stage)
    _, read = call("GET", f"{CONTACTS}/1001", None, "propertiesWithHistory=lifecyclestage")
    versions = read["propertiesWithHistory"]["lifecyclestage"]
    assert [version["value"] for version in versions] == ["lead", "", "customer"]
    assert set(versions[0]) == {"value", "timestamp", "sourceType", "sourceId", "sourceLabel"}


def test_null_changes_nothing_and_no_properties_is_an_error(call: Call) -> None:
    """Null leaves a value alone; an empty update is refused (F2.5, F2.9)."""
    call("POST", CONTACTS, ADA)
    status, body = call("PATCH", f"{CONTACTS}/1001", {"properties": {"lifecyclestage": None}})
    assert (status, body["properties"]["lifecyclestage"]) == (200, "lead")
    status, body = call("PATCH", f"{CONTACTS}/1001", {"properties": {}})
    assert (status, body["message"]) == (400, "No properties found to update, please provide at least one.")


def test_version_one_answers_204(call: Call, account: Portal) -> None:
    """The old contacts API keeps a later stage too, and says nothing (F2.b2)."""
    call("POST", CONTACTS, {"properties": {**ADA["properties"], "lifecyclestage": "customer"}})
    rows = {"properties": [{"property": "lifecyclestage", "value": "lead"}]}
    assert call("POST", "/contacts/v1/contact/vid/1001/profile", rows) == (204, b"")
    assert account.find("contacts", 1001).stage == "customer"


def test_a_record_by_its_address(call: Call) -> None:
    """idProperty=email finds a contact in any case, also for an update (W2.4.3)."""
    call("POST", CONTACTS, ADA)
    assert call("GET", f"{CONTACTS}/ADA%40acme.example", None, "idProperty=email")[1]["id"] == "1001"
    update = {"properties": {"phone": "1"}}
    assert call("PATCH", f"{CONTACTS}/ada@acme.example", update, "idProperty=email")[0] == 200
    assert call("GET", f"{CONTACTS}/eve@acme.example", None, "idProperty=email")[0] == 404


def test_archiving(call: Call) -> None:
    """204 again and again; then only archived=true finds the record (W2.4.1, W2.4.4)."""
    call("POST", CONTACTS, ADA)
    for id in ("1001", "1001", "77", "abc"):
        assert call("DELETE", f"{CONTACTS}/{id}") == (204, b"")
    assert call("GET", f"{CONTACTS}/1001")[0] == 404
    _, body = call("GET", f"{CONTACTS}/1001", None, "archived=true")
    assert (body["archived"], body["archivedAt"]) == (True, "2026-03-02T09:00:00Z")
    assert [len(call("GET", CONTACTS, None, q)[1]["results"]) for q in ("", "archived=True")] == [0, 1]


def test_a_list_pages_by_id(call: Call) -> None:
    """`after` is the next id, the link repeats the query, and the last page has no paging (W2.4.2)."""
    for number in range(3):
        call("POST", CONTACTS, {"properties": {"firstname": f"N{number}"}})
    _, body = call("GET", CONTACTS, None, "limit=2&properties=firstname")
    assert [row["id"] for row in body["results"]] == ["1001", "1002"]
    link = "https://api.hubapi.com/crm/v3/objects/contacts?limit=2&properties=firstname&after=1003"
    assert body["paging"] == {"next": {"after": "1003", "link": link}}
    _, rest = call("GET", CONTACTS, None, "limit=2&after=1003")
    assert ([row["id"] for row in rest["results"]], "paging" in rest) == (["1003"], False)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=-1", "after=x"])
def test_a_page_that_cannot_be(call: Call, query: str) -> None:
    """Limits outside 1 to 100, and places that no page gave out, are refused (W2.4.2)."""
    assert call("GET", CONTACTS, None, query)[0] == 400


def test_inline_associations(call: Call) -> None:
    """A new record comes with its links, in its own direction (W2.7.12, W2.3)."""
    call("POST", CONTACTS, ADA)
    link = {"to": {"id": "1001"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]}
    status, deal = call("POST", "/crm/v3/objects/deals", {"properties": {"dealname": "D"}, "associations": [link]})
    assert (status, deal["createdAt"]) == (201, deal["updatedAt"])
    _, body = call("GET", f"{CONTACTS}/1001", None, "associations=deals,companies")
    assert body["associations"] == {"deals": {"results": [{"id": deal["id"], "type": "contact_to_deal"}]}}


def test_inline_associations_with_companies(call: Call, account: Portal) -> None:
    """The primary company comes with both types, another one unlabelled only (W2.3)."""
    ada = account.create("contacts", {"firstname": "Ada"})
    for name in ("Acme", "Globex"):
        account.associate(ada, account.create("companies", {"name": name}))
    _, body = call("GET", f"{CONTACTS}/1001", None, "associations=companies")
    assert body["associations"]["companies"]["results"] == [
        {"id": "1002", "type": "contact_to_company"},
        {"id": "1002", "type": "contact_to_company_unlabeled"},
        {"id": "1003", "type": "contact_to_company_unlabeled"},
    ]


@pytest.mark.parametrize(
    ("to", "type_id", "context"),
    [
        ("77", 3, "INVALID_OBJECT_IDS"),
        ("1001", 9999, "INVALID_ASSOCIATION_TYPE_ID"),
        ("1001", 4, "fromObjectType"),
    ],
)
def test_a_bad_inline_association_refuses_the_creation(
    call: Call, account: Portal, to: str, type_id: int, context: str
) -> None:
    """An unknown record, an unknown type, the wrong direction: 400, and no deal (W2.7.12, W3.10)."""
    call("POST", CONTACTS, ADA)
    link = {"to": {"id": to}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]}
    status, body = call("POST", "/crm/v3/objects/deals", {"properties": {"dealname": "D"}, "associations": [link]})
    assert (status, context in body["context"]) == (400, True)
    assert not account.records[account.type("deals")]


def test_the_trace_id_is_echoed(call: Call) -> None:
    """A caller's own id comes back with the record (F6.4)."""
    assert call("POST", CONTACTS, {**ADA, "objectWriteTraceId": "t1"})[1]["objectWriteTraceId"] == "t1"


def test_history_of_a_calculated_property(call: Call) -> None:
    """It has its present value, as calculated (F6.5)."""
    call("POST", CONTACTS, ADA)
    _, body = call("GET", f"{CONTACTS}/1001", None, "propertiesWithHistory=hs_email_domain")
    (version,) = body["propertiesWithHistory"]["hs_email_domain"]
    assert (version["value"], version["sourceType"]) == ("acme.example", "CALCULATED")


def test_merging_over_http(call: Call) -> None:
    """200 with the new record; the old ids answer with it (W2.4.7)."""
    for name in ("ada", "old"):
        call("POST", CONTACTS, {"properties": {"email": f"{name}@acme.example"}})
    status, body = call("POST", f"{CONTACTS}/merge", {"primaryObjectId": "1001", "objectIdToMerge": "1002"})
    assert (status, body["id"], body["properties"]["hs_merged_object_ids"]) == (200, "1003", "1001;1002")
    assert [call("GET", f"{CONTACTS}/{id}")[1]["id"] for id in (1001, 1002, 1003)] == ["1003"] * 3
    assert call("GET", f"{CONTACTS}/old@acme.example", None, "idProperty=email")[1]["id"] == "1003"
    bodies: list[Any] = [
        {"primaryObjectId": "1003"},
        {"primaryObjectId": "1001", "objectIdToMerge": "1003"},
        {"primaryObjectId": "1003", "objectIdToMerge": "77"},
    ]
    assert [call("POST", f"{CONTACTS}/merge", body)[0] for body in bodies] == [400, 400, 404]


@pytest.mark.parametrize(
    "body", [{"objectId": "1001"}, {"objectId": "ada@acme.example", "idProperty": "email"}, {"objectId": "77"}]
)
def test_a_gdpr_deletion(call: Call, body: dict[str, str]) -> None:
    """204 by id and by address, known or not; the record is nowhere (W2.4.8)."""
    call("POST", CONTACTS, ADA)
    assert call("POST", f"{CONTACTS}/gdpr-delete", body) == (204, b"")
    gone = body["objectId"] != "77"
    assert call("GET", f"{CONTACTS}/1001")[0] == (404 if gone else 200)
    assert call("GET", f"{CONTACTS}/1001", None, "archived=true")[0] == 404
    assert call("POST", "/crm/v3/objects/companies/gdpr-delete", body)[0] == 404
