"""Communication preferences, version 4 and dated: several statuses, opting out, batches (W6.8.10)."""

from collections.abc import Sequence
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.ids import as_id
from hubtwin.portal.moments import iso
from hubtwin.portal.preferences import LEGAL_BASES, NOT_SPECIFIED, STATES, SUBSCRIBED, Preferences, Status, Subscription

MAX_BATCH = 100


def definitions(call: Call) -> Response:
    """GET /definitions: the subscription types."""
    return _results(call, [definition_json(subscription) for subscription in call.portal.preferences])


def read(call: Call) -> Response:
    """GET /statuses/{subscriberIdString}: what somebody said about each subscription type, or one of them."""
    email, wanted = _email(call), call.text("subscriptionId")
    _check_channel(call.text("channel"))
    return _results(
        call,
        [row for row in _statuses(call, email) if wanted in (None, str(row["subscriptionId"]))],
    )


def write(call: Call) -> Response:
    """POST /statuses/{subscriberIdString}: to subscribe works also after unsubscribing (W6.8.12)."""
    return _results(call, [_write(call, _email(call), *_checked(call, call.body), call.body)])


def read_opt_out(call: Call) -> Response:
    """GET /statuses/{subscriberIdString}/unsubscribe-all: no results, unless somebody opted out of all."""
    _check_channel(call.text("channel"))
    return _results(call, _wide(call, _email(call)))


def opt_out(call: Call) -> Response:
    """POST /statuses/{subscriberIdString}/unsubscribe-all: from now on, no e-mail at all."""
    email = _email(call)
    _check_channel(call.text("channel"))
    call.portal.preferences.opt_out(email, source=call.source)
    return _results(call, _statuses(call, email))


# -- batches -------------------------------------------------------------------------------------------------


def read_batch(call: Call) -> Response:
    """POST /statuses/batch/read: of several addresses."""
    _check_channel(call.text("channel"))
    emails = _emails(call)
    return _results(call, [{"subscriberIdString": email, "statuses": _statuses(call, email)} for email in emails])


def write_batch(call: Call) -> Response:
    """POST /statuses/batch/write: one that is not valid refuses all."""
    call.body.require("inputs")
    inputs = call.body.objects("inputs")
    _check_size(inputs)
    for each in inputs:
        each.require("subscriberIdString")
    emails = [_address(call, each.text("subscriberIdString")) for each in inputs]
    checked = [_checked(call, each) for each in inputs]
    rows = [
        _write(call, email, subscription, state, each)
        for email, (subscription, state), each in zip(emails, checked, inputs, strict=True)
    ]
    return _results(call, rows)


def read_opt_out_batch(call: Call) -> Response:
    """POST /statuses/batch/unsubscribe-all/read: which of several addresses opted out of all."""
    _check_channel(call.text("channel"))
    emails = _emails(call)
    return _results(call, [{"subscriberIdString": email, "wideStatuses": _wide(call, email)} for email in emails])


def opt_out_batch(call: Call) -> Response:
    """POST /statuses/batch/unsubscribe-all: several addresses at once."""
    _check_channel(call.text("channel"))
    emails = _emails(call)
    for email in emails:
        call.portal.preferences.opt_out(email, source=call.source)
    return _results(call, [{"subscriberIdString": email, "statuses": _statuses(call, email)} for email in emails])


# -- reading requests ----------------------------------------------------------------------------------------


def _emails(call: Call) -> list[str]:
    call.body.require("inputs")
    inputs = call.body.texts("inputs")
    _check_size(inputs)
    return [_address(call, text) for text in inputs]


def _email(call: Call) -> str:
    return _address(call, call.path["subscriberIdString"])


def _address(call: Call, text: str | None) -> str:
    return call.portal.preferences.address(text or " ")


def _check_size(inputs: Sequence[object]) -> None:
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} inputs; at most {MAX_BATCH} are allowed")


def _check_channel(channel: str | None) -> None:
    if channel != "EMAIL":
        raise invalid(f"channel has to be EMAIL, not {channel}")


def _checked(call: Call, body: Body) -> tuple[Subscription, str]:
    body.require("subscriptionId", "statusState", "channel")
    _check_channel(body.text("channel"))
    state = body.text("statusState") or ""
    if state not in STATES:
        raise invalid(f"statusState can be {', '.join(STATES)}, not {state}")
    legal_basis(body)
    return find_subscription(call.portal.preferences, body.text("subscriptionId") or ""), state


def find_subscription(preferences: Preferences, id: str) -> Subscription:
    """The subscription type with this id. Raises ApiError."""
    try:
        return preferences.find(as_id(id))
    except UnknownName as error:
        raise ApiError(400, str(error), "VALIDATION_ERROR") from None


def legal_basis(body: Body) -> tuple[str | None, str | None]:
    """On what grounds, and in which words. Raises ApiError."""
    basis = body.text("legalBasis")
    if basis is not None and basis not in LEGAL_BASES:
        raise invalid(f"legalBasis can be {', '.join(LEGAL_BASES)}, not {basis}")
    return basis, body.text("legalBasisExplanation")


# -- answering -----------------------------------------------------------------------------------------------


def _write(call: Call, email: str, subscription: Subscription, state: str, body: Body) -> dict[str, Any]:
    basis, explanation = legal_basis(body)
    preferences = call.portal.preferences
    before, was_out = preferences.status(email, subscription).state, preferences.opted_out(email) is not None
    status = preferences.change(
        email, subscription, state, source=call.source, legal_basis=basis, explanation=explanation
    )
    reason = "REQUESTED_CHANGE_OCCURRED"
    if before == state:
        reason = "NO_STATUS_CHANGE"
    elif state == SUBSCRIBED and (was_out or before != NOT_SPECIFIED):
        reason = "RESUBSCRIBE_OCCURRED"
    return {**_status_json(status), "setStatusSuccessReason": reason}


def _results(call: Call, results: Sequence[Any]) -> Response:
    now = iso(call.portal.clock.now)
    return answer({"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now})


def _statuses(call: Call, email: str) -> list[dict[str, Any]]:
    preferences = call.portal.preferences
    return [_status_json(preferences.status(email, subscription)) for subscription in preferences]


def _status_json(status: Status) -> dict[str, Any]:
    body: dict[str, Any] = {
        "channel": "EMAIL",
        "subscriberIdString": status.email,
        "subscriptionId": status.subscription.id,
        "subscriptionName": status.subscription.settings.name,
        "status": status.state,
        "source": status.source,
        "timestamp": iso(status.moment),
        "businessUnitId": 0,
    }
    if status.legal_basis is not None:
        body["legalBasis"] = status.legal_basis
    if status.explanation is not None:
        body["legalBasisExplanation"] = status.explanation
    return body


def _wide(call: Call, email: str) -> list[dict[str, Any]]:
    since = call.portal.preferences.opted_out(email)
    if since is None:
        return []
    return [
        {
            "channel": "EMAIL",
            "subscriberIdString": email,
            "status": "UNSUBSCRIBED",
            "wideStatusType": "PORTAL_WIDE",
            "timestamp": iso(since),
            "businessUnitId": 0,
        }
    ]


def definition_json(subscription: Subscription) -> dict[str, Any]:
    """A subscription type, in every version."""
    settings = subscription.settings
    return {
        "id": str(subscription.id),
        "name": settings.name,
        "description": settings.description,
        "purpose": settings.purpose,
        "communicationMethod": "Email",
        "isActive": settings.active,
        "isDefault": False,
        "isInternal": False,
        "businessUnitId": 0,
        "createdAt": iso(subscription.created),
        "updatedAt": iso(subscription.created),
    }


_READ, _WRITE = "communication_preferences.read", "communication_preferences.read_write"

ENDPOINTS = family(
    "/communication-preferences/v4",
    "/communication-preferences/{version}",
    ("GET", "/definitions", definitions, _READ),
    ("GET", "/statuses/{subscriberIdString}", read, _READ),
    ("POST", "/statuses/{subscriberIdString}", write, _WRITE),
    ("GET", "/statuses/{subscriberIdString}/unsubscribe-all", read_opt_out, _READ),
    ("POST", "/statuses/{subscriberIdString}/unsubscribe-all", opt_out, _WRITE),
    ("POST", "/statuses/batch/read", read_batch, _READ),
    ("POST", "/statuses/batch/write", write_batch, _WRITE),
    ("POST", "/statuses/batch/unsubscribe-all/read", read_opt_out_batch, _READ),
    ("POST", "/statuses/batch/unsubscribe-all", opt_out_batch, _WRITE),
)
