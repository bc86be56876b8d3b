"""The object types of a portal, and what HubSpot fixes about each (W2.1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

from hubtwin.portal.errors import UnknownObjectType

#: The property that the whole product is about (F1.1).
LIFECYCLE = "lifecyclestage"


@dataclass(eq=False)
class ObjectType:
    """One kind of record. HubSpot's own never change; a custom one changes with its schema.

    *name* is the plural of the API paths, *id* the object type id. *shown* are the properties that a read
    returns when it names none, in alphabetical order, *created* and *modified* the two dates that every answer carries.
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
    initial: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    belongs_to: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<ObjectType {self.name}>"

    @property
    def has_lifecycle(self) -> bool:
        """Whether the type has a lifecycle stage: contacts and companies only (F1.5)."""
        return self.stage == LIFECYCLE

    @property
    def is_custom(self) -> bool:
        """Whether the account defined the type for itself (W6.3)."""
        return self.id.startswith("2-")


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


def _plain(
    name: str,
    id: str,
    singular: str,
    *shown: str,
    created: str = "hs_createdate",
    required: tuple[str, ...] = (),
    searched: tuple[str, ...] = (),
    initial: MappingProxyType[str, str] = MappingProxyType({}),
) -> ObjectType:
    """An object type without a pipeline; a read shows its dates, and *shown*."""
    always = (created, "hs_lastmodifieddate", "hs_object_id")
    return ObjectType(
        name=name,
        id=id,
        singular=singular,
        shown=tuple(sorted((*always, *shown))),
        created=created,
        modified="hs_lastmodifieddate",
        required=tuple((property,) for property in required),
        searched=searched,
        initial=initial,
    )


PRODUCTS = _plain(
    "products", "0-7", "product", "description", "name", "price",
    created="createdate", searched=("name", "description", "price", "hs_sku"),
)  # fmt: skip
LINE_ITEMS = _plain("line_items", "0-8", "line_item", "amount", "price", "quantity", created="createdate")
QUOTES = _plain(
    "quotes", "0-14", "quote", "hs_expiration_date", "hs_public_url_key", "hs_status", "hs_title",
    required=("hs_title", "hs_expiration_date"),
    searched=(
        "hs_sender_firstname", "hs_sender_lastname", "hs_proposal_slug", "hs_title", "hs_sender_company_name",
        "hs_sender_email", "hs_quote_number", "hs_public_url_key",
    ),
)  # fmt: skip
COMMUNICATIONS = _plain("communications", "0-18", "communication", required=("hs_timestamp",))
FEEDBACK_SUBMISSIONS = _plain(
    "feedback_submissions", "0-19", "feedback_submission", searched=("hs_submission_name", "hs_content")
)
TASKS = _plain(
    "tasks", "0-27", "task", required=("hs_timestamp",), searched=("hs_task_body", "hs_task_subject"),
    initial=MappingProxyType({"hs_task_family": "SALES", "hs_task_for_object_type": "OWNER"}),
)  # fmt: skip
NOTES = _plain("notes", "0-46", "note", required=("hs_timestamp",), searched=("hs_note_body",))
MEETINGS = _plain(
    "meetings", "0-47", "meeting", required=("hs_timestamp",), searched=("hs_meeting_title", "hs_meeting_body")
)
CALLS = _plain("calls", "0-48", "call", required=("hs_timestamp",), searched=("hs_call_title", "hs_body_preview"))
EMAILS = _plain("emails", "0-49", "email", required=("hs_timestamp",), searched=("hs_email_subject",))
USERS = _plain(
    "users", "0-115", "user",
    required=("hs_internal_user_id",),  # which nobody can write: users are added in the settings (W6.2.5)
    searched=("hs_given_name", "hs_family_name", "hs_email"),
)  # fmt: skip
LEADS = ObjectType(
    name="leads",
    id="0-136",
    singular="lead",
    shown=("hs_createdate", "hs_lastmodifieddate", "hs_lead_name", "hs_object_id"),
    created="hs_createdate",
    modified="hs_lastmodifieddate",
    required=(("hs_lead_name",),),
    stage="hs_pipeline_stage",
    pipeline="hs_pipeline",
    searched=("hs_lead_name",),
    belongs_to=("contact", "company"),  # F5.5
)

ALL = (
    CONTACTS,
    COMPANIES,
    DEALS,
    TICKETS,
    PRODUCTS,
    LINE_ITEMS,
    QUOTES,
    COMMUNICATIONS,
    FEEDBACK_SUBMISSIONS,
    TASKS,
    NOTES,
    MEETINGS,
    CALLS,
    EMAILS,
    _plain("invoices", "0-53", "invoice", created="createdate"),
    _plain("subscriptions", "0-69", "subscription"),
    _plain("goal_targets", "0-74", "goal_target"),
    USERS,
    _plain("postal_mail", "0-116", "postal_mail", required=("hs_timestamp",)),
    _plain("orders", "0-123", "order", created="createdate"),
    LEADS,
    _plain("carts", "0-142", "cart", created="createdate"),
    _plain("services", "0-162", "service"),
    _plain("courses", "0-410", "course"),
    _plain("listings", "0-420", "listing"),
    _plain("appointments", "0-421", "appointment"),
    _plain("projects", "0-970", "project"),
)


class ObjectTypes:
    """The object types that a portal has, found by any of the words that clients use (W1.9)."""

    def __init__(self, types: Iterable[ObjectType] = ALL) -> None:
        self._types = list(types)
        self._by_word = {word: type for type in self._types for word in (type.name, type.singular, type.id)}

    def __iter__(self) -> Iterator[ObjectType]:
        return iter(self._types)

    def add(self, type: ObjectType, *words: str) -> None:
        """Add a type, found by its name, its id and *words*."""
        self._types.append(type)
        self._by_word |= dict.fromkeys((type.name, type.id, *words), type)

    def remove(self, type: ObjectType) -> None:
        """Take a type out, and all the words for it."""
        self._types.remove(type)
        self._by_word = {word: found for word, found in self._by_word.items() if found is not type}

    def find(self, word: str) -> ObjectType:
        """The object type that *word* names: `contacts`, `contact`, `CONTACT` or `0-1`.

        Raises UnknownObjectType.
        """
        found = self._by_word.get(word) or self._by_word.get(word.lower())
        if found is None:
            raise UnknownObjectType(word, [type.name for type in self._types])
        return found
