"""Conditions on properties in the short form: which of HubSpot's operations each key stands for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from hubtwin.portal.calendars import MONTHS
from hubtwin.portal.configuration.conditions import PropertyCondition
from hubtwin.portal.errors import ConfigurationError, UnknownProperty
from hubtwin.portal.properties import Properties
from hubtwin.portal.values import text_of

Json = dict[str, Any]
Place = tuple[str | int, ...]


class _Shape(NamedTuple):
    """How an operation holds its value: written into members of the JSON, and read out of them."""

    write: Callable[[Any], Json]
    read: Callable[[Mapping[str, Any]], Any]


def _texts(value: Any) -> list[str]:
    return [text_of(one) for one in (value if isinstance(value, tuple | list) else (value,))]


def _one_text(value: Any) -> Json:
    texts = _texts(value)
    if len(texts) != 1:
        raise ValueError("takes one value only")
    return {"value": texts[0]}


def _one_or_more(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


def _flag(value: Any) -> Json:
    text = _one_text(value)["value"]
    if text not in ("true", "false"):
        raise ValueError("takes true or false")
    return {"value": text == "true"}


def _number(value: Any) -> Json:
    text = _one_text(value)["value"]
    try:
        return {"value": _plain(float(text))}
    except ValueError:
        raise ValueError(f"takes a number, not {text!r}") from None


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _day(text: str) -> Json:
    year, month, day = map(int, text.split("-"))
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r} is not in the calendar")
    return {"year": year, "month": MONTHS[month - 1], "day": day}


def _read_day(operation: Mapping[str, Any]) -> str:
    return f"{operation['year']:04}-{MONTHS.index(operation['month']) + 1:02}-{operation['day']:02}"


_MANY = _Shape(lambda value: {"values": _texts(value)}, lambda operation: _one_or_more(operation["values"]))
_ONE = _Shape(_one_text, lambda operation: operation["value"])
_FLAG = _Shape(_flag, lambda operation: operation["value"])
_NUMBER = _Shape(_number, lambda operation: operation["value"])
_RANGE = _Shape(
    lambda value: {"lowerBound": _plain(value[0]), "upperBound": _plain(value[1])},
    lambda operation: [operation["lowerBound"], operation["upperBound"]],
)
_DAY = _Shape(_day, _read_day)
_DAYS = _Shape(lambda value: {"numberOfDays": value}, lambda operation: operation["numberOfDays"])

_SHAPES: Mapping[str, _Shape] = MappingProxyType(
    {
        "MULTISTRING": _MANY,
        "ENUMERATION": _MANY,
        "STRING": _ONE,
        "BOOL": _FLAG,
        "NUMBER": _NUMBER,
        "NUMBER_RANGED": _RANGE,
        "DATE": _DAY,
        "ROLLING_DATE_RANGE": _DAYS,
        "ROLLING_PROPERTY_UPDATED": _DAYS,
    }
)

_TEXT, _CHOICE, _DATES = ("string", "phone_number"), ("enumeration",), ("date", "datetime")
_ANY_TYPE = (*_TEXT, *_CHOICE, *_DATES, "number", "bool")

#: Key of the short form, types of property, operation and operator.
_ROWS = (
    ("is", _TEXT, "MULTISTRING", "IS_EQUAL_TO"),
    ("is", _CHOICE, "ENUMERATION", "IS_ANY_OF"),
    ("is", ("number",), "NUMBER", "IS_EQUAL_TO"),
    ("is", ("bool",), "BOOL", "IS_EQUAL_TO"),
    ("is", _DATES, "DATE", "IS_EQUAL_TO"),
    ("is_not", _TEXT, "MULTISTRING", "IS_NOT_EQUAL_TO"),
    ("is_not", _CHOICE, "ENUMERATION", "IS_NONE_OF"),
    ("is_not", ("number",), "NUMBER", "IS_NOT_EQUAL_TO"),
    ("is_not", ("bool",), "BOOL", "IS_NOT_EQUAL_TO"),
    ("is_not", _DATES, "DATE", "IS_NOT_EQUAL_TO"),
    ("was", _TEXT, "STRING", "HAS_EVER_BEEN_EQUAL_TO"),
    ("was", _CHOICE, "ENUMERATION", "HAS_EVER_BEEN_ANY_OF"),
    ("was", ("number",), "NUMBER", "HAS_EVER_BEEN_EQUAL_TO"),
    ("was", ("bool",), "BOOL", "HAS_EVER_BEEN_EQUAL_TO"),
    ("was_never", _TEXT, "STRING", "HAS_NEVER_BEEN_EQUAL_TO"),
    ("was_never", _CHOICE, "ENUMERATION", "HAS_NEVER_BEEN_ANY_OF"),
    ("was_never", ("number",), "NUMBER", "HAS_NEVER_BEEN_EQUAL_TO"),
    ("was_never", ("bool",), "BOOL", "HAS_NEVER_BEEN_EQUAL_TO"),
    ("contains", _TEXT, "MULTISTRING", "CONTAINS"),
    ("contains", _CHOICE, "ENUMERATION", "CONTAINS_ALL"),
    ("contains_not", _TEXT, "MULTISTRING", "DOES_NOT_CONTAIN"),
    ("contains_not", _CHOICE, "ENUMERATION", "DOES_NOT_CONTAIN_ALL"),
    ("starts_with", _TEXT, "MULTISTRING", "STARTS_WITH"),
    ("ends_with", _TEXT, "MULTISTRING", "ENDS_WITH"),
    ("above", ("number",), "NUMBER", "IS_GREATER_THAN"),
    ("at_least", ("number",), "NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO"),
    ("below", ("number",), "NUMBER", "IS_LESS_THAN"),
    ("at_most", ("number",), "NUMBER", "IS_LESS_THAN_OR_EQUAL_TO"),
    ("between", ("number",), "NUMBER_RANGED", "IS_BETWEEN"),
    ("before", _DATES, "DATE", "IS_BEFORE"),
    ("after", _DATES, "DATE", "IS_AFTER"),
    ("within_last_days", _DATES, "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO"),
    ("before_last_days", _DATES, "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO"),
    ("within_next_days", _DATES, "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_FROM_NOW"),
    ("updated_in_last_days", _ANY_TYPE, "ROLLING_PROPERTY_UPDATED", "UPDATED_IN_LAST_X_DAYS"),
    ("not_updated_in_last_days", _ANY_TYPE, "ROLLING_PROPERTY_UPDATED", "NOT_UPDATED_IN_LAST_X_DAYS"),
)

_OPERATIONS: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {(key, type): (operation, operator) for key, types, operation, operator in _ROWS for type in types}
)
_KEYS: Mapping[tuple[str, str], str] = MappingProxyType(
    {(operation, operator): key for key, _, operation, operator in _ROWS}
)


def written(properties: Properties, condition: PropertyCondition, place: Place) -> Json:
    """The PROPERTY filter for a condition at *place*. Raises ConfigurationError."""
    try:
        definition = properties.find(condition.property)
    except UnknownProperty as error:
        raise ConfigurationError((*place, "property"), str(error)) from None
    key, value = condition.asked()
    operation = _known(value) if key == "known" else _operation(key, value, definition.type, (*place, key))
    if condition.or_unknown:
        operation["includeObjectsWithNoValueSet"] = True
    return {"filterType": "PROPERTY", "property": definition.name, "operation": operation}


def _operation(key: str, value: Any, type: str, place: Place) -> Json:
    if (key, type) not in _OPERATIONS:
        keys = [*dict.fromkeys(known for known, of in _OPERATIONS if of == type), "known"]
        raise ConfigurationError(place, f"{key!r} doesn't go with a {type}; choose from: {', '.join(keys)}")
    operation, operator = _OPERATIONS[key, type]
    try:
        members = _SHAPES[operation].write(_one_text(value)["value"] if operation == "DATE" else value)
    except ValueError as error:
        raise ConfigurationError(place, f"{key!r} {error}") from None
    return {"operationType": operation, "operator": operator, **members}


def _known(value: bool) -> Json:
    return {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN" if value else "IS_UNKNOWN"}


def read(one: Mapping[str, Any]) -> Json:
    """The condition that a PROPERTY filter is, as a portal file has it. Raises KeyError where there is none."""
    operation = one["operation"]
    kind, operator = operation["operationType"], operation["operator"]
    without = {"or_unknown": True} if operation.get("includeObjectsWithNoValueSet") else {}
    if kind == "ALL_PROPERTY":
        known = {"IS_KNOWN": True, "IS_UNKNOWN": False}[operator]
        return {"property": one["property"], "known": known, **without}
    return {"property": one["property"], _KEYS[kind, operator]: _SHAPES[kind].read(operation), **without}
