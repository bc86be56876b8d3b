"""The pipelines that an account starts with: those of its portal file, else HubSpot's own (W5.2, W5.3, F5.4)."""

import re
from collections.abc import Iterable, Iterator, Sequence

from hubtwin.portal import configuration, stage_lists
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.errors import ConfigurationError, InvalidDefinition
from hubtwin.portal.objects import DEALS, LEADS, TICKETS, ObjectType
from hubtwin.portal.pipelines import (
    Pipeline,
    Stage,
    deal_pipeline,
    lead_pipeline,
    lifecycle_pipeline,
    ticket_pipeline,
)
from hubtwin.portal.problems import Problems

_STANDARD = {DEALS: deal_pipeline, TICKETS: ticket_pipeline, LEADS: lead_pipeline}


def of(configuration: Configuration, type: ObjectType, problems: Problems) -> list[Pipeline]:
    """The pipelines of one object. What is wrong with them becomes one of the *problems*."""
    if type.has_lifecycle:
        stages = tuple((stage.id, stage.label) for stage in configuration.stages)
        plain = frozenset(stage.id for stage in configuration.stages if not stage.calculated)
        return [lifecycle_pipeline(type, stages, plain)]
    wanted = configuration.pipelines.get(type.name)
    if not wanted or type.stage is None:
        return standard(type)
    made: list[Pipeline] = []
    for number, pipeline in enumerate(wanted):
        with problems.at("pipelines", type.name, number):
            made.append(_pipeline(type, pipeline, number))
    with problems.at("pipelines", type.name):
        _check_apart(made)
    return made or standard(type)


def standard(type: ObjectType) -> list[Pipeline]:
    """The pipelines of one object in an account that changed nothing."""
    return [_STANDARD[type]()] if type in _STANDARD else []


def id_of(type: ObjectType, wanted: configuration.Pipeline, number: int) -> str:
    """The id of the *number*th pipeline of a file; "" where none can be made."""
    own = [] if number else standard(type)
    return wanted.id or (own[0].id if own else word_of(wanted.label))


def _pipeline(type: ObjectType, wanted: configuration.Pipeline, number: int) -> Pipeline:
    """The pipeline as the portal has it. Raises ConfigurationError, InvalidDefinition."""
    id = id_of(type, wanted, number)
    if not id:
        raise ConfigurationError(("label",), f"no id can be made of {wanted.label!r}; give the pipeline an `id`")
    stages = tuple(_stage(type, stage, order) for order, stage in enumerate(wanted.stages))
    for what, words in (("id", [stage.id for stage in stages]), ("label", [stage.label.lower() for stage in stages])):
        for order, word in enumerate(words):
            if word in words[:order]:
                raise ConfigurationError(("stages", order), f"two stages of the pipeline have the {what} {word!r}")
    stage_lists.check(type, id, stages)
    return Pipeline(id, wanted.label, stages, number)


def _stage(type: ObjectType, wanted: configuration.PipelineStage, order: int) -> Stage:
    id = wanted.id or word_of(wanted.label)
    if not id:
        raise ConfigurationError(("stages", order), f"no id can be made of {wanted.label!r}; give the stage an `id`")
    state = "CLOSED" if wanted.closed else "OPEN"
    sent = {"ticketState": state, "state": state}
    if wanted.probability is not None:
        sent["probability"] = str(wanted.probability)
    try:
        metadata = stage_lists.metadata_of(type, sent)
    except InvalidDefinition:
        message = f"a stage of {type.name} needs its `probability`, from 0 for lost to 1 for won"
        raise ConfigurationError(("stages", order), message) from None
    same = next((one for one in _own_stages(type) if one.id == id), None)
    return Stage(id, wanted.label, order, metadata, suffix=same.suffix if same else None)


def _own_stages(type: ObjectType) -> Iterable[Stage]:
    return (stage for pipeline in standard(type) for stage in pipeline.stages)


def _check_apart(pipelines: Sequence[Pipeline]) -> None:
    """No two pipelines have an id, a label or a stage in common (W5.6)."""
    seen: dict[tuple[str, str], Pipeline] = {}
    for number, pipeline in enumerate(pipelines):
        for what, word in _words(pipeline):
            other = seen.setdefault((what, word), pipeline)
            if other is not pipeline:
                message = f"the {what} {word!r} is that of the pipeline {other.label!r} already; give it another"
                raise ConfigurationError((number,), message)


def _words(pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    yield "id", pipeline.id
    yield "label", pipeline.label.lower()
    for stage in pipeline.stages:
        yield "stage", stage.id


def word_of(label: str) -> str:
    """An id made of a label, as those of HubSpot's own stages are: `Closed Won` → `closedwon`."""
    return re.sub(r"[^a-z0-9]", "", label.lower())
