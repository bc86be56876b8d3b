"""What administrators change in properties and their groups (W4)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hubtwin.portal import property_validations, uses
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.properties import NAME, PropertyDefinition, PropertyGroup
from hubtwin.portal.property_validations import ValidationRule

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: Which field types go with which type when a property is made (W4.4).
FIELD_TYPES: Mapping[str, Sequence[str]] = {
    "string": ("text", "textarea", "file", "html", "phonenumber"),
    "number": ("number",),
    "date": ("date",),
    "datetime": ("date",),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox"),
    "bool": ("booleancheckbox",),
    "phone_number": ("phonenumber",),
}

SENSITIVITIES = ("non_sensitive", "sensitive", "highly_sensitive")  # W4.3

#: How many properties of its own an object type may have, and how many of those with unique values (W4.10, W2.6).
MAX_OWN = 1_000
MAX_UNIQUE = 10


class PropertyChanges:
    """The changes of one portal's properties."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal

    # -- properties ------------------------------------------------------------------------------------

    def create(self, type: ObjectType, definition: PropertyDefinition) -> PropertyDefinition:
        """Make a property; one that was archived under the same name keeps its date of creation (W4.9).

        Raises InvalidDefinition.
        """
        properties = self._portal.properties[type]
        if definition.name in properties:
            raise _exists("property", definition.name, "Properties.PROPERTY_WITH_NAME_EXISTS")
        check(definition)
        self._check_group(type, definition.group)
        self._check_room(type, definition)
        before = properties.get_archived(definition.name)
        made = replace(definition, created=before.created) if before and before.created else definition
        properties.put(made)
        return made

    def update(self, type: ObjectType, changed: PropertyDefinition) -> None:
        """Put *changed* in the place of the property of its name. Raises UnknownProperty, InvalidDefinition.

        Of HubSpot's own properties only the options can be changed, and not those that follow from something
        else (F5.3, W4.9.2).
        """
        properties = self._portal.properties[type]
        present = properties.find(changed.name)
        if present.hubspot_defined and replace(changed, options=(), updated=None) != replace(
            present, options=(), updated=None
        ):
            raise InvalidDefinition(f"The definition of {changed.name} is HubSpot's own and read-only")
        if present.has_read_only_options and changed.options != present.options:
            raise InvalidDefinition(f"The options of {changed.name} are read-only")
        if not present.hubspot_defined:
            check(changed)
            self._check_group(type, changed.group)
        elif changed.options != present.options:
            _check_options(changed)
        properties.put(changed)

    def check_archive(self, type: ObjectType, name: str) -> None:
        """Whether a property can be archived. Raises UnknownProperty, InvalidDefinition."""
        if self._portal.properties[type].find(name).hubspot_defined:
            raise InvalidDefinition(f"The property {name} is defined by HubSpot and can't be archived")
        places = [use.rule for use in uses.of_property(self._portal, type, name)]
        if places:
            raise InvalidDefinition(
                f"Property: {name} of object type {type.id} is currently used in {len(places)} places"
                " and cannot be deleted",
                "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
                context={"usageCount": [str(len(places))], "places": places},
            )

    def archive(self, type: ObjectType, name: str) -> None:
        """Archive a property; its name is free at once (W4.9). Raises UnknownProperty, InvalidDefinition."""
        self.check_archive(type, name)
        self._portal.properties[type].archive(name, self._portal.clock.now)

    def set_rule(self, type: ObjectType, name: str, rule: ValidationRule) -> None:
        """Give a property a validation rule, in the place of the one of the same type (W4.12).

        Raises UnknownProperty, InvalidDefinition.
        """
        properties = self._portal.properties[type]
        present = properties.find(name)
        property_validations.check(rule, present.type, present.field_type)
        others = [one for one in present.rules if one.type != rule.type]
        rules = tuple(sorted((*others, rule), key=lambda one: one.type))
        properties.put(replace(present, rules=rules))

    def _check_group(self, type: ObjectType, name: str) -> None:
        if name not in self._portal.properties[type].groups:
            raise InvalidDefinition(f"property group {name} does not exist")  # W4.8

    def _check_room(self, type: ObjectType, definition: PropertyDefinition) -> None:
        own = [one for one in self._portal.properties[type] if not one.hubspot_defined]
        if len(own) >= MAX_OWN:
            raise InvalidDefinition(f"{type.name} have {MAX_OWN} properties of their own, which is the limit")
        if definition.unique and sum(one.unique for one in own) >= MAX_UNIQUE:
            raise InvalidDefinition(f"{type.name} have {MAX_UNIQUE} properties with unique values, which is the limit")

    # -- groups ----------------------------------------------------------------------------------------

    def create_group(self, type: ObjectType, group: PropertyGroup) -> None:
        """Make a group. Raises InvalidDefinition."""
        groups = self._portal.properties[type].groups
        if group.name in groups:
            raise _exists("property group", group.name, None)
        groups[group.name] = group

    def update_group(self, type: ObjectType, group: PropertyGroup) -> None:
        """Put *group* in the place of the one of its name."""
        self._portal.properties[type].groups[group.name] = group

    def delete_group(self, type: ObjectType, name: str) -> None:
        """Delete a group that no property is in. Raises InvalidDefinition (W4.8.2)."""
        properties = self._portal.properties[type]
        if any(definition.group == name for definition in properties):
            raise InvalidDefinition(
                "Can't delete or purge a group with active properties",
                "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES",
            )
        del properties.groups[name]


def check(definition: PropertyDefinition) -> None:
    """Check a definition by itself: its name, its kind and its options (W4.4, W4.5, W4.7). Raises InvalidDefinition."""
    name, type, field_type = definition.name, definition.type, definition.field_type
    check_name(name)
    if field_type.startswith("calculation"):
        raise InvalidDefinition(f"HubTwin doesn't work out formulas, so {name} can't have the field type {field_type}")
    if field_type not in FIELD_TYPES.get(type, ()):
        raise InvalidDefinition(f"The field type {field_type} does not go with the type {type}")
    if definition.sensitivity not in SENSITIVITIES:
        raise InvalidDefinition(f"dataSensitivity is one of {', '.join(SENSITIVITIES)}, not {definition.sensitivity}")
    _check_options(definition)


def check_name(name: str) -> None:
    """Check what a property of the account's own is to be called (W4.7). Raises InvalidDefinition."""
    if not NAME.fullmatch(name) or len(name) > 100:
        rule = "lower-case letters, digits and underscores, a letter first, 100 at most"
        raise InvalidDefinition(f"The property name {name} is not valid: {rule}")
    if name.startswith("hs_"):
        raise InvalidDefinition(f"The property name {name} is not valid: hs_ begins the names of HubSpot's own")


def _check_options(definition: PropertyDefinition) -> None:
    name, options = definition.name, definition.options
    if definition.referenced_object is not None:
        _check_reference(definition)
    elif definition.type == "enumeration" and not options and not definition.hubspot_defined:
        raise InvalidDefinition(f"The enumeration {name} needs options")
    if definition.type == "bool" and sorted(option.value for option in options) != ["false", "true"]:
        raise InvalidDefinition(
            "Boolean properties must have exactly two options; one with a value of true,"
            " the other with a value of false"
        )
    for words in ([option.value for option in options], [option.label for option in options]):
        if twice := _repeated(words):
            raise InvalidDefinition(f"The options of {name} are not unique: {twice} is there twice")


def _check_reference(definition: PropertyDefinition) -> None:
    if definition.referenced_object != "OWNER" or definition.type != "enumeration":
        raise InvalidDefinition(
            f"{definition.name}: external options are those of an enumeration that references OWNER"
        )
    if definition.options:
        raise InvalidDefinition(f"{definition.name}: a property with external options may not include options")


def _repeated(words: Sequence[str]) -> str | None:
    return next((word for word, times in Counter(words).items() if times > 1), None)


def _exists(kind: str, name: str, sub_category: str | None) -> InvalidDefinition:
    return InvalidDefinition(
        f"A {kind} named '{name}' already exists.",
        sub_category,
        category="OBJECT_ALREADY_EXISTS",
        context={"name": [name]},
    )
