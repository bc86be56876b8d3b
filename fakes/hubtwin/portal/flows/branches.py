"""Branches: where a record goes depends on a value, on filters, or on chance (F7.15, F7.28)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal import uses
from hubtwin.portal.filter_branches import reading
from hubtwin.portal.filter_branches.criteria import Criterion
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values
from hubtwin.portal.flows.actions import Action, Asset, Result, Run, connection
from hubtwin.portal.flows.values import Value
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class StaticBranch(Action):
    """By the value of one thing: each of its values has a branch, all others take the default one."""

    id: str
    value: Value
    branches: Mapping[str, str | None]
    default: str | None
    default_name: str

    def run(self, run: Run) -> Result:
        """Take the branch of the present value."""
        value = self.value.of(run)
        if value in self.branches:
            return Result(self.branches[value], f"took the branch {value!r}")
        return Result(self.default, f"took the branch {self.default_name!r}")

    def connections(self) -> Iterator[str]:
        """Those of all branches."""
        yield from filter(None, (*self.branches.values(), self.default))

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The property that it looks at."""
        if (read := self.value.reads()) is not None:
            yield Use(asset.name, asset.rule, type, read, False, tuple(self.branches))


@dataclass(frozen=True, slots=True)
class ListBranch(Action):
    """By filters: the first branch whose filters accept the record, else the default one (F7.28)."""

    id: str
    branches: Sequence[tuple[str, Criterion, str | None]]
    default: str | None
    default_name: str
    filters: Sequence[Mapping[str, object]]

    def run(self, run: Run) -> Result:
        """Take the first branch that accepts the record as it is now."""
        for name, criterion, next in self.branches:
            if criterion.accepts(run.record):
                return Result(next, f"took the branch {name!r}")
        return Result(self.default, f"took the branch {self.default_name!r}")

    def connections(self) -> Iterator[str]:
        """Those of all branches."""
        yield from filter(None, (*(next for _, _, next in self.branches), self.default))

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that the filters ask about."""
        for branch in self.filters:
            yield from uses.of_branch(asset.name, asset.rule, type, branch)


@dataclass(frozen=True, slots=True)
class ChanceBranch(Action):
    """By chance: so many per cent of the records go each way, the same ones in every run."""

    id: str
    flow: str
    branches: Sequence[tuple[int, str | None]]

    def run(self, run: Run) -> Result:
        """Draw; the draw belongs to flow, action, record and enrollment, so that no order of events changes it."""
        key = f"{self.flow}/{self.id}/{run.record.type.name}/{run.record.id}/{run.enrollment}"
        drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64 * 100
        for number, (percentage, next) in enumerate(self.branches, 1):
            drawn -= percentage
            if drawn < 0 or number == len(self.branches):
                return Result(next, f"took branch {number} of {len(self.branches)} by chance")
        raise AssertionError("a chance branch has branches")

    def connections(self) -> Iterator[str]:
        """Those of all branches."""
        yield from filter(None, (next for _, next in self.branches))


def read_static(node: Node) -> StaticBranch:
    """A STATIC_BRANCH. Raises InvalidFilterBranch."""
    branches = {one.text("branchValue"): connection(one) for one in node.objects("staticBranches")}
    if not branches:
        raise node.wrong("staticBranches", "must hold at least one branch")
    default, name = _default(node)
    return StaticBranch(node.text("actionId"), values.read(node.object("inputValue")), branches, default, name)


def read_list(portal: "Portal", type: ObjectType, node: Node) -> ListBranch:
    """A LIST_BRANCH. Raises InvalidFilterBranch."""
    branches, filters = [], []
    for number, one in enumerate(node.objects("listBranches"), 1):
        branch = one.object("filterBranch")
        criterion = reading.read(portal, type, branch.data, branch.place)
        branches.append((one.text("branchName", f"Branch {number}"), criterion, connection(one)))
        filters.append(branch.data)
    if not branches:
        raise node.wrong("listBranches", "must hold at least one branch")
    default, name = _default(node)
    return ListBranch(node.text("actionId"), tuple(branches), default, name, tuple(filters))


def read_chance(node: Node, flow: str) -> ChanceBranch:
    """An AB_TEST_BRANCH. Raises InvalidFilterBranch."""
    branches = [(one.whole("percentage", low=0, high=100), connection(one)) for one in node.objects("testBranches")]
    total = sum(percentage for percentage, _ in branches)
    if total != 100:
        raise node.wrong("testBranches", f"have percentages that add up to {total}, not to 100")
    return ChanceBranch(node.text("actionId"), flow, tuple(branches))


def _default(node: Node) -> tuple[str | None, str]:
    """Where all others go: `defaultBranch` is a connection itself (F7.15); an empty one is refused (F7.19)."""
    if "defaultBranch" in node and not node.object("defaultBranch").data:
        raise node.wrong("defaultBranch", "is empty; leave it out, or say edgeType and nextActionId")
    return connection(node, "defaultBranch"), node.text("defaultBranchName", "None met")
