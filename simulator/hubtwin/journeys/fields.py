"""The types of fields that several parts of a journey's file have."""

from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from hubtwin.portal.configuration import Name
from hubtwin.portal.moments import DAY, duration

#: The longest time that a file may name: a journey is a matter of years at most.
LONGEST = 3_660 * DAY


def several(value: Any) -> Any:
    """One thing as a list of one, so that a file may leave the brackets out."""
    return value if isinstance(value, list | tuple) else [value]


def _milliseconds(value: Any) -> int:
    if not isinstance(value, str):  # a bare 5 could be seconds or days
        raise ValueError("write a duration with its unit, as in '30m' or '1d 12h'")
    milliseconds = duration(value)
    if not 0 < milliseconds <= LONGEST:
        raise ValueError(f"a duration is more than nothing and at most {LONGEST // DAY}d")
    return milliseconds


#: A duration in milliseconds, written `1d 12h`.
Duration = Annotated[int, BeforeValidator(_milliseconds)]

#: Where numbers come from: one remark or several.
Remarks = Annotated[tuple[str, ...], BeforeValidator(several)]

#: One name or several.
NameList = Annotated[tuple[Name, ...], BeforeValidator(several), Field(min_length=1)]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = get_close_matches(name, sorted(available_timezones()), n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"no time zone is called {name!r}; their names are like 'Europe/Stockholm'{hint}") from None
    return name


#: The name of a time zone, as in `Europe/Stockholm`.
TimeZone = Annotated[str, AfterValidator(_zone)]
