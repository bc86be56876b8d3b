"""Values: what actions write, compare and send (F7.16), and tokens in their texts (F7.18)."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows.actions import Run
from hubtwin.portal.moments import DAY, HOUR, MINUTE, WEEK, iso
from hubtwin.portal.records import Record

_TOKEN = re.compile(r"\{\{\s*([a-z_]+(?:\.[A-Za-z0-9_]+)+)\s*\}\}")

UNITS = {"MINUTES": MINUTE, "HOURS": HOUR, "DAYS": DAY, "WEEKS": WEEK}


class Value(ABC):
    """Something that is worked out for a record when an action runs."""

    @abstractmethod
    def of(self, run: Run) -> str:
        """The value as a text; empty where there is none."""

    def reads(self) -> str | None:
        """The property of the enrolled record that it is read from, None for none."""
        return None


@dataclass(frozen=True, slots=True)
class Static(Value):
    """The same for every record, but for the tokens in it."""

    text: str

    def of(self, run: Run) -> str:
        """The text, its tokens filled in."""
        return filled(self.text, run)


@dataclass(frozen=True, slots=True)
class OfRecord(Value):
    """A property of the enrolled record."""

    property: str

    def of(self, run: Run) -> str:
        """Its present value."""
        return run.record.get(self.property) or ""

    def reads(self) -> str:
        """The property."""
        return self.property


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

    later: int = 0

    def of(self, run: Run) -> str:
        """In ISO 8601."""
        return iso(run.portal.clock.now + self.later)


@dataclass(frozen=True, slots=True)
class Increment(Value):
    """The property that is written, plus a number."""

    property: str
    by: int

    def of(self, run: Run) -> str:
        """The sum; a property without a value counts as 0."""
        present = run.record.get(self.property) or "0"
        number = float(present) + self.by
        return str(int(number)) if number.is_integer() else str(number)


@dataclass(frozen=True, slots=True)
class Append(Value):
    """The options that are set already, and one more."""

    property: str
    more: Value

    def of(self, run: Run) -> str:
        """All of them, each once."""
        chosen = [*(run.record.get(self.property) or "").split(";"), *self.more.of(run).split(";")]
        return ";".join(dict.fromkeys(filter(None, chosen)))


@dataclass(frozen=True, slots=True)
class OfEvent(Value):
    """A property of the event that enrolled the record."""

    name: str

    def of(self, run: Run) -> str:
        """It; empty where no event enrolled the record, or it doesn't tell."""
        return _event_property(run, self.name)


def read(node: Node, property: str | None = None) -> Value:
    """The value that a JSON object describes; *property* is the one that it is for. Raises InvalidFilterBranch."""
    match node.choice("type", KINDS):
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
            delay = node.object("timeDelay")
            unit = delay.choice("timeUnit", UNITS)
            return Now(delay.whole("delta", low=-100_000, high=100_000) * UNITS[unit])
        case "INCREMENT":
            return Increment(property or "", node.whole("incrementAmount", 1, low=-(10**9), high=10**9))
        case "STATIC_APPEND_VALUE":
            return Append(property or "", Static(node.text("staticAppendValue")))
        case "APPEND_OBJECT_PROPERTY":
            return Append(property or "", OfRecord(node.text("propertyName")))
        case "ENROLLMENT_EVENT_PROPERTY":
            return OfEvent(node.text("enrollmentEventPropertyToken").rpartition(".")[2].rstrip("} "))
    return Static(node.text("propertyToken"))  # FETCHED_OBJECT_PROPERTY: a token like those in texts


KINDS = (
    *("STATIC_VALUE", "OBJECT_PROPERTY", "FIELD_DATA", "TIMESTAMP", "RELATIVE_DATETIME", "INCREMENT"),
    *("STATIC_APPEND_VALUE", "APPEND_OBJECT_PROPERTY", "ENROLLMENT_EVENT_PROPERTY", "FETCHED_OBJECT_PROPERTY"),
)


# -- tokens ------------------------------------------------------------------------------------------------------


def filled(text: str, run: Run) -> str:
    """A text with its tokens replaced by what they stand for; unknown ones are left empty (F7.18, our model).

    What a record says is data: tokens in it are not looked at again.
    """
    return _TOKEN.sub(lambda found: _token(found.group(1), run), text) if "{{" in text else text


def _token(path: str, run: Run) -> str:
    space, *steps = path.split(".")
    match space, steps:
        case "enrolled_object", [name]:
            return run.record.get(name) or ""
        case "enrollment_events", [_, name]:
            return _event_property(run, name)
        case "fetched_objects", [token, name]:
            fetched = run.outputs.get(("", token))
            other = _fetched(run, fetched) if fetched else None
            return (other.get(name) or "") if other else ""
    return ""


def _fetched(run: Run, reference: str) -> Record | None:
    """The record that a data source fetched, kept as `companies/1001`."""
    type, _, id = reference.partition("/")
    return run.portal.records[run.portal.type(type)].get(int(id))


def _event_property(run: Run, name: str) -> str:
    entry = run.trigger
    if entry is None:
        return ""
    if entry.property is not None:
        return {"hs_name": entry.property, "hs_value": entry.value or ""}.get(name, "")
    facts = getattr(entry.value, "facts", {})
    return str(facts.get(name, ""))
