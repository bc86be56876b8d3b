"""Conversations' threads and the messages in them (F9.4, F9.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hubtwin.portal.inboxes import ChannelAccount
from hubtwin.portal.records import Record

OPEN, CLOSED = "OPEN", "CLOSED"
STATUSES = (OPEN, CLOSED)
INCOMING, OUTGOING = "INCOMING", "OUTGOING"

#: The types of messages (F9.5).
MESSAGE = "MESSAGE"
COMMENT = "COMMENT"
WELCOME_MESSAGE = "WELCOME_MESSAGE"
ASSIGNMENT = "ASSIGNMENT"
STATUS_CHANGE = "THREAD_STATUS_CHANGE"

#: The actor that is HubSpot itself, and what stands for a thread's visitor, whose id depends on the contact (F9.6).
SYSTEM = "S-hubspot"
VISITOR = "V"

#: The types of actors, by the letter that their ids begin with (F9.6).
ACTOR_TYPES = {
    "A": "AGENT",
    "B": "BOT",
    "E": "EMAIL",
    "I": "INTEGRATION",
    "L": "LLM",
    "S": "SYSTEM",
    "V": "VISITOR",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a message goes to: an actor's id, or what a channel delivers to (F9.7)."""

    actor: str | None = None
    delivery: tuple[str, str] | None = None
    field: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. *sender* is an actor's id, VISITOR for whoever the thread is with.

    *app* is the app that sent it, None for HubSpot itself. What an ASSIGNMENT or a THREAD_STATUS_CHANGE tells is in
    *change*: two actors' ids, or the new status. Texts are as they came: nobody renders or runs them.
    """

    id: str
    type: str
    moment: int
    sender: str
    text: str = ""
    rich_text: str | None = None
    subject: str | None = None
    recipients: Sequence[Recipient] = ()
    attachments: Sequence[Mapping[str, Any]] = ()
    app: int | None = None
    account: ChannelAccount | None = None
    change: Mapping[str, str] = field(default_factory=dict)

    @property
    def direction(self) -> str:
        """Whether the message came from the visitor, or went there."""
        return INCOMING if self.sender == VISITOR else OUTGOING


@dataclass(slots=True, eq=False)
class Thread:
    """A conversation: *id* is 0 until the visitor has said something. *visitor* numbers who is no contact yet.

    *address* is who writes where the channel is e-mail, *assignee* the user id of who looks after it.
    """

    account: ChannelAccount
    visitor: int
    created: int
    id: int = 0
    address: str | None = None
    contact: Record | None = None
    ticket: Record | None = None
    assignee: int | None = None
    status: str = OPEN
    closed: int | None = None
    archived: int | None = None
    messages: list[Message] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<Thread {self.id}>"

    @property
    def visitor_actor(self) -> str:
        """The actor's id of the visitor, who may not be a contact yet (F9.6)."""
        return f"V-{self.visitor if self.contact is None else self.contact.id}"

    def actor(self, sender: str) -> str:
        """The actor's id of a message's sender."""
        return self.visitor_actor if sender == VISITOR else sender

    def latest(self, direction: str | None = None) -> int | None:
        """When the last message that visitors and agents exchanged was; in one *direction*, where it is given."""
        moments = (
            message.moment
            for message in reversed(self.messages)
            if message.type in (MESSAGE, WELCOME_MESSAGE) and direction in (None, message.direction)
        )
        return next(moments, None)
