"""A portal on this machine: the account with its doors as named parts."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

from hubtwin.api.recorder import Calls
from hubtwin.doors.hosts import API
from hubtwin.doors.in_process import httpx_transport, in_process, requests_adapter
from hubtwin.doors.reception import Reception
from hubtwin.files import blaming
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal.clock import DEFAULT_START
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.moments import from_iso
from hubtwin.portal.portal import Portal
from hubtwin.verbs import Done, do

if TYPE_CHECKING:
    import httpx
    import requests

    from hubtwin.doors.server import LiveServer

#: A portal's configuration: ready, as the data of a portal file, or as the path of one.
Configurable = Configuration | Mapping[str, Any] | PathLike[str] | str | None


class LocalPortal(Portal):
    """A portal that clients on this machine can reach.

    *configuration* may be a Configuration, a mapping with the keys of a portal file, or the path of such a
    file; *start* is milliseconds or ISO 8601 text. In a `with` block it closes itself.

    Raises FileError for a configuration that doesn't hold.
    """

    def __init__(self, configuration: Configurable = None, *, start: int | str = DEFAULT_START) -> None:
        moment = from_iso(start) if isinstance(start, str) else start
        file = file_from(configuration)
        with blaming(file.document):
            super().__init__(file.configuration, start=moment)
        self.reception = Reception(self, file)
        self._server: LiveServer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def token(self) -> str:
        """The access token of the portal's default app, which may do everything."""
        return self.apps.token_of(self.apps.default.name)

    @property
    def calls(self) -> Calls:
        """The calls that clients made, and questions about them; what a test does to the portal itself is no call."""
        return self.reception.calls

    @property
    def url(self) -> str:
        """Where the portal is served on this machine: `http://127.0.0.1:…`. The server starts at the first look."""
        from hubtwin.doors.server import LiveServer  # most tests need no server

        with self.reception.lock:
            if self._server is None:
                self._server = LiveServer(self.reception)
            return self._server.url

    def in_process(self) -> AbstractContextManager[None]:
        """As long as this lasts, the portal answers all calls of this process to HubSpot's hosts."""
        return in_process(self.reception)

    def client(self, **options: Any) -> Any:
        """HubSpot's own client, `hubspot.HubSpot`, connected with this portal in process.

        *options* are those of `HubSpot`, such as `retry`. Raises ModuleNotFoundError where the client is not
        installed.
        """
        try:
            from hubtwin.doors.official_client import official_client
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"portal.client() needs HubSpot's Python client ({error}); pip install 'hubtwin[client]'",
                name=error.name,
            ) from None
        return official_client(self.reception, **{"access_token": self.token, **options})

    def session(self) -> "requests.Session":
        """A `requests.Session` whose every call reaches this portal, with its token. Close it when done."""
        import requests  # an extra

        session = requests.Session()
        session.trust_env = False
        session.mount("https://", requests_adapter(self.reception))
        session.mount("http://", requests_adapter(self.reception))
        session.headers["authorization"] = f"Bearer {self.token}"
        return session

    def httpx(self) -> "httpx.Client":
        """An `httpx.Client` whose every call reaches this portal, with its token and its host as the base."""
        import httpx  # an extra

        return httpx.Client(
            base_url=f"https://{API}",
            headers={"authorization": f"Bearer {self.token}"},
            transport=httpx_transport(self.reception),
        )

    def deliver_webhooks(
        self, routes: Mapping[str, str], *, secrets: Mapping[str, str] | None = None, allow_hosts: Collection[str] = ()
    ) -> None:
        """Send what workflows send to real targets, as in `{"https://hooks.example/in": "http://127.0.0.1:9000/in"}`.

        *routes* are the targets by the addresses in the workflows, whatever lies below an address included; an address
        may be its own target. They go out when the portal's clock moves, the clock waits for the answers, and whoever
        gets one may call the portal meanwhile. *secrets* are the values of secrets by their names. Targets on other
        machines need to be allowed, by their hosts. What was said before holds no more.

        Raises ValueError for what can't be meant, and for a host that isn't allowed.
        """
        self.reception.deliver_webhooks(routes, secrets=secrets, allow_hosts=allow_hosts)

    def do(self, verb: str, said: Any = None, **more: Any) -> Done:
        """Do a verb, as in `portal.do("submit_form", form="Demo", email="ada@client.example")`.

        What is said is a mapping, or keyword arguments, or both. Records are called as in `contacts/1001`, or by an
        e-mail address or domain.

        Raises WrongVerb for what can't be meant, and what else the portal refuses with; nothing is done then.
        """
        with self.reception.lock:
            return do(self, verb, {**(said or {}), **more} if more else said)

    def close(self) -> None:
        """Stop the server, if one was started."""
        if self._server is not None:
            self._server.close()
            self._server = None


def file_from(given: Configurable) -> PortalFile:
    """The configuration that *given* stands for, and the file that it is from. Raises FileError."""
    if given is None or isinstance(given, Configuration):
        return PortalFile(given or Configuration())
    return PortalFile.of(given) if isinstance(given, Mapping) else PortalFile.read(str(given))
