"""Requests and responses as plain values: the HTTP face has no sockets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass(slots=True)  # not frozen: that costs a microsecond each
class Request:
    """One HTTP request.

    *path* is still percent-encoded and without the query, *query* the text after the question mark. Header
    names are lower-case.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def parameters(self) -> dict[str, list[str]]:
        """The query's parameters, each with all its values."""
        found: dict[str, list[str]] = {}
        if not self.query:
            return found
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found


@dataclass(slots=True)
class Response:
    """One HTTP response. Header names are lower-case; `content-length` is left to the door."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
