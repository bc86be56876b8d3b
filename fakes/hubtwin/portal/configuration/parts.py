"""What all parts of a portal file are made of: models that know no other keys, and texts that name other parts."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from hubtwin.portal.configuration.references import Defines, Refers
from hubtwin.portal.moments import duration

#: How a configuration names things: portal files, scenarios and journeys refer to them by it.
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]

#: What apps and portals identify themselves to each other with.
Secret = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]+$", max_length=1000)]

#: The id of a lifecycle stage.
StageName = Annotated[str, Refers("stage")]

#: The e-mail address of a user.
UserName = Annotated[Name, Refers("user")]


class Part(BaseModel):
    """Any part of a configuration: what it doesn't know is an error, and it can't be changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("no time zone is called that; zones have names such as Europe/Helsinki") from None
    return name


def _duration(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("write numbers with a unit, as in '1d 12h'")
    return duration(value)


#: The name of a time zone, as in `Europe/Helsinki`.
TimeZone = Annotated[str, AfterValidator(_time_zone)]

#: A span of time, written with units: `30m`, `1d 12h`. Kept in milliseconds.
Span = Annotated[int, BeforeValidator(_duration)]

__all__ = ["Defines", "Name", "Part", "Refers", "Secret", "Span", "StageName", "TimeZone", "UserName"]
