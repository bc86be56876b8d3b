"""The reception: what all doors of a portal lead to. It lets one request in at a time."""

from collections.abc import Collection, Mapping
from email.utils import formatdate
from itertools import count
from threading import RLock

from hubtwin.api import Api
from hubtwin.api.calls import JSON
from hubtwin.api.http import Request, Response
from hubtwin.api.recorder import Calls
from hubtwin.doors.outgoing import Outgoing
from hubtwin.doors.wall import Following
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal.portal import Portal
from hubtwin.portal.snapshots import Snapshot

#: The longest body that is read.
MAX_BODY = 10 * 1024 * 1024

_TOO_LARGE = (
    b'{"status":"error","message":"The request body is larger than %d bytes","category":"VALIDATION_ERROR"}' % MAX_BODY
)


class Reception:
    """Answers requests to one portal, whichever door they come in by.

    *file* is the portal file that the portal was made of, None where that was none. *snapshots* are those that were
    asked for over HTTP, by their ids. *lock* is held while a request is answered, so that threads never meet inside
    the portal; hold it to work with the portal directly while others may call it.
    """

    def __init__(self, portal: Portal, file: PortalFile | None = None) -> None:
        self.portal = portal
        self.file = file
        self.lock = RLock()
        self._api = Api(portal)
        self._following: Following | None = None
        self.snapshots: dict[int, Snapshot] = {}
        self.snapshot_ids = count(1)
        self._second = -1
        self._date = ""

    @property
    def calls(self) -> Calls:
        """The calls that came in."""
        return self._api.calls(self.portal)

    def follow(self) -> None:
        """Let the portal's clock follow the wall clock from now on; it moves whenever a request comes in."""
        with self.lock:
            self._following = Following(self.portal.clock)

    def catch_up(self) -> None:
        """Let the time pass that has passed outside, where the clock follows the wall clock.

        Where webhooks go out as it passes, a thread of its own sees to that: no request waits for their answers.
        """
        if not self.delivers:
            self.tick()

    def tick(self) -> None:
        """Let the time pass that has passed outside; webhooks that are due go out."""
        with self.lock:
            if self._following is not None:
                self._following.catch_up()

    @property
    def delivers(self) -> bool:
        """Whether webhooks go out when the clock moves."""
        return self.portal.outbox.courier is not None

    def deliver_webhooks(
        self, routes: Mapping[str, str], *, secrets: Mapping[str, str] | None = None, allow_hosts: Collection[str] = ()
    ) -> None:
        """Send what the portal's workflows send to *routes*: targets, by the addresses in the workflows.

        See `LocalPortal.deliver_webhooks`.
        """
        outgoing = Outgoing(self.portal.apps, self.lock, routes, secrets=secrets or {}, hosts=allow_hosts)
        with self.lock:
            self.portal.outbox.courier = outgoing

    def find(self, rule: str) -> str | None:
        """Where a rule of the portal's configuration is written, as `file:line`; None where that is not known."""
        return None if self.file is None else self.file.find(rule)

    def handle(self, request: Request) -> Response:
        """The answer to *request*, complete with its length and the portal's date."""
        with self.lock:
            self.catch_up()
            is_too_large = len(request.body) > MAX_BODY
            response = Response(413, (JSON,), _TOO_LARGE) if is_too_large else self._api.handle(request)
            self._complete(response, is_head=request.method == "HEAD")
            return response

    def date(self) -> str:
        """The portal's time as the `date` header has it."""
        second = self.portal.clock.now // 1_000
        if second != self._second:
            self._second, self._date = second, formatdate(second, usegmt=True)
        return self._date

    def _complete(self, response: Response, *, is_head: bool) -> None:
        headers = (*response.headers, ("date", self.date()))
        if response.status not in (204, 304):
            headers = (*headers, ("content-length", str(len(response.body))))
        response.headers = headers
        if is_head:
            response.body = b""


def reception_of(portal: Portal | Reception) -> Reception:
    """The reception of *portal*: its own where it has one, as a LocalPortal does, else a new one."""
    if isinstance(portal, Reception):
        return portal
    own = getattr(portal, "reception", None)
    return own if isinstance(own, Reception) else Reception(portal)
