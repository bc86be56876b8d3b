"""Actions: what a flow does with a record, one after the other (F7.15).

Each kind is read from its JSON once and runs as often as records come to it.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.occurrences import Occurred
from hubtwin.portal.log import Entry
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.outbox import Request
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.flows.flow import Flow
    from hubtwin.portal.portal import Portal

#: What has no connection to a further action ends the flow for the record (F7.15).
END = None

#: Under this key an action that waited for an event gives out whether it occurred (F7.17.29).
CRITERIA_MET = "hs_event_criteria_met"

#: Under this key each action gives out how it ended, and how that may be (F7.16.5).
STATE, SUCCESS, FAIL_CONTINUE = "hs_execution_state", "SUCCESS", "FAIL_CONTINUE"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an action: where the record goes on, and the *event* for the action log (F7.33).

    The record waits *until* a moment before it goes on, None for at once; where it *awaits* events, one of them ends
    the wait before. An action that did not *succeed* is an issue of the flow, and the record goes on all the same
    (F7.34). *entry* is the log's entry about what was done, *outputs* what the action gives out to later ones. It is
    done *again* after the wait, where a try failed and another one may not. *branch* is the place in the action's
    JSON of the branch that the record took, as in `listBranches.0`.

    An action that *asks* another system makes the result that counts of the answer. One that waits for a *callback*
    goes on once an app completes that.
    """

    next: str | None
    event: str
    succeeded: bool = True
    until: int | None = None
    entry: int | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    awaits: Sequence[Occurred] = ()
    again: bool = False
    branch: str | None = None
    asks: Request | None = None
    callback: str | None = None


class Asset(NamedTuple):
    """What actions of a flow are called in *Used in*: the asset and its place."""

    name: str
    rule: str


@dataclass(slots=True)
class Run:
    """One action of a *flow* at work on one record.

    *source* is what its writes carry, *cause* the entry that they follow from. *trigger* is the entry that enrolled the
    record, None where a person or a schedule did. *outputs* are what earlier actions gave out, by action and key;
    *tries* is how often this one was tried before. *target* is the record that is written, where that isn't the
    enrolled one. *execution* is how many actions the record has behind it, *since* when it came to this one.
    """

    portal: "Portal"
    record: Record
    source: Source
    cause: int
    enrollment: int
    trigger: Entry | None
    flow: "Flow"
    outputs: dict[tuple[str, str], str] = field(default_factory=dict)
    tries: int = 0
    target: Record | None = None
    execution: int = 0
    since: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return ZoneInfo(self.portal.configuration.account.time_zone)


class Action(ABC):
    """One action of a flow.

    One that *steers* says only where the record goes on, and when: it is done in flows that are off, too, and outside
    their hours (F7.5, F7.25).
    """

    id: str
    steers: ClassVar[bool] = False

    @abstractmethod
    def run(self, run: Run) -> Result:
        """Do it. Whatever can go wrong becomes a result that did not succeed; PortalError is caught by the engine."""

    @abstractmethod
    def connections(self) -> Iterator[str]:
        """The actions that may follow."""

    def arms(self) -> Iterator[tuple[str, str]]:
        """The branches that a record may take, by their places in the action's JSON, and their names."""
        return iter(())

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that it reads or writes."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Single(Action):
    """An action with at most one that follows."""

    id: str
    next: str | None

    def connections(self) -> Iterator[str]:
        """The one that follows."""
        if self.next is not None:
            yield self.next

    def done(self, event: str, entry: int | None = None, outputs: Mapping[str, str] | None = None) -> Result:
        """It worked."""
        return Result(self.next, event, entry=entry, outputs=outputs or {})

    def failed(self, event: str, entry: int | None = None, outputs: Mapping[str, str] | None = None) -> Result:
        """It did not work, and the record goes on (F7.34)."""
        return Result(self.next, event, succeeded=False, entry=entry, outputs=outputs or {})

    def wait(self, until: int, event: str) -> Result:
        """The record waits."""
        return Result(self.next, event, until=until)

    def retry(self, until: int, event: str) -> Result:
        """It did not work, and is tried again."""
        return Result(self.id, event, succeeded=False, until=until, again=True)


def connection(node: Node, name: str = "connection") -> str | None:
    """The action that a connection leads to; None where there is none. Raises InvalidFilterBranch."""
    if name not in node:
        return END
    inner = node.object(name)
    inner.choice("edgeType", ("STANDARD", "GOTO", "GO-TO"), "STANDARD")  # C11: two spellings of one thing
    return inner.text("nextActionId")


@dataclass(frozen=True, slots=True)
class NotExecuted(Single):
    """An action that the portal can't execute, and *why*: the log says so, and the record goes on."""

    why: str

    def run(self, run: Run) -> Result:
        """Log it."""
        return self.failed(f"not executed: {self.why}")


def fields_of(node: Node) -> Node:
    """The fields of an action. Raises InvalidFilterBranch."""
    return node.object("fields") if "fields" in node else Node({}, f"{node.place}.fields")
