"""What moves lead records by itself, and what their contacts show of them."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import ConfigurationError
from hubtwin.portal.lead_automation import CALL_CONNECTED

NEW, ATTEMPTING, CONNECTED = "new-stage-id", "attempting-stage-id", "connected-stage-id"
QUALIFIED, DISQUALIFIED = "qualified-stage-id", "unqualified-stage-id"
USER = "ada@hubtwin.example"


def portal_with(**leads: Any) -> Portal:
    return Portal(Configuration.model_validate({"settings": {"leads": leads}}))


def lead_of(portal: Portal, **values: str) -> tuple[Record, Record]:
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    return portal.create("leads", {"hs_lead_name": "Eve", **values}, links=[(eve, ())]), eve


def log(portal: Portal, type: str, other: Record, **values: str) -> Record:
    return portal.create(type, {"hs_timestamp": "2026-03-02T09:00:00Z", **values}, links=[(other, ())])


def test_a_lead_begins_in_new() -> None:
    """The first stage of the first pipeline, unless it brings one (F5.6.3)."""
    portal = Portal()
    lead, eve = lead_of(portal)
    assert lead.stage == NEW
    qualified = {"hs_lead_name": "Again", "hs_pipeline_stage": QUALIFIED}
    assert portal.create("leads", qualified, links=[(eve, ())]).stage == QUALIFIED


@pytest.mark.parametrize(
    ("type", "values", "stage"),
    [
        ("calls", {}, ATTEMPTING),
        ("calls", {"hs_call_disposition": CALL_CONNECTED}, CONNECTED),
        ("calls", {"hs_call_direction": "INBOUND"}, CONNECTED),
        ("emails", {"hs_email_direction": "EMAIL"}, ATTEMPTING),
        ("emails", {"hs_email_direction": "EMAIL", "hs_email_status": "BOUNCED"}, NEW),
        ("emails", {"hs_email_direction": "INCOMING_EMAIL"}, CONNECTED),
        ("communications", {"hs_communication_channel_type": "SMS"}, ATTEMPTING),
        ("meetings", {"hs_meeting_outcome": "SCHEDULED"}, ATTEMPTING),
        ("meetings", {"hs_meeting_outcome": "COMPLETED"}, CONNECTED),
        ("notes", {"hs_note_body": "Thinking"}, NEW),
        ("tasks", {"hs_task_subject": "Call Eve"}, NEW),
    ],
)
def test_a_logged_activity_moves_a_lead(type: str, values: dict[str, str], stage: str) -> None:
    """Outreach to Attempting, answers to Connected; logged on the contact or on the lead (F5.6, F5.6.1, F5.6.2)."""
    for on_lead in (False, True):
        portal = Portal()
        lead, eve = lead_of(portal)
        log(portal, type, lead if on_lead else eve, **values)
        assert lead.stage == stage


def test_an_activity_may_turn_out_later() -> None:
    """A booked meeting that took place, a call whose outcome is noted afterwards (F5.6.2)."""
    for type, name, value in (
        ("meetings", "hs_meeting_outcome", "COMPLETED"),
        ("calls", "hs_call_disposition", CALL_CONNECTED),
    ):
        portal = Portal()
        lead, eve = lead_of(portal)
        activity = log(portal, type, eve)
        assert lead.stage == ATTEMPTING
        portal.update(activity, {name: value})
        assert lead.stage == CONNECTED


def test_no_lead_goes_back() -> None:
    """A further call leaves a connected lead, and one that is qualified or disqualified, where it is (F5.6)."""
    for stage in (CONNECTED, QUALIFIED, DISQUALIFIED):
        portal = Portal()
        lead, eve = lead_of(portal, hs_pipeline_stage=stage)
        log(portal, "calls", eve)
        log(portal, "emails", eve, hs_email_direction="INCOMING_EMAIL")
        assert lead.stage == stage


def test_a_lead_knows_which_call_moved_it() -> None:
    """The setting wrote it, because of the call (F5.6)."""
    portal = Portal()
    lead, eve = lead_of(portal)
    log(portal, "calls", eve)
    story = [line[21:] for line in portal.story(portal.why(lead, "hs_pipeline_stage"))]
    assert story[0].startswith("call ")
    assert story[-1].startswith("setting leads.attempting: lead")


def test_the_automation_can_be_changed() -> None:
    """Each move goes to another stage, or is off, also while the portal runs (F5.6)."""
    portal = portal_with(attempting=None, connected=QUALIFIED)
    lead, eve = lead_of(portal)
    log(portal, "calls", eve)
    assert lead.stage == NEW
    portal.change_settings({"leads.connected": None})
    log(portal, "emails", eve, hs_email_direction="INCOMING_EMAIL")
    assert lead.stage == NEW
    with pytest.raises(ConfigurationError, match="no option 'atempting'"):
        portal_with(attempting="atempting")


def test_open_leads_follow_the_owner_of_their_contact() -> None:
    """Where the setting is on; closed leads keep theirs (F5.6.4)."""
    portal = portal_with(sync_owner=True)
    ada = str(portal.users.find(USER).id)
    lead, eve = lead_of(portal)
    closed = portal.create("leads", {"hs_lead_name": "Old", "hs_pipeline_stage": DISQUALIFIED}, links=[(eve, ())])
    portal.update(eve, {"hubspot_owner_id": ada})
    late = portal.create("leads", {"hs_lead_name": "Late"}, links=[(eve, ())])
    assert [one.get("hubspot_owner_id") for one in (lead, closed, late)] == [ada, None, ada]


def test_a_contact_shows_when_its_leads_were_open_and_closed() -> None:
    """Roll-ups over its leads, which follow each move (F5.7)."""
    portal = Portal()
    lead, eve = lead_of(portal)
    names = [f"hs_latest_{word}_lead_date" for word in ("open", "qualified", "disqualified")]
    assert [eve.get(name) for name in names] == ["2026-03-02T09:00:00Z", None, None]
    portal.clock.advance("1d")
    portal.update(lead, {"hs_pipeline_stage": QUALIFIED})
    assert [eve.get(name) for name in names] == [None, "2026-03-03T09:00:00Z", None]
    portal.clock.advance("1d")
    again = portal.create("leads", {"hs_lead_name": "Again"}, links=[(eve, ())])
    portal.update(again, {"hs_pipeline_stage": DISQUALIFIED})
    assert [eve.get(name) for name in names] == [None, "2026-03-03T09:00:00Z", "2026-03-04T09:00:00Z"]
    portal.archive(lead)
    assert eve.get(names[1]) is None


def test_a_lead_counts_its_deals() -> None:
    """And knows its primary company (F5.7.1)."""
    portal = Portal()
    lead, _ = lead_of(portal)
    assert lead.get("hs_lead_associated_deals_count") == "0"
    portal.associate(lead, portal.create("deals", {"dealname": "Big"}))
    acme = portal.create("companies", {"name": "Acme"})
    portal.associate(lead, acme)
    assert lead.get("hs_lead_associated_deals_count") == "1"
    assert lead.get("hs_primary_company_id") == str(acme.id)


def test_closing_a_lead_moves_no_lifecycle_stage() -> None:
    """Neither Qualified nor Disqualified does (F5.8)."""
    for stage in (QUALIFIED, DISQUALIFIED):
        portal = Portal()
        lead, eve = lead_of(portal)
        before = portal.log.versions(eve, "lifecyclestage")
        portal.update(lead, {"hs_pipeline_stage": stage})
        assert portal.log.versions(eve, "lifecyclestage") == before


def test_used_in_names_the_lead_settings() -> None:
    """Those that write a stage which leads have (F11.1)."""
    uses = [(use.rule, use.values) for use in portal_with(connected=None).lead_automation.uses()]
    assert uses == [("settings.leads.attempting", (ATTEMPTING,))]
