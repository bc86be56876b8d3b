"""What a test can expect, and that an expectation that doesn't hold is found."""

from collections.abc import Callable

import pytest

from hubtwin.scenarios.runner import Failure

RunSteps = Callable[[str], Failure | None]

CUSTOMER = "given: [{contact: {as: ada, email: ada@acme.example, lifecyclestage: customer}}]\n"


def said(failure: Failure | None) -> list[str]:
    """What a failure says was expected and is."""
    return [] if failure is None else [mismatch.line for mismatch in failure.mismatches]


def test_every_property_that_differs_is_said(run_steps: RunSteps) -> None:
    """`has` compares all its properties; null means an empty one."""
    failure = run_steps(
        CUSTOMER + "steps: [{expect: {record: $ada, has: {lifecyclestage: lead, firstname: Ada, email: null}}}]"
    )
    assert said(failure) == [
        "$ada: expected lifecyclestage = lead, is customer",
        "$ada: expected firstname = Ada, is (empty)",
        "$ada: expected email = (empty), is ada@acme.example",
    ]


@pytest.mark.parametrize("value", ["2026-03-31", "2026-03-31T00:00:00Z", "1774915200000"])
def test_a_date_is_the_same_however_it_is_written(run_steps: RunSteps, value: str) -> None:
    """Expected values are compared as the portal keeps them."""
    failure = run_steps(
        f"""
        given: [{{deal: {{as: deal, dealname: Big, closedate: 2026-03-31}}}}]
        steps: [{{expect: {{record: $deal, has: {{closedate: "{value}"}}}}}}]
        """
    )
    assert failure is None


def test_a_history_is_all_versions_the_oldest_first(run_steps: RunSteps) -> None:
    """`history` shows what a property was, clearings included."""
    steps = """
        steps:
          - update: {record: $ada, set: {lifecyclestage: ""}}
          - update: {record: $ada, set: {lifecyclestage: lead}}
          - expect: {history: {record: $ada, property: lifecyclestage}, is: [%s]}
        """
    assert run_steps(CUSTOMER + steps.replace("        ", "") % "customer, null, lead") is None
    assert said(run_steps(CUSTOMER + steps.replace("        ", "") % "customer, lead")) == [
        "$ada: expected history of lifecyclestage = customer, lead, is customer, (empty), lead"
    ]


def test_a_property_that_was_never_set_has_no_history(run_steps: RunSteps) -> None:
    """An empty list of versions is an expectation too."""
    step = "steps: [{expect: {history: {record: $ada, property: firstname}, is: %s}}]"
    assert run_steps(CUSTOMER + step % "[]") is None
    assert said(run_steps(CUSTOMER + step % "[Ada]")) == ["$ada: expected history of firstname = Ada, is (never set)"]


def test_workflow_issues_are_counted_for_all_records_or_one(run_steps: RunSteps) -> None:
    """`workflow_issues` counts a workflow's failed actions."""
    body = """
        given:
          - contact: {as: ada, email: ada@acme.example, lifecyclestage: customer}
          - contact: {as: bob, email: bob@acme.example, lifecyclestage: customer}
        steps:
          - enroll: {record: $ada, workflow: Back to lead}
          - enroll: {record: $bob, workflow: Back to lead}
          - expect: {workflow_issues: {workflow: Back to lead, record: $ada}, count: 1}
          - expect: {workflow_issues: {workflow: Close}, count: 0}
          - expect: {workflow_issues: {workflow: Back to lead}, count: %d}
        """
    assert run_steps(body % 2) is None
    assert said(run_steps(body % 3)) == ["workflow 'Back to lead': expected issues = 3, is 2"]


def test_a_refusal_is_expected_with_its_reason(run_steps: RunSteps) -> None:
    """`refused` holds where the portal refuses the step, and `because` is in what it says."""
    step = "steps: [{expect: {refused: {create_contact: {email: ada@acme.example}}, because: %s}}]"
    assert run_steps(CUSTOMER + step % "Already") is None
    assert said(run_steps(CUSTOMER + step % "invalid")) == [
        "expected create_contact to be refused because of 'invalid', is:"
        " contact 1001 has email 'ada@acme.example' already"
    ]


def test_a_refusal_may_be_about_a_value_that_no_file_could_have_otherwise(run_steps: RunSteps) -> None:
    """Values inside `refused` are for the portal to judge."""
    failure = run_steps(
        CUSTOMER
        + "steps:\n"
        + "  - expect: {refused: {update: {record: $ada, set: {lifecyclestage: buyer}}}, because: allowed options}\n"
        + "  - expect: {refused: {update: {record: $ada, set: {no_such: x}}}, because: does not exist}\n"
        + "  - expect: {refused: {create_company: {as: ada, phone: x}}, because: name or domain}\n"
        + "  - expect: {refused: {submit_form: {contact: $ada, form: Demo, fields: {phone: x}}}, because: no field}\n"
    )
    assert failure is None


def test_a_step_that_works_was_not_refused(run_steps: RunSteps) -> None:
    """Where an expected refusal doesn't come, the story is what the step did."""
    failure = run_steps(CUSTOMER + "steps: [{expect: {refused: {update: {record: $ada, set: {firstname: Ada}}}}}]")
    assert failure is not None
    assert failure.text.splitlines()[1:3] == [
        "expected update to be refused, it worked",
        "  2026-03-02 09:00:00  app 1: contact 1001 (Ada) firstname (empty) -> Ada",
    ]
