"""Validation rules: what the values of a property must look like (W4.12).

A property has one rule of each type at most. Which types go with which property, what their arguments are and
what they ask for is the table at the end.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.moments import DAY, HOUR, MINUTE, SECOND, WEEK, from_iso

Arguments = Sequence[str]

_PERIOD = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?"
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_EMAIL = re.compile(rf"[^@\s]+@({_DOMAIN.pattern})", re.IGNORECASE)
_URL = re.compile(rf"(?:https?://)?({_DOMAIN.pattern})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().-]{3,}")
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
#: How long a year and a month of a period are; HubSpot's own reckoning is not known.
_LENGTHS = (365 * DAY, 30 * DAY, WEEK, DAY, HOUR, MINUTE, SECOND)


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """One rule of a property. With *normalises* a value is brought into the rule's form before it is looked at."""

    type: str
    arguments: tuple[str, ...]
    normalises: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of rule.

    *field_types* are the kinds of property that it goes with. *are_valid* looks at a rule's arguments, *holds* at
    a value, given the arguments and the present moment.
    """

    field_types: frozenset[tuple[str, str]]
    are_valid: Callable[[Arguments], bool]
    holds: Callable[[str, Arguments, int], bool]


def check(rule: ValidationRule, type: str, field_type: str) -> None:
    """Check a rule for a property of this type and field type. Raises InvalidDefinition."""
    kind = _KINDS.get(rule.type)
    if kind is None:
        raise InvalidDefinition(f"{rule.type} is not a rule type; choose from: {', '.join(_KINDS)}")
    if (type, field_type) not in kind.field_types:
        raise InvalidDefinition(f"{rule.type} does not go with a property of type {type} and field type {field_type}")
    if not kind.are_valid(rule.arguments):
        raise InvalidDefinition(f"{list(rule.arguments)} are not valid ruleArguments of {rule.type}")


def conform(rules: Sequence[ValidationRule], text: str, now: int) -> str:
    """The value to keep for *text*, by all rules. Raises ValueError, which names the rule that it breaks."""
    for rule in rules:
        if rule.normalises:
            text = _NORMALISED.get((rule.type, *rule.arguments), str)(text)
        if not _KINDS[rule.type].holds(text, rule.arguments, now):
            words = rule.arguments[1] if rule.type == "REGEX" else " ".join((rule.type, *rule.arguments))
            raise ValueError(f"{text} does not follow the validation rule: {words}")
    return text


# -- arguments -----------------------------------------------------------------------------------------------


def _none(arguments: Arguments) -> bool:
    return not arguments


def _one_of(*words: str, optional: bool = False) -> Callable[[Arguments], bool]:
    return lambda arguments: (len(arguments) == 1 and arguments[0] in words) or (optional and not arguments)


def _whole(low: int, high: int) -> Callable[[Arguments], bool]:
    return lambda arguments: (
        len(arguments) == 1 and re.fullmatch(r"\d{1,9}", arguments[0]) is not None and low <= int(arguments[0]) <= high
    )


def _number(arguments: Arguments) -> bool:
    return len(arguments) == 1 and _decimal(arguments[0]) is not None


def _timestamp(arguments: Arguments) -> bool:
    return len(arguments) == 1 and re.fullmatch(r"-?\d{1,15}", arguments[0]) is not None


def _period(arguments: Arguments) -> bool:
    return len(arguments) == 1 and _PERIOD.fullmatch(arguments[0]) is not None


def _domains(arguments: Arguments) -> bool:
    return 1 <= len(arguments) <= 20 and all(_DOMAIN.fullmatch(domain) for domain in arguments)


def _pattern(arguments: Arguments) -> bool:
    if len(arguments) != 2:
        return False
    try:
        re.compile(arguments[0])
    except (re.error, OverflowError, RecursionError):
        return False
    return True


# -- values --------------------------------------------------------------------------------------------------


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _amount(text: str) -> Decimal:
    return _decimal(text) or Decimal(0)  # the write path has made sure that it is a number


def _decimals(text: str) -> int:
    exponent = _amount(text).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _span(period: str) -> int:
    found = _PERIOD.fullmatch(period)
    assert found is not None  # noqa: S101  `check` has looked
    return sum(int(count or 0) * length for count, length in zip(found.groups(), _LENGTHS, strict=True))


def _weekday(text: str) -> str:
    return _DAYS[datetime.fromtimestamp(from_iso(text) // SECOND, UTC).weekday()]


def _is_alphanumeric(text: str, kind: str) -> bool:
    letters = "".join(text.split())
    return {"ALPHA_ONLY": letters.isalpha, "NUMERIC_ONLY": letters.isdecimal}.get(kind, letters.isalnum)()


def _is_phone_number(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None


def _domain_of(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.fullmatch(text.strip())
    return found.group(1).lower() if found else ""


def _within(domain: str, domains: Arguments) -> bool:
    return any(domain == one.lower() or domain.endswith(f".{one.lower()}") for one in domains)


_FORMS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"UPPER": str.upper, "LOWER": str.lower, "CAPITALIZATION": str.title}
)
_NORMALISED: Mapping[tuple[str, ...], Callable[[str], str]] = MappingProxyType(
    {
        **{("FORMAT", name): form for name, form in _FORMS.items()},
        ("WHITESPACE",): lambda text: "".join(text.split()),
        ("WHITESPACE", "ALL"): lambda text: "".join(text.split()),
        ("WHITESPACE", "TRIM"): str.strip,
    }
)

_DATE = frozenset({("date", "date")})
_DATETIME = frozenset({("datetime", "date")})
_NUMBERS = frozenset({("number", "number")})
_LINE = frozenset({("string", "text")})
_TEXT = _LINE | {("string", "textarea")}
_PHONES = frozenset({("string", "phonenumber"), ("phone_number", "phonenumber")})

_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "AFTER_DATETIME_DURATION": _Kind(_DATETIME, _period, lambda v, a, now: from_iso(v) >= now + _span(a[0])),
        "AFTER_DURATION": _Kind(_DATE, _period, lambda v, a, now: from_iso(v) >= (now + _span(a[0])) // DAY * DAY),
        "ALPHANUMERIC": _Kind(
            _TEXT,
            _one_of("ALPHANUMERIC", "ALPHA_ONLY", "NUMERIC_ONLY"),
            lambda v, a, now: _is_alphanumeric(v, a[0]),
        ),
        "BEFORE_DATETIME_DURATION": _Kind(_DATETIME, _period, lambda v, a, now: from_iso(v) <= now - _span(a[0])),
        "BEFORE_DURATION": _Kind(_DATE, _period, lambda v, a, now: from_iso(v) <= now - _span(a[0])),
        "DAYS_OF_WEEK": _Kind(
            _DATE | _DATETIME,
            lambda a: 1 <= len(a) <= 7 and set(a) <= set(_DAYS),
            lambda v, a, now: _weekday(v) in a,
        ),
        "DECIMAL": _Kind(_NUMBERS, _whole(0, 20), lambda v, a, now: _decimals(v) <= int(a[0])),
        "DOMAIN": _Kind(_LINE, _none, lambda v, a, now: _DOMAIN.fullmatch(v) is not None),
        "EMAIL": _Kind(_LINE, _none, lambda v, a, now: _EMAIL.fullmatch(v) is not None),
        "EMAIL_ALLOWED_DOMAINS": _Kind(_LINE, _domains, lambda v, a, now: _within(_domain_of(_EMAIL, v), a)),
        "EMAIL_BLOCKED_DOMAINS": _Kind(_LINE, _domains, lambda v, a, now: not _within(_domain_of(_EMAIL, v), a)),
        "END_DATE": _Kind(_DATE, _timestamp, lambda v, a, now: from_iso(v) <= int(a[0])),
        "END_DATETIME": _Kind(_DATETIME, _timestamp, lambda v, a, now: from_iso(v) <= int(a[0])),
        "FORMAT": _Kind(_TEXT, _one_of(*_FORMS), lambda v, a, now: _FORMS[a[0]](v) == v),
        "MAX_LENGTH": _Kind(_TEXT | _PHONES, _whole(1, 10_000), lambda v, a, now: len(v) <= int(a[0])),
        "MAX_NUMBER": _Kind(_NUMBERS, _number, lambda v, a, now: _amount(v) <= _amount(a[0])),
        "MIN_LENGTH": _Kind(_TEXT | _PHONES, _whole(1, 10_000), lambda v, a, now: len(v) >= int(a[0])),
        "MIN_NUMBER": _Kind(_NUMBERS, _number, lambda v, a, now: _amount(v) >= _amount(a[0])),
        "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE": _Kind(
            _PHONES,
            lambda a: not a or (len(a) == 1 and re.fullmatch("[a-z]{2}", a[0]) is not None),
            lambda v, a, now: _is_phone_number(v),
        ),
        "REGEX": _Kind(_TEXT, _pattern, lambda v, a, now: re.search(a[0], v) is not None),
        "SPECIAL_CHARACTERS": _Kind(
            _TEXT, _one_of("NOT_ALLOWED"), lambda v, a, now: _is_alphanumeric(v, "ALPHANUMERIC")
        ),
        "START_DATE": _Kind(_DATE, _timestamp, lambda v, a, now: from_iso(v) >= int(a[0])),
        "START_DATETIME": _Kind(_DATETIME, _timestamp, lambda v, a, now: from_iso(v) >= int(a[0])),
        "URL": _Kind(_LINE, _none, lambda v, a, now: _URL.fullmatch(v) is not None),
        "URL_ALLOWED_DOMAINS": _Kind(_LINE, _domains, lambda v, a, now: _within(_domain_of(_URL, v), a)),
        "URL_BLOCKED_DOMAINS": _Kind(_LINE, _domains, lambda v, a, now: not _within(_domain_of(_URL, v), a)),
        "WHITESPACE": _Kind(
            _LINE,
            _one_of("ALL", "TRIM", optional=True),
            lambda v, a, now: v == (v.strip() if "TRIM" in a else "".join(v.split())),
        ),
    }
)
