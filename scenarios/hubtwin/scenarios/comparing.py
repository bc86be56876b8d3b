"""Comparing: what a test expects, as the portal would keep it, and as a failure shows it."""

from collections.abc import Iterable

from hubtwin.portal import Portal
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.values import normalise


def normal(portal: Portal, type: ObjectType, name: str, text: str | None) -> str | None:
    """The expected text as the portal would keep it: dates have many spellings."""
    if text is None:
        return None
    return normalise(portal.properties[type].find(name), text, None)


def shown(value: str | None) -> str:
    """A value in a line about a failure."""
    return "(empty)" if value is None else value


def listed(values: Iterable[str | None], otherwise: str = "none") -> str:
    """Values in such a line; *otherwise* where there are none."""
    return ", ".join(map(shown, values)) or otherwise
