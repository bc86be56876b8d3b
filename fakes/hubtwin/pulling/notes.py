"""What was left out of a portal file, and why."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from hubtwin.api.errors import ApiError
from hubtwin.portal.errors import PortalError
from hubtwin.pulling.source import Refusal


class Notes:
    """What was left out while a portal was read: each thing once, those with one reason together."""

    def __init__(self) -> None:
        self._by_reason: dict[str, dict[str, None]] = {}

    def __iter__(self) -> Iterator[str]:
        """A line for each reason: `properties of leads, properties of quotes: the token needs …`."""
        return (f"{', '.join(things)}: {reason}" for reason, things in self._by_reason.items())

    def add(self, thing: str, reason: str) -> None:
        """Note that a thing was left out, or is not what it was."""
        self._by_reason.setdefault(" ".join(reason.split()), {})[" ".join(thing.split())] = None

    @contextmanager
    def leaving_out(self, thing: str) -> Iterator[None]:
        """Leave a thing out where the portal doesn't give it, or HubTwin has nothing like it; the rest goes on."""
        try:
            yield
        except (Refusal, PortalError, ApiError, ValueError) as error:  # a configuration's errors are ValueErrors
            self.add(thing, _words(error))


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return str(error) or type(error).__name__
