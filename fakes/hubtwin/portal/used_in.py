"""Where a portal's configuration uses a stage or a property: what HubSpot shows as *Used in* (F11.1)."""

from collections.abc import Iterator

from hubtwin.portal.configuration import Configuration, SetProperty
from hubtwin.portal.objects import CONTACTS, LIFECYCLE, ObjectType


def of_stage(configuration: Configuration, stage: str) -> list[str]:
    """The settings, forms and workflows that name a lifecycle stage, as paths in the portal file."""
    named = [".".join(map(str, place)) for place, name in configuration.stages_named() if name == stage]
    writes = (place for place, property, value in _actions(configuration) if (property, value) == (LIFECYCLE, stage))
    return [*named, *writes]


def of_property(configuration: Configuration, type: ObjectType, name: str) -> list[str]:
    """The forms and workflows that write a property, as paths in the portal file."""
    forms = [
        f"forms.{number}" for number, form in enumerate(configuration.forms) if type is CONTACTS and name in form.fields
    ]
    workflows = [place for place, property, _ in _actions(configuration, type.name) if property == name]
    return forms + workflows


def _actions(configuration: Configuration, type: str | None = None) -> Iterator[tuple[str, str, str]]:
    """What workflows write: the action's path, its property and its value, which is empty where it clears."""
    for number, workflow in enumerate(configuration.workflows):
        if type not in (None, workflow.object):
            continue
        for index, action in enumerate(workflow.actions):
            place = f"workflows.{number}.actions.{index}"
            if isinstance(action, SetProperty):
                yield place, action.set, action.to
            else:
                yield place, action.clear, ""
