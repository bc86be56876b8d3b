"""PAGE_VIEW: the filter on pages that a contact viewed (W6.4.29)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.filter_branches.event_types import fact
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import Occurred, only
from hubtwin.portal.filter_branches.page_addresses import Fits, same_page
from hubtwin.portal.filter_branches.refinements import refinement
from hubtwin.portal.filter_branches.time_points import Surroundings
from hubtwin.portal.log import PAGE_VIEWED, Entry
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.patterns import InvalidPattern, Pattern

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


def page_view(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Occurred:
    """PAGE_VIEW: a page was viewed, or was not, as often and when the refinement says. Raises InvalidFilterBranch."""
    only(type, CONTACTS, node)
    operator = node.choice("operator", (*_OPERATORS, *(f"NOT_{one}" for one in _OPERATORS)))
    url = node.text("pageUrl")
    if not url.strip():
        raise node.wrong("pageUrl", "is empty")
    node.flag("enableTracking", False)
    fits = _OPERATORS[operator.removeprefix("NOT_")](node, url)

    def wanted(entry: Entry) -> bool:
        return fits(fact("hs_url", entry) or "")

    return Occurred(portal, type, PAGE_VIEWED, wanted, refinement(node, around), operator.startswith("NOT_"))


def _equals(node: Node, url: str) -> Fits:
    return same_page(url)


def _contains(node: Node, url: str) -> Fits:
    part = url.strip().lower()
    return lambda address: part in address.lower()


def _matches(node: Node, url: str) -> Fits:
    try:
        return Pattern(url).search
    except InvalidPattern as error:
        raise node.wrong("pageUrl", f"is no regular expression that can be matched: {error}") from None


_OPERATORS: Mapping[str, Callable[[Node, str], Fits]] = MappingProxyType(
    {
        "HAS_PAGEVIEW_EQ": _equals,
        "HAS_PAGEVIEW_CONTAINS": _contains,
        "HAS_PAGEVIEW_MATCHES_REGEX": _matches,
    }
)
