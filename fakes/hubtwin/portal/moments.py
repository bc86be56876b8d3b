"""Moments and durations: integers of milliseconds, and the ways people and HubSpot write them.

A *moment* is milliseconds since 1970-01-01T00:00:00 UTC; a *duration* is a number of milliseconds.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

UNITS = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")
_WHOLE = re.compile(rf"(?:{_PART.pattern})(?:\s*(?:{_PART.pattern}))*")


@lru_cache(maxsize=256)  # one write prints the same moment many times
def iso(moment: int) -> str:
    """The moment as HubSpot prints it: milliseconds only where there are some (W2.2)."""
    text = (_EPOCH + timedelta(milliseconds=moment)).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text.removesuffix(".000") + "Z"


@lru_cache(maxsize=256)
def from_iso(text: str) -> int:
    """The moment that an ISO 8601 text names; UTC where it names no zone.

    Raises ValueError for anything else.
    """
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    return (parsed - _EPOCH) // timedelta(milliseconds=1)


def duration(value: int | str | timedelta) -> int:
    """A duration in milliseconds from `250`, `"90s"`, `"1d 12h"` or a timedelta.

    Raises ValueError for a text with no unit or an unknown one, and for negative durations.
    """
    if isinstance(value, timedelta):
        value = value // timedelta(milliseconds=1)
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value.strip()):
            units = ", ".join(UNITS)
            raise ValueError(f"{value!r} is not a duration; write numbers with a unit ({units}), as in '1d 12h'")
        value = round(sum(float(number) * UNITS[unit] for number, unit in _PART.findall(value)))
    if value < 0:
        raise ValueError(f"a duration can't be negative: {value} ms")
    return value


def spoken(milliseconds: int) -> str:
    """A duration as a person reads it: its two largest units, as in `2d 4h`."""
    parts: list[str] = []
    rest = milliseconds
    for unit, size in reversed(UNITS.items()):
        if unit == "w":
            continue
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
