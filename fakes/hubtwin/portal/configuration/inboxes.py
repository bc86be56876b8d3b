"""Inboxes: where conversations arrive."""

from typing import Annotated, Literal

from pydantic import Field

from hubtwin.portal.configuration.parts import Defines, Name, Part


class Inbox(Part):
    """An inbox of the account, and the e-mail addresses that lead to it."""

    name: Annotated[Name, Defines("inbox")]
    type: Literal["INBOX", "HELP_DESK"] = "INBOX"
    """Whether it is a conversations inbox or the help desk."""
    emails: tuple[Annotated[Name, Defines("address of an inbox", folded=True)], ...] = ()
    """The team's e-mail addresses whose mail arrives here."""


#: One inbox with an address of its own, as every account has (F9.3.1).
DEFAULT_INBOXES = (Inbox(name="Inbox", emails=("inbox@hubtwin.example",)),)

#: All inboxes of an account: chats need one to arrive in.
Inboxes = Annotated[tuple[Inbox, ...], Field(min_length=1)]
