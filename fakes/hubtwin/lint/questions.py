"""Questions: which states pass the filter branches of lists and workflows, and which don't.

Conditions on single properties are tried on their samples with the portal's own filters. Of what can't be told from
the present values (what a record submitted, with whom it is associated) only this is known: the same question has
the same answer.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from hubtwin.lint.samples import OTHER, Sample, Samples, is_vague
from hubtwin.lint.states import QUESTION, State, tidied
from hubtwin.portal.errors import InvalidFilterBranch
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.property_filters import ALIASES, property_filter
from hubtwin.portal.filter_branches.value_operations import KINDS
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: A filter or a filter branch, as JSON.
Branch = Mapping[str, Any]

BOTH: frozenset[Sample] = frozenset(("true", "false"))

_PARTS = ("CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH", "ENDS_WITH")

_OPPOSITES = {
    "NOT_FILLED_OUT": "FILLED_OUT",
    "NOT_IN_LIST": "IN_LIST",
    "HAS_NOT_COMPLETED": "HAS_COMPLETED",
    "NOT_HAS_EVENT": "HAS_EVENT",
}


class _StandIn:
    """Stands in for a record of which one property is known."""

    def __init__(self, name: str, value: str | None) -> None:
        self._name = name
        self._value = value

    def get(self, name: str) -> str | None:
        return self._value if name == self._name else None


class Questions:
    """The filter branches of one portal, put to states."""

    def __init__(self, portal: "Portal", samples: Samples) -> None:
        self._portal = portal
        self._samples = samples
        self._known: dict[tuple[ObjectType, str], Mapping[Sample, frozenset[bool]] | None] = {}

    def passing(self, type: ObjectType, states: Iterable[State], branch: Branch, wanted: bool = True) -> list[State]:
        """What is left of states of records that pass a branch; of those that don't, where that is *wanted*."""
        return tidied(self._branch(type, list(states), branch, wanted))

    def _branch(self, type: ObjectType, states: list[State], branch: Branch, wanted: bool) -> list[State]:
        kind = branch.get("filterBranchType")
        if kind in ("ASSOCIATION", "UNIFIED_EVENTS"):
            return _asked(states, branch, "", wanted)
        if kind in ("NOT_ALL", "NOT_ANY"):
            wanted = not wanted
        members = [*(branch.get("filters") or ()), *(branch.get("filterBranches") or ())]
        if (kind in ("OR", "NOT_ANY")) is wanted:  # one of them is enough
            return tidied(left for member in members for left in self._member(type, states, member, wanted))
        for member in members:
            states = tidied(self._member(type, states, member, wanted))
        return states

    def _member(self, type: ObjectType, states: list[State], member: Branch, wanted: bool) -> list[State]:
        if "filterBranchType" in member:
            return self._branch(type, states, member, wanted)
        match member.get("filterType"):
            case "PROPERTY":
                return self._property(type, states, member, wanted)
            case "CONSTANT":
                return states if (str(member.get("shouldAccept")).lower() == "true") is wanted else []
            case "IN_LIST":
                return self._in_list(type, states, member, wanted)
        return _asked(states, member, "", wanted)

    def _in_list(self, type: ObjectType, states: list[State], one: Branch, wanted: bool) -> list[State]:
        list = self._portal.lists.get(int(one["listId"]))
        if list is None or list.deleted is not None or not list.is_dynamic or list.branch is None:
            return _asked(states, one, "", wanted)
        return self._branch(type, states, list.branch, wanted is not (one.get("operator") == "NOT_IN_LIST"))

    # -- properties ------------------------------------------------------------------------------------

    def _property(self, type: ObjectType, states: list[State], one: Branch, wanted: bool) -> list[State]:
        name, answers = str(one.get("property")), self._answers(type, one)
        if answers is None:
            return _asked(states, one, name, wanted)
        kept = frozenset(sample for sample, answer in answers.items() if wanted in answer)
        left = [narrow for state in states if (narrow := state.narrowed(name, self._samples.of(type, name), kept))]
        return left if all(len(answer) == 1 for answer in answers.values()) else _asked(left, one, name, wanted)

    def _answers(self, type: ObjectType, one: Branch) -> Mapping[Sample, frozenset[bool]] | None:
        """What a filter answers to each sample of its property; None where it asks for more than the present value."""
        key = type, json.dumps(one, sort_keys=True, default=str)
        if key not in self._known:
            self._known[key] = self._try(type, one)
        return self._known[key]

    def _try(self, type: ObjectType, one: Branch) -> Mapping[Sample, frozenset[bool]] | None:
        operation, name = one.get("operation") or {}, str(one.get("property"))
        kind, operator = str(operation.get("operationType")), str(operation.get("operator"))
        definition = self._portal.properties[type].get(name)
        if definition is None or ALIASES.get(kind, kind) not in (*KINDS, "ALL_PROPERTY") or operator.startswith("HAS_"):
            return None
        try:
            criterion = property_filter(self._portal, type, Node(one, "filter"))
        except InvalidFilterBranch:  # it was right when it was made, and its property changed since
            return None
        is_open = operator in _PARTS or (is_vague(definition) and ALIASES.get(kind, kind) != "ALL_PROPERTY")
        found: dict[Sample, frozenset[bool]] = {}
        for sample in self._samples.of(type, name):
            value = "\N{REPLACEMENT CHARACTER}" if sample is OTHER else sample
            answer = criterion.accepts(cast(Record, _StandIn(name, value)))
            found[sample] = frozenset((True, False)) if sample is OTHER and is_open else frozenset((answer,))
        return found


def _asked(states: Sequence[State], question: Branch, property: str, wanted: bool) -> list[State]:
    """What is left of states once a question was answered that their values don't tell about."""
    operator = str(question.get("operator"))
    plain = {key: value for key, value in question.items() if value not in (None, [], {}, False)}
    plain["operator"] = _OPPOSITES.get(operator, operator)
    key = f"{QUESTION}{property}|{json.dumps(plain, sort_keys=True, default=str)}"
    is_yes = wanted is not (operator in _OPPOSITES)
    answer: frozenset[Sample] = frozenset(("true" if is_yes else "false",))
    return [left for state in states if (left := state.narrowed(key, BOTH, answer))]
