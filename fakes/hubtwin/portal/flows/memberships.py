"""Memberships: lists that records join and leave, and other flows (F7.17.13, F7.17.15, F7.17.63809083)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows.actions import Result, Run, Single, connection, fields_of
from hubtwin.portal.log import ENROLLED
from hubtwin.portal.reactions import MAX_DEPTH

if TYPE_CHECKING:
    from hubtwin.portal.flows.flow import Flow

#: How much longer a chain of causes may be before one more enrollment would make the portal take it for a loop.
_ROOM = 20


@dataclass(frozen=True, slots=True)
class ChangeList(Single):
    """Lets the record join a list that is not dynamic, or leave it."""

    list: int
    leaves: bool

    def run(self, run: Run) -> Result:
        """Let it. Raises UnknownName, InvalidDefinition."""
        lists = run.portal.lists
        found = lists.find(self.list)
        if found.type is not run.record.type:
            return self.failed(f"list {found.name!r} is of {found.type.name}, not of {run.record.type.name}")
        change = lists.remove if self.leaves else lists.add
        if not change(found, [run.record], source=run.source, cause=run.cause):
            return self.done(f"was {'not ' if self.leaves else ''}in list {found.name!r}")
        return self.done(f"{'left' if self.leaves else 'joined'} list {found.name!r}", run.record.last_entry)


@dataclass(frozen=True, slots=True)
class Enroll(Single):
    """Enrolls the record in another flow (0-15)."""

    flow: str

    def run(self, run: Run) -> Result:
        """Enroll it, unless that would go round without end. Raises UnknownName, Refused."""
        other = run.portal.workflows.find(self.flow)
        if run.record in other.active:
            return self.done(f"is in workflow {other.name!r} already")
        if (loop := _loop(run, other)) is not None:
            return self.failed(f"not enrolled in workflow {other.name!r}, that would be a loop: {loop}")
        run.portal.workflows.enroll(other.id, run.record, source=run.source, cause=run.cause)
        return self.done(f"enrolled in workflow {other.name!r}")


def _loop(run: Run, other: "Flow") -> str | None:
    """The flows that lead from one enrollment in *other* to the next while no time passes; None where that isn't so."""
    chain = run.portal.log.why(run.cause)
    enrolled = [entry for entry in chain if entry.kind == ENROLLED and entry.record is run.record]
    ids = [entry.value.facts["hs_flow_id"] if entry.value else "" for entry in enrolled]
    now = run.portal.clock.now
    for place, entry in enumerate(enrolled):
        if ids[place] == other.id and entry.moment == now:
            names = [str(one.value) for one in enrolled[place:]]
            return " -> ".join([*names, other.name])
    if len(chain) > MAX_DEPTH - _ROOM:
        return f"a chain of {len(chain)} causes leads here"
    return None


def read_list(node: Node, *, leaves: bool | None = None) -> ChangeList:
    """An action on a list; the old 0-13 says itself what it does (our model). Raises InvalidFilterBranch."""
    fields = fields_of(node)
    name = "listId" if "listId" in fields else "list_id"
    if leaves is None:
        leaves = fields.choice("operation", ("ADD", "REMOVE"), "ADD") == "REMOVE"
    return ChangeList(node.text("actionId"), connection(node), fields.whole(name, low=0, high=10**18), leaves)


def read_enroll(node: Node) -> Enroll:
    """A 0-15. Raises InvalidFilterBranch."""
    return Enroll(node.text("actionId"), connection(node), fields_of(node).text("flow_id"))
