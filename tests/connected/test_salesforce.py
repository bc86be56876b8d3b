"""Salesforce at the other end: its people's work, automatic stage transitions, the hand-over from marketing."""

from typing import Any

import pytest

from hubtwin.connected.salesforce import Salesforce
from hubtwin.connected.salesforce_ids import salesforce_id
from hubtwin.connected.tables import RowRefused
from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import Refused
from hubtwin.portal.objects import COMPANIES, CONTACTS, DEALS


def made(configuration: dict[str, Any] | None = None, **salesforce: Any) -> Portal:
    return Portal(Configuration.model_validate({**(configuration or {}), "connected": {"salesforce": salesforce}}))


def crm(portal: Portal) -> Salesforce:
    return portal.connected.salesforce


def ada(portal: Portal, **values: str) -> Record:
    return portal.create("contacts", {"email": "ada@acme.example", "lastname": "Lovelace", **values})


def with_opportunity(portal: Portal, stage: str = "lead") -> tuple[Record, Any]:
    """A contact who is a Salesforce contact with a role on an open opportunity, not synced yet."""
    contact = ada(portal, lifecyclestage=stage)
    crm(portal).sync()
    (lead,) = crm(portal).leads
    opportunity = crm(portal).convert(lead, opportunity="Engines").opportunity
    assert opportunity is not None
    return contact, opportunity


def test_ids_are_salesforces() -> None:
    """Three characters for the table, and a suffix that tells the case; the same in every run."""
    assert salesforce_id("Lead", 1) == "00Q5g0000005BAOEA2"
    assert len({salesforce_id("Lead", number) for number in range(100)}) == 100


def test_a_contact_becomes_a_lead_with_the_default_fields() -> None:
    """Within a quarter of an hour (F4.20.2, F4.20.5)."""
    portal = made()
    ada(portal, firstname="Ada", jobtitle="CTO")
    portal.clock.advance("14m")
    assert not len(crm(portal).leads)
    portal.clock.advance("1m")
    (lead,) = crm(portal).leads
    assert lead.values == {
        "FirstName": "Ada",
        "LastName": "Lovelace",
        "Email": "ada@acme.example",
        "Title": "CTO",
    }


def test_a_contact_can_become_a_contact() -> None:
    """By a setting (F4.20.5)."""
    portal = made(contacts_become="contact")
    ada(portal)
    crm(portal).sync()
    assert (len(crm(portal).contacts), len(crm(portal).leads)) == (1, 0)


@pytest.mark.parametrize(
    ("era", "default", "stage"), [("now", "subscriber", "subscriber"), ("2021", "subscriber", "lead")]
)
def test_a_salesforce_lead_becomes_a_contact(era: str, default: str, stage: str) -> None:
    """With the account's default stage, in 2021 as a Lead; the source has the lead's id (F4.20.11, F3.1, F4.1)."""
    portal = made({"options": {"era": era}, "settings": {"default_stage": {"contacts": default}}})
    lead = crm(portal).leads.create({"LastName": "Lovelace", "Email": "Ada@acme.example"})
    crm(portal).sync()
    (contact,) = portal.records[CONTACTS]
    assert (contact.stage, contact.get("lastname")) == (stage, "Lovelace")
    assert (contact.get("hs_object_source"), contact.get("hs_object_source_id")) == ("SALESFORCE", lead.id)


def test_a_contact_without_a_last_name_is_an_error() -> None:
    """Salesforce requires one; the others sync all the same."""
    portal = made()
    portal.create("contacts", {"email": "eve@acme.example"})
    ada(portal)
    run = crm(portal).sync()
    assert [event.message for event in run.errors] == ["Lead: LastName: the field is required"]
    assert len(crm(portal).leads) == 1


def test_salesforce_changes_the_value_back() -> None:
    """What Salesforce has wins over what somebody types in HubSpot (F4.20.3)."""
    portal = made()
    contact = ada(portal, jobtitle="CTO")
    crm(portal).sync()
    portal.update(contact, {"jobtitle": "CEO"})
    crm(portal).sync()
    assert contact.get("jobtitle") == "CTO"


# -- automatic lifecycle stage transitions ---------------------------------------------------------------------


def test_opportunities_move_the_contacts_that_have_a_role() -> None:
    """Open → Opportunity, Closed Won → Customer; the source is the opportunity (F4.20)."""
    portal = made(automatic_stage_transitions=True)
    contact, opportunity = with_opportunity(portal)
    crm(portal).sync()
    assert contact.stage == "opportunity"
    crm(portal).close(opportunity, won=True)
    crm(portal).sync()
    assert contact.stage == "customer"
    (version, *_) = portal.log.versions(contact, "lifecyclestage")
    assert (version.source.type, version.source.id) == ("SALESFORCE", opportunity.id)
    assert [entry.kind for entry in portal.why(contact, "lifecyclestage")] == ["synced", "set"]


def test_without_the_setting_nothing_moves() -> None:
    """It is off unless somebody switches it on (F4.20)."""
    portal = made()
    contact, opportunity = with_opportunity(portal)
    crm(portal).close(opportunity, won=True)
    portal.clock.run()
    assert contact.stage == "lead"


@pytest.mark.parametrize(("won", "stage"), [(None, "opportunity"), (True, "customer"), (False, "lead")])
def test_the_setting_looks_back_when_it_is_switched_on(won: bool | None, stage: str) -> None:
    """What opportunities there are count at once; lost ones move nobody (F4.20)."""
    portal = made()
    contact, opportunity = with_opportunity(portal)
    if won is not None:
        crm(portal).close(opportunity, won=won)
    crm(portal).sync()
    crm(portal).set_automatic_stage_transitions(True)
    portal.clock.advance("15m")
    assert contact.stage == stage


def test_a_role_on_an_opportunity_won_long_ago_counts() -> None:
    """The contact role is what is looked at (F4.20.10)."""
    portal = made(automatic_stage_transitions=True)
    contact = ada(portal)
    opportunity = crm(portal).open("Engines", values={"StageName": "Closed Won"})
    portal.clock.advance("30d")
    (lead,) = crm(portal).leads
    crm(portal).add_role(opportunity, crm(portal).convert(lead).contact)
    portal.clock.advance("15m")
    assert contact.stage == "customer"


def test_the_transitions_never_reverse() -> None:
    """A customer stays one, whatever becomes of the opportunity (F4.20, F2.b9)."""
    portal = made(automatic_stage_transitions=True)
    contact, opportunity = with_opportunity(portal, "customer")
    crm(portal).sync()
    crm(portal).close(opportunity, won=False)
    crm(portal).sync()
    assert [version.value for version in portal.log.versions(contact, "lifecyclestage")] == ["customer"]


def test_the_transitions_write_nothing_to_salesforce() -> None:
    """Salesforce's rows are what they were (F4.20)."""
    portal = made(automatic_stage_transitions=True)
    _, opportunity = with_opportunity(portal)
    crm(portal).close(opportunity, won=True)
    before = [dict(row.values) for table in (crm(portal).contacts, crm(portal).opportunities) for row in table]
    portal.clock.run()
    assert before == [dict(row.values) for table in (crm(portal).contacts, crm(portal).opportunities) for row in table]


def test_an_opportunity_of_the_account_alone_moves_nobody() -> None:
    """Contact roles count (F4.20.1)."""
    portal = made(automatic_stage_transitions=True)
    contact = ada(portal)
    crm(portal).sync()
    account = crm(portal).convert(next(iter(crm(portal).leads))).account
    crm(portal).open("Engines", account, values={"StageName": "Closed Won"})
    portal.clock.run()
    assert contact.stage == "lead"


@pytest.mark.parametrize(("enabled", "stage"), [(True, "customer"), (False, "lead")])
def test_with_company_sync_it_reaches_every_contact_of_the_account(enabled: bool, stage: str) -> None:
    """The company becomes a customer, and its contacts follow (F4.20)."""
    mapping = [{"property": "name", "field": "Name"}, {"property": "domain", "field": "Website"}]
    portal = made(
        {"settings": {"company_sync": {"enabled": enabled}}},
        automatic_stage_transitions=True,
        contacts_become="contact",
        companies={"mappings": mapping},
    )
    acme = portal.create("companies", {"name": "Acme", "domain": "acme.example"})
    colleague = portal.create("contacts", {"email": "bob@acme.example", "lastname": "Bob"}, links=[(acme, ())])
    contact = ada(portal)
    crm(portal).sync()
    (account,) = crm(portal).accounts
    row = crm(portal).contacts.having("Email", "ada@acme.example")
    assert row is not None
    crm(portal).contacts.update(row, {"AccountId": account.id})
    crm(portal).open("Engines", account, {row.id: "Buyer"}, {"StageName": "Closed Won"})
    portal.clock.run()
    assert list(portal.associations.of(contact, COMPANIES)) == [acme]
    assert (contact.stage, colleague.stage) == ("customer", stage)


# -- converting leads ------------------------------------------------------------------------------------------


def test_a_converted_lead_stays_the_same_contact() -> None:
    """Its HubSpot contact goes on with the Salesforce contact; the lead is gone and can't be converted twice."""
    portal = made()
    contact = ada(portal, phone="1")
    crm(portal).sync()
    (lead,) = crm(portal).leads
    converted = crm(portal).convert(lead)
    crm(portal).contacts.update(converted.contact, {"Phone": "2"})
    crm(portal).sync()
    assert (contact.get("phone"), len(portal.records[CONTACTS])) == ("2", 1)
    assert converted.contact.get("AccountId") == converted.account.id
    with pytest.raises(RowRefused, match="was converted or deleted already"):
        crm(portal).convert(lead)


def test_only_contacts_have_roles() -> None:
    """A lead has to be converted first."""
    portal = made()
    lead = crm(portal).leads.create({"LastName": "Lovelace"})
    with pytest.raises(RowRefused, match="is not a contact; convert the lead"):
        crm(portal).add_role(crm(portal).open("Engines"), lead)


def test_opportunities_become_deals_with_their_contacts() -> None:
    """Where deals are synced; HubSpot's own deal settings then do their part (F3.6)."""
    stages = {"appointmentscheduled": "Prospecting", "closedwon": "Closed Won"}
    mappings = [{"property": "dealname", "field": "Name"}, {"property": "dealstage", "field": "StageName"}]
    mappings[1]["values"] = stages  # type: ignore[assignment]
    portal = made(deals={"mappings": mappings})
    contact, opportunity = with_opportunity(portal)
    crm(portal).sync()
    (deal,) = portal.records[DEALS]
    assert (deal.get("dealname"), deal.stage) == ("Engines", "appointmentscheduled")
    assert list(portal.associations.of(deal, CONTACTS)) == [contact]
    assert contact.stage == "opportunity"
    crm(portal).close(opportunity, won=True)
    crm(portal).sync()
    assert contact.stage == "customer"


# -- the hand-over ---------------------------------------------------------------------------------------------

TERMS = {"salesqualifiedlead": "SQL", "opportunity": "Opportunity"}
HAND_OVER: dict[str, Any] = {
    "contacts": {
        "only": {"stage_from": "salesqualifiedlead"},
        "mappings": [
            {"property": "lastname", "field": "LastName"},
            {"property": "email", "field": "Email"},
            {"property": "lifecyclestage", "field": "Stage__c", "stages": TERMS},
            {"property": "hs_lead_status", "field": "Status", "values": {"CONNECTED": "Working - Contacted"}},
        ],
    },
    "fields": {"Lead.Stage__c": ["SQL", "Opportunity"]},
    "hand_over": {"representatives": ["Rita", "Rob"], "due": "1d"},
}  # fmt: skip


def test_an_mql_that_becomes_sql_is_handed_over_and_followed_up() -> None:
    """Salesforce gets a lead with the same term for its stage, and a rep a task; the follow-up comes back."""
    portal = made(**HAND_OVER)
    contact = ada(portal, lifecyclestage="marketingqualifiedlead")
    crm(portal).sync()
    assert not len(crm(portal).leads)
    portal.update(contact, {"lifecyclestage": "salesqualifiedlead"})
    portal.clock.advance("15m")
    (lead,) = crm(portal).leads
    assert (lead.get("Stage__c"), lead.get("Owner")) == ("SQL", "Rita")
    hand_over = crm(portal).hand_over
    assert hand_over is not None
    (task,) = hand_over.tasks("Rita")
    assert (task.get("WhoId"), task.get("Subject")) == (lead.id, "Follow up")
    portal.clock.advance("25h")
    assert hand_over.overdue() == [task]
    hand_over.follow_up(task)
    crm(portal).leads.update(lead, {"Stage__c": "Opportunity"})
    portal.clock.advance("15m")
    assert (contact.get("hs_lead_status"), contact.stage) == ("CONNECTED", "opportunity")
    assert (hand_over.tasks("Rita"), hand_over.overdue()) == ([], [])


def test_representatives_take_turns() -> None:
    """One task each."""
    portal = made(**HAND_OVER)
    for name in ("ada", "eve", "bob"):
        portal.create(
            "contacts", {"email": f"{name}@acme.example", "lastname": name, "lifecyclestage": "salesqualifiedlead"}
        )
    crm(portal).sync()
    hand_over = crm(portal).hand_over
    assert hand_over is not None
    assert [len(hand_over.tasks(name)) for name in ("Rita", "Rob")] == [2, 1]


def test_what_sales_qualified_itself_is_not_handed_over() -> None:
    """A lead that Salesforce made an SQL is sales' own already."""
    portal = made(**HAND_OVER)
    crm(portal).leads.create({"LastName": "Lovelace", "Email": "ada@acme.example", "Stage__c": "SQL"})
    portal.clock.run()
    (contact,) = portal.records[CONTACTS]
    assert (contact.stage, len(crm(portal).tasks)) == ("salesqualifiedlead", 0)


def test_a_portal_without_salesforce_says_so() -> None:
    """And where to describe it."""
    with pytest.raises(Refused, match=r"not connected with any salesforce; describe it under connected\.salesforce"):
        _ = Portal().connected.salesforce
