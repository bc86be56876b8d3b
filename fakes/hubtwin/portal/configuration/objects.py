"""Custom objects, and what records are to each other (W3.12, W6.3)."""

from typing import Annotated

from pydantic import Field

from hubtwin.portal.configuration.parts import Defines, Name, ObjectName, Part
from hubtwin.portal.configuration.properties import Property


class CustomObject(Part):
    """A kind of record of the account's own (W6.3)."""

    name: Annotated[Name, Defines("custom object")]
    """Its internal name, as in `machine`."""
    id: Annotated[int | None, Defines("object type id")] = Field(default=None, ge=1)
    """The number in its object type id, `2-…`; by default the next free one."""
    label: Name | None = None
    """What people call one; made of the name, where it is left out."""
    plural: Name | None = None
    """What people call several."""
    description: str = ""
    properties: Annotated[tuple[Property, ...], Field(min_length=1)]
    """Its own properties."""
    required: tuple[Name, ...] = ()
    """The properties that a new record can't do without."""
    searchable: tuple[Name, ...] = ()
    """The properties that a search looks at."""
    primary: Name | None = None
    """The property that people know a record by; the first, where it is left out."""
    secondary: tuple[Name, ...] = ()
    """The properties that are shown beside it."""
    associated_with: tuple[ObjectName, ...] = ()
    """The objects whose records it can belong to."""


class AssociationLabel(Part):
    """What two records can be to each other, such as *Decision maker* (W3.12)."""

    from_: ObjectName = Field(alias="from")
    """The object that the label stands at."""
    to: ObjectName
    """The object at the other end."""
    label: Name
    inverse: Name | None = None
    """What the other end is called; the same, where it is left out."""
    name: Name | None = None
    """Its internal name; made of the label, where it is left out."""
