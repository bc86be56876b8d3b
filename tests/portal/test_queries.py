"""Queries: what indexes find is what a look at every record finds."""

from collections.abc import Callable
from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from hubtwin.portal import Portal
from hubtwin.portal.filters import Comparison, predicate
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.queries import Filter, Query
from hubtwin.portal.records import Record
from hubtwin.portal.values import moment

NUMBERS = st.sampled_from(["", "-1", "0", "0.0", "2", "10", "10.5", "1e3"])

OPERATORS = st.sampled_from(["EQ", "LT", "LTE", "GT", "GTE", "BETWEEN"])

#: What happens to one of the contacts, told by its position.
Write = Callable[[Portal, Record, str], object]

WRITES: tuple[Write, ...] = (
    lambda portal, contact, number: portal.update(contact, {"followercount": number}),
    lambda portal, contact, number: portal.create("contacts", {"firstname": "New", "followercount": number}),
    lambda portal, contact, number: portal.update(contact, {}),
    lambda portal, contact, number: portal.archive(contact),
    lambda portal, contact, number: portal.clock.advance(7),
)

ORDERED = ("followercount", "lastmodifieddate", "hs_lastmodifieddate", "createdate", "hs_object_id")


def definition(portal: Portal, name: str) -> PropertyDefinition:
    return portal.properties[CONTACTS].find(name)


def compared(portal: Portal, name: str, operator: str, place: int) -> Filter:
    """A comparison with the value that some contact has, or with any number where it has none."""
    record = next(islice(portal.records[CONTACTS], place, None), None)
    value = (record.get(name) if record else None) or "1000"
    comparison = Comparison(operator, value, high=value)
    return Filter(definition(portal, name), comparison, predicate(definition(portal, name), comparison))


def looked_at_one_by_one(query: Query) -> list[Record]:
    """The records that match, oldest first."""
    groups = query.groups
    return [one for one in query.records if not groups or any(all(f.lets_through(one) for f in g) for g in groups)]


@settings(deadline=None)
@given(
    writes=st.lists(st.tuples(st.sampled_from(WRITES), st.integers(0, 30), NUMBERS), max_size=12),
    comparisons=st.lists(st.tuples(OPERATORS, st.integers(0, 80)), max_size=2),
    apart=st.booleans(),
    name=st.sampled_from(ORDERED),
    sort=st.sampled_from(["the same", "followercount", None]),
    descending=st.booleans(),
)
def test_an_order_follows_all_writes(
    writes: list[tuple[Write, int, str]],
    comparisons: list[tuple[str, int]],
    apart: bool,
    name: str,
    sort: str | None,
    descending: bool,
) -> None:
    """Whatever was written since the order was made, a page is what sorting all records gives."""
    portal = Portal()
    contacts = [portal.create("contacts", {"firstname": "Ada", "followercount": str(n % 7)}) for n in range(80)]
    order = None if sort is None else definition(portal, name if sort == "the same" else sort)
    for number in (None, *writes):
        if number is not None:
            write, position, value = number
            write(portal, contacts[position], value)
        filters = [compared(portal, name, *comparison) for comparison in comparisons]
        groups = [[one] for one in filters] if apart else [filters]
        query = Query(portal.records[CONTACTS], groups, sort=order, descending=descending)
        found = looked_at_one_by_one(query)
        assert query.matching() == sorted_by(found, order, descending)
        assert query.page(3, 20) == (len(found), sorted_by(found, order, descending)[3:23])


def sorted_by(found: list[Record], order: PropertyDefinition | None, descending: bool) -> list[Record]:
    """The same records by hand: numbers and moments by size, those that have none last."""
    if order is None:
        return found
    having = [one for one in found if one.get(order.name) is not None]
    keys = {one: size(one.get(order.name) or "") for one in having}
    return [*sorted(having, key=keys.__getitem__, reverse=descending), *(one for one in found if one not in keys)]


def size(value: str) -> float:
    return moment(value) if "T" in value else float(value)


def test_a_value_that_is_left_from_another_type_matches_nothing() -> None:
    """A property that is made anew as a number finds texts in its place: they are no numbers, and come last."""
    portal = Portal()
    portal.properties[CONTACTS].put(PropertyDefinition("size", "Size", "string", "text", "contactinformation"))
    tall, ada = (portal.create("contacts", {"firstname": "Ada", "size": size}) for size in ("tall", "3"))
    number = PropertyDefinition("size", "Size", "number", "number", "contactinformation")
    portal.properties[CONTACTS].put(number)
    at_least = Comparison("GTE", "1")
    one = Filter(number, at_least, predicate(number, at_least))
    assert Query(portal.records[CONTACTS], [[one]], sort=number).page(0, 10) == (1, [ada])
    assert Query(portal.records[CONTACTS], [], sort=number).page(0, 10) == (2, [ada, tall])


def test_a_group_without_filters_lets_all_through() -> None:
    """Also those that lack the property of the sort: they come last."""
    portal = Portal()
    ada, bob = (portal.create("contacts", {"firstname": "A", "followercount": number}) for number in ("", "2"))
    query = Query(portal.records[CONTACTS], [[]], sort=definition(portal, "followercount"))
    assert query.page(0, 10) == (2, [bob, ada])
