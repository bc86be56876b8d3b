"""Meetings links: which there are, and booking on them (W6.8.13)."""

from typing import Any
from zoneinfo import ZoneInfo

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.configuration import MeetingLink
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.moments import MINUTE, iso
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.values import moment

MAX_PAGE = 100

_FIRST_ID = 80_000_001
_REQUIRED = ("slug", "email", "firstName", "lastName", "startTime", "duration", "formFields")


def list_(call: Call) -> Response:
    """GET /: `total` and pages, of one organizer or with a name where asked for."""
    limit, after = call.number("limit", MAX_PAGE, most=MAX_PAGE), call.after()
    organizer, name, kind = call.text("organizerUserId"), call.text("name"), call.text("type")
    rows = [_link_json(call, place, link) for place, link in enumerate(call.portal.meetings)]
    found = [
        row
        for row in rows
        if organizer in (None, row["organizerUserId"]) and name in (None, row["name"]) and kind in (None, row["type"])
    ]
    following = ((row["id"], row) for row in found if int(row["id"]) >= after)
    return answer({"total": len(found), **page(call, following, limit)})


def book(call: Call) -> Response:
    """POST /book: 200; an unknown address makes a contact (F4.16)."""
    body = call.body
    body.require(*_REQUIRED)
    link = _link(call, body.text("slug") or "")
    start, duration, zone = _start(body), body.number("duration", 0), _zone(call)
    if duration != link.minutes * MINUTE:
        raise invalid(f"A meeting on {link.slug} lasts {link.minutes * MINUTE} ms, not {duration}")
    fields = _fields(body)
    try:
        moment(str(start + duration))
        meeting = call.portal.meetings.book(
            link.slug,
            body.text("email") or "",
            start=start,
            first_name=body.text("firstName") or "",
            last_name=body.text("lastName") or "",
            fields={name: value for name, value in fields.items() if value},
        )
    except ValueError as error:
        raise invalid(str(error)) from None
    contact = next(iter(call.portal.associations.of(meeting, CONTACTS)))
    return answer(
        {
            "calendarEventId": str(meeting.id),
            "contactId": str(contact.id),
            "bookingTimezone": zone,
            "subject": meeting.get("hs_meeting_title"),
            "start": iso(start),
            "end": iso(start + duration),
            "duration": duration,
            "locale": body.text("locale") or "en-us",
            "guestEmails": body.texts("guestEmails"),
            "formFields": [
                {"name": name, "label": name, "value": value, "isCustom": False} for name, value in fields.items()
            ],
            "legalConsentResponses": body.items("legalConsentResponses"),
            "isOffline": False,
        }
    )


def _link(call: Call, slug: str) -> MeetingLink:
    try:
        return call.portal.meetings.find(slug)
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def _start(body: Body) -> int:
    text = body.text("startTime") or ""
    try:
        return moment(text)
    except ValueError:
        raise invalid(f"startTime is not a moment: {text}") from None


def _zone(call: Call) -> str:
    zone = call.text("timezone") or call.body.text("timezone") or call.portal.configuration.account.time_zone
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise invalid(f"timezone is not a time zone: {zone}") from None
    return zone


def _fields(body: Body) -> dict[str, str]:
    fields = {}
    for field in body.objects("formFields"):
        field.require("name", "value")
        fields[field.text("name") or ""] = field.text("value") or ""
    return fields


def _link_json(call: Call, place: int, link: MeetingLink) -> dict[str, Any]:
    user = next((user for user in call.portal.users if user.email == link.user.lower()), None)
    since = iso(user.created if user else call.portal.clock.now)
    ids = [str(user.user_id)] if user else []
    return {
        "id": str(_FIRST_ID + place),
        "slug": link.slug,
        "link": f"https://meetings.hubspot.com/{link.slug}",
        "name": link.slug,
        "type": "PERSONAL_LINK",
        "organizerUserId": ids[0] if ids else None,
        "userIdsOfLinkMembers": ids,
        "defaultLink": place == 0,
        "createdAt": since,
        "updatedAt": since,
    }


_SCOPE = "scheduler.meetings.meeting-link.read"

ENDPOINTS = family(
    "/scheduler/v3/meetings/meeting-links",
    "/scheduler/{version}/meetings/meeting-links",
    ("GET", "", list_, _SCOPE),
    ("POST", "/book", book, _SCOPE),
)
