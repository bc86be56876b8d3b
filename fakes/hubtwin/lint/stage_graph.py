"""The stage graph: from which stage to which the rules of a configuration move records."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from hubtwin.lint.findings import Step
from hubtwin.lint.samples import Sample

#: Where records are before they are made. No stage can be called so.
NEW = "(new)"


class Edge(NamedTuple):
    """A rule that moves records from one stage to another; *words* name it."""

    source: Sample
    target: Sample
    words: str
    rule: str


class StageGraph:
    """The edges between the stages of one object type, which is called *singular*."""

    def __init__(self, singular: str, edges: Iterable[Edge]) -> None:
        self._singular = singular
        self._leaving: dict[Sample, list[Edge]] = {}
        for edge in edges:
            self._leaving.setdefault(edge.source, []).append(edge)
        self._paths = self._search([NEW])
        self.reached: frozenset[Sample] = frozenset(self._paths) - {NEW}

    @property
    def edges(self) -> list[Edge]:
        """All edges."""
        return [edge for edges in self._leaving.values() for edge in edges]

    def path(self, stage: Sample) -> tuple[Step, ...] | None:
        """The shortest way on which rules bring a new record to a stage; None where none do."""
        edges = self._paths.get(stage)
        return None if edges is None else self.steps(edges)

    def onward(self, stages: Iterable[Sample], without: str) -> dict[Sample, list[Edge]]:
        """How rules move records on that are in one of these stages, but for those of the rule *without*."""
        return self._search(stages, without)

    def steps(self, edges: Iterable[Edge]) -> tuple[Step, ...]:
        """Edges in words."""
        return tuple(Step(self._told(edge), edge.rule) for edge in edges)

    def _told(self, edge: Edge) -> str:
        target = "no stage" if edge.target is None else edge.target
        if edge.source == NEW:
            return f"a new {self._singular} gets {target}: {edge.words}"
        return f"{'no stage' if edge.source is None else edge.source} -> {target}: {edge.words}"

    def _search(self, starts: Iterable[Sample], without: str | None = None) -> dict[Sample, list[Edge]]:
        """The shortest way to each stage that can be reached; breadth first."""
        found: dict[Sample, list[Edge]] = {start: [] for start in starts}
        waiting = deque(found)
        while waiting:
            here = waiting.popleft()
            for edge in self._leaving.get(here, ()):
                is_left_out = without is not None and f"{edge.rule}.".startswith(f"{without}.")
                if edge.target not in found and not is_left_out:
                    found[edge.target] = [*found[here], edge]
                    waiting.append(edge.target)
        return found
