"""Chatflows: whom live chats make contacts of, to whom and when they show, and who gets the conversation."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import InvalidDefinition, Refused, UnknownName
from hubtwin.portal.moments import DAY, HOUR
from hubtwin.portal.uses import of_property, of_stage

USERS = [
    {"email": "ada@acme.example", "first_name": "Ada", "team": "Sales"},
    {"email": "bo@acme.example", "first_name": "Bo", "team": "Sales"},
]
NEW = "new@acme.example"


def portal_with(*chatflows: dict[str, Any], **further: Any) -> Portal:
    named = [{"name": f"chat {number}", **chatflow} for number, chatflow in enumerate(chatflows)]
    return Portal(Configuration.model_validate({"users": USERS, "chatflows": named, **further}))


@pytest.mark.parametrize(
    ("chatflow", "options", "stage"),
    [
        ({"contact_stage": "subscriber"}, {}, "subscriber"),
        ({}, {}, "lead"),
        ({}, {"era": "2021"}, "subscriber"),
        ({"contact_stage": "marketingqualifiedlead"}, {"era": "2021"}, "marketingqualifiedlead"),
    ],
)
def test_the_stage_of_contacts_that_chats_make(chatflow: dict[str, Any], options: dict[str, Any], stage: str) -> None:
    """The chatflow's, else the account's default, which in 2021 was Subscriber (F4.10, F4.11)."""
    chat = portal_with(chatflow, options=options).chatflows.open("chat 0")
    chat.say("Hello?")
    assert chat.contact is None
    chat.say(NEW)
    assert chat.contact is not None
    assert (chat.contact.stage, chat.contact.get("hs_object_source")) == (stage, "CONVERSATIONS")


def test_a_chat_never_moves_a_customer_back() -> None:
    """Who is known by address stays what they are (F2.b11, F4.10)."""
    portal = portal_with({"contact_stage": "subscriber"})
    eve = portal.create("contacts", {"email": NEW, "lifecyclestage": "customer"})
    chat = portal.chatflows.open("chat 0", email=NEW.upper())
    chat.say("Hello?")
    assert (chat.contact, eve.stage) == (eve, "customer")


def test_a_chat_is_the_cause_of_its_contact() -> None:
    """The chain of causes begins with the chat and names its rule (F6.5, F9.1)."""
    portal = portal_with({"contact_stage": "subscriber", "name": "Pricing"})
    chat = portal.chatflows.open(email=NEW, page="https://acme.example/pricing")
    assert not len(portal.log)
    chat.say("How much?")
    assert chat.contact is not None
    chain = portal.why(chat.contact, "lifecyclestage")
    assert [entry.kind for entry in chain] == ["chat started", "created", "set"]
    assert chain[-1].source.rule == "chatflows.0"
    assert chain[0].value.facts == {"hs_page_url": "https://acme.example/pricing"}
    assert portal.story(chain)[0].endswith(f"chat Pricing started by contact 1001 ({NEW})")


def test_contacts_are_marketing_contacts_where_the_chatflow_says_so() -> None:
    """Only those that it makes (F9.1.2)."""
    portal = portal_with({"marketing_contact": True})
    known = portal.create("contacts", {"email": "known@acme.example"})
    for email in (NEW, "known@acme.example"):
        portal.chatflows.open(email=email).say("Hi")
    (made,) = portal.records[known.type].having("email", NEW)
    assert (made.get("hs_marketable_status"), known.get("hs_marketable_status")) == ("true", None)


def test_a_cookie_knows_who_chats() -> None:
    """An address given in one chat makes the browser known in the next (F9.1.4)."""
    portal = portal_with({})
    first = portal.chatflows.open(cookie="c1")
    first.say(NEW)
    again = portal.chatflows.open(cookie="c1")
    again.say("Me again")
    assert first.contact is again.contact is portal.tracking.contact("c1")


def test_a_chat_that_does_not_ask_makes_no_contact() -> None:
    """Nor is a visitor asked twice for an address (F9.1.4)."""
    silent = portal_with({"asks_for_email": False}).chatflows.open()
    silent.say(NEW)
    assert silent.contact is None
    asking = portal_with({}).chatflows.open()
    asking.say("Hi")
    asking.say("No")
    assert [message.text for message in asking.messages[2:]] == [
        "What is your e-mail address, so that we can get back to you?",
        "No",
    ]


@pytest.mark.parametrize(
    ("rule", "page", "shows"),
    [
        ({"value": "/pricing"}, "https://acme.example/pricing?x=1", True),
        ({"value": "acme.example/pricing"}, "https://ACME.example/pricing/", True),
        ({"value": "https://acme.example/pricing"}, "https://acme.example/pricing/old", False),
        ({"match": "contains", "value": "pric"}, "https://acme.example/pricing", True),
        ({"match": "starts with", "value": "/blog"}, "https://acme.example/blog/1", True),
        ({"match": "starts with", "value": "/blog"}, "https://acme.example/a/blog", False),
        ({"match": "ends with", "value": "/1"}, "https://acme.example/blog/1", True),
        ({"parameter": "utm_source", "value": "google"}, "https://acme.example/?utm_source=Google", True),
        ({"parameter": "utm_source", "value": "google"}, "https://acme.example/", False),
        ({"parameter": "gclid", "match": "any"}, "https://acme.example/?gclid=", True),
        ({"value": "/pricing"}, "http://[", False),
    ],
)
def test_rules_about_pages(rule: dict[str, Any], page: str, shows: bool) -> None:
    """About the address or a query parameter; hiding goes before showing (F9.1.1)."""
    shown = portal_with({"target": {"show": [rule]}}).chatflows
    hidden = portal_with({"target": {"hide": [rule]}}).chatflows
    open, refused = (shown, hidden) if shows else (hidden, shown)
    assert open.open(page=page)
    with pytest.raises(Refused, match=r"chat 0: it (does not show|is hidden) on the page"):
        refused.open(page=page)


def test_rules_about_visitors() -> None:
    """Known or not, in a list or not (F9.1.1)."""
    portal = portal_with(
        {"target": {"visitors": "known"}},
        {"target": {"visitors": "anonymous"}},
        {"target": {"in_lists": ["VIP"]}},
        {"target": {"not_in_lists": ["VIP"]}},
        lists=[{"name": "VIP", "filters": {"all": [{"property": "jobtitle", "is": "CEO"}]}}],
    )
    portal.create("contacts", {"email": "boss@acme.example", "jobtitle": "CEO"})
    portal.create("contacts", {"email": NEW})
    shown = {email: _shown(portal, email) for email in ("boss@acme.example", NEW, "stranger@acme.example")}
    assert shown == {"boss@acme.example": [0, 2], NEW: [0, 3], "stranger@acme.example": [1, 3]}


def _shown(portal: Portal, email: str) -> list[int]:
    shown = []
    for number in range(4):
        try:
            portal.chatflows.open(f"chat {number}", email=email)
        except Refused:
            continue
        shown.append(number)
    return shown


def test_the_first_chatflow_that_fits_shows() -> None:
    """In the order of the portal file; one that is not active never does (F9.1.1)."""
    portal = portal_with({"active": False}, {"target": {"show": [{"value": "/a"}]}}, {})
    assert portal.chatflows.open(page="https://x.example/a").chatflow.settings.name == "chat 1"
    assert portal.chatflows.open(page="https://x.example/b").chatflow.settings.name == "chat 2"
    with pytest.raises(Refused, match="chat 0: it is not active"):
        portal.chatflows.open("chat 0")
    with pytest.raises(UnknownName, match="did you mean 'chat 1'"):
        portal.chatflows.open("chat1")


def test_opening_hours_are_read_in_their_time_zone() -> None:
    """9:00 UTC is too early in New York; at other times the chat hides or takes a message (F9.1.1)."""
    hours = {"when": "business hours", "time_zone": "America/New_York"}
    portal = portal_with({"availability": hours}, {"availability": {**hours, "away_message": "Leave a message"}})
    with pytest.raises(Refused, match="nobody is there"):
        portal.chatflows.open("chat 0")
    assert portal.chatflows.open("chat 1").messages[0].text == "Leave a message"
    portal.clock.advance(5 * HOUR)
    assert portal.chatflows.open("chat 0").messages[0].text == "Got any questions? I'm happy to help."
    portal.clock.advance(5 * DAY)  # a Saturday
    with pytest.raises(Refused, match="nobody is there"):
        portal.chatflows.open("chat 0")


def test_a_chat_can_need_somebody_who_is_available() -> None:
    """One of those who get its conversations (F9.1.1)."""
    portal = portal_with({"availability": {"when": "users available"}, "assign": {"users": ["bo@acme.example"]}})
    portal.conversations.agents.go_away("bo@acme.example")
    with pytest.raises(Refused, match="nobody is there"):
        portal.chatflows.open()
    portal.conversations.agents.come_back("bo@acme.example")
    assert portal.chatflows.open()


def test_a_team_gets_conversations_by_turns() -> None:
    """Those of its members who are available (F9.1.5)."""
    portal = portal_with({"assign": {"team": "Sales"}})
    assert [_assigned(portal) for _ in range(3)] == ["Ada", "Bo", "Ada"]
    portal.conversations.agents.go_away("ada@acme.example")
    assert [_assigned(portal) for _ in range(2)] == ["Bo", "Bo"]
    portal.conversations.agents.go_away("bo@acme.example")
    assert _assigned(portal) is None


def test_the_owner_of_the_contact_comes_first() -> None:
    """Whose turn it is otherwise (F9.1.5)."""
    portal = portal_with({"assign": {"contact_owner": True, "users": ["ada@acme.example"]}})
    bo = portal.users.find("bo@acme.example")
    portal.create("contacts", {"email": NEW, "hubspot_owner_id": bo.id})
    assert (_assigned(portal, NEW), _assigned(portal)) == ("Bo", "Ada")


def _assigned(portal: Portal, email: str | None = None) -> str | None:
    chat = portal.chatflows.open(email=email)
    chat.say("Hi")
    agent = portal.conversations.assigned_to(chat.thread)
    return None if agent is None else agent.name


def delete_stage(portal: Portal, stage: str) -> None:
    contacts = portal.type("contacts")
    portal.pipeline_changes.delete_stage(contacts, "contacts-lifecycle-pipeline", stage, portal.app, check_uses=True)


def test_a_stage_that_a_chatflow_gives_is_used() -> None:
    """Its deletion is blocked (F11.1); where it is gone all the same, the default holds (F4.10.1)."""
    portal = portal_with({"contact_stage": "evangelist", "name": "Fans"})
    (use,) = of_stage(portal, "evangelist")
    assert (use.asset, use.rule) == ("chatflow Fans", "chatflows.0.contact_stage")
    with pytest.raises(InvalidDefinition, match=r"referenced by settings: \[chatflows.0.contact_stage\]"):
        delete_stage(portal, "evangelist")
    portal.assets = ()
    delete_stage(portal, "evangelist")
    chat = portal.chatflows.open(email=NEW)
    chat.say("Hi")
    assert chat.contact is not None
    assert chat.contact.stage == "lead"
    assert [message.text for message in chat.thread.messages if message.type == "COMMENT"] == [
        "There is no stage 'evangelist' any more; the contact got the account's default."
    ]


def test_a_marketing_toggle_uses_its_property() -> None:
    """Seen in *Used in* (F11.1)."""
    portal = portal_with({"marketing_contact": True})
    rules = [use.rule for use in of_property(portal, portal.type("contacts"), "hs_marketable_status")]
    assert rules == ["chatflows.0.marketing_contact"]


def test_visitors_have_to_say_something() -> None:
    """Neither nothing nor a novel; the refused words bring nothing into the inbox (F9.5)."""
    portal = portal_with({})
    chat = portal.chatflows.open()
    for words in (" ", "x" * 70_000):
        with pytest.raises(Refused):
            chat.say(words)
    with pytest.raises(Refused, match="asks nothing now"):
        chat.answer("Yes")
    assert list(portal.conversations.threads()) == []


@pytest.mark.parametrize(
    ("chatflow", "message"),
    [
        ({"steps": [{"say": "Hi"}]}, "only a bot takes steps"),
        ({"kind": "bot"}, "a bot needs steps"),
        ({"assign": {}}, "say who gets the conversations"),
        ({"assign": {"team": "Sale"}}, "no user is in a team 'Sale'; choose from: Sales; did you mean 'Sales'"),
        ({"assign": {"users": ["eve@acme.example"]}}, "no user is called 'eve@acme.example'"),
        ({"contact_stage": "leed"}, "no stage is called 'leed'.*did you mean 'lead'"),
        ({"inbox": "Support"}, "no inbox is called 'Support'; choose from: Inbox"),
        ({"target": {"in_lists": ["VIP"]}}, "no list is called 'VIP'"),
        ({"target": {"show": [{"match": "contains"}]}}, "needs the value to compare with"),
        ({"availability": {"hours": [{"start": "17:00", "end": "09:00"}]}}, "opening hours end after they begin"),
        ({"availability": {"time_zone": "Mars"}}, "no time zone is called that"),
    ],
)
def test_bad_chatflows(chatflow: dict[str, Any], message: str) -> None:
    """Refused with what is wrong (F9.1)."""
    with pytest.raises(ValueError, match=message):
        portal_with(chatflow)
