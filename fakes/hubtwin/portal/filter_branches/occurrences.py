"""Filters on what happened to a record: forms that it submitted, events that it completed (W6.4.9, F7.11).

The portal's log is where they look.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.filter_branches.criteria import Criterion, Interest
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.refinements import Refinement, refinement
from hubtwin.portal.filter_branches.time_points import Surroundings
from hubtwin.portal.filter_branches.value_operations import value_test
from hubtwin.portal.log import CREATED, FORM_SUBMITTED, SET, Entry
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Wanted = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event: the kind of log entry that it is, and the event's properties as entries hold them."""

    name: str
    kind: str
    properties: Mapping[str, Callable[[Entry], str | None]]


def _activity(name: str, kind: str, *facts: str) -> EventType:
    """The event of an activity, whose properties are its facts."""
    return EventType(name, kind, MappingProxyType({fact: partial(_fact, fact) for fact in facts}))


def _fact(name: str, entry: Entry) -> str | None:
    found: str | None = entry.value.facts.get(name)
    return found


#: The events that a portal records, by HubSpot's ids for them (F7.11).
EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(
    {
        "4-1463224": EventType("object created", CREATED, MappingProxyType({})),
        "4-1639801": _activity("form submitted", FORM_SUBMITTED, "hs_form_id"),
        "4-655002": EventType(
            "property changed",
            SET,
            MappingProxyType({"hs_name": lambda entry: entry.property, "hs_value": lambda entry: entry.value or None}),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Occurred(Criterion):
    """Whether entries of *kind* that are *wanted* occurred, as often and when the *refinement* says."""

    portal: "Portal"
    type: ObjectType
    kind: str
    wanted: Wanted
    refinement: Refinement
    negated: bool = False

    def accepts(self, record: Record) -> bool:
        """Whether they did, or didn't."""
        now = self.portal.clock.now
        return self.refinement.accepts(self._moments(record), record, now) is not self.negated

    def interests(self) -> Iterator[Interest]:
        """More of them."""
        yield Interest(self.kind, self.type)

    def next_check(self, record: Record) -> int | None:
        """When one of them leaves or enters the span of the refinement."""
        return self.refinement.next_check(self._moments(record), record, self.portal.clock.now)

    def _moments(self, record: Record) -> list[int]:
        timeline = self.portal.log.timeline(record)
        return [entry.moment for entry in timeline if entry.kind == self.kind and self.wanted(entry)]


def form_submission(portal: "Portal", type: ObjectType, node: Node, guid: str | None, around: Surroundings) -> Occurred:
    """FORM_SUBMISSION: of one form, or of any where *guid* is None. Raises InvalidFilterBranch."""
    negated = node.choice("operator", ("FILLED_OUT", "NOT_FILLED_OUT")) == "NOT_FILLED_OUT"

    def wanted(entry: Entry) -> bool:
        return guid is None or entry.source.id == guid

    return Occurred(portal, type, FORM_SUBMITTED, wanted, refinement(node, around), negated)


def event(portal: "Portal", type: ObjectType, node: Node, kind: EventType, around: Surroundings) -> Occurred:
    """A UNIFIED_EVENTS branch: an event of *kind* whose properties pass all filters. Raises InvalidFilterBranch."""
    negated = node.choice("operator", ("HAS_COMPLETED", "HAS_NOT_COMPLETED")) == "HAS_NOT_COMPLETED"
    tests = [_event_filter(one, kind) for one in node.objects("filters")]

    def wanted(entry: Entry) -> bool:
        return all(test(entry) for test in tests)

    return Occurred(portal, type, kind.kind, wanted, refinement(node, around), negated)


def _event_filter(node: Node, kind: EventType) -> Wanted:
    node.choice("filterType", ("PROPERTY",))
    name = node.choice("property", kind.properties)
    read, operation = kind.properties[name], node.object("operation")
    operations = ("ALL_PROPERTY", "STRING", "MULTISTRING", "ENUMERATION")
    named = operation.choice("operationType", operations)
    if named == "ALL_PROPERTY":
        known = operation.choice("operator", ("IS_KNOWN", "IS_UNKNOWN")) == "IS_KNOWN"
        return lambda entry: (read(entry) is not None) is known
    type = "enumeration" if named == "ENUMERATION" else "string"
    test = value_test(PropertyDefinition(name, name, type, "text", "event"), operation, named)
    if test.mode.is_about_history:
        raise operation.wrong("operator", "is about a property's history; an event's properties have none")
    without = operation.flag("includeObjectsWithNoValueSet", False)

    def wanted(entry: Entry) -> bool:
        answer = test.holds(_as_values(read(entry)))
        return without if answer is None else answer

    return wanted


def _as_values(value: str | None) -> Sequence[str]:
    return () if value is None else (value,)
