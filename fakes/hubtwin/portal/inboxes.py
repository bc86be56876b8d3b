"""Inboxes, channels and channel accounts: where conversations arrive, and through what (F9.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubtwin.portal import configuration

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

_FIRST_INBOX_ID = 480_001
_FIRST_ACCOUNT_ID = 148_001


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in which people talk to the account."""

    id: int
    name: str


#: The channels, by HubSpot's ids for them (F9.3.2).
LIVE_CHAT = Channel(1000, "Live chat")
EMAIL = Channel(1002, "Email")
CHANNELS = (LIVE_CHAT, EMAIL)


@dataclass(frozen=True, slots=True)
class Inbox:
    """An inbox of the portal, and the id that HubSpot would give it."""

    id: int
    settings: configuration.Inbox


@dataclass(frozen=True, slots=True)
class ChannelAccount:
    """An instance of a channel: a chatflow, or a team's e-mail *address* (F9.3.2)."""

    id: int
    name: str
    channel: Channel
    inbox: Inbox
    active: bool = True
    address: str | None = None


class Inboxes:
    """The inboxes of one portal, and the channel accounts connected to them."""

    def __init__(self, portal: "Portal") -> None:
        self.created = portal.clock.now
        self.inboxes = tuple(
            Inbox(_FIRST_INBOX_ID + number, settings) for number, settings in enumerate(portal.configuration.inboxes)
        )
        self.accounts = tuple(self._accounts(portal.configuration.chatflows))

    def _accounts(self, chatflows: tuple[configuration.Chatflow, ...]) -> Iterator[ChannelAccount]:
        number = _FIRST_ACCOUNT_ID
        for chatflow in chatflows:
            inbox = next(one for one in self.inboxes if chatflow.inbox in (None, one.settings.name))
            yield ChannelAccount(number, chatflow.name, LIVE_CHAT, inbox, chatflow.active)
            number += 1
        for inbox in self.inboxes:
            for address in inbox.settings.emails:
                yield ChannelAccount(number, address, EMAIL, inbox, address=address.lower())
                number += 1

    def of_chatflow(self, name: str) -> ChannelAccount:
        """The channel account of a chatflow, which there is."""
        return next(one for one in self.accounts if one.channel == LIVE_CHAT and one.name == name)

    def of_address(self, address: str) -> ChannelAccount | None:
        """The channel account of a team's e-mail address, None where no inbox has it."""
        return next((one for one in self.accounts if one.address == address.strip().lower()), None)

    def account(self, id: int) -> ChannelAccount | None:
        """The channel account with this id, None where there is none."""
        return next((one for one in self.accounts if one.id == id), None)
