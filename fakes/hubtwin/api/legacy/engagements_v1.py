"""Engagements, version 1: notes, calls, e-mails, tasks and meetings as one kind of thing (W12.9.9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from types import MappingProxyType
from typing import Any

import orjson

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.errors import RESOURCE_NOT_FOUND, invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.api.legacy.pages import Page, modified, offset, page_by_id, page_by_moment, size
from hubtwin.api.legacy.records import associated_ids, find, linked, look, part
from hubtwin.portal.moments import from_iso
from hubtwin.portal.objects import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAILS,
    MEETINGS,
    NOTES,
    TASKS,
    TICKETS,
    ObjectType,
)
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.portal.values import Scalar

PAGE, MAX_PAGE = 100, 250

TYPES: Mapping[str, ObjectType] = MappingProxyType(
    {"NOTE": NOTES, "CALL": CALLS, "EMAIL": EMAILS, "TASK": TASKS, "MEETING": MEETINGS}
)

_ASSOCIATED = {"contactIds": CONTACTS, "companyIds": COMPANIES, "dealIds": DEALS, "ticketIds": TICKETS}


@dataclass(frozen=True, slots=True)
class Field:
    """One member of an engagement's `metadata`: the property that holds it, and whether it is a number there."""

    property: str
    is_number: bool = False


#: What the metadata of each type holds; other members are not kept (our model).
METADATA: Mapping[ObjectType, Mapping[str, Field]] = MappingProxyType(
    {
        NOTES: {"body": Field("hs_note_body")},
        CALLS: {
            "body": Field("hs_call_body"),
            "title": Field("hs_call_title"),
            "toNumber": Field("hs_call_to_number"),
            "fromNumber": Field("hs_call_from_number"),
            "status": Field("hs_call_status"),
            "durationMilliseconds": Field("hs_call_duration", is_number=True),
            "recordingUrl": Field("hs_call_recording_url"),
            "disposition": Field("hs_call_disposition"),
        },
        EMAILS: {
            "subject": Field("hs_email_subject"),
            "html": Field("hs_email_html"),
            "text": Field("hs_email_text"),
            "status": Field("hs_email_status"),
        },
        TASKS: {
            "body": Field("hs_task_body"),
            "subject": Field("hs_task_subject"),
            "status": Field("hs_task_status"),
            "priority": Field("hs_task_priority"),
            "taskType": Field("hs_task_type"),
        },
        MEETINGS: {
            "body": Field("hs_meeting_body"),
            "title": Field("hs_meeting_title"),
            "startTime": Field("hs_meeting_start_time", is_number=True),
            "endTime": Field("hs_meeting_end_time", is_number=True),
            "internalMeetingNotes": Field("hs_internal_meeting_notes"),
            "meetingOutcome": Field("hs_meeting_outcome"),
            "location": Field("hs_meeting_location"),
        },
    }
)

#: Who an e-mail is from and to: kept as JSON in one property.
_HEADERS, _PEOPLE = "hs_email_headers", ("from", "to", "cc", "bcc", "sender")


def create(call: Call) -> Response:
    """POST /engagements: 200, the new engagement, linked with the records that it names."""
    about, associations = call.body.object("engagement"), part(call.body, "associations")
    about.require("type")
    type = TYPES.get(about.text("type") or "")
    if type is None:
        raise invalid(f"{about.text('type')} is not a type of engagement; the types are {', '.join(TYPES)}")
    links = [link for name, other in _ASSOCIATED.items() for link in linked(call, other, associations.items(name))]
    sent = {"hs_timestamp": call.portal.clock.now, **_values(type, call.body)}
    return answer(engagement_json(call.portal, call.portal.create(type, sent, links=links, source=call.source)))


def read(call: Call) -> Response:
    """GET /engagements/{engagementId}: 200."""
    return answer(engagement_json(call.portal, _engagement(call)))


def update(call: Call) -> Response:
    """PATCH /engagements/{engagementId}: 200, the whole engagement; associations stay as they are."""
    record = _engagement(call)
    call.portal.update(record, _values(record.type, call.body), source=call.source)
    return answer(engagement_json(call.portal, record))


def archive(call: Call) -> Response:
    """DELETE /engagements/{engagementId}: 204."""
    call.portal.archive(_engagement(call), source=call.source)
    return nothing()


def list_(call: Call) -> Response:
    """GET /engagements/paged: all types together, by ascending id (W12.9.3)."""
    return _answer(call, page_by_id(_all(call.portal), offset(call), size(call, "limit", PAGE, MAX_PAGE)))


def recently_modified(call: Call) -> Response:
    """GET /engagements/recent/modified: last modified first, from the moment `since` on (W12.9.3)."""
    since, count = offset(call, "since"), size(call, "count", 20, 100)
    page = page_by_moment(_all(call.portal), modified, since, offset(call), count)
    return _answer(call, page, total=page.total)


def of_record(call: Call) -> Response:
    """GET /engagements/associated/{objectType}/{objectId}/paged: the engagements of one record."""
    record = find(call, call.type, call.path["objectId"])
    found = [one for type in TYPES.values() for one in call.portal.associations.of(record, type)]
    found.sort(key=lambda one: one.id)
    return _answer(call, page_by_id(found, offset(call), size(call, "limit", PAGE, 100)))


def associate(call: Call) -> Response:
    """PUT /engagements/{engagementId}/associations/{objectType}/{objectId}: 204."""
    call.portal.associate(_engagement(call), find(call, call.type, call.path["objectId"]), source=call.source)
    return nothing()


def dissociate(call: Call) -> Response:
    """DELETE /engagements/{engagementId}/associations/{objectType}/{objectId}: 204."""
    call.portal.dissociate(_engagement(call), find(call, call.type, call.path["objectId"]), source=call.source)
    return nothing()


# -- reading -------------------------------------------------------------------------------------------------


def engagement(portal: Portal, id: str) -> Record | None:
    """The note, call, e-mail, task or meeting with this id, None where there is none."""
    return next((one for type in TYPES.values() if (one := look(portal, type, id)) is not None), None)


def _engagement(call: Call) -> Record:
    record = engagement(call.portal, call.path["engagementId"])
    if record is None:
        raise LegacyError(404, RESOURCE_NOT_FOUND)
    return record


def _all(portal: Portal) -> Iterator[Record]:
    return merge(*(portal.records[type] for type in TYPES.values()), key=lambda record: record.id)


def _values(type: ObjectType, body: Body) -> dict[str, Scalar]:
    """The property values that `engagement` and `metadata` ask for."""
    about, metadata = part(body, "engagement"), part(body, "metadata")
    sent: dict[str, Any] = {"hs_timestamp": about.data.get("timestamp"), "hubspot_owner_id": about.data.get("ownerId")}
    sent |= {field.property: metadata.data.get(name) for name, field in METADATA[type].items()}
    if type is EMAILS and (people := {name: metadata.data[name] for name in _PEOPLE if metadata.data.get(name)}):
        sent[_HEADERS] = orjson.dumps(people).decode()
    present = {name: value for name, value in sent.items() if value is not None}
    return Body({"properties": present}, b"").properties()


# -- answering -----------------------------------------------------------------------------------------------


def engagement_json(portal: Portal, record: Record) -> dict[str, Any]:
    """An engagement, with what it is associated with."""
    owner, moment = record.get("hubspot_owner_id"), record.get("hs_timestamp")
    about = {
        "id": record.id,
        "portalId": portal.configuration.account.id,
        "active": record.archived is None,
        "createdAt": record.created,
        "lastUpdated": record.updated,
        "ownerId": int(owner) if owner else None,
        "type": record.type.singular.upper(),
        "timestamp": from_iso(moment) if moment else record.created,
    }
    associations = {name: associated_ids(portal, record, type) for name, type in _ASSOCIATED.items()}
    return {
        "engagement": {name: value for name, value in about.items() if value is not None},
        "associations": {**associations, "ownerIds": [], "workflowIds": []},
        "attachments": [],
        "metadata": _metadata_json(record),
    }


def _metadata_json(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: _number(value) if field.is_number else value
        for name, field in METADATA[record.type].items()
        if (value := record.get(field.property)) is not None
    }
    return found | _people_json(record)


def _people_json(record: Record) -> dict[str, Any]:
    """Who an e-mail is from and to; nothing where the property holds something else."""
    try:
        people = orjson.loads(record.get(_HEADERS) or "{}")
    except orjson.JSONDecodeError:
        return {}
    return people if isinstance(people, dict) else {}


def _number(value: str) -> int | float:
    """A duration, or a moment in milliseconds."""
    try:
        number = float(value)
    except ValueError:
        return from_iso(value)
    return int(number) if number.is_integer() else number


def _answer(call: Call, page: Page, **members: int) -> Response:
    results = [engagement_json(call.portal, record) for record in page.records]
    return answer({"results": results, "hasMore": page.more, "offset": page.offset, **members})


_READ, _WRITE = "crm.objects.contacts.read", "crm.objects.contacts.write"

ENDPOINTS = operations(
    "/engagements/v1/engagements",
    ("POST", "", create, _WRITE),
    ("GET", "/paged", list_, _READ),
    ("GET", "/recent/modified", recently_modified, _READ),
    ("GET", "/associated/{objectType}/{objectId}/paged", of_record, _READ),
    ("GET", "/{engagementId}", read, _READ),
    ("PATCH", "/{engagementId}", update, _WRITE),
    ("DELETE", "/{engagementId}", archive, _WRITE),
    ("PUT", "/{engagementId}/associations/{objectType}/{objectId}", associate, _WRITE),
    ("DELETE", "/{engagementId}/associations/{objectType}/{objectId}", dissociate, _WRITE),
)
