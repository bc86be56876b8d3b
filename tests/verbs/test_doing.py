"""Doing a verb: how records are called, what comes of it, and what is refused."""

from typing import Any

import pytest

from hubtwin.doors.local import LocalPortal
from hubtwin.portal.errors import DuplicateValue, PortalError, Refused
from hubtwin.verbs import WrongVerb
from hubtwin.verbs.live import find_record

ADA = "ada@client.example"
RITA = "rita@twin.example"


@pytest.mark.parametrize("reference", ["contacts/1001", "contact/1001", "0-1/1001", ADA, "ADA@client.example"])
def test_what_a_contact_is_called(portal: LocalPortal, reference: str) -> None:
    """By type and id, with any word for the type, or by e-mail address."""
    assert find_record(portal, reference).id == 1001


def test_a_domain_that_several_companies_have(portal: LocalPortal) -> None:
    """It names none of them, and the error says what does."""
    for _ in range(2):
        portal.create("companies", {"domain": "acme.example"})
    with pytest.raises(Refused, match="choose from: companies/1002, companies/1003"):
        find_record(portal, "acme.example")


def test_what_came_of_it(portal: LocalPortal) -> None:
    """The new entries of the log, the records that they are about, and the story."""
    came = portal.do("submit_form", form="Demo", email="bob@client.example")
    assert [(record.name, record.stage) for record in came.records] == [
        ("bob@client.example", "marketingqualifiedlead")
    ]
    assert [entry.number for entry in came.entries] == list(range(came.entries[0].number, len(portal.log)))
    assert came.story[0].endswith("form Demo submitted by contact 1002 (bob@client.example)")


@pytest.mark.parametrize(
    ("verb", "said", "message"),
    [
        ("sumbit_form", {}, "unknown key 'sumbit_form'; choose from: .*; did you mean 'submit_form'?"),
        ("submit_form", {"from": "Demo", "email": ADA}, "submit_form: unknown key 'from'; .*; did you mean 'form'?"),
        ("submit_form", {"form": "Demmo", "email": ADA}, "submit_form.form: no form is called 'Demmo'; .*'Demo'?"),
        ("submit_form", None, "submit_form.form: the key 'form' is missing|submit_form: the key 'form' is missing"),
        ("submit_form", "Demo", "submit_form: expected keys and values, found 'Demo'"),
        ("create", {"object": "cars"}, "create: no object type is called 'cars'"),
        ("create_contact", {"emial": ADA}, "create_contact.emial: contacts have no property 'emial'; did you mean"),
        ("create_contact", {"as": "ada", "email": "x@y.example"}, "create_contact.as: aliases belong to scenarios"),
        ("update", {"record": "contacts/7", "set": {}}, "update.record: no contact has hs_object_id '7'"),
        ("update", {"record": "$ada", "set": {}}, r"update.record: no record is called '\$ada'; name it by type"),
        ("associate", {"record": ADA, "with": ADA}, "associate.with: this is the record itself"),
        ("move_deal", {"deal": ADA, "stage": "x"}, "move_deal.deal: 'ada@client.example' is one of the contacts"),
        ("merge", {"record": ADA, "with": "contacts/1"}, "merge.with: no contact has hs_object_id '1'"),
        ("wait", "1 day", "wait: not a duration"),
        ("wait", "600w", "wait: longer than 3660 days"),
        ("import_csv", {"csv": "emial\n"}, "import_csv.csv: contacts have no property 'emial'"),
        ("import_csv", {}, "import_csv: give the file's content"),
        ("change_settings", {"deal_wonn": "x"}, "change_settings: no setting is called 'deal_wonn'"),
        ("change_settings", {"deal_won": "nope"}, "change_settings: settings.deal_won: no stage is called 'nope'"),
        ("add_to_list", {"record": ADA, "list": "Foes"}, "add_to_list.list: no list is called 'Foes'; .*Friends"),
        ("track_event", {"record": ADA, "event": "bought"}, "track_event.event: no custom event is called 'bought'"),
        ("subscribe", {"email": ADA, "subscription": "Old"}, "subscribe.subscription: no subscription type is called"),
        ("view_page", {"url": "https://twin.example"}, "view_page: say who sees it"),
        ("view_form", {"form": "Demmo", "cookie": "c1"}, "view_form.form: no form is called 'Demmo'"),
        ("submit_lead_form", {"form": "Guide", "email": ADA, "fields": {"phone": "1"}}, "has no field 'phone'"),
        ("chat", {"says": []}, "chat.says: "),
        ("chat", {"says": [True]}, "chat.says.0: YAML takes this word for true or false; write it in quotes"),
        ("chat", {"says": ["Hi"], "contact": ADA, "email": ADA}, "chat: the contact is known already"),
        ("chat", {"says": ["Hi"], "chatflow": "Halp"}, "chat.chatflow: no chatflow is called 'Halp'"),
        ("email_inbox", {"to": "t@twin.example", "email": ADA, "text": "Hi"}, "no inbox has the address"),
        ("open_email", {"email": "Autumn", "contact": ADA}, "open_email.email: no marketing email is called 'Autumn'"),
        ("log_email", {"by": "eve@twin.example", "email": ADA, "subject": "Hi"}, "log_email.by: no user is called"),
        ("turn_off", {"workflow": "Demote"}, "turn_off.workflow: no workflow is called 'Demote'"),
        ("change_stages", {}, "change_stages: say what changes"),
        ("change_stages", {"delete": ["buyer"]}, "change_stages: no stage is called 'buyer'"),
        ("change_stages", {"order": ["lead"]}, "change_stages: order names each stage once: subscriber, lead"),
        ("sync", "hubspot", "sync: "),
        ("salesforce", {}, "salesforce: expected one verb, found none"),
        ("salesforce", {"create": {"object": "Lead", "set": {"Nme": "x"}}}, "create.set.Nme: Lead has no field 'Nme'"),
        ("billing", {"subscribe": {"email": ADA, "plan": "Prof"}}, "billing.subscribe.plan: no plan is called 'Prof'"),
        ("product", {"event": {"email": ADA, "event": "left"}}, "event.event: no custom event is called 'left'"),
        ("marketing_automation", {"act": {"email": ADA, "activity": "fair"}}, "act.activity: no activity is called"),
        ("marketing_automation", {"set": {"email": ADA, "set": {"x": ""}}}, "set.set: no field is called 'x'"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(portal: LocalPortal, verb: str, said: Any, message: str) -> None:
    """The error leads to what is wrong, and says what was probably meant; nothing is done."""
    before = len(portal.log)
    with pytest.raises(WrongVerb, match=message):
        portal.do(verb, said)
    assert len(portal.log) == before


def test_what_the_portal_refuses(portal: LocalPortal) -> None:
    """What makes sense and can't be done is refused by the portal itself, in its own words."""
    with pytest.raises(DuplicateValue, match="contact 1001 has email"):
        portal.do("create_contact", email=ADA)
    with pytest.raises(Refused, match="are the same record"):
        portal.do("associate", {"record": ADA, "with": "contacts/1001"})


@pytest.mark.parametrize(
    ("verb", "said", "message"),
    [
        ("hold_meeting", {"record": ADA, "by": RITA}, "no meeting was booked with Ada"),
        ("reply_to_chat", {"contact": ADA, "by": RITA, "text": "Hi"}, "there is no conversation with Ada"),
        ("receive_reply", {"contact": ADA, "by": RITA}, "no e-mail to Ada was logged"),
        ("open_email", {"email": "Spring", "contact": ADA}, "was never sent to Ada"),
        ("salesforce", {"close": {"opportunity": "Big"}}, "Salesforce has no Opportunity that is called 'Big'"),
        ("salesforce", {"follow_up": {"who": ADA}}, "Salesforce has no Task that is called"),
        ("billing", {"cancel": {"email": ADA}}, "ada@client.example has no subscription that runs"),
        ("marketing_automation", {"act": {"email": ADA, "activity": "webinar"}}, "knows nobody with the address"),
        ("product", {"event": {"email": ADA, "event": "created_flow"}}, "no product user is called"),
        ("change_stages", {"delete": ["lead"]}, r"Stage IDs: \[lead\] are being referenced"),
    ],
)
def test_what_is_missing_when_it_is_done(portal: LocalPortal, verb: str, said: Any, message: str) -> None:
    """What only the moment can tell is refused then, and nothing is done."""
    before = len(portal.log)
    with pytest.raises(PortalError, match=message):
        portal.do(verb, said)
    assert len(portal.log) == before


@pytest.mark.parametrize("verb", ["salesforce", "billing", "product", "marketing_automation", "sync"])
def test_a_system_that_is_not_there(verb: str) -> None:
    """It is refused with the key under which the portal file describes it."""
    said: dict[str, Any] = {
        "salesforce": {"close": {"opportunity": "Big"}},
        "billing": {"cancel": {"email": ADA}},
        "product": {"sign_up": {"email": ADA}},
        "marketing_automation": {"set": {"email": ADA, "set": {}}},
        "sync": "salesforce",
    }
    key = "salesforce" if verb == "sync" else verb
    with pytest.raises(WrongVerb, match=f"describe it under connected.{key} in its file"):
        LocalPortal().do(verb, said[verb])


def test_the_end_of_the_calendar(portal: LocalPortal) -> None:
    """However often somebody waits, no moment comes that can't be written."""
    for _ in range(18):
        portal.do("wait", "500w")
    with pytest.raises(WrongVerb, match="a portal's calendar ends at 2200-01-01T00:00:00Z"):
        portal.do("wait", "500w")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"says": ["Hello", ADA], "books_in": "1d"}, "Help offers no meeting now"),
        ({"says": ["Hello", " "]}, "a visitor has to say something"),
        ({"says": ["Hello", "x" * 100_000]}, "A message has 65536 characters at most"),
    ],
)
def test_a_chat_is_held_whole_or_not_at_all(said: dict[str, Any], message: str) -> None:
    """What is refused at its end leaves nothing of its beginning."""
    with LocalPortal({"chatflows": [{"name": "Help"}]}) as portal:
        portal.create("contacts", {"email": ADA})
        before = len(portal.log)
        with pytest.raises(Refused, match=message):
            portal.do("chat", said, cookie="c")
        assert len(portal.log) == before
        assert not [*portal.conversations.threads()]
        assert portal.tracking.contact("c") is None
