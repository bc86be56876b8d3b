"""The object types of a portal, and what HubSpot fixes about each (W2.1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hubtwin.portal.errors import UnknownObjectType

#: The property that the whole product is about (F1.1).
LIFECYCLE = "lifecyclestage"


@dataclass(frozen=True, eq=False)
class ObjectType:
    """One kind of record.

    *name* is the plural of the API paths, *id* the object type id. *shown* are the properties that a read
    returns when it names none, *created* and *modified* the two dates that every answer carries.
    *stage* and *pipeline* name the properties that hold a record's place in its pipeline. A new record needs
    one property of each group in *required*. *searched* are the properties that a search's `query` looks at.
    *initial* are calculated values that every new record starts with.
    """

    name: str
    id: str
    singular: str
    shown: tuple[str, ...]
    created: str
    modified: str
    required: tuple[tuple[str, ...], ...] = ()
    stage: str | None = None
    pipeline: str | None = None
    searched: tuple[str, ...] = ()
    initial: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        return f"<ObjectType {self.name}>"

    @property
    def has_lifecycle(self) -> bool:
        """Whether the type has a lifecycle stage: contacts and companies only (F1.5)."""
        return self.stage == LIFECYCLE


CONTACTS = ObjectType(
    name="contacts",
    id="0-1",
    singular="contact",
    shown=("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    created="createdate",
    modified="lastmodifieddate",
    required=(("email", "firstname", "lastname"),),
    stage=LIFECYCLE,
    pipeline="hs_pipeline",
    searched=(
        "firstname",
        "lastname",
        "email",
        "phone",
        "hs_additional_emails",
        "fax",
        "mobilephone",
        "company",
        "hs_marketable_until_renewal",
    ),
    # W2.5, read off a contact that an app had just created
    initial=MappingProxyType(
        {
            "hs_associated_target_accounts": "0",
            "hs_currently_enrolled_in_prospecting_agent": "false",
            "hs_is_contact": "true",
            "hs_is_unworked": "true",
            "hs_membership_has_accessed_private_content": "0",
            "hs_prospecting_agent_actively_enrolled_count": "0",
            "hs_prospecting_agent_total_enrolled_count": "0",
            "hs_registered_member": "0",
            "hs_sequences_actively_enrolled_count": "0",
            "num_notes": "0",
        }
    ),
)
COMPANIES = ObjectType(
    name="companies",
    id="0-2",
    singular="company",
    shown=("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    created="createdate",
    modified="hs_lastmodifieddate",
    required=(("name", "domain"),),
    stage=LIFECYCLE,
    pipeline="hs_pipeline",
    searched=("website", "phone", "name", "domain"),
    initial=MappingProxyType({"num_associated_contacts": "0", "num_notes": "0"}),
)
DEALS = ObjectType(
    name="deals",
    id="0-3",
    singular="deal",
    shown=(
        "amount",
        "closedate",
        "createdate",
        "dealname",
        "dealstage",
        "hs_lastmodifieddate",
        "hs_object_id",
        "pipeline",
    ),
    created="createdate",
    modified="hs_lastmodifieddate",
    required=(("dealname",),),
    stage="dealstage",
    pipeline="pipeline",
    searched=("dealname", "pipeline", "dealstage", "description", "dealtype"),
    initial=MappingProxyType({"num_associated_contacts": "0", "num_notes": "0"}),
)
TICKETS = ObjectType(
    name="tickets",
    id="0-5",
    singular="ticket",
    shown=(
        "content",
        "createdate",
        "hs_lastmodifieddate",
        "hs_object_id",
        "hs_pipeline",
        "hs_pipeline_stage",
        "hs_ticket_category",
        "hs_ticket_priority",
        "subject",
    ),
    created="createdate",
    modified="hs_lastmodifieddate",
    required=(("subject",), ("hs_pipeline_stage",)),
    stage="hs_pipeline_stage",
    pipeline="hs_pipeline",
    searched=("subject", "content", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_id"),
    initial=MappingProxyType({"num_notes": "0"}),
)
MEETINGS = ObjectType(
    name="meetings",
    id="0-47",
    singular="meeting",
    shown=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    created="hs_createdate",
    modified="hs_lastmodifieddate",
    required=(("hs_timestamp",),),
    searched=("hs_meeting_title", "hs_meeting_body"),
)

ALL = (CONTACTS, COMPANIES, DEALS, TICKETS, MEETINGS)


class ObjectTypes:
    """The object types that a portal has, found by any of the words that clients use (W1.9)."""

    def __init__(self, types: Iterable[ObjectType] = ALL) -> None:
        self._types = tuple(types)
        self._by_word = {word: type for type in self._types for word in (type.name, type.singular, type.id)}

    def __iter__(self) -> Iterator[ObjectType]:
        return iter(self._types)

    def find(self, word: str) -> ObjectType:
        """The object type that *word* names: `contacts`, `contact`, `CONTACT` or `0-1`.

        Raises UnknownObjectType.
        """
        found = self._by_word.get(word) or self._by_word.get(word.lower())
        if found is None:
            raise UnknownObjectType(word, [type.name for type in self._types])
        return found
