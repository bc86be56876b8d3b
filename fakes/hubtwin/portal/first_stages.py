"""First stages: where a contact or company begins that is made without a lifecycle stage (F3.1, F4.1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal.objects import CONTACTS, ObjectType
from hubtwin.portal.sources import Source

if TYPE_CHECKING:
    from hubtwin.portal.configuration import Settings

_MAILBOX = ("EMAIL_INTEGRATION", "EXTENSION", "GMAIL_INTEGRATION", "SALES")


def _by_source(**stages: tuple[str, ...]) -> Mapping[str, str]:
    return MappingProxyType({source: stage for stage, sources in stages.items() for source in sources})


#: The first stage of contacts by the source that made them, for the years in which it went by that (F4.1). A source
#: that isn't there gave none.
ERAS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "2018": _by_source(lead=("CRM_UI", "FORM", "SALESFORCE", *_MAILBOX)),
        "2021": _by_source(
            subscriber=("CRM_UI", "CONVERSATIONS", "BOT"),
            lead=("FORM", "SALESFORCE", *_MAILBOX),
        ),
        "2022": _by_source(
            subscriber=("CRM_UI", "EMAIL", *_MAILBOX),
            lead=("FORM", "SALESFORCE", "ANALYTICS"),
        ),
    }
)


def first_stage(type: ObjectType, source: Source, settings: "Settings", era: str) -> str | None:
    """The stage of a new record of *type* that *source* makes without one."""
    if type is CONTACTS and era in ERAS:
        return ERAS[era].get(source.type)
    stage: str | None = getattr(settings.default_stage, type.name)
    return stage
