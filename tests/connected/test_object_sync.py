"""The two-way sync, shown with a marketing automation system at the other end."""

from typing import Any

import pytest

from hubtwin.connected.marketing_automation import MarketingAutomation
from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.log import SET, Entry
from hubtwin.portal.merging import merge
from hubtwin.portal.moments import MINUTE
from hubtwin.portal.objects import CONTACTS, LIFECYCLE

STAGES = {"lead": "Cold", "marketingqualifiedlead": "Warm", "salesqualifiedlead": "Hot"}


def made(*mappings: dict[str, Any], **people: Any) -> Portal:
    """A portal in sync with a system whose people have a rating and the stages Cold, Warm and Hot."""
    automation = {
        "people": {"mappings": list(mappings), **people},
        "stages": [{"name": "Cold", "score": 0}, {"name": "Warm", "score": 30}, {"name": "Hot", "score": 60}],
        "fields": {"rating": ["good", "bad"]},
    }
    lists = [{"name": "Chosen", "kind": "static"}]
    return Portal(Configuration.model_validate({"connected": {"marketing_automation": automation}, "lists": lists}))


def other(portal: Portal) -> MarketingAutomation:
    return portal.connected.marketing_automation


def mapped(rule: str, property: str = "jobtitle", field: str = "company") -> dict[str, Any]:
    return {"property": property, "field": field, "rule": rule}


def ada(portal: Portal, **values: str) -> Record:
    return portal.create("contacts", {"email": "ada@acme.example", **values})


def both(portal: Portal, rule: str, here: str = "", there: str = "") -> tuple[Portal, Record, Any]:
    """A contact and a person who have met and agreed on a value."""
    contact = ada(portal, jobtitle=here)
    person = other(portal).people.create({"email": "ada@acme.example", "company": there})
    other(portal).sync()
    return portal, contact, person


def test_a_new_contact_goes_over_and_a_new_person_comes() -> None:
    """Both sides make what the other has, under their own ids; the writer is a data sync (F4.20.11)."""
    portal = made(mapped("two_way", "firstname", "first_name"))
    ada(portal, firstname="Ada")
    other(portal).people.create({"email": "eve@acme.example", "first_name": "Eve"})
    run = other(portal).sync()
    assert run.created == 2
    assert [(row.id, row.get("first_name")) for row in other(portal).people] == [("p-1001", "Eve"), ("p-1002", "Ada")]
    (eve,) = portal.records[CONTACTS].having("email", "eve@acme.example")
    assert (eve.get("firstname"), eve.get("hs_object_source"), eve.stage) == ("Eve", "INTEGRATIONS_SYNC", "lead")


@pytest.mark.parametrize(
    ("rule", "edit", "left"),
    [
        ("two_way", {"here": "CTO"}, ("CTO", "CTO")),
        ("two_way", {"there": "CFO"}, ("CFO", "CFO")),
        ("two_way", {"there": ""}, ("", "")),
        ("prefer_other", {"here": "CTO"}, ("CEO", "CEO")),
        ("prefer_other", {"there": ""}, ("", "")),
        ("prefer_hubspot", {"there": "CFO"}, ("CEO", "CEO")),
        ("prefer_hubspot", {"here": ""}, ("", "")),
        ("always_other", {"here": ""}, ("CEO", "CEO")),
        ("always_hubspot", {"there": "CFO"}, ("CEO", "CEO")),
    ],
)
def test_who_wins_when_one_side_changes(rule: str, edit: dict[str, str], left: tuple[str, str]) -> None:
    """By the rule of the mapping; the side that wins brings the other one back (F4.20.3, F4.20.4)."""
    portal, contact, person = both(made(mapped(rule)), rule, "CEO", "CEO")
    if "here" in edit:
        portal.update(contact, {"jobtitle": edit["here"]})
    if "there" in edit:
        other(portal).people.update(person, {"company": edit["there"]})
    other(portal).sync()
    assert (contact.get("jobtitle") or "", person.get("company")) == left


@pytest.mark.parametrize(
    ("rule", "left"),
    [("two_way", "new"), ("prefer_other", "new"), ("prefer_hubspot", "old"), ("always_hubspot", "old")],
)
def test_who_wins_when_both_sides_change(rule: str, left: str) -> None:
    """The newest value, or that of the side that is preferred (F4.20.3, F4.20.4)."""
    portal, contact, person = both(made(mapped(rule)), rule, "CEO", "CEO")
    portal.update(contact, {"jobtitle": "old"})
    portal.clock.advance("1m")
    other(portal).people.update(person, {"company": "new"})
    other(portal).sync()
    assert (contact.get("jobtitle"), person.get("company")) == (left, left)


@pytest.mark.parametrize(
    ("rule", "left"),
    [("prefer_other", ("CEO", "CEO")), ("always_other", ("CEO", "")), ("two_way", ("CEO", "CEO"))],
)
def test_a_blank_side_is_filled(rule: str, left: tuple[str, str]) -> None:
    """Unless it is the only one that writes (F4.20.3)."""
    _, contact, person = both(made(mapped(rule)), rule, "CEO", "")
    assert (contact.get("jobtitle"), person.get("company")) == left


def test_it_runs_by_itself_in_its_rhythm_and_rests_when_nothing_is_new() -> None:
    """A change waits for the next time; a clock with nothing else due comes to rest (F4.20.2)."""
    portal = made(mapped("two_way", "firstname", "first_name"))
    portal.clock.advance("1m")
    contact = ada(portal)
    portal.clock.advance("3m")
    assert len(other(portal).people) == 0
    portal.clock.advance("1m")
    (person,) = other(portal).people
    portal.update(contact, {"firstname": "Ada"})
    portal.clock.run()
    assert person.get("first_name") == "Ada"
    assert [run.moment % (5 * MINUTE) for run in other(portal).runs] == [0, 0]


def test_what_a_sync_wrote_is_not_sent_back() -> None:
    """Two terms for one value would otherwise bring back the first (F4.20.9)."""
    mapping = {"property": "jobtitle", "field": "rating", "values": {"CEO": "good", "CTO": "good"}}
    portal = made(mapping)
    contact = ada(portal, jobtitle="CTO")
    for _ in range(3):
        other(portal).sync()
    assert contact.get("jobtitle") == "CTO"
    assert [run.updated for run in other(portal).runs] == [0, 0, 0]


def test_a_stage_that_may_not_go_back_stays_and_the_sync_comes_to_rest() -> None:
    """HubSpot keeps the later stage, the run says so, and nothing is pushed again (F2.b9, F4.20.9)."""
    portal = made({"property": LIFECYCLE, "field": "stage", "stages": STAGES})
    contact = ada(portal, lifecyclestage="salesqualifiedlead")
    other(portal).sync()
    (person,) = other(portal).people
    other(portal).people.update(person, {"stage": "Cold"})
    run = other(portal).sync()
    assert [event.message for event in run.of("kept")] == ["salesqualifiedlead; lead comes before it"]
    assert (contact.stage, person.get("stage")) == ("salesqualifiedlead", "Cold")
    portal.clock.run()
    assert other(portal).runs[-1].updated == 0


def test_an_error_of_one_record_stops_no_other() -> None:
    """What a side refuses is noted with the record, the field and the choices; the rest of it passes."""
    portal = made(mapped("two_way", "jobtitle", "rating"), mapped("two_way", "firstname", "first_name"))
    ada(portal, jobtitle="CEO", firstname="Ada")
    portal.create("contacts", {"email": "eve@acme.example", "jobtitle": "good"})
    run = other(portal).sync()
    assert [row.get("first_name") for row in other(portal).people] == ["Ada", ""]
    (error,) = run.errors
    assert error.record == "<contact 1001>"
    assert error.message == "rating: 'CEO' is not in the picklist; choose from: good, bad"


def test_hubspot_refuses_one_value_and_takes_the_rest() -> None:
    """As it does with any app's values, but field by field."""
    portal = made(mapped("two_way", "hs_lead_status", "company"), mapped("two_way", "firstname", "first_name"))
    other(portal).people.create({"email": "eve@acme.example", "company": "7", "first_name": "Eve"})
    run = other(portal).sync()
    (error,) = run.errors
    assert error.message.startswith("hs_lead_status: 7 was not one of the allowed options")
    (eve,) = portal.records[CONTACTS]
    assert eve.get("firstname") == "Eve"


def test_a_value_without_a_term_is_an_error() -> None:
    """A customer has no name in the other system's stages."""
    portal = made({"property": LIFECYCLE, "field": "stage", "stages": STAGES})
    ada(portal, lifecyclestage="customer")
    (error,) = other(portal).sync().errors
    assert error.message == "lifecyclestage: the mapping has no term for 'customer'"


@pytest.mark.parametrize(
    ("only", "values"),
    [
        ({"stage_from": "marketingqualifiedlead"}, {"lifecyclestage": "opportunity"}),
        ({"property": "jobtitle", "values": ["CEO", "CTO"]}, {"jobtitle": "CTO"}),
    ],
)
def test_a_filter_says_which_records_take_part(only: dict[str, Any], values: dict[str, str]) -> None:
    """From a stage on, or with certain values; the others are skipped until they are (F4.20.6)."""
    portal = made(mapped("two_way"), only=only)
    contact = ada(portal)
    run = other(portal).sync()
    assert (run.created, run.skipped) == (0, 1)
    portal.update(contact, values)
    assert other(portal).sync().created == 1


def test_an_inclusion_list_lets_new_people_in_but_no_changes() -> None:
    """A person makes a contact outside the list, which doesn't follow until it joins (F4.20.6)."""
    portal = made(mapped("two_way"), only={"list": "Chosen"})
    person = other(portal).people.create({"email": "ada@acme.example", "company": "CEO"})
    other(portal).sync()
    (contact,) = portal.records[CONTACTS]
    other(portal).people.update(person, {"company": "CTO"})
    assert other(portal).sync().skipped == 1
    chosen = portal.lists.named(CONTACTS, "Chosen")
    assert chosen is not None
    portal.lists.add(chosen, [contact])
    other(portal).sync()
    assert contact.get("jobtitle") == "CTO"


@pytest.mark.parametrize(("create", "made_here", "made_there"), [("in_hubspot", 1, 0), ("in_other", 0, 1)])
def test_a_sync_can_make_records_on_one_side_only(create: str, made_here: int, made_there: int) -> None:
    """The other side's are skipped."""
    portal = made(mapped("two_way"), create=create)
    ada(portal)
    other(portal).people.create({"email": "eve@acme.example"})
    run = other(portal).sync()
    assert (len(portal.records[CONTACTS]) - 1, len(other(portal).people) - 1) == (made_here, made_there)
    assert run.skipped == 1


def test_the_default_stage_is_for_records_that_the_sync_makes() -> None:
    """A contact that is there keeps its own; without one of the sync's, the account's holds (F4.20.8, F3.1)."""
    portal = made(mapped("two_way"), default_stage="subscriber")
    contact = ada(portal)
    for name in ("ada", "eve"):
        other(portal).people.create({"email": f"{name}@acme.example"})
    other(portal).sync()
    (eve,) = portal.records[CONTACTS].having("email", "eve@acme.example")
    assert (contact.stage, eve.stage) == ("lead", "subscriber")


@pytest.mark.parametrize("deletions", ["ignored", "both"])
def test_what_is_deleted_on_one_side(deletions: str) -> None:
    """Stays alone on the other and is not made anew, unless the setting deletes it too (F4.20.7)."""
    portal, contact, person = both(made(mapped("two_way"), deletions=deletions), "two_way", "CEO", "CEO")
    eve = portal.create("contacts", {"email": "eve@acme.example"})
    other(portal).sync()
    other(portal).people.delete(person)
    portal.archive(eve)
    other(portal).sync()
    left = (len(portal.records[CONTACTS]), len(other(portal).people))
    assert left == ((1, 1) if deletions == "ignored" else (0, 0))
    if deletions == "ignored":
        portal.update(contact, {"jobtitle": "CTO"})
        assert other(portal).sync().created == 0


def test_a_merged_contact_keeps_its_other_half() -> None:
    """The new contact follows the person of the old one."""
    portal, contact, person = both(made(mapped("two_way")), "two_way", "CEO", "CEO")
    merged = merge(portal, contact, portal.create("contacts", {"firstname": "Ada"}))
    portal.update(merged, {"jobtitle": "CTO"})
    other(portal).sync()
    assert person.get("company") == "CTO"


def test_why_leads_through_the_other_system() -> None:
    """A change that came back from outside still knows what started it."""
    portal = made(mapped("two_way", "jobtitle", "company"), mapped("always_other", "city", "company"))
    contact = ada(portal)
    other(portal).sync()
    portal.update(contact, {"jobtitle": "CEO"})
    other(portal).sync()
    other(portal).sync()
    assert contact.get("city") == "CEO"
    assert [entry.kind for entry in portal.why(contact, "city")] == ["set", "synced", "synced", "set"]


class Stubborn:
    """Somebody's automation that turns a value round whenever anybody sets it."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        portal.reactions.add(SET, self.turn, "jobtitle", CONTACTS)

    def turn(self, entry: Entry) -> None:
        """Set the other value."""
        assert entry.record is not None
        if entry.source.type == "INTEGRATIONS_SYNC":
            value = {"good": "bad", "bad": "good"}[entry.value]
            self._portal.update(entry.record, {"jobtitle": value}, cause=entry.number)


class Contrary(Stubborn):
    """The same at the other end: whatever a sync sets is turned round there, too."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        other(portal).people.watch(self.turn_row)

    def turn_row(self, row: Any, writer: object) -> None:
        """Set the other value."""
        if writer is not None:
            value = {"good": "bad", "bad": "good"}[row.get("rating")]
            other(self._portal).people.update(row, {"rating": value}, cause=row.stamps["rating"].cause)


def test_a_loop_that_only_shows_at_run_time_is_stopped_and_named() -> None:
    """Two automations that answer each other through the sync come to rest (F4.20.9)."""
    portal = made(mapped("two_way", "jobtitle", "rating"))
    contact = ada(portal, jobtitle="good")
    other(portal).sync()
    Contrary(portal)
    portal.update(contact, {"jobtitle": "bad"})
    portal.clock.run()
    (loop,) = [event for run in other(portal).runs for event in run.of("loop")]
    assert loop.path == (
        "from Marketing automation Person p-1001: jobtitle = good",
        "app 1 sets jobtitle = bad",
        "to Marketing automation Person p-1001: rating = bad",
        "from Marketing automation Person p-1001: jobtitle = good",
    )
    assert loop.message.startswith("jobtitle goes round for ever: from Marketing automation")


def test_people_who_change_a_value_often_are_no_loop() -> None:
    """Only what a chain of causes brings round is one (F4.20.9)."""
    portal, contact, person = both(made(mapped("two_way")), "two_way", "a", "a")
    for turn in range(20):
        portal.update(contact, {"jobtitle": f"{turn % 2}"})
        other(portal).sync()
    assert not [event for run in other(portal).runs for event in run.errors]
    assert person.get("company") == "1"


def test_a_restored_portal_goes_on_where_it_was() -> None:
    """Tables, pairs and the connector's next time are part of a snapshot."""
    portal, contact, _ = both(made(mapped("two_way")), "two_way", "CEO", "CEO")
    portal.update(contact, {"jobtitle": "CTO"})
    snapshot = portal.snapshot()
    portal.clock.advance("5m")
    portal.restore(snapshot)
    (person,) = other(portal).people
    assert person.get("company") == "CEO"
    portal.clock.advance("5m")
    (person,) = other(portal).people
    assert person.get("company") == "CTO"
