"""Schemas: the custom object types that a portal defines for itself (W6.3)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubtwin.portal.associations import AssociationType
from hubtwin.portal.errors import InvalidSchema, UnknownObjectType
from hubtwin.portal.ids import Numbers
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.pipelines import Pipeline, Pipelines
from hubtwin.portal.properties import PropertyDefinition

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,49}")

#: The numbers in the ids of custom objects start here.
FIRST_ID = 1

#: What every custom object can be associated with, besides what its schema names.
ACTIVITIES = ("notes", "tasks", "meetings", "calls", "emails")


@dataclass
class Schema:
    """A custom object type: how people call it, and which of its properties matter most."""

    type: ObjectType
    qualified_name: str
    labels: Mapping[str, str]
    description: str
    primary_display: str | None
    secondary_display: tuple[str, ...]
    created: int
    updated: int
    is_archived: bool = False
    associations: dict[int, AssociationType] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        """The properties that a new record can't do without."""
        return tuple(names[0] for names in self.type.required)


class Schemas:
    """The custom object types of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._schemas: list[Schema] = []
        self._ids = Numbers(FIRST_ID)
        for wanted in portal.configuration.objects:
            if wanted.id is not None:
                self._ids.take(wanted.id)

    def __iter__(self) -> Iterator[Schema]:
        return iter(self._schemas)

    def labels(self, type: ObjectType) -> dict[str, str]:
        """What people call a record of a type, and several: `singular` and `plural`."""
        words = {"singular": type.singular, "plural": type.name}
        own = next((schema.labels for schema in self if schema.type is type), {})
        return {form: word.replace("_", " ").capitalize() for form, word in words.items()} | dict(own)

    def find(self, word: str) -> Schema | None:
        """The schema of the custom object that *word* names; None for HubSpot's own. Raises UnknownObjectType."""
        for schema in self._schemas:
            if word in (schema.type.name, schema.type.id, schema.qualified_name):
                return schema
        self._portal.type(word)
        return None

    def create(
        self,
        name: str,
        labels: Mapping[str, str],
        properties: Sequence[PropertyDefinition],
        *,
        required: Sequence[str] = (),
        searchable: Sequence[str] = (),
        primary_display: str | None = None,
        secondary_display: Sequence[str] = (),
        associated_objects: Sequence[str] = (),
        description: str = "",
        id: int | None = None,
    ) -> Schema:
        """Define a custom object type; it can be used at once, under its id `2-N`, its name and `p_<name>`.

        *id* is a number N that no type has, by default the next.

        Raises InvalidSchema, UnknownObjectType.
        """
        self._check_name(name)
        _check_named([p.name for p in properties], [*required, *searchable, primary_display, *secondary_display])
        others = [self._portal.type(word) for word in (*associated_objects, *ACTIVITIES)]
        type = ObjectType(
            name=name,
            id=f"2-{self._ids.take(id)}",
            singular=name,
            shown=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
            created="hs_createdate",
            modified="hs_lastmodifieddate",
            required=tuple((one,) for one in required),
            searched=tuple(searchable),
        )
        account, now = self._portal.configuration.account.id, self._portal.clock.now
        qualified = f"p{account}_{name}"
        schema = Schema(type, qualified, labels, description, primary_display, tuple(secondary_display), now, now)
        self._portal.types.add(type, qualified, f"p_{name}")
        self._portal.make_room_for(type)
        for definition in properties:
            self._portal.properties[type].put(definition)
        self._schemas.append(schema)
        for other in dict.fromkeys(others):
            self.associate(schema, other)
        return schema

    def give_pipelines(self, type: ObjectType, pipelines: Callable[[ObjectType], Iterable[Pipeline]]) -> None:
        """Let records of a custom type be in stages of *pipelines*, which are asked for once they can be (W6.3.4)."""
        type.stage, type.pipeline = "hs_pipeline_stage", "hs_pipeline"
        properties, group = self._portal.properties[type], f"{type.name}_information"
        for name, label in (("hs_pipeline", "Pipeline"), ("hs_pipeline_stage", "Pipeline stage")):
            properties.put(PropertyDefinition(name, label, "enumeration", "select", group))
        self._portal.pipelines[type] = Pipelines(type, pipelines(type))
        properties.follow(self._portal.pipelines[type], self._portal.clock.now)

    def update(
        self,
        schema: Schema,
        *,
        labels: Mapping[str, str],
        description: str,
        required: Sequence[str],
        searchable: Sequence[str],
        primary_display: str | None,
        secondary_display: Sequence[str],
    ) -> None:
        """Change what a schema says about its properties, and its labels. Raises InvalidSchema."""
        names = [definition.name for definition in self._portal.properties[schema.type]]
        _check_named(names, [*required, *searchable, primary_display, *secondary_display])
        schema.labels, schema.description = labels, description
        schema.primary_display, schema.secondary_display = primary_display, tuple(secondary_display)
        schema.type.required = tuple((name,) for name in required)
        schema.type.searched = tuple(searchable)
        schema.updated = self._portal.clock.now

    def archive(self, schema: Schema, *, purge: bool) -> None:
        """Delete a schema that has no records; *purge* frees its name as well. Raises InvalidSchema."""
        if self._portal.records[schema.type]:
            raise InvalidSchema(f"{schema.type.name} still has records; delete them first")
        if not schema.is_archived:
            schema.is_archived = True
            self._portal.types.remove(schema.type)
            self._portal.associations.undefine(schema.associations)
        if purge:
            self._schemas.remove(schema)

    def associate(self, schema: Schema, other: ObjectType, name: str | None = None) -> AssociationType:
        """Let records of a custom type be associated with those of another type."""
        wanted = name or f"{schema.type.singular}_TO_{other.singular}".upper()
        one, inverse = self._portal.associations.define(schema.type, other, wanted)
        schema.associations |= {one.id: one, inverse.id: inverse}
        return one

    def dissociate(self, schema: Schema, id: int) -> None:
        """Take an association type out, and its inverse; nothing happens where the schema has none such."""
        one = schema.associations.get(id)
        if one is not None:
            inverse = self._portal.associations.inverse(one)
            ids = [id, *([inverse.id] if inverse else [])]
            self._portal.associations.undefine(ids)
            for gone in ids:
                schema.associations.pop(gone, None)

    def _check_name(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise InvalidSchema(
                f"the object name {name!r} must begin with a letter and hold letters, digits and _ only"
            )
        try:
            self._portal.type(name)
        except UnknownObjectType:
            if all(schema.type.name != name for schema in self._schemas):
                return
        raise InvalidSchema(f"an object named {name!r} exists already")


def _check_named(properties: Sequence[str], named: Sequence[str | None]) -> None:
    for name in named:
        if name is not None and name not in properties:
            raise InvalidSchema(f"the schema has no property {name!r}; it has: {', '.join(properties) or 'none'}")
