"""When workflows act: time windows and blocked dates, in the account's time zone (F7.5)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.log import ACTION_SUCCEEDED, UNENROLLED
from hubtwin.portal.moments import from_iso, iso


def account(**members: Any) -> Portal:
    """A portal in Helsinki, two hours ahead of UTC and three from 29 March on; its clock stands at 11:00."""
    workflow = {"name": "W", "actions": [{"set": "jobtitle", "to": "marked"}], **members}
    return Portal(Configuration.model_validate({"account": {"time_zone": "Europe/Helsinki"}, "workflows": [workflow]}))


def acted(portal: Portal, start: str, days: str = "400d") -> list[str]:
    """When the actions were done for a contact that was enrolled at *start*, in UTC."""
    portal.clock.run_until(from_iso(start))
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.workflows.enroll("W", eve)
    portal.clock.advance(days)
    return [iso(entry.moment)[:16] for entry in portal.log if entry.kind == ACTION_SUCCEEDED]


WEEKDAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-02T09:30Z", "2026-03-02T09:30"),  # within the window
        ("2026-03-03T05:59Z", "2026-03-03T06:00"),  # before it
        ("2026-03-03T15:30Z", "2026-03-04T06:00"),  # its end does not belong to it
        ("2026-03-06T20:00Z", "2026-03-09T06:00"),  # over the weekend
        ("2026-03-27T20:00Z", "2026-03-30T05:00"),  # daylight saving began
    ],
)
def test_the_next_window(start: str, expected: str) -> None:
    """Who comes at another time waits for it (F7.5)."""
    hours = [{"days": WEEKDAYS, "start": "08:00", "end": "17:30"}]
    assert acted(account(hours=hours), start) == [expected]


def test_several_windows() -> None:
    """A lunch break (F7.5)."""
    hours = [
        {"days": ["MONDAY"], "start": "08:00", "end": "12:00"},
        {"days": ["MONDAY"], "start": "13:00", "end": "24:00"},
    ]
    assert acted(account(hours=hours), "2026-03-02T10:15Z") == ["2026-03-02T11:00"]


def test_each_action_waits() -> None:
    """Not only the first one: what a delay puts into the night is done in the morning (F7.5)."""
    actions = [{"clear": "city"}, {"wait": "8h"}, {"clear": "state"}]
    hours = [{"days": WEEKDAYS, "start": "08:00", "end": "17:30"}]
    expected = ["2026-03-02T10:00", "2026-03-02T10:00", "2026-03-03T06:00"]
    assert acted(account(hours=hours, actions=actions), "2026-03-02T10:00Z") == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-12-23T22:00Z", "2026-12-25T22:00"),  # the 24th and 25th, from midnight to midnight
        ("2027-12-24T12:00Z", "2027-12-24T22:00"),  # the 25th was blocked in 2026 only
    ],
)
def test_blocked_dates(start: str, expected: str) -> None:
    """Of every year or of one; nothing is done on them (F7.5, F7.29)."""
    assert acted(account(blocked=["12-24", "2026-12-25"]), start) == [expected]


def test_blocked_dates_go_before_windows() -> None:
    """A window on a blocked date stays shut (F7.5)."""
    hours = [{"days": ["THURSDAY"], "start": "08:00", "end": "09:00"}]
    assert acted(account(hours=hours, blocked=["2026-12-24"]), "2026-12-20T12:00Z") == ["2026-12-31T06:00"]


def test_delays_and_branches_know_no_hours() -> None:
    """A delay begins outside them, too; the action behind it waits for the next window (F7.5.2)."""
    branch = {"if": {"all": [{"property": "email", "known": True}]}, "then": [{"wait": "1d"}]}
    marked = {"set": "jobtitle", "to": "marked"}
    portal = account(hours=[{"days": WEEKDAYS, "start": "08:00", "end": "17:00"}], actions=[branch, marked])
    friday_evening, saturday, monday = "2026-03-06T20:00", "2026-03-07T20:00", "2026-03-09T06:00"
    assert acted(portal, f"{friday_evening}Z", "7d") == [friday_evening, friday_evening, monday]
    (delay,) = [event for event in portal.workflows.action_log if event.until is not None]
    assert iso(delay.until or 0)[:16] == saturday


def test_a_window_that_never_opens() -> None:
    """Where all days are blocked the record leaves, rather than wait for ever (F7.5.1)."""
    days = [f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32)]
    portal = account(blocked=days)
    assert acted(portal, "2026-03-02T09:00Z", "1d") == []
    assert [entry.kind for entry in portal.log][-1] == UNENROLLED


NINE = {"day": "MONDAY", "startTime": {"hour": 9}}


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        (
            {"timeWindows": [{"day": "MONDAY", "startTime": {"hour": 9}, "endTime": {"hour": 8}}]},
            "later than startTime",
        ),
        (
            {"timeWindows": [{"day": "MONDAY", "startTime": {"hour": 9}, "endTime": {"hour": 24, "minute": 5}}]},
            "endTime",
        ),
        ({"timeWindows": [{"day": "FUNDAY", "startTime": {"hour": 9}, "endTime": {"hour": 10}}]}, "day can't be"),
        ({"timeWindows": "always"}, "timeWindows must be a list"),
        ({"blockedDates": [{"dayOfMonth": 32, "month": "MAY"}]}, r"blockedDates\[0\].dayOfMonth"),
        ({"blockedDates": [{"dayOfMonth": 3, "month": "Mai"}]}, "month can't be 'Mai'"),
    ],
)
def test_wrong_hours(members: dict[str, Any], problem: str) -> None:
    """Each error names the place."""
    flow = {"type": "CONTACT_FLOW", "objectTypeId": "0-1", "isEnabled": True, "actions": []}
    with pytest.raises(InvalidDefinition, match=problem):
        Portal().workflows.create({**flow, **members})
