"""Ways through workflows: branches, actions, loops, and two workflows in each other's way."""

from collections.abc import Callable

import pytest

from hubtwin.files.portal_file import PortalFile
from hubtwin.lint import Finding, Step, lint
from hubtwin.lint.places import Places
from hubtwin.portal import Portal
from hubtwin.portal.errors import CascadeError

MakePortal = Callable[[str], Portal]
Findings = Callable[[str], list[Finding]]
Faults = Callable[[str], list[tuple[str, str]]]

BRANCHES = """\
    workflows:
      - name: W
        enroll: {when: {all: [{property: hs_lead_status, is: [NEW, OPEN]}]}}
        actions:
          - choose:
              - {name: First, when: {all: [%s]}, then: [{set: city, to: a}]}
              - {name: Second, when: {all: [%s]}, then: [{set: city, to: b}]}
"""
NEW, OPEN = "{property: hs_lead_status, is: NEW}", "{property: hs_lead_status, is: OPEN}"
HEAD, FORM = "{property: jobtitle, starts_with: head}", "{form: null}"


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (NEW, NEW, "all records that would take it take an earlier branch"),
        (HEAD, f"{HEAD}, {NEW}", "all records that would take it take an earlier branch"),
        (FORM, f"{NEW}, {FORM}", "all records that would take it take an earlier branch"),
        (
            NEW,
            "{property: hs_lead_status, is: UNQUALIFIED}",
            "its conditions contradict what is true of all records that come here",
        ),
        (NEW, f"{OPEN}, {NEW}", "its conditions contradict each other"),
    ],
)
def test_branches_that_nobody_takes(first: str, second: str, why: str, findings: Findings) -> None:
    """The finding says why: an earlier branch, what enrolled the records, or the conditions themselves."""
    (found,) = findings(BRANCHES % (first, second))
    assert (found.rule.id, found.place) == ("branch-never", "workflows.0.actions.0")
    assert found.message == f"workflow 'W': no record takes the branch 'Second': {why}"


@pytest.mark.parametrize(
    ("first", "second"), [(NEW, OPEN), (f"{HEAD}, {NEW}", NEW), (FORM, "{form: null, submitted: false}")]
)
def test_branches_that_somebody_takes(first: str, second: str, faults: Faults) -> None:
    """Those that differ are all right."""
    assert faults(BRANCHES % (first, second)) == []


def test_a_wait_before_a_branch(faults: Faults) -> None:
    """Anything may have changed meanwhile, so that each branch can be taken."""
    portal = """\
    workflows:
      - name: W
        enroll: {when: {all: [{property: hs_lead_status, is: NEW}]}}
        actions:
          - {wait: 1d}
          - if: {all: [{property: hs_lead_status, is: OPEN}]}
            then: [{set: city, to: a}]
    """
    assert faults(portal) == []
    assert faults(portal.replace("          - {wait: 1d}\n", "")) == [("branch-never", "workflows.0.actions.0")]


def test_actions_before_a_branch(faults: Faults) -> None:
    """They may answer its question themselves, or make another workflow do so."""
    listed = """\
    lists: [{name: L, kind: static}]
    workflows:
      - name: W
        enroll: {when: {all: [{list: L, member: false}, {property: city, is: Oslo}]}}
        actions:
          - {add_to_list: L}
          - if: {all: [{list: L}]}
            then: [{set: state, to: a}]
    """
    assert faults(listed) == []
    assert faults(listed.replace("          - {add_to_list: L}\n", "")) == [("branch-never", "workflows.0.actions.0")]
    other = """\
    workflows:
      - name: W
        enroll: {when: {all: [{property: city, is: Oslo}]}}
        actions:
          - {set: state, to: a}
          - if: {all: [{property: city, is: Bergen}]}
            then: [{set: country, to: Norway}]
      - name: Other
        enroll: {when: {all: [{property: state, is: a}]}}
        actions: [{set: city, to: Bergen}]
    """
    assert faults(other) == []


def test_a_default_branch_that_nobody_takes(findings: Findings) -> None:
    """All options have branches of their own before it."""
    (found,) = findings("""\
    properties: {contacts: [{name: tier, type: enumeration, field: select, options: [gold, silver]}]}
    forms: [{name: F, fields: [email, tier]}]
    workflows:
      - name: W
        enroll: {when: {all: [{property: tier, known: true}]}}
        actions:
          - branch_on: tier
            cases: {gold: [{set: city, to: a}], silver: [{set: city, to: b}]}
            else: [{set: city, to: c}]
    """)
    assert found.message == "workflow 'W': no record takes the branch 'None met': all records take an earlier branch"


def test_a_value_that_there_is_not(findings: Findings) -> None:
    """A branch on a value that no record has here."""
    (found,) = findings("""\
    workflows:
      - name: W
        enroll: {when: {all: [{property: hs_lead_status, is: [NEW, OPEN]}]}}
        actions: [{branch_on: hs_lead_status, cases: {NEW: [], CONNECTED: [{set: city, to: b}]}}]
    """)
    assert (
        found.message
        == "workflow 'W': no record takes the branch 'CONNECTED': hs_lead_status is never 'CONNECTED' here"
    )


def test_no_chance(faults: Faults) -> None:
    """A branch that 0 per cent of the records take."""
    portal = """\
    workflows:
      - {name: W, actions: [{split: [{percent: 100}, {percent: 0, then: [{set: city, to: b}]}]}]}
    """
    assert faults(portal) == [("branch-never", "workflows.0.actions.0")]


def test_actions_that_nothing_leads_to(portal_of: MakePortal) -> None:
    """An app may leave one behind."""
    portal = portal_of("{}")
    edit = {"property_name": "city", "value": {"type": "STATIC_VALUE", "staticValue": "x"}}
    action = {"type": "SINGLE_CONNECTION", "actionTypeId": "0-5", "fields": edit}
    actions = [{**action, "actionId": id} for id in ("1", "2")]
    flow = {"type": "CONTACT_FLOW", "objectTypeId": "0-1", "name": "W", "isEnabled": True, "actions": actions}
    id = portal.workflows.create({**flow, "startActionId": "1"}).id
    (found,) = lint(portal)
    assert (found.rule.id, found.place) == ("action-unreached", f"flows.{id}.actions.2")
    places = Places(PortalFile(portal.configuration), portal.workflows)
    assert places.of(found.place).words == f"flow {id} (W), action 2"


# -- loops -------------------------------------------------------------------------------------------------------

LOOP = """\
    workflows:
      - name: Ping
        enroll: {events: [{event: property changed, property: city, to: %s}], again: %s}
        actions: [{set: state, to: b}]
      - name: Pong
        enroll: {events: [{event: property changed, property: state, to: b}], again: true}
        actions: [{clear: state}, {clear: city}, {set: city, to: a}]
"""


def test_loops(portal_of: MakePortal) -> None:
    """The finding names the whole way round; and the portal does go round."""
    portal = portal_of(LOOP % ("a", "true"))
    (found,) = lint(portal)
    assert (found.rule.id, found.place) == ("flow-loop", "workflows.0.actions.0")
    assert found.message == "records go round without end: 'Ping' -> 'Pong' -> 'Ping'"
    assert found.path == (
        Step("workflow 'Ping' sets state to 'b', which sets off 'Pong'", "workflows.0.actions.0"),
        Step("workflow 'Pong' sets city to 'a', which sets off 'Ping'", "workflows.1.actions.2"),
    )
    ada = portal.create("contacts", {"email": "ada@client.example"})
    with pytest.raises(CascadeError):
        portal.update(ada, {"city": "a"})


def test_loops_with_a_rest(faults: Faults) -> None:
    """Where records wait on the way round, that may be meant: a note."""
    portal = LOOP % ("a", "true")
    assert faults(portal.replace("{clear: city}", "{wait: 7d}, {clear: city}")) == [
        ("flow-loop-with-waits", "workflows.0.actions.0")
    ]
    after = portal.replace("{set: state, to: b}", "{set: state, to: b}, {wait: 7d}")
    assert faults(after) == [("flow-loop", "workflows.0.actions.0")]


def test_what_comes_to_an_end(faults: Faults) -> None:
    """Where a workflow takes each record once, or listens to another value, or the second round changes nothing."""
    assert faults(LOOP % ("c", "true")) == []
    assert faults(LOOP % ("a", "false")) == [("re-enroll-off", "workflows.0.enroll")]
    twice = """\
    workflows:
      - name: Ping
        enroll: {when: {all: [{property: city, is: a}]}, again: [{property: city, is: a}]}
        actions: [{set: state, to: b}]
      - name: Pong
        enroll: {when: {all: [{property: state, is: b}]}, again: [{property: state, is: b}]}
        actions: [{set: city, to: a}]
    """
    assert faults(twice) == []


def test_circles_of_enrolling(findings: Findings) -> None:
    """Workflows that enroll in each other; whatever the way is, it is told once."""
    found = findings("""\
    workflows:
      - {name: A, actions: [{enroll_in: B}]}
      - {name: B, actions: [{set: city, to: a}, {enroll_in: C}]}
      - {name: C, actions: [{enroll_in: A}]}
      - {name: D, actions: [{enroll_in: A}]}
    """)
    assert [(one.rule.id, one.message.partition(": ")[2]) for one in found] == [
        ("flow-loop", "'A' -> 'B' -> 'C' -> 'A'")
    ]


# -- two writers -------------------------------------------------------------------------------------------------

TWO = """\
    workflows:
      - name: By country
        enroll: {when: {all: [{property: country, is: Finland}%s]}}
        actions: [{set: hs_lead_status, to: NEW}]
      - name: By city
        enroll: {when: {all: [{property: city, is: Oslo}%s]}}
        actions: [{set: hs_lead_status, to: %s}]
"""


def test_two_writers(findings: Findings) -> None:
    """Both may enroll the same records, and they write different values."""
    (found,) = findings(TWO % ("", "", "OPEN"))
    assert (found.rule.id, found.place) == ("two-writers", "workflows.1.actions.0")
    assert "workflow 'By city' sets hs_lead_status to 'OPEN', workflow 'By country' to 'NEW'" in found.message


@pytest.mark.parametrize(
    "given",
    [
        ("", "", "NEW"),
        (", {property: state, is: a}", ", {property: state, is: b}", "OPEN"),
        ("", ", {property: hs_lead_status, is: NEW}", "OPEN"),
    ],
)
def test_writers_that_keep_apart(given: tuple[str, str, str], faults: Faults) -> None:
    """The same value, criteria that exclude each other, and one that goes on where the other ended."""
    assert faults(TWO % given) == []


def test_events_of_two_writers(faults: Faults) -> None:
    """One event sets off both, or each has its own."""
    portal = """\
    forms: [{name: F, fields: [email]}, {name: G, fields: [email]}]
    workflows:
      - name: A
        enroll: {events: [{event: form submitted, form: F}], again: true}
        actions: [{set: hs_lead_status, to: NEW}]
      - name: B
        enroll: {events: [{event: form submitted, form: %s}], again: true}
        actions: [{set: hs_lead_status, to: OPEN}]
    """
    assert faults(portal % "F") == [("two-writers", "workflows.1.actions.0")]
    assert faults(portal % "G") == []
