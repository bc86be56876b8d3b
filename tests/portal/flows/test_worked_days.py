"""A worked day of each source article's automation, as the log tells it."""

from importlib.resources import files

import pytest

from hubtwin.doors.local import LocalPortal
from hubtwin.portal import Portal, Record

LIBRARY = files("hubtwin.scenarios").joinpath("library")


@pytest.fixture
def portal(request: pytest.FixtureRequest) -> Portal:
    """The portal of the article that the test names."""
    return LocalPortal(str(LIBRARY.joinpath(f"{request.param}.portal.yaml")))


def log_of(portal: Portal, *records: Record) -> list[str]:
    """What workflows did to records, without dates: who came in, what was written, what failed, who was told."""
    kinds = ("enrolled", "unenrolled", "action failed", "notified", "kept")
    return [
        line[11:]
        for entry, line in zip(portal.log, portal.story(portal.log), strict=True)
        if entry.record in records
        and (entry.kind in kinds or (entry.kind == "set" and entry.source.type == "AUTOMATION_PLATFORM"))
    ]


def contact(portal: Portal, name: str, **values: str) -> Record:
    return portal.create("contacts", {"email": f"{name}@example.com", "firstname": name.title(), **values})


@pytest.mark.parametrize("portal", ["s0"], indirect=True)
def test_existing_contacts_get_their_first_stage(portal: Portal) -> None:
    """Turned on once, a workflow segments those who are there already (S0.4, F7.24)."""
    portal.change_settings({"default_stage.contacts": None})
    buyer, lead, reader = (
        contact(portal, "bo", customer_number="7"),
        contact(portal, "lo", phone="1"),
        contact(portal, "ro"),
    )
    flow = portal.workflows.find("Segment those who are there")
    assert [record.stage for record in (buyer, lead, reader)] == [None, None, None]
    portal.workflows.turn(flow, on=True, existing=True)
    assert [record.stage for record in (buyer, lead, reader)] == ["customer", "lead", "subscriber"]
    assert [event.message for event in portal.workflows.events(flow) if event.record is lead] == [
        "took the branch 'Told us more than an address'",
        "lifecyclestage set to 'lead'",
    ]


@pytest.mark.parametrize("portal", ["s1"], indirect=True)
def test_a_workflow_cannot_move_a_customer_back(portal: Portal) -> None:
    """It reports an error, and whoever asked for such errors is told (S1.3, S1.5, F2.b5, F2.13)."""
    liisa = contact(portal, "liisa", lifecyclestage="customer")
    portal.workflows.enroll("Back to lead", liisa)
    assert log_of(portal, liisa) == [
        "09:00:00  contact 1001 (Liisa) enrolled in workflow Back to lead",
        "09:00:00  workflow Back to lead: contact 1001 (Liisa) lifecyclestage stays customer, lead comes before it",
        '09:00:00  action failed: contact 1001 (Liisa) Lifecycle stage was not updated: "lead" comes before the current'
        ' stage "customer".',
        "09:00:00  notified: contact 1001 (Liisa) 'Workflow Back to lead needs review' to eero@lumi.example",
    ]


@pytest.mark.parametrize("portal", ["s1"], indirect=True)
def test_a_branch_before_the_action_spares_the_error(portal: Portal) -> None:
    """Who is further on takes the other way (S1.5, F7.28)."""
    liisa = contact(portal, "liisa", lifecyclestage="customer")
    portal.workflows.enroll("Back to lead, after a look", liisa)
    assert log_of(portal, liisa) == ["09:00:00  contact 1001 (Liisa) enrolled in workflow Back to lead, after a look"]
    assert not list(portal.workflows.issues)


@pytest.mark.parametrize("portal", ["s1"], indirect=True)
def test_cleared_first_a_customer_goes_back(portal: Portal) -> None:
    """The only way back for a workflow (S1.4, F2.10)."""
    liisa = contact(portal, "liisa", lifecyclestage="customer")
    portal.workflows.enroll("Start over", liisa)
    assert log_of(portal, liisa)[1:] == [
        "09:00:00  workflow Start over: contact 1001 (Liisa) lifecyclestage customer -> (empty)",
        "09:00:00  workflow Start over: contact 1001 (Liisa) lifecyclestage (empty) -> lead",
    ]


@pytest.mark.parametrize("portal", ["s2"], indirect=True)
def test_sales_hears_of_an_sql_at_once(portal: Portal) -> None:
    """A rep gets the contact, a notice and a task in the same minute (S2.3)."""
    ida = contact(portal, "ida", lifecyclestage="marketingqualifiedlead")
    portal.update(ida, {"lifecyclestage": "salesqualifiedlead"})
    owner = next(one for one in portal.users if str(one.id) == ida.get("hubspot_owner_id"))
    assert owner.team == "Sales"
    assert [notice.subject for notice in portal.notifications.of(owner.email)] == ["SQL ida@example.com"]
    (task,) = portal.associations.of(ida, portal.type("tasks"))
    assert (task.get("hs_task_subject"), task.created) == ("Call ida@example.com", portal.clock.now)


@pytest.mark.parametrize("portal", ["s2"], indirect=True)
def test_chosen_mqls_become_leads_again(portal: Portal) -> None:
    """Cleared, then set; a customer among them takes the other way (S2.6)."""
    ida, bo = (
        contact(portal, "ida", lifecyclestage="marketingqualifiedlead"),
        contact(portal, "bo", lifecyclestage="customer"),
    )
    for record in (ida, bo):
        portal.workflows.enroll("MQLs back to leads", record)
    assert (ida.stage, bo.stage) == ("lead", "customer")
    versions = portal.log.versions(ida, "lifecyclestage")
    assert [version.value for version in versions] == ["lead", "", "marketingqualifiedlead"]


@pytest.mark.parametrize("portal", ["s3"], indirect=True)
def test_a_subscriber_who_reads_about_products_is_a_lead(portal: Portal) -> None:
    """After five visits to product pages, and not before (S3.5)."""
    anna = portal.forms.submit("Blog subscription", {"email": "anna@example.com"}, cookie="a" * 32)
    stages = []
    for number in range(5):
        portal.clock.advance("1d")
        portal.tracking.view_page(f"https://www.example.com/products/{number}", cookie="a" * 32)
        stages.append(anna.stage)
    assert stages == ["subscriber"] * 4 + ["lead"]
    chain = portal.why(anna, "lifecyclestage")
    assert [entry.kind for entry in chain] == ["page viewed", "joined list", "enrolled", "set"]


@pytest.mark.parametrize("portal", ["s4"], indirect=True)
def test_two_segments_at_once_do_not_collide(portal: Portal) -> None:
    """Each flow waits a little longer than the one before: the colder stage comes first (S4.7)."""
    wei = portal.connected.product.sign_up("wei@example.com")
    for number in range(4):
        portal.connected.product.event("wei@example.com", "created_flow", {"kind": "welcome"}, id=str(number))
    portal.clock.advance("1h")
    assert not list(portal.workflows.issues)
    stages = [(version.value, version.moment) for version in portal.log.versions(wei, "lifecyclestage")][::-1]
    values = [value or "" for value, _ in stages]
    assert values == [stage for stage in ("subscriber", "prospect", "user", "pql") if stage in values]
    assert values[-1] in ("user", "pql")


@pytest.mark.parametrize("portal", ["s4"], indirect=True)
def test_a_meeting_makes_an_sql_and_a_deal(portal: Portal) -> None:
    """Stage, notice to the whole team, company, deal with both: one booking (S4.10)."""
    acme = portal.create("companies", {"name": "Acme", "domain": "acme.example"})
    wei = contact(portal, "wei", industry="COMPUTER_SOFTWARE", country="Taiwan")
    portal.associate(wei, acme)
    (link, *_) = portal.meetings
    portal.meetings.book(link.slug, "wei@example.com", start=portal.clock.now + 86_400_000)
    portal.clock.advance("1m")
    (deal,) = portal.associations.of(wei, portal.type("deals"))
    team = [one.email for one in portal.users if one.team == "Sales"]
    assert (wei.stage, acme.stage, deal.stage) == ("salesqualifiedlead", "salesqualifiedlead", "demoscheduled")
    assert [acme.get(name) for name in ("industry", "country")] == ["COMPUTER_SOFTWARE", "Taiwan"]
    assert acme in portal.associations.of(deal, acme.type)
    assert team
    assert all(len(portal.notifications.of(email)) == 1 for email in team)
    assert [entry.kind for entry in portal.why(wei, "lifecyclestage")][:2] == ["meeting booked", "created"]
