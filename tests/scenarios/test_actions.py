"""The verbs that act on a portal."""

from collections.abc import Callable

import pytest

from hubtwin.scenarios.runner import Failure

RunSteps = Callable[[str], Failure | None]


def test_given_records_are_created_and_associated(run_steps: RunSteps) -> None:
    """`given` makes contacts, companies and deals, links them and sets their properties."""
    failure = run_steps(
        """
        given:
          - company: {as: acme, name: Acme, numberofemployees: 250}
          - contact: {as: ada, email: ADA@acme.example, associated_with: $acme}
          - deal: {as: deal, dealname: Big, dealstage: contractsent, associated_with: [$acme, $ada]}
        steps:
          - expect: {record: $acme, has: {numberofemployees: 250, num_associated_contacts: 1}}
          - expect: {record: $ada, has: {email: ada@acme.example, lifecyclestage: opportunity}}
          - expect: {record: $deal, has: {dealstage: contractsent, num_associated_contacts: 1}}
        """
    )
    assert failure is None


def test_a_user_creates_records_by_hand(run_steps: RunSteps) -> None:
    """`by` makes a person the creator."""
    failure = run_steps(
        """
        steps:
          - create_contact: {as: ada, email: ada@acme.example, by: rita@twin.example}
          - create_company: {as: acme, name: Acme}
          - expect: {record: $ada, has: {hs_object_source: CRM_UI}}
          - expect: {record: $acme, has: {hs_object_source: INTEGRATION}}
        """
    )
    assert failure is None


def test_a_form_knows_a_contact_and_makes_a_new_one(run_steps: RunSteps) -> None:
    """`submit_form` takes a contact or an e-mail address, to whose contact `as` gives a name."""
    failure = run_steps(
        """
        given: [{contact: {as: ada, email: ada@acme.example}}]
        steps:
          - submit_form: {contact: $ada, form: Demo, fields: {firstname: Ada}}
          - submit_form: {email: bob@acme.example, form: Newsletter, as: bob}
          - expect: {record: $ada, has: {lifecyclestage: marketingqualifiedlead, firstname: Ada}}
          - expect: {record: $bob, has: {lifecyclestage: subscriber, email: bob@acme.example}}
        """
    )
    assert failure is None


def test_a_meeting_is_booked_some_time_ahead(run_steps: RunSteps) -> None:
    """`book_meeting` books on a meetings link and names the contact."""
    failure = run_steps(
        """
        steps:
          - book_meeting: {link: rita, email: Bob@acme.example, as: bob, starts_in: 2d}
          - book_meeting: {link: rita, contact: $bob}
          - expect: {record: $bob, has: {email: bob@acme.example, lifecyclestage: lead}}
        """
    )
    assert failure is None


def test_only_a_person_moves_a_stage_back(run_steps: RunSteps) -> None:
    """`update` writes as an app, whose backward move is kept out; `edit` as a person, whose move works."""
    failure = run_steps(
        """
        given: [{contact: {as: ada, email: ada@acme.example, lifecyclestage: customer}}]
        steps:
          - update: {record: $ada, set: {lifecyclestage: lead, firstname: Ada}}
          - expect: {record: $ada, has: {lifecyclestage: customer, firstname: Ada}}
          - edit: {record: $ada, by: rita@twin.example, set: {lifecyclestage: lead, firstname: ""}}
          - expect: {record: $ada, has: {lifecyclestage: lead, firstname: null}}
        """
    )
    assert failure is None


@pytest.mark.parametrize("by", ["", ", by: rita@twin.example"])
def test_records_are_associated_and_deals_moved(run_steps: RunSteps, by: str) -> None:
    """`associate` and `move_deal` work as an app and as a user."""
    failure = run_steps(
        f"""
        given:
          - contact: {{as: ada, email: ada@acme.example}}
          - deal: {{as: deal, dealname: Big, dealstage: contractsent}}
        steps:
          - associate: {{record: $deal, with: $ada{by}}}
          - expect: {{record: $ada, has: {{lifecyclestage: opportunity}}}}
          - move_deal: {{deal: $deal, stage: closedwon{by}}}
          - expect: {{record: $ada, has: {{lifecyclestage: customer}}}}
        """
    )
    assert failure is None


def test_a_record_is_enrolled_in_a_workflow(run_steps: RunSteps) -> None:
    """`enroll` runs a workflow's actions on the record."""
    failure = run_steps(
        """
        given: [{company: {as: acme, name: Acme}}]
        steps:
          - enroll: {record: $acme, workflow: Close}
          - expect: {record: $acme, has: {lifecyclestage: customer}}
        """
    )
    assert failure is None


def test_time_passes(run_steps: RunSteps) -> None:
    """`wait` moves the clock: what is written afterwards has the later date."""
    failure = run_steps(
        """
        given: [{contact: {as: ada, email: ada@acme.example}}]
        steps:
          - wait: 1d 12h
          - update: {record: $ada, set: {lifecyclestage: customer}}
          - expect: {record: $ada, has: {hs_lifecyclestage_customer_date: 2026-03-03T21:00}}
        """
    )
    assert failure is None


def test_a_step_that_the_portal_refuses_fails_the_test(run_steps: RunSteps) -> None:
    """A refusal that nobody expected is a failure at the step's line, with the portal's words."""
    failure = run_steps(
        """
        given: [{contact: {as: ada, email: ada@acme.example}}]
        steps:
          - create_contact: {email: ada@acme.example}
        """
    )
    assert failure is not None
    assert failure.text == (
        "a.scenario.yaml:10  A test\n"
        "create_contact was refused: contact 1001 has email 'ada@acme.example' already\n"
        "reproduce: hubtwin test a.scenario.yaml -k one"
    )
