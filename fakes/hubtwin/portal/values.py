"""Values: from what a client sends to the text that HubSpot keeps (W2.2), or the reason why not (W2.7)."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from hubtwin.portal.errors import Problem
from hubtwin.portal.moments import DAY, from_iso, iso
from hubtwin.portal.properties import Option, PropertyDefinition

#: What JSON can hold in place of a property's value.
Scalar = str | int | float | bool | None

MAX_LENGTH = 65_536  # W4.10

_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"_]+\.[^@\s.,;:<>()\[\]\\\"_]{2,}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_CALENDAR = range(-62_135_596_800_000, 253_402_300_800_000)  # the years 1 to 9999


class InvalidValue(ValueError):
    """A *value* that doesn't fit its property, with HubSpot's *code* for the reason, and what is *allowed* instead."""

    def __init__(self, code: str, message: str, value: str = "", allowed: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.value = value
        self.allowed = allowed


def text_of(value: Scalar) -> str:
    """A JSON scalar as the text that property values are: `true`, `12`, `5000.5`."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def shared(text: str) -> str:
    """One and the same text for all equal ones, as long as they are short and come often.

    Most properties have few different values, and a text takes several times the room of its place in a record.
    """
    return _shared(text) if len(text) <= 64 else text


@lru_cache(maxsize=8192)
def _shared(text: str) -> str:
    return text


def normalise(definition: PropertyDefinition, text: str, present: str | None) -> str:
    """The text to keep for *text*, which is not empty; *present* is the value that the record has now.

    Raises InvalidValue.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidValue("PROPERTY_VALUE_TOO_LONG", f"{definition.name} is longer than {MAX_LENGTH} characters")
    return _BY_TYPE.get(definition.type, _as_is)(definition, text, present)


def problem(definition: PropertyDefinition, error: InvalidValue) -> Problem:
    """The error as a refused write lists it."""
    return Problem(definition.name, error.code, str(error), error.value, error.allowed)


def moment(text: str) -> int:
    """The moment that a datetime or date value names: ISO text or epoch milliseconds. Raises ValueError."""
    milliseconds = int(text) if re.fullmatch(r"-?\d{1,16}", text) else from_iso(text)
    if milliseconds not in _CALENDAR:
        raise ValueError(f"{text!r} is outside the calendar")
    return milliseconds


def _as_is(definition: PropertyDefinition, text: str, present: str | None) -> str:
    if definition.name == "email":
        return _email(text)
    return text


def _email(text: str) -> str:
    address = text.strip().lower()  # W2.6
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise InvalidValue("INVALID_EMAIL", f"Email address {text} is invalid")
    return address


def _number(definition: PropertyDefinition, text: str, present: str | None) -> str:
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise InvalidValue("INVALID_INTEGER", f"{text} was not a valid number")
    return stripped  # as written: "5000.00" survives (W2.2)


def _bool(definition: PropertyDefinition, text: str, present: str | None) -> str:
    if text.lower() not in ("true", "false"):
        raise _no_such_option(text, definition.options)
    return text.lower()


def _datetime(definition: PropertyDefinition, text: str, present: str | None) -> str:
    try:
        return iso(moment(text))
    except ValueError:
        raise InvalidValue("INVALID_LONG", f"{text} was not a valid long.") from None


def _date(definition: PropertyDefinition, text: str, present: str | None) -> str:
    try:
        milliseconds = moment(text)
    except ValueError:
        raise InvalidValue("INVALID_DATE", f"{text} was not a valid date.") from None
    days, rest = divmod(milliseconds, DAY)
    if rest:
        raise InvalidValue("INVALID_DATE", f"{text} is at {iso(milliseconds)[11:-1]}, not midnight UTC")
    return date.fromordinal(datetime(1970, 1, 1, tzinfo=UTC).toordinal() + days).isoformat()


def _enumeration(definition: PropertyDefinition, text: str, present: str | None) -> str:
    if definition.is_multiple:
        return _several(definition, text, present)
    # HubSpot's own enumerations whose options we don't know take any value.
    if definition.options and all(option.value != text for option in definition.options):
        raise _no_such_option(text, definition.options)
    return text


def _several(definition: PropertyDefinition, text: str, present: str | None) -> str:
    chosen = list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))
    allowed = {option.value for option in definition.options}
    for value in chosen:
        if allowed and value not in allowed:
            raise _no_such_option(value, definition.options)
    if text.startswith(";") and present:  # a leading semicolon appends (W2.2)
        chosen = list(dict.fromkeys([*present.split(";"), *chosen]))
    return ";".join(chosen)


def _no_such_option(text: str, options: Sequence[Option]) -> InvalidValue:
    listed = ", ".join(
        f'label: "{option.label}"\nvalue: "{option.value}"\ndisplay_order: {option.display_order}\n'
        for option in options
    )
    message = f"{text} was not one of the allowed options: [{listed}]"
    return InvalidValue("INVALID_OPTION", message, text, tuple(option.value for option in options))


_BY_TYPE: dict[str, Callable[[PropertyDefinition, str, str | None], str]] = {
    "bool": _bool,
    "date": _date,
    "datetime": _datetime,
    "enumeration": _enumeration,
    "number": _number,
}
