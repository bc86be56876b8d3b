"""Buyers on their way: what each kind of state does, and that nobody is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.journeys.journey import Journey
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.log import KEPT, MEETING_BOOKED
from hubtwin.portal.moments import DAY, HOUR, from_iso
from hubtwin.portal.objects import CONTACTS, MEETINGS
from hubtwin.runs.run import Run, simulate
from hubtwin.runs.streams import Streams

Mini = Callable[..., Journey]


def waiting_for(condition: dict[str, Any], form: str = "newsletter") -> dict[str, Any]:
    """The states of a buyer who submits a form and then waits for something, for nine days at most."""
    return {
        "ask": {"submit_form": form, "next": "hope"},
        "hope": {"wait_until": condition, "at_most": "9d", "next": "gone"},
        "gone": {"end": "gone"},
    }


def test_a_buyer_fills_in_what_a_form_asks_for(mini: Mini, configuration: Configuration) -> None:
    """The contact has the person's name and company, and the stage that the form sets."""
    run = simulate(mini(), configuration, seed=1, buyers=1)
    (contact,) = run.portal.records[CONTACTS]
    assert contact.stage == "marketingqualifiedlead"
    assert all(contact.get(field) for field in ("email", "firstname", "lastname", "company"))


def test_a_buyer_leaves_fields_out_that_a_form_does_not_have(mini: Mini, configuration: Configuration) -> None:
    """A form that asks for an address only gets nothing else."""
    states = waiting_for({"trait": "fit", "above": 0}, form="newsletter")
    run = simulate(mini(states=states), configuration, seed=1, buyers=1)
    (contact,) = run.portal.records[CONTACTS]
    assert contact.get("email")
    assert contact.get("firstname") is None


def test_a_buyer_waits_until_the_crm_says_so(mini: Mini, configuration: Configuration) -> None:
    """Somebody who waits for a stage goes on the moment that sales sets it, long before their patience ends."""
    run = simulate(mini(), configuration, seed=1, buyers=1, extra_days=30)
    (contact,) = run.portal.records[CONTACTS]
    accepted = from_iso(contact.values["hs_v2_date_entered_salesqualifiedlead"])
    assert [entry.moment for entry in run.portal.log if entry.kind == MEETING_BOOKED] == [accepted]


def test_a_buyer_does_not_wait_for_what_is_so_already(mini: Mini, configuration: Configuration) -> None:
    """A condition that holds on entering lets a buyer through at once."""
    states = waiting_for({"crm": "lifecyclestage", "at_least": "subscriber"})
    assert simulate(mini(states=states), configuration, seed=1, buyers=5).walk.ended["gone"] == 5


def test_patience_ends(mini: Mini, configuration: Configuration) -> None:
    """Who waits in vain goes on after `at_most`, and not before."""
    journey = mini(states=waiting_for({"crm": "lifecyclestage", "is": "customer"}))
    runs = [simulate(journey, configuration, seed=1, buyers=1, extra_days=days) for days in (8.99, 9)]
    assert [run.walk.inside for run in runs] == [1, 0]


def test_a_buyer_moves_on_once_for_two_reasons(mini: Mini, configuration: Configuration) -> None:
    """The end of patience after the hoped-for news is no second step."""
    states = waiting_for({"crm": "lifecyclestage", "at_least": "salesqualifiedlead"}, form="demo")
    states["hope"]["next"] = "rest"
    states["rest"] = {"wait": "20d", "next": "gone"}
    run = simulate(mini(states=states), configuration, seed=1, buyers=1, extra_days=15)
    assert run.walk.places() == {"rest": 1}


def test_meetings_are_booked_in_working_hours(mini: Mini, configuration: Configuration) -> None:
    """Every meeting begins when its host is at work, at least the notice after it was booked, alone."""
    run = simulate(mini(), configuration, seed=2, buyers=60, extra_days=None)
    meetings = list(run.portal.records[MEETINGS])
    starts = [from_iso(meeting.values["hs_meeting_start_time"]) for meeting in meetings]
    assert len(set(starts)) == 60
    assert all(start - meeting.created >= DAY for start, meeting in zip(starts, meetings, strict=True))
    assert all(run.journey.team.working_hours.is_open(start) for start in starts)


def test_meetings_take_place_on_time(mini: Mini, configuration: Configuration) -> None:
    """The host logs each one the moment that it ends, however much other work there is."""
    run = simulate(mini(team={"call": "1h"}), configuration, seed=2, buyers=80, extra_days=None)
    for meeting in run.portal.records[MEETINGS]:
        logged = run.portal.log.last(meeting, "hs_meeting_outcome")
        assert logged is not None
        assert logged.moment == from_iso(meeting.values["hs_meeting_end_time"])


@pytest.mark.parametrize(("share", "outcome"), [(1, "COMPLETED"), (0, "NO_SHOW")])
def test_a_rep_logs_who_came(mini: Mini, configuration: Configuration, share: int, outcome: str) -> None:
    """Attending is what makes a meeting take place; whoever goes elsewhere has not shown up."""
    book = {"book_meeting": "ada", "notice": "1d", "weights": {"attend": share, "gone": 1 - share}}
    run = simulate(mini(changed={"book": book}), configuration, seed=1, buyers=1, extra_days=None)
    (meeting,) = run.portal.records[MEETINGS]
    assert meeting.get("hs_meeting_outcome") == outcome


def test_of_several_links_the_owners_is_booked(mini: Mini, configuration: Configuration) -> None:
    """Whoever called is also whom the buyer meets."""
    book = {"book_meeting": ["ada", "bo"], "notice": "1d", "next": "attend"}
    run = simulate(mini(changed={"book": book}), configuration, seed=1, buyers=20, extra_days=None)
    for meeting in run.portal.records[MEETINGS]:
        (contact,) = run.portal.associations.of(meeting, CONTACTS)
        assert meeting.get("hubspot_owner_id") == contact.get("hubspot_owner_id")
    assert len({meeting.get("hubspot_owner_id") for meeting in run.portal.records[MEETINGS]}) == 2


def test_a_stranger_can_book_too(mini: Mini, configuration: Configuration) -> None:
    """A booking by somebody unknown makes a contact, with whom there is a deal after the meeting."""
    states = {
        "ask": {"book_meeting": ["ada", "bo"], "notice": "2h", "next": "attend"},
        "attend": {"attend": True, "next": "gone"},
        "gone": {"end": "gone"},
    }
    run = simulate(mini(states=states), configuration, seed=1, buyers=1, extra_days=10)
    (contact,) = run.portal.records[CONTACTS]
    assert (contact.stage, contact.get("hs_object_source")) == ("opportunity", "MEETINGS")


def test_a_form_that_comes_late_does_not_set_a_stage_back(mini: Mini, configuration: Configuration) -> None:
    """The portal's own rules hold for simulated people: a newsletter keeps a lead where it is."""
    states = {
        "ask": {"submit_form": "demo", "next": "read"},
        "read": {"submit_form": "newsletter", "next": "gone"},
        "gone": {"end": "gone"},
    }
    run = simulate(mini(states=states), configuration, seed=1, buyers=1)
    (contact,) = run.portal.records[CONTACTS]
    assert contact.stage == "marketingqualifiedlead"
    assert [entry.value for entry in run.portal.log if entry.kind == KEPT] == ["subscriber"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1_000), hours=st.lists(st.integers(1, 200), min_size=1, max_size=10))
def test_nobody_is_lost(mini: Mini, configuration: Configuration, seed: int, hours: list[int]) -> None:
    """At every moment each buyer who entered is in exactly one place: entered = ended + inside."""
    run = Run(mini(), configuration, Streams(seed), start=0)
    run.invite(moment for moment, _ in zip(run.arrivals(), range(30), strict=False))
    for passed in hours:
        run.portal.clock.advance(passed * HOUR)
        assert run.walk.entered == run.walk.ended.total() + run.walk.inside == run.walk.places().total()
        assert run.walk.entered == len(run.portal.records[CONTACTS])


def test_a_run_that_goes_on_ends_with_everybody_gone(mini: Mini, configuration: Configuration) -> None:
    """Once nothing is left to happen, nobody is on their way."""
    run = simulate(mini(), configuration, seed=3, buyers=40, extra_days=None)
    assert run.walk.inside == 0
    assert run.walk.ended.total() == run.walk.entered == 40
