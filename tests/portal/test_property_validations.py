"""Validation rules: what each type asks of a value."""

import pytest

from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.moments import DAY, from_iso
from hubtwin.portal.property_validations import ValidationRule, check, conform

NOW = from_iso("2026-03-02T09:00:00Z")
EPOCH_2026 = str(from_iso("2026-01-01"))


def follows(type: str, arguments: tuple[str, ...], value: str) -> bool:
    try:
        return conform([ValidationRule(type, arguments)], value, NOW) == value
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("type", "arguments", "good", "bad"),
    [
        ("AFTER_DATETIME_DURATION", ("P1D",), "2026-03-03T09:00:00Z", "2026-03-03T08:59:59Z"),
        ("AFTER_DURATION", ("P1W",), "2026-03-09", "2026-03-08"),
        ("ALPHANUMERIC", ("ALPHANUMERIC",), "Room 12", "Room-12"),
        ("ALPHANUMERIC", ("ALPHA_ONLY",), "Room", "Room12"),
        ("ALPHANUMERIC", ("NUMERIC_ONLY",), "12", "1.2"),
        ("BEFORE_DATETIME_DURATION", ("PT1H",), "2026-03-02T08:00:00Z", "2026-03-02T08:00:01Z"),
        ("BEFORE_DURATION", ("P30D",), "2026-01-31", "2026-02-01"),
        ("DAYS_OF_WEEK", ("MONDAY", "FRIDAY"), "2026-03-02", "2026-03-03"),
        ("DECIMAL", ("2",), "1.50", "1.505"),
        ("DOMAIN", (), "acme.example", "acme"),
        ("EMAIL", (), "ada@acme.example", "ada@acme"),
        ("EMAIL_ALLOWED_DOMAINS", ("acme.example",), "ada@mail.acme.example", "ada@notacme.example"),
        ("EMAIL_BLOCKED_DOMAINS", ("acme.example",), "ada@globex.example", "ada@ACME.example"),
        ("END_DATE", (EPOCH_2026,), "2026-01-01", "2026-01-02"),
        ("END_DATETIME", (EPOCH_2026,), "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
        ("FORMAT", ("UPPER",), "FI", "Fi"),
        ("FORMAT", ("CAPITALIZATION",), "Ada Byron", "ada byron"),
        ("MAX_LENGTH", ("3",), "abc", "abcd"),
        ("MAX_NUMBER", ("99.99",), "99.99", "1e2"),
        ("MIN_LENGTH", ("2",), "ab", "a"),
        ("MIN_NUMBER", ("-10.5",), "-10.5", "-10.6"),
        ("PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", ("fi",), "+358 40 123 4567", "call me"),
        ("REGEX", ("^[A-Z]+$", "Must be uppercase"), "ABC", "abc"),
        ("SPECIAL_CHARACTERS", ("NOT_ALLOWED",), "Ada", "Ada!"),
        ("START_DATE", (EPOCH_2026,), "2026-01-01", "2025-12-31"),
        ("START_DATETIME", (EPOCH_2026,), "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z"),
        ("URL", (), "https://acme.example/a?b", "acme"),
        ("URL_ALLOWED_DOMAINS", ("acme.example",), "https://www.acme.example", "https://globex.example"),
        ("URL_BLOCKED_DOMAINS", ("acme.example",), "globex.example/x", "http://acme.example/x"),
        ("WHITESPACE", (), "AdaByron", "Ada Byron"),
        ("WHITESPACE", ("TRIM",), "Ada Byron", " Ada"),
    ],
)
def test_what_a_rule_asks_for(type: str, arguments: tuple[str, ...], good: str, bad: str) -> None:
    """A value that follows the rule is kept as it is, another is refused (W4.12)."""
    assert (follows(type, arguments, good), follows(type, arguments, bad)) == (True, False)


@pytest.mark.parametrize(
    ("type", "arguments", "text", "kept"),
    [("FORMAT", ("UPPER",), "fi", "FI"), ("WHITESPACE", ("TRIM",), " Ada ", "Ada"), ("WHITESPACE", (), "A d a", "Ada")],
)
def test_values_are_brought_into_form(type: str, arguments: tuple[str, ...], text: str, kept: str) -> None:
    """Where normalisation is asked for, a value is changed before it is looked at (W4.12.1)."""
    assert conform([ValidationRule(type, arguments, normalises=True)], text, NOW) == kept


def test_a_pattern_has_its_own_words() -> None:
    """The second argument of REGEX is what the writer is told (W4.12)."""
    with pytest.raises(ValueError, match="Must be uppercase"):
        conform([ValidationRule("REGEX", ("^[A-Z]+$", "Must be uppercase"))], "abc", NOW)


@pytest.mark.parametrize(
    ("type", "arguments"),
    [
        ("DECIMAL", ("21",)),
        ("DAYS_OF_WEEK", ("CATURDAY",)),
        ("AFTER_DURATION", ("P",)),
        ("AFTER_DURATION", ("7 days",)),
        ("EMAIL", ("x",)),
        ("EMAIL_ALLOWED_DOMAINS", ()),
        ("EMAIL_ALLOWED_DOMAINS", ("not a domain",)),
        ("MAX_NUMBER", ("nan",)),
        ("START_DATE", ("2026-01-01",)),
        ("WHITESPACE", ("SOME",)),
    ],
)
def test_arguments_are_checked(type: str, arguments: tuple[str, ...]) -> None:
    """With arguments that make no sense a rule is refused (W4.12)."""
    kinds = [("date", "date"), ("number", "number"), ("string", "text")]
    for kind in kinds:
        with pytest.raises(InvalidDefinition):
            check(ValidationRule(type, arguments), *kind)


def test_a_period_is_added_up() -> None:
    """Weeks, days and hours together (W4.12)."""
    near = NOW + 8 * DAY
    assert near == from_iso("2026-03-10T09:00:00Z")
    assert follows("AFTER_DATETIME_DURATION", ("P1W1DT0H",), "2026-03-10T09:00:00Z")
    assert not follows("AFTER_DATETIME_DURATION", ("P1W1DT1H",), "2026-03-10T09:00:00Z")
