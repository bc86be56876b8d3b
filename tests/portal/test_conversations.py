"""Conversations: what visitors and agents say to each other in the inboxes."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidValues, Refused, UnknownName
from hubtwin.portal.merging import forget, merge
from hubtwin.portal.moments import DAY, HOUR
from hubtwin.portal.threads import MESSAGE, WELCOME_MESSAGE, Thread

ADA = "ada@hubtwin.example"
INBOX = "inbox@hubtwin.example"
NEW = "new@acme.example"


def portal_with(**further: Any) -> Portal:
    return Portal(Configuration.model_validate({"chatflows": [{"name": "Chat"}], **further}))


@pytest.fixture
def portal() -> Portal:
    """A portal with a live chat and the inbox of every account."""
    return portal_with()


def kinds(thread: Thread) -> list[str]:
    return [message.type for message in thread.messages]


def contact_of(thread: Thread) -> Record:
    assert thread.contact is not None
    return thread.contact


def chat_of(portal: Portal, email: str | None = NEW) -> Thread:
    chat = portal.chatflows.open(email=email)
    chat.say("Hello?")
    return chat.thread


def test_agents_answer_and_comment(portal: Portal) -> None:
    """The visitor sees the answer, not the comment (F9.5)."""
    chat = portal.chatflows.open(email=NEW)
    chat.say("Hello?")
    portal.conversations.comment(chat.thread, "A big one")
    reply = portal.conversations.reply(chat.thread, ADA, "Hi!", rich_text="<b>Hi!</b>")
    assert [message.text for message in chat.messages[1:]] == ["Hello?", "Hi!"]
    assert (reply.direction, reply.rich_text) == ("OUTGOING", "<b>Hi!</b>")


def test_a_new_message_opens_a_closed_thread(portal: Portal) -> None:
    """Each change of the status is a message (F9.4.1, F9.5)."""
    chat = portal.chatflows.open(email=NEW)
    chat.say("Hello?")
    portal.conversations.close(chat.thread)
    portal.conversations.close(chat.thread)
    assert (chat.is_over, chat.thread.closed) == (True, portal.clock.now)
    chat.say("One more thing")
    assert (chat.is_over, chat.thread.closed) == (False, None)
    status = "THREAD_STATUS_CHANGE"
    assert kinds(chat.thread) == [WELCOME_MESSAGE, MESSAGE, status, MESSAGE, status]


def test_assigning(portal: Portal) -> None:
    """A message says from whom and to whom; assigning to the same agent says nothing (F9.5)."""
    thread = chat_of(portal)
    for user in (ADA, ADA, None):
        portal.conversations.assign(thread, user)
    actor = f"A-{portal.users.find(ADA).user_id}"
    changes = [message.change for message in thread.messages if message.type == "ASSIGNMENT"]
    assert changes == [{"assignedTo": actor}, {"assignedFrom": actor}]
    with pytest.raises(UnknownName, match="no user is called"):
        portal.conversations.assign(thread, "eve@acme.example")


def test_moments_of_the_latest_messages(portal: Portal) -> None:
    """Of what was sent, received, and either (F9.4)."""
    thread, start = chat_of(portal), portal.clock.now
    portal.clock.advance(HOUR)
    portal.conversations.reply(thread, ADA, "Hi!")
    portal.conversations.comment(thread, "Odd")
    assert [thread.latest(way) for way in (None, "OUTGOING", "INCOMING")] == [start + HOUR, start + HOUR, start]


def test_an_email_to_the_inbox_makes_a_contact(portal: Portal) -> None:
    """With the account's default stage, by the conversation (F9.4.2, F6.5)."""
    thread = portal.conversations.receive_email(INBOX, NEW, "Hello?", subject="A question")
    contact = thread.contact
    assert contact is not None
    assert (contact.stage, contact.get("hs_object_source")) == ("lead", "CONVERSATIONS")
    chain = portal.why(contact, "lifecyclestage")
    assert [entry.kind for entry in chain] == ["conversation started", "created", "set"]
    assert portal.story(chain)[0].endswith("conversation with inbox@hubtwin.example started by contact 1001 "
                                           "(new@acme.example)")  # fmt: skip


def test_in_2021_a_conversation_made_a_subscriber() -> None:
    """By chat or by mail (F4.11)."""
    portal = portal_with(options={"era": "2021"})
    for thread in (portal.conversations.receive_email(INBOX, NEW, "Hi"), chat_of(portal, "other@acme.example")):
        assert thread.contact is not None
        assert thread.contact.stage == "subscriber"


def test_answers_to_an_email_stay_in_its_thread(portal: Portal) -> None:
    """By sender and subject; another subject begins another thread (F9.4.2)."""
    first = portal.conversations.receive_email(INBOX, NEW, "Hello?", subject="Prices")
    portal.conversations.close(first)
    again = portal.conversations.receive_email(INBOX, NEW.upper(), "Hello again", subject="Re: prices")
    other = portal.conversations.receive_email(INBOX, NEW, "And this?", subject="Invoice")
    assert (again, first.status, other.contact) == (first, "OPEN", first.contact)
    assert portal.conversations.of(contact_of(first)) == [first, other]


@pytest.mark.parametrize(
    ("to", "sender", "text", "error"),
    [
        ("nobody@hubtwin.example", NEW, "Hi", UnknownName),
        (INBOX, "nobody", "Hi", InvalidValues),
        (INBOX, NEW, "x" * 70_000, Refused),
    ],
)
def test_a_bad_email_leaves_nothing(portal: Portal, to: str, sender: str, text: str, error: type[Exception]) -> None:
    """Neither contact nor thread (F9.4.2)."""
    with pytest.raises(error):
        portal.conversations.receive_email(to, sender, text)
    assert (len(portal.log), list(portal.conversations.threads())) == (0, [])


def test_archived_threads_can_be_restored_for_30_days(portal: Portal) -> None:
    """Then they are gone (F9.3.5)."""
    thread, other = chat_of(portal), chat_of(portal)
    conversations = portal.conversations
    for each in (thread, other):
        conversations.archive(each)
    assert (list(conversations.threads()), list(conversations.threads(archived=True))) == ([], [thread, other])
    conversations.restore(thread)
    assert conversations.find(thread.id) is thread
    portal.clock.advance(30 * DAY)
    with pytest.raises(UnknownName, match="no thread is called"):
        conversations.find(other.id, archived=True)


def test_a_merged_contact_keeps_its_threads(portal: Portal) -> None:
    """They lead to what it became (F9.4)."""
    thread = chat_of(portal)
    primary = portal.create("contacts", {"email": "first@acme.example"})
    merged = merge(portal, primary, contact_of(thread))
    assert portal.conversations.contact(thread) is merged


def test_deleting_for_good_drops_the_threads(portal: Portal) -> None:
    """As data protection law asks for (W2.4.8)."""
    thread = chat_of(portal)
    forget(portal, contact_of(thread), portal.app)
    assert list(portal.conversations.threads()) == []


def test_an_archived_contact_leaves_its_chat_alone(portal: Portal) -> None:
    """The thread goes on without one (F9.4)."""
    chat = portal.chatflows.open(email=NEW)
    chat.say("Hello?")
    portal.archive(contact_of(chat.thread))
    chat.say("Still there?")
    assert (chat.contact, len(chat.messages)) == (None, 4)


def test_tokens_tell_who_a_visitor_is(portal: Portal) -> None:
    """For 12 hours; names fill in what is not known (F9.8.1, F9.8.2)."""
    eve = portal.create("contacts", {"email": NEW, "firstname": "Eve"})
    token = portal.visitor_identification.create(NEW, "Evelyn", "Smith")
    chat = portal.chatflows.open(token=token)
    chat.say("It's me")
    assert (chat.contact, eve.name) == (eve, "Eve Smith")
    portal.clock.advance(12 * HOUR)
    for bad in (token, "made up"):
        with pytest.raises(Refused, match="unknown or older than 12 hours"):
            portal.chatflows.open(token=bad)


def test_ids_are_the_same_in_every_run() -> None:
    """Threads, messages, tokens (F9.4)."""
    first, second = portal_with(), portal_with()
    assert [message.id for message in chat_of(first).messages] == [message.id for message in chat_of(second).messages]
    tokens = [portal.visitor_identification.create(NEW) for portal in (first, first, second)]
    assert tokens[0] == tokens[2] != tokens[1]
