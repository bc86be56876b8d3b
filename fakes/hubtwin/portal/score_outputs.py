"""Outputs of a score: the properties that carry it (F10.5.7, F10.5.8)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from hubtwin.portal.properties import Option, PropertyDefinition
from hubtwin.portal.score_calculators import NOTHING

FIT, INTENT = "FIT", "INTENT"
CATEGORIES = (FIT, INTENT)

#: The group that the properties of scores are filed under, unless the score says otherwise (our model).
GROUP = "lead_scoring"

_CENT = Decimal("0.01")


class Boundary(NamedTuple):
    """A label, and the points from which on it is given."""

    label: str
    threshold: Decimal


def label_of(points: Decimal, boundaries: Sequence[Boundary]) -> str:
    """The label of the highest boundary that the points reach, "" where they reach none."""
    reached = [boundary for boundary in boundaries if points >= boundary.threshold]
    return max(reached, key=lambda boundary: boundary.threshold).label if reached else ""


@dataclass(frozen=True, slots=True)
class Output(ABC):
    """A property of its own: its *name* and *label*, and the *categories* of points that it is about."""

    name: str
    label: str
    categories: tuple[str, ...]
    description: str = ""
    group: str = GROUP

    @abstractmethod
    def value(self, points: Mapping[str, Decimal]) -> str:
        """The property's value for the points that a record has in each category."""

    @abstractmethod
    def property(self) -> PropertyDefinition:
        """The definition of the property, which nobody but the score writes."""

    def _property(self, type: str, field_type: str, labels: Sequence[str]) -> PropertyDefinition:
        return PropertyDefinition(
            self.name,
            self.label,
            type,
            field_type,
            self.group,
            self.description,
            tuple(Option(label, label, order) for order, label in enumerate(labels)),
            read_only=True,
            hubspot_defined=False,
        )

    def _total(self, points: Mapping[str, Decimal]) -> Decimal:
        return sum((points.get(category, NOTHING) for category in self.categories), NOTHING)


@dataclass(frozen=True, slots=True)
class ScoreOutput(Output):
    """SCORE: the points, to two decimals."""

    def value(self, points: Mapping[str, Decimal]) -> str:
        """The sum of the categories' points."""
        rounded = self._total(points).quantize(_CENT).normalize()
        return f"{rounded if rounded else NOTHING:f}"

    def property(self) -> PropertyDefinition:
        """A number."""
        return self._property("number", "calculation_score", ())


@dataclass(frozen=True, slots=True)
class ThresholdOutput(Output):
    """THRESHOLD: a label for the points, such as High, Medium and Low."""

    boundaries: tuple[Boundary, ...] = ()

    def value(self, points: Mapping[str, Decimal]) -> str:
        """The label of the highest boundary that the points reach."""
        return label_of(self._total(points), self.boundaries)

    def property(self) -> PropertyDefinition:
        """A choice of the labels."""
        return self._property("enumeration", "select", [boundary.label for boundary in self.boundaries])


@dataclass(frozen=True, slots=True)
class MatrixOutput(Output):
    """MATRIX: a label for each category side by side, such as A1 to C3."""

    boundaries: tuple[tuple[str, tuple[Boundary, ...]], ...] = ()

    def value(self, points: Mapping[str, Decimal]) -> str:
        """The labels of all categories; "" where one reaches none."""
        labels = [label_of(points.get(category, NOTHING), found) for category, found in self.boundaries]
        return "".join(labels) if all(labels) else ""

    def property(self) -> PropertyDefinition:
        """A choice of all combinations."""
        columns = [[boundary.label for boundary in found] for _, found in self.boundaries]
        return self._property("enumeration", "select", ["".join(labels) for labels in product(*columns)])
