"""A flow: its JSON as the API gives it out, the plan read from it, and who is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hubtwin.portal.agenda import Agenda
from hubtwin.portal.filter_branches.occurrences import Occurred
from hubtwin.portal.flows.plans import Plan
from hubtwin.portal.log import Entry
from hubtwin.portal.records import Record


class Wait(NamedTuple):
    """What a record waits for: one of some events, as the action with this id says."""

    action: str
    events: Sequence[Occurred]


class Pause(NamedTuple):
    """A delay that a record is in: the id of the action, and since when."""

    action: str
    since: int


class Callback(NamedTuple):
    """What an app has to complete before a record goes on, as the action with this id made it."""

    action: str
    id: str


@dataclass(slots=True, eq=False)
class Enrollment:
    """A record on its way through a flow.

    *entry* is the log's entry about its coming, *trigger* what enrolled it; *action* is the id of the action that
    comes next, *executed* how many it has behind it. *waits* counts its waits, so that an old one can't wake it.
    *outputs* are what actions gave out, by action and key; *tries* is how often the next one was tried in vain. The
    record goes on before its wait ends where an event occurs that it *awaits*, or an app completes its *callback*.
    *pause* is the delay that it is in.
    """

    number: int
    record: Record
    entry: int
    trigger: Entry | None
    action: str | None
    executed: int = 0
    waits: int = 0
    outputs: dict[tuple[str, str], str] = field(default_factory=dict)
    tries: int = 0
    awaits: Wait | None = None
    callback: Callback | None = None
    pause: Pause | None = None


@dataclass(slots=True, eq=False)
class Flow:
    """One flow of a portal. *data* is its definition as JSON, *rules* the places in the portal file of its actions.

    *active* are the enrollments of records that are in it, *counts* how often each record came in, *met* the
    records that met the criteria when they were last looked at. *entries* are the numbers of the log's entries that are
    about it: its action log; *turns* says how many records its actions that go round gave away, by their ids. The
    *agenda* has the moments at which records have to be looked at though nothing happens; *watches* counts how often it
    was turned on, so that the schedule of an earlier time can't go on. *past* are its definitions before this one,
    oldest first, each with the moment from which it held; *arrivals* the moments at which records came to the end.
    *legacy* is what version 3 of the API told of its first revision, None where it didn't.
    """

    id: str
    data: dict[str, Any]
    plan: Plan
    created: int
    updated: int
    rule: str
    rules: Mapping[str, str] = field(default_factory=dict)
    revision: int = 1
    active: dict[Record, Enrollment] = field(default_factory=dict)
    counts: dict[Record, int] = field(default_factory=dict)
    met: set[Record] = field(default_factory=set)
    met_again: dict[Record, tuple[bool, ...]] = field(default_factory=dict)
    entries: list[int] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)
    agenda: Agenda | None = None
    watches: int = 0
    past: list[tuple[dict[str, Any], int]] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    legacy: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Flow {self.id} {self.name!r}: {len(self.active)} {self.plan.type.name}>"

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.data.get("name") or f"Flow {self.id}")

    @property
    def is_on(self) -> bool:
        """Whether it is turned on."""
        return self.data.get("isEnabled") is True

    def changed(self, action: str) -> bool:
        """Whether the last change of the flow was about what an action does, not only about where it leads."""
        before, now = (_without_connection(data, action) for data in (self.past[-1][0], self.data))
        return before != now

    def rule_of(self, action: str) -> str:
        """The place of an action: in the portal file, or in the flow where that was made through the API."""
        return self.place(f"actions.{action}")

    def place(self, part: str) -> str:
        """The place of a part of its JSON, such as `goalFilterBranch` or `actions.3`."""
        return self.rules.get(part, f"{self.rule}.{part}")

    def place_of_branch(self, action: str, branch: str) -> str:
        """The place of a branch of an action, such as `listBranches.0`."""
        return self.rules.get(f"actions.{action}.{branch}", f"{self.rule_of(action)}.{branch}")


def _without_connection(data: Mapping[str, Any], action: str) -> list[dict[str, Any]]:
    found = (one for one in data["actions"] if str(one.get("actionId")) == action)
    return [{name: value for name, value in one.items() if name != "connection"} for one in found]
