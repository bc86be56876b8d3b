"""What the lifecycle settings do by themselves."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.uses import of_stage

USER = "ada@hubtwin.example"


def portal_with(**settings: Any) -> Portal:
    return Portal(Configuration.model_validate({"settings": settings}))


def contact(portal: Portal, name: str, stage: str | None = None) -> Record:
    values = {"email": f"{name}@acme.example", "lifecyclestage": stage}
    return portal.create("contacts", values)


def company(portal: Portal, stage: str | None = None) -> Record:
    return portal.create("companies", {"name": "Acme", "lifecyclestage": stage})


def test_a_new_record_gets_the_default_stage() -> None:
    """A contact without a stage becomes a lead, as written by its creator (F3.1, F6.8)."""
    portal = Portal()
    ada = contact(portal, "ada")
    assert ada.stage == "lead"
    assert portal.log.versions(ada, "lifecyclestage")[0].source.type == "INTEGRATION"


def test_the_default_stage_can_be_off() -> None:
    """Without a default, the stage of a new contact stays empty (F3.1)."""
    portal = portal_with(default_stage={"contacts": None})
    assert contact(portal, "ada").stage is None
    assert company(portal).stage == "lead"


def test_company_sync_moves_those_who_are_behind() -> None:
    """A company at Lead moves its subscriber only; at Customer, its opportunity too (F3.5, F2.b7)."""
    portal = portal_with(default_stage={"contacts": None, "companies": None})
    acme, sub, opp = company(portal), contact(portal, "s", "subscriber"), contact(portal, "o", "opportunity")
    portal.associate(sub, acme)
    portal.associate(opp, acme)
    portal.update(acme, {"lifecyclestage": "lead"})
    assert (sub.stage, opp.stage) == ("lead", "opportunity")
    portal.update(acme, {"lifecyclestage": "customer"})
    assert (sub.stage, opp.stage) == ("customer", "customer")


def test_company_sync_can_be_off() -> None:
    """Switched off, a company's purchase makes nobody a customer (F3.5)."""
    portal = portal_with(company_sync={"enabled": False})
    acme, ada = company(portal), contact(portal, "ada")
    portal.associate(ada, acme)
    portal.update(acme, {"lifecyclestage": "customer"})
    assert ada.stage == "lead"


@pytest.mark.parametrize(("contacts", "stage"), [("primary", "lead"), ("all", "customer")])
def test_company_sync_reaches_primary_contacts_or_all(contacts: str, stage: str) -> None:
    """Who follows is an option: those whose primary company it is, or all associated ones (F3.5)."""
    portal = portal_with(company_sync={"contacts": contacts})
    acme, ada = company(portal), contact(portal, "ada")
    portal.associate(ada, company(portal))
    portal.associate(ada, acme)
    portal.update(acme, {"lifecyclestage": "customer"})
    assert ada.stage == stage


@pytest.mark.parametrize(("on_association", "stage"), [(True, "customer"), (False, "lead")])
def test_a_contact_that_joins_a_customer(on_association: bool, stage: str) -> None:
    """A contact associated with a company further on follows, if the option says so (F3.10)."""
    portal = portal_with(company_sync={"on_association": on_association})
    ada = contact(portal, "ada")
    portal.associate(ada, company(portal, "customer"))
    assert ada.stage == stage


def test_a_deal_moves_its_contacts_and_companies() -> None:
    """Created, a deal makes all of them opportunities; won, customers; reopened, nothing (F3.2, F3.3, F3.6, F3.13)."""
    portal = Portal()
    members = [contact(portal, "a"), contact(portal, "b"), company(portal)]
    deal = portal.create("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"}, links=[(m, ()) for m in members])
    assert [member.stage for member in members] == ["opportunity"] * 3
    portal.update(deal, {"dealstage": "closedwon"})
    assert [member.stage for member in members] == ["customer"] * 3
    portal.update(deal, {"dealstage": "qualifiedtobuy"})
    assert [member.stage for member in members] == ["customer"] * 3


def test_a_deal_moves_nobody_back() -> None:
    """An evangelist stays one when a deal is created and won (F2.b8)."""
    portal = Portal()
    ada = contact(portal, "ada", "evangelist")
    portal.create("deals", {"dealname": "D", "dealstage": "closedwon"}, links=[(ada, ())])
    assert ada.stage == "evangelist"


def test_a_contact_associated_later_moves_too() -> None:
    """The association with an open deal counts, also when it is added later (F3.6)."""
    portal = Portal()
    deal = portal.create("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"})
    ada = contact(portal, "ada")
    portal.associate(ada, deal)
    assert ada.stage == "opportunity"


def test_losing_a_deal_takes_nothing_back() -> None:
    """A lost deal moves nobody, and neither does an association with it (F3.8)."""
    portal = Portal()
    ada, bob = contact(portal, "ada"), contact(portal, "bob")
    deal = portal.create("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"}, links=[(ada, ())])
    portal.update(deal, {"dealstage": "closedlost"})
    portal.associate(bob, deal)
    assert (ada.stage, bob.stage) == ("opportunity", "lead")


def test_won_means_probability_one() -> None:
    """A closed stage of probability 0 is not a won one (F3.7)."""
    portal = Portal()
    ada = contact(portal, "ada")
    portal.create("deals", {"dealname": "D", "dealstage": "closedlost"}, links=[(ada, ())])
    assert ada.stage == "lead"


@pytest.mark.parametrize("setting", ["deal_created", "deal_won"])
def test_the_deal_settings_can_choose_another_stage_or_none(setting: str) -> None:
    """Both settings take any stage, and can be off (F3.2, F3.3)."""
    stage = {"deal_created": "qualifiedtobuy", "deal_won": "closedwon"}[setting]
    for chosen, reached in (("evangelist", "evangelist"), (None, "lead")):
        portal = portal_with(**{setting: chosen})
        ada = contact(portal, "ada")
        portal.create("deals", {"dealname": "D", "dealstage": stage}, links=[(ada, ())])
        assert ada.stage == reached


def test_one_won_deal_reaches_everybody_at_the_company() -> None:
    """A won deal moves its company, and company sync then moves all who belong to it (F3.9)."""
    portal = Portal()
    acme, ada, bob = company(portal), contact(portal, "ada"), contact(portal, "bob")
    for person in (ada, bob):
        portal.associate(person, acme)
    portal.create("deals", {"dealname": "D", "dealstage": "closedwon"}, links=[(ada, ()), (acme, ())])
    assert bob.stage == "customer"


def test_why_is_a_walk_back_along_the_causes() -> None:
    """The chain leads from the synced contact to the person who won the deal (F6.8)."""
    portal = Portal()
    acme, bob = company(portal), contact(portal, "bob")
    portal.associate(bob, acme)
    deal = portal.create("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"}, links=[(acme, ())])
    portal.as_user(USER).edit(deal, {"dealstage": "closedwon"})
    chain = portal.why(bob, "lifecyclestage")
    assert [entry.source.type for entry in chain] == ["CRM_UI", "DEALS", "COMPANIES"]
    assert portal.story(chain) == [
        "2026-03-02 09:00:00  by hand Ada Admin: deal 1003 (D) dealstage qualifiedtobuy -> closedwon",
        "2026-03-02 09:00:00  setting deal_won: company 1001 (Acme) lifecyclestage opportunity -> customer",
        "2026-03-02 09:00:00  setting company_sync: contact 1002 (bob@acme.example) lifecyclestage opportunity"
        " -> customer",
    ]


def test_a_contact_created_with_an_open_deal_has_two_versions() -> None:
    """First the default at creation, then Opportunity (F3.14)."""
    portal = Portal()
    deal = portal.create("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"})
    ada = portal.create("contacts", {"email": "ada@acme.example"}, links=[(deal, ())])
    assert [version.value for version in portal.log.versions(ada, "lifecyclestage")] == ["opportunity", "lead"]


@pytest.mark.parametrize(
    ("stage", "reached"), [("lead", "lead"), ("salesqualifiedlead", "salesqualifiedlead"), (None, "subscriber")]
)
def test_a_lead_record_moves_whom_it_is_about(stage: str | None, reached: str) -> None:
    """Associated with a lead, contact and company move to the stage chosen, or stay where it is off (F3.4)."""
    portal = portal_with(lead_associated=stage)
    ada = contact(portal, "ada", "subscriber")
    portal.create("leads", {"hs_lead_name": "Ada"}, links=[(ada, ())])
    assert ada.stage == reached


def test_a_lead_record_moves_nobody_back() -> None:
    """A customer about whom a lead is made stays one (F3.4, F2.b8)."""
    portal = Portal()
    ada = contact(portal, "ada", "customer")
    portal.create("leads", {"hs_lead_name": "Ada"}, links=[(ada, ())])
    assert ada.stage == "customer"


@pytest.mark.parametrize(("direction", "stage"), [("to_contacts", "lead"), ("both", "opportunity")])
def test_a_company_follows_its_contact_where_the_sync_goes_both_ways(direction: str, stage: str) -> None:
    """One way is HubSpot's own word; both ways is an option, and it ends (F3.5.1)."""
    portal = portal_with(company_sync={"direction": direction})
    acme, ada, bob = company(portal), contact(portal, "ada"), contact(portal, "bob")
    for person in (ada, bob):
        portal.associate(person, acme)
    portal.update(ada, {"lifecyclestage": "opportunity"})
    assert (acme.stage, bob.stage) == (stage, stage)


def test_a_contact_gets_the_company_of_its_domain() -> None:
    """Found or made by the address, with the default stage of companies; not for free-mail ones (W3.17, F4.19)."""
    portal = portal_with(company_by_domain=True, default_stage={"contacts": "lead", "companies": "subscriber"})
    ada, bob, eve = (
        contact(portal, "ada"),
        contact(portal, "bob"),
        portal.create("contacts", {"email": "eve@gmail.com"}),
    )
    (acme,) = portal.records[portal.type("companies")]
    assert (acme.get("domain"), acme.stage, acme.get("hs_object_source")) == ("acme.example", "subscriber", "COMPANIES")
    assert list(portal.associations.of(acme, ada.type)) == [ada, bob]
    assert not portal.associations.of(eve, acme.type)
    assert [entry.kind for entry in portal.why(acme, "domain")] == ["created", "created"]


def test_an_address_that_comes_later_brings_the_company() -> None:
    """A contact that has a company keeps it (W3.17)."""
    portal = portal_with(company_by_domain=True)
    ada, bob = portal.create("contacts", {"firstname": "Ada"}), portal.create("contacts", {"firstname": "Bob"})
    portal.associate(bob, company(portal))
    for person, address in ((ada, "ada@zeta.example"), (bob, "bob@zeta.example")):
        portal.update(person, {"email": address})
    assert [other.name for other in portal.associations.of(ada, portal.type("companies"))] == ["zeta.example"]
    assert [other.name for other in portal.associations.of(bob, portal.type("companies"))] == ["Acme"]


@pytest.mark.parametrize("stage", ["marketingqualifiedlead", "salesqualifiedlead"])
def test_no_setting_qualifies_anybody(stage: str) -> None:
    """Who is an MQL or SQL, the company decides by its own workflows and people (F3.15)."""
    assert of_stage(Portal(), stage) == []
