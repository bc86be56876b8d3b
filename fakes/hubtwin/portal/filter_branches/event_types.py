"""The events that filters can ask about: HubSpot's own, the account's and those of apps (F7.11)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.custom_events import DEFAULT_PROPERTIES, EventDefinition
from hubtwin.portal.email_events import EMAIL_FACTS, URL
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.log import (
    CREATED,
    EMAIL_CLICKED,
    EMAIL_DELIVERED,
    EMAIL_OPENED,
    EMAIL_REPLIED,
    EVENT_OCCURRED,
    FORM_INTERACTED,
    FORM_SUBMITTED,
    FORM_VIEWED,
    PAGE_VIEWED,
    SET,
    TIMELINE_EVENT,
    Entry,
)
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.visits import FACTS

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: What a property of an event is in an entry of the log, None where the event doesn't tell it.
Read = Callable[[Entry], str | None]


@dataclass(frozen=True, slots=True)
class EventProperty:
    """Something that an event tells; *type* is that of a record's property."""

    read: Read
    type: str = "string"


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event: the kind of log entry that it is, and the event's properties as entries hold them.

    *object* is the type of the records that it happens to, None where any do. Of entries of the kind, only those
    are meant that have all of *facts*.
    """

    name: str
    kind: str
    properties: Mapping[str, EventProperty]
    object: ObjectType | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def wanted(self, entry: Entry) -> bool:
        """Whether an entry of the kind is an event of this type."""
        return all(fact(name, entry) == value for name, value in self.facts.items())


def fact(name: str, entry: Entry) -> str | None:
    """What an activity tells under this name; None where it doesn't, or is forgotten (W2.4.8)."""
    return None if entry.value is None else entry.value.facts.get(name)


def _told(names: Iterable[str]) -> dict[str, EventProperty]:
    return {name: EventProperty(partial(fact, name)) for name in names}


def _activity(name: str, kind: str, *facts: str) -> EventType:
    """The event of an activity of contacts, whose properties are its facts."""
    return EventType(name, kind, MappingProxyType(_told(facts)), CONTACTS)


def _property(entry: Entry) -> str | None:
    return entry.property


def _value(entry: Entry) -> str | None:
    return entry.value or None


_PROPERTY_CHANGED = {"hs_name": EventProperty(_property), "hs_value": EventProperty(_value)}

#: What HubSpot's events of forms tell (F7.11.1).
_FORM_FACTS = ("hs_form_id", "hs_form_type", "hs_page_title", "hs_page_url", "hs_title", "hs_url")

#: The events that a portal records, by HubSpot's ids for them (F7.11).
EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(
    {
        "4-96000": _activity("page visited", PAGE_VIEWED, *FACTS),
        "4-1463224": EventType("object created", CREATED, MappingProxyType({})),
        "4-1639797": _activity("form viewed", FORM_VIEWED, *_FORM_FACTS),
        "4-1639799": _activity("form interaction", FORM_INTERACTED, *_FORM_FACTS),
        "4-1639801": _activity("form submitted", FORM_SUBMITTED, *_FORM_FACTS),
        "4-655002": EventType("property changed", SET, MappingProxyType(_PROPERTY_CHANGED)),
        "4-665536": _activity("marketing e-mail delivered", EMAIL_DELIVERED, *EMAIL_FACTS),
        "4-665538": _activity("marketing e-mail replied", EMAIL_REPLIED, *EMAIL_FACTS),
        "4-666288": _activity("marketing e-mail clicked", EMAIL_CLICKED, *EMAIL_FACTS, URL),
        "4-666440": _activity("marketing e-mail opened", EMAIL_OPENED, *EMAIL_FACTS),
    }
)

_TYPES_OF_TOKENS = MappingProxyType({"date": "datetime"})


def event_type(portal: "Portal", node: Node, member: str = "eventTypeId") -> EventType:
    """The event that a node names by its id: HubSpot's `4-…`, the account's own `6-…`. Raises InvalidFilterBranch."""
    id = node.text(member)
    if id in EVENT_TYPES:
        return EVENT_TYPES[id]
    for definition in portal.custom_events:
        if definition.type_id == id:
            return _of_account(definition)
    known = [f"{id} ({kind.name})" for id, kind in EVENT_TYPES.items()]
    known += [f"{one.type_id} ({one.label})" for one in portal.custom_events]
    raise node.wrong(member, f"names an event that the portal does not record: {id!r}; it has {', '.join(known)}")


def account_event(portal: "Portal", node: Node) -> EventType:
    """The event of the account that a node of filterType EVENT names: by its number or name (our model).

    Raises InvalidFilterBranch.
    """
    id = node.text("eventId")
    for definition in portal.custom_events:
        if id in (str(definition.id), definition.type_id, definition.name, definition.full_name):
            return _of_account(definition)
    known = ", ".join(f"{one.id} ({one.label})" for one in portal.custom_events) or "none are defined"
    raise node.wrong("eventId", f"names no event of the account: {id!r}; choose from: {known}")


def app_event(portal: "Portal", node: Node) -> EventType:
    """The event of an app that a node of filterType INTEGRATION_EVENT names. Raises InvalidFilterBranch."""
    id = node.whole("eventTypeId", low=0, high=10**12)
    try:
        template = portal.timeline.template(id)
    except UnknownName as error:
        raise node.wrong("eventTypeId", f"can't be used: {error}") from None
    tokens = {
        token.name: EventProperty(partial(fact, token.name), _TYPES_OF_TOKENS.get(token.type, token.type))
        for token in template.tokens.values()
    }
    return EventType(template.name, TIMELINE_EVENT, tokens, template.object, {"eventTemplateId": str(id)})


def _of_account(definition: EventDefinition) -> EventType:
    own = {name: EventProperty(partial(fact, name), property.type) for name, property in definition.properties.items()}
    facts = {"eventTypeId": definition.type_id}
    return EventType(definition.label, EVENT_OCCURRED, _told(DEFAULT_PROPERTIES) | own, definition.object, facts)
