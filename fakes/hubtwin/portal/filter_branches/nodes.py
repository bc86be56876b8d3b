"""Nodes: the JSON objects of a definition that a client sent, read with their places for errors."""

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hubtwin.portal.errors import InvalidFilterBranch, choices


class Node:
    """A JSON object, and its *place* in the definition: `filterBranch.filterBranches[0].filters[2]`."""

    __slots__ = ("data", "place")

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, Mapping):
            raise InvalidFilterBranch(f"{place} must be an object, not {_shown(data)}")
        self.data: Mapping[str, Any] = data
        self.place = place

    def __contains__(self, name: str) -> bool:
        return self.data.get(name) is not None

    def wrong(self, name: str, problem: str) -> InvalidFilterBranch:
        """The error about one of the members."""
        return InvalidFilterBranch(f"{self.place}.{name} {problem}")

    def text(self, name: str, default: str | None = None) -> str:
        """A string; numbers and booleans are taken for strings. Raises InvalidFilterBranch."""
        value = self._value(name, default)
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str | int | float):
            raise self.wrong(name, f"must be a string, not {_shown(value)}")
        return str(value)

    def texts(self, name: str) -> list[str]:
        """A list of strings, at least one. Raises InvalidFilterBranch."""
        values = self._list(name)
        if not values or any(not isinstance(value, str | int | float) or value == "" for value in values):
            raise self.wrong(name, f"must be a list of strings, none of them empty, not {_shown(values)}")
        return [Node({name: value}, self.place).text(name) for value in values]

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of the *allowed* words. Raises InvalidFilterBranch."""
        value, words = self.text(name, default), list(allowed)
        if value not in words:
            raise self.wrong(name, f"can't be {value!r}; {choices(value, words)}")
        return value

    def number(self, name: str) -> str:
        """A number as text. Raises InvalidFilterBranch."""
        text = self.text(name)
        try:
            finite = math.isfinite(Decimal(text))
        except ArithmeticError:
            finite = False
        if not finite:
            raise self.wrong(name, f"must be a number, not {text!r}")
        return text

    def whole(self, name: str, default: int | None = None, *, low: int, high: int) -> int:
        """A whole number from *low* to *high*. Raises InvalidFilterBranch."""
        text = self.text(name, None if default is None else str(default))
        digits = text.removeprefix("-")
        value = int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 20 else None
        if value is None or not low <= value <= high:
            raise self.wrong(name, f"must be a whole number from {low} to {high}, not {text!r}")
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        """A boolean. Raises InvalidFilterBranch."""
        return self.choice(name, ("true", "false"), None if default is None else str(default).lower()) == "true"

    def object(self, name: str) -> "Node":
        """An object. Raises InvalidFilterBranch."""
        return Node(self._value(name, None), f"{self.place}.{name}")

    def objects(self, name: str) -> "list[Node]":
        """A list of objects; empty where there is none. Raises InvalidFilterBranch."""
        return [Node(value, f"{self.place}.{name}[{number}]") for number, value in enumerate(self._list(name))]

    def _list(self, name: str) -> Sequence[Any]:
        values = self.data.get(name)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self.wrong(name, f"must be a list, not {_shown(values)}")
        return values

    def _value(self, name: str, default: str | None) -> Any:
        value = self.data.get(name)
        if value is None:
            value = default
        if value is None:
            raise self.wrong(name, "is missing")
        return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
