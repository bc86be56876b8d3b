"""Companies as version 2 shows and takes them."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

COMPANIES = "/companies/v2/companies"
START = 1_772_442_000_000  # 2026-03-02T09:00:00Z


def rows(**values: Any) -> dict[str, Any]:
    return {"properties": [{"name": name, "value": value} for name, value in values.items()]}


def companies(account: Portal, number: int) -> None:
    for n in range(number):
        account.create("companies", {"name": f"Acme {n}", "domain": "acme.example"})
        account.clock.advance("1h")


def test_a_new_company(call: Call) -> None:
    """200, with each property's value, moment, source and versions (W12.9.5, F6.2)."""
    status, body = call("POST", f"{COMPANIES}/", rows(name="Acme", domain="acme.example"))
    assert (status, body["portalId"], body["companyId"], body["isDeleted"]) == (200, 1, 1001, False)
    origin = {"timestamp": START, "sourceId": "1", "source": "INTEGRATION"}
    version = {"name": "name", "value": "Acme", **origin, "sourceVid": []}
    assert body["properties"]["name"] == {"value": "Acme", **origin, "versions": [version]}
    assert body["properties"]["website"]["value"] == "acme.example"
    assert body["properties"]["hs_lastmodifieddate"]["value"] == str(START)


def test_versions(call: Call) -> None:
    """The present one, or all of them; one that cleared the property has no value (F6.2)."""
    call("POST", COMPANIES, rows(name="Acme", city="Oulu"))
    status, body = call("PUT", f"{COMPANIES}/1001", rows(city=""))
    assert (status, body["properties"]["city"]["value"]) == (200, "")

    def read(query: str) -> Any:
        return call("GET", f"{COMPANIES}/1001", None, query)[1]

    histories = [
        [version.get("value") for version in read(query)["properties"]["city"]["versions"]]
        for query in ("", "includePropertyVersions=true")
    ]
    assert histories == [[None], [None, "Oulu"]]


def test_a_backward_stage_is_kept(call: Call, account: Portal) -> None:
    """200 with the stage that stays (F2.b3)."""
    call("POST", COMPANIES, rows(name="Acme", lifecyclestage="customer"))
    status, body = call("PUT", f"{COMPANIES}/1001", rows(lifecyclestage="lead"))
    assert (status, body["properties"]["lifecyclestage"]["value"]) == (200, "customer")


def test_archiving(call: Call) -> None:
    """200, and that it is done; then there is no such company (W12.9.5)."""
    call("POST", COMPANIES, rows(name="Acme"))
    assert call("DELETE", f"{COMPANIES}/1001") == (200, {"companyId": 1001, "deleted": True})
    status, body = call("GET", f"{COMPANIES}/1001")
    assert (status, body["message"]) == (404, "resource not found")


def test_all_companies(call: Call, account: Portal) -> None:
    """Ascending ids, no properties but those that are asked for; the offset is the last id (W12.9.3)."""
    companies(account, 3)
    _, body = call("GET", f"{COMPANIES}/paged", None, "limit=2&offset=")
    assert [(row["companyId"], row["properties"]) for row in body["companies"]] == [(1001, {}), (1002, {})]
    assert (body["has-more"], body["offset"]) == (True, 1002)
    _, body = call("GET", f"{COMPANIES}/paged", None, "offset=1002&properties=name&propertiesWithHistory=domain,nope")
    assert (len(body["companies"]), body["has-more"]) == (1, False)
    assert list(body["companies"][0]["properties"]) == ["domain", "name"]


@pytest.mark.parametrize(("path", "ids"), [("created", [1003, 1002]), ("modified", [1001, 1003])])
def test_recent_companies(call: Call, account: Portal, path: str, ids: list[int]) -> None:
    """Newest or last modified first, in pages by number, with all properties (W12.9.3)."""
    companies(account, 3)
    account.update(account.find("companies", 1001), {"city": "Oulu"})
    _, body = call("GET", f"{COMPANIES}/recent/{path}", None, "count=2")
    assert [row["companyId"] for row in body["results"]] == ids
    assert (body["hasMore"], body["offset"], body["total"]) == (True, 2, 3)
    assert body["results"][0]["properties"]["domain"]["value"] == "acme.example"


def test_companies_modified_since(call: Call, account: Portal) -> None:
    """From a moment on (W12.9.3)."""
    companies(account, 3)
    _, body = call("GET", f"{COMPANIES}/recent/modified", None, f"since={START + 3_600_000}")
    assert [row["companyId"] for row in body["results"]] == [1003, 1002]


def test_companies_of_a_domain(call: Call, account: Portal) -> None:
    """In pages, with what is asked for (W12.9.5)."""
    companies(account, 3)
    asked = {"limit": 2, "requestOptions": {"properties": ["name"]}, "offset": {"isPrimary": True, "companyId": 1001}}
    _, body = call("POST", "/companies/v2/domains/ACME.example/companies", asked)
    assert [row["properties"]["name"]["value"] for row in body["results"]] == ["Acme 1", "Acme 2"]
    assert (body["hasMore"], body["offset"]) == (False, {"companyId": 1003, "isPrimary": True})
    assert call("POST", "/companies/v2/domains/x.example/companies", {})[1]["results"] == []


def test_a_batch(call: Call, account: Portal) -> None:
    """202; one bad company refuses all of them (W12.9.4)."""
    companies(account, 2)
    good = [{"objectId": id, **rows(city="Oulu")} for id in (1001, 1002)]
    assert call("POST", "/companies/v1/batch-async/update", [*good, {"objectId": 77, **rows(city="x")}])[0] == 404
    assert account.find("companies", 1001).get("city") is None
    assert call("POST", "/companies/v1/batch-async/update", good) == (202, b"")
    assert [account.find("companies", id).get("city") for id in (1001, 1002)] == ["Oulu", "Oulu"]


def test_contacts_of_a_company(call: Call, account: Portal) -> None:
    """They are added, listed whole or by vid, and removed (W12.9.5)."""
    companies(account, 1)
    for name in ("Ada", "Eve"):
        account.create("contacts", {"firstname": name})
    for vid in (1002, 1003):
        assert call("PUT", f"{COMPANIES}/1001/contacts/{vid}", b"null")[1]["companyId"] == 1001
    vids = call("GET", f"{COMPANIES}/1001/vids", None, "count=1")[1]
    assert vids == {"vids": [1002], "vidOffset": 1002, "hasMore": True}
    _, body = call("GET", f"{COMPANIES}/1001/contacts", None, "vidOffset=1002")
    assert [contact["vid"] for contact in body["contacts"]] == [1003]
    assert {"name": "firstname", "value": "Eve", "sourceVid": [1003]} in body["contacts"][0]["properties"]
    for _ in range(2):
        assert call("DELETE", f"{COMPANIES}/1001/contacts/1002") == (204, b"")
    assert call("GET", f"{COMPANIES}/1001/vids")[1]["vids"] == [1003]


def test_the_company_becomes_the_primary_one(call: Call, account: Portal) -> None:
    """A contact belongs to the company that it was added to last (W12.9.5)."""
    companies(account, 2)
    contact = account.create("contacts", {"firstname": "Ada"})
    for id in (1001, 1002):
        call("PUT", f"{COMPANIES}/{id}/contacts/{contact.id}")
    assert contact.get("associatedcompanyid") == "1002"


def test_a_contact_that_does_not_exist(call: Call, account: Portal) -> None:
    """404, and the words say who and where (W12.9.5)."""
    companies(account, 1)
    status, body = call("PUT", f"{COMPANIES}/1001/contacts/77")
    assert (status, body["message"]) == (404, "Couldn't find a Contact with the vid '77' in portal '1'")
