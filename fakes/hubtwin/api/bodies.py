"""Request bodies: JSON of the right shape, or the error that HubSpot's JSON reader gives (W2.7)."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hubtwin.api.errors import ApiError, invalid
from hubtwin.portal.ids import as_number
from hubtwin.portal.values import Scalar

#: How HubSpot's reader names what it found, and the token that it stumbled over.
_FOUND = (
    (dict, "Object value", "START_OBJECT"),
    (list, "Array value", "START_ARRAY"),
    (bool, "Boolean value", "VALUE_TRUE"),
    (int, "Integer value", "VALUE_NUMBER_INT"),
    (float, "Floating-point value", "VALUE_NUMBER_FLOAT"),
    (str, "String value", "VALUE_STRING"),
    (type(None), "Null value", "VALUE_NULL"),
)

_WANTED = {
    dict: "java.util.LinkedHashMap",
    list: "java.util.ArrayList",
    str: "java.lang.String",
    int: "int",
    bool: "boolean",
}


class Body:
    """The JSON object of a request, or one inside it. *text* is the whole request's, for places in errors."""

    def __init__(self, data: Mapping[str, Any], text: bytes) -> None:
        self.data = data
        self._text = text

    def require(self, *names: str) -> None:
        """Raise the error about missing fields, unless all of *names* are there."""
        missing = [name for name in names if self.data.get(name) is None]
        if missing:
            raise invalid(
                f"Invalid input JSON on line 1, column 1. Some required fields were not set: [{', '.join(missing)}]"
            )

    def text(self, name: str, default: str | None = None) -> str | None:
        """A string; numbers are taken for strings, as HubSpot's reader takes them."""
        value = self.data.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong(name, value, str)
        return str(value)

    def number(self, name: str, default: int) -> int:
        """A whole number, or a string that is one."""
        value = self.data.get(name, default)
        if isinstance(value, str) and (number := as_number(value)) is not None:
            return number
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, value, int)
        return value

    def flag(self, name: str, default: bool) -> bool:
        """A boolean, or a string that is one."""
        value = self.data.get(name)
        if value is None:
            return default
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if not isinstance(value, bool):
            raise self._wrong(name, value, bool)
        return value

    def items(self, name: str) -> Sequence[Any]:
        """A list; empty where there is none."""
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, value, list)
        return value

    def texts(self, name: str) -> list[str]:
        """A list of strings."""
        values = self.items(name)
        for value in values:
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise self._wrong(name, value, str)
        return [str(value) for value in values]

    def objects(self, name: str) -> "list[Body]":
        """A list of objects."""
        values = self.items(name)
        for value in values:
            if not isinstance(value, dict):
                raise self._wrong(name, value, dict)
        return [Body(value, self._text) for value in values]

    def object(self, name: str) -> "Body":
        """An object that must be there."""
        value = self.data.get(name)
        if value is None:
            self.require(name)
        if not isinstance(value, dict):
            raise self._wrong(name, value, dict)
        return Body(value, self._text)

    def properties(self, name: str = "properties") -> dict[str, Scalar]:
        """Property values, which JSON may write as strings, numbers, booleans or null."""
        values = self.object(name).data
        for property, value in values.items():
            if isinstance(value, (dict, list)):  # a union would be made anew for each value
                raise self._wrong(property, value, str)
        return dict(values)

    def _wrong(self, name: str, value: Any, wanted: type) -> ApiError:
        line, column = _place(self._text, name)
        found, token = next((words, token) for kind, words, token in _FOUND if isinstance(value, kind))
        if value is False:
            token = "VALUE_FALSE"  # noqa: S105  a token of a JSON reader
        return ApiError(
            400,
            f"Invalid input JSON on line {line}, column {column}: Cannot deserialize value of type"
            f" `{_WANTED[wanted]}` from {found} (token `JsonToken.{token}`)",
        )


def read(text: bytes) -> Body:
    """The body as a JSON object. Raises ApiError."""
    data = read_any(text)
    if not isinstance(data, dict):
        raise Body({}, text)._wrong("", data, dict)
    return Body(data, text)


def read_list(text: bytes) -> list[Body]:
    """The body as a JSON list of objects. Raises ApiError."""
    return Body({"": read_any(text)}, text).objects("")


def read_texts(text: bytes) -> list[str]:
    """The body as a JSON list of strings or numbers. Raises ApiError."""
    return Body({"": read_any(text)}, text).texts("")


def read_any(text: bytes) -> Any:
    """The body as JSON. Raises ApiError with the place of what is wrong (W2.7)."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        rest = error.doc[error.pos : error.pos + 1]
        what = f"Unexpected character ({rest!r} (code {ord(rest)}))" if rest else "Unexpected end-of-input"
        raise ApiError(400, f"Invalid input JSON on line {line}, column {column}: {what}") from None


def _place(text: bytes, name: str) -> tuple[int, int]:
    """The line and column of a field's value."""
    key = text.find(b'"%s"' % name.encode("utf-8", "replace")) if name else 0
    start = max(key, 0)
    if name:
        start = text.find(b":", start + len(name)) + 1
    while start < len(text) and text[start : start + 1].isspace():
        start += 1
    before = text[:start]
    return before.count(b"\n") + 1, start - (before.rfind(b"\n") + 1) + 1
