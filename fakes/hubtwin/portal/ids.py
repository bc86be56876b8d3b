"""Ids: numbers as clients write them, where anything may stand, and names that nobody else has."""

import hashlib
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
