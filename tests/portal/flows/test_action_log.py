"""The action log: what people see of what a workflow did, and the metrics that are counted in it."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.flows import action_log
from hubtwin.portal.flows.metrics import Metrics
from hubtwin.portal.merging import forget

MQL = "marketingqualifiedlead"
HAND_OVER: dict[str, Any] = {
    "name": "Hand over",
    "enroll": {"when": {"all": [{"property": "lifecyclestage", "is": MQL}]}},
    "goal": {"all": [{"property": "jobtitle", "is": "retired"}]},
    "actions": [
        {"wait": "1h"},
        {
            "if": {"all": [{"property": "jobtitle", "contains": "CEO"}]},
            "then": [{"set": "lifecyclestage", "to": "salesqualifiedlead"}],
            "else": [{"set": "lifecyclestage", "to": "lead"}],
        },
    ],
}


@pytest.fixture
def portal() -> Portal:
    """A workflow that waits, and then makes one mistake with all who are no CEOs."""
    return Portal(Configuration.model_validate({"workflows": [HAND_OVER]}))


def mql(portal: Portal, title: str = "") -> Record:
    values = {"email": f"{len(portal.log)}@acme.example", "jobtitle": title, "lifecyclestage": MQL}
    return portal.create("contacts", values)


def log(portal: Portal, name: str = "Hand over") -> list[tuple[str | None, str]]:
    """The actions and how they came out, newest first."""
    return [(event.action, event.status) for event in action_log.events(portal, portal.workflows.find(name))]


def metrics(portal: Portal, name: str = "Hand over") -> Metrics:
    return portal.workflows.metrics(portal.workflows.find(name))


def places(portal: Portal) -> dict[str, int]:
    """How many records are at each action, where there are any."""
    return {one.action: one.waiting for one in metrics(portal).actions if one.waiting}


# -- the log ---------------------------------------------------------------------------------------------------


def test_the_log_tells_it_newest_first(portal: Portal) -> None:
    """Who came in, and how each action came out; a delay waits until it is over (F7.33.1)."""
    mql(portal)
    assert log(portal) == [("1", "waiting"), (None, "enrolled")]
    portal.clock.advance("1h")
    assert log(portal) == [("4", "failed"), ("2", "succeeded"), ("1", "succeeded"), (None, "enrolled")]


def test_who_enrolled_a_record_and_why_it_left(portal: Portal) -> None:
    """The workflow by its criteria, or somebody by hand; a record that left waits no more (F7.33.1)."""
    eve, bob = mql(portal), portal.create("contacts", {"email": "bob@acme.example"})
    portal.update(eve, {"jobtitle": "retired"})
    portal.workflows.enroll("Hand over", bob)
    events = list(action_log.events(portal, portal.workflows.find("Hand over")))
    assert [(event.record, event.status, event.message) for event in events if event.action is None] == [
        (bob, "enrolled", "app 1"),
        (eve, "left", "goal met"),
        (eve, "enrolled", "by its criteria"),
    ]
    assert [event.status for event in events if event.action == "1"] == ["waiting", "succeeded"]


def test_an_event_ends_the_waiting_for_it() -> None:
    """Once it occurred nothing waits, however long it might have been waited for (F7.33.1)."""
    wait = {"wait_until": {"events": [{"event": "form submitted", "form": "Demo"}], "at_most": "7d"}}
    workflows = [{"name": "Wait", "actions": [wait, {"wait": "1h"}]}]
    portal = Portal(Configuration.model_validate({"forms": [{"name": "Demo"}], "workflows": workflows}))
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    portal.workflows.enroll("Wait", eve)
    portal.forms.submit("Demo", {"email": "eve@acme.example"})
    assert log(portal, "Wait") == [("2", "waiting"), ("1", "succeeded"), ("1", "succeeded"), (None, "enrolled")]


def test_the_log_forgets_after_90_days(portal: Portal) -> None:
    """The metrics don't (F7.33, F7.33.2)."""
    mql(portal)
    portal.clock.advance("91d")
    assert (log(portal), list(portal.workflows.issues)) == ([], [])
    assert (metrics(portal).enrolled, metrics(portal).actions[3].failed) == (1, 1)


def test_data_that_was_wiped_is_not_shown(portal: Portal) -> None:
    """Nothing is told of a record that was deleted for good, and the log goes on (F7.33.1)."""
    eve, mia = mql(portal), mql(portal)
    portal.clock.advance("1h")
    forget(portal, eve, portal.app)
    assert {event.record for event in portal.workflows.action_log} == {mia}
    assert metrics(portal).enrolled == 1


# -- the metrics -----------------------------------------------------------------------------------------------


def test_where_the_records_of_a_workflow_are(portal: Portal) -> None:
    """Enrolled, and of those active, completed and left, by the reasons (F7.33.2)."""
    for title in ("CEO", ""):
        mql(portal, title)
    portal.clock.advance("1h")
    goes = mql(portal)
    mql(portal)
    portal.update(goes, {"jobtitle": "retired"})
    found = metrics(portal)
    assert (found.enrolled, found.unique, found.active, found.completed) == (4, 4, 1, 2)
    assert found.left == {"goal met": 1}


def test_what_the_actions_did(portal: Portal) -> None:
    """How often each succeeded and failed, who is in delays, and which branches were taken (F7.33.2)."""
    for title in ("CEO", ""):
        mql(portal, title)
    portal.clock.advance("1h")
    mql(portal)
    found = metrics(portal).actions
    assert [(one.title, one.succeeded, one.failed, one.waiting) for one in found] == [
        ("Delay for a set amount of time", 2, 0, 1),
        ("Branch", 2, 0, 0),
        ("Edit record", 1, 0, 0),
        ("Edit record", 0, 1, 0),
    ]
    assert [(branch.name, branch.taken) for branch in found[1].branches] == [("Met", 1), ("None met", 1)]


def test_a_record_counts_as_often_as_it_comes(portal: Portal) -> None:
    """Enrolled twice, it is one record (F7.33.2)."""
    eve = mql(portal)
    portal.clock.advance("1h")
    portal.workflows.enroll("Hand over", eve)
    assert (metrics(portal).enrolled, metrics(portal).unique) == (2, 1)


def test_a_workflow_that_is_off_lets_records_pass(portal: Portal) -> None:
    """They wait at its delay, and behind that nothing is done with them (F7.25, F7.33.2)."""
    mql(portal)
    portal.workflows.turn(portal.workflows.find("Hand over"), on=False)
    assert places(portal) == {"1": 1}
    portal.clock.advance("1h")
    assert places(portal) == {}
    assert [one.failed for one in metrics(portal).actions if one.succeeded == 0 and one.failed] == [1]


def test_actions_that_are_gone_are_still_counted(portal: Portal) -> None:
    """Behind those that the workflow has, with their branches (F7.33.2)."""
    mql(portal)
    portal.clock.advance("1h")
    flow = portal.workflows.find("Hand over")
    only = [{key: value for key, value in flow.data["actions"][0].items() if key != "connection"}]
    portal.workflows.replace(flow, {**flow.data, "actions": only, "revisionId": str(flow.revision)})
    assert [(one.action, one.title, one.failed) for one in metrics(portal).actions] == [
        ("1", "Delay for a set amount of time", 0),
        ("2", "Branch", 0),
        ("4", "Edit record", 1),
    ]
    (branch,) = metrics(portal).actions[1].branches
    assert (branch.name, branch.taken) == ("defaultBranch", 1)


def test_the_issues_of_a_workflow_go_with_it(portal: Portal) -> None:
    """Nobody can fix them any more (F7.33.3)."""
    mql(portal)
    portal.clock.advance("1h")
    assert len(portal.workflows.review.needs_review()) == 1
    portal.workflows.delete(portal.workflows.find("Hand over"))
    assert portal.workflows.review.needs_review() == []
