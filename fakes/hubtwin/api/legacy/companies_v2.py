"""Companies, version 2: by id, by domain, in pages, and the contacts of each (W12.9.5)."""

from typing import Any

from hubtwin.api.bodies import read_list
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.api.legacy.pages import Page, created, modified, offset, page_by_id, page_by_moment, size
from hubtwin.api.legacy.profiles import identities
from hubtwin.api.legacy.records import find, look, part, updates, values
from hubtwin.api.legacy.rendering import ever_set, properties_json, value_json
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record

PAGE, MAX_PAGE, MAX_RECENT = 100, 250, 100


def create(call: Call) -> Response:
    """POST /companies: 200, the new company."""
    company = call.portal.create(COMPANIES, values(call.body, "name"), source=call.source)
    return answer(company_json(call.portal, company))


def read(call: Call) -> Response:
    """GET /companies/{companyId}: 200; all versions with `includePropertyVersions` (F6.2)."""
    company = find(call, COMPANIES, call.path["companyId"])
    whole = ever_set(call.portal, company) if call.flag("includePropertyVersions") else ()
    return answer(company_json(call.portal, company, properties_json(call.portal, company, None, whole)))


def update(call: Call) -> Response:
    """PUT /companies/{companyId}: 200, the whole company, also where a stage was kept (F2.b3)."""
    company = find(call, COMPANIES, call.path["companyId"])
    call.portal.update(company, values(call.body, "name"), source=call.source)
    return answer(company_json(call.portal, company))


def batch_update(call: Call) -> Response:
    """POST /batch-async/update: 202 without a body; one bad company refuses all of them (W12.9.4)."""
    for change in updates(call, COMPANIES, read_list(call.request.body)):
        call.portal.writes.apply(change)
    return Response(202, (), b"")


def archive(call: Call) -> Response:
    """DELETE /companies/{companyId}: 200, and that it is done."""
    company = find(call, COMPANIES, call.path["companyId"])
    call.portal.archive(company, source=call.source)
    return answer({"companyId": company.id, "deleted": True})


def list_(call: Call) -> Response:
    """GET /companies/paged: ascending ids, with the properties that are asked for and no others (W12.9.3)."""
    page = page_by_id(call.portal.records[COMPANIES], offset(call), size(call, "limit", PAGE, MAX_PAGE))
    names, with_history = call.names("properties"), call.names("propertiesWithHistory")
    companies = [
        company_json(call.portal, company, properties_json(call.portal, company, names, with_history))
        for company in page.records
    ]
    return answer({"companies": companies, "has-more": page.more, "offset": page.offset})


def recently_created(call: Call) -> Response:
    """GET /companies/recent/created: newest first, in pages by number (W12.9.3)."""
    count = size(call, "count", PAGE, MAX_RECENT)
    return _recent(call, page_by_moment(call.portal.records[COMPANIES], created, 0, offset(call), count))


def recently_modified(call: Call) -> Response:
    """GET /companies/recent/modified: last modified first, from the moment `since` on (W12.9.3)."""
    since, count = offset(call, "since"), size(call, "count", PAGE, MAX_RECENT)
    return _recent(call, page_by_moment(call.portal.records[COMPANIES], modified, since, offset(call), count))


def with_domain(call: Call) -> Response:
    """POST /domains/{domain}/companies: the companies of a domain, with the properties that are asked for."""
    after = part(call.body, "offset").number("companyId", 0)
    count = min(max(call.body.number("limit", PAGE), 1), MAX_RECENT)
    names = part(call.body, "requestOptions").texts("properties")
    found = call.portal.records[COMPANIES].having("domain", call.path["domain"].lower())
    page = page_by_id(found, after, count)
    results = [
        company_json(call.portal, company, properties_json(call.portal, company, names)) for company in page.records
    ]
    following = {"companyId": page.offset, "isPrimary": True}
    return answer({"results": results, "hasMore": page.more, "offset": following})


# -- contacts of a company -----------------------------------------------------------------------------------


def contacts(call: Call) -> Response:
    """GET /companies/{companyId}/contacts: who belongs to the company, in pages by vid (W12.9.5)."""
    page = _contacts(call)
    body = [_contact_json(call.portal, contact) for contact in page.records]
    return answer({"contacts": body, "vidOffset": page.offset, "hasMore": page.more})


def contact_ids(call: Call) -> Response:
    """GET /companies/{companyId}/vids: the vids alone."""
    page = _contacts(call)
    return answer({"vids": [one.id for one in page.records], "vidOffset": page.offset, "hasMore": page.more})


def add_contact(call: Call) -> Response:
    """PUT /companies/{companyId}/contacts/{vid}: 200, the company, which becomes the contact's primary one."""
    company, contact = _pair(call)
    primary = call.portal.associations.primary(COMPANIES, CONTACTS)
    types = () if primary is None else (primary,)
    call.portal.associate(company, contact, types=types, source=call.source)
    return answer(company_json(call.portal, company))


def remove_contact(call: Call) -> Response:
    """DELETE /companies/{companyId}/contacts/{vid}: 204, also where the contact was none of the company's."""
    company, contact = _pair(call)
    call.portal.dissociate(company, contact, source=call.source)
    return nothing()


def _contacts(call: Call) -> Page:
    company = find(call, COMPANIES, call.path["companyId"])
    linked = sorted(call.portal.associations.of(company, CONTACTS), key=lambda contact: contact.id)
    return page_by_id(linked, offset(call, "vidOffset"), size(call, "count", 20, MAX_RECENT))


def _pair(call: Call) -> tuple[Record, Record]:
    company, vid = find(call, COMPANIES, call.path["companyId"]), call.path["vid"]
    contact = look(call.portal, CONTACTS, vid)
    if contact is None:
        account = call.portal.configuration.account.id
        raise LegacyError(404, f"Couldn't find a Contact with the vid '{vid}' in portal '{account}'")
    return company, contact


# -- answering -----------------------------------------------------------------------------------------------


def company_json(portal: Portal, company: Record, properties: dict[str, Any] | None = None) -> dict[str, Any]:
    """A company with these *properties*, or with all that are set."""
    domains = (company.get("hs_additional_domains") or "").split(";")
    return {
        "portalId": portal.configuration.account.id,
        "companyId": company.id,
        "isDeleted": company.archived is not None,
        "properties": properties_json(portal, company) if properties is None else properties,
        "additionalDomains": [{"domain": domain} for domain in domains if domain],
        "stateChanges": [],
        "mergeAudits": [],
    }


def _recent(call: Call, page: Page) -> Response:
    results = [company_json(call.portal, company) for company in page.records]
    return answer({"results": results, "hasMore": page.more, "offset": page.offset, "total": page.total})


def _contact_json(portal: Portal, contact: Record) -> dict[str, Any]:
    names = ("firstname", "lastname", "company", "lastmodifieddate", "createdate")
    present = {name: value for name in names if (value := contact.get(name)) is not None}
    return {
        "vid": contact.id,
        "canonicalVid": contact.id,
        "portalId": portal.configuration.account.id,
        "isContact": True,
        "properties": [
            {"name": name, "value": value_json(portal, contact, name, value), "sourceVid": [contact.id]}
            for name, value in present.items()
        ],
        "identities": [{"vid": contact.id, "identity": identities(portal, contact), "linkedVid": []}],
        "formSubmissions": [],
        "mergeAudits": [],
    }


_READ, _WRITE = "crm.objects.companies.read", "crm.objects.companies.write"

ENDPOINTS = (
    *operations(
        "/companies/v2",
        ("POST", "/companies", create, _WRITE),
        ("GET", "/companies/paged", list_, _READ),
        ("GET", "/companies/recent/created", recently_created, _READ),
        ("GET", "/companies/recent/modified", recently_modified, _READ),
        ("POST", "/domains/{domain}/companies", with_domain, _READ),
        ("GET", "/companies/{companyId}", read, _READ),
        ("PUT", "/companies/{companyId}", update, _WRITE),
        ("DELETE", "/companies/{companyId}", archive, _WRITE),
        ("GET", "/companies/{companyId}/contacts", contacts, _READ),
        ("GET", "/companies/{companyId}/vids", contact_ids, _READ),
        ("PUT", "/companies/{companyId}/contacts/{vid}", add_contact, _WRITE),
        ("DELETE", "/companies/{companyId}/contacts/{vid}", remove_contact, _WRITE),
    ),
    *operations("/companies/v1", ("POST", "/batch-async/update", batch_update, _WRITE)),
)
