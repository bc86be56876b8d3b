"""Imported cells: from what people write into a table to a property's value (F4.13).

Options are told by label or by value, owners by name or by e-mail address, dates in the order of the import.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from hubtwin.portal.properties import PropertyDefinition
from hubtwin.portal.users import Users

#: Where day, month and year stand in a date, by HubSpot's names of the formats: the places of year, month, day.
DATE_FORMATS: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {"MONTH_DAY_YEAR": (2, 0, 1), "DAY_MONTH_YEAR": (2, 1, 0), "YEAR_MONTH_DAY": (0, 1, 2)}
)

_DATE = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})")


class UnusableCell(Exception):
    """A cell that can't become a value; *error_type* is HubSpot's word for why."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


def value(definition: PropertyDefinition, text: str, users: Users, date_format: str) -> str:
    """The value that a cell means; the write path checks it like any other.

    Raises UnusableCell.
    """
    if definition.referenced_object == "OWNER":
        return _owner(text, users)
    if definition.type in ("date", "datetime"):
        return _date(text, date_format)
    if not definition.options:
        return text
    if definition.is_multiple:
        return ";".join(_option(definition, part.strip()) for part in text.split(";") if part.strip())
    return _option(definition, text)


def _owner(text: str, users: Users) -> str:
    found = [user for user in users if text.lower() in (user.email, user.name.lower(), str(user.id))]
    if len(found) > 1:
        raise UnusableCell("MULTIPLE_OWNERS_FOUND", f"{len(found)} owners are called {text}")
    if not found:
        raise UnusableCell("COULD_NOT_FIND_OWNER", f"No owner is called {text}")
    return str(found[0].id)


def _date(text: str, date_format: str) -> str:
    """`2/3/2026` as the format has it; whatever is no such date is left to the write path."""
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    year, month, day = (match[place + 1] for place in DATE_FORMATS[date_format])
    return f"{year}-{month:0>2}-{day:0>2}"


def _option(definition: PropertyDefinition, text: str) -> str:
    if any(option.value == text for option in definition.options):
        return text
    found = [option.value for option in definition.options if option.label.lower() == text.lower()]
    if len(found) > 1:
        raise UnusableCell("AMBIGUOUS_ENUMERATION_OPTION", f"{text} is the label of {len(found)} options")
    return found[0] if found else text
