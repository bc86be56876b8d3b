"""Traits: what a buyer is like but no CRM shows, and the chances that depend on it."""

from typing import Annotated, Literal, Protocol

from pydantic import Field, field_validator, model_validator

from hubtwin.portal.configuration import Part

#: Each trait is a rank between 0 and 1: an *intent* of 0.8 is higher than that of 80 % of all people.
Trait = Literal["fit", "intent"]

Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

#: By how much of a chance a trait raises or lowers it.
Share = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class Traits(Protocol):
    """Whoever has traits: how well the product fits them, and how much they want it."""

    @property
    def fit(self) -> float:
        """How well the product fits, as a rank among all people."""

    @property
    def intent(self) -> float:
        """How much it is wanted, as a rank among all people."""


class Chance(Part):
    """A chance that differs from person to person.

    It is *base* on average over all people. A trait raises it by up to its share in *by* at rank 1, and lowers
    it as much at rank 0: with a base of 0.3 and `intent: 0.5` it goes from 0.15 to 0.45.
    """

    base: Probability
    by: dict[Trait, Share] = Field(default_factory=dict)

    @field_validator("by")
    @classmethod
    def _no_more_than_all(cls, by: dict[Trait, float]) -> dict[Trait, float]:
        if sum(map(abs, by.values())) > 1:
            raise ValueError("the shares add up to more than 1: the chance of some people would be negative")
        return by

    @model_validator(mode="after")
    def _at_most_certain(self) -> "Chance":
        highest = self.base * (1 + sum(map(abs, self.by.values())))
        if highest > 1:
            raise ValueError(f"the chance of some people would be {highest:.3g}; lower the base or the shares of `by`")
        return self

    def for_person(self, person: Traits) -> float:
        """The chance of one person."""
        chance = self.base
        for trait, share in self.by.items():
            chance += self.base * share * (2 * getattr(person, trait) - 1)
        return chance
