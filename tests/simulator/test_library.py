"""The shipped journeys: they load, they cite their sources, and they come to what the sources report."""

from collections.abc import Iterator
from itertools import pairwise
from math import sqrt
from pathlib import Path

import pytest

from hubtwin.journeys import library
from hubtwin.measures.funnel import funnel
from hubtwin.portal.errors import UnknownName
from hubtwin.runs.run import Run, simulate

DOCS = Path(__file__).parents[2] / "docs"

#: Half the width of a 99.9 % band, in standard deviations.
Z = 3.2905


@pytest.fixture(scope="module")
def run() -> Run:
    """Many buyers of the shipped journey, all of whom have come to an end."""
    return simulate(*library.load("saas-mid"), seed=11, days=300, extra_days=None)


def shares(run: Run) -> dict[str, tuple[int, int]]:
    """By step: how many came so far, and how many of them came on."""
    steps = {step.stage: step.any_stages for step in funnel(run.portal).steps}
    stages = ("lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")
    found = {there: (steps[here], steps[there]) for here, there in pairwise(stages)}
    stayed = run.walk.ended["stayed_subscriber"]
    return {**found, "lead": (steps["subscriber"], steps["subscriber"] - stayed)}


@pytest.mark.parametrize(
    ("step", "reported"),
    [
        ("lead", 0.25),
        ("marketingqualifiedlead", 0.31),
        ("salesqualifiedlead", 0.18),
        ("opportunity", 0.45),
        ("customer", 0.22),
    ],
)
def test_conversions_are_those_that_are_reported(run: Run, step: str, reported: float) -> None:
    """Each step of the funnel has the share that its remark cites, within a 99.9 % band."""
    here, there = shares(run)[step]
    assert abs(there / here - reported) < Z * sqrt(reported * (1 - reported) / here)


def test_a_rate_that_is_changed_by_a_tenth_is_noticed(run: Run) -> None:
    """The band is narrow enough for the widest step to show a rate that is 10 % off."""
    here, there = shares(run)["marketingqualifiedlead"]
    assert abs(there / here - 0.341) > Z * sqrt(0.341 * (1 - 0.341) / here)


@pytest.mark.parametrize("name", library.names())
def test_every_number_says_where_it_comes_from(name: str) -> None:
    """States with weights, chances or times, the team, the deals and the arrivals all have remarks."""
    journey, _ = library.load(name)
    parts = [journey.arrivals, journey.colleagues, journey.team, journey.team.qualified, journey.team.deals]
    assert all(getattr(part, "remarks", ()) for part in parts)
    for state_name, state in journey.states.items():
        if {"weights", "chance", "wait", "notice"} & state.model_fields_set:
            assert state.remarks, state_name


@pytest.mark.parametrize("name", library.names())
def test_the_portal_has_what_the_journey_names(name: str) -> None:
    """Each shipped journey runs on the portal that is shipped with it."""
    assert simulate(*library.load(name), seed=1, buyers=3).walk.entered == 3


def test_an_unknown_journey_is_named() -> None:
    """The error lists those that there are."""
    with pytest.raises(UnknownName, match=r"'saas'; choose from: .*saas-mid"):
        library.load("saas")


def rates() -> Iterator[float]:
    """The probabilities in the shipped journey."""
    journey, _ = library.load("saas-mid")
    for state in journey.states.values():
        data = state.model_dump(exclude_none=True)
        yield from data.get("weights", {}).values()
        if "chance" in data:
            yield data["chance"]["base"]
    yield from (journey.team.qualified.base, journey.team.deals.opened.base, journey.team.deals.won.base)


def test_the_docs_list_every_rate() -> None:
    """The table in docs/journeys.md has each of the file's probabilities, in percent."""
    text = (DOCS / "journeys.md").read_text(encoding="utf-8")
    assert [rate for rate in rates() if f"{100 * rate:g} %" not in text] == []
