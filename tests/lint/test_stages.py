"""Stages that workflows, forms, bots and syncs set."""

from collections.abc import Callable

import pytest

from hubtwin.lint import Finding, Step
from hubtwin.portal import Portal

MakePortal = Callable[[str], Portal]
Findings = Callable[[str], list[Finding]]
Faults = Callable[[str], list[tuple[str, str]]]

UNGUARDED = """\
    workflows:
      - name: Answered
        enroll: {events: [{event: marketing e-mail replied}], again: true}
        actions:
          - {set: hs_lead_status, to: OPEN}
          - {set: lifecyclestage, to: salesqualifiedlead}
"""


def test_a_stage_that_may_be_behind(findings: Findings) -> None:
    """The finding names the stages that are further on, and the shortest way that leads there."""
    (found,) = findings(UNGUARDED)
    assert (found.rule.id, found.place) == ("stage-back", "workflows.0.actions.1")
    assert found.message == (
        "workflow 'Answered' sets salesqualifiedlead, but the contact may be in opportunity or customer already: "
        "that stage stays, and the action fails"
    )
    assert found.path == (
        Step("a new contact gets lead: setting default_stage.contacts", "settings.default_stage.contacts"),
        Step("lead -> opportunity: setting deal_created", "settings.deal_created"),
        Step("workflow 'Answered' enrolls it when the event 'marketing e-mail replied' occurs", "workflows.0.enroll"),
        Step("hs_lead_status is set to 'OPEN'", "workflows.0.actions.0"),
        Step("salesqualifiedlead comes before it", "workflows.0.actions.1"),
    )


def test_what_is_found_happens(portal_of: MakePortal) -> None:
    """A record that goes the way that was found makes the action fail (F2.b5)."""
    portal = portal_of(UNGUARDED)
    ada = portal.create("contacts", {"email": "ada@client.example"})
    portal.create("deals", {"dealname": "Ten seats"}, links=[(ada, ())])
    portal.workflows.enroll("Answered", ada)
    assert [issue.action for issue in portal.workflows.issues] == ["2"]


@pytest.mark.parametrize(
    "guard",
    [
        "{property: lifecyclestage, is: [lead, marketingqualifiedlead]}",
        "{property: lifecyclestage, is_not: [opportunity, customer, evangelist, other]}",
        "{property: lifecyclestage, known: false}",
        "{list: Early}",
    ],
)
def test_a_stage_that_was_asked_for(guard: str, faults: Faults) -> None:
    """Records that are further on don't come to the action: nothing is found."""
    portal = f"""\
    settings: {{default_stage: {{contacts: null}}}}
    lists: [{{name: Early, filters: {{all: [{{property: lifecyclestage, is: lead}}]}}}}]
    forms: [{{name: F, fields: [email], contact_stage: lead, company_stage: lead}}]
    chatflows: [{{name: C, target: {{in_lists: [Early]}}}}]
    workflows:
      - name: Answered
        enroll: {{events: [{{event: marketing e-mail replied}}], again: true}}
        actions:
          - if: {{all: [{guard}]}}
            then: [{{set: lifecyclestage, to: salesqualifiedlead}}]
    """
    assert faults(portal) == []


def test_criteria_guard_too(faults: Faults) -> None:
    """Whom a workflow enrolls is known in all of its actions; a stage that it set itself as well."""
    portal = """\
    workflows:
      - name: Qualify
        enroll: {when: {all: [{property: lifecyclestage, is: lead}, {property: jobtitle, known: true}]}}
        actions:
          - {set: lifecyclestage, to: marketingqualifiedlead}
          - {set: lifecyclestage, to: salesqualifiedlead}
    """
    assert faults(portal) == []


def test_a_stage_that_the_workflow_itself_set(findings: Findings) -> None:
    """The way begins in the workflow then, wherever the record came from."""
    (found,) = findings("""\
    workflows:
      - name: Wrong order
        enroll: {when: {all: [{property: lifecyclestage, is: lead}]}}
        actions:
          - if: {all: [{property: jobtitle, known: true}]}
            then: [{set: lifecyclestage, to: customer}]
          - {set: lifecyclestage, to: marketingqualifiedlead}
    """)
    assert (found.rule.id, found.place) == ("stage-back", "workflows.0.actions.1")
    assert [step.words for step in found.path] == [
        "workflow 'Wrong order' enrolls it in lead",
        "it takes the branch 'Met'",
        "its stage is set to customer",
        "marketingqualifiedlead comes before it",
    ]


def test_a_stage_that_never_changes_anything(findings: Findings) -> None:
    """Everybody who comes there is further on."""
    (found,) = findings("""\
    workflows:
      - name: Lost
        enroll: {when: {all: [{property: lifecyclestage, is: [opportunity, customer]}]}}
        actions: [{set: lifecyclestage, to: lead}]
    """)
    assert (found.rule.id, found.place) == ("stage-never-set", "workflows.0.actions.0")
    assert "all who come here are in opportunity or customer: it changes nothing" in found.message


def test_what_a_default_makes_pointless(faults: Faults) -> None:
    """Each new contact is beyond the stage already."""
    portal = """\
    settings: {default_stage: {contacts: marketingqualifiedlead}}
    workflows:
      - name: Welcome
        enroll: {events: [{event: object created}]}
        actions: [{set: lifecyclestage, to: lead}]
    """
    assert faults(portal) == [("stage-never-set", "workflows.0.actions.0")]


def test_a_form_moves_its_records_on(findings: Findings) -> None:
    """Whoever submitted it is in its stage at least, so that a workflow can't set an earlier one."""
    (found,) = findings("""\
    forms: [{name: Demo, fields: [email], contact_stage: opportunity, company_stage: opportunity}]
    workflows:
      - name: Asked
        enroll: {events: [{event: form submitted, form: Demo}], again: true}
        actions: [{set: lifecyclestage, to: marketingqualifiedlead}]
    """)
    assert found.rule.id == "stage-never-set"
    words = "workflow 'Asked' enrolls it when form 'Demo' is submitted, which sets opportunity"
    assert [step.words for step in found.path] == [words]


def test_a_wait(findings: Findings) -> None:
    """What others do to a record meanwhile is a note; the way says where in between it happens."""
    (found,) = findings("""\
    workflows:
      - name: Nurture
        enroll: {when: {all: [{property: lifecyclestage, is: lead}]}}
        actions:
          - {wait: 3d}
          - {set: lifecyclestage, to: marketingqualifiedlead}
    """)
    assert (found.rule.id, found.place) == ("stage-back-after-wait", "workflows.0.actions.1")
    assert [step.words for step in found.path] == [
        "a new contact gets lead: setting default_stage.contacts",
        "workflow 'Nurture' enrolls it in lead",
        "it waits",
        "lead -> opportunity: setting deal_created",
        "marketingqualifiedlead comes before it",
    ]


def test_whom_others_move_leaves(faults: Faults) -> None:
    """Who no longer meets the criteria, or has met the goal, is not there any more after the wait."""
    portal = """\
    workflows:
      - name: Leaves
        enroll: {when: {all: [{property: lifecyclestage, is: lead}]}, leave_when_not_met: true}
        actions: [{wait: 3d}, {set: lifecyclestage, to: marketingqualifiedlead}]
      - name: Arrives
        enroll: {when: {all: [{property: lifecyclestage, is: marketingqualifiedlead}]}}
        goal: {all: [{property: lifecyclestage, is_not: [lead, marketingqualifiedlead]}]}
        actions: [{wait: 3d}, {set: lifecyclestage, to: salesqualifiedlead}]
    """
    assert faults(portal) == []


def test_two_workflows_and_a_wait(findings: Findings) -> None:
    """The other workflow is named that moves the records on meanwhile."""
    found = findings("""\
    settings: {deal_created: null, deal_won: null, company_sync: {enabled: false}}
    workflows:
      - name: Slow
        enroll: {when: {all: [{property: lifecyclestage, is: lead}]}}
        actions: [{wait: 3d}, {set: lifecyclestage, to: marketingqualifiedlead}]
      - name: Fast
        enroll: {when: {all: [{property: lifecyclestage, is_not: [customer]}, {property: jobtitle, is: CEO}]}}
        actions: [{set: lifecyclestage, to: salesqualifiedlead}]
    """)
    assert [one.rule.id for one in found] == ["stage-back-after-wait"]
    assert Step("lead -> salesqualifiedlead: workflow 'Fast'", "workflows.1.actions.0") in found[0].path


def test_clearing_first(findings: Findings) -> None:
    """Cleared and set, a stage does go back, that of customers too (F2.10)."""
    (found,) = findings("""\
    workflows:
      - name: Start over
        enroll: {when: {all: [{property: hs_lead_status, is: UNQUALIFIED}]}}
        actions: [{clear: lifecyclestage}, {set: lifecyclestage, to: lead}]
    """)
    assert (found.rule.id, found.place) == ("clear-and-set", "workflows.0.actions.0")
    assert "it moves contacts back that are in opportunity or customer" in found.message
    assert [step.words for step in found.path[-2:]] == [
        "workflow 'Start over' enrolls it",
        "its stage is cleared",
    ]


def test_clearing_by_hand(faults: Faults) -> None:
    """Who enrolls a record by hand looks at it before; a bot or another workflow does not."""
    portal = """\
    workflows:
      - {name: Start over, actions: [{clear: lifecyclestage}, {set: lifecyclestage, to: lead}]}
    """
    assert faults(portal) == []
    other = "  - {name: Other, actions: [{enroll_in: Start over}]}\n"
    assert faults(portal + other) == [("clear-and-set", "workflows.0.actions.0")]


RECYCLE = """\
    settings: {company_sync: {enabled: %s}}
    workflows:
      - name: Recycle
        enroll: {when: {all: [{property: lifecyclestage, is: opportunity}, {property: hs_lead_status, is: BAD_TIMING}]}}
        actions: [{clear: lifecyclestage}, {set: lifecyclestage, to: lead}]
"""


def test_clearing_on_purpose(faults: Faults) -> None:
    """Who asks for the stage before means it; but the company sync may move the contact on again."""
    assert faults(RECYCLE % "false") == []
    assert faults(RECYCLE % "true") == [("sync-overrides", "workflows.0.actions.1")]


def test_associated_companies(findings: Findings) -> None:
    """What a workflow writes to other records knows nothing of them."""
    (found,) = findings("""\
    workflows:
      - name: Promote
        enroll: {when: {all: [{property: lifecyclestage, is: lead}, {property: jobtitle, known: true}]}}
        actions: [{set: lifecyclestage, to: salesqualifiedlead, associated: companies, label: Primary}]
    """)
    assert (found.rule.id, found.place) == ("stage-back", "workflows.0.actions.0")
    assert "the company may be in opportunity or customer already" in found.message


def test_an_option_lets_workflows_go_back(faults: Faults) -> None:
    """Where the account says that workflows may, nothing is wrong with it."""
    assert faults("    options: {backward: {AUTOMATION_PLATFORM: set}}\n" + UNGUARDED) == []


# -- forms, bots and syncs ---------------------------------------------------------------------------------------


def test_forms_below_others(faults: Faults) -> None:
    """A form below the default, and one below another form; each once."""
    portal = """\
    settings: {default_stage: {contacts: lead, companies: lead}}
    forms:
      - {name: News, contact_stage: subscriber, company_stage: subscriber}
      - {name: Paper, contact_stage: lead, company_stage: lead}
      - {name: Demo, contact_stage: salesqualifiedlead, company_stage: salesqualifiedlead}
    """
    assert faults(portal) == [("form-below", "forms.0.contact_stage"), ("form-below", "forms.1.contact_stage")]


BOT = """\
    chatflows:
      - name: Bot
        kind: bot
        steps:
          - {ask: Your address?, property: email, expects: email, name: start}
          %s
          - {set: lifecyclestage, to: marketingqualifiedlead, name: set}
          - {end: Bye, name: bye}
"""


def test_bots(faults: Faults) -> None:
    """A bot that sets a stage may find a customer; one that asks before doesn't."""
    assert faults(BOT % "- {say: Thanks}") == [("stage-kept", "chatflows.0.steps.2")]
    asking = "- {when: {property: lifecyclestage, any_of: [lead]}, then: set, otherwise: bye}"
    assert faults(BOT % asking) == []


def test_syncs(faults: Faults) -> None:
    """Stages that come back from another system are kept out where they are earlier."""
    portal = """\
    connected:
      salesforce:
        contacts:
          mappings:
            - {property: email, field: Email}
            - property: lifecyclestage
              field: Description
              rule: %s
              stages: {lead: New, customer: Won}
    """
    assert faults(portal % "two_way") == [("stage-kept", "connected.salesforce.contacts.mappings.1")]
    assert faults(portal % "always_hubspot") == []


# -- the stages themselves ---------------------------------------------------------------------------------------


def test_a_stage_that_nothing_sets(findings: Findings) -> None:
    """Of the account's own stages; HubSpot's are left alone."""
    (found,) = findings("""\
    stages:
      - {id: lead, label: Lead}
      - {id: trial, label: Trial}
      - {id: opportunity, label: Opportunity}
      - {id: customer, label: Customer}
    """)
    assert (found.rule.id, found.place) == ("stage-unreached", "stages.1")
    assert found.message == "stage trial: no rule sets it; records get there only by hand, by import or by an app"


def test_a_stage_that_nobody_gets_near(findings: Findings) -> None:
    """What sets it asks for records that there are not."""
    found = findings("""\
    stages: [{id: lead, label: Lead}, {id: trial, label: Trial}, {id: paid, label: Paid}, {id: gone, label: Gone}]
    settings: {deal_created: null, deal_won: null}
    workflows:
      - name: Pays
        enroll: {when: {all: [{property: lifecyclestage, is: trial}]}}
        actions: [{set: lifecyclestage, to: paid}]
      - name: Goes
        enroll: {when: {all: [{property: lifecyclestage, is: lead}]}}
        actions: [{set: lifecyclestage, to: gone}]
    """)
    assert [(one.rule.id, one.place, one.message.partition(": ")[2]) for one in found] == [
        ("stage-unreached", "stages.1", "no rule sets it; workflow 'Pays' waits for it"),
        (
            "stage-unreached",
            "stages.2",
            "only workflow 'Pays', for records that none comes to be; "
            "records get there only by hand, by import or by an app",
        ),
    ]


def test_waiting_for_what_only_people_set(findings: Findings) -> None:
    """A workflow that waits for such a stage is noted, and one for an empty stage where each record gets one."""
    found = findings("""\
    workflows:
      - name: Handed over
        enroll: {when: {all: [{property: lifecyclestage, is: salesqualifiedlead}]}}
        actions: [{set: hs_lead_status, to: NEW}]
      - name: Without
        enroll: {when: {all: [{property: lifecyclestage, known: false}]}}
        actions: [{set: hs_lead_status, to: OPEN}]
    """)
    assert [(one.rule.id, one.place) for one in found] == [
        ("stage-unreached", "workflows.0.enroll"),
        ("stage-unreached", "workflows.1.enroll"),
    ]
    assert "each new one gets lead (setting default_stage.contacts), and no rule clears it" in found[1].message


def test_a_dead_end(faults: Faults) -> None:
    """Contacts come to a stage, and every rule that sets a later one leaves them out."""
    portal = """\
    stages: [{id: lead, label: Lead}, {id: cold, label: Cold}, {id: customer, label: Customer}]
    settings: {deal_created: null, deal_won: null, company_sync: {enabled: false}}
    workflows:
      - name: Cools
        enroll: {when: {all: [{property: lifecyclestage, is: lead}, {property: jobtitle, known: false}]}}
        actions: [{set: lifecyclestage, to: cold}]
      - name: Buys
        enroll: {when: {all: [{property: lifecyclestage, is: lead}, {property: jobtitle, known: true}]}}
        actions: [{set: lifecyclestage, to: customer}]
    """
    assert faults(portal) == [("stage-dead-end", "stages.1")]
