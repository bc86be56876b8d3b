"""Issues of workflows: what needs review, and who is told."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.flows.issues import Issue

ADA, BOB = "ada@acme.example", "bob@acme.example"
BACK: dict[str, Any] = {
    "name": "Back",
    "actions": [{"set": "lifecyclestage", "to": "lead"}, {"set": "closedate", "to": "soon"}],
}


@pytest.fixture
def portal() -> Portal:
    """A workflow with two mistakes; Ada wants to know of stages that can't go back, Bob of all else."""
    alerts = [{"users": [ADA], "kinds": ["backward_stage"]}, {"users": [BOB], "kinds": ["other"]}]
    users = [{"email": ADA}, {"email": BOB}]
    return Portal(Configuration.model_validate({"users": users, "workflows": [BACK], "workflow_alerts": alerts}))


def customer(portal: Portal, name: str = "eve") -> Record:
    return portal.create("contacts", {"email": f"{name}@acme.example", "lifecyclestage": "customer"})


def issues(portal: Portal) -> list[tuple[str, int]]:
    return [(issue.kind, len(issue.entries)) for issue in portal.workflows.review.needs_review()]


def first(portal: Portal) -> Issue:
    return portal.workflows.review.needs_review()[0]


def test_failures_of_one_kind_are_one_issue(portal: Portal) -> None:
    """By workflow, action and kind; it says what went wrong and how to fix it (F2.12, F2.12.1, F7.33)."""
    for name in ("eve", "mia"):
        portal.workflows.enroll("Back", customer(portal, name))
    assert issues(portal) == [("backward_stage", 2), ("other", 2)]
    issue = first(portal)
    assert issue.message == 'Lifecycle stage was not updated: "lead" comes before the current stage "customer".'
    assert "if/then branch" in issue.fix


def test_an_issue_that_was_dealt_with_comes_back(portal: Portal) -> None:
    """Only when it happens again (F2.12.1)."""
    portal.workflows.enroll("Back", customer(portal))
    portal.workflows.review.hide(first(portal))
    assert issues(portal) == [("other", 1)]
    portal.workflows.enroll("Back", customer(portal, "mia"))
    assert issues(portal) == [("backward_stage", 2), ("other", 2)]


def test_everybody_is_told_of_what_they_chose(portal: Portal) -> None:
    """The chain of causes leads from the notice to the write that was kept out (F2.13)."""
    eve = customer(portal)
    portal.workflows.enroll("Back", eve)
    (to_ada,), (to_bob,) = (portal.notifications.of(email) for email in (ADA, BOB))
    assert (to_ada.subject, to_ada.source.rule) == ("Workflow Back needs review", "workflow_alerts.0")
    assert to_bob.body.startswith("closedate: soon")
    assert [entry.kind for entry in portal.log.why(to_ada.entry)] == ["enrolled", "kept", "action failed", "notified"]


def test_what_is_not_executed_is_a_kind_of_its_own() -> None:
    """Nothing is wrong with it, and nobody is told who didn't ask for it (F7.17.0)."""
    slack = {"json": {"type": "SINGLE_CONNECTION", "actionTypeId": "1-179507819", "actionTypeVersion": 0, "fields": {}}}
    configuration = {
        "users": [{"email": ADA}, {"email": BOB}],
        "workflows": [{"name": "Tell", "actions": [slack]}],
        "workflow_alerts": [{"users": [ADA]}, {"users": [BOB], "kinds": ["not_executed"]}],
    }
    portal = Portal(Configuration.model_validate(configuration))
    portal.workflows.enroll("Tell", customer(portal))
    assert issues(portal) == [("not_executed", 1)]
    assert [len(portal.notifications.of(email)) for email in (ADA, BOB)] == [0, 1]
