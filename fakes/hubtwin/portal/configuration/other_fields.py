"""The fields that other systems have by themselves, and their picklists: what mappings may name."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from hubtwin.portal.configuration.references import Place
from hubtwin.portal.configuration.synced import RecordSync
from hubtwin.portal.errors import ConfigurationError, choices

#: Fields by name, with their picklists; () for any text.
Fields = Mapping[str, tuple[str, ...]]

CLOSED_WON = "Closed Won"
CLOSED_LOST = "Closed Lost"
CONVERTED = "Closed - Converted"


def _texts(*names: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names, ())


_PERSON = _texts("FirstName", "LastName", "Email", "Phone", "Title", "LeadSource", "Owner", "Description")

#: Salesforce's tables: some of the standard fields, with the standard picklists.
SALESFORCE: Mapping[str, Fields] = MappingProxyType(
    {
        "Lead": {
            **_PERSON,
            **_texts("Company", "Website", "Industry", "ConvertedContactId"),
            "Status": ("Open - Not Contacted", "Working - Contacted", CONVERTED, "Closed - Not Converted"),
            "Rating": ("Hot", "Warm", "Cold"),
        },
        "Contact": {**_PERSON, **_texts("AccountId")},
        "Account": _texts("Name", "Website", "Phone", "Industry", "Type", "BillingCountry", "Owner"),
        "Opportunity": {
            **_texts("Name", "AccountId", "Amount", "CloseDate", "Owner"),
            "StageName": (
                *("Prospecting", "Qualification", "Needs Analysis", "Value Proposition", "Id. Decision Makers"),
                *("Perception Analysis", "Proposal/Price Quote", "Negotiation/Review", CLOSED_WON, CLOSED_LOST),
            ),
        },
        "Task": {
            **_texts("Subject", "WhoId", "Owner", "ActivityDate", "Description"),
            "Status": ("Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"),
        },
    }
)

#: What each of them can't be without.
SALESFORCE_REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"Lead": ("LastName",), "Contact": ("LastName",), "Account": ("Name",), "Opportunity": ("Name", "StageName")}
)

#: What a marketing automation system knows of a person.
PERSON: Fields = MappingProxyType(_texts("email", "first_name", "last_name", "phone", "company", "score", "stage"))


def salesforce_fields(table: str, custom: Fields) -> Fields:
    """The fields of one of Salesforce's tables; *custom* ones are written `Lead.Stage__c`."""
    prefix = f"{table}."
    own = {path.removeprefix(prefix): picklist for path, picklist in custom.items() if path.startswith(prefix)}
    return {**SALESFORCE[table], **own}


def check_custom_fields(custom: Fields) -> None:
    """Check that Salesforce's custom fields say which table they are in. Raises ConfigurationError."""
    for path in custom:
        table, _, name = path.partition(".")
        if not name or table not in SALESFORCE:
            message = (
                f"a custom field is written with its table, as in Lead.Stage__c; {choices(table, list(SALESFORCE))}"
            )
            raise ConfigurationError(("fields", path), message)


def check_mappings(key: str, sync: RecordSync, tables: Sequence[Fields]) -> None:
    """Check that mappings name fields that one of the tables has, and terms of their picklists.

    Raises ConfigurationError.
    """
    fields = {name: picklist for table in reversed(tables) for name, picklist in table.items()}
    for number, mapping in enumerate(sync.mappings):
        place = (key, "mappings", number)
        if mapping.field not in fields:
            raise ConfigurationError(
                (*place, "field"), f"no field is called {mapping.field!r}; {choices(mapping.field, list(fields))}"
            )
        for where, term in _terms(place, mapping.stages, mapping.values):
            picklist = fields[mapping.field]
            if picklist and term not in picklist:
                message = f"the picklist of {mapping.field} has no {term!r}; {choices(term, picklist)}"
                raise ConfigurationError(where, message)


def _terms(place: Place, stages: Mapping[str, str], values: Mapping[str, str]) -> Iterator[tuple[Place, str]]:
    for key, terms in (("stages", stages), ("values", values)):
        for value, term in terms.items():
            yield (*place, key, value), term
