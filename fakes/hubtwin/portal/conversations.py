"""Conversations: what visitors and agents say to each other, in the inboxes of one portal (F9.4)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from hubtwin.portal.agents import Agents
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.inboxes import ChannelAccount, Inboxes
from hubtwin.portal.log import CONVERSATION_STARTED, Activity
from hubtwin.portal.moments import DAY
from hubtwin.portal.people import check_contact, contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.sources import conversation
from hubtwin.portal.threads import (
    ASSIGNMENT,
    CLOSED,
    COMMENT,
    MESSAGE,
    OPEN,
    STATUS_CHANGE,
    SYSTEM,
    VISITOR,
    Message,
    Recipient,
    Thread,
)
from hubtwin.portal.users import Owner

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How long archived threads can be restored (F9.3.5).
RESTORABLE = 30 * DAY

#: No text of a message is longer, and none has more attachments (our model).
MAX_TEXT = 65_536
MAX_ATTACHMENTS = 50

_FIRST_THREAD_ID = 5_000_000_001
_FIRST_VISITOR = 6_000_000_001


class Conversations:
    """The threads of one portal, its inboxes, and the agents who answer."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self.inboxes = Inboxes(portal)
        self.agents = Agents(portal)
        self._threads: dict[int, Thread] = {}
        self._mails: dict[tuple[int, str, str], int] = {}  # by channel account, sender and subject
        self._ids = count(_FIRST_THREAD_ID)
        self._visitors = count(_FIRST_VISITOR)
        self._numbers = count(1)

    # -- finding ---------------------------------------------------------------------------------------

    def threads(self, *, archived: bool = False) -> Iterator[Thread]:
        """The threads by ascending id: those in the inboxes, or those archived in the last 30 days."""
        return (thread for thread in self._threads.values() if self._is_there(thread, archived))

    def find(self, id: int, *, archived: bool = False) -> Thread:
        """The thread with this id. Raises UnknownName."""
        thread = self._threads.get(id)
        if thread is None or not self._is_there(thread, archived):
            raise UnknownName("thread", str(id), [str(thread.id) for thread in self.threads(archived=archived)][:20])
        return thread

    def of(self, contact: Record) -> list[Thread]:
        """The threads with a contact, by ascending id."""
        return [thread for thread in self.threads() if self.contact(thread) is contact]

    def contact(self, thread: Thread) -> Record | None:
        """The contact whom a thread is with, None where it is not known or no more."""
        known = thread.contact
        return None if known is None else self._portal.records[known.type].get(known.id)

    def _is_there(self, thread: Thread, archived: bool) -> bool:
        if thread.archived is None:
            return not archived
        return archived and self._portal.clock.now - thread.archived < RESTORABLE

    # -- what visitors do ------------------------------------------------------------------------------

    def begin(self, account: ChannelAccount) -> Thread:
        """A thread that is in no inbox yet: it will be once the visitor has said something."""
        return Thread(account, next(self._visitors), self._portal.clock.now)

    def hear(self, thread: Thread, text: str, *, subject: str | None = None) -> Message:
        """Note what the visitor says; a closed thread opens again (F9.4.1). Raises Refused."""
        message = self._message(thread, MESSAGE, VISITOR, text, subject=subject)
        if not thread.id:
            thread.id, thread.created = next(self._ids), self._portal.clock.now
            self._threads[thread.id] = thread
        thread.messages.append(message)
        self.open(thread)
        return message

    def receive_email(self, to: str, sender: str, text: str, *, subject: str = "") -> Thread:
        """Let somebody write an e-mail to an address of an inbox; return the thread.

        An unknown sender becomes a contact with the account's default stage (F9.4.2). An e-mail about the subject of
        an earlier one goes on with its thread.

        Raises UnknownName, InvalidValues, Refused.
        """
        account = self.inboxes.of_address(to)
        if account is None:
            addresses = [one.address for one in self.inboxes.accounts if one.address is not None]
            raise UnknownName("address of an inbox", to, addresses)
        thread = self._thread_about(account, sender.strip().lower(), _plain(subject))
        check_text(text)
        if thread.contact is None:
            thread.contact = self._writer(account, sender)
        self.hear(thread, text, subject=subject or None)
        self._mails[account.id, thread.address or "", _plain(subject)] = thread.id
        return thread

    def _thread_about(self, account: ChannelAccount, address: str, subject: str) -> Thread:
        known = self._threads.get(self._mails.get((account.id, address, subject), 0))
        if known is not None and known.archived is None:
            return known
        thread = self.begin(account)
        thread.address = address
        return thread

    def _writer(self, account: ChannelAccount, address: str) -> Record:
        source = conversation(account.id, account.name)
        activity = Activity(CONVERSATION_STARTED, account.name)
        known = contact_with(self._portal, address)
        if known is not None:
            self._portal.writes.happened(known, activity, source)
            return known
        change = check_contact(self._portal, address, {}, source)
        change.activity = activity
        return self._portal.writes.apply(change).record

    # -- what agents do --------------------------------------------------------------------------------

    def reply(
        self,
        thread: Thread,
        user: str,
        text: str,
        *,
        rich_text: str | None = None,
        subject: str | None = None,
        recipients: Sequence[Recipient] | None = None,
        attachments: Sequence[Mapping[str, Any]] = (),
        account: ChannelAccount | None = None,
        app: int | None = None,
    ) -> Message:
        """Let the user with this e-mail address answer; an *app* may do it for them. Raises UnknownName, Refused.

        Without *recipients* it goes to the visitor, without an *account* through the one that the thread came by.
        """
        agent = self._portal.users.find(user)
        message = self._message(
            thread,
            MESSAGE,
            f"A-{agent.user_id}",
            text,
            rich_text=rich_text,
            subject=subject,
            recipients=(Recipient(VISITOR),) if recipients is None else recipients,
            attachments=attachments,
            account=account,
            app=app,
        )
        thread.messages.append(message)
        return message

    def comment(
        self,
        thread: Thread,
        text: str,
        *,
        by: str = SYSTEM,
        rich_text: str | None = None,
        attachments: Sequence[Mapping[str, Any]] = (),
        app: int | None = None,
    ) -> Message:
        """Note something that the visitor doesn't see, as the actor with the id *by*. Raises Refused."""
        message = self._message(thread, COMMENT, by, text, rich_text=rich_text, attachments=attachments, app=app)
        thread.messages.append(message)
        return message

    def tell(
        self,
        thread: Thread,
        sender: str,
        text: str,
        *,
        type: str = MESSAGE,
        attachments: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Let a bot, or HubSpot itself, say something to the visitor."""
        recipients = (Recipient(VISITOR),)
        thread.messages.append(
            self._message(thread, type, sender, text, recipients=recipients, attachments=attachments)
        )

    def assign(self, thread: Thread, user: str | None, *, by: str = SYSTEM, app: int | None = None) -> None:
        """Let the user with this e-mail address look after a thread, None for nobody. Raises UnknownName."""
        agent = None if user is None else self._portal.users.find(user)
        assignee = None if agent is None else agent.user_id
        if assignee == thread.assignee:
            return
        named = (("assignedFrom", thread.assignee), ("assignedTo", assignee))
        change = {name: f"A-{id}" for name, id in named if id is not None}
        thread.assignee = assignee
        thread.messages.append(self._message(thread, ASSIGNMENT, by, "", change=change, app=app))

    def assigned_to(self, thread: Thread) -> Owner | None:
        """The user who looks after a thread, None for nobody."""
        return None if thread.assignee is None else self._portal.users.get(thread.assignee)

    def close(self, thread: Thread, *, by: str = SYSTEM, app: int | None = None) -> None:
        """Close a thread; a closed one stays as it is."""
        self._change_status(thread, CLOSED, by, app)

    def open(self, thread: Thread, *, by: str = SYSTEM, app: int | None = None) -> None:
        """Open a closed thread again."""
        self._change_status(thread, OPEN, by, app)

    def archive(self, thread: Thread) -> None:
        """Move a thread to the bin, for 30 days (F9.3.5)."""
        thread.archived = self._portal.clock.now

    def restore(self, thread: Thread) -> None:
        """Take a thread out of the bin."""
        thread.archived = None

    def forget(self, contact: Record) -> None:
        """Drop what was said with a contact, as data protection law asks for (W2.4.8)."""
        self._threads = {id: thread for id, thread in self._threads.items() if self.contact(thread) is not contact}
        self._mails = {mail: id for mail, id in self._mails.items() if id in self._threads}

    # -- messages --------------------------------------------------------------------------------------

    def _change_status(self, thread: Thread, status: str, by: str, app: int | None) -> None:
        if thread.status == status:
            return
        thread.status = status
        thread.closed = self._portal.clock.now if status == CLOSED else None
        thread.messages.append(self._message(thread, STATUS_CHANGE, by, "", change={"newStatus": status}, app=app))

    def _message(
        self,
        thread: Thread,
        type: str,
        sender: str,
        text: str,
        *,
        rich_text: str | None = None,
        attachments: Sequence[Mapping[str, Any]] = (),
        account: ChannelAccount | None = None,
        **further: Any,
    ) -> Message:
        check_text(text + (rich_text or ""))
        if len(attachments) > MAX_ATTACHMENTS:
            raise Refused(f"A message has {MAX_ATTACHMENTS} attachments at most, not {len(attachments)}")
        id = hashlib.sha256(f"{self._portal.configuration.account.id}/{next(self._numbers)}".encode()).hexdigest()[:32]
        return Message(
            id,
            type,
            self._portal.clock.now,
            sender,
            text,
            rich_text,
            attachments=tuple(attachments),
            account=account or thread.account,
            **further,
        )


def check_text(text: str) -> None:
    """Refuse a text that no message can have. Raises Refused."""
    if len(text) > MAX_TEXT:
        raise Refused(f"A message has {MAX_TEXT} characters at most, rich text included, not {len(text)}")


def _plain(subject: str) -> str:
    """The subject without what mail programs put before it when somebody answers."""
    text = subject.strip().lower()
    while text.startswith("re:"):
        text = text.removeprefix("re:").strip()
    return text
