"""Lists, and how their members follow what happens."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal, Record
from hubtwin.portal.errors import InvalidDefinition, InvalidFilterBranch, UnknownName
from hubtwin.portal.filter_branches.reading import read
from hubtwin.portal.log import JOINED_LIST, LEFT_LIST
from hubtwin.portal.memberships import Memberships
from hubtwin.portal.merging import merge
from hubtwin.portal.moments import from_iso
from hubtwin.portal.object_lists import ObjectList


def prop(name: str, kind: str, operator: str, **more: Any) -> dict[str, Any]:
    return {
        "filterType": "PROPERTY",
        "property": name,
        "operation": {"operationType": kind, "operator": operator, **more},
    }


def every(*filters: Mapping[str, Any], branches: tuple[Any, ...] = ()) -> dict[str, Any]:
    group = {"filterBranchType": "AND", "filters": list(filters), "filterBranches": list(branches)}
    return {"filterBranchType": "OR", "filterBranches": [group]}


def city(name: str) -> dict[str, Any]:
    return every(prop("city", "STRING", "IS_EQUAL_TO", value=name))


def member_of(list: ObjectList, operator: str = "IN_LIST") -> dict[str, Any]:
    return every({"filterType": "IN_LIST", "listId": str(list.id), "operator": operator})


def contact(portal: Portal, name: str, **values: str) -> Record:
    return portal.create("contacts", {"email": f"{name}@acme.example", **values})


def contacts(portal: Portal, name: str, branch: Mapping[str, Any] | None = None, kind: str = "DYNAMIC") -> ObjectList:
    return portal.lists.create(name, portal.type("contacts"), kind, branch)


def test_a_dynamic_list_follows_writes() -> None:
    """Who matches is in at once; who is created, changed or archived joins and leaves (W6.4.23)."""
    portal = Portal()
    ada, bob = contact(portal, "ada", city="Paris"), contact(portal, "bob")
    paris = contacts(portal, "Paris", city("Paris"))
    assert [*paris] == [ada]
    eve = contact(portal, "eve", city="Paris")
    portal.update(bob, {"city": "Paris"})
    portal.update(ada, {"city": "Rome"})
    assert [*paris] == [bob, eve]
    portal.archive(eve)
    assert [*paris] == [bob]


def test_the_log_says_why() -> None:
    """Joining and leaving are noted, with the write that caused it (W6.4.23)."""
    portal = Portal()
    ada = contact(portal, "ada")
    contacts(portal, "Paris", city("Paris"))
    portal.update(ada, {"city": "Paris"})
    portal.update(ada, {"city": "Rome"})
    left, joined = (next(e for e in portal.log.timeline(ada) if e.kind == kind) for kind in (LEFT_LIST, JOINED_LIST))
    assert [str(entry.value) for entry in portal.log.why(joined.number)] == ["Paris", "Paris (list 1)"]
    assert portal.story(portal.log.why(left.number)) == [
        "2026-03-02 09:00:00  app 1: contact 1001 (ada@acme.example) city Paris -> Rome",
        "2026-03-02 09:00:00  contact 1001 (ada@acme.example) left list Paris (list 1)",
    ]


def test_a_list_looks_only_where_it_can_care(monkeypatch: pytest.MonkeyPatch) -> None:
    """A write to a property that no filter reads makes no list look (W6.4.23)."""
    looks: list[Record] = []
    monkeypatch.setattr(Memberships, "_look", lambda self, list, record, cause: looks.append(record))
    portal = Portal()
    ada = contact(portal, "ada", city="Paris")
    contacts(portal, "Paris", city("Paris"))
    looks.clear()
    portal.update(ada, {"phone": "1"})
    assert looks == []
    portal.update(ada, {"city": "Rome"})
    assert looks == [ada]


def deals_named(name: str) -> dict[str, Any]:
    return {
        "filterBranchType": "ASSOCIATION",
        "objectTypeId": "0-3",
        "operator": "IN_LIST",
        "associationTypeId": 4,
        "associationCategory": "HUBSPOT_DEFINED",
        "filters": [prop("dealname", "STRING", "IS_EQUAL_TO", value=name)],
    }


def test_associated_records_count() -> None:
    """Associating, and writes to the associated record, move members (W6.4.23, W6.4.8)."""
    portal = Portal()
    ada, deal = contact(portal, "ada"), portal.create("deals", {"dealname": "Desks"})
    buyers = contacts(portal, "Chair buyers", every(branches=(deals_named("Chairs"),)))
    portal.associate(ada, deal)
    assert ada not in buyers
    portal.update(deal, {"dealname": "Chairs"})
    assert ada in buyers
    portal.dissociate(ada, deal)
    assert ada not in buyers


def test_calculated_values_count() -> None:
    """What the portal works out makes members too (W6.4.23)."""
    portal = Portal()
    ada = contact(portal, "ada")
    dealers = contacts(portal, "With deals", every(prop("num_associated_deals", "NUMBER", "IS_GREATER_THAN", value=0)))
    customers = contacts(portal, "Were leads", every(prop("hs_v2_date_exited_lead", "ALL_PROPERTY", "IS_KNOWN")))
    portal.create("deals", {"dealname": "Chairs"}, links=[(ada, ())])
    assert ada in dealers
    assert ada in customers


def test_lists_follow_lists() -> None:
    """A list that asks about another one follows its members (W6.4.23, W6.4.9)."""
    portal = Portal()
    ada = contact(portal, "ada")
    vips = contacts(portal, "VIPs", kind="MANUAL")
    theirs, others = contacts(portal, "In", member_of(vips)), contacts(portal, "Out", member_of(vips, "NOT_IN_LIST"))
    assert (ada in theirs, ada in others) == (False, True)
    portal.lists.add(vips, [ada])
    assert (ada in theirs, ada in others) == (True, False)


def test_submissions_make_members() -> None:
    """A form that is filled out (W6.4.23, W6.4.9)."""
    portal = Portal()
    portal = Portal(portal.configuration.model_validate({"forms": [{"name": "Newsletter"}]}))
    readers = contacts(portal, "Readers", every({"filterType": "FORM_SUBMISSION", "operator": "FILLED_OUT"}))
    ada = portal.forms.submit("Newsletter", {"email": "ada@acme.example"})
    assert [*readers] == [ada]


def test_time_makes_members_leave() -> None:
    """A rolling filter moves members when its days have passed, at midnight in the account (W6.4.24)."""
    portal = Portal()
    fresh = contacts(
        portal, "New", every(prop("createdate", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=2))
    )
    ada = contact(portal, "ada")
    portal.clock.run_until(from_iso("2026-03-04T23:59:59.999Z"))
    assert ada in fresh
    portal.clock.advance("1ms")
    assert ada not in fresh
    assert fresh.last_left == from_iso("2026-03-05T00:00:00Z")


def test_time_makes_members_join() -> None:
    """What lies ahead comes into range by itself, to the millisecond (W6.4.24)."""
    portal = Portal()
    past = {"timeType": "INDEXED", "zoneId": "UTC", "indexReference": {"referenceType": "NOW"}}
    due = portal.lists.create(
        "Due", portal.type("deals"), "DYNAMIC", every(prop("closedate", "TIME_POINT", "IS_BEFORE", timePoint=past))
    )
    deal = portal.create("deals", {"dealname": "Chairs", "closedate": "2026-03-10T10:30:00Z"})
    portal.clock.advance("30d")
    assert due.joined(deal) == from_iso("2026-03-10T10:30:00.001Z")


def test_a_moved_date_moves_the_appointment() -> None:
    """A date that is changed in the meantime counts as it is then (W6.4.24)."""
    portal = Portal()
    soon = every(prop("closedate", "CALENDAR_DATE", "IN_THIS_TIME_UNIT", timeUnit="MONTH"))
    closing = portal.lists.create("Closing", portal.type("deals"), "DYNAMIC", soon)
    deal = portal.create("deals", {"dealname": "Chairs", "closedate": "2026-04-10"})
    portal.update(deal, {"closedate": "2026-05-10"})
    portal.clock.run_until(from_iso("2026-04-30T00:00:00Z"))
    assert deal not in closing
    portal.clock.run_until(from_iso("2026-05-01T00:00:00Z"))
    assert deal in closing


def test_a_snapshot_is_filled_once() -> None:
    """A SNAPSHOT takes who matches when it is made, and is changed by hand from then on (W6.4.1)."""
    portal = Portal()
    ada, bob = contact(portal, "ada", city="Paris"), contact(portal, "bob")
    snapshot = contacts(portal, "Then", city("Paris"), "SNAPSHOT")
    portal.update(bob, {"city": "Paris"})
    assert [*snapshot] == [ada]
    portal.lists.add(snapshot, [bob])
    portal.lists.remove(snapshot, [ada])
    assert [*snapshot] == [bob]


def test_records_join_by_hand_once() -> None:
    """Only those are added that were no members, and removed that were (W6.4.5)."""
    portal = Portal()
    ada, bob = contact(portal, "ada"), contact(portal, "bob")
    vips = contacts(portal, "VIPs", kind="MANUAL")
    assert portal.lists.add(vips, [ada, ada]) == [ada]
    assert portal.lists.add(vips, [ada, bob]) == [bob]
    assert portal.lists.remove(vips, [ada, ada]) == [ada]
    assert [*portal.lists.of(bob)] == [vips]


def test_members_in_two_orders() -> None:
    """By id, and by when they joined; the first time is remembered (W6.4.5, W6.4.6)."""
    portal = Portal()
    ada, bob = contact(portal, "ada"), contact(portal, "bob")
    vips, start = contacts(portal, "VIPs", kind="MANUAL"), portal.clock.now
    portal.lists.add(vips, [bob, ada])
    portal.lists.remove(vips, [ada])
    portal.clock.advance("1d")
    portal.lists.add(vips, [ada])
    assert (vips.page(0, 9), vips.page_before(10**6, 9)) == ([ada, bob], [bob, ada])
    assert vips.page_joined((0, 0), 9) == [bob, ada]
    assert (vips.first_joined(ada), vips.joined(ada)) == (start, portal.clock.now)


def test_a_merged_record_takes_the_places_of_both() -> None:
    """It is in the lists that either was in by hand, and where the filters say so (W6.4.23)."""
    portal = Portal()
    ada, bob = contact(portal, "ada", city="Paris"), contact(portal, "bob")
    vips, paris = contacts(portal, "VIPs", kind="MANUAL"), contacts(portal, "Paris", city("Paris"))
    portal.lists.add(vips, [bob])
    merged = merge(portal, ada, bob)
    assert [[*vips], [*paris]] == [[merged], [merged]]


def test_new_filters_move_the_members() -> None:
    """A dynamic list that asks for something else has other members at once (W6.4.1)."""
    portal = Portal()
    ada, bob = contact(portal, "ada", city="Paris"), contact(portal, "bob", city="Rome")
    paris = contacts(portal, "Paris", city("Paris"))
    portal.lists.set_filters(paris, city("Rome"))
    assert ([*paris], paris.version) == ([bob], 2)
    portal.update(ada, {"city": "Berlin"})
    portal.update(bob, {"city": "Paris"})
    assert [*paris] == []


def test_a_deleted_list_rests_until_it_is_restored() -> None:
    """For 90 days it can be restored, and follows again then (W6.4.4)."""
    portal = Portal()
    paris = contacts(portal, "Paris", city("Paris"))
    portal.lists.delete(paris)
    ada = contact(portal, "ada", city="Paris")
    assert ([*portal.lists], [*paris]) == ([], [])
    portal.clock.advance("90d")
    portal.lists.restore(portal.lists.find(paris.id))
    assert [*paris] == [ada]


def test_after_90_days_a_deleted_list_is_gone() -> None:
    """Nobody finds it any more (W6.4.4)."""
    portal = Portal()
    paris = contacts(portal, "Paris", kind="MANUAL")
    portal.lists.delete(paris)
    portal.clock.advance("90d 1ms")
    with pytest.raises(UnknownName):
        portal.lists.find(paris.id)


def test_names_are_unique_among_lists_of_a_type() -> None:
    """Another type may use the name, and so may a new list once the old one is deleted (W6.4.22)."""
    portal = Portal()
    vips = contacts(portal, "VIPs", kind="MANUAL")
    portal.lists.create("VIPs", portal.type("companies"), "MANUAL")
    with pytest.raises(InvalidDefinition, match="is called 'VIPs' already") as raised:
        contacts(portal, "VIPs", kind="MANUAL")
    assert raised.value.sub_category == "ILS.DUPLICATE_LIST_NAMES"
    portal.lists.delete(vips)
    contacts(portal, "VIPs", kind="MANUAL")
    with pytest.raises(InvalidDefinition):
        portal.lists.restore(vips)


def test_lists_do_not_ask_in_circles() -> None:
    """Two lists that ask about each other are refused, and so is deleting one that is asked about (W6.4.25)."""
    portal = Portal()
    first = contacts(portal, "First", city("Paris"))
    second = contacts(portal, "Second", member_of(first))
    with pytest.raises(InvalidDefinition, match="about itself"):
        portal.lists.set_filters(first, member_of(second))
    with pytest.raises(InvalidDefinition, match="can't be deleted"):
        portal.lists.delete(first)
    assert portal.lists.references(first.id) == 1


@pytest.mark.parametrize(
    ("kind", "branch", "message"),
    [
        ("STATIC", None, "processingType can't be 'STATIC'"),
        ("MANUAL", city("Paris"), "MANUAL list has no filters"),
        ("DYNAMIC", None, "DYNAMIC list needs a filterBranch"),
        ("DYNAMIC", {}, "filterBranchType is missing"),
    ],
)
def test_lists_that_cannot_be(kind: str, branch: Any, message: str) -> None:
    """A refused list leaves nothing behind (W6.4.1)."""
    portal = Portal()
    with pytest.raises((InvalidDefinition, InvalidFilterBranch), match=message):
        contacts(portal, "Wrong", branch, kind)
    assert [*portal.lists] == []


def test_only_filters_change_a_dynamic_list() -> None:
    """Nobody joins or leaves it by hand, and the filters of the others don't change (W6.4.5, W6.4.1)."""
    portal = Portal()
    ada = contact(portal, "ada")
    paris, vips = contacts(portal, "Paris", city("Paris")), contacts(portal, "VIPs", kind="MANUAL")
    with pytest.raises(InvalidDefinition, match="is DYNAMIC"):
        portal.lists.add(paris, [ada])
    with pytest.raises(InvalidDefinition, match="Only the filters of a DYNAMIC list"):
        portal.lists.set_filters(vips, city("Rome"))


# -- whatever happens ----------------------------------------------------------------------------------------

FILTERS = (
    prop("city", "STRING", "IS_EQUAL_TO", value="Paris"),
    prop("city", "STRING", "HAS_EVER_BEEN_EQUAL_TO", value="Rome"),
    prop("city", "ALL_PROPERTY", "IS_UNKNOWN"),
    prop("lifecyclestage", "ENUMERATION", "IS_NONE_OF", values=["lead"]),
    prop("num_associated_deals", "NUMBER", "IS_GREATER_THAN", value=1),
    prop("hs_v2_date_entered_customer", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=1),
    prop("createdate", "CALENDAR_DATE", "IN_LAST_TIME_UNIT", timeUnit="WEEK"),
    prop("city", "ROLLING_PROPERTY_UPDATED", "NOT_UPDATED_IN_LAST_X_DAYS", numberOfDays=1),
    prop("lastmodifieddate", "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO", numberOfDays=1),
)
BRANCHES = (deals_named("Chairs"), {"filterBranchType": "NOT_ANY", "filters": [FILTERS[0], FILTERS[3]]})

STEPS = st.one_of(
    st.tuples(
        st.just("update"), st.integers(0, 2), st.sampled_from([{"city": "Paris"}, {"city": "Rome"}, {"city": ""}])
    ),
    st.tuples(st.just("update"), st.integers(0, 2), st.sampled_from([{"lifecyclestage": "customer"}, {"phone": "1"}])),
    st.tuples(st.just("deal"), st.integers(0, 2), st.sampled_from(["Chairs", "Desks"])),
    st.tuples(st.just("rename"), st.integers(0, 2), st.sampled_from(["Chairs", "Desks"])),
    st.tuples(st.just("archive"), st.integers(0, 2), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 60), st.none()),
)


def take(portal: Portal, people: list[Record], step: tuple[str, int, Any]) -> None:
    what, number, value = step
    if what == "wait":
        portal.clock.advance(f"{number}h")
        return
    person = people[number]
    if person.archived is not None:
        return
    if what == "update":
        portal.update(person, value)
    elif what == "deal":
        portal.create("deals", {"dealname": value}, links=[(person, ())])
    elif what == "rename":
        for deal in portal.associations.of(person, portal.type("deals")):
            portal.update(deal, {"dealname": value})
    else:
        portal.archive(person)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEPS, max_size=12))
def test_members_are_always_those_who_match(steps: list[tuple[str, int, Any]]) -> None:
    """After any writes and any time, a list has the members that its filters accept then (W6.4.23, W6.4.24)."""
    portal = Portal()
    people = [contact(portal, name, city="Paris") for name in "abc"]
    branches = [every(one) for one in FILTERS] + [every(branches=(one,)) for one in BRANCHES]
    lists = [contacts(portal, str(number), branch) for number, branch in enumerate(branches)]
    for step in steps:
        take(portal, people, step)
    for asked, branch in zip(lists, branches, strict=True):
        portal.lists.memberships.settle(asked)
        criterion = read(portal, asked.type, branch)
        assert [*asked] == [record for record in portal.records[asked.type] if criterion.accepts(record)]
