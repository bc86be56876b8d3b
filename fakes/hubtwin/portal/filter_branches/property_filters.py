"""Filters on a record's properties: whether they are known, their values, their moments (W6.4.10 to W6.4.18)."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hubtwin.portal.calendars import same_local
from hubtwin.portal.errors import choices
from hubtwin.portal.filter_branches import time_operations, value_operations
from hubtwin.portal.filter_branches.criteria import TOUCHED, Criterion, Interest, Need
from hubtwin.portal.filter_branches.histories import Updates, Values
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.spans import MomentOf
from hubtwin.portal.filter_branches.time_points import Surroundings
from hubtwin.portal.filters import Comparable, sort_key
from hubtwin.portal.log import ASSOCIATED, CREATED, DISSOCIATED, FORM_SUBMITTED, KEPT, SET
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.records import SYSTEM, Record
from hubtwin.portal.values import moment

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: Tells whether a record passes, None where it has no value.
Test = Callable[[Record], bool | None]

#: The newer names of the operations, as HubSpot's guide writes them; the older ones are what clients send.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "alltypes": "ALL_PROPERTY",
        "string": "STRING",
        "multistring": "MULTISTRING",
        "number": "NUMBER",
        "number-ranged": "NUMBER_RANGED",
        "bool": "BOOL",
        "enumeration": "ENUMERATION",
        "datetime": "DATETIME",
        "datetime-comparative": "COMPARATIVE_DATE",
        "datetime-ranged": "RANGED_DATE",
        "datetime-rolling": "ROLLING_DATE_RANGE",
        "rolling-property-updated": "ROLLING_PROPERTY_UPDATED",
        "property-updated-comparative": "COMPARATIVE_PROPERTY_UPDATED",
    }
)

_EQUAL, _MORE, _LESS = ("IS_EQUAL_TO", operator.eq), ("IS_GREATER_THAN", operator.gt), ("IS_LESS_THAN", operator.lt)

#: The operations that compare two properties of a record: the types that they go with, and their operators.
_COMPARATIVE: Mapping[str, tuple[tuple[str, ...], Mapping[str, Callable[[Comparable, Comparable], bool]]]] = (
    MappingProxyType(
        {
            "string-comparative": (("string", "phone_number"), dict([_EQUAL])),
            "number-comparative": (("number",), dict([_EQUAL, _MORE, _LESS])),
            "bool-comparative": (("bool",), {**dict([_EQUAL]), "IS_NOT_EQUAL_TO": operator.ne}),
        }
    )
)

_ALL_PROPERTY: Mapping[str, Callable[[str | None], bool]] = MappingProxyType(
    {
        "IS_KNOWN": lambda value: value is not None,
        "IS_UNKNOWN": lambda value: value is None,
        "IS_BLANK": lambda value: not (value or "").strip(),
        "IS_NOT_BLANK": lambda value: bool((value or "").strip()),
    }
)

#: The operations that are about the present value alone, so that there has to be one.
_NEED_VALUES = ("BOOL", "ENUMERATION", "MULTISTRING", "NUMBER", "NUMBER_RANGED", "STRING")

_OPERATIONS = ("ALL_PROPERTY", *value_operations.KINDS, *time_operations.KINDS, *_COMPARATIVE)


@dataclass(frozen=True, slots=True)
class PropertyFilter(Criterion):
    """A filter on properties of a record of *type*: the *test*, and what to make of records without a value.

    Whether it passes can only change with one of the *decisive* values, "" for none; None where those can't be told.
    *need* is what nobody passes without.
    """

    type: ObjectType
    test: Test
    reads: tuple[PropertyDefinition, ...]
    accepts_no_value: bool = False
    recheck: Callable[[Record], int | None] | None = None
    decisive: frozenset[str] | None = None
    need: Need | None = None

    def accepts(self, record: Record) -> bool:
        """Whether the record passes."""
        answer = self.test(record)
        return self.accepts_no_value if answer is None else answer

    def interests(self) -> Iterator[Interest]:
        """Changes of the properties; of any, where the portal itself works one out."""
        for definition in self.reads:
            if definition.name in _LASTING:
                continue
            if not _is_worked_out(self.type, definition):
                yield Interest(SET, self.type, definition.name, values=self.decisive)
                continue
            touched = (TOUCHED,) if definition.name == self.type.modified else ()
            for kind in (CREATED, SET, KEPT, ASSOCIATED, DISSOCIATED, FORM_SUBMITTED, *touched):
                yield Interest(kind, self.type)

    def needs(self) -> Sequence[Need] | None:
        """The property, where nobody passes without it."""
        (read, *others) = self.reads
        if others or self.need is None or _is_worked_out(self.type, read) or read.name in self.type.initial:
            return None
        return [self.need]

    def next_check(self, record: Record) -> int | None:
        """When a time filter's answer may change."""
        return self.recheck(record) if self.recheck else None


#: What a record is born with and keeps.
_LASTING = frozenset({"createdate", "hs_createdate", "hs_object_id"})


def _is_worked_out(type: ObjectType, definition: PropertyDefinition) -> bool:
    """Whether the value may change without an entry of its own in the log."""
    name = definition.name
    return definition.read_only or definition.calculated or name in SYSTEM or name == type.pipeline


def property_filter(portal: "Portal", type: ObjectType, node: Node) -> PropertyFilter:
    """The filter that a node of filterType PROPERTY describes. Raises InvalidFilterBranch."""
    return _Reading(portal, type, node).filter()


@dataclass(slots=True)
class _Reading:
    """One PROPERTY filter on its way from JSON; *reads* gathers the properties that it looks at."""

    portal: "Portal"
    type: ObjectType
    node: Node
    reads: list[PropertyDefinition] = field(default_factory=list)

    def filter(self) -> PropertyFilter:
        definition = self._definition(self.node, "property")
        operation = self.node.object("operation")
        named = operation.text("operationType")
        kind = ALIASES.get(named, named)
        if kind not in _OPERATIONS:
            raise operation.wrong("operationType", f"can't be {named!r}; {choices(named, _OPERATIONS)}")
        if kind in time_operations.KINDS:
            return self._time_filter(definition, operation, kind)
        if kind == "ALL_PROPERTY":
            test = self._known(definition, operation)
        elif kind in _COMPARATIVE:
            test = self._comparison(definition, operation, kind)
        else:
            test = self._value(definition, operation, kind)
        without = _accepts_no_value(operation)
        told = None if definition.is_multiple and kind == "ENUMERATION" else _named(operation, kind)
        decisive, need = _decisive(operation, told, without), _need(definition, operation, kind, told, without)
        return PropertyFilter(self.type, test, tuple(self.reads), without, decisive=decisive, need=need)

    def _definition(self, node: Node, member: str) -> PropertyDefinition:
        name = node.text(member)
        definition = self.portal.properties[self.type].get(name)
        if definition is None:
            raise node.wrong(member, f"names no property of {self.type.name}: {name!r}")
        self.reads.append(definition)
        return definition

    def _known(self, definition: PropertyDefinition, operation: Node) -> Test:
        known = _ALL_PROPERTY[operation.choice("operator", _ALL_PROPERTY)]
        return lambda record: known(record.get(definition.name))

    def _value(self, definition: PropertyDefinition, operation: Node, kind: str) -> Test:
        test, name = value_operations.value_test(definition, operation, kind), definition.name
        if test.mode.is_about_history:
            history = Values(self.portal, definition)
            return lambda record: test.holds(history.of(record))
        return lambda record: None if (value := record.get(name)) is None else test.holds((value,))

    def _comparison(self, definition: PropertyDefinition, operation: Node, kind: str) -> Test:
        types, operators = _COMPARATIVE[kind]
        other = self._definition(operation, "comparisonPropertyName")
        for one in (definition, other):
            if one.type not in types:
                raise operation.wrong("operationType", f"{kind} doesn't go with {one.name}, which is a {one.type}")
        holds = operators[operation.choice("operator", operators)]

        def test(record: Record) -> bool | None:
            value, compared = (sort_key(one, record.get(one.name)) for one in (definition, other))
            if value is None:
                return None
            return compared is not None and holds(value, compared)

        return test

    def _time_filter(self, definition: PropertyDefinition, operation: Node, kind: str) -> PropertyFilter:
        parser = operation.choice(
            "propertyParser", _PARSERS, "UPDATED_AT" if kind in time_operations.OF_UPDATES else "LOCAL"
        )
        zone = ZoneInfo(self.portal.configuration.account.time_zone)
        around = Surroundings(zone, lambda name, what: self._moment_of(operation, name, what, zone))
        read = self._reader(operation, definition, parser, zone)
        span = time_operations.span(operation, kind, around)
        clock = self.portal.clock

        def test(record: Record) -> bool | None:
            found = read(record)
            return None if found is None else span.holds(found, record, clock.now)

        def recheck(record: Record) -> int | None:
            found = read(record)
            return None if found is None else span.next_check((found,), record, clock.now)

        without = _accepts_no_value(operation)
        need = None if without else (definition.name, None)
        return PropertyFilter(self.type, test, tuple(self.reads), without, recheck, need=need)

    def _moment_of(self, operation: Node, name: str, what: str, zone: ZoneInfo) -> MomentOf:
        """The reader of another property that an operation names."""
        definition = self._definition(Node({"property": name}, operation.place), "property")
        return self._reader(operation, definition, "UPDATED_AT" if what == "UPDATED_AT" else "LOCAL", zone)

    def _reader(self, operation: Node, definition: PropertyDefinition, parser: str, zone: ZoneInfo) -> MomentOf:
        """Reads the property's moment: its value, or with the parser UPDATED_AT when that was written."""
        if parser == "UPDATED_AT":
            return Updates(self.portal, definition).last
        if definition.type not in ("date", "datetime"):
            name, type = definition.name, definition.type
            raise operation.wrong("operationType", f"needs a date or a datetime; {name} is a {type}")
        is_local = parser == "VALUE_WITH_ZONE_SAME_LOCAL_CONVERSION" or (
            parser == "LOCAL" and definition.type == "date"
        )
        return lambda record: _moment(record.get(definition.name), zone if is_local else None)


#: How a time operation reads its property. LOCAL is the default: the day of a date is one of the account's days.
_PARSERS = ("VALUE", "UPDATED_AT", "VALUE_WITH_ZONE_SAME_LOCAL_CONVERSION", "LOCAL")


def _accepts_no_value(operation: Node) -> bool:
    return operation.flag("includeObjectsWithNoValueSet", False)


def _moment(value: str | None, zone: ZoneInfo | None) -> int | None:
    if value is None:
        return None
    try:
        found = moment(value)
    except ValueError:  # an old value, from before the property had its present type
        return None
    return found if zone is None else same_local(found, zone)


_EQUALITY = ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO")

#: The operators that tell some values from all others, by the kind of operation; the second one lets the others pass.
_TELLING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "STRING": _EQUALITY,
        "MULTISTRING": _EQUALITY,
        "BOOL": _EQUALITY,
        "ENUMERATION": ("IS_ANY_OF", "IS_NONE_OF"),
        "ALL_PROPERTY": ("IS_UNKNOWN", "IS_KNOWN"),
    }
)
_OTHERS_PASS = frozenset(others for _, others in _TELLING.values())


def _named(operation: Node, kind: str) -> frozenset[str] | None:
    """The values that an operation tells from all others, "" for none; None for those that do something else."""
    if operation.text("operator") not in _TELLING.get(kind, ()):
        return None
    if kind == "ALL_PROPERTY":
        return frozenset([""])
    return frozenset(operation.texts("values") if "values" in operation else [operation.text("value")])


def _decisive(operation: Node, named: frozenset[str] | None, without: bool) -> frozenset[str] | None:
    """The values of which one comes or goes whenever the answer changes: none is among them if it isn't as the rest."""
    if named is None or "" in named:
        return named
    others_pass = operation.text("operator") in _OTHERS_PASS
    return named if without is others_pass else named | {""}


def _need(
    definition: PropertyDefinition, operation: Node, kind: str, named: frozenset[str] | None, without: bool
) -> Need | None:
    """What nobody passes without, at first; None where that can't be told."""
    operator = operation.text("operator")
    if named is not None and operator not in _OTHERS_PASS:
        return definition.name, named | ({""} if without else frozenset())
    is_present = kind in _NEED_VALUES and not operator.startswith("HAS_") and not without
    return (definition.name, None) if is_present or operator in ("IS_KNOWN", "IS_NOT_BLANK") else None
