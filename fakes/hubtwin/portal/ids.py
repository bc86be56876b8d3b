"""Ids: numbers as clients write them, where anything may stand, and names that nobody else has."""

import hashlib
from collections.abc import Sequence
from itertools import count
from uuid import UUID

#: No id and no place in a list is longer, and Python reads no number of any length.
MAX_DIGITS = 18


def as_number(text: str) -> int | None:
    """The whole number, 0 or more, that *text* is; None for any other text."""
    return int(text) if len(text) <= MAX_DIGITS and text.isascii() and text.isdigit() else None


def as_id(text: str) -> int:
    """The id that *text* names; 0, which nothing ever has, where it names none."""
    return as_number(text) or 0


def guid(text: str) -> str:
    """An id that looks like HubSpot's random ones; *text* has the same one in every run."""
    return str(UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))


class Numbers:
    """Gives out numbers from *first* on, each of them once."""

    def __init__(self, first: int) -> None:
        self._free = count(first)
        self._taken: set[int] = set()

    def take(self, wanted: int | None = None) -> int:
        """The number that is *wanted*, else the next one that nobody took."""
        if wanted is None:
            return next(number for number in self._free if number not in self._taken)
        self._taken.add(wanted)
        return wanted


def numbered(wanted: Sequence[int | None], first: int) -> list[int]:
    """The ids of things in their order: those that are *wanted*, and for None the next one that nobody wants."""
    numbers = Numbers(first)
    for id in wanted:
        if id is not None:
            numbers.take(id)
    return [numbers.take() if id is None else id for id in wanted]


def unsaid(ids: Sequence[int], first: int, step: int = 1) -> Sequence[int | None]:
    """The ids of things that a file has to give them: None for each where all of them follow by themselves."""
    follow = list(ids) == list(range(first, first + step * len(ids), step))
    return [None] * len(ids) if follow else ids
