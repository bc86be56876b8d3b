"""Marketing e-mails as marketers write them: kinds, versions, drafts (W6.11)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_LINK = re.compile(r"""https?://[^\s"'<>\\)]+""")
_TOKEN = re.compile(r"\{\{\s*contact\.([a-z0-9_]+)")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of e-mail: what portal files call it, HubSpot's type and subcategory, its states, the app that sends it.

    One that is not for marketing goes to those too who want no marketing (W6.11.4).
    """

    name: str
    type: str
    subcategory: str
    draft: str
    published: str
    app: int
    app_name: str
    is_marketing: bool = True


REGULAR = Kind("regular", "BATCH_EMAIL", "batch", "DRAFT", "PUBLISHED", 113, "Batch")
AUTOMATED = Kind("automated", "AUTOMATED_EMAIL", "automated", "AUTOMATED_DRAFT", "AUTOMATED", 114, "Automated")
SINGLE_SEND = Kind(
    *("single_send", "MARKETING_SINGLE_SEND_API", "marketing_single_send_api", "AUTOMATED_DRAFT", "AUTOMATED"),
    *(115, "SingleSendApi"),
)
TRANSACTIONAL = Kind(
    *("transactional", "SINGLE_SEND_API", "single_send_api", "AUTOMATED_DRAFT", "AUTOMATED"),
    *(116, "TransactionalSingleSendApi"),
    is_marketing=False,
)

#: The kinds by the portal file's names for them.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (REGULAR, AUTOMATED, SINGLE_SEND, TRANSACTIONAL)}
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a regular e-mail goes to: members of *lists* and *contacts*, and never those of the *excluded* ones.

    Lists are there by name or id, contacts by id.
    """

    lists: tuple[str, ...] = ()
    excluded_lists: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    excluded_contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """What an e-mail says at one time, and to whom.

    *subscription* is its subscription type, by id or name. *others* are the members of its JSON that the portal only
    keeps, `content` among them.
    """

    name: str
    subject: str = ""
    from_name: str = ""
    reply_to: str = ""
    subscription: str | None = None
    audience: Audience = Audience()
    publish_date: int | None = None
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def links(self) -> list[str]:
        """The web addresses in its text, each once, in their order."""
        found = (link for text in _texts(self.others.get("content")) for link in _LINK.findall(text))
        return list(dict.fromkeys(found))

    @property
    def tokens(self) -> list[str]:
        """The properties of contacts that its subject and text name, as in `{{ contact.firstname }}`."""
        texts = (self.subject, *_texts(self.others.get("content")))
        return list(dict.fromkeys(token for text in texts for token in _TOKEN.findall(text)))


def _texts(value: Any) -> Iterator[str]:
    """All the texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@dataclass(frozen=True, slots=True)
class Revision:
    """A version as it was at a moment, and the id of the user who made it."""

    id: int
    version: Version
    moment: int
    user: int


@dataclass(slots=True, eq=False)
class MarketingEmail:
    """A marketing e-mail of the portal.

    *live* is what its readers get, *draft* what is being written, None where that is the same. *campaign* is the id
    that events know it by. *published*, *scheduled* and *archived* are moments, None where that isn't so.
    """

    id: int
    campaign: int
    kind: Kind
    rule: str | None
    live: Version
    created: int
    created_by: int
    updated: int
    updated_by: int
    draft: Version | None = None
    published: int | None = None
    scheduled: int | None = None
    archived: int | None = None
    revisions: list[Revision] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What marketers call it."""
        return self.live.name

    @property
    def state(self) -> str:
        """Its state, in HubSpot's words."""
        if self.scheduled is not None:
            return "SCHEDULED"
        return self.kind.draft if self.published is None else self.kind.published
