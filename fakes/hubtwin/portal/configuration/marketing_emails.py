"""Marketing e-mails, and what becomes of them on their way."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from hubtwin.portal.configuration.parts import Defines, Name, Part, Refers, Span
from hubtwin.portal.moments import MINUTE

#: The name of a list.
ListName = Annotated[str, Refers("list")]


class MarketingEmail(Part):
    """A marketing e-mail: what it says, and whom a regular one goes to (W6.11.1)."""

    name: Annotated[Name, Defines("marketing email")]
    id: Annotated[int | None, Defines("marketing email id")] = Field(default=None, ge=1)
    """What the API and workflows call it; by default the next free number."""
    kind: Literal["regular", "automated", "single_send", "transactional"] = "regular"
    """A regular one is a draft that is sent once, to its lists. The others are published, and go out one by one: an
    automated one from workflows, the last two through the single-send API."""
    subject: str = ""
    """What its readers see first; by default its name."""
    from_name: str = ""
    """Whom it comes from; by default the account's name."""
    reply_to: str = ""
    """The address that answers go to; by default that of the account's first user."""
    subscription: Annotated[str, Refers("subscription type")] | None = None
    """The subscription type that its readers need to want; by default the account's first one."""
    body: str = ""
    """Its text. The web addresses in it are the links that people can click."""
    to: tuple[ListName, ...] = ()
    """The lists that a regular one goes to."""
    suppressed: tuple[ListName, ...] = ()
    """The lists whose members don't get it, even if they are in another one."""


#: Why an address takes no mail, in HubSpot's words (W6.11.5).
BounceReason = Literal["CONTENT", "MAILBOX_FULL", "OTHER", "POLICY", "SPAM", "UNKNOWN_USER"]


class EmailDelivery(Part):
    """What happens to e-mails on their way. No e-mail ever leaves the portal."""

    after: Span = MINUTE
    """How long after it was sent an e-mail arrives, or bounces."""
    bounces: Mapping[str, BounceReason] = Field(default={"bounce.example": "UNKNOWN_USER"})
    """The domains, or whole addresses, that take no e-mail, and why not."""
