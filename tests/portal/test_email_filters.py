"""Lists that ask what happened to marketing e-mails, and who wants which."""

from collections.abc import Callable
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidFilterBranch
from hubtwin.portal.filter_branches.short_forms import shortened
from hubtwin.portal.object_lists import ObjectList
from hubtwin.portal.preferences import SUBSCRIBED, UNSUBSCRIBED

LINKS = ("https://acme.example/a", "https://acme.example/b")
Act = Callable[[Portal, Record], object]
Acts = dict[str, Act]

ACTS: Acts = {
    "bounced": lambda portal, contact: None,
    "opened": lambda portal, contact: portal.marketing_emails.open("News", contact),
    "clicked": lambda portal, contact: portal.marketing_emails.click("News", contact, LINKS[0]),
    "replied": lambda portal, contact: portal.marketing_emails.reply("News", contact),
    "unsubscribed": lambda portal, contact: portal.marketing_emails.unsubscribe("News", contact),
    "reported": lambda portal, contact: portal.marketing_emails.report_spam("News", contact),
}


@pytest.fixture
def portal() -> Portal:
    """A portal with two e-mails, and a contact for each thing that can happen, who got one of them."""
    emails = [{"name": name, "kind": "automated", "body": " ".join(LINKS)} for name in ("News", "Tips")]
    portal = Portal(Configuration.model_validate({"marketing_emails": emails}))
    hosts = {name: "bounce" if name == "bounced" else "acme" for name in ACTS}
    people = {
        name: portal.create("contacts", {"firstname": name, "email": f"{name}@{hosts[name]}.example"}) for name in ACTS
    }
    portal.marketing_emails.send("News", list(people.values()))
    portal.clock.advance("1m")
    portal.create("contacts", {"firstname": "nobody", "email": "nobody@acme.example"})
    for name, act in ACTS.items():
        act(portal, people[name])
    return portal


def event(operator: str, email: str = "News", **members: Any) -> dict[str, Any]:
    return {
        **{"filterType": "EMAIL_EVENT", "operator": operator, "emailId": email},
        **{"appId": "113", "level": "EMAIL_CAMPAIGN", **members},
    }


def listed(portal: Portal, filter: dict[str, Any]) -> ObjectList:
    branch = {
        "filterBranchType": "OR",
        "filterBranches": [{"filterBranchType": "AND", "filters": [filter], "filterBranches": []}],
        "filters": [],
    }
    return portal.lists.create(f"list {len(list(portal.lists))}", portal.type("contacts"), "DYNAMIC", branch)


def names(list: ObjectList) -> set[str | None]:
    return {contact.get("firstname") for contact in list}


ARRIVED = {*ACTS} - {"bounced"}


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("SENT", {*ACTS}),
        ("RECEIVED", ARRIVED),
        ("OPENED", {"opened"}),
        ("LINK_CLICKED", {"clicked"}),
        ("REPLIED", {"replied"}),
        ("BOUNCED", {"bounced"}),
        ("UNSUBSCRIBED", {"unsubscribed"}),
        ("MARKED_SPAM", {"reported"}),
        ("SENT_BUT_NOT_RECEIVED", {"bounced"}),
        ("SENT_BUT_LINK_NOT_CLICKED", {*ACTS} - {"clicked"}),
        ("RECEIVED_BUT_NOT_OPENED", ARRIVED - {"opened"}),
        ("OPENED_BUT_LINK_NOT_CLICKED", {"opened"}),
        ("OPENED_BUT_NOT_REPLIED", {"opened"}),
    ],
)
def test_what_happened_to_an_email(portal: Portal, operator: str, expected: set[str]) -> None:
    """Each of HubSpot's operators; of another e-mail, nothing happened (W6.11.11, F7.13)."""
    assert names(listed(portal, event(operator))) == expected
    assert names(listed(portal, event(operator, "Tips"))) == set()


def test_an_email_by_its_ids(portal: Portal) -> None:
    """Its own, and that of the campaign (W6.11.11)."""
    news = portal.marketing_emails.find("News")
    for id in (news.id, news.campaign):
        assert names(listed(portal, event("OPENED", str(id)))) == {"opened"}


def test_a_click_on_one_link(portal: Portal) -> None:
    """Other links don't count (W6.11.11)."""
    assert names(listed(portal, event("LINK_CLICKED", clickUrl=LINKS[0]))) == {"clicked"}
    assert names(listed(portal, event("LINK_CLICKED", clickUrl=LINKS[1]))) == set()


def test_members_come_and_go_as_it_happens(portal: Portal) -> None:
    """Opening joins the one list and leaves the other (W6.11.11)."""
    opened, unopened = listed(portal, event("OPENED")), listed(portal, event("RECEIVED_BUT_NOT_OPENED"))
    (clicked,) = (contact for contact in unopened if contact.get("firstname") == "clicked")
    portal.marketing_emails.open("News", clicked)
    assert (clicked in opened, clicked in unopened) == (True, False)


def test_opened_lately(portal: Portal) -> None:
    """A refinement looks at the clock (W6.11.11)."""
    lately = {
        "type": "RELATIVE_COMPARATIVE",
        "comparison": "AFTER",
        "timeOffset": {"timeUnit": "DAYS", "amount": 7, "offsetDirection": "PAST"},
    }
    list = listed(portal, event("OPENED", pruningRefineBy=lately))
    assert names(list) == {"opened"}
    portal.clock.advance("8d")
    assert names(list) == set()


@pytest.mark.parametrize(
    "member", [("EMAIL_SUBSCRIPTION", "acceptedStatuses"), ("COMMUNICATION_SUBSCRIPTION", "acceptedOptStates")]
)
def test_who_wants_which(portal: Portal, member: tuple[str, str]) -> None:
    """Members follow as people change their minds (W6.11.12, F7.13)."""
    kind, states = member
    marketing = next(iter(portal.preferences))
    asked = {"filterType": kind, "subscriptionIds": [str(marketing.id)], states: ["OPT_OUT"]}
    out, undecided = listed(portal, asked), listed(portal, {**asked, states: ["NOT_OPTED"]})
    assert names(out) == {"unsubscribed"}
    portal.preferences.change("nobody@acme.example", marketing, UNSUBSCRIBED, source=portal.app)
    assert names(out) == {"unsubscribed", "nobody"}
    assert names(undecided) == {*ACTS} - {"unsubscribed"}
    portal.preferences.change("nobody@acme.example", marketing, SUBSCRIBED, source=portal.app)
    portal.preferences.opt_out("opened@acme.example", source=portal.app)
    assert names(out) == {"unsubscribed", "opened"}


@pytest.mark.parametrize(
    ("id", "expected"),
    [("4-665536", ARRIVED), ("4-665538", {"replied"}), ("4-666288", {"clicked"}), ("4-666440", {"opened"})],
)
def test_events_of_emails(portal: Portal, id: str, expected: set[str]) -> None:
    """HubSpot's event types, with the campaign and the link that they tell (F7.11.5)."""
    campaign = str(portal.marketing_emails.find("News").campaign)

    def asked(value: str) -> dict[str, Any]:
        operation = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": value}
        line = {"filterType": "PROPERTY", "property": "hs_email_campaign_id", "operation": operation}
        return {"filterType": "UNIFIED_EVENTS", "eventTypeId": id, "filterLines": [line]}

    assert names(listed(portal, asked(campaign))) == expected
    assert names(listed(portal, asked("1"))) == set()


@pytest.mark.parametrize(
    ("filter", "error"),
    [
        (event("READ"), "operator can't be 'READ'"),
        (event("OPENED", "Newz"), "emailId can't be used: no marketing email is called 'Newz'.*did you mean 'News'"),
        ({**event("OPENED"), "emailId": None}, "emailId is missing"),
        ({"filterType": "EMAIL_SUBSCRIPTION", "subscriptionIds": ["7"], "acceptedStatuses": ["OPT_IN"]}, "called '7'"),
        ({"filterType": "EMAIL_SUBSCRIPTION", "subscriptionIds": ["30000001"], "acceptedStatuses": ["IN"]}, "'IN'"),
        (
            {"filterType": "COMMUNICATION_SUBSCRIPTION", "channel": "SMS", "subscriptionIds": ["30000001"]},
            "channel can't be 'SMS'",
        ),
    ],
)
def test_filters_that_make_no_sense(portal: Portal, filter: dict[str, Any], error: str) -> None:
    """Are refused with the place and the choices (W6.11.11, W6.11.12)."""
    with pytest.raises(InvalidFilterBranch, match=error):
        listed(portal, filter)


def test_the_short_form_of_portal_files() -> None:
    """All e-mails opened and clicked: a list in a portal file, and read back as it was written (W6.11.11)."""
    asked = {"all": [{"email": "News", "was": "opened"}, {"email": "News", "was": "link_clicked", "link": LINKS[1]}]}
    email = {"name": "News", "kind": "automated", "body": " ".join(LINKS)}
    lists = [{"name": "Ready", "filters": asked}]
    portal = Portal(Configuration.model_validate({"marketing_emails": [email], "lists": lists}))
    ada, ready = portal.create("contacts", {"email": "ada@acme.example"}), next(iter(portal.lists))
    portal.marketing_emails.send("News", [ada])
    portal.clock.advance("1m")
    portal.marketing_emails.open("News", ada)
    portal.marketing_emails.click("News", ada, LINKS[0])
    assert ada not in ready
    portal.marketing_emails.click("News", ada, LINKS[1])
    assert ada in ready
    assert ready.branch is not None
    assert shortened(portal, ready.type, ready.branch) == asked
    with pytest.raises(ValueError, match="no marketing email is called 'Newz'"):
        Configuration.model_validate({"lists": [{"name": "x", "filters": {"all": [{"email": "Newz", "was": "sent"}]}}]})
