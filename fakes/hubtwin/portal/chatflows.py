"""Chatflows: the live chats and bots of one portal (F9.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.chats import Chat, Visitor
from hubtwin.portal.configuration import Ask, Branch, SetContactProperty
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source, conversation
from hubtwin.portal.targeting import is_staffed, mismatch
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

_FIRST_ID = 700_001


@dataclass(frozen=True, slots=True)
class Chatflow:
    """A chatflow of the portal: its configuration, the path of that, and the id that HubSpot would give it."""

    id: int
    rule: str
    settings: configuration.Chatflow

    @property
    def is_bot(self) -> bool:
        """Whether a bot talks to visitors."""
        return self.settings.kind == "bot"

    def source(self, path: str = "") -> Source:
        """Who writes: the chatflow, or the part of it that *path* leads to, as in `steps.2` (F6.5)."""
        rule = f"{self.rule}.{path}" if path else self.rule
        return conversation(self.id, self.settings.name, rule, by_bot=self.is_bot)


class Chatflows:
    """The chatflows of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._chatflows = {
            settings.name: Chatflow(_FIRST_ID + number, f"chatflows.{number}", settings)
            for number, settings in enumerate(portal.configuration.chatflows)
        }

    def __iter__(self) -> Iterator[Chatflow]:
        return iter(self._chatflows.values())

    def find(self, name: str) -> Chatflow:
        """The chatflow with this name. Raises UnknownName."""
        try:
            return self._chatflows[name]
        except KeyError:
            raise UnknownName("chatflow", name, list(self._chatflows)) from None

    def uses(self) -> Iterator[Use]:
        """The properties that chatflows ask for, set and look at, and the stages that they give."""
        for chatflow in self:
            asset, settings = f"chatflow {chatflow.settings.name}", chatflow.settings
            if settings.contact_stage is not None:
                rule = f"{chatflow.rule}.contact_stage"
                yield Use(asset, rule, CONTACTS, LIFECYCLE, True, (settings.contact_stage,))
            if settings.marketing_contact:
                rule = f"{chatflow.rule}.marketing_contact"
                yield Use(asset, rule, CONTACTS, "hs_marketable_status", True, ("true",))
            for place, step in enumerate(settings.steps):
                yield from _uses(asset, f"{chatflow.rule}.steps.{place}", step)

    def open(
        self,
        name: str | None = None,
        *,
        page: str | None = None,
        cookie: str | None = None,
        email: str | None = None,
        token: str | None = None,
    ) -> Chat:
        """Open a chat, as a visitor does on a page of the website.

        *name* says which chatflow, else it is the first that shows on the *page*. The visitor is known by *cookie*, by
        the *email* that the page tells, or by a visitor identification *token*. Nothing happens in the CRM until
        the visitor says something.

        Raises UnknownName, InvalidValues for an address that is none, and Refused where no chatflow shows: not active,
        not targeted, or closed without an away message.
        """
        visitor = self._visitor(page, cookie, email, token)
        contact = self._contact(visitor)
        chatflows = list(self) if name is None else [self.find(name)]
        reasons = []
        for chatflow in chatflows:
            reason = self._reason_against(chatflow, page, contact)
            if reason is None:
                return Chat(self._portal, chatflow, visitor, contact, is_away=not self._is_staffed(chatflow))
            reasons.append(f"{chatflow.settings.name}: {reason}")
        raise Refused(f"no chatflow shows; {'; '.join(reasons) or 'the portal has none'}")

    def _visitor(self, page: str | None, cookie: str | None, email: str | None, token: str | None) -> Visitor:
        if token is not None:
            identity = self._portal.visitor_identification.find(token)
            return Visitor(page, cookie, identity.email, identity.first_name, identity.last_name)
        return Visitor(page, cookie, None if email is None else self._portal.preferences.address(email))

    def _contact(self, visitor: Visitor) -> Record | None:
        """Whom the visitor is: an address goes before a cookie (our model)."""
        if visitor.email is not None:
            return contact_with(self._portal, visitor.email)
        return None if visitor.cookie is None else self._portal.tracking.contact(visitor.cookie)

    def _reason_against(self, chatflow: Chatflow, page: str | None, contact: Record | None) -> str | None:
        settings = chatflow.settings
        if not settings.active:
            return "it is not active"
        reason = mismatch(self._portal, settings.target, page, contact)
        if reason is None and settings.availability.away_message is None and not self._is_staffed(chatflow):
            return f"nobody is there; visitors can chat in {settings.availability.when!r} only"
        return reason

    def _is_staffed(self, chatflow: Chatflow) -> bool:
        return is_staffed(self._portal, chatflow.settings)


def _uses(asset: str, rule: str, step: configuration.Step) -> Iterator[Use]:
    match step:
        case Ask(property=str(name)):
            yield Use(asset, rule, CONTACTS, name, True, step.replies)
        case SetContactProperty():
            yield Use(asset, rule, CONTACTS, step.set, True, (step.to,))
        case Branch() if step.when.property is not None:
            yield Use(asset, rule, CONTACTS, step.when.property, False, step.when.any_of or ())
