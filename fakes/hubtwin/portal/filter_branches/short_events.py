"""Events in a short form, and HubSpot's UNIFIED_EVENTS branches: each out of the other (F7.11)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hubtwin.portal.configuration.conditions import PropertyCondition
from hubtwin.portal.configuration.enrollment import EventTrigger
from hubtwin.portal.email_events import CAMPAIGN
from hubtwin.portal.errors import ConfigurationError, PortalError, choices
from hubtwin.portal.filter_branches import short_properties
from hubtwin.portal.filter_branches.event_types import EVENT_TYPES, EventType, event_type
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import Properties, PropertyDefinition
from hubtwin.portal.values import text_of

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

Json = dict[str, Any]
Place = tuple[str | int, ...]

#: The property of each event of a form that names it.
_FORM = "hs_form_id"

_NAME, _VALUE = "hs_name", "hs_value"


def event_named(portal: "Portal", name: str, place: Place) -> tuple[str, EventType]:
    """The event that a portal file calls by its name, and HubSpot's id of it. Raises ConfigurationError."""
    ids = {kind.name: id for id, kind in EVENT_TYPES.items()}
    ids |= {definition.label: definition.type_id for definition in portal.custom_events}
    if name not in ids:
        raise ConfigurationError(place, f"no event is called {name!r}; {choices(name, list(ids))}")
    return ids[name], event_type(portal, Node({"eventTypeId": ids[name]}, "event"))


def condition(kind: EventType, condition: PropertyCondition, place: Place) -> Json:
    """The PROPERTY filter for a condition on an event's own properties. Raises ConfigurationError."""
    name = condition.property
    if name not in kind.properties:
        message = f"the event {kind.name!r} has no property {name!r}; {choices(name, list(kind.properties))}"
        raise ConfigurationError((*place, "property"), message)
    properties = Properties(CONTACTS)
    properties.put(PropertyDefinition(name, name, kind.properties[name].type, "text", "event"))
    return short_properties.written(properties, condition, place)


def written(portal: "Portal", trigger: EventTrigger, place: Place) -> Json:
    """The UNIFIED_EVENTS branch for an event at *place*. Raises ConfigurationError."""
    id, kind = event_named(portal, trigger.event, (*place, "event"))
    try:
        filters = [*_named(portal, trigger)]
    except PortalError as error:
        raise ConfigurationError(place, str(error)) from None
    filters += [condition(kind, asked, (*place, "where", number)) for number, asked in enumerate(trigger.where)]
    return {
        "filterBranchType": "UNIFIED_EVENTS",
        "filterBranchOperator": "AND",
        "eventTypeId": id,
        "operator": "HAS_COMPLETED",
        "filterBranches": [],
        "filters": filters,
    }


def _named(portal: "Portal", trigger: EventTrigger) -> Iterable[Json]:
    """The filters for what the short form has keys of its own for."""
    if trigger.property is not None:
        yield _filter(_NAME, {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": trigger.property})
    if trigger.to is not None:
        values = trigger.to if isinstance(trigger.to, tuple) else (trigger.to,)
        yield _any_of(_VALUE, [text_of(value) for value in values])
    elif trigger.property is not None:
        yield _filter(_VALUE, {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"})
    if trigger.form is not None:
        yield _any_of(_FORM, [portal.forms.find(trigger.form).guid])
    if trigger.email is not None:
        yield _any_of(CAMPAIGN, [str(portal.marketing_emails.find(trigger.email).campaign)])


def _any_of(property: str, values: list[str]) -> Json:
    return _filter(property, {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": values})


def _filter(property: str, operation: Json) -> Json:
    return {
        "filterType": "PROPERTY",
        "property": property,
        "operation": {**operation, "includeObjectsWithNoValueSet": False},
    }


def read(portal: "Portal", branch: Mapping[str, Any]) -> Json:
    """The event that a branch describes, as a portal file has it; what that has no word for is left out.

    Raises PortalError, KeyError.
    """
    kind = event_type(portal, Node(branch, "event"))
    found: Json = {"event": kind.name, "where": []}
    for one in branch["filters"]:
        property, operation = one["property"], one["operation"]
        match property, operation["operator"]:
            case "hs_name", "IS_EQUAL_TO":
                found["property"] = operation["value"]
            case "hs_value", "IS_ANY_OF":
                found["to"] = operation["values"]
            case "hs_value", "IS_KNOWN":
                pass
            case "hs_form_id", "IS_ANY_OF":
                found["form"] = portal.forms.find(operation["values"][0]).name
            case "hs_email_campaign_id", "IS_ANY_OF":
                found["email"] = _email(portal, operation["values"][0])
            case _:
                found["where"].append(short_properties.read(one))
    return {key: value for key, value in found.items() if value != []}


def _email(portal: "Portal", campaign: str) -> str:
    return next((one.name for one in portal.marketing_emails if str(one.campaign) == campaign), campaign)
