"""Chats: one talk with a live chat or a bot, from the visitor's side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.bots import Bot
from hubtwin.portal.conversations import check_text
from hubtwin.portal.errors import InvalidValues, Refused
from hubtwin.portal.log import CHAT_STARTED, Activity
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.threads import CLOSED, MESSAGE, SYSTEM, WELCOME_MESSAGE, Message, Thread

if TYPE_CHECKING:
    from hubtwin.portal.chatflows import Chatflow
    from hubtwin.portal.portal import Portal

ASKS_FOR_EMAIL = "What is your e-mail address, so that we can get back to you?"


def check_words(text: str) -> None:
    """Refuse no words of a visitor, and far too many. Raises Refused."""
    if not text.strip():
        raise Refused("a visitor has to say something")
    check_text(text)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who chats, as far as the page knows: the *page*, the browser's *cookie*, an address and a name."""

    page: str | None = None
    cookie: str | None = None
    email: str | None = None
    first_name: str = ""
    last_name: str = ""


class Chat:
    """An open chat. `Chatflows.open` makes it; *is_away* says that nobody is there to answer."""

    def __init__(
        self, portal: "Portal", chatflow: "Chatflow", visitor: Visitor, known: Record | None, *, is_away: bool
    ) -> None:
        self.portal = portal
        self.chatflow = chatflow
        self.cause: int | None = None
        self._visitor = visitor
        self._known = known
        self._asked_for_email = False
        self.thread: Thread = portal.conversations.begin(
            portal.conversations.inboxes.of_chatflow(chatflow.settings.name)
        )
        away = chatflow.settings.availability.away_message
        welcome = away if is_away and away is not None else chatflow.settings.welcome
        portal.conversations.tell(self.thread, SYSTEM, welcome, type=WELCOME_MESSAGE)
        self._bot = Bot(self) if chatflow.is_bot and not is_away else None
        if self._bot is not None:
            self._bot.start()

    def __repr__(self) -> str:
        return f"<Chat {self.chatflow.settings.name}: {len(self.messages)} messages>"

    # -- what the visitor sees -------------------------------------------------------------------------

    @property
    def messages(self) -> list[Message]:
        """What was said so far, as the visitor sees it: without comments, assignments and the like."""
        return [message for message in self.thread.messages if message.type in (MESSAGE, WELCOME_MESSAGE)]

    @property
    def question(self) -> str | None:
        """What the bot waits for an answer to, None where it asks nothing."""
        return self._bot.question if self._bot is not None else None

    @property
    def is_over(self) -> bool:
        """Whether the conversation is closed. Saying something opens it again."""
        return self.thread.status == CLOSED

    @property
    def contact(self) -> Record | None:
        """The contact who chats, None where the visitor is not known, or has not said anything yet."""
        return self.portal.conversations.contact(self.thread)

    @property
    def known(self) -> Record | None:
        """The contact whom the page knows the visitor for, before anything was said; None for a stranger."""
        return None if self._known is None else self.portal.records[CONTACTS].get(self._known.id)

    # -- what the visitor does -------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Say something: to the bot, while it asks something, else to the agents.

        The first words bring the conversation into the inbox. Raises Refused for no words, or far too many.
        """
        check_words(text)
        self._hear(text)
        if self._bot is not None and self._bot.is_waiting:
            self._bot.hear(text.strip())
        elif self.contact is None and self.chatflow.settings.asks_for_email:
            self._ask_for_email(text)

    def answer(self, text: str) -> None:
        """Answer what the bot asks. Raises Refused where it asks nothing."""
        if self.question is None:
            raise Refused(f"{self.chatflow.settings.name} asks nothing now; the visitor can say something all the same")
        self.say(text)

    def book(self, start: int) -> Record:
        """Book the meeting that the bot offers, for the moment *start*; return it.

        Raises Refused where it offers none or doesn't know the visitor's address, and ValueError for a past moment.
        """
        slug = None if self._bot is None else self._bot.meetings_link
        if self._bot is None or slug is None:
            raise Refused(f"{self.chatflow.settings.name} offers no meeting now")
        email = self.contact.get("email") if self.contact is not None else self._visitor.email
        if email is None:
            raise Refused(f"{self.chatflow.settings.name} does not know the visitor's address; let it ask before")
        meeting = self.portal.meetings.book(slug, email, start=start)
        self._hear("Booked.")
        self._bot.go_on()
        return meeting

    # -- what bots and chats do ------------------------------------------------------------------------

    def tell(self, text: str, replies: Sequence[str] = ()) -> None:
        """Say something to the visitor, with quick replies to tap."""
        quick = [{"label": reply, "value": reply, "valueType": "TEXT"} for reply in replies]
        attachments = [{"type": "QUICK_REPLIES", "quickReplies": quick}] if quick else []
        sender = f"B-{self.chatflow.id}" if self.chatflow.is_bot else SYSTEM
        self.portal.conversations.tell(self.thread, sender, text, attachments=attachments)

    def note(self, text: str) -> None:
        """Note for the agents what could not be done."""
        self.portal.conversations.comment(self.thread, text)

    def hand_over(self) -> None:
        """Let an agent look after the conversation, one who is available (F9.1.5)."""
        settings = self.chatflow.settings
        agent = self.portal.conversations.agents.choose(settings.name, settings.assign, self.contact or self.known)
        if agent is not None:
            self.portal.conversations.assign(self.thread, agent.email)

    def end(self) -> None:
        """Close the conversation."""
        self.portal.conversations.close(self.thread)

    def introduce(self, email: str) -> None:
        """Take an address for the visitor's: whoever has it, or a new contact. Raises InvalidValues."""
        self._meet(contact_with(self.portal, email), email)

    # -- who it is -------------------------------------------------------------------------------------

    def _hear(self, text: str) -> None:
        is_first = not self.thread.id
        self.portal.conversations.hear(self.thread, text)
        if not is_first:
            return
        email = self._visitor.email
        contact = self.known if email is None else contact_with(self.portal, email)
        if contact is not None or email is not None:
            self._meet(contact, email)
        if self._bot is None:
            self.hand_over()

    def _ask_for_email(self, text: str) -> None:
        try:
            self.introduce(text)
        except InvalidValues:
            if not self._asked_for_email:
                self._asked_for_email = True
                self.tell(ASKS_FOR_EMAIL)

    def _meet(self, contact: Record | None, email: str | None) -> None:
        facts = {"hs_page_url": self._visitor.page} if self._visitor.page is not None else {}
        activity = Activity(CHAT_STARTED, self.chatflow.settings.name, facts)
        if contact is None:
            self.thread.contact = contact = self._create(email or "", activity)
        else:
            self.thread.contact = contact
            self.cause = self.portal.writes.happened(contact, activity, self.chatflow.source())
            self._complete(contact)
        if self._visitor.cookie is not None:
            self.portal.tracking.identify(self._visitor.cookie, contact)
        if self._bot is not None:
            self._bot.act()

    def _create(self, email: str, activity: Activity) -> Record:
        settings, values = self.chatflow.settings, {"email": email, **self._names()}
        if settings.marketing_contact:  # F9.1.2
            values["hs_marketable_status"] = "true"
        stage = settings.contact_stage
        if stage is not None and self.portal.pipelines[CONTACTS].stage(stage) is not None:
            values[LIFECYCLE] = stage
        change = self.portal.writes.check_new(CONTACTS, values, self.chatflow.source())
        change.activity, self.cause = activity, len(self.portal.log)
        contact = self.portal.writes.apply(change).record
        if stage is not None and LIFECYCLE not in values:  # F4.10.1
            self.note(f"There is no stage {stage!r} any more; the contact got the account's default.")
        return contact

    def _complete(self, contact: Record) -> None:
        """Fill in what a token tells, where the contact has nothing there (F9.8.2)."""
        missing = {name: value for name, value in self._names().items() if contact.get(name) is None}
        if missing:
            self.portal.update(contact, missing, source=self.chatflow.source(), cause=self.cause)

    def _names(self) -> dict[str, str]:
        names = {"firstname": self._visitor.first_name, "lastname": self._visitor.last_name}
        return {name: value for name, value in names.items() if value}
