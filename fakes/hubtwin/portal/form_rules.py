"""What a definition of a form may say in one portal (F4.4 to F4.6, F8.5, F8.7)."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hubtwin.portal.errors import InvalidDefinition, UnknownName, UnknownObjectType, choices
from hubtwin.portal.form_definitions import FormDefinition
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


def check(portal: "Portal", definition: FormDefinition) -> None:
    """Check a new or changed definition. Raises InvalidDefinition with all that is wrong."""
    problems = [
        *_fields(portal, definition),
        *_stages(portal, definition),
        *_subscriptions(portal, definition),
    ]
    if problems:
        raise InvalidDefinition(f"The form is not valid: {'; '.join(problems)}")


def has_stage_field(definition: FormDefinition) -> bool:
    """Whether a field asks for a lifecycle stage, as forms could before there were settings for it (F4.9)."""
    return any(asked.field.name == LIFECYCLE for asked in definition.asked())


def _fields(portal: "Portal", definition: FormDefinition) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for field, _ in definition.asked():
        if field.name == LIFECYCLE:  # F4.4, F4.6
            yield f"the field {LIFECYCLE} has to go; set the stages in configuration.lifecycleStages instead"
            continue
        if (field.object_type_id, field.name) in seen:
            yield f"the field {field.object_type_id}/{field.name} is there twice"
        seen.add((field.object_type_id, field.name))
        yield from _property(portal, field.object_type_id, field.name)


def _property(portal: "Portal", type: str, name: str) -> Iterator[str]:
    try:
        properties = portal.properties[portal.type(type)]
    except UnknownObjectType as error:
        yield str(error)
        return
    if properties.type.id != type:
        yield f"{name} needs the objectTypeId {properties.type.id!r}, not {type!r}"
    definition = properties.get(name)
    if definition is None:
        known = [one.name for one in properties if not one.read_only]
        yield f"{properties.type.name} have no property {name!r}{_meant(name, known)}"
    elif definition.read_only:
        yield f"{name} is worked out by HubSpot; nobody can fill it in"


def _meant(name: str, known: list[str]) -> str:
    """The end of the message alone: a type has hundreds of properties."""
    _, question, meant = choices(name, known).rpartition("; did you mean ")
    return f"{question}{meant}" if question else ""


def _stages(portal: "Portal", definition: FormDefinition) -> Iterator[str]:
    """F4.5: both objects or none, and each a stage that there is."""
    stages = definition.configuration.lifecycle_stages
    ids = [stage.object_type_id for stage in stages]
    if ids and sorted(ids) != [CONTACTS.id, COMPANIES.id]:
        yield f"lifecycleStages needs one stage of {CONTACTS.id} and one of {COMPANIES.id}, or none at all"
        return
    for stage in stages:
        pipelines = portal.pipelines[portal.type(stage.object_type_id)]
        if pipelines.stage(stage.value) is None:
            known = [one.id for pipeline in pipelines for one in pipeline.stages]
            yield f"no lifecycle stage is called {stage.value!r}; {choices(stage.value, known)}"


def _subscriptions(portal: "Portal", definition: FormDefinition) -> Iterator[str]:
    options = definition.legal_consent_options
    boxes: Iterable[int] = (box.subscription_type_id for box in options.communications_checkboxes)
    for id in (*options.subscription_type_ids, *boxes):
        try:
            portal.preferences.find(id)
        except UnknownName as error:
            yield str(error)
