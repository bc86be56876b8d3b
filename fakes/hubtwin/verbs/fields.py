"""The types of the fields of verbs: records, property values, durations, moments."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from hubtwin.portal.moments import DAY, UNITS, duration, from_iso
from hubtwin.portal.values import Scalar, text_of

#: The longest time that may pass at once, or in a test.
LONGEST = 3_660 * DAY
_LAST_START = from_iso("2100-01-01")

_ALIAS = re.compile(r"[A-Za-z_]\w*")


def _alias(text: Any) -> str:
    if not isinstance(text, str) or not _ALIAS.fullmatch(text):
        raise ValueError("an alias is a word of letters, digits and underscores")
    return text


def _reference(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError("expected the name of a record")
    return text.strip()


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


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError("YAML takes this word for true or false; write it in quotes")
    return text_of(_single(value)) if value is not None else ""


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

#: A record: by its alias in scenarios, as in `$ada`; elsewhere as in `contacts/1001`, by e-mail address or domain.
Reference = Annotated[str, BeforeValidator(_reference)]

#: One reference or several.
References = Annotated[tuple[Reference, ...], BeforeValidator(_references)]

#: The text that a property is set to; empty clears it.
Written = Annotated[str, BeforeValidator(_written)]

#: What somebody says; numbers are said as they are written.
Text = Annotated[str, BeforeValidator(_text)]

#: The text that a property is expected to have; None where it must be empty, written `null`.
Expected = Annotated[str | None, BeforeValidator(_expected)]

#: A duration in milliseconds, written `1d 12h`.
Duration = Annotated[int, BeforeValidator(_duration)]

#: A moment in milliseconds, written in ISO 8601; UTC where it names no zone.
Moment = Annotated[int, BeforeValidator(_moment)]
