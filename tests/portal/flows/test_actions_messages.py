"""Actions that reach people: marketing e-mail, notifications, subscriptions, conversations, what is not executed."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Portal, Record
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.log import EMAIL_SENT, NOTIFIED
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.uses import of_property

Act = Callable[..., dict[str, Any]]
Go = Callable[..., list[Any]]
Note = Callable[[Any], dict[str, Any]]


# -- marketing e-mail --------------------------------------------------------------------------------------------


def sent_to(account: Portal) -> list[Record | None]:
    return [entry.record for entry in account.log if entry.kind == EMAIL_SENT]


def welcome(account: Portal) -> str:
    return str(account.marketing_emails.find("Welcome").id)


def test_a_marketing_email_is_sent(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """To the contact, in consequence of the enrollment (F7.17.4)."""
    (event,) = go(eve, act("0-4", content_id=welcome(account)))
    assert (event.message, sent_to(account)) == ("e-mail 'Welcome' sent", [eve])
    (sent,) = [entry for entry in account.log if entry.kind == EMAIL_SENT]
    assert account.log.why(sent.number)[0].kind == "enrolled"


def test_who_may_not_get_it_is_an_issue(account: Portal, eve: Record, go: Go, act: Act, note: Note) -> None:
    """HubSpot's reason is in the log, and the record goes on (F7.17.4, F7.34)."""
    account.preferences.opt_out("eve@buyer.example", source=account.app)
    event, _ = go(eve, act("0-4", content_id=welcome(account)), note("on"))
    assert (event.succeeded, sent_to(account), eve.get("jobtitle")) == (False, [], "on")
    assert event.message.startswith("e-mail 'Welcome' was not sent: ")


@pytest.mark.parametrize("id", ["0-4", "0-23"])
def test_an_email_that_is_not_there(eve: Record, go: Go, act: Act, id: str) -> None:
    """It is an issue that names it (F7.34)."""
    (event,) = go(eve, act(id, content_id="4711", recipient_emails=["x@y.example"]))
    assert event.message.startswith("no marketing email is called '4711'")


def test_other_records_send_to_their_contacts(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """A deal's contacts get it; a deal without any is an issue (F7.17.401)."""
    deal = account.create("deals", {"dealname": "D"}, links=[(eve, ())])
    go(deal, act("0-4", content_id=welcome(account)))
    assert sent_to(account) == [eve]
    (event,) = go(account.create("deals", {"dealname": "E"}), act("0-4", content_id=welcome(account)), name="2")
    assert event.message == "no contact is associated with the deal"


def test_an_email_to_addresses_makes_no_contacts(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """It is a notification (F7.17.23)."""
    send = act("0-23", email_content_id=welcome(account), recipient_emails=["Boss@acme.example"])
    go(eve, send)
    (got,) = account.notifications.of("boss@acme.example")
    assert (got.channel, got.subject, len(account.records[CONTACTS])) == ("EMAIL", "Hello", 1)


# -- notifications -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("id", "channel"), [("0-8", "EMAIL"), ("0-9", "IN_APP")])
def test_people_are_notified(account: Portal, eve: Record, go: Go, act: Act, id: str, channel: str) -> None:
    """Users, teams and owners, each once; tokens are filled in, and the record's log shows it (F7.17.8, F7.17.9)."""
    ada, cleo = account.users.find("ada@acme.example"), account.users.find("cleo@acme.example")
    account.update(eve, {"hubspot_owner_id": str(cleo.id)})
    notify = act(
        id,
        user_ids=[str(ada.user_id)],
        team_ids=[str(account.users.team_called("Sales").id)],
        owner_properties=["hubspot_owner_id"],
        subject="New: {{ enrolled_object.firstname }}",
        body="<p>{{ enrolled_object.email }}</p>",
    )
    (event,) = go(eve, notify)
    (got,) = account.notifications
    assert got.to == ("ada@acme.example", "cleo@acme.example", "ben@acme.example")
    assert (got.channel, got.subject, got.body) == (channel, "New: Eve", "<p>eve@buyer.example</p>")
    assert (got.record, account.log[got.entry].kind, event.succeeded) == (eve, NOTIFIED, True)


def test_who_left_is_skipped(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """The others are notified; the action is an issue that names who isn't (F7.17.801)."""
    ada, ben = account.users.find("ada@acme.example"), account.users.find("ben@acme.example")
    account.remove_user(ada)
    ids = [str(ada.user_id), str(ben.user_id), "x"]
    (event,) = go(eve, act("0-8", user_ids=ids, owner_properties=["hubspot_owner_id"], subject="S", body="B"))
    assert [one.to for one in account.notifications] == [("ben@acme.example",)]
    assert event.message == (
        f"notified ben@acme.example only: user {ada.user_id} is not active in the account;"
        " user x is not active in the account; hubspot_owner_id is empty"
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [({}, "nobody is named"), ({"team_ids": ["7"]}, "there is no team 7"), ({"user_ids": []}, "nobody is named")],
)
def test_a_notification_for_nobody(
    account: Portal, eve: Record, go: Go, act: Act, fields: dict[str, Any], why: str
) -> None:
    """It is an issue, and nothing is sent (F7.17.801)."""
    (event,) = go(eve, act("0-8", subject="S", body="B", **fields))
    assert (event.message, len(account.notifications)) == (f"nobody was notified: {why}", 0)


def test_notifications_read_properties(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """*Used in* names the flow (F11.1)."""
    go(eve, act("0-8", subject="{{ enrolled_object.jobtitle }}", body="", owner_properties=["hubspot_owner_id"]))
    for property in ("jobtitle", "hubspot_owner_id"):
        assert "workflow Flow" in [use.asset for use in of_property(account, CONTACTS, property)]


# -- what contacts want ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "value"), [("MARKETABLE", "true"), ("NON_MARKETABLE", "false")])
def test_marketing_status(eve: Record, go: Go, act: Act, status: str, value: str) -> None:
    """Whether a contact counts as one for marketing (F7.17.31)."""
    go(eve, act("0-31", targetContact="{{ enrolled_object }}", marketableType=status))
    assert eve.get("hs_marketable_status") == value


@pytest.mark.parametrize(("state", "said"), [("OPT_IN", "SUBSCRIBED"), ("OPT_OUT", "UNSUBSCRIBED")])
def test_subscriptions(account: Portal, eve: Record, go: Go, act: Act, state: str, said: str) -> None:
    """The contact's address is subscribed to a type, or not, and why (F7.17.43347357)."""
    (newsletter,) = account.preferences
    fields = {"channel": "EMAIL", "optState": state, "subscriptionId": str(newsletter.id)}
    fields |= {"legalBasis": "CONSENT_WITH_NOTICE", "legalBasisExplanation": "{{ enrolled_object.firstname }} said so"}
    go(eve, act("0-43347357", **fields))
    status = account.preferences.status("eve@buyer.example", newsletter)
    assert (status.state, status.explanation) == (said, "Eve said so")


def test_subscriptions_without_an_address_or_a_type(account: Portal, go: Go, act: Act) -> None:
    """Both are issues (F7.34)."""
    change = act("0-43347357", optState="OPT_IN", subscriptionId="4711")
    (event,) = go(account.create("contacts", {"firstname": "No"}), change)
    assert event.message == "the contact has no e-mail address"
    (event,) = go(account.create("contacts", {"email": "a@b.example"}), change, name="2")
    assert event.message.startswith("no subscription type is called '4711'")


@pytest.mark.parametrize("id", ["0-31", "0-43347357"])
def test_a_deal_is_no_contact(account: Portal, go: Go, act: Act, id: str) -> None:
    """What contacts alone have can't be changed of a deal (F7.17.31)."""
    fields = {"marketableType": "MARKETABLE", "optState": "OPT_IN", "subscriptionId": "1"}
    (event,) = go(account.create("deals", {"dealname": "D"}), act(id, **fields))
    assert event.message == "{{ enrolled_object }} is no contact"


# -- conversations -----------------------------------------------------------------------------------------------


def test_a_conversation_goes_to_the_owner(account: Portal, eve: Record, go: Go, act: Act) -> None:
    """The open ones with the contact do (F7.17.44475148)."""
    (event,) = go(eve, act("0-44475148"), name="none yet")
    assert event.message == "the contact has no open conversation"
    inbox = next(one.address for one in account.conversations.inboxes.accounts if one.address is not None)
    thread = account.conversations.receive_email(inbox, "eve@buyer.example", "Hello?")
    account.update(eve, {"hubspot_owner_id": str(account.users.find("ben@acme.example").id)})
    go(eve, act("0-44475148"))
    owner = account.conversations.assigned_to(thread)
    assert owner is not None
    assert owner.email == "ben@acme.example"


# -- what is not executed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "why"),
    [
        ("0-46510720", "the portal has no sequences"),
        ("0-4702372", "the portal has no sequences"),
        ("0-25085031", "it would reach somebody outside; the portal has no such channel"),
        ("1-179507819", "it would reach somebody outside; the portal has no such channel"),
        ("0-4711", "HubTwin doesn't know action type 0-4711"),
    ],
)
def test_what_is_not_executed(eve: Record, go: Go, act: Act, note: Note, id: str, why: str) -> None:
    """The log says so and why, and the record goes on (F7.17.0)."""
    event, _ = go(eve, act(id), note("on"))
    assert (event.message, event.succeeded, eve.get("jobtitle")) == (f"not executed: {why}", False, "on")


@pytest.mark.parametrize(
    ("id", "fields", "error"),
    [
        ("0-4", {}, "content_id is missing"),
        ("0-23", {"email_content_id": "1"}, "recipient_emails must be a list"),
        ("0-8", {"user_ids": [None], "subject": "S"}, "user_ids must be a list of strings"),
        ("0-31", {"marketableType": "SOMETIMES"}, "marketableType can't be 'SOMETIMES'"),
        ("0-43347357", {"optState": "OPT_IN", "subscriptionId": "x"}, "subscriptionId must be a whole number"),
    ],
)
def test_messages_that_are_wrong(
    account: Portal, make_flow: Act, act: Act, id: str, fields: dict[str, Any], error: str
) -> None:
    """They are refused with their place (F7.17.4)."""
    with pytest.raises(InvalidDefinition, match=rf"flow\.actions\[0\]\.fields\.{error}"):
        account.workflows.create(make_flow("0-1", act(id, **fields)))
