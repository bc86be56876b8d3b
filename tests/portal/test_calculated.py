"""What a portal works out by itself."""

from hypothesis import given
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.moments import DAY, iso
from hubtwin.portal.pipelines import LIFECYCLE_STAGES

STAGES = [stage for stage, _ in LIFECYCLE_STAGES]


def test_a_new_lead_became_one_when_it_was_created() -> None:
    """Became a Lead Date is the create date, and the record names its pipeline (F1.27, F1.9)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    assert ada.get("hs_lifecyclestage_lead_date") == ada.get("createdate") == "2026-03-02T09:00:00Z"
    assert ada.get("hs_pipeline") == "contacts-lifecycle-pipeline"


def test_a_stay_in_a_stage_is_measured_on_leaving() -> None:
    """Entered, exited, latest and cumulative time, in milliseconds (F1.25, F1.26, F1.21)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    assert ada.get("hs_v2_latest_time_in_lead") is None
    portal.clock.advance("2d")
    portal.update(ada, {"lifecyclestage": "customer"})
    assert ada.get("hs_v2_date_exited_lead") == ada.get("hs_v2_date_entered_customer") == "2026-03-04T09:00:00Z"
    assert ada.get("hs_v2_latest_time_in_lead") == ada.get("hs_v2_cumulative_time_in_lead") == str(2 * DAY)
    assert ada.get("hs_time_to_move_from_lead_to_customer") == str(2 * DAY)


def test_skipped_stages_stay_blank() -> None:
    """No date is filled in for a stage that nobody was in (F1.28)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example", "lifecyclestage": "subscriber"})
    portal.update(ada, {"lifecyclestage": "customer"})
    skipped = STAGES[1:5]
    assert [ada.get(f"hs_v2_date_entered_{stage}") for stage in skipped] == [None] * 4


def test_coming_back_adds_up() -> None:
    """A second stay counts into the cumulative time, and the latest one stands alone (F1.25)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    for days, stage in ((1, ""), (5, "lead"), (2, "customer")):
        portal.clock.advance(days * DAY)
        portal.update(ada, {"lifecyclestage": stage})
    assert ada.get("hs_v2_latest_time_in_lead") == str(2 * DAY)
    assert ada.get("hs_v2_cumulative_time_in_lead") == str(3 * DAY)


def test_which_entry_counts_is_an_option() -> None:
    """Became a Lead Date is that of the latest entry, or of the first by option (F1.29)."""
    for policy, day in (("latest", 2), ("first", 0)):
        portal = Portal(Configuration.model_validate({"options": {"became_date": policy}}))
        ada = portal.create("contacts", {"email": "ada@acme.example"})
        for stage in ("", "lead"):
            portal.clock.advance("1d")
            portal.update(ada, {"lifecyclestage": stage})
        assert ada.get("hs_lifecyclestage_lead_date") == iso(ada.created + day * DAY)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(["", *STAGES])), max_size=12))
def test_time_in_stages_is_conserved(moves: list[tuple[int, str]]) -> None:
    """All completed stays add up to the time that the record was in some stage (F1.25)."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    staged = 0
    for pause, stage in moves:
        portal.clock.advance(pause)
        staged += pause if ada.stage else 0
        portal.as_user("ada@hubtwin.example").edit(ada, {"lifecyclestage": stage})
    portal.update(ada, {"lifecyclestage": ""})
    assert sum(int(ada.get(f"hs_v2_cumulative_time_in_{stage}") or 0) for stage in STAGES) == staged


def test_every_stage_brings_its_properties() -> None:
    """Each stage of contacts and companies has its calculated properties; only contacts a Became date (F1.16)."""
    portal = Portal()
    contacts, companies = (portal.properties[portal.type(name)] for name in ("contacts", "companies"))
    for stage in STAGES:
        for prefix in ("hs_v2_date_entered", "hs_v2_cumulative_time_in", "hs_date_exited", "hs_time_in"):
            assert f"{prefix}_{stage}" in contacts
            assert f"{prefix}_{stage}" in companies
        assert f"hs_lifecyclestage_{stage}_date" in contacts
        assert f"hs_lifecyclestage_{stage}_date" not in companies


def test_a_deal_knows_its_chances() -> None:
    """Probability and projected amount have all the digits of a double (W5.7)."""
    deal = Portal().create("deals", {"dealname": "D", "amount": "15000", "dealstage": "qualifiedtobuy"})
    assert deal.get("hs_deal_stage_probability") == "0.40000000000000002220446049250313080847263336181640625"
    assert (deal.get("hs_projected_amount") or "").startswith("6000.00000000000033306690738754")
    assert deal.get("hs_is_closed_won") == "false"


def test_a_won_deal_is_closed_now() -> None:
    """Winning sets the flags, the closed amount and a missing close date (W5.7)."""
    portal = Portal()
    deal = portal.create("deals", {"dealname": "D", "amount": "5000.00", "dealstage": "qualifiedtobuy"})
    portal.clock.advance("36h")
    portal.update(deal, {"dealstage": "closedwon"})
    expected = {
        "hs_is_closed": "true",
        "hs_is_closed_won": "true",
        "hs_closed_amount": "5000.00",
        "closedate": "2026-03-03T21:00:00Z",
        "days_to_close": "1",
    }
    assert {name: deal.get(name) for name in expected} == expected


def test_names_and_numbers_follow_what_is_told() -> None:
    """A contact's full name, e-mail domain and searchable phone number; a company's label and website (W2.5)."""
    portal = Portal()
    values = {"email": "ada@acme.example", "firstname": "Ada", "lastname": "L", "phone": "+1 555-1234"}
    ada = portal.create("contacts", values)
    assert ada.get("hs_full_name_or_email") == "Ada L"
    assert ada.get("hs_email_domain") == "acme.example"
    assert ada.get("hs_searchable_calculated_phone_number") == "15551234"
    acme = portal.create("companies", {"name": "Acme", "domain": "acme.example"})
    assert (acme.get("hs_task_label"), acme.get("website")) == ("Acme", "acme.example")


def test_activities_and_line_items() -> None:
    """A note's preview and place, a task that is done, a line's net amount (W2.5)."""
    portal = Portal()
    note = portal.create("notes", {"hs_timestamp": 0, "hs_note_body": "<p>Call &amp; <b>ask</b></p>"})
    assert (note.get("hs_body_preview"), note.get("hs_obj_coords")) == ("Call & ask", f"0-46-{note.id}")
    task = portal.create("tasks", {"hs_timestamp": 0})
    portal.update(task, {"hs_task_status": "COMPLETED"})
    assert (task.get("hs_task_is_completed"), task.get("hs_task_family")) == ("1", "SALES")
    line = portal.create("line_items", {"price": "10.50", "quantity": "3", "hs_discount_percentage": "10"})
    assert line.get("amount") == "28.350"


def test_what_people_may_write_too_has_versions() -> None:
    """A close date that winning brought along is in the history, as calculated (F6.5)."""
    portal = Portal()
    deal = portal.create("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"})
    portal.update(deal, {"dealstage": "closedwon"})
    (version,) = portal.log.versions(deal, "closedate")
    assert (version.value, version.source.type) == (deal.get("closedate"), "CALCULATED")
