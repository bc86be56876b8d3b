"""Lifecycle stage metrics, version 1."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal
from hubtwin.portal.moments import DAY

Call = Callable[..., tuple[int, Any]]

PATH = "/contacts/search/v1/external/lifecyclestages"


@pytest.fixture
def start(account: Portal) -> int:
    """Three contacts, a day apart; the second becomes an MQL a day later than the last one was made."""
    start = account.clock.now
    people = []
    for status in ("NEW", "NEW", "OPEN"):
        people.append(account.create("contacts", {"firstname": status, "hs_lead_status": status}))
        account.clock.advance(DAY)
    account.update(people[1], {"lifecyclestage": "marketingqualifiedlead"})
    return start


def counts(body: list[dict[str, Any]]) -> dict[str, int]:
    return {row["lifecycleStage"]: row["count"] for row in body if row["count"]}


def test_contacts_are_counted_by_the_stage_that_they_entered(call: Call, start: int) -> None:
    """All eight stages by their dates, both moments included (F1.30)."""
    status, body = call("GET", PATH, query=f"fromTimestamp={start}&toTimestamp={start + 3 * DAY}")
    assert (status, len(body)) == (200, 8)
    assert counts(body) == {"hs_lifecyclestage_lead_date": 3, "hs_lifecyclestage_marketingqualifiedlead_date": 1}
    _, body = call("GET", PATH, query=f"fromTimestamp={start + DAY}&toTimestamp={start + DAY}")
    assert counts(body) == {"hs_lifecyclestage_lead_date": 1}


def test_the_numbers_are_broken_down_by_a_choice(call: Call, start: int) -> None:
    """The most frequent value first (F1.30)."""
    query = f"fromTimestamp={start}&toTimestamp={start + 3 * DAY}&aggregationProperty=hs_lead_status"
    _, body = call("GET", PATH, query=query)
    (lead,) = (row for row in body if row["lifecycleStage"] == "hs_lifecyclestage_lead_date")
    rows = [{"key": "NEW", "count": 2}, {"key": "OPEN", "count": 1}]
    assert lead["aggregation"] == {"count": 3, "aggregations": {"hs_lead_status": rows}}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("toTimestamp=5", "fromTimestamp is needed"),
        ("fromTimestamp=x&toTimestamp=5", "fromTimestamp is needed"),
        (f"fromTimestamp=1&toTimestamp={'9' * 30}", "toTimestamp is needed"),
        ("fromTimestamp=6&toTimestamp=5", "must not be after"),
        (f"fromTimestamp=0&toTimestamp={731 * DAY}", "must be 2 years or less"),
        ("fromTimestamp=0&toTimestamp=5&aggregationProperty=email", "must be an enumeration"),
    ],
)
def test_wrong_questions_are_refused(call: Call, query: str, message: str) -> None:
    """400 with the rule (F1.30)."""
    status, body = call("GET", PATH, query=query)
    assert status == 400
    assert message in body["message"]
