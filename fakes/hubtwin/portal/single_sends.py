"""Single sends: one e-mail to one address, as an app asks for it (W6.11.10)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from hubtwin.portal import log
from hubtwin.portal.email_events import REASON
from hubtwin.portal.email_versions import Kind
from hubtwin.portal.errors import Refused, UnknownName
from hubtwin.portal.ids import guid
from hubtwin.portal.log import Entry
from hubtwin.portal.people import check_contact
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class SingleSend:
    """One single send: *result* is what came of it, in HubSpot's words, *event* the log's entry about that.

    It has none where nothing was sent because an earlier one had the same send id.
    """

    id: str
    requested: int
    result: str
    event: Entry | None = None


class SingleSends:
    """The single sends of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._sends: dict[str, SingleSend] = {}
        self._send_ids: set[str] = set()
        self._numbers = count(1)

    def find(self, id: str) -> SingleSend:
        """The single send with this id. Raises UnknownName."""
        try:
            return self._sends[id]
        except KeyError:
            raise UnknownName("single send", id, []) from None

    def send(
        self,
        email: str,
        to: str,
        *,
        kinds: Collection[Kind],
        properties: Mapping[str, str] | None = None,
        send_id: str | None = None,
        source: Source | None = None,
    ) -> SingleSend:
        """Send an e-mail of one of *kinds* to an address; its contact, made where there is none, gets *properties*.

        Only the first of several sends with the same *send_id* is sent.

        Raises UnknownName, InvalidValues, and Refused where the e-mail is of another kind, or a draft.
        """
        found, source = self._portal.marketing_emails.find(email), source or self._portal.app
        if found.kind not in kinds:
            wanted = " or ".join(kind.name for kind in kinds)
            raise Refused(f"E-mail {found.name!r} is {found.kind.name}; only {wanted} ones can be sent this way")
        if found.published is None:
            raise Refused(f"E-mail {found.name!r} is {found.state}; publish it first")
        if send_id is not None and send_id in self._send_ids:
            return self._keep("IDEMPOTENT_IGNORE", None)
        change = check_contact(self._portal, to, properties or {}, source)
        if send_id is not None:
            self._send_ids.add(send_id)
        contact = self._portal.writes.apply(change).record
        (event,) = self._portal.marketing_emails.send(found, [contact], source=source)
        return self._keep("SENT" if event.kind == log.EMAIL_SENT else event.value.facts[REASON], event)

    def _keep(self, result: str, event: Entry | None) -> SingleSend:
        id = guid(f"{self._portal.configuration.account.id}/single send {next(self._numbers)}")
        self._sends[id] = one = SingleSend(id, self._portal.clock.now, result, event)
        return one
