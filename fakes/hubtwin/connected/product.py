"""The account's own product: its users, what they do in it, and which contacts that qualifies (S4.6, S4.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hubtwin.connected import own_apps
from hubtwin.portal import configuration
from hubtwin.portal.custom_events import EventProperty
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.people import check_contact, contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

RULE = "connected.product"

#: The event that every product tells about.
SIGNED_UP = "signed_up"


class Product:
    """The product, which sends HubSpot custom events about its users."""

    def __init__(self, portal: "Portal", settings: configuration.Product) -> None:
        self._portal = portal
        self._settings = settings
        self._source = own_apps.writer(portal, settings.app, own_apps.PRODUCT, RULE)
        self._seen: set[str] = set()
        self._done: dict[tuple[str, str], list[int]] = {}
        self._fired: set[tuple[str, int]] = set()
        self.users: dict[str, int] = {}
        for event in (configuration.ProductEvent(name=SIGNED_UP), *settings.events):
            now = portal.clock.now
            properties = {name: EventProperty(name, name, "string", now) for name in event.properties}
            portal.custom_events.define(event.name, name=event.name, properties=properties)

    def uses(self) -> Iterator[Use]:
        """The properties and stages that it writes."""
        stage = self._settings.sign_up_stage
        if stage is not None:
            yield Use("product", f"{RULE}.sign_up_stage", CONTACTS, LIFECYCLE, True, (stage,))
        for number, rule in enumerate(self._settings.rules):
            for property, value in _values(rule).items():
                yield Use("product", f"{RULE}.rules.{number}", CONTACTS, property, True, (value,))

    def sign_up(self, email: str, fields: Mapping[str, str] | None = None) -> Record:
        """Sign somebody up: an unknown address makes a contact, a known one only moves on. Return the contact.

        Raises InvalidValues.
        """
        address, contact = email.strip().lower(), contact_with(self._portal, email)
        if address in self.users and contact is not None:
            return contact
        stage = {} if self._settings.sign_up_stage is None else {LIFECYCLE: self._settings.sign_up_stage}
        now = self._portal.clock.now
        if contact is None:
            values = {**(fields or {}), **stage}
            contact = self._portal.writes.apply(check_contact(self._portal, email, values, self._source)).record
            self._happen(address, SIGNED_UP, contact, {}, None)
        else:
            number = self._happen(address, SIGNED_UP, contact, {}, None)
            self._portal.update(contact, stage, source=self._source, cause=number)
        self.users[address] = now
        return contact

    def event(self, email: str, name: str, properties: Mapping[str, str] | None = None, *, id: str = "") -> bool:
        """Tell that a user did something; whether it was news. An event with an *id* counts once only.

        Raises UnknownName for an unknown event or somebody who has not signed up, Refused for unknown properties.
        """
        names = [event.name for event in self._settings.events]
        if name not in names:
            raise UnknownName("product event", name, names)
        address = email.strip().lower()
        contact = contact_with(self._portal, address)
        if address not in self.users or contact is None:
            raise UnknownName("product user", email, list(self.users))
        self._portal.custom_events.check(name, properties or {})
        if id in self._seen:
            return False
        if id:
            self._seen.add(id)
        self._happen(address, name, contact, properties or {}, id or None)
        return True

    def _happen(self, address: str, name: str, contact: Record, properties: Mapping[str, str], id: str | None) -> int:
        """Tell HubSpot, and act on what that qualifies for; return the number of the log's entry."""
        number = len(self._portal.log)
        self._portal.custom_events.occur(name, contact, properties, id=id, source=self._source)
        self._done.setdefault((address, name), []).append(self._portal.clock.now)
        for place, rule in enumerate(self._settings.rules):
            if rule.event == name and (address, place) not in self._fired and self._is_met(address, rule):
                self._fired.add((address, place))
                source = replace(self._source, rule=f"{RULE}.rules.{place}")
                self._portal.update(contact, _values(rule), source=source, cause=number)
        return number

    def _is_met(self, email: str, rule: configuration.ProductRule) -> bool:
        since = None if rule.within is None else self._portal.clock.now - rule.within
        moments = self._done[email, rule.event]
        return sum(since is None or moment >= since for moment in moments) >= rule.times


def _values(rule: configuration.ProductRule) -> dict[str, str]:
    return dict(rule.set) if rule.stage is None else {**rule.set, LIFECYCLE: rule.stage}
