from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hubtwin.market.traits import Chance


@dataclass(frozen=True)
class Somebody:
    """Whoever has two traits."""

    fit: float
    intent: float


RANKS = st.floats(0, 1)
SHARES = st.floats(-0.5, 0.5)


@given(RANKS, RANKS, st.floats(0, 0.5), SHARES, SHARES)
def test_a_chance_is_a_probability(fit: float, intent: float, base: float, by_fit: float, by_intent: float) -> None:
    """Whoever a person is, their chance lies between 0 and 1."""
    chance = Chance(base=base, by={"fit": by_fit, "intent": by_intent})
    assert -1e-12 <= chance.for_person(Somebody(fit, intent)) <= 1 + 1e-12


def test_a_trait_raises_a_chance_by_its_share() -> None:
    """From rank 0 to rank 1 a chance goes from base less its share to base plus its share."""
    chance = Chance(base=0.3, by={"intent": 0.5})
    chances = [chance.for_person(Somebody(0.9, rank)) for rank in (0.0, 0.5, 1.0)]
    assert chances == pytest.approx([0.15, 0.3, 0.45])


def test_the_base_is_the_mean_over_all_people() -> None:
    """Over people of all ranks the traits cancel out."""
    random, chance = Random(1), Chance(base=0.3, by={"fit": 0.5, "intent": -0.4})
    chances = [chance.for_person(Somebody(random.random(), random.random())) for _ in range(20_000)]
    assert sum(chances) / 20_000 == pytest.approx(0.3, abs=0.003)


@pytest.mark.parametrize(
    "wrong",
    [
        {"base": 1.2},
        {"base": -0.1},
        {"base": 0.2, "by": {"fit": 0.6, "intent": 0.6}},
        {"base": 0.8, "by": {"fit": 0.5}},
        {"base": 0.2, "by": {"charm": 0.5}},
    ],
)
def test_impossible_chances_are_refused(wrong: dict[str, object]) -> None:
    """A chance that some person would have outside 0 to 1 is an error, as is a trait that nobody has."""
    with pytest.raises(ValidationError):
        Chance.model_validate(wrong)
