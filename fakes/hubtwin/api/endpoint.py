"""Endpoints: the rows of the table of all operations that are imitated (W1.11).

Each module of handlers has its part of the table at its end. The table drives the routing, the scopes and the
coverage page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hubtwin.api.calls import Call
from hubtwin.api.http import Response

#: Answers a call. Raises ApiError or PortalError.
Handler = Callable[[Call], Response]

#: The dated versions of the API. Where HubSpot has an operation in one of them, all answer here (W1.11).
DATED = ("2025-09", "2026-03", "2026-09")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation. *path* is that of v1 to v4, *dated* that of the dated versions, None where there is none.

    Words in braces are parameters; `{version}` stands for each of DATED. *scope* is what an app needs to have
    been granted, with the path's parameters in braces; empty where any app may call. *accepts* are the content
    types of bodies that the operation takes, *public* operations need no token: their path names the portal.
    """

    method: str
    path: str
    dated: str | None
    handler: Handler
    scope: str = ""
    accepts: tuple[str, ...] = ("application/json",)
    public: bool = False

    @property
    def operation(self) -> str:
        """What the operation does, in the words of its handler."""
        return (self.handler.__doc__ or "").partition("\n")[0]

    def paths(self) -> Iterator[str]:
        """The path in each family that has the operation."""
        yield self.path
        if self.dated is not None:
            for version in DATED:
                yield self.dated.replace("{version}", version)


def family(
    path: str,
    dated: str | None,
    *operations: tuple[str, str, Handler, str],
    accepts: tuple[str, ...] = ("application/json",),
    public: bool = False,
) -> tuple[Endpoint, ...]:
    """Endpoints whose paths begin alike: *operations* are method, rest of the path, handler and scope."""
    return tuple(
        Endpoint(method, path + tail, None if dated is None else dated + tail, handler, scope, accepts, public)
        for method, tail, handler, scope in operations
    )
