"""The kinds of actions, by HubSpot's names and ids for them (F7.15, F7.17). What isn't here is logged as an issue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import branches, delays, edit_record
from hubtwin.portal.flows.actions import Action, Unknown, connection
from hubtwin.portal.objects import ObjectType

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class Around:
    """What an action is read in: the portal, the flow's id and the type of the records that it enrolls."""

    portal: "Portal"
    flow: str
    type: ObjectType

    @property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return ZoneInfo(self.portal.configuration.account.time_zone)


Reader = Callable[[Around, Node], Action]

#: The actions with an id of their own, all of them of the kind SINGLE_CONNECTION: what they do, and how they are read.
BUILT_IN: Mapping[str, tuple[str, Reader]] = MappingProxyType(
    {
        "0-1": ("Delay for a set amount of time", lambda around, node: delays.read_duration(node)),
        "0-5": ("Edit record", lambda around, node: edit_record.read(around.portal, around.type, node)),
        "0-28": ("Delay until a day or time", lambda around, node: delays.read_day(node, around.zone)),
        "0-35": ("Delay until a date", lambda around, node: delays.read_date(node, around.zone)),
    }
)

_KINDS: Mapping[str, Reader] = MappingProxyType(
    {
        "SINGLE_CONNECTION": lambda around, node: _single(around, node),
        "STATIC_BRANCH": lambda around, node: branches.read_static(node),
        "LIST_BRANCH": lambda around, node: branches.read_list(around.portal, around.type, node),
        "AB_TEST_BRANCH": lambda around, node: branches.read_chance(node, around.flow),
    }
)


def read(around: Around, node: Node) -> Action:
    """The action that a JSON object describes. Raises InvalidFilterBranch."""
    return _KINDS[node.choice("type", _KINDS)](around, node)


def _single(around: Around, node: Node) -> Action:
    id = node.text("actionTypeId")
    if id not in BUILT_IN:
        return Unknown(node.text("actionId"), connection(node), f"action type {id}")
    return BUILT_IN[id][1](around, node)
