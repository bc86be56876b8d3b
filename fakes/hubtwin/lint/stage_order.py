"""The order of lifecycle stages of one object type."""

from collections.abc import Collection, Iterable

from hubtwin.lint.samples import Sample
from hubtwin.portal.pipelines import Pipelines


class StageOrder:
    """The stages of a type, first to last. A record without a stage is before all of them (F2.4)."""

    def __init__(self, pipelines: Pipelines) -> None:
        found = [stage for pipeline in pipelines for stage in pipeline.stages]
        self.stages = tuple(stage.id for stage in sorted(found, key=lambda stage: stage.display_order))
        self._places: dict[Sample, int] = {stage: place for place, stage in enumerate(self.stages)}
        self.all: frozenset[Sample] = frozenset((None, *self.stages))

    def is_later(self, stage: Sample, than: str) -> bool:
        """Whether *stage* comes after another one."""
        return self._places.get(stage, -1) > self._places.get(than, -1)

    def later(self, than: str) -> list[Sample]:
        """The stages after one."""
        return [stage for stage in self.stages if self.is_later(stage, than)]

    def earlier(self, than: str) -> list[Sample]:
        """The stages before one, no stage included."""
        return [None, *(stage for stage in self.stages if self._places[stage] < self._places.get(than, -1))]

    def sorted(self, stages: Iterable[Sample]) -> list[Sample]:
        """Stages in their order, no stage first."""
        return sorted(stages, key=lambda stage: self._places.get(stage, -1))

    def words(self, stages: Collection[Sample]) -> str:
        """Stages as people name them: `lead or customer`, `lead or later`."""
        found = self.sorted(stages)
        names = ["no stage" if stage is None else str(stage) for stage in found]
        if len(found) > 3 and found[0] is not None and tuple(found) == self.stages[-len(found) :]:
            return f"{names[0]} or later"
        return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
