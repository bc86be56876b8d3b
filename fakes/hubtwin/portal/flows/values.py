"""Values: what actions write, compare and send (F7.16)."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hubtwin.portal.errors import Refused
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import time_delays, tokens
from hubtwin.portal.flows.actions import Asset, Run
from hubtwin.portal.flows.time_delays import TimeDelay
from hubtwin.portal.flows.tokens import filled
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.uses import Use

#: How deep lists and maps may lie in each other (our model).
MAX_DEPTH = 8


class Value(ABC):
    """Something that is worked out for a record when an action runs."""

    @abstractmethod
    def of(self, run: Run) -> str:
        """The value as a text; empty where there is none."""

    def reads(self) -> Iterator[str]:
        """The properties of the enrolled record that it is made of."""
        return iter(())

    def constants(self) -> tuple[str, ...]:
        """The value where it is the same for every record; nothing where it isn't."""
        return ()

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The same, as uses of an asset that enrolls records of *type*."""
        for property in self.reads():
            yield Use(asset.name, asset.rule, type, property, False)


@dataclass(frozen=True, slots=True)
class Static(Value):
    """The same for every record, but for the tokens in it."""

    text: str

    def of(self, run: Run) -> str:
        """The text, its tokens filled in."""
        return filled(self.text, run)

    def constants(self) -> tuple[str, ...]:
        """The text, unless there are tokens in it."""
        return () if "{{" in self.text else (self.text,)

    def reads(self) -> Iterator[str]:
        """The properties that its tokens show."""
        return tokens.properties(self.text)


@dataclass(frozen=True, slots=True)
class OfRecord(Value):
    """A property of the enrolled record."""

    property: str

    def of(self, run: Run) -> str:
        """Its present value."""
        return run.record.get(self.property) or ""

    def reads(self) -> Iterator[str]:
        """The property."""
        yield self.property


@dataclass(frozen=True, slots=True)
class Output(Value):
    """What an earlier action of the flow gave out."""

    action: str
    key: str

    def of(self, run: Run) -> str:
        """It; empty where that action has not run."""
        return run.outputs.get((self.action, self.key), "")


@dataclass(frozen=True, slots=True)
class Now(Value):
    """The moment at which the action runs, or some time after it."""

    delay: TimeDelay | None = None

    def of(self, run: Run) -> str:
        """In ISO 8601. Raises Refused where the delay leads out of the calendar."""
        now = run.portal.clock.now
        try:
            return iso(now if self.delay is None else self.delay.after(now, run.zone))
        except (ValueError, OverflowError):
            raise Refused("the date lies too far from now") from None


@dataclass(frozen=True, slots=True)
class Increment(Value):
    """The property that is written, plus a number."""

    property: str
    by: float

    def of(self, run: Run) -> str:
        """The sum; a property without a value counts as 0. Raises Refused where it holds no number."""
        present = (run.target or run.record).get(self.property) or "0"
        try:
            number = float(present) + self.by
        except ValueError:
            raise Refused(f"{self.property} is {present!r}, which is no number to add to") from None
        return str(int(number)) if number.is_integer() else str(number)

    def reads(self) -> Iterator[str]:
        """The property."""
        yield self.property


@dataclass(frozen=True, slots=True)
class Append(Value):
    """The options that are set already, and one more."""

    property: str
    more: Value

    def of(self, run: Run) -> str:
        """All of them, each once."""
        present = (run.target or run.record).get(self.property) or ""
        chosen = [*present.split(";"), *self.more.of(run).split(";")]
        return ";".join(dict.fromkeys(filter(None, chosen)))

    def reads(self) -> Iterator[str]:
        """The property, and what is appended."""
        yield self.property
        yield from self.more.reads()


@dataclass(frozen=True, slots=True)
class OfEvent(Value):
    """A property of the event that enrolled the record."""

    name: str

    def of(self, run: Run) -> str:
        """It; empty where no event enrolled the record, or it doesn't tell."""
        return tokens.event_property(run, self.name)


@dataclass(frozen=True, slots=True)
class Coordinates(Value):
    """A record that a token names, as its type's id and its own: `0-2/1001` (F7.16.3)."""

    token: str

    def of(self, run: Run) -> str:
        """It; empty where the token names none."""
        record = tokens.record_of(self.token, run)
        return "" if record is None else tokens.reference(record)


@dataclass(frozen=True, slots=True)
class Several(Value):
    """Several values, as a property with many options has them (F7.16.2)."""

    members: Sequence[Value]

    def of(self, run: Run) -> str:
        """Those that are not empty, with semicolons between them."""
        return ";".join(filter(None, (member.of(run) for member in self.members)))

    def reads(self) -> Iterator[str]:
        """Those of all members."""
        for member in self.members:
            yield from member.reads()


@dataclass(frozen=True, slots=True)
class Named(Value):
    """Several values by their names, as a JSON object (F7.16.2)."""

    members: Mapping[str, Value]

    def of(self, run: Run) -> str:
        """The object as a text."""
        return json.dumps({name: member.of(run) for name, member in self.members.items()}, ensure_ascii=False)

    def reads(self) -> Iterator[str]:
        """Those of all members."""
        for member in self.members.values():
            yield from member.reads()


def read(node: Node, property: str | None = None, depth: int = 0) -> Value:
    """The value that a JSON object describes; *property* is the one that it is for. Raises InvalidFilterBranch."""
    if depth > MAX_DEPTH:
        raise node.wrong("values", f"lie deeper than {MAX_DEPTH} levels in each other")
    match node.choice("type", KINDS, "OBJECT_PROPERTY" if "propertyName" in node else "STATIC_VALUE"):
        case "STATIC_VALUE":
            return Static(node.text("staticValue", ""))
        case "OBJECT_PROPERTY":
            return OfRecord(node.text("propertyName"))
        case "FIELD_DATA":
            return Output(node.text("actionId"), node.text("dataKey"))
        case "TIMESTAMP":
            node.choice("timestampType", ("EXECUTION_TIME",), "EXECUTION_TIME")
            return Now()
        case "RELATIVE_DATETIME":
            return Now(time_delays.read(node.object("timeDelay")))
        case "INCREMENT" | "STATIC_APPEND_VALUE" | "APPEND_OBJECT_PROPERTY":
            return _onto(node, property)
        case "ENROLLMENT_EVENT_PROPERTY":
            return OfEvent(node.text("enrollmentEventPropertyToken").rpartition(".")[2].rstrip("} "))
        case "SINGLE_OBJECT_COORDINATES":
            return Coordinates(node.text("coordinatesToken"))
        case "LIST":
            return Several(tuple(read(one, property, depth + 1) for one in node.objects("values")))
        case "MAP":
            inner = node.object("values")
            return Named({name: read(inner.object(name), property, depth + 1) for name in inner.data})
        case "ACTION_OUTPUT_OBJECT_PROPERTY":
            return Static(node.text("actionOutputPropertyToken"))
        case "ENROLLMENT_DATASET_COLUMN":
            raise node.wrong("type", "ENROLLMENT_DATASET_COLUMN needs data sets, which the portal doesn't have")
    return Static(node.text("propertyToken"))  # FETCHED_OBJECT_PROPERTY: a token like those in texts


def _onto(node: Node, property: str | None) -> Value:
    """What is worked out from the property that is written."""
    if property is None:
        raise node.wrong("type", f"{node.text('type')} goes with a property to write only")
    match node.text("type"):
        case "INCREMENT":
            return Increment(property, float(node.number("incrementAmount")))
        case "STATIC_APPEND_VALUE":
            return Append(property, Static(node.text("staticAppendValue")))
    return Append(property, OfRecord(node.text("appendPropertyName")))


KINDS = (
    *("STATIC_VALUE", "OBJECT_PROPERTY", "FIELD_DATA", "TIMESTAMP", "RELATIVE_DATETIME", "INCREMENT"),
    *("STATIC_APPEND_VALUE", "APPEND_OBJECT_PROPERTY", "ENROLLMENT_EVENT_PROPERTY", "FETCHED_OBJECT_PROPERTY"),
    *("ACTION_OUTPUT_OBJECT_PROPERTY", "SINGLE_OBJECT_COORDINATES", "LIST", "MAP", "ENROLLMENT_DATASET_COLUMN"),
)
