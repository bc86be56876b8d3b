"""E-mail events and campaigns, version 1 (W6.11.14, W6.11.15). A campaign is one e-mail's sendings."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.email_bodies import reply_to, sender_name
from hubtwin.api.errors import RESOURCE_NOT_FOUND, invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.api.legacy.pages import offset, size
from hubtwin.api.single_send import event_guid, event_id
from hubtwin.portal import log
from hubtwin.portal.email_events import BOUNCE, CAMPAIGN, REASON, RECIPIENT, URL
from hubtwin.portal.email_statistics import counters
from hubtwin.portal.email_versions import MarketingEmail
from hubtwin.portal.ids import as_id
from hubtwin.portal.log import Entry

PAGE, MAX_PAGE = 10, 1_000

#: What version 1 calls each kind of event; of answers it knows nothing.
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        log.EMAIL_SENT: "SENT",
        log.EMAIL_DROPPED: "DROPPED",
        log.EMAIL_SUPPRESSED: "SUPPRESSED",
        log.EMAIL_DELIVERED: "DELIVERED",
        log.EMAIL_BOUNCED: "BOUNCE",
        log.EMAIL_OPENED: "OPEN",
        log.EMAIL_CLICKED: "CLICK",
        log.EMAIL_REPORTED: "SPAMREPORT",
        log.EMAIL_UNSUBSCRIBED: "STATUSCHANGE",
    }
)


def list_events(call: Call) -> Response:
    """GET /events: newest first, in pages; of a campaign, a recipient, a type, a span of time."""
    limit, start = size(call, "limit", PAGE, MAX_PAGE), offset(call)
    wanted = _wanted(call)
    found = list(islice((entry for entry in _events(call) if wanted(entry)), start, start + limit + 1))
    more = len(found) > limit
    events = [_event_json(call, entry) for entry in found[:limit]]
    return answer({"hasMore": more, "offset": str(start + len(events)), "events": events})


def read_event(call: Call) -> Response:
    """GET /events/{created}/{id}: one, by its moment and its id."""
    created, id = as_id(call.path["created"]), call.path["id"]
    for entry in _events(call):
        if entry.moment == created and event_guid(call, entry.number) == id:
            return answer(_event_json(call, entry))
    raise LegacyError(404, RESOURCE_NOT_FOUND)


def list_campaigns(call: Call) -> Response:
    """GET /campaigns and /campaigns/by-id: in pages; the newest ones first, or by ascending id."""
    limit, start = size(call, "limit", PAGE, MAX_PAGE), offset(call)
    emails = sorted(call.portal.marketing_emails, key=lambda email: email.campaign)
    if not call.request.path.endswith("/by-id"):
        emails.sort(key=lambda email: (_last(call, email), email.campaign), reverse=True)
    found = emails[start : start + limit]
    following = start + len(found)
    campaigns = [
        {
            "id": email.campaign,
            "lastUpdatedTime": _last(call, email),
            "appId": email.kind.app,
            "appName": email.kind.app_name,
        }
        for email in found
    ]
    return answer({"hasMore": following < len(emails), "offset": str(following), "campaigns": campaigns})


def read_campaign(call: Call) -> Response:
    """GET /campaigns/{campaignId}: one, with the numbers of its events that are not 0."""
    email = _campaign(call, call.path["campaignId"])
    if email is None:
        raise LegacyError(404, RESOURCE_NOT_FOUND)
    entries = list(call.portal.marketing_emails.events.of(email))
    counted = counters(entries)
    body: dict[str, Any] = {
        "id": email.campaign,
        "appId": email.kind.app,
        "appName": email.kind.app_name,
        "contentId": email.id,
        "name": email.name,
        "subject": email.live.subject,
        "type": email.kind.type,
        "subType": "",
        "counters": {
            name: counted[name] for name in (*_COUNTERS, "unsubscribed", "spamreport", "suppressed") if counted[name]
        },
        "numIncluded": counted["selected"],
        "numQueued": counted["selected"],
        "lastUpdatedTime": _last(call, email),
    }
    if entries:
        body |= {
            "processingState": "DONE",
            "lastProcessingStartedAt": entries[0].moment,
            "lastProcessingFinishedAt": entries[0].moment,
            "lastProcessingStateChangeAt": entries[0].moment,
        }
    return answer(body)


_COUNTERS = ("sent", "delivered", "dropped", "bounce", "open", "click")


# -- finding -------------------------------------------------------------------------------------------------


def _events(call: Call) -> Iterator[Entry]:
    entries = call.portal.marketing_emails.events.newest_first()
    return (entry for entry in entries if entry.kind in _TYPES)


def _wanted(call: Call) -> Callable[[Entry], bool]:
    """Whether an event is one that the query asks for. Raises ApiError."""
    campaign, recipient, type = call.text("campaignId"), call.text("recipient"), call.text("eventType")
    start, end = (_moment(call, name) for name in ("startTimestamp", "endTimestamp"))
    if type is not None and type not in _TYPES.values():
        raise invalid(f"eventType can't be {type}; the portal has {', '.join(_TYPES.values())}")

    def wanted(entry: Entry) -> bool:
        facts = entry.value.facts
        return (
            campaign in (None, facts[CAMPAIGN])
            and (recipient is None or recipient.lower() == facts[RECIPIENT])
            and type in (None, _TYPES[entry.kind])
            and (start is None or start <= entry.moment)
            and (end is None or entry.moment <= end)
        )

    return wanted


def _moment(call: Call, name: str) -> int | None:
    text = call.text(name)
    if text is not None and not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise invalid(f"{name} must be a number of milliseconds, not {text}")
    return None if text is None else int(text)


def _campaign(call: Call, id: str) -> MarketingEmail | None:
    emails = call.portal.marketing_emails
    return next((email for email in (*emails, *emails.archived) if str(email.campaign) == id), None)


def _last(call: Call, email: MarketingEmail) -> int:
    """When something happened to an e-mail, or somebody changed it."""
    last = max((entry.moment for entry in call.portal.marketing_emails.events.of(email)), default=0)
    return max(last, email.updated)


# -- answering -----------------------------------------------------------------------------------------------


def _event_json(call: Call, entry: Entry) -> dict[str, Any]:
    facts = entry.value.facts
    email = _campaign(call, facts[CAMPAIGN])
    body: dict[str, Any] = {
        **event_id(call, entry),
        "created": entry.moment,
        "type": _TYPES[entry.kind],
        "recipient": facts[RECIPIENT],
        "portalId": call.portal.configuration.account.id,
        "emailCampaignId": int(facts[CAMPAIGN]),
        "emailCampaignGroupId": int(facts[CAMPAIGN]),
        **({} if email is None else {"appId": email.kind.app, "appName": email.kind.app_name}),
        **_DETAILS.get(entry.kind, _no_details)(call, entry, email),
    }
    sending = call.portal.marketing_emails.events.sending(entry)
    if sending is not None and sending.number != entry.number:
        body["sentBy"] = {"id": event_guid(call, sending.number), "created": sending.moment}
    return body


Details = Callable[[Call, Entry, MarketingEmail | None], dict[str, Any]]


def _no_details(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    return {}


def _sent(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    if email is None:
        return {}
    sender = f"{sender_name(call, email.live)} <{reply_to(call, email.live)}>"
    return {"from": sender, "subject": email.live.subject, "replyTo": [reply_to(call, email.live)], "cc": [], "bcc": []}


def _dropped(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    return {**_sent(call, entry, email), "dropReason": entry.value.facts[REASON]}


def _delivered(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    return {"response": "250 OK", "attempt": 1}


def _bounced(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    return {"category": entry.value.facts[BOUNCE], "response": "550 5.1.1", "status": "5.1.1"}


def _opened(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    return {"deviceType": "UNKNOWN", "filteredEvent": False}


def _clicked(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    return {**_opened(call, entry, email), "url": entry.value.facts[URL]}


def _unsubscribed(call: Call, entry: Entry, email: MarketingEmail | None) -> dict[str, Any]:
    return {"source": "SOURCE_RECIPIENT", "requestedBy": entry.value.facts[RECIPIENT]}


#: What only some kinds of events tell.
_DETAILS: Mapping[str, Details] = MappingProxyType(
    {
        log.EMAIL_SENT: _sent,
        log.EMAIL_DROPPED: _dropped,
        log.EMAIL_DELIVERED: _delivered,
        log.EMAIL_BOUNCED: _bounced,
        log.EMAIL_OPENED: _opened,
        log.EMAIL_CLICKED: _clicked,
        log.EMAIL_UNSUBSCRIBED: _unsubscribed,
    }
)

_SCOPE = "content"

ENDPOINTS = operations(
    "/email/public/v1",
    ("GET", "/events", list_events, _SCOPE),
    ("GET", "/events/{created}/{id}", read_event, _SCOPE),
    ("GET", "/campaigns", list_campaigns, _SCOPE),
    ("GET", "/campaigns/by-id", list_campaigns, _SCOPE),
    ("GET", "/campaigns/{campaignId}", read_campaign, _SCOPE),
)
