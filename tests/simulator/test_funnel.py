"""The funnel's two readings, on contacts whose histories are known."""

import pytest

from hubtwin.measures.funnel import funnel
from hubtwin.portal import Portal
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.moments import DAY, HOUR

STAGES = ("lead", "marketingqualifiedlead", "salesqualifiedlead", "customer")

#: The stages that four contacts come to, a day after one another.
HISTORIES = (
    ("lead", "marketingqualifiedlead", "salesqualifiedlead", "customer"),
    ("lead", "marketingqualifiedlead"),
    ("lead", "salesqualifiedlead", "customer"),
    ("marketingqualifiedlead",),
)


@pytest.fixture
def portal() -> Portal:
    """A portal with four contacts, of whom one skips a stage and one begins late."""
    portal = Portal()
    for number, (first, *rest) in enumerate(HISTORIES):
        contact = portal.create("contacts", {"email": f"c{number}@x.example", "lifecyclestage": first})
        for stage in rest:
            portal.clock.advance("1d")
            portal.update(contact, {"lifecyclestage": stage})
    return portal


def test_any_stages_counts_whoever_was_there(portal: Portal) -> None:
    """Skipping a stage takes nobody out of the later ones (F10.1)."""
    assert [step.any_stages for step in funnel(portal, STAGES).steps] == [3, 3, 2, 2]


def test_all_stages_counts_whoever_came_in_order(portal: Portal) -> None:
    """Whoever skips a stage is gone from there on, and whoever begins late was never there (F10.1)."""
    assert [step.all_stages for step in funnel(portal, STAGES).steps] == [3, 2, 1, 1]


def test_conversion_is_the_share_that_came_to_the_next_stage(portal: Portal) -> None:
    """The last stage has no next one."""
    steps = funnel(portal, STAGES).steps
    assert [step.any_conversion for step in steps] == [1, 2 / 3, 1, None]
    assert [step.all_conversion for step in steps] == [2 / 3, 1 / 2, 1, None]


def test_the_median_time_is_from_the_stage_before(portal: Portal) -> None:
    """Each move took a day here; the first stage has none before it."""
    assert [step.median_time for step in funnel(portal, STAGES).steps] == [None, DAY, DAY, DAY]


def test_a_median_lies_between_two_times() -> None:
    """Of two contacts, the median is the mean of both."""
    portal = Portal()
    for number, delay in enumerate(("1h", "3h")):
        contact = portal.create("contacts", {"email": f"c{number}@x.example"})
        portal.clock.advance(delay)
        portal.update(contact, {"lifecyclestage": "customer"})
    assert funnel(portal, ("lead", "customer")).steps[1].median_time == 2 * HOUR


def test_a_contact_counts_once(portal: Portal) -> None:
    """Coming back to a stage by hand is no second visit."""
    contact = portal.create("contacts", {"email": "back@x.example"})
    screen = portal.as_user("ada@hubtwin.example")
    for stage in ("customer", "lead", "customer"):
        screen.edit(contact, {"lifecyclestage": stage})
    assert [step.any_stages for step in funnel(portal, ("lead", "customer")).steps] == [4, 3]


def test_companies_do_not_count() -> None:
    """A funnel is about contacts."""
    portal = Portal()
    portal.create("companies", {"name": "Acme"})
    assert funnel(portal).steps == ()


def test_without_a_choice_all_stages_that_somebody_was_in_are_shown(portal: Portal) -> None:
    """They come in the portal's order."""
    assert [step.stage for step in funnel(portal).steps] == list(STAGES)


def test_an_unknown_stage_is_named(portal: Portal) -> None:
    """The error lists the stages that there are."""
    with pytest.raises(UnknownName, match=r"'leed'; choose from: subscriber, lead, .*did you mean 'lead'"):
        funnel(portal, ("leed",))


def test_a_table_shows_it_all(portal: Portal) -> None:
    """One line a stage, in columns."""
    assert funnel(portal, ("lead", "salesqualifiedlead", "customer")).table().splitlines() == [
        "stage                 any stages  to next  all stages  to next  median time",
        "Lead                           3   66.7 %           3   66.7 %            –",
        "Sales Qualified Lead           2  100.0 %           2  100.0 %       1d 12h",
        "Customer                       2        –           2        –           1d",
    ]
