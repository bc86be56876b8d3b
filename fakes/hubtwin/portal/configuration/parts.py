"""What all parts of a portal file are made of: models that know no other keys, and texts that name other parts."""

from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from hubtwin.portal.configuration.references import Defines, Refers
from hubtwin.portal.moments import UNITS, duration, from_iso, iso

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


class Brief(Part):
    """A part that may be written as one text alone, which is then its first field."""

    @classmethod
    def _brief(cls) -> str:
        return next(iter(cls.model_fields))

    @model_validator(mode="before")
    @classmethod
    def _in_full(cls, value: Any) -> Any:
        return {cls._brief(): value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _in_brief(self, handler: SerializerFunctionWrapHandler) -> Any:
        full = handler(self)
        return full[self._brief()] if isinstance(full, Mapping) and list(full) == [self._brief()] else full

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A text is as good as the mapping."""
        full = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [{"type": "string"}, full], "title": cls.__name__}


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


def written_span(milliseconds: int) -> str:
    """A duration as a file has it, down to the millisecond."""
    parts, rest = [], milliseconds
    for unit, size in reversed(UNITS.items()):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


def _moment(value: Any) -> int:
    try:
        return from_iso(value)
    except (TypeError, ValueError):
        raise ValueError("not a moment; write it as in 2026-03-02T09:00") from None


def _written_moment(moment: int) -> str:
    """A moment as people write it: without the parts that are zero, in UTC."""
    return iso(moment).removesuffix("Z").removesuffix(":00").removesuffix("T00:00")


def _written_number(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _reference(value: object) -> object:
    if not isinstance(value, str) or not value.startswith("$"):
        raise ValueError("a record is named by its alias, as in $ada")
    return value.removeprefix("$")


#: The name of a time zone, as in `Europe/Helsinki`.
TimeZone = Annotated[str, AfterValidator(_time_zone)]

#: A span of time, written with units: `30m`, `1d 12h`. Kept in milliseconds.
Span = Annotated[
    int,
    BeforeValidator(_duration),
    PlainSerializer(written_span, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["30m", "1d 12h"]}, mode="validation"),
]

#: A moment, written in ISO 8601; UTC where it names no zone. Kept in milliseconds.
Moment = Annotated[
    int,
    BeforeValidator(_moment),
    PlainSerializer(_written_moment, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["2026-03-02T09:00"]}, mode="validation"),
]

#: A number; whole ones are written without a fraction.
Number = Annotated[float, PlainSerializer(_written_number, when_used="json")]

#: The name of an object: `contacts`, or that of a custom one.
ObjectName = Name

#: A new name for a record, as in `ada`.
Alias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

#: A record by its alias, written `$ada`, kept as `ada`.
Reference = Annotated[
    str,
    BeforeValidator(_reference),
    PlainSerializer("${}".format, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^\$[A-Za-z_][A-Za-z0-9_]*$"}, mode="validation"),
    Refers("record"),
]

__all__ = [
    "Alias",
    "Brief",
    "Defines",
    "Moment",
    "Name",
    "Number",
    "ObjectName",
    "Part",
    "Reference",
    "Refers",
    "Secret",
    "Span",
    "StageName",
    "TimeZone",
    "UserName",
    "written_span",
]
