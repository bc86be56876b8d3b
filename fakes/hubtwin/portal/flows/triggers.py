"""Triggers: which records a flow enrolls, and when (F7.9, F7.22, F7.23)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubtwin.portal.filter_branches import reading
from hubtwin.portal.filter_branches.criteria import Criterion, Group, Interest
from hubtwin.portal.filter_branches.event_types import fact
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import Occurred
from hubtwin.portal.filter_branches.refinements import ONCE
from hubtwin.portal.log import CREATED, JOINED_LIST, LEFT_LIST, MERGED, SET, Entry
from hubtwin.portal.object_lists import LIST
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

LIST_BASED, EVENT_BASED, MANUAL, DATASET = "LIST_BASED", "EVENT_BASED", "MANUAL", "DATASET"

#: How many filters a flow may enroll by (F7.32).
MAX_FILTERS = 250

#: The members of filters that say how often, or when.
_REFINEMENTS = ("coalescingRefineBy", "pruningRefineBy")


@dataclass(frozen=True, slots=True)
class Again:
    """A re-enrollment trigger (F7.23): what a record has to come to meet.

    That it meets it already doesn't matter where one of the properties changes that have to be *known*, or one of the
    *events* occurs that it asks for.
    """

    criterion: Criterion
    known: Collection[str]
    events: Sequence[Occurred]

    def fires(self, entry: Entry | None, was_met: bool, is_met: bool) -> bool:
        """Whether a record comes in again because of an entry, or because time went by."""
        if not is_met or not was_met or entry is None:
            return is_met and not was_met
        if entry.kind == SET and entry.property in self.known:
            return True
        return any(entry.kind == event.kind and event.wanted(entry) for event in self.events)

    def interests(self, type: ObjectType) -> Iterator[Interest]:
        """The happenings that may let a record in again."""
        yield from self.criterion.interests()
        for property in self.known:
            yield Interest(SET, type, property)


@dataclass(frozen=True, slots=True)
class Triggers:
    """What enrolls records in a flow.

    *kind* is LIST_BASED, EVENT_BASED or MANUAL. A record that comes to meet *criterion* comes in; after the first time
    only where it *re_enrolls*, and one of the triggers *again* lets it in. *events* bring records in as they occur,
    those that meet *criterion* then. Where it *leaves*, who no longer meets that goes.
    """

    kind: str = MANUAL
    criterion: Criterion | None = None
    events: Sequence[Occurred] = ()
    re_enrolls: bool = False
    again: Sequence[Again] = ()
    leaves: bool = False

    def interests(self, type: ObjectType) -> Iterator[Interest]:
        """The happenings that may enroll a record."""
        if self.kind == LIST_BASED and self.criterion is not None:
            yield from self.criterion.creations(type)
            yield from self.criterion.interests()
            for trigger in self.again:
                yield from trigger.interests(type)
        for event in self.events:
            yield from event.interests()

    def occurred(self, entry: Entry) -> bool:
        """Whether an entry is one of the events that enroll."""
        return any(entry.kind == event.kind and event.wanted(entry) for event in self.events)


def read(portal: "Portal", type: ObjectType, node: Node | None) -> Triggers:
    """The `enrollmentCriteria` of a flow. Raises InvalidFilterBranch."""
    if node is None:
        return Triggers(re_enrolls=True)
    kind = node.choice("type", (LIST_BASED, EVENT_BASED, MANUAL, DATASET))
    re_enrolls = node.flag("shouldReEnroll", False)
    if kind == DATASET:
        raise node.wrong(
            "type", "DATASET needs data sets, which the portal doesn't have; use LIST_BASED or EVENT_BASED"
        )
    if kind == MANUAL:
        return Triggers(re_enrolls=re_enrolls)
    if kind == EVENT_BASED:
        return _event_based(portal, type, node, re_enrolls)
    return _list_based(portal, type, node, re_enrolls)


# -- by conditions -------------------------------------------------------------------------------------------


def _list_based(portal: "Portal", type: ObjectType, node: Node, re_enrolls: bool) -> Triggers:
    branch = node.object("listFilterBranch")
    again = [_again(portal, type, one) for one in node.objects("reEnrollmentTriggersFilterBranches")]
    _check_count(node, branch.data)
    return Triggers(
        LIST_BASED,
        _criterion(portal, type, branch),
        re_enrolls=re_enrolls,
        again=again,
        leaves=node.flag("unEnrollObjectsNotMeetingCriteria", False),
    )


def _again(portal: "Portal", type: ObjectType, node: Node) -> Again:
    criterion = _criterion(portal, type, Node(_unrefined(node.data), node.place))
    return Again(criterion, tuple(dict.fromkeys(_known(node.data))), tuple(_occurrences(criterion)))


def _criterion(portal: "Portal", type: ObjectType, node: Node) -> Criterion:
    """What a branch asks for: an OR branch, or an AND branch alone."""
    if node.data.get("filterBranchType") != "AND":
        return reading.read(portal, type, node.data, node.place)
    root = {"filterBranchType": "OR", "filters": [], "filterBranches": [node.data]}
    return reading.read(portal, type, root, node.place)


def _unrefined(data: Any) -> Any:
    """A branch without how often and when: re-enrollment doesn't look at that (F7.23)."""
    if isinstance(data, list):
        return [_unrefined(one) for one in data]
    if not isinstance(data, Mapping):
        return data
    return {name: _unrefined(value) for name, value in data.items() if name not in _REFINEMENTS}


def _known(data: Any) -> Iterator[str]:
    """The properties of the enrolled record that a branch asks to be known."""
    if isinstance(data, list):
        for one in data:
            yield from _known(one)
    elif isinstance(data, Mapping) and data.get("filterBranchType") not in ("ASSOCIATION", "UNIFIED_EVENTS"):
        if data.get("filterType") == "PROPERTY" and data["operation"].get("operator") == "IS_KNOWN":
            yield data["property"]
        for name in ("filters", "filterBranches"):
            yield from _known(data.get(name))


def _occurrences(criterion: Criterion) -> Iterator[Occurred]:
    """The events that a criterion asks for."""
    if isinstance(criterion, Group):
        for member in criterion.members if not criterion.negated else ():
            yield from _occurrences(member)
    elif isinstance(criterion, Occurred) and not criterion.negated:
        yield criterion


# -- by events -----------------------------------------------------------------------------------------------


def _event_based(portal: "Portal", type: ObjectType, node: Node, re_enrolls: bool) -> Triggers:
    events = [reading.read_event(portal, type, one) for one in node.objects("eventFilterBranches")]
    for one in node.objects("listMembershipFilterBranches"):
        events += _memberships(portal, type, one)
    if not events:
        raise node.wrong("eventFilterBranches", "must hold a UNIFIED_EVENTS branch, where no list is named either")
    refined = node.object("refinementCriteria") if "refinementCriteria" in node else None
    criterion = None if refined is None else _criterion(portal, type, refined)
    return Triggers(EVENT_BASED, criterion, events, re_enrolls)


def _memberships(portal: "Portal", type: ObjectType, node: Node) -> Iterator[Occurred]:
    """Lists that a record joins or leaves: events that HubSpot keeps apart from others (F7.9.1)."""
    _criterion(portal, type, node)  # raises for what isn't there
    filters = [*node.objects("filters")]
    for inner in node.objects("filterBranches"):
        filters += inner.objects("filters")
    for one in filters:
        one.choice("filterType", ("IN_LIST",))
        kind = JOINED_LIST if one.text("operator") == "IN_LIST" else LEFT_LIST
        list = str(portal.lists.find(int(one.text("listId"))).id)
        yield Occurred(portal, type, kind, _OfList(list).wanted, ONCE, fact=(LIST, list))


@dataclass(frozen=True, slots=True)
class _OfList:
    """Entries about one list, whatever it is called."""

    list: str

    def wanted(self, entry: Entry) -> bool:
        return fact(LIST, entry) == self.list


def _check_count(node: Node, branch: Mapping[str, Any]) -> None:
    number = _count(branch)
    if number > MAX_FILTERS:
        raise node.wrong("listFilterBranch", f"has {number} filters; a flow enrolls by {MAX_FILTERS} at most")


def _count(branch: Mapping[str, Any]) -> int:
    inner = branch.get("filterBranches")
    own = branch.get("filters")
    return (len(own) if isinstance(own, list) else 0) + sum(
        _count(one) for one in (inner if isinstance(inner, list) else ()) if isinstance(one, Mapping)
    )


def is_part_of_creation(entry: Entry, cause: Entry | None) -> bool:
    """Whether a property was set by the very write that created the record: no event trigger sees that (F7.30)."""
    return entry.kind == SET and cause is not None and cause.kind == CREATED and cause.record is entry.record


def is_part_of_merge(entry: Entry, cause: Entry | None) -> bool:
    """Whether something happened because two records were merged (F7.22.3)."""
    return entry.kind == MERGED or (cause is not None and cause.kind == MERGED)


def holds(criterion: Criterion | None, record: Record) -> bool:
    """Whether a record meets a criterion; where there is none, all do."""
    return criterion is None or criterion.accepts(record)
