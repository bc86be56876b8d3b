"""What sales got done, measured on runs of which it is known."""

from collections.abc import Callable

from hubtwin.journeys.journey import Journey
from hubtwin.measures.throughput import throughput
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.moments import HOUR, MINUTE
from hubtwin.portal.objects import DEALS
from hubtwin.runs.run import simulate

Mini = Callable[..., Journey]


def test_every_deal_is_open_won_or_lost(mini: Mini, configuration: Configuration) -> None:
    """The three add up to all deals, and only won ones are revenue."""
    run = simulate(mini(arrivals={"per_week": 15}), configuration, seed=1, days=70)
    measured = throughput(run)
    counts = (measured.deals_won, measured.deals_lost, measured.deals_open)
    assert sum(counts) == len(run.portal.records[DEALS])
    assert min(counts) > 0
    won = [deal for deal in run.portal.records[DEALS] if deal.stage == "closedwon"]
    assert measured.revenue == sum(float(deal.get("amount") or 0) for deal in won)


def test_a_call_at_once_is_in_time(mini: Mini, configuration: Configuration) -> None:
    """With reps around the clock and little to do, nobody waits longer than a call takes."""
    journey = mini(team={"hours": "Mon-Sun 00:00-23:59", "call": "1m"}, arrivals={"per_week": 20})
    measured = throughput(simulate(journey, configuration, seed=1, days=28))
    assert measured.in_time == 1.0
    assert measured.median_response is not None
    assert measured.median_response < HOUR


def test_a_night_is_no_working_time(mini: Mini, configuration: Configuration) -> None:
    """Leads of the night are answered in time, though the clock shows many hours."""
    states = {"ask": {"submit_form": "demo", "next": "gone"}, "gone": {"end": "gone"}}
    arrivals = {"per_week": 10, "hours": [1] + [0] * 23}
    journey = mini(states=states, arrivals=arrivals, team={"call": "5m", "qualified": {"base": 0}})
    measured = throughput(simulate(journey, configuration, seed=1, buyers=30, extra_days=7), promised=15 * MINUTE)
    assert measured.median_response is not None
    assert measured.median_response > 6 * HOUR
    assert measured.in_time == 1.0


def test_a_lead_whose_time_is_over_counts_as_late(mini: Mini, configuration: Configuration) -> None:
    """Waiting leads are judged once what sales promised marketing is broken, and not before (S2.7, S3.7)."""
    journey = mini(team={"hours": "Sun 09:00-17:00", "call": "4h"}, arrivals={"per_week": 100})
    measured = throughput(simulate(journey, configuration, seed=1, days=28))
    assert measured.leads > measured.answered > 0
    assert measured.in_time is not None
    assert measured.in_time < 0.3


def test_an_empty_run_has_nothing_to_measure(mini: Mini, configuration: Configuration) -> None:
    """Where there is no lead there is no median and no share."""
    measured = throughput(simulate(mini(arrivals={"per_week": 0.01}), configuration, seed=1, days=1))
    assert (measured.leads, measured.median_response, measured.in_time) == (0, None, None)


def test_a_table_shows_it_all(mini: Mini, configuration: Configuration) -> None:
    """One line a measure, with money and times as people write them."""
    lines = throughput(simulate(mini(), configuration, seed=1, days=40)).table().splitlines()
    assert [line.rsplit("  ", 1)[0].strip() for line in lines] == [
        "measure",
        "deals won",
        "deals lost",
        "deals open",
        "revenue",
        "leads handed over",
        "first calls",
        "median response",
        "called within 4h of working time",
        "load of ada@x.example",
        "load of bo@x.example",
    ]
    assert lines[4].endswith(" USD")
