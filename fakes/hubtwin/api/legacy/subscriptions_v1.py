"""Who wants which e-mail, version 1: types, statuses of an address, and all changes (W6.11.16)."""

from itertools import islice
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import operations
from hubtwin.api.legacy.pages import offset, size
from hubtwin.api.preferences import find_subscription, legal_basis
from hubtwin.api.single_send import event_guid
from hubtwin.portal.ids import guid
from hubtwin.portal.log import Entry
from hubtwin.portal.preferences import (
    NOT_SPECIFIED,
    RECIPIENT,
    STATE,
    SUBSCRIBED,
    SUBSCRIPTION,
    UNSUBSCRIBED,
    Status,
    Subscription,
)

PAGE, MAX_PAGE = 10, 1_000

_OPT_STATES = {SUBSCRIBED: "OPT_IN", UNSUBSCRIBED: "OPT_OUT", NOT_SPECIFIED: "NOT_OPTED"}


def definitions(call: Call) -> Response:
    """GET /subscriptions: the subscription types."""
    rows = [_definition_json(call, subscription) for subscription in call.portal.preferences]
    return answer({"subscriptionDefinitions": rows})


def read(call: Call) -> Response:
    """GET /subscriptions/{email}: what an address said, and whether mail to it bounced or was called spam."""
    preferences, events = call.portal.preferences, call.portal.marketing_emails.events
    email = preferences.address(call.path["email"])
    is_out = preferences.opted_out(email) is not None
    statuses = [preferences.status(email, subscription) for subscription in preferences]
    return answer(
        {
            "portalId": call.portal.configuration.account.id,
            "email": email,
            "subscribed": not is_out,
            "status": "unsubscribed" if is_out else "subscribed",
            "unsubscribeFromPortal": is_out,
            "markedAsSpam": email in events.reported,
            "bounced": email in events.bounced,
            "subscriptionStatuses": [_status_json(status) for status in statuses if status.state != NOT_SPECIFIED],
        }
    )


def write(call: Call) -> Response:
    """PUT /subscriptions/{email}: 200; some types, or all e-mail. Whoever unsubscribed can't be subscribed again."""
    preferences, body = call.portal.preferences, call.body
    email = preferences.address(call.path["email"])
    wishes = [_wish(call, each) for each in body.objects("subscriptionStatuses")]
    if not wishes and body.data.get("unsubscribeFromAll") is None:
        raise invalid("Say what the address wants: subscriptionStatuses, or unsubscribeFromAll")
    for subscription, state, (basis, explanation) in wishes:
        if preferences.status(email, subscription).state != UNSUBSCRIBED:
            preferences.change(
                email, subscription, state, source=call.source, legal_basis=basis, explanation=explanation
            )
    if body.flag("unsubscribeFromAll", False):
        preferences.opt_out(email, source=call.source)
    return answer({"status": "ok"})


def timeline(call: Call) -> Response:
    """GET /subscriptions/timeline: all changes, newest first, in pages."""
    limit, start = size(call, "limit", PAGE, MAX_PAGE), offset(call)
    since, until = offset(call, "startTimestamp"), offset(call, "endTimestamp")
    changes = (
        entry
        for entry in call.portal.preferences.changes()
        if since <= entry.moment and (not until or entry.moment <= until)
    )
    found = list(islice(changes, start, start + limit + 1))
    rows = [_change_json(call, entry) for entry in found[:limit]]
    return answer({"hasMore": len(found) > limit, "offset": str(start + len(rows)), "timeline": rows})


def _wish(call: Call, body: Body) -> tuple[Subscription, str, tuple[str | None, str | None]]:
    body.require("id")
    state = SUBSCRIBED if body.flag("subscribed", True) else UNSUBSCRIBED
    return find_subscription(call.portal.preferences, body.text("id") or ""), state, legal_basis(body)


def _definition_json(call: Call, subscription: Subscription) -> dict[str, Any]:
    settings = subscription.settings
    return {
        "id": subscription.id,
        "portalId": call.portal.configuration.account.id,
        "name": settings.name,
        "description": settings.description,
        "active": settings.active,
        "internal": False,
        "category": settings.purpose,
        "channel": "Email",
    }


def _status_json(status: Status) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": status.subscription.id,
        "updatedAt": status.moment,
        "subscribed": status.state == SUBSCRIBED,
        "optState": _OPT_STATES[status.state],
    }
    if status.legal_basis is not None:
        body["legalBasis"] = status.legal_basis
    if status.explanation is not None:
        body["legalBasisExplanation"] = status.explanation
    return body


def _change_json(call: Call, entry: Entry) -> dict[str, Any]:
    facts, account = entry.value.facts, call.portal.configuration.account.id
    change: dict[str, Any] = {
        "change": facts[STATE],
        "changeType": "SUBSCRIPTION_STATUS" if facts[SUBSCRIPTION] else "PORTAL_STATUS",
        "source": "SOURCE_RECIPIENT" if entry.source.type == "EMAIL" else "SOURCE_PUBLIC_API",
        "portalId": account,
        "causedByEvent": {"id": event_guid(call, entry.number), "created": entry.moment},
    }
    if facts[SUBSCRIPTION]:
        change["subscriptionId"] = int(facts[SUBSCRIPTION])
    return {
        "timestamp": entry.moment,
        "portalId": account,
        "recipient": facts[RECIPIENT],
        "normalizedEmailId": guid(facts[RECIPIENT]),
        "changes": [change],
    }


_SCOPE = "content"

ENDPOINTS = operations(
    "/email/public/v1/subscriptions",
    ("GET", "", definitions, _SCOPE),
    ("GET", "/timeline", timeline, _SCOPE),
    ("GET", "/{email}", read, _SCOPE),
    ("PUT", "/{email}", write, _SCOPE),
)
