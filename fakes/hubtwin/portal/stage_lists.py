"""The stages of one pipeline together: their places, their metadata, and what a pipeline can't be without (W5.5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.objects import DEALS, TICKETS, ObjectType
from hubtwin.portal.pipelines import Stage

Metadata = tuple[tuple[str, str], ...]


def placed(stages: Iterable[Stage], stage: Stage) -> tuple[Stage, ...]:
    """*stages* with one more: in the place that it asks for, or right behind the stage that is there already.

    No two stages ever share a place; the pipeline is numbered anew where they would (W5.1.4).
    """
    ordered = sorted(stages, key=lambda one: one.display_order)
    taken = next((n for n, one in enumerate(ordered) if one.display_order == stage.display_order), None)
    if taken is None:
        return tuple(sorted((*ordered, stage), key=lambda one: one.display_order))
    return _numbered([*ordered[: taken + 1], stage, *ordered[taken + 1 :]])


def in_order(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Stages that come together: those that ask for the same place go by their labels (F1.11)."""
    ordered = sorted(stages, key=lambda stage: (stage.display_order, stage.label.lower()))
    shared = len({stage.display_order for stage in stages}) < len(stages)
    return _numbered(ordered) if shared else tuple(ordered)


def _numbered(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    return tuple(replace(stage, display_order=number) for number, stage in enumerate(stages))


def not_negative(order: int) -> int:
    """The display order, if it can be one. Raises InvalidDefinition."""
    if order < 0:
        raise InvalidDefinition("Pipeline display order cannot be negative", category=None)
    return order


def check(type: ObjectType, pipeline: str, stages: Sequence[Stage]) -> None:
    """A pipeline has a stage at least, and not too many; a ticket pipeline a closed one (W5.6.3).

    Raises InvalidDefinition.
    """
    if not stages:
        raise InvalidDefinition("Pipeline must have at least one stage")
    most = 100 if type in (DEALS, TICKETS) or type.id.startswith("2-") else 30
    if len(stages) > most and not type.has_lifecycle:
        raise InvalidDefinition(f"A pipeline of {type.name} has {most} stages at most, not {len(stages)}")
    if type is TICKETS and not any(stage.is_closed for stage in stages):
        message = f"{type.name} pipeline: {pipeline} must have at least one closed stage"
        raise InvalidDefinition(message, "PipelineError.MISSING_CLOSED_STAGE")


def metadata_of(type: ObjectType, sent: Mapping[str, str]) -> Metadata:
    """The metadata that a stage keeps. What its object type doesn't know is dropped; `isClosed` follows from the rest.

    Raises InvalidDefinition.
    """
    if type is DEALS:
        return _probability(sent)
    if type is TICKETS:
        return _state(type, "ticketState", sent)
    if type.id.startswith("2-"):
        return _state(type, "state", sent)
    return (("isClosed", "false"),)


def _probability(sent: Mapping[str, str]) -> Metadata:
    if "probability" not in sent:
        raise InvalidDefinition("must specify probability when writing a dealstage", category=None)
    try:
        probability = float(sent["probability"])
    except ValueError:
        probability = -1
    if not 0 <= probability <= 1:
        message = "dealstage probability is not valid, must be between 0.0 and 1.0 (inclusive)"
        raise InvalidDefinition(message, category=None)
    closed = "true" if probability in (0, 1) else "false"
    return (("isClosed", closed), ("probability", str(abs(probability))))


def _state(type: ObjectType, key: str, sent: Mapping[str, str]) -> Metadata:
    state = sent.get(key, "OPEN")
    if state not in ("OPEN", "CLOSED"):
        message = f"Failed to deserialize metadata for object type {type.name}"
        raise InvalidDefinition(message, "PipelineError.INVALID_PIPELINE_STAGE_METADATA")
    return ((key, state), ("isClosed", "true" if state == "CLOSED" else "false"))
