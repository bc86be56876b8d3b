"""Expectations that don't hold, and the story of why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hubtwin.portal import Entry, Portal, Record
from hubtwin.portal.log import ACTION_FAILED, ACTION_SUCCEEDED, CREATED, KEPT, SET


@dataclass(frozen=True)
class Mismatch:
    """What was expected and what is, as one line; and the entries of the log that say how it came about."""

    line: str
    story: tuple[Entry, ...] = ()


class ExpectationFailed(Exception):
    """An expectation does not hold, in one way or in several."""

    def __init__(self, mismatches: Sequence[Mismatch]) -> None:
        super().__init__("\n".join(mismatch.line for mismatch in mismatches))
        self.mismatches = tuple(mismatches)


def story_of_property(portal: Portal, record: Record, property: str) -> tuple[Entry, ...]:
    """How a property of *record* came to its value, each step with its causes.

    Writes that the stage rule kept out are part of the story: they are often what the reader looks for.
    """
    told = [
        entry.number
        for entry in portal.log.timeline(record)
        if entry.kind == CREATED or (entry.kind in (SET, KEPT) and entry.property == property)
    ]
    return _with_causes(portal, told)


def story_of_workflow(portal: Portal, workflow: str, record: Record | None) -> tuple[Entry, ...]:
    """What a workflow's actions did, to one record or to all."""
    told = [
        entry.number
        for entry in portal.log
        if entry.kind in (ACTION_SUCCEEDED, ACTION_FAILED)
        and entry.source.label == workflow
        and record in (None, entry.record)
    ]
    return _with_causes(portal, told)


def _with_causes(portal: Portal, numbers: Iterable[int]) -> tuple[Entry, ...]:
    """The entries and what caused them, in the order in which they happened."""
    chains = {entry.number: entry for number in numbers for entry in portal.log.why(number)}
    return tuple(chains[number] for number in sorted(chains))
