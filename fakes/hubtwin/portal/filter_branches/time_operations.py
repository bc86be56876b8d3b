"""The time operations of filters, read into spans (W6.4.15 to W6.4.18, F7.14).

HubSpot has two generations of them. The older ones ("less than 5 days ago") are the newer ones (TIME_POINT and
TIME_RANGED) with certain points, so that both come down to a span.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hubtwin.portal.calendars import MONTHS, UNITS, local, moment_of, same_local, start_of, units_later
from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.filter_branches.spans import Fixed, Indexed, Referenced, Span
from hubtwin.portal.filter_branches.time_points import (
    MAX_DAYS,
    MAX_TIMESTAMP,
    MAX_YEARS,
    Surroundings,
    date_of,
    time_point,
)
from hubtwin.portal.values import moment as moment_in


def span(node: Node, kind: str, around: Surroundings) -> Span:
    """The span that a time operation of *kind* describes. Raises InvalidFilterBranch."""
    return _KINDS[kind](node, around)


def _time_point(node: Node, around: Surroundings) -> Span:
    point = time_point(node.object("timePoint"), around)
    included = _included(node, "endpointBehavior", "EXCLUSIVE")
    if node.choice("operator", ("IS_BEFORE", "IS_AFTER")) == "IS_BEFORE":
        return Span(high=point, high_included=included)
    return Span(low=point, low_included=included)


def _time_ranged(node: Node, around: Surroundings) -> Span:
    return Span(
        time_point(node.object("lowerBoundTimePoint"), around),
        time_point(node.object("upperBoundTimePoint"), around),
        _included(node, "lowerBoundEndpointBehavior", "INCLUSIVE"),
        _included(node, "upperBoundEndpointBehavior", "INCLUSIVE"),
        _outside(node),
    )


def _included(node: Node, name: str, default: str) -> bool:
    return node.choice(name, ("INCLUSIVE", "EXCLUSIVE"), default) == "INCLUSIVE"


def _outside(node: Node) -> bool:
    return node.choice("operator", ("IS_BETWEEN", "IS_NOT_BETWEEN")) == "IS_NOT_BETWEEN"


def _datetime(node: Node, around: Surroundings) -> Span:
    """IS_BEFORE_DATE means before the day begins, IS_AFTER_DATE after it ends (W6.4.15)."""
    operator = node.choice("operator", ("IS_EQUAL_TO", *_SIDES))
    moment = _timestamp(node, "timestamp", around)
    if operator == "IS_EQUAL_TO":
        return Span(Fixed(moment), Fixed(moment))
    if operator.endswith("_DATE"):
        day = start_of("DAY", local(moment, around.zone))
        return _beside(operator, moment_of(day), moment_of(units_later("DAY", day, 1)) - 1)
    return _beside(operator, moment, moment)


#: The operators that look at one side of something, and whether that is the side before it.
_SIDES = MappingProxyType({"IS_BEFORE": True, "IS_BEFORE_DATE": True, "IS_AFTER": False, "IS_AFTER_DATE": False})


def _beside(operator: str, first: int, last: int) -> Span:
    if _SIDES[operator]:
        return Span(high=Fixed(first), high_included=False)
    return Span(low=Fixed(last), low_included=False)


def _date_operation(node: Node, around: Surroundings) -> Span:
    """A day of the account's calendar, from its first to its last millisecond (our model)."""
    operator = node.choice("operator", ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO", *_SIDES))
    month = node.text("month")
    number = MONTHS.index(month.upper()) + 1 if month.upper() in MONTHS else node.whole("month", low=1, high=12)
    first = moment_of(date_of(node, around.zone, number))
    last = moment_of(units_later("DAY", local(first, around.zone), 1)) - 1
    if operator in _SIDES:
        return _beside(operator, first, last)
    return Span(Fixed(first), Fixed(last), outside=operator == "IS_NOT_EQUAL_TO")


def _ranged_date(node: Node, around: Surroundings) -> Span:
    names = ("lowerBound", "upperBound") if "lowerBound" in node else ("lowerBoundTimestamp", "upperBoundTimestamp")
    low, high = (Fixed(_timestamp(node, name, around)) for name in names)
    return Span(low, high, outside=_outside(node))


def _timestamp(node: Node, name: str, around: Surroundings) -> int:
    moment = node.whole(name, low=-MAX_TIMESTAMP, high=MAX_TIMESTAMP)
    # Our reading of requiresTimeZoneConversion: the clocks of the account show what the timestamp shows in UTC.
    return same_local(moment, around.zone) if node.flag("requiresTimeZoneConversion", False) else moment


def _rolling(node: Node, around: Surroundings) -> Span:
    """Whole days of the account's calendar before or after today (W6.4.16)."""
    operator = node.choice(
        "operator",
        (
            "IS_LESS_THAN_X_DAYS_AGO",
            "IS_MORE_THAN_X_DAYS_AGO",
            "IS_LESS_THAN_X_DAYS_FROM_NOW",
            "IS_MORE_THAN_X_DAYS_FROM_NOW",
        ),
    )
    days = node.whole("numberOfDays", low=0, high=MAX_DAYS)
    match operator:
        case "IS_LESS_THAN_X_DAYS_AGO":
            return Span(around.today(-days), around.now)
        case "IS_MORE_THAN_X_DAYS_AGO":
            return Span(high=around.today(-days), high_included=False)
        case "IS_LESS_THAN_X_DAYS_FROM_NOW":
            return Span(around.now, around.today(days))
    return Span(low=around.today(days), low_included=False)


def _rolling_update(node: Node, around: Surroundings) -> Span:
    operator = node.choice("operator", ("UPDATED_IN_LAST_X_DAYS", "NOT_UPDATED_IN_LAST_X_DAYS"))
    days = node.whole("numberOfDays", low=0, high=MAX_DAYS)
    return Span(around.today(-days), around.now, outside=operator == "NOT_UPDATED_IN_LAST_X_DAYS")


def _calendar(node: Node, around: Surroundings) -> Span:
    """Whole units of the calendar: the present one, or those before or after it (W6.4.17)."""
    operators = ("IN_LAST_TIME_UNIT", "IN_NEXT_TIME_UNIT", "IN_THIS_TIME_UNIT", "IN_THIS_TIME_UNIT_SO_FAR")
    operator, unit = node.choice("operator", operators), node.choice("timeUnit", UNITS)
    count = node.whole("timeUnitCount", 1, low=1, high=MAX_YEARS)
    fiscal = node.flag("useFiscalYear", False)
    month = MONTHS.index(node.choice("fiscalYearStart", MONTHS, "JANUARY")) + 1 if fiscal else 1

    def start(units: int) -> Indexed:
        sizes = {"DAY": (0, 1), "WEEK": (0, 7), "MONTH": (1, 0), "QUARTER": (3, 0), "YEAR": (12, 0)}
        months, days = sizes[unit]
        return Indexed(around.zone, unit, months * units, days * units, first_month=month)

    if operator == "IN_THIS_TIME_UNIT_SO_FAR":
        return Span(start(0), around.now)
    first, end = {"IN_LAST_TIME_UNIT": (-count, 0), "IN_NEXT_TIME_UNIT": (1, count + 1)}.get(operator, (0, 1))
    return Span(start(first), start(end), high_included=False)


def _comparative(what: str) -> Callable[[Node, Surroundings], Span]:
    """Before or after another property's value, or the moment at which that was updated."""

    def make(node: Node, around: Surroundings) -> Span:
        operator = node.choice("operator", ("IS_BEFORE", "IS_AFTER"))
        read = around.read(node, "comparisonPropertyName", what)
        default = _default(node)
        point = Referenced(lambda record: default if (moment := read(record)) is None else moment)
        if operator == "IS_BEFORE":
            return Span(high=point, high_included=False)
        return Span(low=point, low_included=False)

    return make


def _default(node: Node) -> int | None:
    """The moment to compare with where the other property has none."""
    if "defaultComparisonValue" not in node:
        return None
    text = node.text("defaultComparisonValue")
    try:
        return moment_in(text)
    except ValueError:
        raise node.wrong("defaultComparisonValue", f"is not a date: {text!r}") from None


_KINDS: Mapping[str, Callable[[Node, Surroundings], Span]] = MappingProxyType(
    {
        "TIME_POINT": _time_point,
        "TIME_RANGED": _time_ranged,
        "DATETIME": _datetime,
        "DATE": _date_operation,
        "RANGED_DATE": _ranged_date,
        "ROLLING_DATE_RANGE": _rolling,
        "ROLLING_PROPERTY_UPDATED": _rolling_update,
        "CALENDAR_DATE": _calendar,
        "COMPARATIVE_DATE": _comparative("VALUE"),
        "COMPARATIVE_PROPERTY_UPDATED": _comparative("UPDATED_AT"),
    }
)

#: The names of the time operations.
KINDS = tuple(_KINDS)

#: Those that look at when a property was updated, so that they go with any type of it.
OF_UPDATES = ("ROLLING_PROPERTY_UPDATED", "COMPARATIVE_PROPERTY_UPDATED")
