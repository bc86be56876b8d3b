"""The context of a submission: which browser sent it, when, and from which page (F8.10, F8.12)."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from hubtwin.api.bodies import Body

#: What HubSpot knows in a context; anything else is an error (F8.12.2).
MEMBERS = (
    "hutk",
    "ipAddress",
    "pageUri",
    "pageName",
    "pageId",
    "sfdcCampaignId",
    "goToWebinarWebinarKey",
)

_HUTK = re.compile(r"[0-9a-fA-F-]{32,36}")
_PAGE = re.compile(r"\S+")
_WEBINAR = re.compile(r"[0-9-]{1,40}")


class InvalidContext(ValueError):
    """A context that is not valid: *problems* are messages and error types."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for message, _ in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Context:
    """Where a submission comes from. *submitted* is the moment where it is said to be another than now."""

    cookie: str | None = None
    page: str = ""
    title: str = ""
    submitted: int | None = None

    @classmethod
    def of(cls, body: Body, now: int) -> Self:
        """The context in the body of a submission. Raises InvalidContext, and ApiError for wrong types."""
        submitted = None if body.data.get("submittedAt") is None else body.number("submittedAt", now)
        if submitted is not None and not 0 <= submitted <= now:
            submitted = None  # F8.10.1: nobody has submitted it in the future
        if body.data.get("context") is None:
            return cls(submitted=submitted)
        context = body.object("context")
        if problems := list(_problems(context)):
            raise InvalidContext(problems)
        return cls(
            context.text("hutk") or None, context.text("pageUri") or "", context.text("pageName") or "", submitted
        )


def _problems(context: Body) -> Iterator[tuple[str, str]]:
    for name in context.data:
        if name not in MEMBERS:
            yield f"Error in 'context.{name}'. The context has no such member", "INVALID_METADATA"
    address = context.text("ipAddress")
    if address and not _is_address(address):
        yield f"Error in 'context.ipAddress'. {address} is not an IP address", "INVALID_IP_ADDRESS"
    for name, pattern, what, type in (
        ("hutk", _HUTK, "a HubSpot cookie", "INVALID_HUTK"),
        ("pageUri", _PAGE, "the address of a page", "INVALID_PAGE_URI"),
        ("goToWebinarWebinarKey", _WEBINAR, "the key of a webinar", "INVALID_GOTOWEBINAR_WEBINAR_KEY"),
    ):
        text = context.text(name)
        if text and not pattern.fullmatch(text):
            yield f"Error in 'context.{name}'. {text} is not {what}", type


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
