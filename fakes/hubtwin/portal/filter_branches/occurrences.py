"""Filters on what happened to a record: forms that it submitted, events that it completed (W6.4.9, F7.11).

The portal's log is where they look.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.errors import UnknownName
from hubtwin.portal.filter_branches.criteria import Criterion, Interest, Need
from hubtwin.portal.filter_branches.event_types import EventType, account_event, app_event, event_type, fact
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.page_addresses import same_page
from hubtwin.portal.filter_branches.refinements import ONCE, Refinement, refinement
from hubtwin.portal.filter_branches.time_points import Surroundings
from hubtwin.portal.filter_branches.value_operations import KINDS, value_test
from hubtwin.portal.log import FORM_SUBMITTED, SET, Entry
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import Record
from hubtwin.portal.sightings import Watcher

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Wanted = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Occurred(Criterion, Watcher[bool]):
    """Whether entries of *kind* that are *wanted* occurred, as often and when the *refinement* says."""

    portal: "Portal"
    type: ObjectType
    kind: str
    wanted: Wanted
    refinement: Refinement
    negated: bool = False
    property: str | None = None
    values: frozenset[str] | None = None
    fact: tuple[str, str] | None = None

    def accepts(self, record: Record) -> bool:
        """Whether they did, or didn't."""
        now = self.portal.clock.now
        return self.refinement.accepts(self._moments(record), record, now) is not self.negated

    def interests(self) -> Iterator[Interest]:
        """More of them."""
        yield Interest(self.kind, self.type, self.property, values=self.values, fact=self.fact)

    def needs(self) -> Sequence[Need] | None:
        """To a record that is only being created nothing has happened yet."""
        return None if self.negated or self.refinement.least == 0 else ()

    def next_check(self, record: Record) -> int | None:
        """When one of them leaves or enters the span of the refinement."""
        return self.refinement.next_check(self._moments(record), record, self.portal.clock.now)

    def sight(self, entry: Entry) -> bool | None:
        """True for an entry that is one of them."""
        return (entry.kind == self.kind and self.wanted(entry)) or None

    def _moments(self, record: Record) -> Sequence[int]:
        return self.portal.sightings.of(record, self).get(True, ())


def only(type: ObjectType, allowed: ObjectType | None, node: Node, member: str = "filterType") -> None:
    """Raise InvalidFilterBranch where a filter is about records of another type."""
    if allowed is not None and type is not allowed:
        raise node.wrong(member, f"{node.text(member)} goes with {allowed.name} only, not with {type.name}")


# -- forms ---------------------------------------------------------------------------------------------------


def form_submission(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Occurred:
    """FORM_SUBMISSION: of one form, or of any where `formId` is missing. Raises InvalidFilterBranch."""
    only(type, CONTACTS, node)
    negated = node.choice("operator", ("FILLED_OUT", "NOT_FILLED_OUT")) == "NOT_FILLED_OUT"
    guid = _form(portal, node)

    def wanted(entry: Entry) -> bool:
        return guid is None or fact("hs_form_id", entry) == guid

    of_form = None if guid is None else ("hs_form_id", guid)
    return Occurred(portal, type, FORM_SUBMITTED, wanted, refinement(node, around), negated, fact=of_form)


def form_submission_on_page(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Occurred:
    """FORM_SUBMISSION_ON_PAGE: the same, on one page; `pageId` may be its address (our model, W6.4.28).

    Raises InvalidFilterBranch.
    """
    submitted, page = form_submission(portal, type, node, around), node.text("pageId")
    is_page = same_page(page)

    def wanted(entry: Entry) -> bool:
        on_page = fact("hs_page_id", entry) == page or is_page(fact("hs_page_url", entry) or "")
        return on_page and submitted.wanted(entry)

    return Occurred(portal, type, FORM_SUBMITTED, wanted, submitted.refinement, submitted.negated, fact=submitted.fact)


def _form(portal: "Portal", node: Node) -> str | None:
    if "formId" not in node:
        return None
    try:
        return portal.forms.find(node.text("formId")).guid
    except UnknownName as error:
        raise node.wrong("formId", f"can't be used: {error}") from None


# -- events --------------------------------------------------------------------------------------------------


def event(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Occurred:
    """A UNIFIED_EVENTS branch: an event whose properties pass all filters, those of AND branches in it included.

    Raises InvalidFilterBranch.
    """
    kind = event_type(portal, node)
    only(type, kind.object, node, "eventTypeId")
    negated = node.choice("operator", ("HAS_COMPLETED", "HAS_NOT_COMPLETED")) == "HAS_NOT_COMPLETED"
    filters = node.objects("filters")
    for inner in node.objects("filterBranches"):
        inner.choice("filterBranchType", ("AND",))
        if inner.objects("filterBranches"):
            raise inner.wrong("filterBranches", "must be empty in a branch of a UNIFIED_EVENTS branch")
        filters += inner.objects("filters")
    for one in filters:
        one.choice("filterType", ("PROPERTY",))
    return _occurred(portal, type, kind, filters, refinement(node, around), negated)


def unified_events(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Occurred:
    """UNIFIED_EVENTS as a filter: the same event, its filters in `filterLines`. Raises InvalidFilterBranch."""
    kind = event_type(portal, node)
    only(type, kind.object, node, "eventTypeId")
    return _occurred(portal, type, kind, node.objects("filterLines"), refinement(node, around))


def integration_event(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Occurred:
    """INTEGRATION_EVENT: an event of an app, by its template. Raises InvalidFilterBranch."""
    kind = app_event(portal, node)
    only(type, kind.object, node)
    return _occurred(portal, type, kind, node.objects("filterLines"), ONCE)


def completed_event(portal: "Portal", type: ObjectType, node: Node, around: Surroundings) -> Occurred:
    """EVENT: an event of the account, whatever it tells. Raises InvalidFilterBranch."""
    kind = account_event(portal, node)
    only(type, kind.object, node)
    negated = node.choice("operator", ("HAS_EVENT", "NOT_HAS_EVENT")) == "NOT_HAS_EVENT"
    return _occurred(portal, type, kind, (), refinement(node, around), negated)


def _occurred(
    portal: "Portal",
    type: ObjectType,
    kind: EventType,
    filters: Sequence[Node],
    refined: Refinement,
    negated: bool = False,
) -> Occurred:
    tests = [kind.wanted, *(event_filter(one, kind) for one in filters)]
    property, values, fact = _narrowed(kind, filters)

    def wanted(entry: Entry) -> bool:
        return all(test(entry) for test in tests)

    return Occurred(portal, type, kind.kind, wanted, refined, negated, property, values, fact)


def _narrowed(
    kind: EventType, filters: Sequence[Node]
) -> tuple[str | None, frozenset[str] | None, tuple[str, str] | None]:
    """The one property whose changes are meant, and the values that it changes to, or a fact that all events tell.

    None for what the filters do not say.
    """
    said = {one.text("property"): texts for one in filters if (texts := _said(one.object("operation")))}
    single = {name: next(iter(texts)) for name, texts in said.items() if len(texts) == 1}
    if kind.kind == SET:
        name = single.get("hs_name")
        return (None, None, None) if name is None else (name.lower(), said.get("hs_value"), None)
    return None, None, next(iter((*kind.facts.items(), *single.items())), None)


def _said(operation: Node) -> frozenset[str]:
    """The texts of which one has to be there, as they are but for their case; none where that can't be told."""
    if operation.flag("includeObjectsWithNoValueSet", False):
        return frozenset()
    match operation.text("operationType"), operation.text("operator"):
        case "STRING", "IS_EQUAL_TO":
            return frozenset([operation.text("value")])
        case ("MULTISTRING", "IS_EQUAL_TO") | ("ENUMERATION", "IS_ANY_OF"):
            return frozenset(operation.texts("values"))
    return frozenset()


def event_filter(node: Node, kind: EventType) -> Wanted:
    """The test on one property of an event of *kind* that a node describes. Raises InvalidFilterBranch."""
    name = node.choice("property", kind.properties)
    read, type, operation = kind.properties[name].read, kind.properties[name].type, node.object("operation")
    named = operation.choice("operationType", ("ALL_PROPERTY", *KINDS))
    if named == "ALL_PROPERTY":
        known = operation.choice("operator", ("IS_KNOWN", "IS_UNKNOWN")) == "IS_KNOWN"
        return lambda entry: (read(entry) is not None) is known
    if named == "ENUMERATION" and type == "string":
        type = "enumeration"  # HubSpot's own definitions ask for the texts of events as if they were options
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
