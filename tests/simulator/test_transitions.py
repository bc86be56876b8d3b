from math import sqrt
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from hubtwin.journeys.buyers import Buyer
from hubtwin.journeys.conditions import Condition
from hubtwin.journeys.states import Decide
from hubtwin.market.people import Company, Person
from hubtwin.portal import Portal

COMPANY = Company(0, "Acme", "acme.example", "en_US")


def buyer(*, fit: float = 0.5, intent: float = 0.5, seed: int = 1) -> Buyer:
    return Buyer(Person(0, "Ada", "Ek", "ada@acme.example", COMPANY, fit, intent), Random(seed))


def chosen(who: Buyer, portal: Portal | None = None, *, times: int = 1, **way: Any) -> list[str]:
    state = Decide.model_validate({"decide": "where to?", **way})
    assert state.way is not None
    choose = state.way[1].compile(portal or Portal())
    return [choose(who) for _ in range(times)]


def test_a_direct_way_leads_to_its_state() -> None:
    """Everybody goes there, and nothing is drawn for it."""
    who = buyer()
    assert chosen(who, times=3, next="a") == ["a"] * 3
    assert who.random.random() == Random(1).random()


def test_weights_are_probabilities() -> None:
    """Of many, each weight's share goes to its state, within 99.9 %."""
    ways = chosen(buyer(), times=20_000, weights={"a": 0.2, "b": 0.5, "c": 0.3})
    for name, weight in (("a", 0.2), ("b", 0.5), ("c", 0.3)):
        assert abs(ways.count(name) / 20_000 - weight) < 3.3 * sqrt(weight * (1 - weight) / 20_000)


def test_a_weight_of_nothing_is_never_chosen() -> None:
    """Nobody goes where the weight is zero, be it first or last."""
    assert set(chosen(buyer(), times=1_000, weights={"a": 0, "b": 1, "c": 0})) == {"b"}


def test_a_chance_depends_on_traits() -> None:
    """Those who want more go there more often."""
    chance = {"of": "yes", "otherwise": "no", "base": 0.4, "by": {"intent": 1}}
    shares = [chosen(buyer(intent=rank), times=5_000, chance=chance).count("yes") / 5_000 for rank in (0, 0.5, 1)]
    assert shares == pytest.approx([0, 0.4, 0.8], abs=0.025)


def test_the_first_branch_that_holds_is_taken() -> None:
    """Conditions are tried in order; who meets none takes the last branch."""
    branches = [
        {"when": {"trait": "fit", "above": 0.8}, "next": "best"},
        {"when": {"trait": "fit", "above": 0.5}, "next": "good"},
        {"next": "poor"},
    ]
    assert [chosen(buyer(fit=fit), branches=branches)[0] for fit in (0.9, 0.6, 0.5)] == ["best", "good", "poor"]


def holds(condition: dict[str, Any], values: dict[str, str] | None) -> bool:
    """Whether a condition holds for a buyer whose contact has these values; None is a buyer without a contact."""
    portal, who = Portal(), buyer()
    if values is not None:
        who.contact = portal.create("contacts", {"email": who.person.email, **values})
    return Condition.model_validate(condition).compile(portal)(who)


def test_at_least_follows_the_order_of_the_stages() -> None:
    """A later stage counts, an earlier one does not, nor does having none or being unknown."""
    condition = {"crm": "lifecyclestage", "at_least": "salesqualifiedlead"}
    stages = ["customer", "salesqualifiedlead", "lead"]
    assert [holds(condition, {"lifecyclestage": stage}) for stage in stages] == [True, True, False]
    assert not holds(condition, None)


def test_a_property_can_be_compared_with_several_values() -> None:
    """`is` takes one value or a list."""
    several = {"crm": "hs_lead_status", "is": ["UNQUALIFIED", "BAD_TIMING"]}
    assert holds(several, {"hs_lead_status": "BAD_TIMING"})
    assert not holds({"crm": "hs_lead_status", "is": "UNQUALIFIED"}, {"hs_lead_status": "BAD_TIMING"})
    assert not holds(several, {})


def test_a_trait_can_be_below_a_rank() -> None:
    """`below` holds for lower ranks only."""
    assert holds({"trait": "intent", "below": 0.6}, None)
    assert not holds({"trait": "intent", "below": 0.5}, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"crm": "email"},
        {"crm": "email", "above": 0.5},
        {"trait": "fit", "is": "x"},
        {"crm": "email", "is": "x", "at_least": "lead"},
        {"crm": "hs_lead_status", "at_least": "NEW"},
        {"trait": "fit", "above": 2},
        {"trait": "charm", "above": 0.5},
    ],
)
def test_conditions_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    """Each condition compares one thing in one way that it can be compared in."""
    with pytest.raises(ValidationError):
        Condition.model_validate(wrong)
