"""Settings, people, leftovers; and portals with which nothing is wrong."""

from collections.abc import Callable

from hubtwin.cli.starter import STARTER
from hubtwin.lint import RULES, Finding, lint
from hubtwin.portal import Portal

MakePortal = Callable[[str], Portal]
Findings = Callable[[str], list[Finding]]
Faults = Callable[[str], list[tuple[str, str]]]


def test_clean_portals(faults: Faults) -> None:
    """A new account; of the file that `hubtwin portal init` writes, a list is for people alone."""
    assert faults("{}") == []
    assert faults(STARTER) == [("unused-list", "lists.1")]


# -- settings ----------------------------------------------------------------------------------------------------

WON = """\
    workflows:
      - name: Won
        object: deals
        enroll: {when: {all: [{property: dealstage, is: %s}]}}
        actions: [{set: lifecyclestage, to: %s, associated: contacts}]
"""


def test_settings_and_workflows_that_fight(findings: Findings) -> None:
    """Both act when a deal is won, or made, and set different stages."""
    found = findings(WON % ("closedwon", "evangelist"))
    assert [(one.rule.id, one.place) for one in found] == [("setting-fights-flow", "workflows.0.actions.0")]
    assert found[0].message == (
        "workflow 'Won' sets evangelist on the contacts of a deal; setting deal_won sets customer on the same "
        "occasion, which the workflow then passes by"
    )
    (made,) = findings(WON % ("appointmentscheduled", "customer"))
    assert "setting deal_created sets opportunity on the same occasion" in made.message


def test_settings_and_workflows_that_agree(faults: Faults) -> None:
    """Another occasion, or no setting, is no fight."""
    assert faults(WON % ("closedlost", "evangelist")) == []
    assert faults("    settings: {deal_won: null}\n" + WON % ("closedwon", "evangelist")) == []


def test_settings_without_effect(faults: Faults) -> None:
    """What `hubtwin portal check` warns of is found here as well."""
    assert faults("settings: {deal_won: opportunity}") == [("no-effect", "settings.deal_won")]
    assert faults("settings: {company_sync: {enabled: false, contacts: all}}") == [
        ("no-effect", "settings.company_sync.contacts")
    ]


# -- people ------------------------------------------------------------------------------------------------------


def test_people_who_left(portal_of: MakePortal) -> None:
    """A notification, a form and a chatflow go to somebody who isn't there any more."""
    portal = portal_of("""\
    users: [{email: rita@acme.example}, {email: sam@acme.example}]
    forms: [{name: F, fields: [email], notify: [rita@acme.example]}]
    chatflows: [{name: C, assign: {users: [rita@acme.example]}}]
    workflows:
      - {name: W, actions: [{notify: Look, users: [rita@acme.example, sam@acme.example]}]}
    """)
    assert lint(portal) == []
    portal.remove_user(portal.users.find("rita@acme.example"))
    found = lint(portal)
    assert [(one.rule.id, one.place) for one in found] == [
        ("unknown-recipient", "workflows.0.actions.0"),
        ("unknown-recipient", "forms.0.notify"),
        ("unknown-recipient", "chatflows.0.assign"),
    ]
    assert found[0].message == "workflow 'W', action 1 goes to rita@acme.example, who left the account"


# -- leftovers ---------------------------------------------------------------------------------------------------


def test_lists_that_nothing_uses(faults: Faults) -> None:
    """Another list, a workflow or a chatflow may use one."""
    portal = """\
    lists:
      - {name: Base, filters: {all: [{property: city, is: Oslo}]}}
      - {name: Top, filters: {all: [{list: Base}]}}
    """
    assert faults(portal) == [("unused-list", "lists.1")]
    assert faults("    chatflows: [{name: C, target: {in_lists: [Top]}}]\n" + portal) == []


def test_properties_that_nothing_uses(faults: Faults) -> None:
    """Of the account's own; a form, a list or a text with a token may use one."""
    portal = "    properties: {contacts: [{name: shoe_size}]}\n"
    assert faults(portal) == [("unused-property", "properties.contacts.0")]
    assert faults(portal + "    forms: [{name: F, fields: [email, shoe_size]}]\n") == []
    text = '    workflows: [{name: W, actions: [{set: city, to: "{{ enrolled_object.shoe_size }}"}]}]\n'
    assert faults(portal + text) == []


# -- the rules ---------------------------------------------------------------------------------------------------


def test_looking_changes_nothing(portal_of: MakePortal) -> None:
    """The portal is as before, and says the same again."""
    portal = portal_of(WON % ("closedwon", "evangelist"))
    entries = len(portal.log)
    assert lint(portal) == lint(portal)
    assert len(portal.log) == entries


def test_rules_have_names_of_their_own() -> None:
    """An id says it in words, and what is wrong is one sentence."""
    for id, rule in RULES.items():
        assert (rule.id, id.replace("-", "").isalpha()) == (id, True)
        assert rule.what.endswith(".")
        assert rule.what.count(". ") == 0
