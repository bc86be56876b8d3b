"""What our own pages are asked: the request as plain values, checked."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hubtwin.portal.ids import as_number


class CannotAnswer(Exception):
    """A page can't answer what it was asked; *status* is 400, 404 or 409."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Asked(NamedTuple):
    """A request: the parameters of its *path* and of its *query*, and what its *body* says."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None

    def only(self, *known: str) -> None:
        """Refuse parameters of the query that are not *known*. Raises CannotAnswer."""
        _only("parameter", self.query, known)

    def number(self, name: str, default: int | None = None, most: int | None = None) -> int | None:
        """A whole number of the query, no larger than *most*. Raises CannotAnswer."""
        text = self.query.get(name)
        if text is None:
            return default
        number = as_number(text)
        if number is None or (most is not None and number > most):
            limit = "" if most is None else f" up to {most}"
            raise CannotAnswer(f"{name} must be a whole number{limit}, not {text!r}")
        return number

    def object(self, *known: str) -> dict[str, Any]:
        """The body as an object with *known* keys only, where some are given. Raises CannotAnswer."""
        if not isinstance(self.body, dict):
            raise CannotAnswer("the body must be a JSON object")
        if known:
            _only("key", self.body, known)
        return self.body


def _only(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    if unknown := [name for name in given if name not in known]:
        raise CannotAnswer(f"unknown {what} {unknown[0]!r}; choose from: {', '.join(known) or 'none'}")
