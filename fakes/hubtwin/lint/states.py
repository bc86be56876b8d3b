"""States: what may be true of a record at some point of its way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hubtwin.lint.findings import Step
from hubtwin.lint.samples import Sample

#: How many states are told apart at one point; more are taken together.
MAX_STATES = 24

#: What the key of a question begins with that has no property to look at: a form that was submitted.
QUESTION = "?"


@dataclass(frozen=True, slots=True)
class Cleared:
    """A stage that an action took away.

    *stages* are those that it could be, *asked* says whether the way there had asked for it; *rule* is the action's.
    """

    stages: frozenset[Sample]
    asked: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Grown:
    """How a record got to another stage while it waited.

    *before* is the stage that it had, *steps* are what happened, *at* the place on its way where that belongs.
    """

    before: Sample
    steps: tuple[Step, ...]
    at: int


@dataclass(frozen=True, slots=True)
class State:
    """What may be true of a record.

    *values* are the samples that a property can have; one that isn't there can have any. *trail* is the record's way
    through the workflow. *made* are the stages that the workflow itself may have set, *grown* those that others may
    have set while it waited; *passed* those that an earlier action has already failed for. *cleared* is what became of
    the stage before it was cleared.
    """

    values: Mapping[str, frozenset[Sample]] = field(default_factory=dict)
    trail: tuple[Step, ...] = ()
    made: frozenset[Sample] = frozenset()
    grown: Mapping[Sample, Grown] = field(default_factory=dict)
    passed: frozenset[Sample] = frozenset()
    cleared: Cleared | None = None

    def narrowed(self, name: str, all: frozenset[Sample], kept: frozenset[Sample]) -> "State | None":
        """The state of those records whose value is one of *kept*, of *all* that there are; None where none are."""
        present = self.values.get(name, all)
        left = present & kept
        if left == present:
            return self
        return replace(self, values={**self.values, name: left}) if left else None

    def written(self, name: str, values: frozenset[Sample] | None) -> "State":
        """The state once a property was written: to one of *values*, None for any."""
        about = f"{QUESTION}{name}|"
        rest = {key: found for key, found in self.values.items() if key != name and not key.startswith(about)}
        return replace(self, values=rest if values is None else {**rest, name: values})

    def unasked(self) -> "State":
        """The state once the answers may be others to questions that no property of the record tells."""
        kept = {key: values for key, values in self.values.items() if not key.startswith(f"{QUESTION}|")}
        return replace(self, values=kept)

    def told(self, *steps: Step) -> "State":
        """The state with further steps on its way."""
        return replace(self, trail=(*self.trail, *steps))

    def meets(self, other: "State") -> bool:
        """Whether one record can be in both states."""
        return all(values & other.values[name] for name, values in self.values.items() if name in other.values)


def tidied(states: Iterable[State]) -> list[State]:
    """States without those that say the same as another one on a shorter way; few enough to go on with."""
    by_way = sorted(states, key=lambda state: len(state.trail))
    found: dict[object, State] = {}
    for state in by_way:
        known = (frozenset(state.values.items()), state.made, state.passed, state.cleared)
        found.setdefault(known, state)
    kept = list(found.values())
    return kept if len(kept) <= MAX_STATES else [_together(kept)]


def _together(states: list[State]) -> State:
    """One state that covers several."""
    first, rest = states[0], states[1:]
    common = [name for name in first.values if all(name in state.values for state in rest)]
    values = {name: frozenset[Sample]().union(*(state.values[name] for state in states)) for name in common}
    return replace(
        first,
        values=values,
        made=frozenset[Sample]().union(*(state.made for state in states)),
        grown={stage: how for state in reversed(states) for stage, how in state.grown.items()},
        passed=first.passed.intersection(*(state.passed for state in rest)),
    )
