"""The verbs of administrators."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, RootModel, model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.pipelines import NewPipeline, NewStage, Pipeline
from hubtwin.portal.sources import administrator
from hubtwin.verbs.names import Names
from hubtwin.verbs.world import World


def _flat(value: Any) -> Any:
    return dict(_paths(value, "")) if isinstance(value, Mapping) else value


def _paths(value: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _paths(inner, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", inner


class ChangeSettings(RootModel[Annotated[dict[str, Any], BeforeValidator(_flat)]]):
    """An administrator changes settings, named as in a portal file or by paths: `company_sync.enabled: false`."""

    def check(self, names: Names, place: Place) -> None:
        """Check that there are such settings and that they can have these values."""
        with names.at(place):
            names.portal.settings_changes.checked(self.root)

    def do(self, world: World) -> None:
        """Change them."""
        world.portal.change_settings(self.root)


class ChangeStages(Part):
    """An administrator changes the lifecycle stages, all at once.

    `add` and `rename` are ids with labels; added stages come last, unless `order` names all stages anew.
    """

    add: dict[Name, Name] = Field(default_factory=dict)
    rename: dict[Name, Name] = Field(default_factory=dict)
    delete: tuple[Name, ...] = ()
    order: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> "ChangeStages":
        if not (self.add or self.rename or self.delete or self.order):
            raise ValueError("say what changes: add, rename, delete or order")
        return self

    def check(self, names: Names, place: Place) -> None:
        """Check that the stages that are named are there."""
        with names.at(place):
            self._wanted(_pipeline(names))

    def do(self, world: World) -> None:
        """Change them. Raises UnknownName, Refused, and InvalidDefinition where a stage is in use, for example."""
        pipeline = _pipeline(world)
        wanted = NewPipeline(pipeline.label, pipeline.display_order, self._wanted(pipeline))
        world.portal.pipeline_changes.replace(CONTACTS, pipeline.id, wanted, administrator(None))

    def _wanted(self, pipeline: Pipeline) -> list[NewStage]:
        """The stages after the change, in their order."""
        present = {stage.id: stage.label for stage in pipeline.stages}
        for id in (*self.rename, *self.delete):
            if id not in present:
                raise UnknownName("stage", id, list(present))
        if there := [id for id in self.add if id in present]:
            raise Refused(f"there is a stage {there[0]!r} already; rename it")
        labels = {**present, **self.rename, **self.add}
        ids = [id for id in labels if id not in self.delete]
        if self.order and sorted(self.order) != sorted(ids):
            raise Refused(f"order names each stage once: {', '.join(ids)}")
        return [NewStage(labels[id], number, id=id) for number, id in enumerate(self.order or ids)]


def _pipeline(around: Names | World) -> Pipeline:
    """The lifecycle stages as they are now."""
    (pipeline,) = around.portal.pipelines[CONTACTS]
    return pipeline
