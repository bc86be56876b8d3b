"""Notifications: what HubSpot tells the account's own people, by e-mail or in the app (F7.17.8, F7.17.9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal.log import NOTIFIED, Activity
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

EMAIL, IN_APP = "EMAIL", "IN_APP"


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification: through which *channel*, to which addresses, about which record.

    *source* is who sent it, *entry* the number of the log's entry about it.
    """

    channel: str
    to: tuple[str, ...]
    subject: str
    body: str
    record: Record
    moment: int
    source: Source
    entry: int


class Notifications:
    """The notifications of one portal. Iterating goes over all of them, oldest first."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._sent: list[Notification] = []

    def __iter__(self) -> Iterator[Notification]:
        return iter(self._sent)

    def __len__(self) -> int:
        return len(self._sent)

    def of(self, email: str) -> list[Notification]:
        """What the person with this e-mail address got, oldest first."""
        return [one for one in self._sent if email.lower() in one.to]

    def send(
        self,
        channel: str,
        to: Sequence[str],
        subject: str,
        body: str,
        *,
        about: Record,
        source: Source,
        cause: int | None = None,
    ) -> Notification:
        """Tell people something *about* a record; its timeline shows that. *cause* is what led to it."""
        addresses = tuple(dict.fromkeys(address.lower() for address in to))
        facts = {"hs_channel": channel, "hs_recipients": ";".join(addresses), "hs_subject": subject}
        activity = Activity(NOTIFIED, f"{subject!r} to {', '.join(addresses)}", facts)
        entry = self._portal.writes.note(about, activity, source, cause)
        sent = Notification(channel, addresses, subject, body, about, self._portal.clock.now, source, entry)
        self._sent.append(sent)
        self._portal.reactions.settle()
        return sent
