"""Properties of the account's own, options that it changed, property groups and validation rules (W4)."""

from collections.abc import Iterable
from dataclasses import replace

from hubtwin.api.bodies import Body
from hubtwin.api.properties import options_of, read_definition
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS, TICKETS, USERS, ObjectType
from hubtwin.portal.present import property_of
from hubtwin.portal.properties import PropertyDefinition, PropertyGroup
from hubtwin.portal.property_changes import FIELD_TYPES
from hubtwin.portal.property_validations import ValidationRule
from hubtwin.pulling.copying import Copy
from hubtwin.pulling.source import Refusal

_PATH, _RULES = "/crm/v3/properties", "/crm/v3/property-validations"

#: The objects that every account has; they can have properties for sensitive data.
_MAIN = (CONTACTS, COMPANIES, DEALS, TICKETS)

#: What properties for sensitive data are asked for by (W4.6.1).
_SENSITIVITIES = ("sensitive", "highly_sensitive")


def copy_all(copy: Copy) -> None:
    """Copy the properties of HubSpot's own objects; those of custom ones come with their schemas."""
    for type in list(copy.portal.types):
        if type is not USERS and not type.is_custom:
            with copy.notes.leaving_out(f"properties of {type.name}"):
                _copy(copy, type)


def _listed(copy: Copy, type: ObjectType) -> list[Node]:
    """The properties of an object. Raises Refusal, in the same words for all objects that not every account has."""
    try:
        return copy.source.rows(f"{_PATH}/{type.name}")
    except Refusal:
        if type in _MAIN:
            raise
        raise Refusal("the token may not read them, or the account has none") from None


def _copy(copy: Copy, type: ObjectType) -> None:
    listed = _listed(copy, type)
    for sensitivity in _SENSITIVITIES if type in _MAIN else ():
        with copy.notes.leaving_out(f"{sensitivity.replace('_', ' ')} properties of {type.name}"):
            listed += copy.source.rows(f"{_PATH}/{type.name}", dataSensitivity=sensitivity)
    define(copy, type, listed)
    for one in listed:
        if one.flag("hubspotDefined", default=False):
            with copy.notes.leaving_out(f"options of {type.name}.{one.text('name', '?')}"):
                _change_options(copy, type, one)
    with copy.notes.leaving_out(f"validation rules of {type.name}"):
        copy_rules(copy, type)


def define(copy: Copy, type: ObjectType, listed: Iterable[Node]) -> None:
    """Define those properties that are the account's own."""
    own = [one for one in listed if not one.flag("hubspotDefined", default=False)]
    with copy.notes.leaving_out(f"property groups of {type.name}"):
        _define_groups(copy, type, {one.text("groupName", "") for one in own})
    for one in own:
        thing = f"property {type.name}.{one.text('name', '?')}"
        with copy.notes.leaving_out(thing):
            definition = definition_of(copy, type, one)
            copy.portal.property_changes.create(type, definition)


def definition_of(copy: Copy, type: ObjectType, one: Node) -> PropertyDefinition:
    """The definition of a property as a portal file can have it. Raises ApiError, PortalError, ValueError."""
    json, kind = dict(one.data), one.text("type")
    if one.text("fieldType").startswith("calculation"):
        json["fieldType"] = FIELD_TYPES.get(kind, ("text",))[0]
        reason = "HubSpot works it out; here it is a value like others, which somebody has to write"
        copy.notes.add(f"property {type.name}.{one.text('name')}", reason)
    definition = read_definition(Body(json, b""), one.text("groupName"), copy.portal.clock.now)
    property_of(type, definition)
    return definition


def _define_groups(copy: Copy, type: ObjectType, needed: set[str]) -> None:
    """Define the groups that the account's own properties are in, unless HubSpot gave them."""
    present = copy.portal.properties[type].groups
    if needed <= present.keys():
        return
    for one in copy.source.rows(f"{_PATH}/{type.name}/groups"):
        name = one.text("name")
        if name in needed and name not in present:
            copy.portal.property_changes.create_group(type, PropertyGroup(name, one.text("label", name)))


def _change_options(copy: Copy, type: ObjectType, one: Node) -> None:
    """Give one of HubSpot's own properties the options that the account has for it (F5.3)."""
    present = copy.portal.properties[type].get(one.text("name"))
    if present is None or present.type != "enumeration" or present.has_read_only_options:
        return
    options = tuple(sorted(options_of(Body(one.data, b"")), key=lambda option: option.display_order))
    changed = replace(present, options=tuple(replace(one, display_order=n) for n, one in enumerate(options)))
    if options and changed.options != present.options:
        property_of(type, replace(changed, hubspot_defined=False))
        copy.portal.property_changes.update(type, changed)


def copy_rules(copy: Copy, type: ObjectType) -> None:
    """Copy what the values of properties must look like (W4.12)."""
    for one in copy.source.rows(f"{_RULES}/{type.id}"):
        name = one.text("propertyName")
        if name not in copy.portal.properties[type]:
            continue
        for rule in one.objects("propertyValidationRules"):
            with copy.notes.leaving_out(f"a validation rule of {type.name}.{name}"):
                arguments = tuple(Body(rule.data, b"").texts("ruleArguments"))
                normalises = rule.flag("shouldApplyNormalization", default=False)
                made = ValidationRule(rule.text("ruleType"), arguments, normalises)
                copy.portal.property_changes.set_rule(type, name, made)
