"""Timeline events: what apps note in the timelines of records, by templates of their own (W6.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import guid
from hubtwin.portal.log import TIMELINE_EVENT, Activity
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.properties import Option
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

TOKEN_TYPES = ("date", "enumeration", "number", "string")

_FIRST_ID = 1_000_001


@dataclass(frozen=True, slots=True)
class Token:
    """Something that a template's events tell; *property* is what it is written to as well."""

    name: str
    label: str
    type: str
    created: int
    updated: int
    options: tuple[Option, ...] = ()
    property: str | None = None


@dataclass(frozen=True, slots=True)
class EventTemplate:
    """A kind of event of an app; *header* and *detail* are how HubSpot shows one, in Handlebars."""

    id: int
    app: int
    name: str
    object: ObjectType
    created: int
    updated: int
    header: str = ""
    detail: str = ""
    tokens: Mapping[str, Token] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One event in a record's timeline."""

    id: str
    template: EventTemplate
    record: Record
    moment: int
    created: int
    tokens: Mapping[str, str]
    extra: Mapping[str, Any]


class Timeline:
    """The event templates of the apps of one portal, and their events."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._templates: dict[int, EventTemplate] = {}
        self._events: dict[tuple[int, str], TimelineEvent] = {}
        self._ids = count(_FIRST_ID)
        self._event_ids = count(1)

    # -- templates -------------------------------------------------------------------------------------

    def templates(self, app: int) -> Iterator[EventTemplate]:
        """The templates of an app, oldest first."""
        return (template for template in self._templates.values() if template.app == app)

    def template(self, id: int) -> EventTemplate:
        """The template with this id. Raises UnknownName."""
        try:
            return self._templates[id]
        except KeyError:
            raise UnknownName("event template", str(id), [str(known) for known in self._templates]) from None

    def add(self, template: EventTemplate) -> EventTemplate:
        """Add a template under the next id. Raises Refused."""
        return self.put(replace(template, id=next(self._ids)))

    def put(self, template: EventTemplate) -> EventTemplate:
        """Replace a template. Raises Refused."""
        for token in template.tokens.values():
            self._check(template, token)
        self._templates[template.id] = template
        return template

    def drop(self, template: EventTemplate) -> None:
        """Delete a template and its events."""
        del self._templates[template.id]
        self._events = {key: event for key, event in self._events.items() if key[0] != template.id}

    def _check(self, template: EventTemplate, token: Token) -> None:
        if token.type not in TOKEN_TYPES:
            raise Refused(f"Token {token.name} has the type {token.type!r}; it can be {', '.join(TOKEN_TYPES)}")
        if token.property is not None and token.property not in self._portal.properties[template.object]:
            raise Refused(f"Token {token.name} is for {token.property!r}, no property of {template.object.name}")

    # -- events ----------------------------------------------------------------------------------------

    def find(self, template: EventTemplate, id: str) -> TimelineEvent:
        """The event with this id. Raises UnknownName."""
        try:
            return self._events[template.id, id]
        except KeyError:
            raise UnknownName("timeline event", id, []) from None

    def check(
        self,
        template: EventTemplate,
        record: Record | None,
        email: str | None,
        tokens: Mapping[str, str],
        source: Source,
    ) -> Change:
        """The change of a record that an event brings along: tokens are written to their properties.

        An e-mail address that nobody has makes a contact (W6.8.9). Raises Refused, InvalidValues.
        """
        unknown = [name for name in tokens if name not in template.tokens]
        if unknown:
            raise Refused(f"Template {template.id} has no tokens called {', '.join(unknown)}")
        values = {
            token.property: tokens[token.name]
            for token in template.tokens.values()
            if token.property is not None and token.name in tokens
        }
        change = (
            self._portal.writes.check(record, values, source)
            if record is not None
            else self._portal.writes.check_new(template.object, {**values, "email": email}, source)
        )
        facts = {**tokens, "eventTemplateId": str(template.id)}
        change.activity = Activity(TIMELINE_EVENT, template.name, facts)
        return change

    def note(
        self,
        template: EventTemplate,
        change: Change,
        tokens: Mapping[str, str],
        *,
        moment: int | None = None,
        id: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> TimelineEvent:
        """Note an event whose *change* was checked; one with the same id is replaced."""
        now = self._portal.clock.now
        record = self._portal.writes.apply(change).record
        id = id or guid(f"{self._portal.configuration.account.id}/timeline/{next(self._event_ids)}")
        event = TimelineEvent(id, template, record, now if moment is None else moment, now, tokens, extra or {})
        self._events[template.id, event.id] = event
        return event
