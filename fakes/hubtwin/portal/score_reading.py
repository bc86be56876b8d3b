"""The grammar of score configurations, as the lead scoring API and the portal file have them (F10.5).

A configuration is read once, into calculators; what it asks for and the portal knows nothing about is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hubtwin.portal.errors import InvalidAssociation, UnknownObjectType
from hubtwin.portal.filter_branches import time_operations
from hubtwin.portal.filter_branches.criteria import Constant, Criterion, Group
from hubtwin.portal.filter_branches.event_types import EventType, event_type
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import Wanted, event_filter, only
from hubtwin.portal.filter_branches.property_filters import ALIASES, property_filter
from hubtwin.portal.filter_branches.reading import InList
from hubtwin.portal.filter_branches.refinements import ALWAYS
from hubtwin.portal.filter_branches.spans import Span
from hubtwin.portal.filter_branches.time_points import Surroundings
from hubtwin.portal.log import Entry
from hubtwin.portal.moments import DAY
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, ObjectType
from hubtwin.portal.score_calculators import (
    NOTHING,
    ROLL_UPS,
    Calculator,
    Cases,
    Events,
    Fixed,
    Frequency,
    RollUp,
    Sum,
    Worth,
)
from hubtwin.portal.score_decay import Decay
from hubtwin.portal.score_definitions import Limits, Rule, RuleGroup, ScoreDefinition
from hubtwin.portal.score_outputs import (
    CATEGORIES,
    GROUP,
    INTENT,
    Boundary,
    MatrixOutput,
    Output,
    ScoreOutput,
    ThresholdOutput,
)

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The objects whose records can be scored (F10.5.1).
SCORED = (CONTACTS, COMPANIES, DEALS)

_MOST = 1_000_000


def read(portal: "Portal", type: ObjectType, configuration: Mapping[str, Any], place: str) -> ScoreDefinition:
    """The score that a configuration in the API's words describes. Raises InvalidDefinition."""
    node = Node(configuration, place)
    allowed = categories(node)
    groups = tuple(_group(portal, type, one, allowed) for one in node.objects("groupConfigs"))
    if not groups:
        raise node.wrong("groupConfigs", "must hold at least one group")
    outputs = tuple(_output(one, allowed) for one in node.object("outputConfiguration").objects("outputs"))
    most = Decimal(node.number("maxScorePerCategory")) if "maxScorePerCategory" in node else None
    if most is not None and most <= 0:
        raise node.wrong("maxScorePerCategory", f"must be more than 0, not {most}")
    covers: Criterion = Constant(True)
    if "filterConfiguration" in node:
        covers = _covers(portal, type, node.object("filterConfiguration"))
    return ScoreDefinition(type, groups, outputs, most, covers)


def categories(node: Node, member: str = "allowedGroupTypes", allowed: Sequence[str] = CATEGORIES) -> tuple[str, ...]:
    """The categories that a member names, which have to be *allowed* ones. Raises InvalidDefinition."""
    words = {Node({member: word}, node.place).choice(member, allowed) for word in node.texts(member)}
    return tuple(category for category in CATEGORIES if category in words)


def _group(portal: "Portal", type: ObjectType, node: Node, allowed: Sequence[str]) -> RuleGroup:
    category, decay = node.choice("groupCategory", allowed), None
    node.text("groupName")
    if "groupDecay" in node:
        if category != INTENT:
            raise node.wrong("groupDecay", "goes with INTENT groups only: what fits doesn't fade")
        decay = _decay(portal, node.object("groupDecay"))
    grammar = _Grammar(portal, type, decay)
    rules = [one for one in node.objects("ruleConfigurations") if one.flag("enabled", True)]
    return RuleGroup(category, tuple(grammar.rule(one) for one in rules), _limits(node))


def _decay(portal: "Portal", node: Node) -> Decay:
    days = node.whole("decayIntervalDays", low=1, high=3650)
    percent = node.whole("percentToDecayPerInterval", low=1, high=100)
    return Decay(days * DAY, percent, portal.configuration.options.score_decay == "compounding")


def _limits(node: Node) -> Limits:
    low, high = (Decimal(node.number(name)) if name in node else None for name in ("minValue", "maxValue"))
    if low is not None and high is not None and low > high:
        raise node.wrong("minValue", f"must not be above maxValue: {low} and {high}")
    return Limits(low, high)


# -- outputs -------------------------------------------------------------------------------------------------


def read_output(output: Mapping[str, Any]) -> Output:
    """An output of a score, whatever categories the score has. Raises InvalidDefinition."""
    return _output(Node(output, "output"), CATEGORIES)


def _output(node: Node, allowed: Sequence[str]) -> Output:
    kind = node.choice("outputType", ("SCORE", "THRESHOLD", "MATRIX"))
    about = categories(node, "categories", allowed)
    texts = node.text("propertyDescription", ""), node.text("propertyGroup", GROUP)
    common = (node.text("propertyName"), node.text("propertyLabel"), about, *texts)
    if kind == "SCORE":
        return ScoreOutput(*common)
    if kind == "THRESHOLD":
        return ThresholdOutput(*common, _boundaries(node, "boundaries"))
    matrix = node.object("boundaries")
    return MatrixOutput(*common, tuple((category, _boundaries(matrix, category)) for category in about))


def _boundaries(node: Node, name: str) -> tuple[Boundary, ...]:
    found = [Boundary(one.text("label"), Decimal(one.number("threshold"))) for one in node.objects(name)]
    labels = {boundary.label for boundary in found}
    if not found or len(labels) != len(found) or "" in labels:
        raise node.wrong(name, "must be boundaries with labels that differ")
    return tuple(sorted(found, key=lambda boundary: boundary.threshold, reverse=True))


# -- segments ------------------------------------------------------------------------------------------------


def _covers(portal: "Portal", type: ObjectType, node: Node) -> Criterion:
    """The records that are scored at all: members of some segment, or of none of them (F10.5.9)."""
    excluded = node.choice("listFilterType", ("INCLUDES", "EXCLUDES")) == "EXCLUDES"
    return Group(_in_segments(portal, type, node), any=True, negated=excluded)


def _in_segments(portal: "Portal", type: ObjectType, node: Node) -> list[Criterion]:
    return [InList(portal, type, _segment(portal, type, node, text)) for text in node.texts("segmentIds")]


def _segment(portal: "Portal", type: ObjectType, node: Node, text: str) -> int:
    id = Node({"segmentIds": text}, node.place).whole("segmentIds", low=0, high=10**18)
    found = portal.lists.get(id)
    if found is None or found.deleted is not None:
        raise node.wrong("segmentIds", f"names no list: {id}")
    if found.type is not type:
        raise node.wrong("segmentIds", f"names a list of {found.type.name}, not of {type.name}: {id}")
    return id


# -- calculators ---------------------------------------------------------------------------------------------

_OF_RECORDS = ("CONSTANT", "MATCH", "MULTI", "CONDITIONAL", "SEGMENT_MEMBERSHIP")
_OF_RULES = (*_OF_RECORDS, "MULTI_UE", "ASSOCIATIONS", "ASSOCIATION_UE")
_OF_EVENTS = ("CONSTANT", "MATCH", "MULTI", "CONDITIONAL")


@dataclass(frozen=True, slots=True)
class _Grammar:
    """Reads calculators of records of *type*, whose events fade by *decay*."""

    portal: "Portal"
    type: ObjectType
    decay: Decay | None

    def rule(self, node: Node) -> Rule:
        """A rule of a group."""
        return Rule(self._calculator(node.object("configuration").object("calculation"), _OF_RULES), _limits(node))

    def _calculator(self, node: Node, allowed: Sequence[str]) -> Calculator:
        match node.choice("type", allowed):
            case "CONSTANT":
                return Fixed(_value(node))
            case "MATCH":
                return self._match(node)
            case "MULTI":
                return Sum([self._calculator(one, _OF_RECORDS) for one in node.objects("calculators")])
            case "CONDITIONAL":
                return Cases([(self._condition(node.object("whereCondition")), _value(node))])
            case "SEGMENT_MEMBERSHIP":
                return Sum([self._segment_rule(one) for one in node.objects("segmentMembershipRules")])
            case "MULTI_UE":
                return self._events(node)
        return self._roll_up(node)

    def _match(self, node: Node) -> Calculator:
        default = Decimal(node.number("defaultValue")) if "defaultValue" in node else NOTHING
        rules = node.objects("matchRules")
        return Cases([(self._property(one, node.text("property")), _value(one)) for one in rules], default)

    def _condition(self, node: Node) -> Criterion:
        if node.choice("type", ("SINGLE", "COMPOSITE")) == "SINGLE":
            return self._property(node, node.text("property"))
        node.choice("operator", ("AND",))
        return Group([self._condition(one) for one in node.objects("conditions")])

    def _property(self, node: Node, name: str) -> Criterion:
        filter = {"filterType": "PROPERTY", "property": name, "operation": node.data.get("operation")}
        return property_filter(self.portal, self.type, Node(filter, node.place))

    def _segment_rule(self, node: Node) -> Calculator:
        operations = ("HAS_ALL_SEGMENT_MEMBERSHIP", "HAS_AT_LEAST_ONE_SEGMENT_MEMBERSHIP", "HAS_NO_SEGMENT_MEMBERSHIP")
        operation = node.choice("operation", operations)
        members = _in_segments(self.portal, self.type, node)
        return Cases([(Group(members, operation != operations[0], operation == operations[2]), _value(node))])

    # -- events ----------------------------------------------------------------------------------------

    def _events(self, node: Node) -> Calculator:
        calculators = node.objects("eventCalculators")
        if not calculators:
            raise node.wrong("eventCalculators", "must hold at least one event")
        return Sum([self._event(one) for one in calculators])

    def _event(self, node: Node) -> Calculator:
        kind, span = event_type(self.portal, node), ALWAYS
        only(self.type, kind.object, node, "eventTypeId")
        if "eventTimeframe" in node:
            span = self._timeframe(node.object("eventTimeframe"))
        frequencies = None
        if "eventFrequencyCriteria" in node:
            criteria = node.object("eventFrequencyCriteria")
            criteria.choice("type", ("BETWEEN",))
            frequencies = [_frequency(one) for one in criteria.objects("ranges")]
        worth = partial(_worth, kind.wanted, _event_worth(node.object("recordCalculation"), kind))
        return Events(self.portal, self.type, kind.kind, worth, span, frequencies, self.decay)

    def _timeframe(self, node: Node) -> Span:
        if self.decay is not None:
            raise node.wrong("eventFilterOperation", "and groupDecay can't be used together")  # F10.5.6
        operation = node.object("eventFilterOperation")
        named = operation.text("operationType")
        kind = ALIASES.get(named, named)
        if kind not in time_operations.KINDS or kind in time_operations.OF_UPDATES:
            raise operation.wrong("operationType", f"must be about a date, not {named!r}")
        around = Surroundings(ZoneInfo(self.portal.configuration.account.time_zone))
        return time_operations.span(operation, kind, around)

    # -- associated records ----------------------------------------------------------------------------

    def _roll_up(self, node: Node) -> Calculator:
        try:
            other = self.portal.type(node.text("associatedObjectTypeId"))
        except UnknownObjectType as error:
            raise node.wrong("associatedObjectTypeId", f"can't be used: {error}") from None
        there = replace(self, type=other)
        allowed = ("MULTI_UE",) if node.text("type") == "ASSOCIATION_UE" else _OF_RECORDS
        inner = there._calculator(node.object("recordCalculation"), allowed)
        filters = node.object("associationFilters").objects("propertyFilters") if "associationFilters" in node else []
        filter = Group([property_filter(self.portal, other, one) for one in filters])
        association = self._association(node.object("associationSpec"), other)
        return RollUp(
            self.portal, self.type, other, association, inner, node.choice("rollupType", ROLL_UPS), filter
        )  # fmt: skip

    def _association(self, node: Node, other: ObjectType) -> int:
        id = node.whole("associationTypeId", low=0, high=10**12)
        try:
            found = self.portal.associations.get(node.text("associationCategory", "HUBSPOT_DEFINED"), id, self.type)
        except InvalidAssociation as error:
            raise node.wrong("associationTypeId", f"can't be used: {error}") from None
        if found.to_type != other.singular:
            raise node.wrong("associationTypeId", f"leads to {found.to_type} records, not to {other.name}")
        return found.id


def _value(node: Node) -> Decimal:
    return Decimal(node.number("value"))


def _frequency(node: Node) -> Frequency:
    kind = node.choice("type", ("EXACTLY", "BETWEEN", "AT_LEAST"))
    least = node.whole("from", low=0, high=_MOST)
    if kind == "BETWEEN":
        return Frequency(least, node.whole("to", low=least, high=_MOST), _value(node))
    return Frequency(least, least if kind == "EXACTLY" else None, _value(node))


# -- the worth of one event ----------------------------------------------------------------------------------


def _worth(wanted: Wanted, worth: Worth, entry: Entry) -> Decimal | None:
    return worth(entry) if wanted(entry) else None


def _event_worth(node: Node, kind: EventType) -> Worth:
    """What one event is worth by its own properties."""
    match node.choice("type", _OF_EVENTS):
        case "CONSTANT":
            return partial(_first, (), _value(node))
        case "MATCH":
            default = Decimal(node.number("defaultValue")) if "defaultValue" in node else None
            name, rules = node.text("property"), node.objects("matchRules")
            return partial(_first, [(_of_event(one, name, kind), _value(one)) for one in rules], default)
        case "CONDITIONAL":
            tests = _conditions(node.object("whereCondition"), kind)
            return partial(_first, ((partial(_all, tests), _value(node)),), None)
    return partial(_together, [_event_worth(one, kind) for one in node.objects("calculators")])


def _conditions(node: Node, kind: EventType) -> list[Wanted]:
    if node.choice("type", ("SINGLE", "COMPOSITE")) == "SINGLE":
        return [_of_event(node, node.text("property"), kind)]
    return [test for one in node.objects("conditions") for test in _conditions(one, kind)]


def _of_event(node: Node, name: str, kind: EventType) -> Wanted:
    filter = {"filterType": "PROPERTY", "property": name, "operation": node.data.get("operation")}
    return event_filter(Node(filter, node.place), kind)


def _all(tests: Sequence[Wanted], entry: Entry) -> bool:
    return all(test(entry) for test in tests)


def _first(cases: Sequence[tuple[Wanted, Decimal]], default: Decimal | None, entry: Entry) -> Decimal | None:
    return next((value for wanted, value in cases if wanted(entry)), default)


def _together(members: Sequence[Worth], entry: Entry) -> Decimal | None:
    found = [points for member in members if (points := member(entry)) is not None]
    return sum(found, NOTHING) if found else None
