"""Marketing e-mails: who gets them, and what becomes of them."""

from dataclasses import replace
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.log import Entry
from hubtwin.portal.merging import merge
from hubtwin.portal.preferences import UNSUBSCRIBED
from hubtwin.portal.uses import of_property

LINK = "https://acme.example/demo?plan=pro"
CONFIGURATION: dict[str, Any] = {
    "lists": [
        {"name": "Everybody", "filters": {"all": [{"property": "email", "known": True}]}},
        {"name": "Customers", "filters": {"all": [{"property": "lifecyclestage", "is": "customer"}]}},
    ],
    "marketing_emails": [
        {"name": "News", "to": ["Everybody"], "suppressed": ["Customers"], "body": f'<a href="{LINK}">Demo</a>'},
        {"name": "Welcome", "kind": "automated", "body": f"Hello {{{{ contact.firstname }}}}: {LINK}"},
        {"name": "Invoice", "kind": "transactional"},
        {"name": "Nobody's"},
    ],
}


@pytest.fixture
def portal() -> Portal:
    """A portal with two lists and four e-mails."""
    return Portal(Configuration.model_validate(CONFIGURATION))


def contact(portal: Portal, name: str = "ada@acme.example", **values: str) -> Record:
    return portal.create("contacts", {"email": name, **values})


def welcomed(portal: Portal, name: str = "ada@acme.example") -> Record:
    """A contact who got the welcome e-mail."""
    ada = contact(portal, name)
    portal.marketing_emails.send("Welcome", [ada])
    portal.clock.advance("1m")
    return ada


def came_of_it(entries: list[Entry]) -> list[str]:
    return [f"{entry.record and entry.record.name}: {entry.kind.removeprefix('e-mail ')}" for entry in entries]


def reasons(entries: list[Entry]) -> list[str | None]:
    return [entry.value.facts.get("hs_drop_reason") for entry in entries]


def test_customers_are_kept_out_by_a_suppressed_list(portal: Portal) -> None:
    """A regular e-mail goes to its list, without those who are in a suppressed one (W6.11.2)."""
    contact(portal)
    bob = contact(portal, "bob@acme.example", lifecyclestage="customer")
    sent = portal.marketing_emails.send("News")
    assert came_of_it(sent) == ["bob@acme.example: suppressed", "ada@acme.example: sent"]
    portal.clock.advance("1d")
    assert bob.get("hs_email_last_email_name") is None


def test_a_regular_email_reaches_nobody_twice(portal: Portal) -> None:
    """Named again, or twice at once, a contact gets nothing more (W6.11.2)."""
    ada = contact(portal)
    assert came_of_it(portal.marketing_emails.send("News", [ada, ada])) == ["ada@acme.example: sent"]
    assert portal.marketing_emails.send("News", [ada]) == []
    assert len(portal.marketing_emails.send("Welcome", [ada]) + portal.marketing_emails.send("Welcome", [ada])) == 2


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"email": ""}, "INVALID_TO_ADDRESS"),
        ({"hs_marketable_status": "false"}, "NON_MARKETABLE_CONTACT"),
        ({"hs_marketable_status": "true"}, None),
        ({}, None),
    ],
)
def test_who_may_not_get_it(portal: Portal, values: dict[str, str], reason: str | None) -> None:
    """Dropped, with HubSpot's reason (W6.11.4)."""
    ada = portal.create("contacts", {"firstname": "Ada", "email": "ada@acme.example", **values})
    assert reasons(portal.marketing_emails.send("Welcome", [ada])) == [reason]


def test_who_unsubscribed_is_dropped_but_not_from_transactional_email(portal: Portal) -> None:
    """From the type or from all; an invoice comes all the same (W6.11.4)."""
    ada, marketing = contact(portal), next(iter(portal.preferences))
    portal.preferences.change("ada@acme.example", marketing, UNSUBSCRIBED, source=portal.app)
    assert reasons(portal.marketing_emails.send("Welcome", [ada])) == ["PREVIOUSLY_UNSUBSCRIBED_MESSAGE"]
    portal.preferences.opt_out("ada@acme.example", source=portal.app)
    assert reasons(portal.marketing_emails.send("Welcome", [ada])) == ["PREVIOUSLY_UNSUBSCRIBED_PORTAL"]
    assert reasons(portal.marketing_emails.send("Invoice", [ada])) == [None]


def test_a_subscription_type_of_its_own() -> None:
    """Only who unsubscribed from the e-mail's own type is dropped (W6.11.4)."""
    emails = [{"name": "Tips", "kind": "automated", "subscription": "One to One"}]
    portal = Portal(Configuration.model_validate({"marketing_emails": emails}))
    ada, (marketing, _, own) = contact(portal), portal.preferences
    for subscription, reason in ((marketing, None), (own, "PREVIOUSLY_UNSUBSCRIBED_MESSAGE")):
        portal.preferences.change("ada@acme.example", subscription, UNSUBSCRIBED, source=portal.app)
        assert reasons(portal.marketing_emails.send("Tips", [ada])) == [reason]


def test_an_email_arrives_a_little_later(portal: Portal) -> None:
    """Until then nobody can open it; who never got it can't either (W6.11.5, W6.11.6)."""
    ada, bob = contact(portal), contact(portal, "bob@acme.example")
    portal.marketing_emails.send("Welcome", [ada])
    with pytest.raises(Refused, match="E-mail 'Welcome' has not arrived at ada@acme"):
        portal.marketing_emails.open("Welcome", ada)
    portal.clock.advance("1m")
    portal.marketing_emails.open("Welcome", ada)
    with pytest.raises(Refused, match="was never sent to bob@acme"):
        portal.marketing_emails.open("Welcome", bob)


def test_some_addresses_bounce(portal: Portal) -> None:
    """As the configuration says; the reason is kept, and nothing more is sent there (W6.11.4, W6.11.5)."""
    bob = welcomed(portal, "bob@bounce.example")
    assert (bob.get("hs_email_bounce"), bob.get("hs_email_delivered")) == ("1", None)
    assert bob.get("hs_email_hard_bounce_reason_enum") == "UNKNOWN_USER"
    assert reasons(portal.marketing_emails.send("Invoice", [bob])) == ["PREVIOUSLY_BOUNCED"]
    portal.update(bob, {"email": "bob@acme.example"})
    portal.marketing_emails.send("Welcome", [bob])
    portal.clock.advance("1m")
    assert bob.get("hs_email_hard_bounce_reason_enum") is None


def test_delivery_is_configured() -> None:
    """How long it takes, and which addresses take no mail, and why (W6.11.5)."""
    delivery = {"after": "0s", "bounces": {"eve@acme.example": "MAILBOX_FULL"}}
    emails = [{"name": "Welcome", "kind": "automated"}]
    portal = Portal(Configuration.model_validate({"marketing_emails": emails, "email_delivery": delivery}))
    ada, eve = contact(portal), contact(portal, "eve@acme.example")
    portal.marketing_emails.send("Welcome", [ada, eve])
    assert (ada.get("hs_email_delivered"), eve.get("hs_email_hard_bounce_reason_enum")) == ("1", "MAILBOX_FULL")


def test_contacts_count_emails_and_keep_dates(portal: Portal) -> None:
    """An e-mail that is opened again counts once; the last date moves (W6.11.7)."""
    ada = welcomed(portal)
    assert ada.get("hs_email_sends_since_last_engagement") == "1"
    portal.marketing_emails.open("Welcome", ada)
    portal.clock.advance("1h")
    portal.marketing_emails.open("Welcome", ada)
    portal.marketing_emails.click("Welcome", ada)
    portal.marketing_emails.reply("Welcome", ada)
    counts = [ada.get(f"hs_email_{name}") for name in ("delivered", "open", "click", "replied")]
    assert counts == ["1", "1", "1", "1"]
    dates = [ada.get(f"hs_email_{name}_date") for name in ("first_send", "first_open", "last_open", "last_reply")]
    hours = ["09:00:00", "09:01:00", "10:01:00", "10:01:00"]
    assert dates == [f"2026-03-02T{hour}Z" for hour in hours]
    assert ada.get("hs_email_last_email_name") == "Welcome"
    assert ada.get("hs_email_sends_since_last_engagement") == "0"


def test_a_second_email_counts_again(portal: Portal) -> None:
    """Also a second copy of the same one (W6.11.7)."""
    ada = welcomed(portal)
    portal.marketing_emails.open("Welcome", ada)
    portal.marketing_emails.send("Welcome", [ada])
    portal.clock.advance("1m")
    portal.marketing_emails.open("Welcome", ada)
    assert (ada.get("hs_email_delivered"), ada.get("hs_email_open")) == ("2", "2")


def test_why_a_count_is_what_it_is(portal: Portal) -> None:
    """The chain of causes starts where the e-mail was sent (W6.11.6, W6.11.7)."""
    ada = welcomed(portal)
    portal.marketing_emails.open("Welcome", ada)
    kinds = [entry.kind for entry in portal.why(ada, "hs_email_open")]
    assert kinds == ["e-mail sent", "e-mail delivered", "e-mail opened", "set"]
    source = portal.why(ada, "hs_email_open")[-1].source
    assert (source.type, source.label, source.rule) == ("EMAIL", "Welcome", "marketing_emails.1")


def test_a_click_views_the_page(portal: Portal) -> None:
    """With the parameters that make its source the e-mail; the browser is the reader's then (W6.11.8)."""
    ada = welcomed(portal)
    clicked = portal.marketing_emails.click("Welcome", ada, LINK, cookie="a" * 32)
    campaign = portal.marketing_emails.find("Welcome").campaign
    assert clicked.value.facts["hs_click_original_url"] == LINK
    assert ada.get("hs_analytics_last_url") == (
        f"{LINK}&utm_medium=email&_hsmi={campaign}&utm_content={campaign}&utm_source=hs_email"
    )
    assert ada.get("hs_latest_source") == "EMAIL_MARKETING"
    assert portal.tracking.contact("a" * 32) is ada


def test_only_links_of_the_email_can_be_clicked(portal: Portal) -> None:
    """The error lists them; nothing happens (W6.11.6)."""
    ada = welcomed(portal)
    with pytest.raises(Refused, match=r"'Welcome' has no link https://x\.example; choose from: https://acme\.example"):
        portal.marketing_emails.click("Welcome", ada, "https://x.example")
    with pytest.raises(Refused, match="has no link at all"):
        portal.marketing_emails.click("Invoice", ada)
    assert ada.get("hs_email_click") is None


def test_unsubscribing_through_an_email(portal: Portal) -> None:
    """From its type, or from everything; the contact says so, and the e-mail is the cause (W6.8.17, W6.11.6)."""
    ada, marketing = welcomed(portal), next(iter(portal.preferences))
    portal.marketing_emails.unsubscribe("Welcome", ada)
    assert portal.preferences.status("ada@acme.example", marketing).state == UNSUBSCRIBED
    property = f"hs_email_optout_{marketing.id}"
    assert (ada.get(property), ada.get("hs_email_optout")) == ("true", None)
    assert [entry.kind for entry in portal.why(ada, property)][-3:] == [
        *("e-mail unsubscribed", "subscription changed", "set"),
    ]
    portal.marketing_emails.unsubscribe("Welcome", ada, from_all=True)
    assert ada.get("hs_email_optout") == "true"


def test_a_spam_report_ends_it(portal: Portal) -> None:
    """No e-mail goes to that address any more (W6.11.4)."""
    ada = welcomed(portal)
    portal.marketing_emails.report_spam("Welcome", ada)
    assert reasons(portal.marketing_emails.send("Invoice", [ada])) == ["PREVIOUS_SPAM"]


def test_a_scheduled_email_waits_for_its_date(portal: Portal) -> None:
    """And can be taken back until then; one that was sent can't (W6.11.3)."""
    ada, emails = contact(portal), portal.marketing_emails
    email = emails.find("News")
    emails.editor.change(email, replace(email.live, publish_date=portal.clock.now + 60_000))
    emails.publish("News")
    assert email.state == "SCHEDULED"
    emails.unpublish("News")
    portal.clock.advance("2m")
    assert (email.state, ada.get("hs_email_last_send_date")) == ("DRAFT", None)
    emails.editor.change(email, replace(email.live, publish_date=portal.clock.now + 60_000))
    emails.publish("News")
    portal.clock.advance("1h")
    assert (email.state, ada.get("hs_email_last_send_date")) == ("PUBLISHED", "2026-03-02T09:03:00Z")
    with pytest.raises(Refused, match="was sent already"):
        emails.unpublish("News")
    with pytest.raises(Refused, match="a regular e-mail is sent once, clone it"):
        emails.publish("News")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("Welcome", "E-mail 'Welcome' is automated: say to whom it goes"),
        ("Nobody's", 'E-mail "Nobody\'s" is addressed to nobody; give it a list, or name recipients'),
    ],
)
def test_an_email_to_nobody(portal: Portal, name: str, error: str) -> None:
    """It is refused, and stays as it was (W6.11.3)."""
    state = portal.marketing_emails.find(name).state
    with pytest.raises(Refused, match=error):
        portal.marketing_emails.send(name)
    assert portal.marketing_emails.find(name).state == state


def test_an_unpublished_email_goes_to_nobody(portal: Portal) -> None:
    """Until it is published again (W6.11.3)."""
    ada = contact(portal)
    portal.marketing_emails.unpublish("Welcome")
    with pytest.raises(Refused, match="'Welcome' is AUTOMATED_DRAFT; publish it first"):
        portal.marketing_emails.send("Welcome", [ada])
    portal.marketing_emails.publish("Welcome")
    assert len(portal.marketing_emails.send("Welcome", [ada])) == 1


def test_names_that_do_not_exist(portal: Portal) -> None:
    """E-mails that nobody wrote, and in the file lists and subscription types that there are not (W6.11.1)."""
    with pytest.raises(UnknownName, match=r"no marketing email is called 'Wellcome'.*did you mean 'Welcome'"):
        portal.marketing_emails.find("Wellcome")
    for field, value in (("to", ["Everyone"]), ("subscription", "Tips")):
        with pytest.raises(ValueError, match="is called"):
            Configuration.model_validate({"marketing_emails": [{"name": "News", field: value}]})


def test_the_properties_that_an_email_shows_are_used(portal: Portal) -> None:
    """Its tokens are read from contacts (W6.11.1)."""
    uses = of_property(portal, portal.type("contacts"), "firstname")
    assert [(use.asset, use.rule, use.writes) for use in uses] == [("e-mail Welcome", "marketing_emails.1", False)]


def test_a_merged_contact_can_open_what_it_got(portal: Portal) -> None:
    """What was sent to one of both was sent to whom they became (W6.11.6)."""
    ada, bob = welcomed(portal), contact(portal, "bob@acme.example")
    merged = merge(portal, bob, ada)
    assert portal.marketing_emails.open("Welcome", merged).record is merged


def test_what_is_on_its_way_to_a_deleted_contact_is_lost(portal: Portal) -> None:
    """Nothing arrives, nothing breaks (W6.11.5)."""
    ada = contact(portal)
    portal.marketing_emails.send("Welcome", [ada])
    portal.archive(ada)
    portal.clock.advance("1m")
    assert ada.get("hs_email_delivered") is None


def test_an_email_on_its_way_is_in_a_snapshot(portal: Portal) -> None:
    """It arrives after going back as it would have (W6.11.5)."""
    contact(portal)
    portal.marketing_emails.send("News")
    before = portal.snapshot()
    portal.clock.advance("1m")
    portal.restore(before)
    ada = portal.find("contacts", 1001)
    assert ada.get("hs_email_delivered") is None
    portal.clock.advance("1m")
    assert ada.get("hs_email_delivered") == "1"
