"""Deals, version 1: by id, in pages, and what each is associated with (W12.9.6)."""

from typing import Any

from hubtwin.api.bodies import read_list
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import NO_SUCH_DEAL, operations
from hubtwin.api.legacy.pages import Page, created, modified, offset, page_by_id, page_by_moment, size
from hubtwin.api.legacy.records import associated_ids, find, linked, part, updates, values
from hubtwin.api.legacy.rendering import ever_set, properties_json
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record

PAGE, MAX_PAGE, MAX_RECENT = 100, 250, 100


def create(call: Call) -> Response:
    """POST /deal: 200, the new deal, linked with the contacts and companies that it names."""
    associations = part(call.body, "associations")
    links = [
        *linked(call, COMPANIES, associations.items("associatedCompanyIds")),
        *linked(call, CONTACTS, associations.items("associatedVids")),
    ]
    deal = call.portal.create(DEALS, values(call.body, "name"), links=links, source=call.source)
    return answer(deal_json(call.portal, deal))


def read(call: Call) -> Response:
    """GET /deal/{dealId}: 200; all versions with `includePropertyVersions` (F6.2)."""
    deal = _deal(call)
    whole = ever_set(call.portal, deal) if call.flag("includePropertyVersions") else ()
    return answer(deal_json(call.portal, deal, properties_json(call.portal, deal, None, whole)))


def update(call: Call) -> Response:
    """PUT /deal/{dealId}: 200, the whole deal."""
    deal = _deal(call)
    call.portal.update(deal, values(call.body, "name"), source=call.source)
    return answer(deal_json(call.portal, deal))


def batch_update(call: Call) -> Response:
    """POST /batch-async/update: 202 without a body; one bad deal refuses all of them (W12.9.4)."""
    for change in updates(call, DEALS, read_list(call.request.body)):
        call.portal.writes.apply(change)
    return Response(202, (), b"")


def archive(call: Call) -> Response:
    """DELETE /deal/{dealId}: 204."""
    call.portal.archive(_deal(call), source=call.source)
    return nothing()


def list_(call: Call) -> Response:
    """GET /deal/paged: ascending ids, with the properties that are asked for and no others (W12.9.3)."""
    return _page(call, page_by_id(call.portal.records[DEALS], offset(call), size(call, "limit", PAGE, MAX_PAGE)))


def recently_created(call: Call) -> Response:
    """GET /deal/recent/created: newest first, from the moment `since` on, in pages by number (W12.9.3)."""
    since, count = offset(call, "since"), size(call, "count", 20, MAX_RECENT)
    return _recent(call, page_by_moment(call.portal.records[DEALS], created, since, offset(call), count))


def recently_modified(call: Call) -> Response:
    """GET /deal/recent/modified: last modified first, from the moment `since` on (W12.9.3)."""
    since, count = offset(call, "since"), size(call, "count", 20, MAX_RECENT)
    return _recent(call, page_by_moment(call.portal.records[DEALS], modified, since, offset(call), count))


# -- associations --------------------------------------------------------------------------------------------


def associate(call: Call) -> Response:
    """PUT /deal/{dealId}/associations/{objectType}: 204, links the records of each `id`."""
    deal = _deal(call)
    for other, _ in linked(call, call.type, call.names("id")):
        call.portal.associate(deal, other, source=call.source)
    return nothing()


def dissociate(call: Call) -> Response:
    """DELETE /deal/{dealId}/associations/{objectType}: 204, unlinks the records of each `id`."""
    deal = _deal(call)
    for other, _ in linked(call, call.type, call.names("id")):
        call.portal.dissociate(deal, other, source=call.source)
    return nothing()


def of_record(call: Call) -> Response:
    """GET /deal/associated/{objectType}/{objectId}/paged: the deals of a contact or company."""
    record = find(call, call.type, call.path["objectId"])
    deals = sorted(call.portal.associations.of(record, DEALS), key=lambda deal: deal.id)
    return _page(call, page_by_id(deals, offset(call), size(call, "limit", PAGE, MAX_RECENT)))


# -- answering -----------------------------------------------------------------------------------------------


def deal_json(
    portal: Portal, deal: Record, properties: dict[str, Any] | None = None, *, with_associations: bool = True
) -> dict[str, Any]:
    """A deal with these *properties*, or with all that are set."""
    associations = {
        "associatedVids": associated_ids(portal, deal, CONTACTS),
        "associatedCompanyIds": associated_ids(portal, deal, COMPANIES),
        "associatedDealIds": [],
    }
    return {
        "portalId": portal.configuration.account.id,
        "dealId": deal.id,
        "isDeleted": deal.archived is not None,
        "associations": associations if with_associations else None,
        "properties": properties_json(portal, deal) if properties is None else properties,
        "imports": [],
        "stateChanges": [],
    }


def _deal(call: Call) -> Record:
    return find(call, DEALS, call.path["dealId"], NO_SUCH_DEAL)


def _page(call: Call, page: Page) -> Response:
    names, with_history = call.names("properties"), call.names("propertiesWithHistory")
    deals = [
        deal_json(
            call.portal,
            deal,
            properties_json(call.portal, deal, names, with_history),
            with_associations=call.flag("includeAssociations"),
        )
        for deal in page.records
    ]
    return answer({"deals": deals, "hasMore": page.more, "offset": page.offset})


def _recent(call: Call, page: Page) -> Response:
    results = [deal_json(call.portal, deal) for deal in page.records]
    return answer({"results": results, "hasMore": page.more, "offset": page.offset, "total": page.total})


_READ, _WRITE = "crm.objects.deals.read", "crm.objects.deals.write"

ENDPOINTS = operations(
    "/deals/v1",
    ("POST", "/deal", create, _WRITE),
    ("GET", "/deal/paged", list_, _READ),
    ("GET", "/deal/recent/created", recently_created, _READ),
    ("GET", "/deal/recent/modified", recently_modified, _READ),
    ("GET", "/deal/associated/{objectType}/{objectId}/paged", of_record, _READ),
    ("GET", "/deal/{dealId}", read, _READ),
    ("PUT", "/deal/{dealId}", update, _WRITE),
    ("DELETE", "/deal/{dealId}", archive, _WRITE),
    ("PUT", "/deal/{dealId}/associations/{objectType}", associate, _WRITE),
    ("DELETE", "/deal/{dealId}/associations/{objectType}", dissociate, _WRITE),
    ("POST", "/batch-async/update", batch_update, _WRITE),
)
