"""Branches: where a record goes depends on a value, on filters, or on chance (F7.15, F7.28)."""

import hashlib
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from hubtwin.portal import uses
from hubtwin.portal.filter_branches import reading
from hubtwin.portal.filter_branches.criteria import Criterion
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values
from hubtwin.portal.flows.actions import Action, Asset, Result, Run, connection
from hubtwin.portal.flows.values import Static, Value
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


#: The place in an action's JSON of the branch that all others take.
DEFAULT = "defaultBranch"

#: How the value is compared with that of a branch (F7.15.1); texts as they are, whatever their case.
_OPERATORS: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {
        "IS_EQUAL_TO": lambda value, wanted: value == wanted,
        "IS_NOT_EQUAL_TO": lambda value, wanted: value != wanted,
        "CONTAINS": lambda value, wanted: wanted.lower() in value.lower(),
        "DOES_NOT_CONTAIN": lambda value, wanted: wanted.lower() not in value.lower(),
        "STARTS_WITH": lambda value, wanted: value.lower().startswith(wanted.lower()),
        "ENDS_WITH": lambda value, wanted: value.lower().endswith(wanted.lower()),
        "IS_KNOWN": lambda value, wanted: value != "",
        "IS_UNKNOWN": lambda value, wanted: value == "",
        "IS_GREATER_THAN": lambda value, wanted: _compared(value, wanted, operator.gt),
        "IS_GREATER_THAN_OR_EQUAL_TO": lambda value, wanted: _compared(value, wanted, operator.ge),
        "IS_LESS_THAN": lambda value, wanted: _compared(value, wanted, operator.lt),
        "IS_LESS_THAN_OR_EQUAL_TO": lambda value, wanted: _compared(value, wanted, operator.le),
    }
)


def _compared(value: str, wanted: str, holds: Callable[[float, float], bool]) -> bool:
    """As numbers; what is no number is neither above nor below one."""
    try:
        return holds(float(value), float(wanted))
    except ValueError:
        return False


class Case(NamedTuple):
    """A branch that is taken where the value compares to *value* as the *operator* says."""

    operator: str
    value: str
    next: str | None


class Branch(Action):
    """A branch of any kind."""

    __slots__ = ()
    steers: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class StaticBranch(Branch):
    """By the value of one thing: the first branch that it fits, else the default one."""

    id: str
    value: Value
    cases: Sequence[Case]
    default: str | None
    default_name: str

    def run(self, run: Run) -> Result:
        """Take the branch of the present value."""
        value = self.value.of(run)
        for number, case in enumerate(self.cases):
            if _OPERATORS[case.operator](value, case.value):
                return Result(case.next, f"took the branch {case.value!r}", branch=f"staticBranches.{number}")
        return Result(self.default, f"took the branch {self.default_name!r}", branch=DEFAULT)

    def arms(self) -> Iterator[tuple[str, str]]:
        """The cases, and the default branch."""
        yield from ((f"staticBranches.{number}", case.value) for number, case in enumerate(self.cases))
        yield DEFAULT, self.default_name

    def connections(self) -> Iterator[str]:
        """Those of all branches."""
        yield from filter(None, (*(case.next for case in self.cases), self.default))

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that it looks at."""
        for use in self.value.uses(type, asset):
            yield use._replace(values=tuple(case.value for case in self.cases))


@dataclass(frozen=True, slots=True)
class ListBranch(Branch):
    """By filters: the first branch whose filters accept the record, else the default one (F7.28)."""

    id: str
    branches: Sequence[tuple[str, Criterion, str | None]]
    default: str | None
    default_name: str
    filters: Sequence[Mapping[str, object]]

    def run(self, run: Run) -> Result:
        """Take the first branch that accepts the record as it is now."""
        for number, (name, criterion, next) in enumerate(self.branches):
            if criterion.accepts(run.record):
                return Result(next, f"took the branch {name!r}", branch=f"listBranches.{number}")
        return Result(self.default, f"took the branch {self.default_name!r}", branch=DEFAULT)

    def arms(self) -> Iterator[tuple[str, str]]:
        """Those with filters, and the default one."""
        yield from ((f"listBranches.{number}", name) for number, (name, _, _) in enumerate(self.branches))
        yield DEFAULT, self.default_name

    def connections(self) -> Iterator[str]:
        """Those of all branches."""
        yield from filter(None, (*(next for _, _, next in self.branches), self.default))

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that the filters ask about."""
        for branch in self.filters:
            yield from uses.of_branch(asset.name, asset.rule, type, branch)


@dataclass(frozen=True, slots=True)
class ChanceBranch(Branch):
    """By chance: so many per cent of the records go each way, the same ones in every run (F7.15.9)."""

    id: str
    flow: str
    branches: Sequence[tuple[int, str | None]]

    def run(self, run: Run) -> Result:
        """Draw: the draw belongs to flow, action, record and how often that came in; no other one changes it."""
        times = run.flow.counts.get(run.record, 0)
        key = f"{self.flow}/{self.id}/{run.record.type.name}/{run.record.id}/{times}"
        drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64 * 100
        for number, (percentage, next) in enumerate(self.branches, 1):
            drawn -= percentage
            if drawn < 0 or number == len(self.branches):
                words = f"took branch {number} of {len(self.branches)} by chance"
                return Result(next, words, branch=f"testBranches.{number - 1}")
        raise AssertionError("a chance branch has branches")

    def arms(self) -> Iterator[tuple[str, str]]:
        """Those that anybody goes."""
        for number, (percentage, _) in enumerate(self.branches):
            if percentage:
                yield f"testBranches.{number}", f"{number + 1} ({percentage} %)"

    def connections(self) -> Iterator[str]:
        """Those of all branches."""
        yield from filter(None, (next for _, next in self.branches))


def read_static(node: Node) -> StaticBranch:
    """A STATIC_BRANCH; without an input value, all take the default branch (F7.15.2). Raises InvalidFilterBranch."""
    cases = tuple(_case(one) for one in node.objects("staticBranches"))
    if cases and "inputValue" not in node:
        raise node.wrong("inputValue", "is missing: there are branches to choose from")
    value = values.read(node.object("inputValue")) if "inputValue" in node else Static("")
    default, name = _default(node)
    return StaticBranch(node.text("actionId"), value, cases, default, name)


def _case(node: Node) -> Case:
    return Case(node.choice("operator", _OPERATORS, "IS_EQUAL_TO"), node.text("branchValue", ""), connection(node))


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
