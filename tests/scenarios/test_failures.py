"""The text of a failure: where, what, why, and how to see it again."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from hubtwin.scenarios.runner import Failure, run
from hubtwin.scenarios.suites import Suite, read_suite

RunSteps = Callable[[str], Failure | None]


def test_the_story_names_the_rule_of_each_step(read_tests: Callable[[str], Suite]) -> None:
    """A chain of causes ends in the lines of the portal file that decided it; defaults are named as such."""
    suite = read_tests(
        """\
        - id: sync
          title: A deal makes customers
          each: [{stage: lead}, {stage: customer}]
          given:
            - company: {as: acme, name: Acme}
            - contact: {as: ada, email: ada@acme.example, associated_with: $acme}
          steps:
            - submit_form: {contact: $ada, form: Demo}
            - wait: 1d
            - create_deal: {dealname: Big, dealstage: closedwon, by: rita@twin.example, associated_with: $acme}
            - expect: {record: $ada, has: {lifecyclestage: $stage}}
        """
    )
    failure = run(suite.cases[0])
    assert run(suite.cases[1]) is None
    assert failure is not None
    assert failure.text == dedent(
        """\
        a.scenario.yaml:15  A deal makes customers  [lead]
        $ada: expected lifecyclestage = lead, is customer
          2026-03-02 09:00:00  contact 1002 (ada@acme.example) created, app 1
          2026-03-02 09:00:00  setting default_stage.contacts: contact 1002 (ada@acme.example) lifecyclestage (empty) -> lead  <-- rule settings.default_stage.contacts (default)
          2026-03-02 09:00:00  form Demo submitted by contact 1002 (ada@acme.example)
          2026-03-02 09:00:00  form Demo: contact 1002 (ada@acme.example) lifecyclestage lead -> marketingqualifiedlead  <-- rule twin.portal.yaml:5
          2026-03-03 09:00:00  deal 1003 (Big) created, by hand Rita Rep
          2026-03-03 09:00:00  by hand Rita Rep: deal 1003 (Big) dealstage (empty) -> closedwon
          2026-03-03 09:00:00  setting deal_won: company 1001 (Acme) lifecyclestage lead -> customer  <-- rule settings.deal_won (default)
          2026-03-03 09:00:00  setting company_sync: contact 1002 (ada@acme.example) lifecyclestage marketingqualifiedlead -> customer  <-- rule settings.company_sync (default)
        reproduce: hubtwin test a.scenario.yaml -k 'sync[lead]'"""  # noqa: E501  the text as it is printed
    )


def test_a_write_that_was_kept_out_is_part_of_the_story(run_steps: RunSteps) -> None:
    """Where a stage is not what was expected because a write was kept out, the story shows that write."""
    failure = run_steps(
        """
        given: [{contact: {as: ada, email: ada@acme.example, lifecyclestage: customer}}]
        steps:
          - enroll: {record: $ada, workflow: Back to lead}
          - expect: {record: $ada, has: {lifecyclestage: lead}}
        """
    )
    assert failure is not None
    assert failure.text == dedent(
        """\
        a.scenario.yaml:11  A test
        $ada: expected lifecyclestage = lead, is customer
          2026-03-02 09:00:00  contact 1001 (ada@acme.example) created, app 1
          2026-03-02 09:00:00  app 1: contact 1001 (ada@acme.example) lifecyclestage (empty) -> customer
          2026-03-02 09:00:00  contact 1001 (ada@acme.example) enrolled in workflow Back to lead
          2026-03-02 09:00:00  workflow Back to lead: contact 1001 (ada@acme.example) lifecyclestage stays customer, lead comes before it  <-- rule twin.portal.yaml:11
        reproduce: hubtwin test a.scenario.yaml -k one"""  # noqa: E501  the text as it is printed
    )


def test_a_missing_issue_is_told_by_what_the_workflow_did(run_steps: RunSteps) -> None:
    """The story of a workflow is what its actions did."""
    failure = run_steps(
        """
        given: [{company: {as: acme, name: Acme}}]
        steps:
          - enroll: {record: $acme, workflow: Close}
          - expect: {workflow_issues: {workflow: Close}, count: 1}
        """
    )
    assert failure is not None
    assert failure.text == dedent(
        """\
        a.scenario.yaml:11  A test
        workflow 'Close': expected issues = 1, is 0
          2026-03-02 09:00:00  company 1001 (Acme) enrolled in workflow Close
          2026-03-02 09:00:00  workflow Close: company 1001 (Acme) lifecyclestage lead -> customer  <-- rule twin.portal.yaml:15
          2026-03-02 09:00:00  action succeeded: company 1001 (Acme) lifecyclestage set to 'customer'
        reproduce: hubtwin test a.scenario.yaml -k one"""  # noqa: E501  the text as it is printed
    )


def test_a_rule_of_an_inline_portal_is_a_line_of_the_scenario(folder: Path) -> None:
    """A portal inside the scenario file is named by that file."""
    path = folder / "inline.scenario.yaml"
    path.write_text(
        dedent(
            """\
            scenario: 1
            suite: Inline
            portal:
              settings:
                default_stage:
                  contacts: subscriber
            tests:
              - id: one
                title: A test
                given: [{contact: {as: ada, email: ada@acme.example}}]
                steps: [{expect: {record: $ada, has: {lifecyclestage: lead}}}]
            """
        )
    )
    failure = run(read_suite(path).cases[0])
    assert failure is not None
    assert failure.text.splitlines()[3].endswith(
        "lifecyclestage (empty) -> subscriber  <-- rule inline.scenario.yaml:6"
    )


def test_of_a_long_story_only_the_end_is_told(run_steps: RunSteps) -> None:
    """A failure stays readable whatever happened before it."""
    updates = "".join(f"  - update: {{record: $ada, set: {{firstname: n{number}}}}}\n" for number in range(60))
    given = "given: [{contact: {as: ada, email: ada@acme.example}}]\nsteps:\n"
    failure = run_steps(given + updates + "  - expect: {record: $ada, has: {firstname: x}}\n")
    assert failure is not None
    lines = failure.text.splitlines()
    assert lines[2] == "  ... 21 earlier lines"
    assert len(lines) == 44
