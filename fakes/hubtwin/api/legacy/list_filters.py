"""The filters of contact lists, version 1, as the filter branches that they mean (W12.9.19).

Version 1 has a list of groups: all filters of one group have to pass. Each filter belongs to a family, which it names
or which its operator tells.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hubtwin.api.bodies import Body
from hubtwin.api.errors import invalid
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.portal import Portal
from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.values import text_of

Json = dict[str, Any]


def branch(portal: Portal, groups: Sequence[Any]) -> Json:
    """The filter branch that `filters` mean. Raises ApiError, which says what version 3 has no words for."""
    return {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filters": [],
        "filterBranches": [
            {
                "filterBranchType": "AND",
                "filterBranchOperator": "AND",
                "filterBranches": [],
                "filters": [_filter(portal, one) for one in Body({"filters": group}, b"").objects("filters")],
            }
            for group in groups
        ],
    }


def _filter(portal: Portal, one: Body) -> Json:
    operator = one.text("operator") or ""
    family = one.text("filterFamily") or _FAMILY_OF.get(operator, "PropertyValue")
    if family not in _FAMILIES:
        raise invalid(f"Filters of the family {family!r} can't be used; those of {', '.join(_FAMILIES)} can")
    return _FAMILIES[family](portal, one, operator)


def _choose(operator: str, operators: Mapping[str, str], what: str) -> str:
    try:
        return operators[operator]
    except KeyError:
        raise invalid(f"The operator {operator!r} can't be used with {what}; {', '.join(operators)} can") from None


# -- properties ----------------------------------------------------------------------------------------------


def _property(portal: Portal, one: Body, operator: str) -> Json:
    one.require("property", "operator")
    definition = portal.properties[CONTACTS].find(one.text("property") or "")
    read = _past if one.flag("checkPastVersions", False) else _operation
    return {"filterType": "PROPERTY", "property": definition.name, "operation": read(definition, one, operator)}


def _past(definition: PropertyDefinition, one: Body, operator: str) -> Json:
    """An operation on all values that the property ever had."""
    if definition.type == "enumeration":
        named = _choose(operator, _PAST_OPTIONS, "past options")
        return {"operationType": "ENUMERATION", "operator": named, "values": _value(one).split(";")}
    return {"operationType": "STRING", "operator": _choose(operator, _PAST, "past values"), "value": _value(one)}


def _operation(definition: PropertyDefinition, one: Body, operator: str) -> Json:
    if operator in _KNOWN:
        return {"operationType": "ALL_PROPERTY", "operator": _KNOWN[operator]}
    what = f"{definition.name}, which is a {definition.type}"
    match definition.type:
        case "number":
            return {"operationType": "NUMBER", "operator": _choose(operator, _NUMBER, what), "value": _value(one)}
        case "bool":
            return {"operationType": "BOOL", "operator": _choose(operator, _BOOL, what), "value": _value(one)}
        case "enumeration":
            named = _choose(operator, _OPTIONS, what)
            return {"operationType": "ENUMERATION", "operator": named, "values": _value(one).split(";")}
        case "date" | "datetime":
            return _time(one, operator, what)
    return {"operationType": "MULTISTRING", "operator": _choose(operator, _TEXT, what), "values": [_value(one)]}


def _time(one: Body, operator: str, what: str) -> Json:
    if operator != "WITHIN_TIME":
        named = _choose(operator, {**_DATE, "WITHIN_TIME": ""}, what)
        return {"operationType": "DATETIME", "operator": named, "timestamp": _value(one)}
    unit = one.text("withinLastTimeUnit") or "DAYS"
    mode = one.text("withinTimeMode") or "PAST"
    if unit not in ("DAYS", "WEEKS") or mode not in ("PAST", "FUTURE"):
        raise invalid("WITHIN_TIME has a withinLastTimeUnit of DAYS or WEEKS, and a withinTimeMode of PAST or FUTURE")
    amount = one.number("withinLastTime", one.number("withinLastDays", -1)) * (7 if unit == "WEEKS" else 1)
    farther = "MORE" if one.flag("reverseWithinTimeWindow", False) else "LESS"
    end = "AGO" if mode == "PAST" else "FROM_NOW"
    named = f"IS_{farther}_THAN_X_DAYS_{end}"
    return {"operationType": "ROLLING_DATE_RANGE", "operator": named, "numberOfDays": amount}


def _value(one: Body) -> str:
    value = one.data.get("value", one.data.get("strValue"))
    if value is None or isinstance(value, (dict, list)):
        raise invalid("A filter with this operator needs a value")
    return text_of(value)


# -- what happened -------------------------------------------------------------------------------------------


def _list(portal: Portal, one: Body, operator: str) -> Json:
    named = _choose(operator, {"IN_LIST": "IN_LIST", "NOT_IN_LIST": "NOT_IN_LIST"}, "a list")
    return {"filterType": "IN_LIST", "listId": one.text("list"), "operator": named}


def _form(portal: Portal, one: Body, operator: str) -> Json:
    named = _choose(operator, _SUBMITTED, "a form")
    filter: Json = {"filterType": "FORM_SUBMISSION", "operator": named, **_between(one)}
    if form := one.text("form"):
        filter["formId"] = form
    if page := one.text("page"):
        filter |= {"filterType": "FORM_SUBMISSION_ON_PAGE", "pageId": page}
    return filter


def _page_view(portal: Portal, one: Body, operator: str) -> Json:
    named = _choose(operator, _VIEWED, "a page")
    filter = {"filterType": "PAGE_VIEW", "operator": named, "pageUrl": _value(one), "enableTracking": False}
    return filter | _occurrences(one)


def _event(portal: Portal, one: Body, operator: str) -> Json:
    named = _choose(operator, {"HAS_EVENT": "HAS_EVENT", "NOT_HAS_EVENT": "NOT_HAS_EVENT"}, "an event")
    return {"filterType": "EVENT", "operator": named, "eventId": _value(one)} | _occurrences(one)


def _between(one: Body) -> Json:
    names = [name for name in ("afterTimestamp", "beforeTimestamp") if one.text(name)]
    if not names:
        return {}
    refined: Json = {"type": "ABSOLUTE_COMPARATIVE", "comparison": "AFTER" if names[0][0] == "a" else "BEFORE"}
    refined["timestamp"] = one.text(names[0])
    if len(names) == 2:
        refined = {"type": "ABSOLUTE_RANGED", "rangeType": "BETWEEN"}
        refined |= {"lowerTimestamp": one.text(names[0]), "upperTimestamp": one.text(names[1])}
    return {"pruningRefineBy": refined}


def _occurrences(one: Body) -> Json:
    timed = [name for name in one.data if name.endswith("OccurrenceAfterTimestamp") or "OccurrenceBefore" in name]
    if timed:
        raise invalid(f"{timed[0]} can't be used: version 3 of lists has no words for the first or last occurrence")
    named = {name: one.text(name) for name in ("minOccurrences", "maxOccurrences") if one.text(name)}
    return {"coalescingRefineBy": {"type": "NUM_OCCURRENCES", **named}} if named else {}


_KNOWN = MappingProxyType({"IS_NOT_EMPTY": "IS_KNOWN", "IS_EMPTY": "IS_UNKNOWN"})
_TEXT = MappingProxyType(
    {
        "EQ": "IS_EQUAL_TO",
        "NEQ": "IS_NOT_EQUAL_TO",
        "CONTAINS": "CONTAINS",
        "NOT_CONTAINS": "DOES_NOT_CONTAIN",
        "STR_STARTS_WITH": "STARTS_WITH",
        "STR_ENDS_WITH": "ENDS_WITH",
    }
)
_PAST = MappingProxyType(
    {"EQ": "HAS_EVER_BEEN_EQUAL_TO", "NEQ": "HAS_NEVER_BEEN_EQUAL_TO", "CONTAINS": "HAS_EVER_CONTAINED"}
)
_PAST_OPTIONS = MappingProxyType({"EQ": "HAS_EVER_BEEN_ANY_OF", "NEQ": "HAS_NEVER_BEEN_ANY_OF"})
_NUMBER = MappingProxyType(
    {
        "EQ": "IS_EQUAL_TO",
        "NEQ": "IS_NOT_EQUAL_TO",
        "LT": "IS_LESS_THAN",
        "LTE": "IS_LESS_THAN_OR_EQUAL_TO",
        "GT": "IS_GREATER_THAN",
        "GTE": "IS_GREATER_THAN_OR_EQUAL_TO",
    }
)
_BOOL = MappingProxyType({"EQ": "IS_EQUAL_TO", "NEQ": "IS_NOT_EQUAL_TO"})
_OPTIONS = MappingProxyType(
    {
        "EQ": "IS_ANY_OF",
        "NEQ": "IS_NONE_OF",
        "SET_ANY": "IS_ANY_OF",
        "SET_NOT_ANY": "IS_NONE_OF",
        "SET_EQ": "IS_EXACTLY",
        "SET_NEQ": "IS_NOT_EXACTLY",
        "SET_ALL": "CONTAINS_ALL",
    }
)
_DATE = MappingProxyType({"EQ": "IS_EQUAL_TO", "LT": "IS_BEFORE", "GT": "IS_AFTER"})
_SUBMITTED = MappingProxyType({"HAS_FILLED_OUT_FORM": "FILLED_OUT", "HAS_NOT_FILLED_OUT_FORM": "NOT_FILLED_OUT"})
_VIEWED = MappingProxyType(
    {
        f"{negation}HAS_PAGEVIEW_{comparison}": f"{negation}HAS_PAGEVIEW_{comparison}"
        for negation in ("", "NOT_")
        for comparison in ("EQ", "CONTAINS", "MATCHES_REGEX")
    }
)

_FAMILIES: Mapping[str, Callable[[Portal, Body, str], Json]] = MappingProxyType(
    {
        "PropertyValue": _property,
        "ListMembership": _list,
        "FormSubmission": _form,
        "PageView": _page_view,
        "Event": _event,
    }
)
_FAMILY_OF: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("IN_LIST", "NOT_IN_LIST"), "ListMembership"),
        **dict.fromkeys(_SUBMITTED, "FormSubmission"),
        **dict.fromkeys(_VIEWED, "PageView"),
        **dict.fromkeys(("HAS_EVENT", "NOT_HAS_EVENT"), "Event"),
    }
)
