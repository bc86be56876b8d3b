"""The sales team: what it does, when it does it, and what it can't."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hubtwin.journeys.journey import Journey
from hubtwin.measures.throughput import throughput
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.moments import DAY, HOUR, from_iso
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS
from hubtwin.runs.run import Run, simulate
from hubtwin.teams.team import Qualifying

Mini = Callable[..., Journey]


def with_reps(configuration: Configuration, count: int) -> Configuration:
    """The portal with so many reps, of whom the first has ada's link."""
    ada = configuration.users[0]
    users = [ada, *(ada.model_copy(update={"email": f"rep{n}@x.example"}) for n in range(1, count))]
    return configuration.model_copy(update={"users": tuple(users), "meeting_links": configuration.meeting_links[:1]})


def calls_only(mini: Mini, **team: Any) -> Journey:
    """A journey that is over with the first call, which nobody passes."""
    states = {
        "ask": {"submit_form": "demo", "next": "gone"},
        "gone": {"end": "gone"},
    }
    return mini(states=states, team={"qualified": {"base": 0}, **team})


def test_fewer_reps_answer_later(mini: Mini, configuration: Configuration) -> None:
    """Capacity limits: the same leads wait longer, the fewer reps there are."""
    journey = calls_only(mini, call="1h")
    runs = [simulate(journey, with_reps(configuration, reps), seed=1, days=60) for reps in (1, 2, 4)]
    responses = [throughput(run).median_response or 0 for run in runs]
    assert [run.walk.entered for run in runs] == [runs[0].walk.entered] * 3
    assert responses[0] > 5 * responses[1] > 5 * responses[2]


def test_with_too_much_work_the_queue_grows(mini: Mini, configuration: Configuration) -> None:
    """60 leads a week of an hour each are 20 too many for one rep of 40 hours: each week adds as many."""
    journey = calls_only(mini, call="1h")
    queues = [
        len(simulate(journey, with_reps(configuration, 1), seed=1, days=days).sales.leads) for days in (28, 56, 112)
    ]
    assert queues == pytest.approx([80, 160, 320], rel=0.35)


def test_leads_are_called_in_the_order_in_which_they_came(mini: Mini, configuration: Configuration) -> None:
    """First come, first served."""
    run = simulate(calls_only(mini), with_reps(configuration, 1), seed=1, days=30)
    called = [
        entry.record.id
        for entry in run.portal.log
        if entry.property == "hs_lead_status" and entry.value == "ATTEMPTED_TO_CONTACT" and entry.record
    ]
    assert called == sorted(called)


@pytest.mark.parametrize("start", ["2026-03-16", "2026-10-12"])
def test_nobody_works_outside_working_hours(mini: Mini, configuration: Configuration, start: str) -> None:
    """Everything that a rep writes is written between nine and five in Berlin, also when the clocks change."""
    berlin = ZoneInfo("Europe/Berlin")
    begin = int(datetime.fromisoformat(start).replace(tzinfo=berlin).timestamp() * 1000)
    run = simulate(mini(), configuration, seed=4, days=28, start=begin)
    moments = [entry.moment for entry in run.portal.log if entry.source.type == "CRM_UI"]
    local = [datetime.fromtimestamp(moment / 1000, berlin) for moment in moments]
    assert len(local) > 500
    assert all(time.weekday() < 5 and 9 <= time.hour < 17 for time in local)
    assert {time.hour for time in local} == set(range(9, 17))


def test_a_rep_does_one_thing_at_a_time(mini: Mini, configuration: Configuration) -> None:
    """Calls of one rep, who does nothing else, never overlap: each begins when the last one is over."""
    run = simulate(calls_only(mini), with_reps(configuration, 1), seed=1, days=30)
    begun = [
        entry.moment
        for entry in run.portal.log
        if entry.property == "hs_lead_status" and entry.value == "ATTEMPTED_TO_CONTACT"
    ]
    assert min(later - earlier for earlier, later in pairwise(begun)) == HOUR // 2


def test_the_load_is_the_share_of_the_time_that_was_worked(mini: Mini, configuration: Configuration) -> None:
    """Half an hour for each lead that was called, in 8 hours a working day."""
    run = simulate(calls_only(mini), with_reps(configuration, 2), seed=1, days=28)
    measured = throughput(run)
    available = 2 * 20 * 8 * HOUR
    assert set(measured.load) == {"ada@x.example", "rep1@x.example"}
    assert sum(measured.load.values()) / 2 == pytest.approx(measured.answered * HOUR / 2 / available, rel=0.02)


def accepted(run: Run) -> list[str]:
    return [contact.stage or "" for contact in run.portal.records[CONTACTS]]


def test_an_accepted_lead_gets_an_owner_a_stage_and_a_company(mini: Mini, configuration: Configuration) -> None:
    """After the first call the contact is an SQL of whoever called, and belongs to its company's record."""
    run = simulate(mini(), configuration, seed=1, buyers=1, extra_days=1)
    (contact,), (company,) = run.portal.records[CONTACTS], run.portal.records[COMPANIES]
    assert contact.stage == "salesqualifiedlead"
    assert contact.get("hubspot_owner_id") in run.portal.users.ids()
    assert contact.get("associatedcompanyid") == str(company.id)
    assert (contact.get("email") or "").endswith(f"@{company.get('domain')}")


def test_colleagues_share_a_company_record(mini: Mini, configuration: Configuration) -> None:
    """A rep who finds the company's domain does not create it again."""
    journey = mini(colleagues={"share": 0.7})
    run = simulate(journey, configuration, seed=1, buyers=40, extra_days=5)
    domains = [company.get("domain") for company in run.portal.records[COMPANIES]]
    assert len(set(domains)) == len(domains) < 30


def test_a_lead_who_is_turned_down_stays_where_it_is(mini: Mini, configuration: Configuration) -> None:
    """Nothing but the lead status tells."""
    run = simulate(calls_only(mini), configuration, seed=1, buyers=3, extra_days=5)
    for contact in run.portal.records[CONTACTS]:
        assert contact.stage == "marketingqualifiedlead"
        assert contact.get("hs_lead_status") == "UNQUALIFIED"


def test_a_meeting_makes_an_opportunity_and_a_won_deal_a_customer(mini: Mini, configuration: Configuration) -> None:
    """The portal's settings move contact and company along with the deal, as its rules say."""
    run = simulate(mini(deals={"won": {"base": 1.0}}), configuration, seed=1, buyers=1, extra_days=None)
    (contact,), (company,) = run.portal.records[CONTACTS], run.portal.records[COMPANIES]
    stages = [version.value for version in run.portal.log.versions(contact, "lifecyclestage")]
    assert stages == ["customer", "opportunity", "salesqualifiedlead", "marketingqualifiedlead"]
    assert company.stage == "customer"


def test_a_won_deal_goes_through_all_stages_in_about_its_time(mini: Mini, configuration: Configuration) -> None:
    """It takes `won_after`, and what reps add who have other things to do."""
    run = simulate(mini(deals={"won": {"base": 1.0}}), configuration, seed=1, buyers=1, extra_days=None)
    (deal,) = run.portal.records[DEALS]
    stages = [version.value for version in run.portal.log.versions(deal, "dealstage")]
    assert stages[::-1] == [
        stage.id for stage in next(iter(run.portal.pipelines[DEALS])).stages if stage.id != "closedlost"
    ]
    assert 20 * DAY <= from_iso(deal.values["closedate"]) - deal.created <= 26 * DAY


def test_a_lost_deal_moves_nobody(mini: Mini, configuration: Configuration) -> None:
    """The contact stays an opportunity, and its status says that the timing was bad."""
    run = simulate(mini(deals={"won": {"base": 0.0}}), configuration, seed=1, buyers=1, extra_days=None)
    (contact,), (deal,) = run.portal.records[CONTACTS], run.portal.records[DEALS]
    assert (deal.stage, contact.stage, contact.get("hs_lead_status")) == ("closedlost", "opportunity", "BAD_TIMING")


def test_without_a_deal_the_timing_is_bad(mini: Mini, configuration: Configuration) -> None:
    """A meeting that leads to nothing leaves an SQL behind."""
    run = simulate(mini(deals={"opened": {"base": 0.0}}), configuration, seed=1, buyers=1, extra_days=None)
    (contact,) = run.portal.records[CONTACTS]
    assert (contact.stage, contact.get("hs_lead_status")) == ("salesqualifiedlead", "BAD_TIMING")
    assert not run.portal.records[DEALS]


class Average:
    """Somebody with average traits."""

    fit = intent = 0.5


def test_a_late_call_costs_odds() -> None:
    """Four times the delay halves the odds; within five minutes nothing is lost."""
    rule = Qualifying.model_validate({"base": 0.5, "response": {"within": "5m", "exponent": 0.5}})
    minutes = [rule.after(delay * 60_000, Average()) for delay in (0, 5, 20, 80)]
    assert [chance / (1 - chance) for chance in minutes] == pytest.approx([1, 1, 0.5, 0.25])


def test_a_slow_team_qualifies_fewer(mini: Mini, configuration: Configuration) -> None:
    """With the response effect one rep accepts fewer of the same leads than four do."""
    rule = {"base": 0.6, "response": {"within": "5m", "exponent": 0.5}}
    journey = calls_only(mini, call="1h", qualified=rule)
    counts = [
        accepted(simulate(journey, with_reps(configuration, reps), seed=1, buyers=300, extra_days=None)).count(
            "salesqualifiedlead"
        )
        for reps in (1, 4)
    ]
    assert counts[0] < 0.5 * counts[1]


def test_by_hand_nobody_sets_a_customer_back(mini: Mini, configuration: Configuration) -> None:
    """A colleague of a customer's, whom the sync moved on, is not made an SQL again by the rep who calls."""
    journey = mini(colleagues={"share": 0.9}, deals={"won": {"base": 1.0}, "won_after": "1d"})
    run = simulate(journey, configuration, seed=1, buyers=60, extra_days=60)
    order = [stage.id for pipeline in run.portal.pipelines[CONTACTS] for stage in pipeline.stages]
    for contact in run.portal.records[CONTACTS]:
        stages = [order.index(version.value or "") for version in run.portal.log.versions(contact, "lifecyclestage")]
        assert stages == sorted(stages, reverse=True)
    assert any(entry.source.type == "COMPANIES" for entry in run.portal.log)
