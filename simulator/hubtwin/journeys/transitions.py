"""Transitions: the ways from a state to the next one."""

from collections.abc import Callable, Iterable
from typing import Annotated, Protocol

from pydantic import Field, RootModel, field_validator

from hubtwin.files.documents import Place
from hubtwin.journeys.buyers import Buyer
from hubtwin.journeys.conditions import Condition, Test
from hubtwin.journeys.names import Names
from hubtwin.market.traits import Chance, Probability
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.portal import Portal

#: Gives the name of the state that a buyer goes to.
Choose = Callable[[Buyer], str]

#: Weights may miss one by so much, since 0.1 + 0.2 misses 0.3.
_ROUNDING = 1e-9


class Way(Protocol):
    """One of the ways in which a state can be left."""

    def targets(self) -> Iterable[tuple[Place, str]]:
        """The states that it leads to, and the place inside it where each is named."""

    def check(self, names: Names, place: Place) -> None:
        """Check what it names in the portal; *place* is where it stands in the file."""

    def compile(self, portal: Portal) -> Choose:
        """The way as a function of the buyer."""


class Direct(RootModel[Name]):
    """To one state, whatever happens."""

    def targets(self) -> Iterable[tuple[Place, str]]:
        """The one state."""
        return [((), self.root)]

    def check(self, names: Names, place: Place) -> None:
        """Nothing to check: it names nothing of the portal."""

    def compile(self, portal: Portal) -> Choose:
        """Always the one state."""
        return lambda buyer: self.root


class Weights(RootModel[dict[Name, Probability]]):
    """To each of several states with a probability of its own."""

    @field_validator("root")
    @classmethod
    def _sum_to_one(cls, weights: dict[str, float]) -> dict[str, float]:
        total = sum(weights.values())
        if abs(total - 1) > _ROUNDING:
            raise ValueError(f"the weights sum to {total:.6g}; they must sum to one")
        return weights

    def targets(self) -> Iterable[tuple[Place, str]]:
        """The states that have a weight."""
        return [((name,), name) for name in self.root]

    def check(self, names: Names, place: Place) -> None:
        """Nothing to check: they name nothing of the portal."""

    def compile(self, portal: Portal) -> Choose:
        """One draw decides."""
        *others, (last, _) = self.root.items()

        def choose(buyer: Buyer) -> str:
            draw = buyer.random.random()
            for name, weight in others:
                draw -= weight
                if draw < 0:
                    return name
            return last

        return choose


class Branch(Part):
    """To the state *next* for those who meet a condition, or for all others."""

    next: Name
    when: Condition | None = None


class Branches(RootModel[Annotated[tuple[Branch, ...], Field(min_length=1)]]):
    """To the state of the first branch whose condition holds; the last one has no condition."""

    @field_validator("root")
    @classmethod
    def _last_is_for_the_rest(cls, branches: tuple[Branch, ...]) -> tuple[Branch, ...]:
        *others, last = branches
        if last.when is not None or not all(branch.when for branch in others):
            raise ValueError("the last branch is for all others, without 'when'; every other one has a 'when'")
        return branches

    def targets(self) -> Iterable[tuple[Place, str]]:
        """The states of all branches."""
        return [((number, "next"), branch.next) for number, branch in enumerate(self.root)]

    def check(self, names: Names, place: Place) -> None:
        """Check what the conditions name."""
        for number, branch in enumerate(self.root):
            if branch.when is not None:
                branch.when.check(names, (*place, number, "when"))

    def compile(self, portal: Portal) -> Choose:
        """The conditions are tried in order; nothing is drawn."""
        ways: list[tuple[Test, str]] = [
            (branch.when.compile(portal) if branch.when else _always, branch.next) for branch in self.root
        ]
        return lambda buyer: next(name for test, name in ways if test(buyer))


def _always(buyer: Buyer) -> bool:
    return True


class TraitChance(Chance):
    """To the state *of* with a chance that a buyer's traits raise or lower, *otherwise* to another."""

    of: Name
    otherwise: Name

    def targets(self) -> Iterable[tuple[Place, str]]:
        """The two states."""
        return [(("of",), self.of), (("otherwise",), self.otherwise)]

    def check(self, names: Names, place: Place) -> None:
        """Nothing to check: it names nothing of the portal."""

    def compile(self, portal: Portal) -> Choose:
        """One draw decides."""

        def choose(buyer: Buyer) -> str:
            return self.of if buyer.random.random() < self.for_person(buyer.person) else self.otherwise

        return choose
