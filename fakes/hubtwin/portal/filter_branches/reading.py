"""The grammar of filter branches, which lists and workflows share (W6.4.7 to W6.4.9, F7.12, F7.13).

A definition is read once, into criteria; what it asks for and the portal knows nothing about is refused, so that
no list is silently empty.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import InvalidAssociation, UnknownObjectType, choices
from hubtwin.portal.filter_branches.criteria import Constant, Criterion, Group, Interest, Need
from hubtwin.portal.filter_branches.email_filters import communication_subscription, email_event, email_subscription
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import (
    Occurred,
    completed_event,
    event,
    form_submission,
    form_submission_on_page,
    integration_event,
    unified_events,
)
from hubtwin.portal.filter_branches.page_views import page_view
from hubtwin.portal.filter_branches.property_filters import property_filter
from hubtwin.portal.filter_branches.refinements import ONCE, Refinement, count
from hubtwin.portal.filter_branches.spans import earliest
from hubtwin.portal.filter_branches.time_points import Surroundings
from hubtwin.portal.log import ASSOCIATED, DISSOCIATED, JOINED_LIST, LEFT_LIST
from hubtwin.portal.object_lists import LIST
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How deep branches may lie in each other (our model).
MAX_DEPTH = 12

#: The branches that may lie in each kind, the root included.
_INSIDE = MappingProxyType(
    {
        "OR": ("AND",),
        "AND": ("UNIFIED_EVENTS", "ASSOCIATION", "NOT_ALL", "NOT_ANY"),
        "NOT_ALL": ("UNIFIED_EVENTS", "ASSOCIATION", "NOT_ALL", "NOT_ANY"),
        "NOT_ANY": ("UNIFIED_EVENTS", "ASSOCIATION", "NOT_ALL", "NOT_ANY"),
        "ASSOCIATION": ("ASSOCIATION",),
        "UNIFIED_EVENTS": (),
    }
)

#: How the filters on what happened to a record are read, by their filterType.
OCCURRENCES: Mapping[str, Callable[["Portal", ObjectType, Node, Surroundings], Criterion]] = MappingProxyType(
    {
        "FORM_SUBMISSION": form_submission,
        "FORM_SUBMISSION_ON_PAGE": form_submission_on_page,
        "PAGE_VIEW": page_view,
        "UNIFIED_EVENTS": unified_events,
        "EVENT": completed_event,
        "INTEGRATION_EVENT": integration_event,
        "EMAIL_EVENT": email_event,
        "EMAIL_SUBSCRIPTION": email_subscription,
        "COMMUNICATION_SUBSCRIPTION": communication_subscription,
    }
)

#: What HubSpot can filter by and this portal has no data of (W6.4.9).
NOT_HELD = (
    *("ADS_SEARCH", "ADS_TIME", "CAMPAIGN_INFLUENCED", "CTA", "PRIVACY", "PROPERTY_ASSOCIATION"),
    *("SURVEY_MONKEY", "SURVEY_MONKEY_VALUE", "WEBINAR"),
)


def read(portal: "Portal", type: ObjectType, branch: object, place: str = "filterBranch") -> Criterion:
    """The criteria for records of *type* that a definition's root branch describes.

    Raises InvalidFilterBranch.
    """
    node = Node(branch, place)
    node.choice("filterBranchType", ("OR",))
    if node.objects("filters"):
        raise node.wrong("filters", "must be empty: filters go into an AND branch")
    if not node.objects("filterBranches"):
        raise node.wrong("filterBranches", "must hold at least one AND branch")
    return _Grammar(portal).branch(type, node, 1)


def read_event(portal: "Portal", type: ObjectType, node: Node) -> Occurred:
    """The event that a UNIFIED_EVENTS branch outside a list describes, as triggers of workflows have it (F7.9).

    Raises InvalidFilterBranch.
    """
    node.choice("filterBranchType", ("UNIFIED_EVENTS",))
    return event(portal, type, node, Surroundings(ZoneInfo(portal.configuration.account.time_zone)))


def normalised(branch: Mapping[str, Any]) -> dict[str, Any]:
    """A definition as HubSpot gives it back: with the members that a client may leave out (W6.4.7)."""
    filled = dict(branch)
    operator = "OR" if branch["filterBranchType"] == "OR" else "AND"
    filled["filterBranchOperator"] = branch.get("filterBranchOperator") or operator
    filled["filterBranches"] = [normalised(inner) for inner in branch.get("filterBranches") or ()]
    filled["filters"] = [_normalised_filter(one) for one in branch.get("filters") or ()]
    return filled


def _normalised_filter(filter: Mapping[str, Any]) -> dict[str, Any]:
    if filter["filterType"] != "PROPERTY":
        return dict(filter)
    return {**filter, "operation": {"includeObjectsWithNoValueSet": False, **filter["operation"]}}


@dataclass(frozen=True, slots=True)
class InList(Criterion):
    """IN_LIST: whether a record is in another list (W6.4.9)."""

    portal: "Portal"
    type: ObjectType
    list: int
    negated: bool = False

    def accepts(self, record: Record) -> bool:
        """Whether it is, or isn't; nobody is in a list that is gone for good."""
        list = self.portal.lists.get(self.list)
        return (list is not None and record in list) is not self.negated

    def interests(self) -> Iterator[Interest]:
        """Records that join or leave the list."""
        for kind in (JOINED_LIST, LEFT_LIST):
            yield Interest(kind, self.type, fact=(LIST, str(self.list)))

    def needs(self) -> Sequence[Need] | None:
        """A new record joins lists as any other."""
        return None if self.negated else ()

    def lists(self) -> Iterator[int]:
        """The list."""
        yield self.list


@dataclass(frozen=True, slots=True)
class Associated(Criterion):
    """Whether a record has associated records that *inner* accepts, as many as *times* says (W6.4.8)."""

    portal: "Portal"
    type: ObjectType
    other: ObjectType
    association: int
    inner: Criterion
    times: Refinement = ONCE
    negated: bool = False

    def accepts(self, record: Record) -> bool:
        """Whether it has."""
        found = sum(self.inner.accepts(other) for other in self._others(record))
        return (self.times.least <= found <= self.times.most) is not self.negated

    def interests(self) -> Iterator[Interest]:
        """Its associations, and what the associated records are asked for."""
        yield Interest(ASSOCIATED, self.type)
        yield Interest(DISSOCIATED, self.type)
        for interest in self.inner.interests():
            yield interest.via(self.type)

    def needs(self) -> Sequence[Need] | None:
        """A new record is associated as any other."""
        return None if self.negated or self.times.least == 0 else ()

    def lists(self) -> Iterator[int]:
        """Those that the associated records are asked for."""
        return self.inner.lists()

    def next_check(self, record: Record) -> int | None:
        """The first of any associated record's."""
        return earliest(self.inner.next_check(other) for other in self._others(record))

    def _others(self, record: Record) -> Iterator[Record]:
        linked = self.portal.associations.of(record, self.other)
        return (other for other, ids in linked.items() if self.association in ids)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """Reads nodes in the surroundings of one portal."""

    portal: "Portal"

    def branch(self, type: ObjectType, node: Node, depth: int) -> Criterion:
        """A branch of any kind that has passed as one that may stand where it stands."""
        if depth > MAX_DEPTH:
            raise node.wrong("filterBranches", f"lie deeper than {MAX_DEPTH} levels in each other")
        kind = node.text("filterBranchType")
        self._check_operator(node, kind)
        if kind == "UNIFIED_EVENTS":
            return event(self.portal, type, node, self._surroundings())
        if kind == "ASSOCIATION":
            return self._association(type, node, depth)
        members = self._members(type, node, kind, depth)
        return Group(members, any=kind in ("OR", "NOT_ANY"), negated=kind in ("NOT_ALL", "NOT_ANY"))

    def _check_operator(self, node: Node, kind: str) -> None:
        """An OR branch joins by OR, an AND branch by AND; the operator may be left out."""
        if kind in ("OR", "AND"):
            node.choice("filterBranchOperator", (kind,), kind)
        else:
            node.choice("filterBranchOperator", ("AND", "OR"), "AND")

    def _members(self, type: ObjectType, node: Node, kind: str, depth: int) -> list[Criterion]:
        members = [self._filter(type, one) for one in node.objects("filters")]
        for inner in node.objects("filterBranches"):
            inner.choice("filterBranchType", _INSIDE[kind])
            members.append(self.branch(type, inner, depth + 1))
        return members

    def _association(self, type: ObjectType, node: Node, depth: int) -> Criterion:
        """ASSOCIATION: some record that is associated in the given way passes all filters."""
        node.choice("operator", ("IN_LIST",), "IN_LIST")
        other = self._type(node, "objectTypeId")
        association = self._association_type(type, node)
        if association.to_type != other.singular:
            raise node.wrong("associationTypeId", f"leads to {association.to_type} records, not to {other.name}")
        inner = Group(self._members(other, node, "ASSOCIATION", depth))
        if not inner.members:
            raise node.wrong("filters", "must hold at least one filter")
        return Associated(self.portal, type, other, association.id, inner)

    # -- filters ---------------------------------------------------------------------------------------

    def _filter(self, type: ObjectType, node: Node) -> Criterion:
        kind = node.text("filterType")
        if kind in NOT_HELD:
            raise node.wrong(
                "filterType",
                f"{kind} asks for data that the portal does not hold; {choices('', [*_FILTERS, *OCCURRENCES])}",
            )
        if kind in OCCURRENCES:
            return OCCURRENCES[kind](self.portal, type, node, self._surroundings())
        return _FILTERS[node.choice("filterType", (*_FILTERS, *OCCURRENCES))](self, type, node)

    def _property(self, type: ObjectType, node: Node) -> Criterion:
        return property_filter(self.portal, type, node)

    def _constant(self, type: ObjectType, node: Node) -> Criterion:
        return Constant(node.flag("shouldAccept"))

    def _in_list(self, type: ObjectType, node: Node) -> Criterion:
        negated = node.choice("operator", ("IN_LIST", "NOT_IN_LIST")) == "NOT_IN_LIST"
        if "metadata" in node:
            kind = node.object("metadata").text("inListType", "LIST")
            raise node.wrong("metadata", f"asks for members of a {kind}, which the portal keeps no list of")
        return InList(self.portal, type, self._list(type, node), negated)

    def _association_in_list(self, type: ObjectType, node: Node) -> Criterion:
        """ASSOCIATION as a filter: associated with a record of another list (W6.4.9)."""
        association = self._association_type(type, node)
        other = self.portal.type(association.to_type)
        negated = node.choice("operator", ("IN_LIST", "NOT_IN_LIST")) == "NOT_IN_LIST"
        inner = InList(self.portal, other, self._list(other, node))
        times = count(node.object("coalescingRefineBy")) if "coalescingRefineBy" in node else ONCE
        return Associated(self.portal, type, other, association.id, inner, times, negated)

    def _number_of_associations(self, type: ObjectType, node: Node) -> Criterion:
        association = self._association_type(type, node)
        other, times = self.portal.type(association.to_type), count(node.object("coalescingRefineBy"))
        return Associated(self.portal, type, other, association.id, Constant(True), times)

    # -- what they name --------------------------------------------------------------------------------

    def _surroundings(self) -> Surroundings:
        return Surroundings(ZoneInfo(self.portal.configuration.account.time_zone))

    def _type(self, node: Node, name: str) -> ObjectType:
        try:
            return self.portal.type(node.text(name))
        except UnknownObjectType as error:
            raise node.wrong(name, f"can't be used: {error}") from None

    def _association_type(self, type: ObjectType, node: Node) -> AssociationType:
        id = node.whole("associationTypeId", low=0, high=10**12)
        try:
            return self.portal.associations.get(node.text("associationCategory", "HUBSPOT_DEFINED"), id, type)
        except InvalidAssociation as error:
            raise node.wrong("associationTypeId", f"can't be used: {error}") from None

    def _list(self, type: ObjectType, node: Node) -> int:
        """The id of the list that a filter names, which has to hold records of *type*."""
        id = node.whole("listId", low=0, high=10**18)
        found = self.portal.lists.get(id)
        if found is None or found.deleted is not None:
            raise node.wrong("listId", f"names no list: {id}")
        if found.type is not type:
            raise node.wrong("listId", f"names a list of {found.type.name}, not of {type.name}: {id}")
        return id


#: How each filter is read, by its filterType.
_FILTERS: Mapping[str, Callable[[_Grammar, ObjectType, Node], Criterion]] = MappingProxyType(
    {
        "PROPERTY": _Grammar._property,
        "IN_LIST": _Grammar._in_list,
        "ASSOCIATION": _Grammar._association_in_list,
        "NUM_ASSOCIATIONS": _Grammar._number_of_associations,
        "CONSTANT": _Grammar._constant,
    }
)
