"""Custom events: what an account wants to know about its contacts beside what HubSpot notes itself (W6.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import guid
from hubtwin.portal.log import EVENT_OCCURRED, Activity
from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.properties import NAME, Option
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: What every event can tell without being defined to (W6.8.2).
DEFAULT_PROPERTIES = (
    "hs_asset_description", "hs_asset_type", "hs_browser", "hs_campaign_id", "hs_city", "hs_country",
    "hs_device_name", "hs_device_type", "hs_element_class", "hs_element_id", "hs_element_text", "hs_language",
    "hs_link_href", "hs_operating_system", "hs_operating_version", "hs_page_content_type", "hs_page_id",
    "hs_page_title", "hs_page_url", "hs_parent_module_id", "hs_referrer", "hs_region", "hs_screen_height",
    "hs_screen_width", "hs_touchpoint_source", "hs_tracking_name", "hs_user_agent", "hs_utm_campaign",
    "hs_utm_content", "hs_utm_medium", "hs_utm_source", "hs_utm_term",
)  # fmt: skip

PROPERTY_TYPES = ("string", "number", "enumeration", "datetime")
MAX_NAME = 50
_FIRST_ID = 10_000_001


@dataclass(frozen=True, slots=True)
class EventProperty:
    """Something that an event tells. *type* is string, number, enumeration or datetime."""

    name: str
    label: str
    type: str
    created: int
    description: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """A kind of event. *full_name* is what senders call it, *object* what its occurrences belong to."""

    id: int
    name: str
    full_name: str
    label: str
    object: ObjectType
    created: int
    updated: int
    description: str = ""
    properties: Mapping[str, EventProperty] = field(default_factory=dict)

    @property
    def type_id(self) -> str:
        """What filters call the event (F7.11.2)."""
        return f"6-{self.id}"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event that happened to a record."""

    id: str
    definition: EventDefinition
    record: Record
    moment: int
    properties: Mapping[str, str]


class CustomEvents:
    """The event definitions of one portal, and what occurred."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._definitions: dict[str, EventDefinition] = {}
        self._ids = count(_FIRST_ID)
        self._occurrence_ids = count(1)
        self.occurrences: list[Occurrence] = []

    def __iter__(self) -> Iterator[EventDefinition]:
        return iter(self._definitions.values())

    def find(self, name: str) -> EventDefinition:
        """The definition with this name, short or full. Raises UnknownName."""
        short = name.removeprefix(self._prefix)
        try:
            return self._definitions[short]
        except KeyError:
            raise UnknownName("custom event", name, [known.full_name for known in self]) from None

    # -- definitions -----------------------------------------------------------------------------------

    def define(
        self,
        label: str,
        *,
        name: str | None = None,
        object: ObjectType = CONTACTS,
        description: str = "",
        properties: Mapping[str, EventProperty] | None = None,
    ) -> EventDefinition:
        """Define a kind of event; without a *name* it is called after its *label*. Raises Refused."""
        short = "_".join(label.lower().split()) if name is None else name
        if not NAME.fullmatch(short) or len(short) > MAX_NAME:
            rule = f"lower-case letters, digits and underscores, a letter first, {MAX_NAME} at most"
            raise Refused(f"An event can't be called {short!r}; its name has {rule}")
        if short in self._definitions:
            raise Refused(f"There is an event called {short!r} already")
        now = self._portal.clock.now
        definition = EventDefinition(
            next(self._ids), short, self._prefix + short, label, object, now, now, description, properties or {}
        )
        self._check(definition)
        return self._keep(definition)

    def change(self, definition: EventDefinition, *, label: str | None, description: str | None) -> EventDefinition:
        """Change what an event is called, or its description; None leaves one alone."""
        return self._keep(
            replace(
                definition,
                label=definition.label if label is None else label,
                description=definition.description if description is None else description,
                updated=self._portal.clock.now,
            )
        )

    def put(self, definition: EventDefinition, property: EventProperty) -> EventDefinition:
        """Add a property to an event, or replace the one of the same name. Raises Refused."""
        changed = self._with(definition, {**definition.properties, property.name: property})
        self._check(changed)
        return self._keep(changed)

    def take(self, definition: EventDefinition, name: str) -> EventDefinition:
        """Take a property away from an event."""
        kept = {known: property for known, property in definition.properties.items() if known != name}
        return self._keep(self._with(definition, kept))

    def drop(self, definition: EventDefinition) -> None:
        """Delete an event and all that occurred of it."""
        del self._definitions[definition.name]
        self.occurrences = [one for one in self.occurrences if one.definition.name != definition.name]

    def _with(self, definition: EventDefinition, properties: Mapping[str, EventProperty]) -> EventDefinition:
        return replace(definition, properties=properties, updated=self._portal.clock.now)

    def _keep(self, definition: EventDefinition) -> EventDefinition:
        self._definitions[definition.name] = definition
        return definition

    @staticmethod
    def _check(definition: EventDefinition) -> None:
        for property in definition.properties.values():
            if not NAME.fullmatch(property.name):
                raise Refused(f"A property of an event can't be called {property.name!r}")
            if property.type not in PROPERTY_TYPES:
                raise Refused(f"{property.name} has the type {property.type!r}, not {', '.join(PROPERTY_TYPES)}")
            if (property.type == "enumeration") != bool(property.options):
                raise Refused(f"{property.name} needs options if it is an enumeration, and only then")

    @property
    def _prefix(self) -> str:
        return f"pe{self._portal.configuration.account.id}_"

    # -- occurrences -----------------------------------------------------------------------------------

    def check(self, name: str, properties: Mapping[str, str]) -> EventDefinition:
        """The definition that an occurrence has to fit. Raises Refused where it doesn't."""
        try:
            definition = self.find(name)
        except UnknownName as error:
            raise Refused(str(error)) from None
        unknown = [known for known in properties if known not in (*definition.properties, *DEFAULT_PROPERTIES)]
        if unknown:
            raise Refused(f"{definition.full_name} has no properties called {', '.join(unknown)}")
        return definition

    def occur(
        self,
        name: str,
        record: Record,
        properties: Mapping[str, str],
        *,
        moment: int | None = None,
        id: str | None = None,
        source: Source | None = None,
    ) -> Occurrence:
        """Note that an event occurred to a record: now, or at *moment*. Raises Refused."""
        definition = self.check(name, properties)
        now = self._portal.clock.now
        id = id or guid(f"{self._prefix}/{next(self._occurrence_ids)}")
        one = Occurrence(id, definition, record, now if moment is None else moment, dict(properties))
        self.occurrences.append(one)
        source = source or self._portal.app
        # No property of an event has a capital letter in its name, so that the id can't be taken for one.
        facts = {**one.properties, "eventTypeId": definition.type_id}
        activity = Activity(EVENT_OCCURRED, definition.label, facts)
        self._portal.writes.happened(record, activity, source, moment=one.moment)
        return one
