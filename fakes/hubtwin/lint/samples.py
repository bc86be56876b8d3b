"""Samples: for each property a few values that stand for all that it can have.

Two values that no condition of the configuration tells apart need only one sample. So the conditions themselves can be
tried on all samples, and what they accept of them holds for all values.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hubtwin.portal.objects import ObjectType
from hubtwin.portal.properties import PropertyDefinition

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Other(Enum):
    """Stands for all values of a text that nothing in the configuration names."""

    OTHER = "any other value"


OTHER = Other.OTHER

#: A value that stands for others; None for no value.
Sample = str | None | Other


class Samples:
    """The samples of a portal's properties."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._named: dict[str, dict[str, None]] = {}
        self._found: dict[tuple[ObjectType, str], frozenset[Sample]] = {}
        definitions = [flow.data for flow in portal.workflows]
        for definition in (*definitions, *(list.branch for list in portal.lists)):
            for property, value in _values_in(definition):
                self._named.setdefault(property, {})[value] = None

    def of(self, type: ObjectType, property: str) -> frozenset[Sample]:
        """The samples of a property, none for one that isn't there."""
        key = (type, property)
        if key not in self._found:
            definition = self._portal.properties[type].get(property)
            self._found[key] = frozenset() if definition is None else frozenset(self._make(definition))
        return self._found[key]

    def _make(self, definition: PropertyDefinition) -> Iterator[Sample]:
        named = self._named.get(definition.name, {})
        yield None
        if definition.type == "bool":
            yield from ("true", "false")
        elif definition.type == "number":
            yield from _around(named)
        elif is_vague(definition):
            yield OTHER
        elif definition.type == "enumeration" and definition.options:
            yield from (option.value for option in definition.options)
        else:
            yield from filter(None, named)
            yield OTHER


def is_vague(definition: PropertyDefinition) -> bool:
    """Whether a property has values of which no few can stand for all: dates, and choices of several options."""
    return definition.type in ("date", "datetime") or definition.is_multiple


def _around(named: Iterable[str]) -> list[str]:
    """The numbers that are named, one between each two of them, one below and one above all."""
    numbers = sorted({Decimal(one) for one in named if _is_number(one)}) or [Decimal(0)]
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    return [f"{one:f}" for one in (numbers[0] - 1, *numbers, *between, numbers[-1] + 1)]


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _values_in(definition: Any) -> Iterator[tuple[str, str]]:
    """The properties that the JSON of a flow or a list names, each with a value that it asks for or writes."""
    if isinstance(definition, Mapping):
        yield from _named_here(definition)
        definition = list(definition.values())
    if isinstance(definition, list | tuple):
        for inner in definition:
            yield from _values_in(inner)


def _named_here(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if node.get("filterType") == "PROPERTY" and isinstance(node.get("operation"), Mapping):
        operation = node["operation"]
        single = [operation[key] for key in ("value", "lowerBound", "upperBound") if key in operation]
        for value in (*single, *(operation.get("values") or ())):
            yield str(node.get("property")), text_of(value)
    if "property_name" in node and isinstance(node.get("value"), Mapping):
        yield str(node["property_name"]), text_of(node["value"].get("staticValue", ""))
    if isinstance(node.get("inputValue"), Mapping):
        for branch in node.get("staticBranches") or ():
            yield str(node["inputValue"].get("propertyName")), text_of(branch.get("branchValue", ""))


def text_of(value: Any) -> str:
    """A value of JSON as records have it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
