"""The mailbox: contacts and e-mails that users bring in from Gmail and Outlook."""

import json

import pytest

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import InvalidValues, Refused, UnknownName
from hubtwin.portal.log import EMAIL_LOGGED
from hubtwin.portal.mailbox import Through
from hubtwin.portal.objects import CONTACTS, EMAILS

USER = "ada@hubtwin.example"
EMAIL = "eve@acme.example"


@pytest.fixture
def portal() -> Portal:
    """A new portal."""
    return Portal()


def in_era(era: str) -> Portal:
    settings = {"default_stage": {"contacts": "subscriber"}}
    return Portal(Configuration.model_validate({"options": {"era": era}, "settings": settings}))


@pytest.mark.parametrize(("era", "stage"), [("now", "subscriber"), ("2021", "lead"), ("2022", "subscriber")])
def test_a_contact_from_the_sidebar_has_the_accounts_default_stage(era: str, stage: str) -> None:
    """Today; in 2021 it was a Lead, whatever the account's default (F4.15, F4.1)."""
    contact = in_era(era).mailbox.add_contact(USER, EMAIL, "Eve", "Moneypenny")
    assert (contact.stage, contact.name) == (stage, "Eve Moneypenny")
    assert contact.get("hs_object_source") == "EXTENSION"


def test_adding_a_known_contact_changes_nothing(portal: Portal) -> None:
    """The sidebar shows it instead (F4.15)."""
    eve = portal.create("contacts", {"email": EMAIL, "firstname": "Eve"})
    assert portal.mailbox.add_contact(USER, "EVE@acme.example", "Evil") is eve
    assert eve.get("firstname") == "Eve"


@pytest.mark.parametrize(
    ("through", "source"),
    [
        ("extension", "SALES"),
        ("gmail", "GMAIL_INTEGRATION"),
        ("outlook", "EMAIL_INTEGRATION"),
        ("bcc", "EMAIL_INTEGRATION"),
    ],
)
def test_an_email_to_an_unknown_address_makes_a_contact(portal: Portal, through: Through, source: str) -> None:
    """With the account's default stage; the e-mail is associated with it (F4.15.1)."""
    email = portal.mailbox.log_email(USER, EMAIL, "Hello", "How are you?", through=through)
    (contact,) = portal.associations.of(email, CONTACTS)
    assert (contact.stage, contact.get("hs_object_source")) == ("lead", source)
    assert [entry.kind for entry in portal.why(contact, "lifecyclestage")] == [EMAIL_LOGGED, "created", "set"]


def test_a_logged_email_is_a_record(portal: Portal) -> None:
    """With subject, text, people and the user as its owner (F4.15.1)."""
    email = portal.mailbox.log_email(USER, EMAIL, "Hello", "How are you?")
    headers = json.loads(email.get("hs_email_headers") or "")
    assert (headers["from"], headers["to"]) == ({"email": USER}, [{"email": EMAIL}])
    assert (email.get("hs_email_direction"), email.get("hs_email_subject")) == ("EMAIL", "Hello")
    assert email.get("hubspot_owner_id") == str(portal.users.find(USER).id)


def test_logged_emails_move_the_contacts_dates(portal: Portal) -> None:
    """Last contacted, last activity, last engagement, and the counts (F4.15.2)."""
    eve = portal.create("contacts", {"email": EMAIL})
    for subject in ("Hello", "And?"):
        portal.clock.advance("1d")
        portal.mailbox.log_email(USER, EMAIL, subject)
    for name in ("notes_last_contacted", "notes_last_updated", "hs_last_sales_activity_timestamp"):
        assert eve.get(name) == "2026-03-04T09:00:00Z"
    assert (eve.get("num_notes"), eve.get("num_contacted_notes")) == ("2", "2")


def test_a_reply_is_logged_to_the_contact(portal: Portal) -> None:
    """And is the date of its last reply; being answered is not contacting (F4.15.3)."""
    email = portal.mailbox.log_email(USER, EMAIL, "Hello")
    (eve,) = portal.associations.of(email, CONTACTS)
    portal.clock.advance("2h")
    answer = portal.mailbox.receive_reply(USER, email, "Fine.")
    assert (answer.get("hs_email_direction"), answer.get("hs_email_subject")) == ("INCOMING_EMAIL", "Re: Hello")
    assert list(portal.associations.of(answer, CONTACTS)) == [eve]
    assert eve.get("hs_sales_email_last_replied") == "2026-03-02T11:00:00Z"
    assert (eve.get("notes_last_contacted"), eve.get("num_notes")) == ("2026-03-02T09:00:00Z", "2")


def test_replies_need_a_logged_email(portal: Portal) -> None:
    """Answers to anything else are not logged (F4.15.3)."""
    with pytest.raises(Refused, match="is not a logged e-mail with a contact; log the one that was answered first"):
        portal.mailbox.receive_reply(USER, portal.create("contacts", {"email": EMAIL}))


def test_bad_input_leaves_nothing(portal: Portal) -> None:
    """Unknown users and addresses that are none (F4.15)."""
    with pytest.raises(UnknownName, match=r"did you mean 'ada@hubtwin\.example'"):
        portal.mailbox.log_email("ado@hubtwin.example", EMAIL, "Hello")
    with pytest.raises(InvalidValues, match="Email address eve is invalid"):
        portal.mailbox.log_email(USER, "eve", "Hello")
    with pytest.raises(InvalidValues, match="Email address eve is invalid"):
        portal.mailbox.add_contact(USER, "eve")
    assert (len(portal.log), len(portal.records[EMAILS])) == (0, 0)
