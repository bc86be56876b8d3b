"""Workflows."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from hubtwin.portal.configuration.parts import Defines, Name, Part


class SetProperty(Part):
    """A workflow's action *Edit record*: sets a property of the enrolled record; an empty value clears it."""

    set: Name
    """The property."""
    to: str
    """Its new value."""


class ClearProperty(Part):
    """A workflow's action *Clear property value* (F2.10)."""

    clear: Name
    """The property."""


def _kind_of_action(action: Any) -> str | None:
    if isinstance(action, Part):
        return type(action).__name__
    kinds = {"set": SetProperty, "clear": ClearProperty}
    return next((kinds[key].__name__ for key in kinds if isinstance(action, Mapping) and key in action), None)


WorkflowAction = Annotated[
    Annotated[SetProperty, Tag("SetProperty")] | Annotated[ClearProperty, Tag("ClearProperty")],
    Discriminator(
        _kind_of_action,
        custom_error_type="action",
        custom_error_message="an action has the keys 'set' and 'to', or the key 'clear'",
    ),
]


class Workflow(Part):
    """A workflow that records are enrolled in by hand, with actions that set and clear properties."""

    name: Annotated[Name, Defines("workflow")]
    object: Literal["contacts", "companies", "deals", "tickets"] = "contacts"
    """The type of the records that it enrolls."""
    actions: tuple[WorkflowAction, ...]
