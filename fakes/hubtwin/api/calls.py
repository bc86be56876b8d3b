"""A call: one request that reached its endpoint, and what handlers need to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson

from hubtwin.api import bodies
from hubtwin.api.errors import invalid
from hubtwin.api.http import Request, Response
from hubtwin.portal.ids import as_id, as_number
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal
from hubtwin.portal.sources import Source

JSON = ("content-type", "application/json;charset=utf-8")


@dataclass(slots=True)
class Call:
    """One call of an endpoint. *path* and *query* hold the values of their parameters, decoded."""

    portal: Portal
    request: Request
    source: Source
    path: Mapping[str, str] = field(default_factory=dict)
    query: dict[str, list[str]] = field(init=False)
    _body: bodies.Body | None = None

    def __post_init__(self) -> None:
        self.query = self.request.parameters()

    @property
    def body(self) -> bodies.Body:
        """The body as a JSON object. Raises ApiError."""
        if self._body is None:
            self._body = bodies.read(self.request.body)
        return self._body

    @property
    def inputs(self) -> int:
        """How many inputs of a batch were read; the body is not read for this."""
        inputs = None if self._body is None else self._body.data.get("inputs")
        return len(inputs) if isinstance(inputs, list) else 0

    @property
    def type(self) -> ObjectType:
        """The object type that the path names. Raises UnknownObjectType."""
        return self.portal.type(self.path["objectType"])

    def text(self, name: str) -> str | None:
        """A query parameter, None where it is missing or empty."""
        values = self.query.get(name)
        return (values[-1] or None) if values else None

    def names(self, name: str) -> list[str]:
        """A list of words, comma-joined or repeated (W2.3)."""
        values = self.query.get(name)
        return [word.strip() for text in values for word in text.split(",") if word.strip()] if values else []

    def flag(self, name: str) -> bool:
        """A boolean, as `true` or `True` (W12)."""
        return (self.text(name) or "false").lower() == "true"

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number from 1 to *most*. Raises ApiError."""
        text = self.text(name)
        if text is None:
            return default
        if not 1 <= as_id(text) <= most:
            raise invalid(f"{name} must be a number from 1 to {most}, not {text}")
        return as_id(text)

    def after(self) -> int:
        """The id or offset that a page starts at. Raises ApiError."""
        text = self.text("after") or "0"
        place = as_number(text)
        if place is None:
            raise invalid(f"after is not a value that a page gave out: {text}")
        return place

    def link(self, **changes: object) -> str:
        """The request's own URL with some query parameters changed."""
        return self.url(self.request.path, {**self.query, **{name: [str(value)] for name, value in changes.items()}})

    def url(self, path: str, query: Mapping[str, object]) -> str:
        """The URL of another path on the host that was called."""
        host = self.request.headers.get("host", "api.hubapi.com")
        scheme = "https" if host.endswith((".hubapi.com", ".hsforms.com")) else "http"
        return f"{scheme}://{host}{path}?{urlencode(query, doseq=True)}"


def answer(body: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(status, (JSON,), orjson.dumps(body))


def nothing() -> Response:
    """The answer 204, which has no body."""
    return Response(204, (), b"")
