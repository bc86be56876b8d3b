"""Workflows that enroll at set times, or on a date of each record (F7.10)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.log import ENROLLED
from hubtwin.portal.moments import from_iso, iso

HELSINKI = "Europe/Helsinki"


def account(schedule: dict[str, Any], zone: str = HELSINKI, **enroll: Any) -> Portal:
    """A portal with a workflow that enrolls by a schedule; its clock stands at Monday 2 March, 11:00 in Helsinki."""
    workflow = {"name": "W", "enroll": {"schedule": schedule, "again": True, **enroll}, "actions": []}
    return Portal(Configuration.model_validate({"account": {"time_zone": zone}, "workflows": [workflow]}))


def times(portal: Portal, record: Record) -> list[str]:
    """When a record was enrolled, in UTC."""
    return [iso(entry.moment)[:16] for entry in portal.log if entry.kind == ENROLLED and entry.record is record]


@pytest.mark.parametrize(
    ("schedule", "until", "expected"),
    [
        ({"at": "12:30"}, "3d", ["2026-03-02T10:30", "2026-03-03T10:30", "2026-03-04T10:30"]),
        ({"at": "09:00"}, "2d", ["2026-03-03T07:00", "2026-03-04T07:00"]),
        (
            {"at": "09:00", "weekly": ["TUESDAY", "SUNDAY"]},
            "8d",
            ["2026-03-03T07:00", "2026-03-08T07:00", "2026-03-10T07:00"],
        ),
        ({"at": "00:00", "monthly": [15, 31]}, "31d", ["2026-03-14T22:00", "2026-03-30T21:00"]),
        ({"at": "09:00", "monthly": "first monday"}, "40d", ["2026-04-06T06:00"]),
        ({"at": "09:00", "monthly": "last day"}, "60d", ["2026-03-31T06:00", "2026-04-30T06:00"]),
        ({"at": "09:00", "yearly": "12-24"}, "366d", ["2026-12-24T07:00"]),
        ({"at": "09:00", "yearly": "02-29"}, "1000d", ["2028-02-29T07:00"]),
    ],
)
def test_when_records_come_in(schedule: dict[str, Any], until: str, expected: list[str]) -> None:
    """In the account's time zone, daylight saving included: it begins on 29 March (F7.10)."""
    portal = account(schedule)
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.clock.advance(until)
    assert times(portal, eve) == expected


def test_a_time_that_daylight_saving_skips() -> None:
    """At 3:30 on a day without it the workflow runs at 4:30 (F7.10.1)."""
    portal = account({"at": "03:30", "weekly": ["SUNDAY"]})
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.clock.run_until(from_iso("2026-03-30T00:00:00Z"))
    assert times(portal, eve)[-1] == "2026-03-29T01:30"


def test_only_those_who_meet_the_conditions_then() -> None:
    """Coming to meet them enrolls nobody before the time (F7.10)."""
    portal = account({"at": "12:00"}, when={"all": [{"property": "jobtitle", "is": "CEO"}]})
    eve = portal.create("contacts", {"email": "eve@acme.example", "jobtitle": "CEO"})
    bob = portal.create("contacts", {"email": "bob@acme.example"})
    assert times(portal, eve) == []
    portal.clock.advance("2h")
    assert (len(times(portal, eve)), len(times(portal, bob))) == (1, 0)


@pytest.mark.parametrize(("again", "count"), [(True, 3), (False, 1)])
def test_each_time_or_once(again: bool, count: int) -> None:
    """Without re-enrollment a record comes in the first time only (F7.22)."""
    portal = account({"at": "12:00"}, when={"all": [{"property": "email", "known": True}]}, again=again)
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.clock.advance("3d")
    assert len(times(portal, eve)) == count


def test_turned_off_and_on_it_goes_on_once() -> None:
    """Not twice a day, and not for the days in between (F7.25)."""
    portal = account({"at": "12:00"})
    eve, flow = portal.create("contacts", {"email": "eve@acme.example"}), portal.workflows.find("W")
    portal.workflows.turn(flow, on=False)
    portal.clock.advance("1d")
    for on in (True, False, True):
        portal.workflows.turn(flow, on=on)
    portal.clock.advance("1d")
    assert times(portal, eve) == ["2026-03-03T10:00"]


# -- by a date of each record ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Pacific/Auckland", "2026-04-07T21:00"),  # where it is the 11th then
        (HELSINKI, "2026-04-07T06:00"),
        ("America/Los_Angeles", "2026-04-07T16:00"),
    ],
)
def test_some_days_before_a_date(zone: str, expected: str) -> None:
    """At the time of day of the account, by the day that a moment is on its calendar (F7.10)."""
    portal = account({"at": "09:00", "date": "closedate", "days": -3}, zone)
    eve = portal.create("contacts", {"email": "eve@acme.example", "closedate": "2026-04-10T12:00:00Z"})
    portal.clock.advance("60d")
    assert times(portal, eve) == [expected]


def test_a_plain_date_has_no_time_zone() -> None:
    """The 10th is the 10th, west of Greenwich too (F7.10)."""
    portal = Portal(
        Configuration.model_validate(
            {
                "account": {"time_zone": "America/Los_Angeles"},
                "properties": {"contacts": [{"name": "renewal", "type": "date"}]},
                "workflows": [{"name": "W", "enroll": {"schedule": {"at": "09:00", "date": "renewal"}}, "actions": []}],
            }
        )
    )
    eve = portal.create("contacts", {"email": "eve@acme.example", "renewal": "2026-04-10"})
    portal.clock.advance("60d")
    assert times(portal, eve) == ["2026-04-10T16:00"]


def test_a_date_that_changes() -> None:
    """The new one counts; without one nothing happens (F7.10)."""
    portal = account({"at": "09:00", "date": "closedate"})
    eve = portal.create("contacts", {"email": "eve@acme.example", "closedate": "2026-03-10T12:00:00Z"})
    bob = portal.create("contacts", {"email": "bob@acme.example", "closedate": "2026-03-10T12:00:00Z"})
    portal.update(eve, {"closedate": "2026-03-20T12:00:00Z"})
    portal.update(bob, {"closedate": ""})
    portal.clock.advance("30d")
    assert (times(portal, eve), times(portal, bob)) == (["2026-03-20T07:00"], [])


def test_each_year() -> None:
    """A birthday comes again; that of a leap day on the 28th (F7.10.1)."""
    portal = account({"at": "09:00", "date": "closedate", "every_year": True})
    eve = portal.create("contacts", {"email": "eve@acme.example", "closedate": "2024-02-29T12:00:00Z"})
    portal.clock.advance("1100d")
    assert times(portal, eve) == ["2027-02-28T07:00", "2028-02-29T07:00", "2029-02-28T07:00"]


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ({"type": "HOURLY"}, "enrollmentSchedule.type can't be 'HOURLY'"),
        ({"type": "DAILY", "timeOfDay": {"hour": 24, "minute": 1}}, "timeOfDay.minute"),
        ({"type": "WEEKLY", "daysOfWeek": ["FUNDAY"]}, "daysOfWeek can't be 'FUNDAY'"),
        ({"type": "MONTHLY_SPECIFIC_DAYS", "daysOfMonth": [32]}, "must be a whole number from 1 to 31"),
        ({"type": "MONTHLY_RELATIVE_DAYS", "monthlyRelativeDays": "SECOND"}, "monthlyRelativeDays can't be 'SECOND'"),
        ({"type": "PROPERTY_BASED"}, "dateProperty is missing"),
    ],
)
def test_wrong_schedules(schedule: dict[str, Any], problem: str) -> None:
    """Each error names the place."""
    flow = {"type": "CONTACT_FLOW", "objectTypeId": "0-1", "isEnabled": True, "actions": []}
    with pytest.raises(InvalidDefinition, match=problem):
        Portal().workflows.create({**flow, "enrollmentSchedule": schedule})
