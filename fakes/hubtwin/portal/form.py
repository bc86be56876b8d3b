"""A form of a portal, and a submission of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hubtwin.portal.form_definitions import FormDefinition
from hubtwin.portal.form_fields import Filled, FormFields
from hubtwin.portal.ids import guid
from hubtwin.portal.log import FORM_SUBMITTED, Activity
from hubtwin.portal.moments import iso
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.sources import form as form_source


@dataclass(frozen=True, slots=True)
class Form:
    """A form: HubSpot's *json* of it, what it *says* that the portal acts upon, and what it is known by.

    *rule* is its path in the portal file, or its guid where somebody made it later. *created*, *updated* and *archived*
    are moments. *legacy* is what version 2 of the API was told beside it.
    """

    guid: str
    rule: str
    json: Mapping[str, Any]
    says: FormDefinition
    created: int
    updated: int
    archived: int | None = None
    legacy: Mapping[str, Any] = field(default_factory=dict)
    fields: FormFields = field(init=False, compare=False)
    stages: Mapping[str, str] = field(init=False, compare=False)
    source: Source = field(init=False, compare=False)
    _activity: Activity = field(init=False, compare=False)

    def __post_init__(self) -> None:
        stages = {one.object_type_id: one.value for one in self.says.configuration.lifecycle_stages}
        made = {
            "fields": FormFields(self.says),
            "stages": stages,
            "source": form_source(self.guid, self.name, self.rule),
            "_activity": Activity(FORM_SUBMITTED, self.name, {"hs_form_id": self.guid, "hs_form_type": "HUBSPOT"}),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    @property
    def name(self) -> str:
        """What people call the form."""
        return self.says.name

    @property
    def contact_fields(self) -> tuple[str, ...]:
        """The properties of contacts that it asks for, hidden ones included."""
        return self.fields.contact_fields

    def activity(self, kind: str, page: str = "", title: str = "", submitted: int | None = None) -> Activity:
        """What somebody does with the form, with what HubSpot's event of it tells (F7.11.1)."""
        if kind == FORM_SUBMITTED and not page and not title and submitted is None:
            return self._activity  # one for all of them: a portal keeps millions
        known = {"hs_url": page, "hs_page_url": page, "hs_title": title, "hs_page_title": title}
        facts = {**self._activity.facts, **{name: text for name, text in known.items() if text}}
        if submitted is not None:
            facts["hs_timestamp"] = iso(submitted)
        return Activity(kind, self.name, facts)


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that somebody submitted: the values as they were sent, and the address of the *page* it was on.

    *number* says in which order the *account*'s submissions came, *form* is the form's guid; *contact* is whom they
    made or changed.
    """

    account: int
    number: int
    form: str
    moment: int
    filled: Filled
    page: str
    contact: Record

    @property
    def id(self) -> str:
        """The same submission has the same id in every run."""
        return id_of(self.account, f"{self.form}/{self.number}")


def id_of(account: int, name: str) -> str:
    """The id of a form or a submission: the same in every run."""
    return guid(f"{account}/{name}")
