"""Connected systems in a portal file: what is wrong is said with file, line and choices."""

import pytest

from hubtwin.files import FileError, load, parse
from hubtwin.portal import Configuration, Portal

HEAD = "connected:\n"


def problem(text: str) -> str:
    with pytest.raises(FileError) as error:
        Portal(load(parse(HEAD + text, "acme.portal.yaml"), Configuration))
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "  salesforce:\n    contacts:\n      mappings:\n        - {property: jobtitle, field: Titel}\n",
            "acme.portal.yaml:5  connected.salesforce.contacts.mappings.0.field: no field is called 'Titel'; choose",
        ),
        (
            "  salesforce:\n    contacts:\n      mappings:\n"
            "        - {property: lifecyclestage, field: Status, stages: {leed: Working - Contacted}}\n",
            "acme.portal.yaml:5  connected.salesforce.contacts.mappings.0.stages.leed: no stage is called 'leed'",
        ),
        (
            "  salesforce:\n    contacts:\n      mappings:\n"
            "        - {property: lifecyclestage, field: Status, stages: {lead: Working}}\n",
            "acme.portal.yaml:5  connected.salesforce.contacts.mappings.0.stages.lead: the picklist of Status has no "
            "'Working'; choose from: Open - Not Contacted, Working - Contacted",
        ),
        (
            "  salesforce:\n    fields:\n      Led.Stage__c: [A]\n",
            "acme.portal.yaml:4  connected.salesforce.fields.Led.Stage__c: a custom field is written with its table, "
            "as in Lead.Stage__c; choose from: Lead, Contact, Account, Opportunity, Task; did you mean 'Lead'?",
        ),
        (
            "  salesforce:\n    contacts:\n      mappings: []\n      only: {stage_from: lead, list: x}\n",
            "acme.portal.yaml:5  connected.salesforce.contacts.only: a filter has one of the keys list, stage_from, "
            "and property with values",
        ),
        (
            "  salesforce:\n    contacts:\n      mappings: []\n      only: {list: SQLs}\n",
            "acme.portal.yaml:5  connected.salesforce.contacts.only.list: no list is called 'SQLs'; choose from: none",
        ),
        (
            "  salesforce:\n    contacts:\n      mappings:\n"
            "        - {property: lifecyclestage, field: Rating, values: {lead: Hot}}\n",
            "acme.portal.yaml:5  connected.salesforce.contacts.mappings.0: the terms of lifecyclestage are its stages",
        ),
        (
            "  billing:\n    plans: []\n",
            "acme.portal.yaml:3  connected.billing.plans: ",
        ),
        (
            "  product:\n    events: [{name: created_flow}]\n    rules: [{event: create_flow, stage: customer}]\n",
            "acme.portal.yaml:4  connected.product.rules.0.event: no product event is called 'create_flow'; choose "
            "from: created_flow; did you mean 'created_flow'?",
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_is(text: str, expected: str) -> None:
    """File, line, path, value and the allowed choices."""
    assert expected in problem(text)


AUTOMATION = """\
  marketing_automation:
    fields: {{rating: []}}
    people:
      mappings:
        - {{property: jobtitle, field: rating, rule: always_hubspot, values: {{a: X, b: Y}}}}
        - {{property: jobtitle, field: rating, rule: always_other, values: {back}}}
"""


def test_mappings_that_would_push_each_other_for_ever_are_refused() -> None:
    """What goes out as X and comes back as another value goes round; the path is named (F4.20.9)."""
    assert problem(AUTOMATION.format(back="{b: X, a: Y}")) == (
        "acme.portal.yaml:7  connected.marketing_automation.people.mappings.1: these mappings would push each other "
        "for ever: contacts.jobtitle 'a' -> marketing_automation.rating 'X' -> contacts.jobtitle 'b' -> "
        "marketing_automation.rating 'Y' -> contacts.jobtitle 'a'"
    )


@pytest.mark.parametrize("back", ["{a: X, b: Y}", "{a: X, c: Y}", "{c: Z}"])
def test_mappings_that_come_to_rest_are_not(back: str) -> None:
    """The same terms both ways, and values that nobody translates on (F4.20.9)."""
    assert Portal(load(parse(HEAD + AUTOMATION.format(back=back), "acme.portal.yaml"), Configuration))


def test_two_systems_may_use_different_terms_for_one_property() -> None:
    """Each one's mapping brings its own term back; nothing goes round (F4.20.9)."""
    text = """\
  salesforce:
    fields: {Lead.Stage__c: []}
    contacts:
      mappings:
        - {property: lastname, field: LastName}
        - {property: lifecyclestage, field: Stage__c, stages: {lead: New, marketingqualifiedlead: MQL}}
  marketing_automation:
    people:
      mappings:
        - {property: lifecyclestage, field: stage, stages: {lead: Cold, marketingqualifiedlead: MQL}}
"""
    portal = Portal(load(parse(HEAD + text, "acme.portal.yaml"), Configuration))
    contact = portal.create("contacts", {"email": "ada@acme.example", "lastname": "Lovelace"})
    portal.clock.run()
    (person,) = portal.connected.marketing_automation.people
    portal.connected.marketing_automation.people.update(person, {"stage": "MQL"})
    portal.clock.run()
    (lead,) = portal.connected.salesforce.leads
    assert (contact.stage, lead.get("Stage__c")) == ("marketingqualifiedlead", "MQL")
