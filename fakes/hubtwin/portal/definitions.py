"""What a portal file defines beyond HubSpot's own: properties, pipelines, custom objects, association labels.

Everything goes through the same checks as what administrators define later; what doesn't pass them is a problem at
its place in the file.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hubtwin.portal import configuration, starting_pipelines
from hubtwin.portal.errors import ConfigurationError, InvalidDefinition
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.pipeline_rules import RuleSet, StagesOfRule
from hubtwin.portal.pipelines import Pipeline
from hubtwin.portal.problems import Problems
from hubtwin.portal.properties import Option, PropertyDefinition, PropertyGroup
from hubtwin.portal.property_changes import FIELD_TYPES
from hubtwin.portal.property_validations import ValidationRule
from hubtwin.portal.starting_pipelines import word_of

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Definitions:
    """The definitions of one portal's file, on their way into the portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._problems = Problems()

    @property
    def _configuration(self) -> configuration.Configuration:
        return self._portal.configuration

    def define(self) -> None:
        """Define everything but the pipelines of HubSpot's own objects. Raises ConfigurationError."""
        for number, wanted in enumerate(self._configuration.objects):
            with self._problems.at("objects", number):
                self._define_object(wanted)
        for word, groups in self._configuration.property_groups.items():
            with self._problems.at("property_groups", word):
                self._define_groups(self._portal.type(word), groups)
        for word, properties in self._configuration.properties.items():
            with self._problems.at("properties", word):
                self._define_properties(self._portal.type(word), properties)
        for word in self._configuration.pipelines:
            with self._problems.at("pipelines", word):
                self._check_pipelines(self._portal.type(word))
        for number, label in enumerate(self._configuration.association_labels):
            with self._problems.at("association_labels", number):
                self._define_label(label)
        self._define_rules()
        self._problems.settle()

    # -- properties ------------------------------------------------------------------------------------

    def _define_groups(self, type: ObjectType, groups: Sequence[configuration.PropertyGroup]) -> None:
        for number, group in enumerate(groups):
            with self._problems.at("property_groups", type.name, number):
                made = PropertyGroup(group.name, group.label or group.name)
                self._portal.property_changes.create_group(type, made)

    def _define_properties(self, type: ObjectType, wanted: Sequence[configuration.Property]) -> None:
        for number, property in enumerate(wanted):
            with self._problems.at("properties", type.name, number):
                present = self._portal.properties[type].get(property.name)
                if present is not None and present.hubspot_defined:
                    self._change_own(type, present, property)
                else:
                    self._define_property(type, property)
                for place, rule in enumerate(property.rules):
                    with self._problems.at("properties", type.name, number, "rules", place):
                        self._portal.property_changes.set_rule(type, property.name, _rule(rule))

    def _change_own(self, type: ObjectType, present: PropertyDefinition, wanted: configuration.Property) -> None:
        """Of HubSpot's own properties only the options can be changed (F5.3)."""
        if others := sorted(wanted.model_fields_set - {"name", "options", "rules"}):
            message = f"{present.name} is HubSpot's own; only its options and rules can be changed"
            raise ConfigurationError((others[0],), message)
        if "options" in wanted.model_fields_set:
            self._portal.property_changes.update(type, replace(present, options=options_of(wanted)))

    def _define_property(self, type: ObjectType, wanted: configuration.Property) -> None:
        definition = definition_of(type, wanted, self._portal.clock.now)
        if wanted.group is None:
            self._portal.properties[type].groups.setdefault(
                definition.group, PropertyGroup(definition.group, definition.group)
            )
        self._portal.property_changes.create(type, definition)

    # -- custom objects and labels ---------------------------------------------------------------------

    def _define_object(self, wanted: configuration.CustomObject) -> None:
        label = wanted.label or spoken(wanted.name)
        schema = self._portal.schemas.create(
            wanted.name,
            {"singular": label, "plural": wanted.plural or f"{label}s"},
            [],
            associated_objects=wanted.associated_with,
            description=wanted.description,
            id=wanted.id,
        )
        type = schema.type
        for number, property in enumerate(wanted.properties):
            with self._problems.at("objects", self._configuration.objects.index(wanted), "properties", number):
                self._define_property(type, property)
        self._portal.schemas.update(
            schema,
            labels=schema.labels,
            description=wanted.description,
            required=wanted.required,
            searchable=wanted.searchable,
            primary_display=wanted.primary or wanted.properties[0].name,
            secondary_display=wanted.secondary,
        )

    def _define_label(self, wanted: configuration.AssociationLabel) -> None:
        from_type, to_type = self._portal.type(wanted.from_), self._portal.type(wanted.to)
        name = wanted.name or word_of(wanted.label) or f"label_{len(self._portal.associations.own)}"
        self._portal.association_labels.create(from_type, to_type, name, wanted.label, wanted.inverse)

    # -- pipelines -------------------------------------------------------------------------------------

    def pipelines_of(self, type: ObjectType) -> list[Pipeline]:
        """The pipelines that an object starts with. What is wrong with them `define` says."""
        return starting_pipelines.of(self._configuration, type, self._problems)

    def _check_pipelines(self, type: ObjectType) -> None:
        if type.has_lifecycle:
            raise InvalidDefinition(f"the stages of {type.name} are written under `stages`, for contacts and companies")
        if type.is_custom:
            self._portal.schemas.give_pipelines(type, self.pipelines_of)
        if type.stage is None:
            raise InvalidDefinition(f"{type.name} have no pipelines")

    def _define_rules(self) -> None:
        """The rules of all pipelines (F2.14)."""
        lifecycle = self._configuration.lifecycle_rules
        for word, rules in (("contacts", lifecycle.contacts), ("companies", lifecycle.companies)):
            type = self._portal.type(word)
            (pipeline,) = self._portal.pipelines[type]
            self._put_rules(type, pipeline, rules)
        for word, pipelines in self._configuration.pipelines.items():
            for number, wanted in enumerate(pipelines):
                with self._problems.at("pipelines", word, number, "rules"):
                    type = self._portal.type(word)
                    live = self._portal.pipelines[type].get(starting_pipelines.id_of(type, wanted, number))
                    if live is not None:  # else something is wrong with it, which was said
                        self._put_rules(type, live, wanted.rules)

    def _put_rules(
        self,
        type: ObjectType,
        pipeline: Pipeline,
        rules: configuration.StageRules | configuration.PipelineRules,
    ) -> None:
        if rules != rules.__class__():
            made = RuleSet(_stages(rules.no_backwards), _stages(rules.no_skipping), rules.creation)
            self._portal.pipeline_rules.put(type, pipeline, made)


# -- out of the file's words ---------------------------------------------------------------------------------


def definition_of(type: ObjectType, wanted: configuration.Property, now: int) -> PropertyDefinition:
    """The definition of a property of the account's own."""
    kind = wanted.type or ("enumeration" if wanted.options or wanted.owners else "string")
    return PropertyDefinition(
        name=wanted.name,
        label=wanted.label or spoken(wanted.name),
        type=kind,
        field_type=wanted.field or FIELD_TYPES[kind][0],
        group=wanted.group or general_group(type),
        description=wanted.description,
        options=options_of(wanted) or (_YES_AND_NO if kind == "bool" else ()),
        unique=wanted.unique,
        hidden=wanted.hidden,
        form_field=wanted.form_field,
        hubspot_defined=False,
        referenced_object="OWNER" if wanted.owners else None,
        created=now,
        updated=now,
        sensitivity=wanted.sensitivity,
    )


#: The options of a property that says yes or no, where the file names none.
_YES_AND_NO = (Option("true", "Yes", 0), Option("false", "No", 1))


def options_of(wanted: configuration.Property) -> tuple[Option, ...]:
    """The options that a file names, in their order."""
    return tuple(
        Option(option.value, option.label or option.value, order, option.hidden, option.description)
        for order, option in enumerate(wanted.options)
    )


def general_group(type: ObjectType) -> str:
    """The group that a property of an object is in unless it names one."""
    return f"{type.name}_information" if type.is_custom else f"{type.singular}information"


def spoken(name: str) -> str:
    """A label made of an internal name: `icp_fit` → `Icp fit`."""
    return name.replace("_", " ").strip().capitalize() or name


def _rule(wanted: configuration.ValidationRule) -> ValidationRule:
    return ValidationRule(wanted.type, wanted.arguments, wanted.normalises)


def _stages(wanted: str | Sequence[str]) -> StagesOfRule:
    return StagesOfRule(every=True) if isinstance(wanted, str) else StagesOfRule(ids=tuple(wanted))
