"""What becomes of the records in a workflow that is changed, or turned off (F7.4.3, F7.25, F7.26.3)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.flows.flow import Flow
from hubtwin.portal.log import UNENROLLED

Json = dict[str, Any]

MARK = {"set": "jobtitle", "to": "marked"}
CITY = {"set": "city", "to": "Turku"}
LEAD = {"all": [{"property": "lifecyclestage", "is": "lead"}]}


def waiting(*actions: Json, **members: Any) -> tuple[Portal, Flow, Record]:
    """A portal, its workflow, and a contact that is in it."""
    workflow = {"name": "W", "actions": actions, **members}
    lists = [{"name": "Rivals", "kind": "static"}]
    portal = Portal(Configuration.model_validate({"workflows": [workflow], "lists": lists}))
    eve = portal.create("contacts", {"email": "eve@acme.example", "lifecyclestage": "subscriber"})
    portal.workflows.enroll("W", eve)
    return portal, portal.workflows.find("W"), eve


def change(portal: Portal, *actions: Json, **members: Any) -> None:
    """Give the workflow other actions, or other members."""
    flow = portal.workflows.find("W")
    if actions:
        workflow = {"name": "Other", "actions": actions}
        other = Portal(Configuration.model_validate({"workflows": [workflow]})).workflows.find("Other").data
        members |= {name: other[name] for name in ("actions", "startActionId")}
    portal.workflows.replace(flow, {**flow.data, **members, "revisionId": str(flow.revision)})


def reasons(portal: Portal) -> list[str]:
    """Why records left the workflow."""
    return [str(entry.value) for entry in portal.log if entry.kind == UNENROLLED]


# -- turned off ------------------------------------------------------------------------------------------------


def test_turned_off_records_pass_the_actions() -> None:
    """Each action that is not done is an error in the log; so the record comes to the end (F7.25)."""
    portal, flow, eve = waiting({"wait": "1d"}, MARK, CITY)
    portal.workflows.turn(flow, on=False)
    portal.clock.advance("2d")
    assert (eve.get("jobtitle"), eve in flow.active) == (None, False)
    assert [event.message for event in portal.workflows.issues] == ["not done: the workflow is off"] * 2
    portal.workflows.turn(flow, on=True)
    assert eve.get("jobtitle") is None


def test_turned_on_again_in_time_nothing_is_missed() -> None:
    """What a record waits for is done where the workflow is on as the delay ends (F7.25)."""
    portal, flow, eve = waiting({"wait": "1d"}, MARK)
    portal.workflows.turn(flow, on=False)
    portal.clock.advance("12h")
    portal.workflows.turn(flow, on=True)
    portal.clock.advance("12h")
    assert eve.get("jobtitle") == "marked"


def test_turned_off_branches_and_delays_work_on() -> None:
    """Records choose their branch and enter delays as before (F7.25)."""
    branch = {"if": LEAD, "then": [MARK], "else": [{"wait": "1d"}, CITY]}
    portal, flow, eve = waiting({"wait": "1h"}, branch)
    portal.workflows.turn(flow, on=False)
    portal.clock.advance("2h")
    assert eve in flow.active
    portal.workflows.turn(flow, on=True)
    portal.clock.advance("1d")
    assert (eve.get("jobtitle"), eve.get("city")) == (None, "Turku")


# -- other actions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wait", "hours"), [("3d", 60), ("1d", 12), ("6h", 0)])
def test_a_delay_that_is_changed(wait: str, hours: int) -> None:
    """What it says now counts from when the record came to it; where that is over, the record goes on (F7.4.3)."""
    portal, _, eve = waiting({"wait": "2d"}, MARK)
    portal.clock.advance("12h")
    change(portal, {"wait": wait}, MARK)
    if hours:
        portal.clock.advance(f"{hours - 1}h")
        assert eve.get("jobtitle") is None
        portal.clock.advance("1h")
    assert eve.get("jobtitle") == "marked"


def test_a_delay_that_is_as_it_was() -> None:
    """A change of something else does not begin it anew, nor does turning off and on (F7.4.3)."""
    portal, flow, eve = waiting({"wait": "1d"}, MARK)
    portal.clock.advance("12h")
    change(portal, {"wait": "1d"}, CITY)
    for on in (False, True):
        portal.workflows.turn(flow, on=on)
    portal.clock.advance("12h")
    assert (eve.get("jobtitle"), eve.get("city")) == (None, "Turku")
    assert len([event for event in portal.workflows.events(flow) if event.action == "1"]) == 1


def test_a_delay_that_is_taken_out() -> None:
    """Its records go on at once (F7.4.3)."""
    portal, flow, eve = waiting({"wait": "1d"}, MARK)
    (_, mark) = flow.data["actions"]
    change(portal, actions=[mark], startActionId=mark["actionId"])
    assert eve.get("jobtitle") == "marked"


def test_an_action_that_is_put_behind_a_delay() -> None:
    """Records in the delay come to it: they go where the delay leads as it ends (F7.4.3)."""
    portal, flow, eve = waiting({"wait": "1d"}, MARK)
    wait, mark = flow.data["actions"]
    more = {**mark, "actionId": "9", "fields": {**mark["fields"], "property_name": "city"}}
    more["connection"] = {"edgeType": "STANDARD", "nextActionId": mark["actionId"]}
    change(portal, actions=[{**wait, "connection": {"edgeType": "STANDARD", "nextActionId": "9"}}, more, mark])
    portal.clock.advance("1d")
    assert (eve.get("city"), eve.get("jobtitle")) == ("marked", "marked")


def test_an_action_that_is_gone_before_a_record_came_to_it() -> None:
    """A record that waits for the hours of the workflow goes on with the next one that is there still (F7.4.3)."""
    friday = [{"days": ["FRIDAY"], "start": "09:00", "end": "17:00"}]
    portal, flow, eve = waiting(MARK, CITY, hours=friday)
    change(portal, actions=flow.data["actions"][1:], startActionId=flow.data["actions"][1]["actionId"])
    portal.clock.advance("7d")
    assert (eve.get("jobtitle"), eve.get("city")) == (None, "Turku")


def test_a_date_that_changes_while_a_record_waits_for_it() -> None:
    """The delay keeps the moment that it had as the record came to it (F7.17.3502)."""
    portal, _, eve = waiting({"set": "closedate", "to": "2026-03-05"}, {"wait_until": {"date": "closedate"}}, MARK)
    portal.update(eve, {"closedate": "2026-03-20"})
    portal.clock.advance("4d")
    assert eve.get("jobtitle") == "marked"


# -- who has to leave ------------------------------------------------------------------------------------------


def test_a_new_suppression_list() -> None:
    """Its members leave at once (F7.26.3)."""
    portal, _, eve = waiting({"wait": "1d"}, MARK)
    (rivals,) = portal.lists
    portal.lists.add(rivals, [eve])
    change(portal, suppressionListIds=[rivals.id])
    assert reasons(portal) == ["W: suppressed"]


def test_goals_and_lists_count_in_a_workflow_that_is_off() -> None:
    """Who meets the goal, or is suppressed, leaves it as well (F7.26.3)."""
    portal, flow, eve = waiting({"wait": "1d"}, MARK, goal=LEAD, suppress=["Rivals"])
    bob = portal.create("contacts", {"email": "bob@acme.example", "lifecyclestage": "subscriber"})
    portal.workflows.enroll("W", bob)
    portal.workflows.turn(flow, on=False)
    portal.update(eve, {"lifecyclestage": "lead"})
    portal.lists.add(next(iter(portal.lists)), [bob])
    assert reasons(portal) == ["W: goal met", "W: suppressed"]


def test_a_snapshot_of_a_record_in_a_delay() -> None:
    """Restored, it waits from when it came; a change of the delay counts from then, too (F7.4.3)."""
    portal, _, eve = waiting({"wait": "2d"}, MARK)
    snapshot = portal.snapshot()
    portal.clock.advance("3d")
    portal.restore(snapshot)
    portal.clock.advance("12h")
    change(portal, {"wait": "1d"}, MARK)
    portal.clock.advance("12h")
    again = portal.find("contacts", eve.id)
    assert again.get("jobtitle") == "marked"
