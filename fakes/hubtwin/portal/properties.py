"""Property definitions: what a record can say about itself (W4).

HubSpot's own definitions come from `data/properties.tsv`. Those that follow from something else (the options of
stage properties, the dates of each stage) are not written down there: they follow from the pipelines.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from hubtwin.portal.errors import UnknownProperty
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.pipelines import Pipeline, Stage
from hubtwin.portal.property_validations import ValidationRule


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enumeration."""

    value: str
    label: str
    display_order: int
    hidden: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class PropertyDefinition:
    """One property of an object type, in HubSpot's terms (W4.1).

    *type* is bool, date, datetime, enumeration, number, phone_number or string. *read_only* is what decides
    whether a client may write the value, *calculated* only whether a formula makes it (W4.1). *created*, *updated*
    and *archived* are moments.
    """

    name: str
    label: str
    type: str
    field_type: str
    group: str
    description: str = ""
    options: tuple[Option, ...] = ()
    display_order: int = -1
    calculated: bool = False
    read_only: bool = False
    unique: bool = False
    hidden: bool = False
    form_field: bool = False
    hubspot_defined: bool = True
    referenced_object: str | None = None
    has_external_options: bool = False
    created: int | None = None
    updated: int | None = None
    archived: int | None = None
    sensitivity: str = "non_sensitive"
    rules: tuple[ValidationRule, ...] = ()

    @property
    def has_read_only_options(self) -> bool:
        """Whether the options follow from something else, such as the pipelines, and can't be changed here."""
        external = self.has_external_options or self.referenced_object is not None
        return self.hubspot_defined and (external or self.read_only)

    @property
    def is_multiple(self) -> bool:
        """Whether a value may hold several options, as in `a;b;c` (W2.2)."""
        return self.type == "enumeration" and self.field_type == "checkbox"


@dataclass(frozen=True, slots=True)
class PropertyGroup:
    """A heading that properties are filed under."""

    name: str
    label: str
    display_order: int = -1


NAME = re.compile(r"[a-z][a-z0-9_]*")  # W4.7


def _options(text: str) -> tuple[Option, ...]:
    pairs = (part.partition("=") for part in text.split("|") if part)
    return tuple(Option(value, label, order) for order, (value, _, label) in enumerate(pairs))


def _definition(row: dict[str, str]) -> PropertyDefinition:
    name = row["name"]
    return PropertyDefinition(
        name=name,
        label=row["label"],
        type=row["type"],
        field_type=row["fieldType"],
        group=row["groupName"],
        options=_options(row["options"]),
        calculated=row["calculated"] == "true",
        read_only=row["readOnlyValue"] == "true" or row["calculated"] == "true",
        # Whether HubSpot's own metadata calls the contact's email unique is open; that it is kept unique is not.
        unique=row["hasUniqueValue"] == "true" or (row["object"], name) == ("contacts", "email"),
        hidden=row["hidden"] == "true",
        form_field=row["formField"] == "true",
        referenced_object="OWNER" if name == "hubspot_owner_id" else None,
    )


@cache
def defaults() -> dict[str, dict[str, PropertyDefinition]]:
    """HubSpot's own definitions: object type name → property name → definition. Not to be changed."""
    table = files("hubtwin.portal").joinpath("data/properties.tsv").read_text(encoding="utf-8")
    found: dict[str, dict[str, PropertyDefinition]] = {}
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        found.setdefault(row["object"], {})[row["name"]] = _definition(row)
    return found


#: The types and labels of the properties that come with every stage, in the order of StageProperties.
_STAGE_FAMILY = (
    ("datetime", "Date entered"),
    ("datetime", "Date exited"),
    ("number", "Latest time in"),
    ("number", "Cumulative time in"),
    ("datetime", "Date entered"),
    ("datetime", "Date exited"),
    ("number", "Time in"),
)


@lru_cache(maxsize=1024)
def stage_properties(type: ObjectType, pipeline_label: str, stage: Stage) -> tuple[PropertyDefinition, ...]:
    """The calculated properties that come with a stage (F1.16, F1.21, F1.23)."""
    group = {"contacts": "contactlcs", "companies": "companylcs"}.get(type.name, f"{type.singular}information")
    family = [
        PropertyDefinition(
            name=name,
            label=f'{words} "{stage.label} ({pipeline_label})"',
            type=kind,
            field_type="calculation_read_time",
            group=group,
            read_only=True,
        )
        for name, (kind, words) in zip(stage.properties, _STAGE_FAMILY, strict=False)
        if stage.is_calculated
    ]
    if type.name == "contacts" and not stage.is_custom:  # F1.21, F1.23
        article = "an" if stage.label[0] in "AEIOU" else "a"
        became = PropertyDefinition(
            name=stage.properties.became,
            label=f"Became {article} {stage.label} Date",
            type="datetime",
            field_type="date",
            group=group,
            read_only=True,
        )
        family.append(became)
    return tuple(family)


class _Beginning(NamedTuple):
    """What the properties of a type are in a new portal: definitions and groups by name, names of unique ones."""

    definitions: dict[str, PropertyDefinition]
    groups: dict[str, PropertyGroup]
    unique: frozenset[str]


@cache
def _beginning(type: str) -> _Beginning:
    definitions = defaults()[type]
    groups = sorted({definition.group for definition in definitions.values()})
    return _Beginning(
        definitions,
        {name: PropertyGroup(name, name) for name in groups},
        frozenset(name for name, definition in definitions.items() if definition.unique),
    )


class Properties:
    """The property definitions of one object type in one portal."""

    def __init__(self, type: ObjectType) -> None:
        definitions, groups, unique = _beginning(type.name if type.name in defaults() else "custom")
        self.type = type
        self.groups = dict(groups)
        self.given_groups: frozenset[str] = frozenset(groups)
        self.unique = set(unique)
        self._definitions = dict(definitions)
        self._archived: dict[str, PropertyDefinition] = {}
        self._of_stages: Set[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        return name in self._definitions

    def __iter__(self) -> Iterator[PropertyDefinition]:
        return iter(self._definitions.values())

    def get(self, name: str) -> PropertyDefinition | None:
        """The definition of *name*, None where there is none."""
        return self._definitions.get(name)

    def find(self, name: str) -> PropertyDefinition:
        """The definition of *name*. Raises UnknownProperty."""
        try:
            return self._definitions[name]
        except KeyError:
            raise UnknownProperty(self.type.name, name, list(self._definitions)) from None

    def put(self, definition: PropertyDefinition) -> None:
        """Add a definition, or replace the one of the same name."""
        self._definitions[definition.name] = definition
        self._archived.pop(definition.name, None)
        (self.unique.add if definition.unique else self.unique.discard)(definition.name)
        self.groups.setdefault(definition.group, PropertyGroup(definition.group, definition.group))

    def get_archived(self, name: str) -> PropertyDefinition | None:
        """The definition of this name that was taken out, None where there is none."""
        return self._archived.get(name)

    def archive(self, name: str, moment: int) -> None:
        """Take a definition out; its name is free at once (W4.9). Raises UnknownProperty."""
        self._archived[name] = replace(self.find(name), archived=moment)
        del self._definitions[name]
        self.unique.discard(name)

    @property
    def archived(self) -> Iterable[PropertyDefinition]:
        """The definitions that were taken out."""
        return self._archived.values()

    def follow(self, pipelines: Iterable[Pipeline], now: int = 0) -> None:
        """Let the stage and pipeline properties have *pipelines* for their options, and each stage its dates.

        The calculated properties of stages that are gone are archived as of *now* (F1.16.1).
        """
        type, pipelines = self.type, list(pipelines)
        if type.stage is None or type.pipeline is None:
            return
        present = {
            definition.name: definition
            for pipeline in pipelines
            for stage in pipeline.stages
            for definition in stage_properties(type, pipeline.label, stage)
        }
        for name in sorted(self._of_stages - present.keys()):
            self.archive(name, now)
        self._definitions |= present
        for name in present if self._archived else ():
            self._archived.pop(name, None)
        for group in dict.fromkeys(definition.group for definition in present.values()):
            self.groups.setdefault(group, PropertyGroup(group, group))
            self.given_groups |= {group}
        self._of_stages = frozenset(present)
        self._offer(type.stage, [(stage.id, stage.label) for pipeline in pipelines for stage in pipeline.stages])
        self._offer(type.pipeline, [(pipeline.id, pipeline.label) for pipeline in pipelines])

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        options = tuple(Option(value, label, order) for order, (value, label) in enumerate(choices))
        self.put(replace(self.find(name), options=options, has_external_options=True))  # F1.8
