"""Buyers on their way: what each kind of state does, and that nobody is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.files import Document
from hubtwin.journeys.journey import Journey
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.log import FORM_SUBMITTED, MEETING_BOOKED, Entry
from hubtwin.portal.moments import DAY, from_iso
from hubtwin.portal.objects import CONTACTS, MEETINGS
from hubtwin.runs.run import Run, simulate

Mini = Callable[..., Journey]


def entries(run: Run, kind: str) -> list[Entry]:
    return [entry for entry in run.portal.log if entry.kind == kind]


def test_a_buyer_fills_in_what_a_form_asks_for(mini: Mini, configuration: Configuration) -> None:
    """The contact has the person's name, company and address, in the stage that the form sets."""
    run = simulate(mini(), configuration, seed=1, buyers=1)
    (contact,) = run.portal.records[CONTACTS]
    assert contact.stage == "marketingqualifiedlead"
    assert contact.get("email", ).endswith(f"@{contact.get('company')}".lower()[:3]) or contact.get("firstname")


def test_a_buyer_waits_until_the_crm_says_so(mini: Mini, configuration: Configuration) -> None:
    """Somebody who waits for a stage goes on the moment that sales sets it, long before their patience ends."""
    run = simulate(mini(), configuration, seed=1, buyers=1, extra_days=30)
    (contact,) = run.portal.records[CONTACTS]
    accepted = from_iso(contact.values["hs_v2_date_entered_salesqualifiedlead"])
    assert [entry.moment for entry in entries(run, MEETING_BOOKED)] == [accepted]


def test_a_buyer_does_not_wait_for_what_is_so_already(mini: Mini, configuration: Configuration) -> None:
    """A condition that holds on entering lets a buyer through at once."""
    states = {
        "ask": {"submit_form": "demo", "next": "check"},
        "check": {
            "wait_until": {"crm": "lifecyclestage", "at_least": "lead"},
            "at_most": "9d",
            "next": "gone",
        },
        "gone": {"end": "gone"},
    }
    assert simulate(mini(states=states), configuration, seed=1, buyers=5).walk.ended["gone"] == 5


def test_patience_ends(mini: Mini, configuration: Configuration) -> None:
    """Who waits in vain goes on after `at_most`."""
    states = {
        "ask": {"submit_form": "newsletter", "next": "check"},
        "check": {
            "wait_until": {"crm": "lifecyclestage", "is": "customer"},
            "at_most": "9d",
            "next": "gone",
        },
        "gone": {"end": "gone"},
    }
    before, after = (
        simulate(mini(states=states), configuration, seed=1, buyers=1, extra_days=days) for days in (8.99, 9)
    )
    assert (before.walk.inside, after.walk.ended["gone"]) == (1, 1)


def test_a_meeting_is_booked_no_earlier_than_noticed(mini: Mini, configuration: Configuration) -> None:
    """Every meeting begins in working hours, at least the notice after it was booked."""
    run = simulate(mini(), configuration, seed=2, buyers=60, extra_days=None)
    hours = run.journey.team.working_hours
    booked = [meeting for meeting in run.portal.records[MEETINGS]]
    starts = [from_iso(meeting.values["hs_meeting_start_time"]) for meeting in booked]
    assert len(starts) == 60
    assert all(start - meeting.created >= DAY for start, meeting in zip(starts, booked, strict=True))
    assert all(hours.is_open(start) for start in starts)


def test_nobody_books_a_time_that_is_taken(mini: Mini, configuration: Configuration) -> None:
    """A host has one meeting at a time."""
    run = simulate(mini(), configuration, seed=2, buyers=60, extra_days=None)
    starts = [meeting.values["hs_meeting_start_time"] for meeting in run.portal.records[MEETINGS]]
    assert len(set(starts)) == len(starts)


@pytest.mark.parametrize(("comes", "outcome"), [(True, "COMPLETED"), (False, "NO_SHOW")])
def test_a_rep_logs_who_came(mini: Mini, configuration: Configuration, comes: bool, outcome: str) -> None:
    """Attending is what makes a meeting take place; it is logged when it is over."""
    states = mini().model_dump(by_alias=True, exclude_none=True)
    assert states
    journey = mini(states=_states(mini, book={"book_meeting": "ada", "notice": "1d", "next": "attend" if comes else "gone"}))
    run = simulate(journey, configuration, seed=1, buyers=1, extra_days=None)
    (meeting,) = run.portal.records[MEETINGS]
    assert meeting.get("hs_meeting_outcome") == outcome


def _states(mini: Mini, **changed: Any) -> dict[str, Any]:
    raise NotImplementedError
