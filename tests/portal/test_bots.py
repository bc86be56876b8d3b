"""Bots: what they ask, where they branch, and what they do to the contact."""

from typing import Any

import pytest

from hubtwin.files.documents import FileError, parse
from hubtwin.files.models import load
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.chats import Chat
from hubtwin.portal.errors import Refused
from hubtwin.portal.log import BOT_STEP
from hubtwin.portal.moments import HOUR
from hubtwin.portal.threads import COMMENT
from hubtwin.portal.uses import of_property

NEW = "new@acme.example"
ADA = "ada@acme.example"

QUALIFY: list[dict[str, Any]] = [
    {"name": "mail", "ask": "Your e-mail?", "property": "email", "expects": "email"},
    {"name": "size", "ask": "How many are you?", "replies": ["few", "many"], "property": "jobtitle"},
    {"when": {"answer": "size", "any_of": ["Many"]}, "then": "hot"},
    {"end": "Read our blog!"},
    {"name": "hot", "set": "lifecyclestage", "to": "salesqualifiedlead"},
    {"ticket": "Big one"},
    {"enroll": "Welcome"},
    {"when": {"agents_available": True}, "then": "people", "otherwise": "book"},
    {"name": "people", "hand_over": "Ada takes over."},
    {"name": "book", "book": "ada/intro"},
    {"end": ""},
]


def portal_with(*steps: dict[str, Any], **chatflow: Any) -> Portal:
    bot = {"name": "Bot", "kind": "bot", "steps": steps, "assign": {"users": [ADA]}, **chatflow}
    return Portal(
        Configuration.model_validate(
            {
                "users": [{"email": ADA, "first_name": "Ada"}],
                "chatflows": [bot],
                "meeting_links": [{"slug": "ada/intro", "user": ADA}],
                "workflows": [
                    {"name": "Welcome", "actions": [{"set": "company", "to": "Welcomed"}]},
                    {"name": "Firms", "object": "companies", "actions": [{"clear": "name"}]},
                ],
            }
        )
    )


def texts(chat: Chat) -> list[str]:
    return [message.text for message in chat.messages]


def notes(chat: Chat) -> list[str]:
    return [message.text for message in chat.thread.messages if message.type == COMMENT]


def test_a_bot_qualifies_a_lead_and_hands_over() -> None:
    """Asks, branches, sets, makes a ticket, enrolls by hand, sends to an agent (F9.1.3, F4.12, F4.10)."""
    portal = portal_with(*QUALIFY, contact_stage="subscriber")
    chat = portal.chatflows.open()
    assert (texts(chat)[-1], chat.contact) == ("Your e-mail?", None)
    chat.answer(NEW)
    contact = chat.contact
    assert contact is not None
    assert (contact.stage, contact.get("hs_object_source")) == ("subscriber", "BOT")
    chat.answer("many")
    assert [contact.get(name) for name in ("lifecyclestage", "jobtitle", "company")] == [
        "salesqualifiedlead",
        "many",
        "Welcomed",
    ]
    (ticket,) = portal.associations.of(contact, portal.type("tickets"))
    assert (ticket, ticket.get("subject"), ticket.get("source_type")) == (chat.thread.ticket, "Big one", "CHAT")
    assert (texts(chat)[-1], chat.thread.assignee) == ("Ada takes over.", portal.users.find(ADA).user_id)
    assert not chat.is_over


def test_a_bot_writes_as_a_bot() -> None:
    """Histories name the source, the chain of causes the step (F6.5, F9.1)."""
    portal = portal_with(*QUALIFY)
    chat = portal.chatflows.open()
    chat.answer(NEW)
    chat.answer("many")
    assert chat.contact is not None
    chain = portal.why(chat.contact, "lifecyclestage")
    assert [entry.kind for entry in chain] == ["chat started", "set"]
    assert (chain[-1].source.type, chain[-1].source.rule) == ("BOT", "chatflows.0.steps.4")
    assert portal.story(chain)[-1].endswith("bot Bot: contact 1001 (new@acme.example) lifecyclestage lead -> "
                                            "salesqualifiedlead")  # fmt: skip


def test_a_bot_never_moves_a_customer_back() -> None:
    """The stage stays, nobody is told, and the bot goes on (F2.b11)."""
    portal = portal_with({"ask": "Well?"}, {"set": "lifecyclestage", "to": "lead"}, {"end": "Bye"})
    eve = portal.create("contacts", {"email": NEW, "lifecyclestage": "customer"})
    chat = portal.chatflows.open(email=NEW)
    chat.answer("Yes")
    assert (eve.stage, texts(chat)[-1], notes(chat), chat.is_over) == ("customer", "Bye", [], True)


def test_a_bot_branches_on_what_is_known() -> None:
    """A property of the contact; nobody known has none (F9.1.3)."""
    steps = (
        {"when": {"property": "lifecyclestage", "any_of": ["customer"]}, "then": "old"},
        {"when": {"property": "email"}, "then": "known"},
        {"end": "Welcome!"},
        {"name": "known", "end": "Nice to see you!"},
        {"name": "old", "end": "Dear customer!"},
    )
    portal = portal_with(*steps)
    portal.create("contacts", {"email": ADA, "lifecyclestage": "customer"})
    portal.create("contacts", {"email": NEW})
    last = [texts(portal.chatflows.open(email=email))[-1] for email in (ADA, NEW, None)]
    assert last == ["Dear customer!", "Nice to see you!", "Welcome!"]


def test_what_a_bot_does_waits_for_a_contact() -> None:
    """Answers and actions are kept until the visitor is known, and then done in order (F9.1.4)."""
    portal = portal_with(
        {"name": "job", "ask": "Your job?", "property": "jobtitle"},
        {"set": "company", "to": "Acme"},
        {"when": {"property": "company", "any_of": ["acme"]}, "then": "mail"},
        {"end": "lost"},
        {"name": "mail", "ask": "Your e-mail?", "property": "email"},
    )
    chat = portal.chatflows.open()
    chat.answer("CTO")
    assert {entry.kind for entry in portal.log} == {BOT_STEP}
    chat.answer(NEW)
    assert chat.contact is not None
    assert (chat.contact.get("jobtitle"), chat.contact.get("company"), chat.is_over) == ("CTO", "Acme", True)


def test_a_bot_does_nothing_before_the_visitor_says_something() -> None:
    """Also to a contact whom the page knows (F9.1.4)."""
    portal = portal_with({"set": "company", "to": "Acme"}, {"ask": "Hm?"})
    eve = portal.create("contacts", {"email": NEW})
    chat = portal.chatflows.open(email=NEW)
    assert eve.get("company") is None
    chat.answer("Yes")
    assert eve.get("company") == "Acme"


@pytest.mark.parametrize(
    ("question", "bad", "good"),
    [
        ({"property": "email"}, "nobody", NEW),
        ({"expects": "email"}, "nobody", NEW),
        ({"expects": "number"}, "a few", "3"),
        ({"property": "hs_lead_status"}, "SOMETIMES", "NEW"),
        ({"property": "lifecyclestage"}, "rich", "customer"),
    ],
)
def test_an_answer_that_does_not_do_is_asked_for_again(question: dict[str, Any], bad: str, good: str) -> None:
    """What the property or the question can't take (F9.1.3)."""
    chat = portal_with({"ask": "Well?", **question}, {"end": "Thanks"}).chatflows.open()
    chat.answer(bad)
    assert (chat.question, texts(chat)[-2]) == ("Well?", bad)
    chat.answer(good)
    assert (chat.question, texts(chat)[-1]) == (None, "Thanks")


def test_quick_replies_are_offered() -> None:
    """As an attachment of the question; other answers stay possible (F9.5)."""
    chat = portal_with({"ask": "Sure?", "replies": ["Yes", "No"]}).chatflows.open()
    (attachment,) = chat.messages[-1].attachments
    assert [reply["label"] for reply in attachment["quickReplies"]] == ["Yes", "No"]
    chat.answer("Maybe")
    assert chat.is_over


def test_a_visitor_books_a_meeting_with_a_bot() -> None:
    """Once the address is known; the bot goes on afterwards (F9.1.3)."""
    portal = portal_with({"book": "ada/intro"}, {"ask": "Mail?", "property": "email", "goto": "again"},
                         {"name": "again", "book": "ada/intro"}, {"end": "See you"})  # fmt: skip
    chat = portal.chatflows.open()
    with pytest.raises(Refused, match="does not know the visitor's address"):
        chat.book(portal.clock.now + HOUR)
    chat.say("Later")
    chat.answer(NEW)
    meeting = chat.book(portal.clock.now + HOUR)
    assert list(portal.associations.of(meeting, portal.type("contacts"))) == [chat.contact]
    assert (texts(chat)[-1], chat.is_over) == ("See you", True)
    with pytest.raises(Refused, match="offers no meeting now"):
        chat.book(portal.clock.now + HOUR)


def test_what_cannot_be_done_is_noted_for_the_agents() -> None:
    """The bot goes on (F9.1.6)."""
    steps = ({"ask": "Go?"}, {"enroll": "Firms"}, {"ticket": "T", "stage": "nope"}, {"end": "Done"})
    portal = portal_with(*steps)
    chat = portal.chatflows.open(email=NEW)
    chat.answer("Yes")
    assert texts(chat)[-1] == "Done"
    first, second = notes(chat)
    assert first == "The bot's step 2 could not be done: workflow 'Firms' enrolls companies, not contacts"
    assert second.startswith("The bot's step 3 could not be done: hs_pipeline_stage: nope is not a valid")


def test_a_bot_that_nobody_backs_takes_a_message() -> None:
    """Out of hours the away message is all there is (F9.1.1)."""
    away = {"when": "users available", "away_message": "We are asleep"}
    portal = portal_with({"ask": "Well?"}, availability=away)
    portal.conversations.agents.go_away(ADA)
    chat = portal.chatflows.open()
    assert (texts(chat), chat.question) == (["We are asleep"], None)
    chat.say(NEW)
    assert chat.contact is not None


def test_where_bots_are_used() -> None:
    """Asking and setting write a property, branching reads it (F11.1)."""
    portal = portal_with({"when": {"property": "jobtitle"}, "then": "x"}, {"ask": "Job?", "property": "jobtitle"},
                         {"name": "x", "set": "jobtitle", "to": "CEO"})  # fmt: skip
    uses = of_property(portal, portal.type("contacts"), "jobtitle")
    assert [(use.rule.rpartition(".")[2], use.writes) for use in uses] == [("0", False), ("1", True), ("2", True)]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("[{say: a, goto: b}]", "steps.0.goto: no step is called 'b'"),
        ("[{name: a, say: a}, {name: a, end: b}]", "steps.1.name: 'a' is there twice"),
        ("[{end: a}, {say: b}]", "steps.1: no way leads to this step"),
        ("[{name: a, say: x, goto: a}]", "steps.0: from this step the bot comes back to it without asking"),
        ("[{when: {answer: b}, then: c}, {name: c, end: ''}]", "steps.0.when.answer: no question is called 'b'"),
        ("[{when: {answer: b, property: c}, then: d}]", "a condition asks about one of property, answer"),
        ("[{shout: a}]", "a step has one of the keys ask, say, when, set, enroll, book, ticket, hand_over, end"),
        ("[{enroll: Welcom}]", "no workflow is called 'Welcom'"),
        ("[{book: ada}]", "no meetings link is called 'ada'"),
        ("[{ask: a, repeat: 3}]", "unknown key 'repeat'"),
    ],
)
def test_bad_bots(steps: str, problem: str) -> None:
    """Each error says file, line and path (F9.1.3)."""
    text = f"chatflows:\n  - name: Bot\n    kind: bot\n    steps: {steps}\n"
    with pytest.raises(FileError) as error:
        load(parse(text, "acme.portal.yaml"), Configuration)
    (line, *_) = error.value.problems
    assert line.startswith("acme.portal.yaml:4  chatflows.0.")
    assert problem in line


def test_loops_that_ask_are_fine() -> None:
    """A visitor may go round as long as they like (F9.1.3)."""
    chat = portal_with({"name": "again", "ask": "Once more?", "goto": "again"}).chatflows.open()
    for _ in range(3):
        chat.answer("Yes")
    assert chat.question == "Once more?"
