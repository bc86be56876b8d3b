"""Each verb does on a portal what its word says."""

from typing import Any

import pytest

from hubtwin.doors.local import LocalPortal
from hubtwin.portal.errors import DuplicateValue, PortalError, Refused
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
    ("view_form", {"form": "Demo", "contact": ADA}, "form Demo seen by contact 1001 (Ada)"),
    ("interact_with_form", {"form": "Demo", "contact": ADA}, "form Demo begun by contact 1001 (Ada)"),
    ("submit_lead_form", {"form": "Guide", "email": "b@client.example"}, "contact 1002 (b@client.example) created"),
    ("chat", {"says": ["Hello"], "contact": ADA}, "chat Help started by contact 1001 (Ada)"),
    (
        "email_inbox",
        {"to": "team@twin.example", "contact": ADA, "text": "Hello"},
        "with team@twin.example started",
    ),
    ("send_email", {"email": "Spring", "to": ADA}, "e-mail sent: contact 1001 (Ada)"),
    ("add_contact", {"by": RITA, "email": "b@client.example"}, "contact 1002 (b@client.example) created"),
    ("log_email", {"by": RITA, "contact": ADA, "subject": "Hello"}, "e-mail logged: contact 1001 (Ada)"),
    ("billing", {"subscribe": {"contact": ADA, "plan": "Pro"}}, "lifecyclestage lead -> customer"),
    ("product", {"sign_up": {"email": "b@client.example"}}, "contact 1002 (b@client.example) signed_up"),
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
    others = {
        *("merge", "associate", "dissociate", "move_deal", "hold_meeting", "remove_from_list", "wait"),
        *("reply_to_chat", "open_email", "click_email", "reply_email", "report_email", "unsubscribe_email"),
        *("receive_reply", "unenroll", "turn_on", "turn_off", "hide_issues", "change_stages"),
        *("salesforce", "marketing_automation", "sync"),
    }
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


def test_a_chat_with_the_team(portal: LocalPortal) -> None:
    """A visitor says who it is, and is answered in the newest conversation."""
    contact = portal.do("chat", says=["Do you ship to Oslo?", "b@client.example"]).records[0]
    portal.do("reply_to_chat", contact="b@client.example", by=RITA, text="We do.")
    (thread,) = portal.conversations.of(contact)
    assert thread.messages[-1].text == "We do."


def test_what_readers_do(portal: LocalPortal) -> None:
    """An e-mail that has arrived is opened, clicked, answered, reported, and done without."""
    portal.do("send_email", email="Spring", to=[ADA])
    portal.do("wait", "1h")
    for verb in ("open_email", "click_email", "reply_email", "report_email", "unsubscribe_email"):
        assert "Spring" in portal.do(verb, email="Spring", contact=ADA).story[0]
    ada = portal.find("contacts", 1001)
    assert (ada.get("hs_email_open"), ada.get("hs_email_click"), ada.get("hs_email_replied")) == ("1", "1", "1")
    assert str(ada.get("hs_analytics_last_url")).startswith("https://twin.example/spring?utm_medium=email")


def test_a_logged_e_mail_is_answered(portal: LocalPortal) -> None:
    """The newest one is."""
    for subject in ("Hello", "And?"):
        portal.do("log_email", by=RITA, contact=ADA, subject=subject)
    came = portal.do("receive_reply", contact=ADA, by=RITA, body="Yes")
    assert "Re: And?" in came.story[0]


def test_a_form_on_a_page_in_a_browser(portal: LocalPortal) -> None:
    """What was viewed with the cookie before belongs to whoever submits the form with it."""
    portal.do("view_page", cookie="c1", url="https://twin.example/pricing")
    (bob,) = portal.do("submit_form", form="Demo", email="b@client.example", cookie="c1").records
    assert bob.get("hs_analytics_num_page_views") == "1"


def test_stages_are_changed_all_at_once(portal: LocalPortal) -> None:
    """They are added, renamed, put in order and deleted, or nothing of it is done."""
    order = ["lead", "subscriber", "pilot", "customer"]
    gone = ["marketingqualifiedlead", "salesqualifiedlead", "opportunity", "evangelist", "other"]
    with pytest.raises(PortalError, match="are being referenced by settings"):
        portal.do("change_stages", add={"pilot": "Pilot"}, delete=gone, order=order)
    with pytest.raises(PortalError, match="there is a stage 'lead' already; rename it"):
        portal.do("change_stages", add={"lead": "Prospect"})
    portal.do("change_settings", {"deal_created": None})
    portal.do("change_stages", add={"pilot": "Pilot"}, rename={"lead": "Prospect"}, delete=["evangelist", "other"])
    (pipeline,) = portal.pipelines[CONTACTS]
    labels = {stage.id: stage.label for stage in pipeline.stages}
    assert (list(labels)[-2:], labels["lead"], labels["pilot"]) == (["customer", "pilot"], "Prospect", "Pilot")
    portal.do("change_stages", order=list(reversed(labels)))
    assert next(iter(portal.stage_counts("contacts"))) == "pilot"


def test_a_workflow_is_turned_off_and_on(portal: LocalPortal) -> None:
    """One that is off enrolls nobody; who is in it can be taken out."""
    portal.do("turn_off", workflow="Promote")
    with pytest.raises(Refused, match="is off"):
        portal.do("enroll", record=ADA, workflow="Promote")
    portal.do("turn_on", workflow="Promote")
    portal.do("enroll", record=ADA, workflow="Promote")
    assert portal.find("contacts", 1001).stage == "opportunity"
    portal.do("unenroll", record=ADA, workflow="Promote")


def test_issues_of_a_workflow_are_hidden(portal: LocalPortal) -> None:
    """By action or kind, or all of them; once they are, there is nothing more to hide (F2.12.1)."""
    portal.do("update", record=ADA, set={"lifecyclestage": "customer"})
    portal.do("enroll", record=ADA, workflow="Promote")
    with pytest.raises(Refused, match="those that need review: backward_stage at action 1"):
        portal.do("hide_issues", workflow="Promote", kind="other")
    portal.do("hide_issues", workflow="Promote", action="1", kind="backward_stage")
    assert portal.workflows.review.needs_review() == []
    with pytest.raises(Refused, match="those that need review: none"):
        portal.do("hide_issues", workflow="Promote")


def test_salesforces_people_at_work(portal: LocalPortal) -> None:
    """A lead is handed over, followed up, converted and won; rows are called by address and name."""
    portal.do("update", record=ADA, set={"lastname": "Lovelace", "lifecyclestage": "salesqualifiedlead"})
    portal.do("sync", "salesforce")
    crm = portal.connected.salesforce
    portal.do("salesforce", {"follow_up": {"who": ADA}})
    assert [task.get("Status") for task in crm.tasks] == ["Completed"]
    portal.do("salesforce", {"update": {"object": "Lead", "record": ADA, "set": {"Rating": "Hot"}}})
    portal.do("salesforce", {"convert": {"lead": ADA}})
    portal.do("salesforce", {"create": {"object": "Contact", "set": {"LastName": "B", "Email": "b@client.example"}}})
    portal.do("salesforce", {"open": {"name": "Big", "account": "Lovelace", "roles": {ADA: "Buyer"}}})
    portal.do("salesforce", {"add_role": {"opportunity": "Big", "contact": "b@client.example"}})
    portal.do("salesforce", {"close": {"opportunity": "Big"}})
    (opportunity,) = crm.opportunities
    assert opportunity.get("StageName") == "Closed Won"
    assert sorted(crm.roles[opportunity.id].values()) == ["Buyer", "Decision Maker"]


def test_a_subscription_from_trial_to_end(portal: LocalPortal) -> None:
    """Trying makes nobody a customer, paying does; the newest subscription is meant."""
    portal.do("billing", {"subscribe": {"contact": ADA, "plan": "Try"}})
    assert portal.find("contacts", 1001).stage == "lead"
    portal.do("billing", {"activate": {"email": ADA.upper()}})
    assert portal.find("contacts", 1001).stage == "customer"
    portal.do("billing", {"fail_payments": {"contact": ADA}})
    portal.do("wait", "31d")
    assert [subscription.state for subscription in portal.connected.billing] == ["past_due"]
    portal.do("billing", {"cancel": {"contact": ADA}})
    assert [subscription.state for subscription in portal.connected.billing] == ["canceled"]


def test_the_product_and_the_marketing_automation(portal: LocalPortal) -> None:
    """Users sign up and do something; the other system's people are made, scored and written."""
    portal.do("product", {"sign_up": {"contact": ADA}})
    assert "created_flow" in portal.do("product", {"event": {"contact": ADA, "event": "created_flow"}}).story[0]
    people = portal.connected.marketing_automation.people
    portal.do("sync", "all")
    portal.do("marketing_automation", {"act": {"contact": ADA, "activity": "webinar"}})
    portal.do("marketing_automation", {"set": {"email": "b@client.example", "set": {"first_name": "Bob"}}})
    portal.do("marketing_automation", {"set": {"email": "b@client.example", "set": {"phone": "1"}}})
    assert [(person.get("first_name"), person.get("score")) for person in people] == [("Ada", "30"), ("Bob", "")]
    portal.do("sync", "marketing_automation")
    assert [contact.get("firstname") for contact in portal.records[CONTACTS]] == ["Ada", "Bob"]
