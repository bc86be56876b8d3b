"""The predicate core: does a record match? Search's grammar sits on it (W2.8); lists and triggers will too.

A missing value matches no comparison at all, the negative ones included: HubSpot leaves that open, and one who
wants it asks for it with NOT_HAS_PROPERTY in a group of its own (W2.8.6).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.values import moment

Comparable = Decimal | int | str
Predicate = Callable[[str | None], bool]

_TOKEN = re.compile(r"[^\W_]+")
_PATTERN_TOKEN = re.compile(r"[\w*]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a property with what somebody is looking for."""

    operator: str
    value: str | None = None
    high: str | None = None
    values: Sequence[str] = ()


#: The types whose values have an order that is worth keeping, and the comparisons that pass a stretch of it.
ORDERED = frozenset({"date", "datetime", "number"})
RANGES = frozenset({"EQ", "LT", "LTE", "GT", "GTE", "BETWEEN"})


class InvalidComparison(ValueError):
    """A comparison that makes no sense: an unknown operator, a missing or misplaced value."""


def predicate(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    """A function that tells whether a property's value passes.

    Raises InvalidComparison.
    """
    make = OPERATORS.get(comparison.operator)
    if make is None:
        raise InvalidComparison(f"unknown operator {comparison.operator!r}")
    return make(definition, comparison)


def comparable(definition: PropertyDefinition, text: str | None) -> Comparable:
    """What somebody is looking for as what it is compared by. Raises InvalidComparison."""
    if text is None or text == "":
        raise InvalidComparison("the filter has no value")
    return _comparable(definition, text)


def sort_key(definition: PropertyDefinition, value: str | None) -> Comparable | None:
    """What a record's value is compared by: numbers and moments by size, text without regard to case.

    None for no value, and for one that is left from a property of the same name and another type.
    """
    if value is None:
        return None
    try:
        return _comparable(definition, value)
    except InvalidComparison:
        return None


def tokens(text: str) -> set[str]:
    """The words of a text as search sees them: lower-case, split at whatever is neither letter nor digit."""
    return set(_TOKEN.findall(text.lower()))


def _comparable(definition: PropertyDefinition, value: str) -> Comparable:
    if definition.type == "number":
        return _number(value)
    if definition.type in ("date", "datetime"):
        return _moment(value)
    # Strings compare without regard to case, except the values of enumerations (W2.8).
    return value if definition.type in ("enumeration", "bool") else value.lower()


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except ArithmeticError:
        raise InvalidComparison(f"{text!r} is not a number") from None


@lru_cache(maxsize=4096)
def _moment(text: str) -> int:
    try:
        return moment(text)
    except ValueError:
        raise InvalidComparison(f"{text!r} is not a date") from None


def _compare(holds: Callable[[Comparable, Comparable], bool]) -> Callable[[PropertyDefinition, Comparison], Predicate]:
    def make(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
        wanted = comparable(definition, comparison.value)
        return lambda value: (key := sort_key(definition, value)) is not None and holds(key, wanted)

    return make


def _between(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    low, high = comparable(definition, comparison.value), comparable(definition, comparison.high)
    return lambda value: (key := sort_key(definition, value)) is not None and low <= key <= high  # type: ignore[operator]  # both of one type


def _any_of(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    if not comparison.values:
        raise InvalidComparison(f"{comparison.operator} needs values")
    if definition.type in ("string", "phone_number"):
        # What is stored is lower-cased before it is compared, what is looked for is not (W2.8).
        chosen: set[Comparable] = set(comparison.values)
    else:
        chosen = {comparable(definition, value) for value in comparison.values}
    return lambda value: value is not None and not chosen.isdisjoint(_members(definition, value))


def _none_of(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    matches = _any_of(definition, comparison)
    return lambda value: value is not None and not matches(value)


def _members(definition: PropertyDefinition, value: str) -> list[Comparable | None]:
    parts = value.split(";") if definition.is_multiple else [value]
    return [sort_key(definition, part) for part in parts]


def _has(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    _no_value(comparison)
    return lambda value: value is not None


def _has_not(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    _no_value(comparison)
    return lambda value: value is None


def _no_value(comparison: Comparison) -> None:
    if comparison.value or comparison.values:
        raise InvalidComparison(f"{comparison.operator} takes no value")


def _contains(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    if not comparison.value:
        raise InvalidComparison("the filter has no value")
    patterns = [_token_pattern(word) for word in _PATTERN_TOKEN.findall(comparison.value.lower())]
    if not patterns:
        raise InvalidComparison(f"{comparison.value!r} holds no letters or digits")
    return lambda value: value is not None and _all_found(patterns, tokens(value))


def _contains_not(definition: PropertyDefinition, comparison: Comparison) -> Predicate:
    contains = _contains(definition, comparison)
    return lambda value: value is not None and not contains(value)


def _token_pattern(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word).replace(r"\*", ".*"))


def _all_found(patterns: Sequence[re.Pattern[str]], words: set[str]) -> bool:
    return all(any(pattern.fullmatch(word) for word in words) for pattern in patterns)


OPERATORS: Mapping[str, Callable[[PropertyDefinition, Comparison], Predicate]] = MappingProxyType(
    {
        "EQ": _compare(lambda a, b: a == b),
        "NEQ": _compare(lambda a, b: a != b),
        "LT": _compare(lambda a, b: a < b),  # type: ignore[operator]  # both of one type
        "LTE": _compare(lambda a, b: a <= b),  # type: ignore[operator]
        "GT": _compare(lambda a, b: a > b),  # type: ignore[operator]
        "GTE": _compare(lambda a, b: a >= b),  # type: ignore[operator]
        "BETWEEN": _between,
        "IN": _any_of,
        "NOT_IN": _none_of,
        "HAS_PROPERTY": _has,
        "NOT_HAS_PROPERTY": _has_not,
        "CONTAINS_TOKEN": _contains,
        "NOT_CONTAINS_TOKEN": _contains_not,
    }
)
