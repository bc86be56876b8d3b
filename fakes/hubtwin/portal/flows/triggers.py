"""Triggers: which records a flow enrolls, and when (F7.9, F7.22, F7.23)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubtwin.portal.filter_branches import reading
from hubtwin.portal.filter_branches.criteria import Criterion, Interest
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import Occurred
from hubtwin.portal.log import CREATED, SET, Entry
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

LIST_BASED, EVENT_BASED, MANUAL, DATASET = "LIST_BASED", "EVENT_BASED", "MANUAL", "DATASET"

#: How many filters a flow may enroll by (F7.32).
MAX_FILTERS = 250


@dataclass(frozen=True, slots=True)
class Triggers:
    """What enrolls records in a flow.

    *kind* is LIST_BASED, EVENT_BASED or MANUAL. A record that meets *criterion* comes in; after the first time only
    where it *re_enrolls*: on a passage of one of *again* from not met to met, or on any change of the properties
    *known_again* (F7.23). *events* bring records in as they occur. Where it *leaves*, who no longer meets them goes.
    """

    kind: str = MANUAL
    criterion: Criterion | None = None
    events: Sequence[Occurred] = ()
    re_enrolls: bool = False
    again: Sequence[Criterion] = ()
    known_again: Collection[str] = ()
    leaves: bool = False

    def interests(self, type: ObjectType) -> Iterator[Interest]:
        """The happenings that may enroll a record."""
        if self.kind == LIST_BASED and self.criterion is not None:
            yield from self.criterion.creations(type)
            yield from self.criterion.interests()
            for criterion in self.again:
                yield from criterion.interests()
        for event in self.events:
            yield from event.interests()

    def occurred(self, entry: Entry) -> bool:
        """Whether an entry is one of the events that enroll."""
        return any(entry.kind == event.kind and event.wanted(entry) for event in self.events)


def read(portal: "Portal", type: ObjectType, node: Node | None) -> Triggers:
    """The `enrollmentCriteria` of a flow. Raises InvalidFilterBranch."""
    if node is None:
        return Triggers()
    kind = node.choice("type", (LIST_BASED, EVENT_BASED, MANUAL, DATASET))
    re_enrolls = node.flag("shouldReEnroll", False)
    if kind == DATASET:
        raise node.wrong(
            "type", "DATASET needs data sets, which the portal doesn't have; use LIST_BASED or EVENT_BASED"
        )
    if kind == MANUAL:
        return Triggers(re_enrolls=True)
    if kind == EVENT_BASED:
        return _event_based(portal, type, node, re_enrolls)
    return _list_based(portal, type, node, re_enrolls)


def _list_based(portal: "Portal", type: ObjectType, node: Node, re_enrolls: bool) -> Triggers:
    branch = node.object("listFilterBranch")
    _check_count(node, branch.data)
    branches = node.objects("reEnrollmentTriggersFilterBranches")
    again = [(one.data, reading.read(portal, type, one.data, one.place)) for one in branches]
    return Triggers(
        LIST_BASED,
        reading.read(portal, type, branch.data, branch.place),
        re_enrolls=re_enrolls,
        again=[criterion for one, criterion in again if not _known(one)],
        known_again=frozenset(name for one, _ in again for name in _known(one)),
        leaves=node.flag("unEnrollObjectsNotMeetingCriteria", False),
    )


def _event_based(portal: "Portal", type: ObjectType, node: Node, re_enrolls: bool) -> Triggers:
    events = [reading.read_event(portal, type, one) for one in node.objects("eventFilterBranches")]
    if not events:
        raise node.wrong("eventFilterBranches", "must hold at least one UNIFIED_EVENTS branch")
    criterion = None
    refinements = [one for name in ("refinementCriteria",) if name in node for one in [node.object(name)]]
    lists = [*node.objects("listMembershipFilterBranches"), *refinements]
    if lists:
        branch = {"filterBranchType": "OR", "filters": [], "filterBranches": [_as_and(one.data) for one in lists]}
        criterion = reading.read(portal, type, branch, f"{node.place}.listMembershipFilterBranches")
    return Triggers(EVENT_BASED, criterion, events, re_enrolls)


def _as_and(branch: Mapping[str, Any]) -> Mapping[str, Any]:
    """A branch as a child of an OR: an OR that holds one AND stands for it."""
    if branch.get("filterBranchType") == "OR" and len(branch.get("filterBranches") or ()) == 1:
        inner: Mapping[str, Any] = branch["filterBranches"][0]
        return inner
    return branch


def _known(branch: Mapping[str, Any]) -> list[str]:
    """The properties of a re-enrollment trigger that asks whether they are known, and for nothing else."""
    filters = [one for inner in branch.get("filterBranches") or () for one in inner.get("filters") or ()]
    known = [one["property"] for one in filters if (one.get("operation") or {}).get("operator") == "IS_KNOWN"]
    return known if len(known) == len(filters) else []


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


def holds(criterion: Criterion | None, record: Record) -> bool:
    """Whether a record meets a criterion; where there is none, all do."""
    return criterion is None or criterion.accepts(record)
