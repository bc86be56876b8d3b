"""Communication preferences, version 3: one subscription at a time (W6.8.10)."""

from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.preferences import definition_json, find_subscription, legal_basis
from hubtwin.portal.preferences import SUBSCRIBED, UNSUBSCRIBED, Status, Subscription


def definitions(call: Call) -> Response:
    """GET /definitions: the subscription types."""
    return answer({"subscriptionDefinitions": [definition_json(each) for each in call.portal.preferences]})


def read(call: Call) -> Response:
    """GET /status/email/{emailAddress}: what somebody said about each subscription type."""
    preferences = call.portal.preferences
    email = preferences.address(call.path["emailAddress"])
    statuses = [_status_json(call, preferences.status(email, subscription)) for subscription in preferences]
    return answer({"recipient": email, "subscriptionStatuses": statuses})


def subscribe(call: Call) -> Response:
    """POST /subscribe: 200, but 400 for somebody who has unsubscribed (W6.8.12)."""
    email, subscription = _asked_for(call)
    if call.portal.preferences.status(email, subscription).state == UNSUBSCRIBED:
        raise invalid(f"{email} has unsubscribed from subscription {subscription.id} and can't be subscribed to it")
    return _changed(call, email, subscription, SUBSCRIBED)


def unsubscribe(call: Call) -> Response:
    """POST /unsubscribe: 200."""
    return _changed(call, *_asked_for(call), UNSUBSCRIBED)


def _asked_for(call: Call) -> tuple[str, Subscription]:
    call.body.require("emailAddress", "subscriptionId")
    legal_basis(call.body)
    email = call.portal.preferences.address(call.body.text("emailAddress") or " ")
    return email, find_subscription(call.portal.preferences, call.body.text("subscriptionId") or "")


def _changed(call: Call, email: str, subscription: Subscription, state: str) -> Response:
    basis, explanation = legal_basis(call.body)
    status = call.portal.preferences.change(
        email, subscription, state, source=call.source, legal_basis=basis, explanation=explanation
    )
    return answer(_status_json(call, status))


def _status_json(call: Call, status: Status) -> dict[str, Any]:
    settings = status.subscription.settings
    is_wide = call.portal.preferences.opted_out(status.email) is not None
    body: dict[str, Any] = {
        "id": str(status.subscription.id),
        "name": settings.name,
        "description": settings.description,
        "status": "SUBSCRIBED" if status.state == SUBSCRIBED else "NOT_SUBSCRIBED",
        "sourceOfStatus": "PORTAL_WIDE_STATUS" if is_wide else "SUBSCRIPTION_STATUS",
        "preferenceGroupName": None,
        "legalBasis": status.legal_basis,
        "legalBasisExplanation": status.explanation,
    }
    return body


_READ, _WRITE = "communication_preferences.read", "communication_preferences.read_write"

ENDPOINTS = family(
    "/communication-preferences/v3",
    None,
    ("GET", "/definitions", definitions, _READ),
    ("GET", "/status/email/{emailAddress}", read, _READ),
    ("POST", "/subscribe", subscribe, _WRITE),
    ("POST", "/unsubscribe", unsubscribe, _WRITE),
)
