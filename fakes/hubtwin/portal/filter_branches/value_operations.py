"""The operations of filters on a property's value: texts, numbers, booleans, options (W6.4.10 to W6.4.14, F7.14).

An operator is a comparison and a mode: that the present value passes, that it doesn't, that any value ever had
passes, that none did. The comparisons that search has too are search's.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filters import Comparison, InvalidComparison, predicate
from hubtwin.portal.properties import PropertyDefinition

Passes = Callable[[str], bool]


class Mode(Enum):
    """Which of a property's values a test is about, and what has to come of it."""

    IS = "the present one passes"
    IS_NOT = "the present one doesn't"
    EVER = "one of all that there were passes"
    NEVER = "none of all that there were passes"

    @property
    def is_about_history(self) -> bool:
        """Whether earlier values count."""
        return self in (Mode.EVER, Mode.NEVER)


@dataclass(frozen=True, slots=True)
class ValueTest:
    """A value operation, read: a comparison that single values pass, and the *mode*."""

    passes: Passes
    mode: Mode

    def holds(self, values: Sequence[str]) -> bool | None:
        """Whether the property passes, None where it has no value.

        *values* is its present value, or all that it ever had where the mode is about history.
        """
        if not values:
            return None
        return any(map(self._passes, values)) is (self.mode in (Mode.IS, Mode.EVER))

    def _passes(self, value: str) -> bool:
        try:
            return self.passes(value)
        except InvalidComparison:  # an old value, from before the property had its present type
            return False


def value_test(definition: PropertyDefinition, node: Node, kind: str) -> ValueTest:
    """The test that an operation of *kind* describes. Raises InvalidFilterBranch."""
    types, operators, values_in = _KINDS[kind]
    if definition.type not in types:
        raise node.wrong("operationType", f"{kind} doesn't go with {definition.name}, which is a {definition.type}")
    mode, comparison = operators[node.choice("operator", operators)]
    wanted = values_in(node)
    try:
        return ValueTest(_COMPARISONS[comparison](definition, wanted), mode)
    except InvalidComparison as error:
        raise node.wrong("operator", f"can't be applied: {error}") from None


# -- what is looked for --------------------------------------------------------------------------------------


def _value(node: Node) -> list[str]:
    if not (text := node.text("value")):
        raise node.wrong("value", "is empty")
    return [text]


def _number(node: Node) -> list[str]:
    return [node.number("value")]


def _bounds(node: Node) -> list[str]:
    return [node.number("lowerBound"), node.number("upperBound")]


def _flag(node: Node) -> list[str]:
    return [str(node.flag("value")).lower()]


def _values(node: Node) -> list[str]:
    return node.texts("values")


# -- the comparisons -----------------------------------------------------------------------------------------

Make = Callable[[PropertyDefinition, Sequence[str]], Passes]


def _any_by(operator: str) -> Make:
    """Search's comparison with any of several values."""

    def make(definition: PropertyDefinition, wanted: Sequence[str]) -> Passes:
        tests = [predicate(definition, Comparison(operator, value)) for value in wanted]
        return lambda value: any(test(value) for test in tests)

    return make


def _between(definition: PropertyDefinition, wanted: Sequence[str]) -> Passes:
    low, high = wanted
    return predicate(definition, Comparison("BETWEEN", low, high))


def _any_by_text(holds: Callable[[str, str], bool]) -> Make:
    """A comparison of texts, without regard to case, with any of several."""

    def make(definition: PropertyDefinition, wanted: Sequence[str]) -> Passes:
        texts = [text.lower() for text in wanted]
        return lambda value: any(holds(value.lower(), text) for text in texts)

    return make


def _whole_words(value: str, wanted: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", value) is not None


def _any_option(definition: PropertyDefinition, wanted: Sequence[str]) -> Passes:
    options = replace(definition, type="enumeration")
    return predicate(options, Comparison("IN", values=tuple(wanted)))


def _exactly(definition: PropertyDefinition, wanted: Sequence[str]) -> Passes:
    return lambda value: set(value.split(";")) == set(wanted)


def _all_options(definition: PropertyDefinition, wanted: Sequence[str]) -> Passes:
    return lambda value: set(value.split(";")) >= set(wanted)


_COMPARISONS: Mapping[str, Make] = MappingProxyType(
    {
        "equal": _any_by("EQ"),
        "greater": _any_by("GT"),
        "at least": _any_by("GTE"),
        "less": _any_by("LT"),
        "at most": _any_by("LTE"),
        "between": _between,
        "contains": _any_by_text(lambda value, text: text in value),
        "starts": _any_by_text(str.startswith),
        "ends": _any_by_text(str.endswith),
        "words": _any_by_text(_whole_words),
        "any option": _any_option,
        "exactly": _exactly,
        "all options": _all_options,
    }
)

# -- the operators -------------------------------------------------------------------------------------------

_Operators = Mapping[str, tuple[Mode, str]]

_EQUAL: _Operators = {"IS_EQUAL_TO": (Mode.IS, "equal"), "IS_NOT_EQUAL_TO": (Mode.IS_NOT, "equal")}
_EVER_EQUAL: _Operators = {
    "HAS_EVER_BEEN_EQUAL_TO": (Mode.EVER, "equal"),
    "HAS_NEVER_BEEN_EQUAL_TO": (Mode.NEVER, "equal"),
}
_PARTS: _Operators = {
    "CONTAINS": (Mode.IS, "contains"),
    "DOES_NOT_CONTAIN": (Mode.IS_NOT, "contains"),
    "STARTS_WITH": (Mode.IS, "starts"),
    "ENDS_WITH": (Mode.IS, "ends"),
}
_EVER_CONTAINED: _Operators = {
    "HAS_EVER_CONTAINED": (Mode.EVER, "contains"),
    "HAS_NEVER_CONTAINED": (Mode.NEVER, "contains"),
}
_WORDS: _Operators = {
    "CONTAINS_EXACTLY": (Mode.IS, "words"),
    "DOES_NOT_CONTAIN_EXACTLY": (Mode.IS_NOT, "words"),
}
_SIZES: _Operators = {
    "IS_GREATER_THAN": (Mode.IS, "greater"),
    "IS_GREATER_THAN_OR_EQUAL_TO": (Mode.IS, "at least"),
    "IS_LESS_THAN": (Mode.IS, "less"),
    "IS_LESS_THAN_OR_EQUAL_TO": (Mode.IS, "at most"),
}
_RANGE: _Operators = {"IS_BETWEEN": (Mode.IS, "between"), "IS_NOT_BETWEEN": (Mode.IS_NOT, "between")}
_OPTIONS: _Operators = {
    "IS_ANY_OF": (Mode.IS, "any option"),
    "IS_NONE_OF": (Mode.IS_NOT, "any option"),
    "IS_EXACTLY": (Mode.IS, "exactly"),
    "IS_NOT_EXACTLY": (Mode.IS_NOT, "exactly"),
    "CONTAINS_ALL": (Mode.IS, "all options"),
    "DOES_NOT_CONTAIN_ALL": (Mode.IS_NOT, "all options"),
    "HAS_EVER_BEEN_ANY_OF": (Mode.EVER, "any option"),
    "HAS_NEVER_BEEN_ANY_OF": (Mode.NEVER, "any option"),
    "HAS_EVER_BEEN_EXACTLY": (Mode.EVER, "exactly"),
    "HAS_NEVER_BEEN_EXACTLY": (Mode.NEVER, "exactly"),
    "HAS_EVER_CONTAINED_ALL": (Mode.EVER, "all options"),
    "HAS_NEVER_CONTAINED_ALL": (Mode.NEVER, "all options"),
}

_TEXT, _NUMBER = ("string", "phone_number"), ("number",)

#: What each kind of operation goes with: property types, operators, and where its values are.
_KINDS: Mapping[str, tuple[tuple[str, ...], _Operators, Callable[[Node], list[str]]]] = MappingProxyType(
    {
        "STRING": (_TEXT, {**_EQUAL, **_PARTS, **_EVER_EQUAL, **_EVER_CONTAINED}, _value),
        "MULTISTRING": (_TEXT, {**_EQUAL, **_PARTS, **_WORDS}, _values),
        "NUMBER": (_NUMBER, {**_EQUAL, **_SIZES, **_EVER_EQUAL}, _number),
        "NUMBER_RANGED": (_NUMBER, _RANGE, _bounds),
        "BOOL": (("bool",), {**_EQUAL, **_EVER_EQUAL}, _flag),
        "ENUMERATION": (("enumeration", "bool"), _OPTIONS, _values),
    }
)

#: The names of the value operations.
KINDS = tuple(_KINDS)
