"""Who wins when two sides of a sync differ: the rule of a mapping, and nothing else (F4.20.3, F4.20.4)."""

from dataclasses import dataclass
from typing import Literal

from hubtwin.portal.configuration.synced import SyncRule

Direction = Literal["to_hubspot", "to_other"]


@dataclass(frozen=True, slots=True)
class Side:
    """A value on one side: whether it is new since the sides last agreed, and the moment at which it was set."""

    value: str
    is_new: bool
    moment: int


def direction(rule: SyncRule, here: Side, there: Side) -> Direction | None:
    """Where a value goes: from HubSpot's side *here*, or from the other one *there*; None for nowhere.

    Call it where at least one side is new. Both are when two records meet for the first time.
    """
    if rule == "two_way":
        return _newest(here, there)
    prefers_hubspot = rule in ("prefer_hubspot", "always_hubspot")
    master, other = (here, there) if prefers_hubspot else (there, here)
    outward: Direction = "to_other" if prefers_hubspot else "to_hubspot"
    inward: Direction = "to_hubspot" if prefers_hubspot else "to_other"
    if master.value or (master.is_new and not other.is_new):  # what is deleted on the side that wins is deleted
        return outward
    fills = rule in ("prefer_hubspot", "prefer_other") and other.value
    return inward if fills else None


def _newest(here: Side, there: Side) -> Direction:
    """The newer of two new values; where they are as old, HubSpot's. An empty one doesn't win."""
    if here.is_new and there.is_new:
        if not (here.value and there.value):
            return "to_other" if here.value else "to_hubspot"
        return "to_hubspot" if there.moment > here.moment else "to_other"
    return "to_other" if here.is_new else "to_hubspot"
