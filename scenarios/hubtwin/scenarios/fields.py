"""The types of the fields of a scenario: aliases, property values, durations, moments."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from hubtwin.portal.moments import DAY, UNITS, duration, from_iso
from hubtwin.portal.values import Scalar, text_of

#: The longest time that a test may take. A portal's calendar ends with the year 9999.
LONGEST = 3_660 * DAY
_LAST_START = from_iso("2100-01-01")

_ALIAS = re.compile(r"[A-Za-z_]\w*")
_WORD = re.compile(r"[A-Za-z0-9][\w.+-]{0,99}")


def _alias(text: Any) -> str:
    if not isinstance(text, str) or not _ALIAS.fullmatch(text):
        raise ValueError("an alias is a word of letters, digits and underscores")
    return text


def _word(text: Any) -> str:
    if not isinstance(text, str) or not _WORD.fullmatch(text):
        raise ValueError("expected a word of letters and digits, with . _ + - inside")
    return text


def _reference(text: Any) -> str:
    if not isinstance(text, str) or not text.startswith("$") or not _ALIAS.fullmatch(text[1:]):
        raise ValueError("a record is named by its alias, as in $ada")
    return text[1:]


def _references(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _single(value: Any) -> Scalar:
    if not isinstance(value, str | int | float | bool | None):
        raise ValueError(f"expected one value, found {value!r}")
    return value


def _written(value: Any) -> str:
    if value is None:
        raise ValueError("null leaves a property as it is; write '' to clear it")
    return text_of(_single(value))


def _expected(value: Any) -> str | None:
    return None if value in (None, "") else text_of(_single(value))


def _duration(value: Any) -> int:
    try:
        milliseconds = duration(value if isinstance(value, str) else "")
    except ValueError:
        message = f"not a duration; write numbers with a unit ({', '.join(UNITS)}), as in 1d 12h"
        raise ValueError(message) from None
    if milliseconds > LONGEST:
        raise ValueError(f"longer than {LONGEST // DAY} days")
    return milliseconds


def _moment(value: Any) -> int:
    try:
        moment = from_iso(value)
    except (TypeError, ValueError):
        raise ValueError("not a moment; write it as in 2026-03-02T09:00") from None
    if not 0 <= moment <= _LAST_START:
        raise ValueError("outside the years 1970 to 2099")
    return moment


#: A new name for a record, as in `ada`.
Alias = Annotated[str, BeforeValidator(_alias)]

#: A record by its alias, written `$ada`, kept as `ada`.
Reference = Annotated[str, BeforeValidator(_reference)]

#: One reference or several.
References = Annotated[tuple[Reference, ...], BeforeValidator(_references)]

#: The text that a property is set to; empty clears it.
Written = Annotated[str, BeforeValidator(_written)]

#: The text that a property is expected to have; None where it must be empty, written `null`.
Expected = Annotated[str | None, BeforeValidator(_expected)]

#: A duration in milliseconds, written `1d 12h`.
Duration = Annotated[int, BeforeValidator(_duration)]

#: A moment in milliseconds, written in ISO 8601; UTC where it names no zone.
Moment = Annotated[int, BeforeValidator(_moment)]

#: The id of a test or a tag: a word that a command line can hold.
Word = Annotated[str, BeforeValidator(_word)]
