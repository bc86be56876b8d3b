"""In-process doors: clients reach a portal with no socket, however the code under test builds them."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from hubtwin.doors.reception import Reception, reception_of
from hubtwin.portal.portal import Portal

if TYPE_CHECKING:
    from hubtwin.doors.httpx_door import PortalTransport
    from hubtwin.doors.requests_door import PortalAdapter

#: The libraries whose calls are answered, each with the door for it.
_DOORS = (("urllib3", "hubtwin.doors.urllib3_door"), ("httpx", "hubtwin.doors.httpx_door"))


@contextmanager
def in_process(portal: Portal | Reception) -> Iterator[None]:
    """As long as this lasts, *portal* answers all calls of this process to HubSpot's hosts.

    That holds for every client on urllib3 (requests, HubSpot's own) and on httpx, wherever and whenever it was
    built. Calls to other hosts go where they always go. Doors nest: the one that was opened last answers.

    Raises ImportError where urllib3 or httpx is installed in a version that has no door.
    """
    reception = reception_of(portal)
    with ExitStack() as doors:
        for library, door in _DOORS:
            if find_spec(library) is not None:
                doors.enter_context(_module(door, library).opened(reception))
        yield


def _module(door: str, library: str) -> Any:
    """The module of a door, with the library that it needs.

    The code under test may import that library later, so it can't be left out; what it warns about on being
    imported is no concern of a test that may not even use it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return import_module(door)
        except ImportError as error:
            raise ImportError(f"the in-process door needs a newer {library}: {error}") from error


def httpx_transport(portal: Portal | Reception) -> "PortalTransport":
    """A transport that connects one httpx client with *portal*, synchronous or asynchronous."""
    from hubtwin.doors.httpx_door import PortalTransport  # httpx is an extra

    return PortalTransport(reception_of(portal))


def requests_adapter(portal: Portal | Reception) -> "PortalAdapter":
    """An adapter that connects one `requests.Session` with *portal*: `session.mount("https://", adapter)`."""
    from hubtwin.doors.requests_door import PortalAdapter  # requests is an extra

    return PortalAdapter(reception_of(portal))
