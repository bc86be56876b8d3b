"""The verbs about chats, and about e-mails to the team's inbox."""

from contextlib import nullcontext
from typing import Annotated

from pydantic import Field, model_validator

from hubtwin.files.documents import Place
from hubtwin.portal.chats import check_words
from hubtwin.portal.configuration import Name, Part
from hubtwin.portal.errors import Refused, choices
from hubtwin.portal.objects import CONTACTS
from hubtwin.verbs.fields import Alias, Duration, Reference, Text
from hubtwin.verbs.names import Names
from hubtwin.verbs.visitors import Visitor
from hubtwin.verbs.world import World


class Chat(Part):
    """A visitor opens a chat and says something, a text after the other: answers to a bot, or words to the team.

    The page may know who it is, by a contact, an e-mail address or the cookie of a browser. At the end the visitor may
    book the meeting that a bot offers. `as` names the contact that the visitor turns out to be.
    """

    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    chatflow: Name | None = None
    page: Name | None = None
    contact: Reference | None = None
    email: Name | None = None
    cookie: Name | None = None
    books_in: Duration | None = None
    alias: Alias | None = Field(default=None, alias="as")

    @model_validator(mode="after")
    def _one_person(self) -> "Chat":
        if self.contact is not None and (self.email is not None or self.alias is not None):
            raise ValueError(f"the contact is known already: {self.contact}")
        return self

    def check(self, names: Names, place: Place) -> None:
        """Check the chatflow, the visitor and the alias."""
        if self.chatflow is not None:
            with names.at((*place, "chatflow")):
                names.portal.chatflows.find(self.chatflow)
        if self.contact is not None:
            names.record(self.contact, (*place, "contact"), CONTACTS.name)
        if self.email is not None:
            names.value(names.property(CONTACTS, "email", place), self.email, (*place, "email"))
        names.bind(self.alias, CONTACTS.name, (*place, "as"))

    def do(self, world: World) -> None:
        """Chat. Raises Refused where no meeting is offered, or `as` is to name somebody who stays unknown."""
        for text in self.says:
            check_words(text)
        # That is known at the end of the talk. A copy of the portal is dear, and other talks can't be refused.
        with world.wholly() if self.books_in is not None or self.alias is not None else nullcontext():
            self._chat(world)

    def _chat(self, world: World) -> None:
        portal = world.portal
        chat = portal.chatflows.open(self.chatflow, page=self.page, cookie=self.cookie, email=self._address(world))
        for text in self.says:
            chat.say(text)
        if self.books_in is not None:
            chat.book(portal.clock.now + self.books_in)
        if self.alias is not None:
            if chat.contact is None:
                raise Refused("the visitor is nobody's contact: nothing asked for an e-mail address, or got one")
            world.bind(self.alias, chat.contact)

    def _address(self, world: World) -> str | None:
        if self.contact is None:
            return self.email
        address = world.record(self.contact).get("email")
        if not address:
            raise Refused("no page knows a contact without an e-mail address")
        return address


class ReplyToChat(Part):
    """A user answers a contact: in the newest conversation with it, a chat or an e-mail to the team."""

    contact: Reference
    by: Name
    text: Text

    def check(self, names: Names, place: Place) -> None:
        """Check the contact and the user."""
        names.user(self.by, (*place, "by"))
        names.record(self.contact, (*place, "contact"), CONTACTS.name)

    def do(self, world: World) -> None:
        """Answer. Raises Refused where there is no conversation."""
        portal, contact = world.portal, world.record(self.contact)
        threads = portal.conversations.of(contact)
        if not threads:
            raise Refused(f"there is no conversation with {contact.name}")
        portal.conversations.reply(threads[-1], self.by, self.text)


class EmailInbox(Visitor):
    """Somebody writes an e-mail to an address of the team's inbox."""

    to: Name
    text: Text
    subject: str = ""

    def check(self, names: Names, place: Place) -> None:
        """Check who it is, and the inbox."""
        self.check_visitor(names, place)
        inboxes = names.portal.conversations.inboxes
        if inboxes.of_address(self.to) is None:
            addresses = [one.address for one in inboxes.accounts if one.address is not None]
            names.problems.append(
                ((*place, "to"), f"no inbox has the address {self.to!r}; {choices(self.to, addresses)}")
            )

    def do(self, world: World) -> None:
        """Let it come."""
        conversations = world.portal.conversations
        thread = conversations.receive_email(self.to, self.address(world), self.text, subject=self.subject)
        contact = conversations.contact(thread)
        if contact is not None:
            world.bind(self.alias, contact)
