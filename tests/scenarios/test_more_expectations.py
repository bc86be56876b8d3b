"""Expectations about many records at once, about why, and about other systems."""

from collections.abc import Callable

import pytest

from hubtwin.scenarios.runner import Failure

RunSteps = Callable[[str], Failure | None]
ReadProblems = Callable[[str], list[str]]

GIVEN = """
given:
  - company: {as: acme, name: Acme}
  - contact: {as: ada, email: ada@acme.example, lifecyclestage: customer, associated_with: $acme}
  - contact: {as: bob, email: bob@acme.example}
"""


def said(failure: Failure | None) -> list[str]:
    """What a failure says was expected and is."""
    return [] if failure is None else [mismatch.line for mismatch in failure.mismatches]


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ("{records: contacts, count: 2}", None),
        ("{records: contacts, where: {lifecyclestage: lead}, count: 1}", None),
        ("{records: contacts, where: {firstname: null}, associated_with: $acme, count: 1}", None),
        ("{records: 0-1, associated_with: [$acme, $bob], count: 0}", None),
        ("{records: tasks, count: 1}", "tasks: expected count = 1, is 0"),
        ("{stage_counts: contacts, is: {lead: 1, customer: 1, other: 0}}", None),
        ("{stage_counts: contacts, is: {lead: 2}}", "contacts: expected stages = lead 2, is lead 1, customer 1"),
        ("{list: Customers, members: [$ada]}", None),
        ("{list: Customers, members: []}", "list 'Customers': expected members = none, is ada@acme.example"),
        ("{why: {record: $bob, property: lifecyclestage}, because: settings.default_stage}", None),
        ("{why: {record: $bob, property: lifecyclestage}, because: app 1}", None),
        (
            "{why: {record: $ada, property: lifecyclestage}, because: settings}",
            "$ada: expected lifecyclestage because of settings; it isn't",
        ),
        ("{workflow_log: {workflow: Back to lead}, count: 2}", None),
        ("{workflow_log: {workflow: Back to lead, record: $ada}, count: 1}", None),
        (
            "{workflow_log: {workflow: Back to lead, record: $acme}, count: 1}",
            "workflow 'Back to lead': expected actions = 1, is 0",
        ),
        ("{workflow_issues: {workflow: Back to lead, record: $bob}, count: 0}", None),
        ("{view: Everybody, shows: [$bob, $ada]}", None),
        (
            "{view: Everybody, shows: []}",
            "view 'Everybody': expected to show = none, is bob@acme.example, ada@acme.example",
        ),
        ("{notifications: {to: rita@twin.example, about: $ada, says: Back}, count: 1}", None),
        ("{notifications: {says: nobody says this}, count: 0}", None),
        ("{notifications: {about: $acme}, count: 1}", "notifications: expected count = 1, is 0"),
        ("{used_in: {stage: customer, writes: false}, is: [list Customers]}", None),
        ("{used_in: {property: firstname}, is: [form Demo, Salesforce sync]}", None),
        ("{used_in: {property: website}, is: [form Demo]}", "website: expected used in = form Demo, is none"),
    ],
)
def test_what_holds_and_what_does_not(run_steps: RunSteps, expected: str, line: str | None) -> None:
    """Each expectation compares with what is, and says both where they differ."""
    steps = f"""
steps:
  - enroll: {{record: $ada, workflow: Back to lead}}
  - enroll: {{record: $bob, workflow: Back to lead}}
  - enroll: {{record: $ada, workflow: Ask Rita}}
  - expect: {expected}
"""
    assert said(run_steps(GIVEN + steps)) == ([] if line is None else [line])


def test_who_joined_a_list_is_the_story(run_steps: RunSteps) -> None:
    """The story of a list is who came and went."""
    failure = run_steps(GIVEN + "steps: [{expect: {list: Customers, members: [$bob]}}]")
    assert failure is not None
    assert [entry.kind for entry in failure.mismatches[0].story] == ["joined list"]


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ("{row: {Lead: ada@acme.example}, has: {LastName: Lovelace, Phone: null}}", None),
        ("{row: {Lead: bob@acme.example}, has: null}", None),
        ("{row: {Lead: bob@acme.example}, has: {}}", "Lead bob@acme.example: expected a row, there is none"),
        ("{row: {Lead: ada@acme.example}, has: null}", "Lead ada@acme.example: expected no row, there is one"),
        (
            "{row: {Lead: ada@acme.example}, has: {LastName: Byron}}",
            "Lead ada@acme.example: expected LastName = Byron, is Lovelace",
        ),
        ("{row: {Task: ada@acme.example}, has: {Owner: Sam}}", None),
        ("{row: {Person: ada@acme.example}, has: {email: ada@acme.example}}", None),
    ],
)
def test_rows_of_other_systems(run_steps: RunSteps, expected: str, line: str | None) -> None:
    """A row is called by its table and a name."""
    failure = run_steps(
        f"""
        given:
          - contact: {{as: ada, email: ada@acme.example, lastname: Lovelace, lifecyclestage: salesqualifiedlead}}
        steps:
          - sync: all
          - expect: {expected}
        """
    )
    assert said(failure) == ([] if line is None else [line])


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        ("{list: Foes, members: []}", "list: no list is called 'Foes'; choose from: Customers"),
        ("{records: cars, count: 1}", "records: no object type is called 'cars'"),
        ("{records: deals, where: {colour: red}, count: 1}", "where.colour: deals have no property 'colour'"),
        ("{stage_counts: contacts, is: {buyer: 1}}", "is.buyer: lifecyclestage can't be 'buyer'"),
        ("{used_in: {}, is: []}", "used_in: name a property (property) or a lifecycle stage (stage)"),
        ("{used_in: {stage: buyer}, is: []}", "used_in.stage: lifecyclestage can't be 'buyer'"),
        ("{why: {record: $eve, property: email}, because: x}", "why.record: no record is called '$eve' here"),
        ("{workflow_log: {workflow: Nothing}, count: 1}", "workflow_log.workflow: no workflow is called 'Nothing'"),
        ("{view: Mine, shows: []}", "view: no view is called 'Mine'; choose from: Everybody"),
        ("{notifications: {to: eve@twin.example}, count: 0}", "notifications.to: no user is called"),
        ("{row: {Lead: x}, has: {Nme: x}}", "has.Nme: Lead has no field 'Nme'"),
        ("{row: {Leads: x}, has: {}}", "row.Leads: Input should be 'Lead'"),
    ],
)
def test_what_cannot_be_expected(problems_in: ReadProblems, expected: str, problem: str) -> None:
    """Unknown names are found before anything runs."""
    problems = problems_in(f"- {{id: one, title: A test, steps: [{{expect: {expected}}}]}}\n")
    assert len(problems) == 1
    assert f"tests.0.steps.0.expect.{problem}" in problems[0]
