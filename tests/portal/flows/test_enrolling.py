"""Whom workflows enroll, who stays, who leaves: the rules of HubSpot's knowledge base (F7.22 to F7.34)."""

from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import CascadeError, InvalidDefinition, Refused
from hubtwin.portal.log import ENROLLED, KEPT_OUT, UNENROLLED
from hubtwin.portal.merging import merge

Json = dict[str, Any]

MQL = "marketingqualifiedlead"
IS_MQL = {"all": [{"property": "lifecyclestage", "is": MQL}]}
KNOWN = {"property": "lifecyclestage", "known": True}
MARK = [{"set": "jobtitle", "to": "marked"}]


def account(*workflows: Json, **more: Any) -> Portal:
    """A portal with workflows."""
    return Portal(Configuration.model_validate({"workflows": workflows, **more}))


def contact(portal: Portal, **values: str) -> Record:
    return portal.create("contacts", {"email": f"{len(portal.log)}@acme.example", **values})


def came_in(portal: Portal, record: Record) -> int:
    """How often a record was enrolled in any workflow."""
    return sum(entry.kind == ENROLLED for entry in portal.log.whole_timeline(record))


def move(portal: Portal, record: Record, *stages: str) -> None:
    """Through some stages, one after the other, whatever their order."""
    for stage in stages:
        portal.update(record, {"lifecyclestage": ""})
        portal.update(record, {"lifecyclestage": stage})


# -- once, and again -------------------------------------------------------------------------------------------


def test_a_record_comes_in_when_it_meets_the_criteria() -> None:
    """A new one, and one that comes to meet them; the actions run at once (F7.22)."""
    portal = account({"name": "W", "enroll": {"when": IS_MQL}, "actions": MARK})
    new, old, other = contact(portal, lifecyclestage=MQL), contact(portal), contact(portal)
    portal.update(old, {"lifecyclestage": MQL})
    assert [one.get("jobtitle") for one in (new, old, other)] == ["marked", "marked", None]


def test_only_the_first_time() -> None:
    """Who meets the criteria a second time stays out (F7.22)."""
    portal = account({"name": "W", "enroll": {"when": IS_MQL}, "actions": []})
    eve = contact(portal, lifecyclestage=MQL)
    move(portal, eve, "lead", MQL)
    assert came_in(portal, eve) == 1


def test_known_lets_a_record_in_at_every_change() -> None:
    """*Lifecycle stage is known* fires whenever it changes, as long as the criteria are met (F7.23)."""
    enroll = {"when": {"all": [KNOWN]}, "again": [KNOWN]}
    portal = account({"name": "W", "enroll": enroll, "actions": []})
    eve = contact(portal, lifecyclestage="lead")
    portal.update(eve, {"lifecyclestage": MQL})
    portal.update(eve, {"lifecyclestage": MQL})  # no change
    portal.update(eve, {"jobtitle": "CEO"})  # not about it
    portal.update(eve, {"lifecyclestage": "customer"})
    assert came_in(portal, eve) == 3


def test_a_value_lets_a_record_in_on_the_passage_only() -> None:
    """From not matching to matching, not while it goes on matching (F7.23)."""
    asked = {"property": "lifecyclestage", "is": [MQL, "customer"]}
    portal = account({"name": "W", "enroll": {"when": {"all": [asked]}, "again": [asked]}, "actions": []})
    eve = contact(portal, lifecyclestage=MQL)
    portal.update(eve, {"lifecyclestage": "customer"})
    assert came_in(portal, eve) == 1
    move(portal, eve, "lead", MQL)
    assert came_in(portal, eve) == 2


def test_again_means_all_that_enrolls() -> None:
    """`again: true` makes the conditions themselves the triggers."""
    portal = account({"name": "W", "enroll": {"when": IS_MQL, "again": True}, "actions": []})
    eve = contact(portal, lifecyclestage=MQL)
    move(portal, eve, "lead", MQL)
    assert came_in(portal, eve) == 2


def test_a_trigger_alone_is_not_enough() -> None:
    """Who hits it has to meet the enrollment criteria, too (F7.22)."""
    portal = account({"name": "W", "enroll": {"when": IS_MQL, "again": [KNOWN]}, "actions": []})
    eve = contact(portal, lifecyclestage=MQL)
    portal.update(eve, {"lifecyclestage": "customer"})
    assert came_in(portal, eve) == 1


def test_without_a_trigger_records_come_again_by_hand_only() -> None:
    """The switch alone lets nobody in by itself (F7.22.1)."""
    branch = account({"name": "W", "enroll": {"when": IS_MQL}, "actions": []}).workflows.find("W").data
    criteria = {**branch["enrollmentCriteria"], "shouldReEnroll": True}
    portal = account({"name": "W", "json": {"enrollmentCriteria": criteria}, "actions": []})
    eve = contact(portal, lifecyclestage=MQL)
    move(portal, eve, "lead", MQL)
    assert came_in(portal, eve) == 1
    portal.workflows.enroll("W", eve)
    assert came_in(portal, eve) == 2


def test_without_the_switch_triggers_do_nothing() -> None:
    """Re-enrollment has to be on (F7.22)."""
    data = account({"name": "W", "enroll": {"when": IS_MQL, "again": True}, "actions": []}).workflows.find("W").data
    criteria = {**data["enrollmentCriteria"], "shouldReEnroll": False}
    portal = account({"name": "W", "json": {"enrollmentCriteria": criteria}, "actions": []})
    eve = contact(portal, lifecyclestage=MQL)
    move(portal, eve, "lead", MQL)
    assert came_in(portal, eve) == 1


def test_nobody_comes_in_twice_at_a_time() -> None:
    """Who is in the workflow does not come in anew (F7.22)."""
    enroll = {"when": {"all": [KNOWN]}, "again": [KNOWN]}
    portal = account({"name": "W", "enroll": enroll, "actions": [{"wait": "1d"}]})
    eve = contact(portal, lifecyclestage="lead")
    portal.update(eve, {"lifecyclestage": MQL})
    portal.workflows.enroll("W", eve)
    assert came_in(portal, eve) == 1
    portal.clock.advance("1d")
    portal.update(eve, {"lifecyclestage": "customer"})
    assert came_in(portal, eve) == 2


def test_refinements_do_not_count_for_coming_again() -> None:
    """A form that has to be submitted nine times lets a record in again each time (F7.23.1)."""
    often = {"form": "Demo", "at_least": 9}
    enroll = {"when": {"all": [{"property": "email", "known": True}]}, "again": [often]}
    portal = account({"name": "W", "enroll": enroll, "actions": []}, forms=[{"name": "Demo"}])
    counts = []
    for _ in range(3):
        counts.append(came_in(portal, portal.forms.submit("Demo", {"email": "eve@acme.example"})))
        portal.clock.advance("1h")
    assert counts == [1, 2, 3]


def test_by_hand_the_criteria_do_not_matter() -> None:
    """Whoever is enrolled by hand comes in, and it says who did it (F7.23)."""
    portal = account({"name": "W", "enroll": {"when": IS_MQL}, "actions": MARK})
    eve = contact(portal)
    portal.workflows.enroll("W", eve)
    assert eve.get("jobtitle") == "marked"


# -- on and off ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("existing", "title"), [(True, "marked"), (False, None)])
def test_turning_on_with_or_without_those_who_match(existing: bool, title: str | None) -> None:
    """Whether records that meet the criteria already come in is asked when a workflow is turned on (F7.24)."""
    portal = account({"name": "W", "active": False, "enroll": {"when": IS_MQL}, "actions": MARK})
    eve = contact(portal, lifecyclestage=MQL)
    portal.workflows.turn(portal.workflows.find("W"), on=True, existing=existing)
    assert eve.get("jobtitle") == title


def test_who_goes_on_meeting_the_criteria_stays_out() -> None:
    """Not enrolled as the workflow was turned on, a record has to come to meet the criteria anew (F7.24)."""
    either = {"all": [{"property": "lifecyclestage", "is": [MQL, "customer"]}]}
    portal = account({"name": "W", "active": False, "enroll": {"when": either}, "actions": []})
    eve = contact(portal, lifecyclestage=MQL)
    portal.workflows.turn(portal.workflows.find("W"), on=True)
    portal.update(eve, {"lifecyclestage": "customer"})
    assert came_in(portal, eve) == 0
    move(portal, eve, MQL)
    assert came_in(portal, eve) == 1


def test_the_records_of_a_file() -> None:
    """A workflow of a portal file begins when its records are there; it may begin with them (F7.24)."""
    records = [{"contact": {"as": "eve", "email": "eve@acme.example", "lifecyclestage": MQL}}]
    for existing, title in ((True, "marked"), (False, None)):
        enroll = {"when": IS_MQL, "existing": existing}
        portal = account({"name": "W", "enroll": enroll, "actions": MARK}, records=records)
        assert portal.seeding.records["eve"].get("jobtitle") == title


def test_who_was_in_before_does_not_come_in_by_turning_on() -> None:
    """Turned off and on, a workflow takes those who were never in it (F7.24)."""
    portal = account({"name": "W", "enroll": {"when": IS_MQL}, "actions": []})
    eve, flow = contact(portal, lifecyclestage=MQL), portal.workflows.find("W")
    portal.workflows.turn(flow, on=False)
    bob = contact(portal, lifecyclestage=MQL)
    portal.workflows.turn(flow, on=True, existing=True)
    assert (came_in(portal, eve), came_in(portal, bob)) == (1, 1)


def test_a_workflow_that_is_off_enrolls_nobody() -> None:
    """Neither by criteria nor by hand (F7.25)."""
    portal = account({"name": "W", "active": False, "enroll": {"when": IS_MQL}, "actions": MARK})
    eve = contact(portal, lifecyclestage=MQL)
    assert eve.get("jobtitle") is None
    with pytest.raises(Refused, match="workflow 'W' is off"):
        portal.workflows.enroll("W", eve)


# -- leaving ---------------------------------------------------------------------------------------------------


def reasons(portal: Portal) -> list[str]:
    """Why records left workflows."""
    return [str(entry.value) for entry in portal.log if entry.kind == UNENROLLED]


def test_who_no_longer_meets_the_criteria_leaves() -> None:
    """Where the workflow says so, and only then (F7.26)."""
    enroll = {"when": IS_MQL}
    staying = {"name": "Stay", "enroll": enroll, "actions": [{"wait": "1d"}, *MARK]}
    leaving = {"name": "Leave", "enroll": {**enroll, "leave_when_not_met": True}, "actions": [{"wait": "1d"}]}
    portal = account(staying, leaving)
    eve = contact(portal, lifecyclestage=MQL)
    portal.update(eve, {"lifecyclestage": "customer"})
    assert reasons(portal) == ["Leave: no longer meets the criteria"]
    portal.clock.advance("1d")
    assert eve.get("jobtitle") == "marked"


def test_suppressed_contacts_neither_come_in_nor_stay() -> None:
    """The members of suppression lists (F7.26)."""
    lists = [{"name": "Rivals", "kind": "static"}]
    portal = account(
        {"name": "W", "suppress": ["Rivals"], "enroll": {"when": IS_MQL}, "actions": [{"wait": "1d"}, *MARK]},
        lists=lists,
    )
    rivals = next(iter(portal.lists))
    eve, bob = contact(portal, lifecyclestage=MQL), contact(portal)
    portal.lists.add(rivals, [eve, bob])
    portal.update(bob, {"lifecyclestage": MQL})
    assert (reasons(portal), came_in(portal, bob)) == (["W: suppressed"], 0)
    assert any(entry.kind == KEPT_OUT for entry in portal.log.timeline(bob))
    with pytest.raises(Refused, match=r"workflow 'W' keeps contact .* out: suppressed"):
        portal.workflows.enroll("W", bob)


def test_who_is_no_longer_suppressed_stays_out() -> None:
    """Until it comes to meet the criteria again (F7.26.1)."""
    portal = account(
        {"name": "W", "suppress": ["Rivals"], "enroll": {"when": IS_MQL}, "actions": []},
        lists=[{"name": "Rivals", "kind": "static"}],
    )
    rivals, eve = next(iter(portal.lists)), contact(portal)
    portal.lists.add(rivals, [eve])
    portal.update(eve, {"lifecyclestage": MQL})
    portal.lists.remove(rivals, [eve])
    assert came_in(portal, eve) == 0


def test_others_are_suppressed_by_conditions() -> None:
    """Companies, deals and so on have no suppression lists (F7.3, F7.26)."""
    foreign = {"all": [{"property": "country", "is": "Sweden"}]}
    enroll = {"when": {"all": [{"property": "name", "known": True}]}}
    workflow = {"name": "W", "object": "companies", "suppress": foreign, "enroll": enroll}
    portal = account({**workflow, "actions": [{"wait": "1d"}]})
    acme = portal.create("companies", {"name": "Acme"})
    other = portal.create("companies", {"name": "Other", "country": "Sweden"})
    assert (came_in(portal, acme), came_in(portal, other)) == (1, 0)
    portal.update(acme, {"country": "Sweden"})
    assert reasons(portal) == ["W: suppressed"]


def test_a_record_leaves_the_other_workflows() -> None:
    """All others, or those that are named, as it comes into this one (F7.6)."""
    waiting = [{"wait": "1d"}]
    portal = account(
        *({"name": name, "actions": waiting} for name in "AB"),
        {"name": "All", "ends": "all", "actions": waiting},
        {"name": "One", "ends": ["All"], "actions": waiting},
    )
    eve = contact(portal)
    for name in ("A", "B", "All", "One"):
        portal.workflows.enroll(name, eve)
    assert reasons(portal) == ["A: enrolled in All", "B: enrolled in All", "All: enrolled in One"]


def test_a_deleted_record_leaves_for_good() -> None:
    """What it waited for does not happen, and restored it is not in the workflow (F7.26)."""
    portal = account({"name": "W", "actions": [{"wait": "1d"}, *MARK]})
    eve = contact(portal)
    portal.workflows.enroll("W", eve)
    portal.archive(eve)
    portal.clock.advance("1d")
    assert reasons(portal) == ["W: the record was deleted"]
    assert eve.get("jobtitle") is None


def test_somebody_takes_a_record_out() -> None:
    """By hand (F7.26)."""
    portal = account({"name": "W", "actions": [{"wait": "1d"}, *MARK]})
    eve = contact(portal)
    portal.workflows.enroll("W", eve)
    portal.workflows.unenroll("W", eve)
    portal.clock.advance("1d")
    assert (reasons(portal), eve.get("jobtitle")) == (["W: by hand"], None)


def test_a_deleted_workflow_lets_its_records_go() -> None:
    """Nothing of it happens any more, its schedule included."""
    schedule = {"at": "10:00"}
    portal = account({"name": "W", "enroll": {"schedule": schedule}, "actions": [{"wait": "1d"}, *MARK]})
    eve = contact(portal)
    portal.clock.advance("1h")
    portal.workflows.delete(portal.workflows.find("W"))
    portal.clock.advance("3d")
    assert (came_in(portal, eve), eve.get("jobtitle")) == (1, None)


# -- merging ---------------------------------------------------------------------------------------------------


def test_merged_records() -> None:
    """The new one has the place of the primary one, the other one leaves (F7.26.2)."""
    portal = account({"name": "W", "actions": [{"wait": "1d"}, *MARK]})
    eve, bob = contact(portal), contact(portal)
    for one in (eve, bob):
        portal.workflows.enroll("W", one)
    merged = merge(portal, eve, bob)
    assert reasons(portal) == ["W: the record was merged into another one"]
    portal.clock.advance("1d")
    assert merged.get("jobtitle") == "marked"


def test_a_merge_enrolls_nobody() -> None:
    """Neither who comes to meet the criteria by it, nor who has been in before (F7.22.3)."""
    both = {"all": [{"property": "lifecyclestage", "is": MQL}, {"property": "city", "known": True}]}
    portal = account({"name": "W", "enroll": {"when": both}, "actions": []})
    eve, bob = contact(portal, lifecyclestage=MQL), contact(portal, city="Turku")
    merged = merge(portal, eve, bob)
    portal.update(merged, {"city": "Espoo"})
    assert came_in(portal, merged) == 0
    portal.update(merged, {"city": ""})
    portal.update(merged, {"city": "Oulu"})
    assert came_in(portal, merged) == 1


# -- other objects, other records, the clock -------------------------------------------------------------------


def test_deals() -> None:
    """Workflows are about any object (F7.1)."""
    won = {"all": [{"property": "dealstage", "is": "closedwon"}]}
    portal = account(
        {"name": "W", "object": "deals", "enroll": {"when": won}, "actions": [{"set": "description", "to": "won"}]}
    )
    deal = portal.create("deals", {"dealname": "D", "dealstage": "appointmentscheduled"})
    portal.update(deal, {"dealstage": "closedwon"})
    assert deal.get("description") == "won"


def test_criteria_about_associated_records() -> None:
    """A contact comes in when its company changes, or when it gets one that fits."""
    of_company = {"associated": "companies", "all": [{"property": "country", "is": "Finland"}]}
    portal = account({"name": "W", "enroll": {"when": {"all": [of_company]}}, "actions": MARK})
    eve, bob = contact(portal), contact(portal)
    acme = portal.create("companies", {"name": "Acme"}, links=[(eve, ())])
    portal.update(acme, {"country": "Finland"})
    assert (eve.get("jobtitle"), bob.get("jobtitle")) == ("marked", None)
    portal.associate(bob, acme)
    assert bob.get("jobtitle") == "marked"


def test_criteria_that_time_meets() -> None:
    """*More than 30 days ago* becomes true though nothing happens."""
    old = {"all": [{"property": "createdate", "before_last_days": 30}]}
    portal = account({"name": "W", "enroll": {"when": old}, "actions": MARK})
    eve = contact(portal)
    portal.clock.advance("29d")
    assert eve.get("jobtitle") is None
    portal.clock.advance("3d")
    assert eve.get("jobtitle") == "marked"


def test_a_delay_before_the_first_action() -> None:
    """An option: HubSpot's actions come some seconds after what enrolled the record (F7.30.1)."""
    portal = account({"name": "W", "enroll": {"when": IS_MQL}, "actions": MARK}, options={"workflow_delay": "5s"})
    eve = contact(portal, lifecyclestage=MQL)
    portal.clock.advance("4s")
    assert eve.get("jobtitle") is None
    portal.clock.advance("1s")
    assert eve.get("jobtitle") == "marked"


# -- limits and loops ------------------------------------------------------------------------------------------


def test_too_many_filters() -> None:
    """An enrollment has 250 filters at most (F7.32)."""
    many = [{"property": "city", "is_not": f"{number}"} for number in range(251)]
    with pytest.raises(ValueError, match="has 251 filters; a flow enrolls by 250 at most"):
        account({"name": "W", "enroll": {"when": {"all": many}}, "actions": []})


@pytest.mark.parametrize(("plan", "most"), [("professional", 300), ("starter", 0)])
def test_too_many_workflows(plan: str, most: int) -> None:
    """An account has 300 of them, or 1000 in the largest plan, or none (F7.32)."""
    data = account({"name": "W", "actions": []}).workflows.find("W").data
    portal = account(limits={"plan": plan})
    for _ in range(most):
        portal.workflows.create(data)
    with pytest.raises(InvalidDefinition, match=f"{plan} accounts have {most} at most"):
        portal.workflows.create(data)


def looping(*more: Json, after: str = "") -> Portal:
    """Two workflows that start each other: one writes the city that the other one waits for, and back."""

    def turn(name: str, when: str, to: str) -> Json:
        enroll = {"when": {"all": [{"property": "city", "is": when}]}, "again": True}
        wait = [{"wait": after}] if after else []
        return {"name": name, "enroll": enroll, "actions": [*wait, {"set": "city", "to": to}]}

    return account(turn("Ping", "Turku", "Oulu"), turn("Pong", "Oulu", "Turku"), *more)


def test_workflows_that_start_each_other() -> None:
    """The write that begins it is told; everything else is done, and the portal works on (F7.31.1)."""
    portal = looping()
    eve, bob = contact(portal), contact(portal)
    with pytest.raises(CascadeError, match="Ping") as caught:
        portal.update(eve, {"city": "Turku"})
    assert any("Pong" in line for line in caught.value.story)
    assert not any(flow.active for flow in portal.workflows)
    portal.update(bob, {"jobtitle": "CEO"})
    portal.clock.advance("1d")
    assert bob.get("jobtitle") == "CEO"


def test_the_clock_goes_on_after_a_loop() -> None:
    """What else was due is done (F7.31.1)."""
    portal = looping(
        {"name": "Late", "actions": [{"wait": "1h"}, *MARK]},
        {"name": "Begin", "actions": [{"wait": "1h"}, {"set": "city", "to": "Turku"}]},
    )
    eve, bob = contact(portal), contact(portal)
    portal.workflows.enroll("Begin", eve)
    portal.workflows.enroll("Late", bob)
    with pytest.raises(CascadeError):
        portal.clock.advance("2h")
    portal.clock.advance("2h")
    assert bob.get("jobtitle") == "marked"


def test_what_takes_time_is_no_loop() -> None:
    """Two workflows may hand a record to and fro for years (F7.31.1)."""
    portal = looping(after="1d")
    eve = contact(portal, city="Turku")
    portal.clock.advance("365d")
    assert came_in(portal, eve) == 366


# -- snapshots -------------------------------------------------------------------------------------------------


def test_a_restored_portal_goes_on() -> None:
    """Records that waited wait, watches watch and schedules run, as they did when the snapshot was taken."""
    portal = account(
        {"name": "Wait", "actions": [{"wait": "1d"}, *MARK]},
        {"name": "Watch", "enroll": {"when": IS_MQL}, "actions": [{"set": "city", "to": "Turku"}]},
        {
            "name": "Daily",
            "enroll": {"schedule": {"at": "12:00"}, "again": True},
            "actions": [{"set": "runs", "add": 1}],
        },
        properties={"contacts": [{"name": "runs", "type": "number"}]},
    )
    eve = contact(portal)
    portal.workflows.enroll("Wait", eve)
    snapshot = portal.snapshot()
    portal.workflows.unenroll("Wait", eve)
    portal.clock.advance("5d")
    for _ in range(2):
        portal.restore(snapshot)
        again = portal.find("contacts", eve.id)
        portal.clock.advance("1d")
        portal.update(again, {"lifecyclestage": MQL})
        names = ("jobtitle", "city", "runs")
        assert [again.get(name) for name in names] == ["marked", "Turku", "1"]
