"""Properties of the account's own, their groups, and options that it changed in HubSpot's own properties (W4)."""

from typing import Literal

from hubtwin.portal.configuration.parts import Brief, Name, Part


class Option(Brief):
    """One choice of an enumeration; a text alone is its value and its label."""

    value: Name
    """What records carry."""
    label: Name | None = None
    """What people read; the value, where it is left out."""
    description: str = ""
    hidden: bool = False
    """Whether people no longer get to choose it."""


class ValidationRule(Part):
    """What the values of a property must look like (W4.12)."""

    type: Name
    """HubSpot's name of the rule, as in `MAX_LENGTH`."""
    arguments: tuple[str, ...] = ()
    """What the rule is told: the length, the pattern, the domains."""
    normalises: bool = False
    """Whether a value is brought into the rule's form before it is looked at."""


class PropertyGroup(Part):
    """A heading that properties are filed under."""

    name: Name
    """Its internal name."""
    label: Name | None = None
    """What people read; the name, where it is left out."""


class Property(Part):
    """A property of the account's own; under the name of one of HubSpot's own, other options for it (F5.3)."""

    name: Name
    """Its internal name: lower-case letters, digits and underscores."""
    label: Name | None = None
    """What people read; made of the name, where it is left out."""
    description: str = ""
    type: Literal["string", "number", "date", "datetime", "enumeration", "bool", "phone_number"] | None = None
    """What its values are (W4.4); an enumeration where it has options, else a string."""
    field: (
        Literal[
            "text",
            "textarea",
            "file",
            "html",
            "phonenumber",
            "number",
            "date",
            "select",
            "radio",
            "checkbox",
            "booleancheckbox",
        ]
        | None
    ) = None
    """How people fill it in; the first that goes with the type, where it is left out."""
    group: Name | None = None
    """The name of its group; the general one of its object, where it is left out."""
    options: tuple[Option, ...] = ()
    """The choices of an enumeration, in their order."""
    owners: bool = False
    """Whether the choices are the owners of the account."""
    unique: bool = False
    """Whether no two records may have the same value (W2.6)."""
    hidden: bool = False
    """Whether it is out of people's sight."""
    form_field: bool = False
    """Whether forms may ask for it."""
    sensitivity: Literal["non_sensitive", "sensitive", "highly_sensitive"] = "non_sensitive"
    """Which of HubSpot's classes of data it belongs to (W4.3)."""
    rules: tuple[ValidationRule, ...] = ()
    """What its values must look like."""
