"""Refinements of filters on what happened: how often, and when (W6.4.19).

*Pruning* keeps what happened in a span of time; *coalescing* counts what is left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.spans import Fixed, Indexed, Point, Span
from hubtwin.portal.filter_branches.time_operations import span
from hubtwin.portal.filter_branches.time_points import MAX_TIMESTAMP, Surroundings
from hubtwin.portal.moments import DAY
from hubtwin.portal.records import Record

#: Any time at all.
ALWAYS = Span()

_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Refinement:
    """Which occurrences count: those in *span*, and at least *least* and at most *most* of them."""

    span: Span = ALWAYS
    least: int = 1
    most: int = _MOST

    def accepts(self, moments: Sequence[int], record: Record, now: int) -> bool:
        """Whether the right number of the occurrences counts, of which the earliest comes first."""
        return self.least <= sum(map(len, self.span.among(moments, record, now))) <= self.most

    def next_check(self, moments: Sequence[int], record: Record, now: int) -> int | None:
        """When the answer may change though nothing more happens; None for never."""
        return self.span.next_check(moments, record, now)


#: Once or more, whenever it was.
ONCE = Refinement()


def refinement(node: Node, around: Surroundings) -> Refinement:
    """What `pruningRefineBy` or `coalescingRefineBy` say. Raises InvalidFilterBranch.

    HubSpot takes one of the two at a time.
    """
    named = [name for name in ("pruningRefineBy", "coalescingRefineBy") if name in node]
    if len(named) > 1:
        raise node.wrong("coalescingRefineBy", "and pruningRefineBy can't be used together")
    for name in named:
        return _read(node.object(name), around)
    return ONCE


def count(node: Node) -> Refinement:
    """How often, as NUM_OCCURRENCES says it. Raises InvalidFilterBranch."""
    node.choice("type", ("NUM_OCCURRENCES",))
    return Refinement(
        least=node.whole("minOccurrences", 0, low=0, high=_MOST),
        most=node.whole("maxOccurrences", _MOST, low=0, high=_MOST),
    )


def _read(node: Node, around: Surroundings) -> Refinement:
    kind = node.choice("type" if "type" in node else "operationType", _KINDS)
    if kind == "NUM_OCCURRENCES":
        return count(node)
    if kind == "ALL_HISTORY":
        return ONCE
    if kind in ("TIME_POINT", "TIME_RANGED"):
        return Refinement(span(node, kind, around))
    points = list(_absolute(node, kind) if kind.startswith("ABSOLUTE") else _relative(node, kind, around))
    if kind.endswith("RANGED"):
        outside = node.choice("rangeType", ("BETWEEN", "NOT_BETWEEN")) == "NOT_BETWEEN"
        return Refinement(Span(points[0], points[1], outside=outside))
    if node.choice("comparison", ("BEFORE", "AFTER")) == "BEFORE":
        return Refinement(Span(high=points[0], high_included=False))
    return Refinement(Span(low=points[0], low_included=False))


_KINDS = (
    "NUM_OCCURRENCES",
    "ALL_HISTORY",
    "ABSOLUTE_COMPARATIVE",
    "ABSOLUTE_RANGED",
    "RELATIVE_COMPARATIVE",
    "RELATIVE_RANGED",
    "TIME_POINT",
    "TIME_RANGED",
)


def _absolute(node: Node, kind: str) -> Iterator[Point]:
    names = ("lowerTimestamp", "upperTimestamp") if kind.endswith("RANGED") else ("timestamp",)
    for name in names:
        yield Fixed(node.whole(name, low=-MAX_TIMESTAMP, high=MAX_TIMESTAMP))


def _relative(node: Node, kind: str, around: Surroundings) -> Iterator[Point]:
    names = ("lowerBoundOffset", "upperBoundOffset") if kind.endswith("RANGED") else ("timeOffset",)
    for name in names:
        offset = node.object(name)
        days = {"DAYS": 1, "WEEKS": 7}[offset.choice("timeUnit", ("DAYS", "WEEKS"))]
        amount = offset.whole("amount", low=0, high=100_000) * days
        sign = -1 if offset.choice("offsetDirection", ("PAST", "FUTURE")) == "PAST" else 1
        yield Indexed(around.zone, milliseconds=sign * amount * DAY)
