"""Account information: what the account is, and how much of its API limits is used (W6.8)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import Endpoint, family
from hubtwin.api.http import Response
from hubtwin.portal.moments import MINUTE, SECOND, iso


def details(call: Call) -> Response:
    """GET /details: the account's id, time zone, currency and place (W6.8.1)."""
    account = call.portal.configuration.account
    offset = _utc_offset(account.time_zone, call.portal.clock.now)
    return answer(
        {
            "portalId": account.id,
            "accountType": "STANDARD",
            "timeZone": account.time_zone,
            "companyCurrency": account.currency,
            "additionalCurrencies": [],
            "utcOffset": _clock_face(offset),
            "utcOffsetMilliseconds": offset,
            "uiDomain": account.ui_domain,
            "dataHostingLocation": account.hublet,
        }
    )


def details_v1(call: Call) -> Response:
    """GET /integrations/v1/me: the account behind a token, as version 1 tells it (W6.8.16)."""
    account = call.portal.configuration.account
    offset = _utc_offset(account.time_zone, call.portal.clock.now)
    return answer(
        {
            "portalId": account.id,
            "timeZone": account.time_zone,
            "currency": account.currency,
            "utcOffsetMilliseconds": offset,
            "utcOffset": _clock_face(offset),
        }
    )


def daily_usage(call: Call) -> Response:
    """GET /api-usage/daily/private-apps: how often private apps called today (W6.8.2)."""
    usage = call.portal.usage
    usage_json = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": usage.allowance.daily,
        "currentUsage": usage.today,
        "collectedAt": iso(call.portal.clock.now),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(usage.resets_at),
    }
    return answer({"results": [usage_json]})


def _utc_offset(zone: str, moment: int) -> int:
    """How far a zone's clocks are ahead of UTC at *moment*, in milliseconds."""
    offset = datetime.fromtimestamp(moment // SECOND, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return (offset or timedelta()) // timedelta(milliseconds=1)


def _clock_face(offset: int) -> str:
    hours, minutes = divmod(abs(offset) // MINUTE, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"


ENDPOINTS = (
    *family(
        "/account-info/v3",
        "/account-info/{version}",
        ("GET", "/details", details, ""),
        ("GET", "/api-usage/daily/private-apps", daily_usage, ""),
    ),
    Endpoint("GET", "/integrations/v1/me", None, details_v1),
)
