"""Each verb does on a portal what its word says."""

from typing import Any

import pytest

from hubtwin.doors.local import LocalPortal
from hubtwin.portal.errors import DuplicateValue
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS
from hubtwin.verbs.table import Action

ADA = "ada@client.example"
RITA = "rita@twin.example"

#: Verbs that need nothing but the portal of these tests, and what the last line of their story says.
DONE: list[tuple[str, Any, str]] = [
    ("create", {"object": "products", "name": "Seat"}, "product 1002 (Seat) created, app 1"),
    ("create_contact", {"email": "b@client.example", "by": RITA}, "lifecyclestage (empty) -> lead"),
    (
        "create_company",
        {"name": "Acme", "associated_with": ADA},
        "associated with company 1002 (Acme)",
    ),
    ("create_deal", {"dealname": "Big", "associated_with": [ADA]}, "associated with deal 1002 (Big)"),
    ("create_ticket", {"subject": "Help", "hs_pipeline_stage": "1"}, "hs_pipeline_stage (empty) -> 1"),
    ("create_lead", {"hs_lead_name": "Ada", "associated_with": ADA}, "contact 1001 (Ada) associated with lead 1002"),
    ("edit", {"record": ADA, "by": RITA, "set": {"jobtitle": "CEO"}}, "Rita Rep: contact 1001 (Ada) jobtitle"),
    ("bulk_edit", {"records": [ADA], "by": RITA, "set": {"jobtitle": "CEO"}}, "Rita Rep: contact 1001 (Ada) jobtitle"),
    ("update", {"record": "contacts/1001", "set": {"jobtitle": "CEO"}}, "app 1: contact 1001 (Ada) jobtitle"),
    ("archive", {"record": "contact/1001"}, "contact 1001 (Ada) archived, app 1"),
    ("view_page", {"contact": ADA, "url": "https://twin.example/pricing"}, "https://twin.example/pricing"),
    ("identify", {"cookie": "c1", "email": ADA, "set": {"jobtitle": "CEO"}}, "jobtitle (empty) -> CEO"),
    ("submit_form", {"form": "Demo", "contact": ADA}, "lifecyclestage lead -> marketingqualifiedlead"),
    ("book_meeting", {"link": "rita", "email": ADA}, "associated with meeting 1002"),
    ("subscribe", {"contact": ADA, "subscription": "News"}, "News: SUBSCRIBED"),
    ("unsubscribe", {"email": ADA}, "all e-mail: UNSUBSCRIBED"),
    ("track_event", {"record": ADA, "event": "signed_in"}, "Signed in"),
    ("import_csv", {"name": "Fair", "csv": "email\nb@client.example\n"}, "import Fair started"),
    ("add_to_list", {"record": ADA, "list": "Friends"}, "joined list Friends"),
    ("enroll", {"record": ADA, "workflow": "Promote"}, "lifecyclestage"),
    ("change_settings", {"company_sync": {"enabled": False}}, "settings.company_sync.enabled: off"),
]


@pytest.mark.parametrize(("verb", "said", "line"), DONE, ids=[verb for verb, _, _ in DONE])
def test_what_a_verb_does(portal: LocalPortal, verb: str, said: Any, line: str) -> None:
    """It leaves a trace in the log that names who or what it was about."""
    assert line in "\n".join(portal.do(verb, said).story)


def test_no_verb_is_left_out() -> None:
    """Every verb of the table is tried above or below."""
    others = {"merge", "associate", "dissociate", "move_deal", "hold_meeting", "remove_from_list", "wait"}
    assert {verb for verb, _, _ in DONE} | others >= set(Action.model_fields)


def test_two_records(portal: LocalPortal) -> None:
    """They are associated, dissociated and merged."""
    company = portal.do("create_company", domain="client.example").records[0]
    ada = portal.find("contacts", 1001)
    portal.do("associate", {"record": ADA, "with": "client.example", "by": RITA})
    assert list(portal.associations.of(ada, COMPANIES)) == [company]
    portal.do("dissociate", {"record": ADA, "with": "client.example"})
    assert not portal.associations.of(ada, COMPANIES)
    portal.do("create_contact", email="ada@home.example")
    merged = portal.do("merge", {"record": ADA, "with": "ada@home.example"}).records[0]
    assert list(portal.records[CONTACTS]) == [merged]


def test_moving_a_deal(portal: LocalPortal) -> None:
    """A deal moves, and takes its contacts along."""
    (deal,) = portal.do("create_deal", dealname="Big", dealstage="contractsent", associated_with=ADA).records[:1]
    moved = portal.do("move_deal", deal=f"deals/{deal.id}", stage="closedwon", by=RITA)
    assert [record.type for record in moved.records] == [DEALS, CONTACTS]
    assert portal.find("contacts", 1001).stage == "customer"


def test_how_a_meeting_went(portal: LocalPortal) -> None:
    """The meeting itself is named, or the contact, whose newest meeting is meant then."""
    portal.do("book_meeting", link="rita", contact=ADA, starts_in="2h")
    newest = portal.do("book_meeting", link="rita", contact=ADA).records[-1]
    portal.do("hold_meeting", record=ADA, by=RITA, outcome="NO_SHOW")
    assert newest.get("hs_meeting_outcome") == "NO_SHOW"
    portal.do("hold_meeting", record=f"meetings/{newest.id}", by=RITA)
    assert newest.get("hs_meeting_outcome") == "COMPLETED"


def test_an_import_of_rows(portal: LocalPortal) -> None:
    """Rows are as good as CSV; the stage is for those that bring none, and time has to pass."""
    rows = [{"email": "b@client.example", "numemployees": 5}, {"email": ADA, "lifecyclestage": "customer"}]
    portal.do("import_csv", rows=rows, stage="salesqualifiedlead")
    portal.do("wait", "5s")
    assert [contact.stage for contact in portal.records[CONTACTS]] == ["customer", "salesqualifiedlead"]


def test_leaving_a_list(portal: LocalPortal) -> None:
    """Who joined a list by hand leaves it by hand."""
    portal.do("add_to_list", record=ADA, list="Friends", by=RITA)
    portal.do("remove_from_list", record=ADA, list="Friends")
    assert list(portal.lists.find(1)) == []


def test_a_bulk_edit_is_done_whole_or_not_at_all(portal: LocalPortal) -> None:
    """Where one record refuses the values, the others keep theirs."""
    other = portal.do("create_contact", email="b@client.example").records[0]
    both = [f"contacts/{other.id}", ADA]
    with pytest.raises(DuplicateValue):
        portal.do("bulk_edit", records=both, by=RITA, set={"email": "b@client.example", "jobtitle": "CEO"})
    assert other.get("jobtitle") is None
