"""How flows perform: how many records came in, left, and came to the end, in each stretch of time (F7.2.5)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.flows import find_flow
from hubtwin.api.http import Response
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.flows.office_hours import WEEKDAYS
from hubtwin.portal.ids import as_number
from hubtwin.portal.log import ENROLLED, UNENROLLED

BUCKETS = ("DAY", "WEEK", "MONTH")


def read(call: Call) -> Response:
    """GET /flows/performance/{flowId}: by days where `bucketType` says nothing else (F7.2.5)."""
    flow = find_flow(call, call.path["flowId"])
    if flow is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer({"results": histogram(call, flow, call.text("bucketType") or "DAY")})


def histogram(call: Call, flow: Flow, bucket: str) -> list[dict[str, Any]]:
    """The rows of a flow's histogram, newest first; stretches without any are left out. Raises ApiError."""
    if bucket not in BUCKETS:
        raise invalid(f"{bucket} is not a stretch of time; choose from: {', '.join(BUCKETS)}")
    first = call.text("firstDay") or WEEKDAYS[0]
    if first not in WEEKDAYS:
        raise invalid(f"firstDay is not a weekday: {first}; choose from: {', '.join(WEEKDAYS)}")
    start, end = _moment(call, "start", 0), _moment(call, "end", call.portal.clock.now)
    zone = ZoneInfo(call.portal.configuration.account.time_zone)
    rows: list[dict[str, Any]] = []
    for series, moments in _series(call, flow):
        days = (datetime.fromtimestamp(m / 1000, UTC).astimezone(zone).date() for m in moments if start <= m <= end)
        found = Counter(_first_day(day, bucket, WEEKDAYS.index(first)) for day in days)
        rows += [{"series": series, "bucket": day.isoformat(), "frequency": found[day]} for day in sorted(found)[::-1]]
    return rows


def _series(call: Call, flow: Flow) -> Iterator[tuple[str, Sequence[int]]]:
    entries = [call.portal.log[number] for number in flow.entries]
    yield "ENROLLED", [entry.moment for entry in entries if entry.kind == ENROLLED]
    yield "UNENROLLED", [entry.moment for entry in entries if entry.kind == UNENROLLED]
    yield "COMPLETED", flow.arrivals


def _first_day(day: date, bucket: str, weekday: int) -> date:
    """The day that a stretch is called by: its first one."""
    if bucket == "MONTH":
        return day.replace(day=1)
    return day - timedelta(days=(day.weekday() - weekday) % 7) if bucket == "WEEK" else day


def _moment(call: Call, name: str, default: int) -> int:
    text = call.text(name)
    number = default if text is None else as_number(text)
    if number is None:
        raise invalid(f"Unable to parse value for query parameter: {name}")
    return number


ENDPOINTS = family("/automation/v4", None, ("GET", "/flows/performance/{flowId}", read, "automation"))
