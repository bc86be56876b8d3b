"""What the filters of lists accept."""

from collections.abc import Mapping
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidFilterBranch
from hubtwin.portal.filter_branches.reading import NOT_HELD, normalised, read
from hubtwin.portal.moments import DAY, HOUR, from_iso

NOON = from_iso("2026-03-04T12:00:00Z")  # a Wednesday


def prop(name: str, kind: str, operator: str, **more: Any) -> dict[str, Any]:
    """A PROPERTY filter."""
    return {
        "filterType": "PROPERTY",
        "property": name,
        "operation": {"operationType": kind, "operator": operator, **more},
    }


def every(*filters: Mapping[str, Any], branches: tuple[Any, ...] = ()) -> dict[str, Any]:
    """A root branch with one group of filters that all have to pass."""
    group = {"filterBranchType": "AND", "filters": list(filters), "filterBranches": list(branches)}
    return {"filterBranchType": "OR", "filters": [], "filterBranches": [group]}


def accepts(record: Record, portal: Portal, *filters: Mapping[str, Any], branches: tuple[Any, ...] = ()) -> bool:
    return read(portal, record.type, every(*filters, branches=branches)).accepts(record)


def contact(portal: Portal, **values: str) -> Record:
    return portal.create("contacts", {"email": "ada@acme.example", **values})


# -- values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("IS_EQUAL_TO", "new york", True),
        ("IS_EQUAL_TO", "York", False),
        ("IS_NOT_EQUAL_TO", "New York", False),
        ("CONTAINS", "w YO", True),
        ("DOES_NOT_CONTAIN", "york", False),
        ("STARTS_WITH", "new", True),
        ("STARTS_WITH", "york", False),
        ("ENDS_WITH", "York", True),
    ],
)
def test_texts(operator: str, wanted: str, expected: bool) -> None:
    """Texts compare without regard to case, STRING with one value and MULTISTRING with any of several (W6.4.10)."""
    portal = Portal()
    ada = contact(portal, city="New York")
    assert accepts(ada, portal, prop("city", "STRING", operator, value=wanted)) is expected
    assert accepts(ada, portal, prop("city", "MULTISTRING", operator, values=["zzz", wanted])) is expected


def test_whole_words() -> None:
    """CONTAINS_EXACTLY wants whole words, CONTAINS any part (W6.4.10)."""
    portal = Portal()
    ada = contact(portal, jobtitle="Chief of sales")
    for wanted, part, whole in (("sale", True, False), ("OF SALES", True, True)):
        assert accepts(ada, portal, prop("jobtitle", "MULTISTRING", "CONTAINS", values=[wanted])) is part
        assert accepts(ada, portal, prop("jobtitle", "MULTISTRING", "CONTAINS_EXACTLY", values=[wanted])) is whole
        assert (
            accepts(ada, portal, prop("jobtitle", "MULTISTRING", "DOES_NOT_CONTAIN_EXACTLY", values=[wanted]))
            is not whole
        )


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("IS_EQUAL_TO", 100, True),
        ("IS_NOT_EQUAL_TO", 100.0, False),
        ("IS_GREATER_THAN", 99.5, True),
        ("IS_GREATER_THAN", 100, False),
        ("IS_GREATER_THAN_OR_EQUAL_TO", 100, True),
        ("IS_LESS_THAN", 100, False),
        ("IS_LESS_THAN_OR_EQUAL_TO", "100", True),
    ],
)
def test_numbers(operator: str, wanted: Any, expected: bool) -> None:
    """Numbers compare by size, however they are written (W6.4.11)."""
    portal = Portal()
    deal = portal.create("deals", {"dealname": "Chairs", "amount": "100.00"})
    assert accepts(deal, portal, prop("amount", "NUMBER", operator, value=wanted)) is expected


def test_ranges_of_numbers() -> None:
    """Both bounds of a range belong to it (W6.4.11)."""
    portal = Portal()
    deal = portal.create("deals", {"dealname": "Chairs", "amount": "100"})
    for low, high, expected in ((100, 200, True), (50, 100, True), (101, 200, False)):
        bounds = {"lowerBound": low, "upperBound": high}
        assert accepts(deal, portal, prop("amount", "NUMBER_RANGED", "IS_BETWEEN", **bounds)) is expected
        assert accepts(deal, portal, prop("amount", "NUMBER_RANGED", "IS_NOT_BETWEEN", **bounds)) is not expected


def test_booleans() -> None:
    """BOOL takes true and false, in JSON or as text (W6.4.12)."""
    portal = Portal()
    acme = portal.create("companies", {"name": "Acme", "hs_is_target_account": "true"})
    assert accepts(acme, portal, prop("hs_is_target_account", "BOOL", "IS_EQUAL_TO", value=True))
    assert not accepts(acme, portal, prop("hs_is_target_account", "BOOL", "IS_NOT_EQUAL_TO", value="true"))


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("IS_ANY_OF", ["BLOCKER", "INFLUENCER"], True),
        ("IS_ANY_OF", ["blocker"], False),
        ("IS_NONE_OF", ["BLOCKER"], False),
        ("IS_NONE_OF", ["OTHER"], True),
        ("IS_EXACTLY", ["BLOCKER"], False),
        ("IS_EXACTLY", ["CHAMPION", "BLOCKER"], True),
        ("IS_NOT_EXACTLY", ["BLOCKER", "CHAMPION"], False),
        ("CONTAINS_ALL", ["BLOCKER"], True),
        ("CONTAINS_ALL", ["BLOCKER", "INFLUENCER"], False),
        ("DOES_NOT_CONTAIN_ALL", ["BLOCKER", "INFLUENCER"], True),
    ],
)
def test_options(operator: str, wanted: list[str], expected: bool) -> None:
    """Options compare with regard to case; a value of several has each of them (W6.4.13)."""
    portal = Portal()
    ada = contact(portal, hs_buying_role="BLOCKER;CHAMPION")
    assert accepts(ada, portal, prop("hs_buying_role", "ENUMERATION", operator, values=wanted)) is expected


def test_earlier_values_count_for_operators_about_history() -> None:
    """HAS_EVER and HAS_NEVER look at all values that there were (W6.4.14)."""
    portal = Portal()
    ada = contact(portal, city="Paris", lifecyclestage="lead")
    portal.update(ada, {"city": "Rome", "lifecyclestage": "customer"})
    stage = "lifecyclestage"
    assert accepts(ada, portal, prop("city", "STRING", "HAS_EVER_BEEN_EQUAL_TO", value="paris"))
    assert accepts(ada, portal, prop("city", "STRING", "HAS_NEVER_CONTAINED", value="ber"))
    assert not accepts(ada, portal, prop("city", "STRING", "HAS_NEVER_BEEN_EQUAL_TO", value="Paris"))
    assert accepts(ada, portal, prop(stage, "ENUMERATION", "HAS_EVER_BEEN_ANY_OF", values=["lead"]))
    assert not accepts(ada, portal, prop(stage, "ENUMERATION", "HAS_NEVER_BEEN_EXACTLY", values=["lead"]))
    assert accepts(ada, portal, prop(stage, "ENUMERATION", "HAS_NEVER_CONTAINED_ALL", values=["evangelist"]))


def test_known_and_blank() -> None:
    """ALL_PROPERTY asks whether there is a value, for any type of property (W6.4.21)."""
    portal = Portal()
    ada = contact(portal, city=" ")
    for name, operator, expected in (
        ("email", "IS_KNOWN", True),
        ("phone", "IS_KNOWN", False),
        ("phone", "IS_UNKNOWN", True),
        ("city", "IS_BLANK", True),
        ("email", "IS_NOT_BLANK", True),
    ):
        assert accepts(ada, portal, prop(name, "ALL_PROPERTY", operator)) is expected


@pytest.mark.parametrize(
    ("kind", "operator", "more"),
    [
        ("STRING", "IS_NOT_EQUAL_TO", {"value": "Paris"}),
        ("STRING", "CONTAINS", {"value": "Paris"}),
        ("STRING", "HAS_NEVER_BEEN_EQUAL_TO", {"value": "Paris"}),
        ("ROLLING_PROPERTY_UPDATED", "NOT_UPDATED_IN_LAST_X_DAYS", {"numberOfDays": 3}),
    ],
)
def test_records_without_a_value(kind: str, operator: str, more: dict[str, Any]) -> None:
    """`includeObjectsWithNoValueSet` decides about them, whatever the operator; by default they are out (W6.4.21)."""
    portal = Portal()
    ada = contact(portal)
    assert not accepts(ada, portal, prop("city", kind, operator, **more))
    assert accepts(ada, portal, prop("city", kind, operator, includeObjectsWithNoValueSet=True, **more))


def test_comparing_two_properties() -> None:
    """The newer operations compare two properties of a record, and the newer names mean the older ones (W6.4.26)."""
    portal = Portal()
    deal = portal.create("deals", {"dealname": "a", "description": "A", "amount": "5", "hs_forecast_probability": "3"})
    other = {"comparisonPropertyName": "hs_forecast_probability"}
    assert accepts(deal, portal, prop("amount", "number-comparative", "IS_GREATER_THAN", **other))
    assert not accepts(deal, portal, prop("amount", "number-comparative", "IS_EQUAL_TO", **other))
    assert accepts(
        deal, portal, prop("dealname", "string-comparative", "IS_EQUAL_TO", comparisonPropertyName="description")
    )
    assert accepts(deal, portal, prop("dealname", "multistring", "STARTS_WITH", values=["A"]))


# -- moments -------------------------------------------------------------------------------------------------


def at_noon(zone: str = "UTC") -> Portal:
    return Portal(Configuration.model_validate({"account": {"time_zone": zone}}), start=NOON)


def deal_closing(portal: Portal, moment: str) -> Record:
    return portal.create("deals", {"dealname": "Chairs", "closedate": moment})


@pytest.mark.parametrize(
    ("kind", "operator", "more", "expected"),
    [
        ("DATETIME", "IS_EQUAL_TO", {"timestamp": NOON}, True),
        ("DATETIME", "IS_EQUAL_TO", {"timestamp": NOON + 1}, False),
        ("DATETIME", "IS_BEFORE", {"timestamp": NOON + 1}, True),
        ("DATETIME", "IS_BEFORE_DATE", {"timestamp": NOON + HOUR}, False),
        ("DATETIME", "IS_BEFORE_DATE", {"timestamp": NOON + DAY}, True),
        ("DATETIME", "IS_AFTER_DATE", {"timestamp": NOON - HOUR}, False),
        ("DATETIME", "IS_AFTER_DATE", {"timestamp": NOON - DAY}, True),
        ("DATE", "IS_EQUAL_TO", {"year": 2026, "month": "MARCH", "day": 4}, True),
        ("DATE", "IS_NOT_EQUAL_TO", {"year": 2026, "month": "3", "day": 4}, False),
        ("DATE", "IS_AFTER", {"year": 2026, "month": 3, "day": 3}, True),
        ("RANGED_DATE", "IS_BETWEEN", {"lowerBound": NOON, "upperBound": NOON}, True),
        ("RANGED_DATE", "IS_NOT_BETWEEN", {"lowerBound": NOON, "upperBound": NOON + 1}, False),
        ("datetime-ranged", "IS_BETWEEN", {"lowerBoundTimestamp": 0, "upperBoundTimestamp": 1}, False),
    ],
)
def test_dates(kind: str, operator: str, more: dict[str, Any], expected: bool) -> None:
    """Moments before, at and after dates; a day lasts from its first to its last millisecond (W6.4.15)."""
    portal = at_noon()
    deal = deal_closing(portal, "2026-03-04T12:00:00Z")
    assert accepts(deal, portal, prop("closedate", kind, operator, **more)) is expected


@pytest.mark.parametrize(
    ("closing", "operator", "days", "expected"),
    [
        ("2026-03-01T00:00:00Z", "IS_LESS_THAN_X_DAYS_AGO", 3, True),
        ("2026-02-28T23:59:59Z", "IS_LESS_THAN_X_DAYS_AGO", 3, False),
        ("2026-03-04T12:00:01Z", "IS_LESS_THAN_X_DAYS_AGO", 3, False),
        ("2026-02-28T23:59:59Z", "IS_MORE_THAN_X_DAYS_AGO", 3, True),
        ("2026-03-04T12:00:00Z", "IS_LESS_THAN_X_DAYS_FROM_NOW", 5, True),
        ("2026-03-09T00:00:00Z", "IS_LESS_THAN_X_DAYS_FROM_NOW", 5, True),
        ("2026-03-09T00:00:00Z", "IS_MORE_THAN_X_DAYS_FROM_NOW", 5, False),
        ("2026-03-09T00:00:01Z", "IS_MORE_THAN_X_DAYS_FROM_NOW", 5, True),
    ],
)
def test_rolling_days(closing: str, operator: str, days: int, expected: bool) -> None:
    """So many days ago or from now are counted from the beginning of today (W6.4.16)."""
    portal = at_noon()
    deal = deal_closing(portal, closing)
    assert accepts(deal, portal, prop("closedate", "ROLLING_DATE_RANGE", operator, numberOfDays=days)) is expected


def test_days_begin_when_they_do_in_the_account() -> None:
    """At noon UTC it is tomorrow already on Kiritimati; a date is one of the account's days (W6.4.16)."""
    portal = at_noon("Pacific/Kiritimati")
    ada = contact(portal, date_of_birth="1990-01-01")
    today = {"year": 2026, "month": 3, "day": 5}
    assert accepts(ada, portal, prop("createdate", "DATE", "IS_EQUAL_TO", **today))
    assert accepts(ada, portal, prop("createdate", "CALENDAR_DATE", "IN_THIS_TIME_UNIT", timeUnit="DAY"))


@pytest.mark.parametrize(
    ("closing", "operator", "unit", "more", "expected"),
    [
        ("2026-03-01T00:00:00Z", "IN_THIS_TIME_UNIT", "MONTH", {}, True),
        ("2026-03-31T23:59:59Z", "IN_THIS_TIME_UNIT", "MONTH", {}, True),
        ("2026-03-31T23:59:59Z", "IN_THIS_TIME_UNIT_SO_FAR", "MONTH", {}, False),
        ("2026-04-01T00:00:00Z", "IN_THIS_TIME_UNIT", "MONTH", {}, False),
        ("2026-04-01T00:00:00Z", "IN_NEXT_TIME_UNIT", "MONTH", {}, True),
        ("2026-01-01T00:00:00Z", "IN_LAST_TIME_UNIT", "MONTH", {"timeUnitCount": 2}, True),
        ("2026-03-02T00:00:00Z", "IN_THIS_TIME_UNIT", "WEEK", {}, True),
        ("2026-03-01T23:00:00Z", "IN_LAST_TIME_UNIT", "WEEK", {}, True),
        ("2026-06-30T00:00:00Z", "IN_NEXT_TIME_UNIT", "QUARTER", {}, True),
        ("2025-12-31T00:00:00Z", "IN_THIS_TIME_UNIT", "YEAR", {}, False),
        ("2025-12-31T00:00:00Z", "IN_THIS_TIME_UNIT", "YEAR", {"useFiscalYear": True, "fiscalYearStart": "JULY"}, True),
    ],
)
def test_calendar_units(closing: str, operator: str, unit: str, more: dict[str, Any], expected: bool) -> None:
    """Whole days, weeks from Monday on, months, quarters and years, also fiscal ones (W6.4.17)."""
    portal = at_noon()
    deal = deal_closing(portal, closing)
    assert accepts(deal, portal, prop("closedate", "CALENDAR_DATE", operator, timeUnit=unit, **more)) is expected


def indexed(reference: str, zone: str = "UTC", offset: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    point = {"timeType": "INDEXED", "zoneId": zone, "indexReference": {"referenceType": reference, **more}}
    return point if offset is None else {**point, "offset": offset}


@pytest.mark.parametrize(
    ("point", "moment"),
    [
        (indexed("NOW"), "2026-03-04T12:00:00Z"),
        (indexed("NOW", hour=9), "2026-03-04T09:00:00Z"),
        (indexed("TODAY"), "2026-03-04T00:00:00Z"),
        (indexed("TODAY", "America/New_York"), "2026-03-04T05:00:00Z"),
        (indexed("TODAY", "America/New_York", {"days": 5}), "2026-03-09T04:00:00Z"),
        (indexed("WEEK", dayOfWeek="FRIDAY", hour=17), "2026-03-06T17:00:00Z"),
        (indexed("MONTH", day=31, offset={"months": -1}), "2026-02-28T00:00:00Z"),
        (indexed("QUARTER", month=2, day=10), "2026-02-10T00:00:00Z"),
        (indexed("YEAR", month=12, day=24), "2026-12-24T00:00:00Z"),
        (indexed("FISCAL_YEAR", month=1, day=1, offset={"years": -1}), "2025-01-01T00:00:00Z"),
        (indexed("NOW", offset={"weeks": 1, "hours": -2, "minutes": 30}), "2026-03-11T10:30:00Z"),
        (
            {"timeType": "DATE", "zoneId": "US/Eastern", "year": 2026, "month": 3, "day": 1, "hour": 8},
            "2026-03-01T13:00:00Z",
        ),
    ],
)
def test_points_in_time(point: dict[str, Any], moment: str) -> None:
    """Dates and points counted from now, in the zone that they name (W6.4.18)."""
    portal = at_noon()
    deal = deal_closing(portal, moment)
    for operator, behavior, expected in (
        ("IS_BEFORE", "EXCLUSIVE", False),
        ("IS_BEFORE", "INCLUSIVE", True),
        ("IS_AFTER", "EXCLUSIVE", False),
        ("IS_AFTER", "INCLUSIVE", True),
    ):
        filter = prop(
            "closedate", "TIME_POINT", operator, timePoint=point, endpointBehavior=behavior, propertyParser="VALUE"
        )
        assert accepts(deal, portal, filter) is expected


def test_ranges_between_points() -> None:
    """TIME_RANGED lies between two points, ends included unless it says otherwise (W6.4.18)."""
    portal = at_noon()
    deal = deal_closing(portal, "2026-03-01T00:00:00Z")
    bounds = {"lowerBoundTimePoint": indexed("TODAY", offset={"days": -3}), "upperBoundTimePoint": indexed("NOW")}
    assert accepts(deal, portal, prop("closedate", "TIME_RANGED", "IS_BETWEEN", **bounds))
    assert not accepts(deal, portal, prop("closedate", "TIME_RANGED", "IS_NOT_BETWEEN", **bounds))
    exclusive = {**bounds, "lowerBoundEndpointBehavior": "EXCLUSIVE"}
    assert not accepts(deal, portal, prop("closedate", "TIME_RANGED", "IS_BETWEEN", **exclusive))


def test_other_properties_as_points() -> None:
    """A moment before another property's value, its last change or its anniversary (W6.4.18)."""
    portal = at_noon()
    deal = deal_closing(portal, "2026-03-04T11:00:00Z")
    assert accepts(
        deal, portal, prop("closedate", "COMPARATIVE_DATE", "IS_BEFORE", comparisonPropertyName="createdate")
    )
    for reference, operator in (("VALUE", "IS_BEFORE"), ("UPDATED_AT", "IS_BEFORE"), ("ANNIVERSARY", "IS_BEFORE")):
        point = {
            "timeType": "PROPERTY_REFERENCED",
            "zoneId": "UTC",
            "property": "createdate",
            "referenceType": reference,
        }
        assert accepts(deal, portal, prop("closedate", "TIME_POINT", operator, timePoint=point))


def test_a_comparison_needs_both_moments() -> None:
    """Where the other property is empty its default counts, and without one nobody passes (W6.4.18)."""
    portal = at_noon()
    deal = deal_closing(portal, "2026-03-04T11:00:00Z")
    other = {"comparisonPropertyName": "notes_last_updated"}
    assert not accepts(deal, portal, prop("closedate", "COMPARATIVE_DATE", "IS_BEFORE", **other))
    other["defaultComparisonValue"] = "2030-01-01"
    assert accepts(deal, portal, prop("closedate", "COMPARATIVE_DATE", "IS_BEFORE", **other))


def test_when_a_property_was_updated() -> None:
    """UPDATED_AT and the operations about updates look at the last version, clearing included (W6.4.16)."""
    portal = at_noon()
    ada = contact(portal, city="Paris", phone="1")
    portal.clock.advance("4d")
    portal.update(ada, {"city": ""})
    for name, expected in (("city", True), ("phone", False)):
        updated = prop(name, "ROLLING_PROPERTY_UPDATED", "UPDATED_IN_LAST_X_DAYS", numberOfDays=3)
        assert accepts(ada, portal, updated) is expected
    later = {"comparisonPropertyName": "phone"}
    assert accepts(ada, portal, prop("city", "COMPARATIVE_PROPERTY_UPDATED", "IS_AFTER", **later))
    today = {"timePoint": indexed("TODAY"), "propertyParser": "UPDATED_AT"}
    assert accepts(ada, portal, prop("city", "TIME_POINT", "IS_AFTER", **today))


# -- other filters and branches ------------------------------------------------------------------------------


def submission(operator: str = "FILLED_OUT", **more: Any) -> dict[str, Any]:
    return {"filterType": "FORM_SUBMISSION", "operator": operator, **more}


def test_form_submissions() -> None:
    """One form or any, once or so many times (W6.4.9, W6.4.19)."""
    portal = Portal(Configuration.model_validate({"forms": [{"name": "Contact us"}, {"name": "Newsletter"}]}))
    ada = portal.forms.submit("Newsletter", {"email": "ada@acme.example"})
    portal.forms.submit("Newsletter", {"email": "ada@acme.example"})
    guid, other = portal.forms.find("Newsletter").guid, portal.forms.find("Contact us").guid
    assert accepts(ada, portal, submission(formId=guid))
    assert accepts(ada, portal, submission())
    assert accepts(ada, portal, submission("NOT_FILLED_OUT", formId=other))
    twice = {"type": "NUM_OCCURRENCES", "minOccurrences": 2}
    assert accepts(ada, portal, submission(coalescingRefineBy=twice))
    assert not accepts(ada, portal, submission(coalescingRefineBy={**twice, "minOccurrences": 3}))


def test_refinements_in_time() -> None:
    """Pruning keeps what happened before, after or between moments, given or counted from now (W6.4.19)."""
    portal = Portal(Configuration.model_validate({"forms": [{"name": "Newsletter"}]}))
    ada = portal.forms.submit("Newsletter", {"email": "ada@acme.example"})
    submitted = portal.clock.now
    portal.clock.advance("5d")
    ago = [{"offsetDirection": "PAST", "timeUnit": unit, "amount": n} for unit, n in (("DAYS", 4), ("WEEKS", 1))]
    for refinement, expected in (
        ({"type": "ABSOLUTE_COMPARATIVE", "comparison": "BEFORE", "timestamp": submitted}, False),
        ({"type": "ABSOLUTE_COMPARATIVE", "comparison": "AFTER", "timestamp": submitted - 1}, True),
        ({"type": "ABSOLUTE_RANGED", "rangeType": "BETWEEN", "lowerTimestamp": 0, "upperTimestamp": submitted}, True),
        ({"type": "RELATIVE_COMPARATIVE", "comparison": "AFTER", "timeOffset": ago[0]}, False),
        (
            {"type": "RELATIVE_RANGED", "rangeType": "BETWEEN", "lowerBoundOffset": ago[1], "upperBoundOffset": ago[0]},
            True,
        ),
        ({"type": "ALL_HISTORY"}, True),
    ):
        assert accepts(ada, portal, submission(pruningRefineBy=refinement)) is expected


def test_events() -> None:
    """UNIFIED_EVENTS: creations, form submissions and changed properties, by HubSpot's ids for them (F7.11)."""
    portal = Portal(Configuration.model_validate({"forms": [{"name": "Newsletter"}]}))
    ada = portal.forms.submit("Newsletter", {"email": "ada@acme.example"})
    portal.update(ada, {"city": "Paris"})

    def event(id: str, *filters: dict[str, Any], operator: str = "HAS_COMPLETED") -> dict[str, Any]:
        return {"filterBranchType": "UNIFIED_EVENTS", "eventTypeId": id, "operator": operator, "filters": list(filters)}

    changed = prop("hs_name", "STRING", "IS_EQUAL_TO", value="city")
    to_rome = prop("hs_value", "ENUMERATION", "IS_ANY_OF", values=["Rome"])
    of_form = prop("hs_form_id", "ENUMERATION", "IS_ANY_OF", values=[portal.forms.find("Newsletter").guid])
    assert accepts(ada, portal, branches=(event("4-655002", changed), event("4-1463224"), event("4-1639801", of_form)))
    assert not accepts(ada, portal, branches=(event("4-655002", changed, to_rome),))
    assert accepts(ada, portal, branches=(event("4-655002", changed, to_rome, operator="HAS_NOT_COMPLETED"),))


def linked(*filters: Mapping[str, Any], id: int = 4, type: str = "0-3", inner: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {
        "filterBranchType": "ASSOCIATION",
        "filterBranchOperator": "AND",
        "objectTypeId": type,
        "operator": "IN_LIST",
        "associationTypeId": id,
        "associationCategory": "HUBSPOT_DEFINED",
        "filters": list(filters),
        "filterBranches": list(inner),
    }


def test_associated_records() -> None:
    """An ASSOCIATION branch wants one associated record that passes all its filters (W6.4.8)."""
    portal = Portal()
    ada = contact(portal)
    portal.create("deals", {"dealname": "Chairs", "amount": "5"}, links=[(ada, ())])
    portal.create("deals", {"dealname": "Desks", "amount": "50"}, links=[(ada, ())])
    chairs = prop("dealname", "STRING", "IS_EQUAL_TO", value="Chairs")
    dear = prop("amount", "NUMBER", "IS_GREATER_THAN", value=10)
    assert accepts(ada, portal, branches=(linked(chairs),))
    assert accepts(ada, portal, branches=(linked(dear),))
    assert not accepts(ada, portal, branches=(linked(chairs, dear),))


def test_associations_of_associated_records() -> None:
    """An ASSOCIATION branch may hold another one (W6.4.8)."""
    portal = Portal()
    ada, acme = contact(portal), portal.create("companies", {"name": "Acme"})
    portal.create("deals", {"dealname": "Chairs"}, links=[(ada, ()), (acme, ())])
    named = linked(prop("name", "STRING", "IS_EQUAL_TO", value="Acme"), id=341, type="0-2")
    assert accepts(ada, portal, branches=(linked(inner=(named,)),))


def test_numbers_of_associations() -> None:
    """NUM_ASSOCIATIONS counts the associated records of a kind (W6.4.9)."""
    portal = Portal()
    ada = contact(portal)
    portal.create("deals", {"dealname": "Chairs"}, links=[(ada, ())])
    times = {"type": "NUM_OCCURRENCES", "minOccurrences": 1, "maxOccurrences": 1}
    filter = {
        "filterType": "NUM_ASSOCIATIONS",
        "associationTypeId": 4,
        "associationCategory": "HUBSPOT_DEFINED",
        "coalescingRefineBy": times,
    }
    assert accepts(ada, portal, filter)
    portal.create("deals", {"dealname": "Desks"}, links=[(ada, ())])
    assert not accepts(ada, portal, filter)


def test_members_of_other_lists() -> None:
    """IN_LIST and NOT_IN_LIST, for a record and for those it is associated with (W6.4.9)."""
    portal = Portal()
    ada, deal = contact(portal), portal.create("deals", {"dealname": "Chairs"})
    portal.associate(ada, deal)
    hot = portal.lists.create("Hot", deal.type, "MANUAL")
    portal.lists.add(hot, [deal])
    asked = {"listId": str(hot.id), "operator": "IN_LIST"}
    assert accepts(deal, portal, {"filterType": "IN_LIST", **asked})
    assert not accepts(deal, portal, {"filterType": "IN_LIST", **asked, "operator": "NOT_IN_LIST"})
    association = {"associationTypeId": 4, "associationCategory": "HUBSPOT_DEFINED", "toObjectTypeId": "0-3"}
    assert accepts(ada, portal, {"filterType": "ASSOCIATION", **asked, **association})


def test_branches() -> None:
    """OR over ANDs; NOT_ALL where one fails, NOT_ANY where all do (F7.12, W6.4.7)."""
    portal = Portal()
    ada = contact(portal, city="Paris")
    paris, rome = (prop("city", "STRING", "IS_EQUAL_TO", value=city) for city in ("Paris", "Rome"))

    def negation(kind: str, *filters: dict[str, Any]) -> dict[str, Any]:
        return {"filterBranchType": kind, "filters": list(filters)}

    assert accepts(ada, portal, branches=(negation("NOT_ALL", paris, rome),))
    assert not accepts(ada, portal, branches=(negation("NOT_ANY", paris, rome),))
    assert accepts(ada, portal, branches=(negation("NOT_ANY", rome),))
    either = {**every(rome), "filterBranches": [*every(rome)["filterBranches"], *every(paris)["filterBranches"]]}
    assert read(portal, ada.type, either).accepts(ada)


def test_constants() -> None:
    """CONSTANT accepts everybody or nobody (F7.13)."""
    portal = Portal()
    ada = contact(portal)
    for answer in (True, False):
        assert accepts(ada, portal, {"filterType": "CONSTANT", "shouldAccept": answer}) is answer


def test_what_may_be_left_out_is_filled_in() -> None:
    """Operators of branches, empty lists and `includeObjectsWithNoValueSet` come back (W6.4.7)."""
    branch = every(prop("city", "ALL_PROPERTY", "IS_KNOWN"))
    del branch["filters"]
    filled = normalised(branch)
    assert (filled["filterBranchOperator"], filled["filters"]) == ("OR", [])
    (group,) = filled["filterBranches"]
    assert group["filterBranchOperator"] == "AND"
    assert group["filters"][0]["operation"]["includeObjectsWithNoValueSet"] is False


# -- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NOT_HELD)
def test_data_that_the_portal_does_not_hold(kind: str) -> None:
    """Filters on ads, surveys and the like are refused by name (W6.4.9)."""
    portal = Portal()
    with pytest.raises(InvalidFilterBranch, match=f"filters\\[0\\].filterType {kind} asks for data"):
        read(portal, portal.type("contacts"), every({"filterType": kind}))


def _nested(depth: int) -> dict[str, Any]:
    branch: dict[str, Any] = {"filterBranchType": "NOT_ALL"}
    for _ in range(depth):
        branch = {"filterBranchType": "NOT_ALL", "filterBranches": [branch]}
    return branch


@pytest.mark.parametrize(
    ("branch", "message"),
    [
        ([], "filterBranch must be an object"),
        ({}, "filterBranch.filterBranchType is missing"),
        ({"filterBranchType": "AND"}, "filterBranch.filterBranchType can't be 'AND'; choose from: OR"),
        ({"filterBranchType": "OR"}, "filterBranch.filterBranches must hold at least one AND branch"),
        ({"filterBranchType": "OR", "filters": [{}], "filterBranches": [{}]}, "filterBranch.filters must be empty"),
        ({"filterBranchType": "OR", "filterBranches": [{"filterBranchType": "OR"}]}, "can't be 'OR'; choose from: AND"),
        ({"filterBranchType": "OR", "filterBranches": {}}, "filterBranch.filterBranches must be a list"),
        (every(branches=(_nested(20),)), "lie deeper than 12 levels"),
        (every(branches=({"filterBranchType": "AND"},)), "can't be 'AND'; choose from: UNIFIED_EVENTS, ASSOCIATION"),
        (every(branches=({"filterBranchType": "RESTRICTED"},)), "can't be 'RESTRICTED'"),
        (every({"filterType": "PROPERTIES"}), "can't be 'PROPERTIES'; .* did you mean 'PROPERTY'"),
        (every(prop("citty", "STRING", "CONTAINS", value="a")), "property names no property of contacts: 'citty'"),
        (every(prop("city", "TEXT", "CONTAINS", value="a")), "operationType can't be 'TEXT'"),
        (
            every(prop("city", "STRING", "CONTAIN", value="a")),
            "operator can't be 'CONTAIN'; .* did you mean 'CONTAINS'",
        ),
        (every(prop("city", "STRING", "CONTAINS")), "operation.value is missing"),
        (every(prop("city", "STRING", "CONTAINS", value="")), "operation.value is empty"),
        (every(prop("city", "MULTISTRING", "CONTAINS", values=[])), "operation.values must be a list of strings"),
        (every(prop("city", "NUMBER", "IS_EQUAL_TO", value=1)), "NUMBER doesn't go with city, which is a string"),
        (every(prop("lifecyclestage", "STRING", "CONTAINS", value="a")), "STRING doesn't go with lifecyclestage"),
        (every(prop("num_notes", "NUMBER", "IS_EQUAL_TO", value="x")), "operation.value must be a number"),
        (every(prop("city", "CALENDAR_DATE", "IN_THIS_TIME_UNIT", timeUnit="DAY")), "needs a date or a datetime"),
        (every(prop("createdate", "CALENDAR_DATE", "IN_THIS_TIME_UNIT", timeUnit="DECADE")), "timeUnit can't be"),
        (
            every(prop("createdate", "DATE", "IS_BEFORE", year=2026, month=2, day=30)),
            "is not in the calendar: 2026-2-30",
        ),
        (
            every(prop("createdate", "TIME_POINT", "IS_AFTER", timePoint=indexed("NOW", "Mars"))),
            "is no time zone: 'Mars'",
        ),
        (
            every(prop("createdate", "TIME_POINT", "IS_AFTER", timePoint=indexed("NOW", offset={"days": 10**9}))),
            "offset.days must be a whole number",
        ),
        (every({"filterType": "IN_LIST", "listId": 77, "operator": "IN_LIST"}), "listId names no list: 77"),
        (every(submission(formId="none")), "formId can't be used: no form is called 'none'"),
        (every(branches=(linked(),)), "filters must hold at least one filter"),
        (every(branches=(linked(id=99999),)), "associationTypeId can't be used"),
        (every(branches=(linked(type="0-2"),)), "leads to deal records, not to companies"),
        (every(branches=({"filterBranchType": "UNIFIED_EVENTS", "eventTypeId": "4-1"},)), "does not record: '4-1'"),
    ],
)
def test_broken_grammar(branch: Any, message: str) -> None:
    """What is wrong is named with its place, the allowed words and the one that was meant (W6.4.20, F7.12, F7.14)."""
    portal = Portal()
    with pytest.raises(InvalidFilterBranch, match=message.replace("(", "\\(")):
        read(portal, portal.type("contacts"), branch)
