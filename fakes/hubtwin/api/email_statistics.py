"""Statistics of marketing e-mails: together, and by spans of time (W6.11.13)."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.portal.calendars import UNITS, local, moment_of, start_of, units_later
from hubtwin.portal.email_statistics import counters, ratios
from hubtwin.portal.email_versions import MarketingEmail
from hubtwin.portal.errors import choices
from hubtwin.portal.log import Entry
from hubtwin.portal.moments import HOUR, MINUTE, SECOND, iso
from hubtwin.portal.values import moment

#: The spans of time that are shorter than a day.
_SHORT = MappingProxyType({"HOUR": HOUR, "QUARTER_HOUR": 15 * MINUTE, "MINUTE": MINUTE, "SECOND": SECOND})
_INTERVALS = (*UNITS, *_SHORT)

Event = tuple[MarketingEmail, Entry]


def list_(call: Call) -> Response:
    """GET /list: of the e-mails that were sent in a span of time, all together and by campaign."""
    events = list(_events(call))
    emails = {email.id: email for email, _ in events}
    return answer(
        {
            "aggregate": statistics_json(entry for _, entry in events),
            "campaignAggregations": {
                str(email.campaign): statistics_json(entry for other, entry in events if other is email)
                for email in emails.values()
            },
            "emails": sorted(emails),
        }
    )


def histogram(call: Call) -> Response:
    """GET /histogram: the same by intervals, those in which nothing was sent left out."""
    unit = call.text("interval") or "DAY"
    if unit not in _INTERVALS:
        raise invalid(f"interval can't be {unit!r}; {choices(unit, _INTERVALS)}")
    spans: dict[tuple[int, int], list[Entry]] = {}
    for _, entry in _events(call):
        spans.setdefault(_interval(call, unit, _sent(call, entry)), []).append(entry)
    results = [
        {"interval": {"start": iso(start), "end": iso(end)}, "aggregations": statistics_json(spans[start, end])}
        for start, end in sorted(spans)
    ]
    return answer({"total": len(results), "results": results})


def statistics_json(entries: Iterable[Entry]) -> dict[str, Any]:
    """What happened, counted. Which devices people read on is not known."""
    counted = counters(entries)
    return {
        "counters": counted,
        "ratios": ratios(counted),
        "deviceBreakdown": {
            "open_device_type": {"computer": 0, "mobile": 0, "unknown": counted["open"]},
            "click_device_type": {"computer": 0, "mobile": 0, "unknown": counted["click"]},
        },
        "qualifierStats": {},
    }


def _events(call: Call) -> Iterator[Event]:
    """What happened to the wanted e-mails that were sent in the wanted span."""
    wanted, start, end = call.names("emailIds"), _moment(call, "startTimestamp"), _moment(call, "endTimestamp")
    for email in call.portal.marketing_emails:
        if wanted and str(email.id) not in wanted:
            continue
        for entry in call.portal.marketing_emails.events.of(email):
            sent = _sent(call, entry)
            if (start is None or start <= sent) and (end is None or sent <= end):
                yield email, entry


def _sent(call: Call, entry: Entry) -> int:
    """When the e-mail of an event was sent, or was not."""
    sending = call.portal.marketing_emails.events.sending(entry)
    return entry.moment if sending is None else sending.moment


def _interval(call: Call, unit: str, when: int) -> tuple[int, int]:
    """The interval that a moment lies in, on the clocks of the account."""
    time = local(when, ZoneInfo(call.portal.configuration.account.time_zone))
    if unit in UNITS:
        start = start_of(unit, time)
        return moment_of(start), moment_of(units_later(unit, start, 1))
    length = _SHORT[unit]
    began = when - (moment_of(time.replace(tzinfo=UTC)) % length)
    return began, began + length


def _moment(call: Call, name: str) -> int | None:
    text = call.text(name)
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError:
        raise invalid(f"{name} is not a moment: {text}") from None


ENDPOINTS = family(
    "/marketing/v3/emails",
    "/marketing/emails/{version}",
    ("GET", "/statistics/list", list_, "content"),
    ("GET", "/statistics/histogram", histogram, "content"),
)
