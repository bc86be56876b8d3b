"""Handlers: functions of a person's own that stand for what lies outside a portal."""

from collections.abc import Callable
from typing import Any


class Handler:
    """A function that somebody registered. Snapshots share it: it is no part of the portal's state."""

    __slots__ = ("call",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.call = function

    def __repr__(self) -> str:
        return f"<Handler {getattr(self.call, '__name__', self.call)!r}>"
