"""Forms and their submissions (F4.2)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID

from hubtwin.portal import configuration
from hubtwin.portal.errors import InvalidValues, Problem, UnknownName
from hubtwin.portal.log import FORM_SUBMITTED, Activity
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE
from hubtwin.portal.people import check_contact
from hubtwin.portal.records import Record
from hubtwin.portal.sources import form as form_source
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the portal: its configuration and the id that HubSpot would give it."""

    guid: str
    rule: str
    settings: configuration.Form
    created: int

    @property
    def name(self) -> str:
        """What the portal calls the form."""
        return self.settings.name


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that somebody submitted: the *values* as they were sent, and the address of the *page* it was on.

    *number* says in which order the portal's submissions came; *contact* is whom they made or changed.
    """

    number: int
    id: str
    form: Form
    moment: int
    values: Mapping[str, str]
    page: str
    contact: Record


class Forms:
    """The forms of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        account = portal.configuration.account.id
        self._forms = {
            settings.name: Form(_guid(account, settings.name), f"forms.{number}", settings, portal.clock.now)
            for number, settings in enumerate(portal.configuration.forms)
        }
        self._submissions: list[Submission] = []
        self._numbers = count(1)

    def __iter__(self) -> Iterator[Form]:
        return iter(self._forms.values())

    def uses(self) -> Iterator[Use]:
        """The properties that forms write, and the stages that they set."""
        for form in self:
            asset = f"form {form.name}"
            for field in form.settings.fields:
                yield Use(asset, form.rule, CONTACTS, field, True)
            for type, stage in ((CONTACTS, form.settings.contact_stage), (COMPANIES, form.settings.company_stage)):
                if stage is not None:
                    yield Use(asset, f"{form.rule}.{type.singular}_stage", type, LIFECYCLE, True, (stage,))

    def find(self, name: str) -> Form:
        """The form with this name or guid. Raises UnknownName."""
        for form in self._forms.values():
            if name in (form.name, form.guid):
                return form
        raise UnknownName("form", name, list(self._forms))

    def submit(self, name: str, fields: Mapping[str, str], *, is_trusted: bool = False, page: str = "") -> Record:
        """Submit a form on a *page*, as a visitor does who is known by e-mail address only; return the contact.

        The contact's stage is the submission's own `lifecyclestage`, else the form's, else the account's
        default (F4.2); an existing contact never moves back (F4.3). A program that *is_trusted* may send any
        property, a visitor only the form's own fields (W6.7.4).

        Raises UnknownName, InvalidValues. A refused submission leaves nothing behind.
        """
        form = self.find(name)
        values = {field: value for field, value in fields.items() if value}
        self._check(values, None if is_trusted else form.settings.fields)
        email = values.pop("email")
        if form.settings.contact_stage is not None:
            values.setdefault(LIFECYCLE, form.settings.contact_stage)
        source = form_source(form.guid, form.name, form.rule)
        change = check_contact(self._portal, email, values, source)
        change.activity = Activity(FORM_SUBMITTED, form.name, {"hs_form_id": form.guid})
        contact = self._portal.writes.apply(change).record
        self._keep(form, {field: value for field, value in fields.items() if value}, page, contact)
        return contact

    # -- what was submitted ----------------------------------------------------------------------------

    def submissions(self, form: Form) -> Iterator[Submission]:
        """The submissions of a form, newest first (W6.7.7)."""
        return (one for one in reversed(self._submissions) if one.form is form)

    def forget(self, contact: Record) -> None:
        """Drop what a contact submitted, as data protection law asks for (W2.4.8)."""
        contacts = self._portal.records[contact.type]
        self._submissions = [
            one for one in self._submissions if contact not in (one.contact, contacts.get(one.contact.id))
        ]

    def _keep(self, form: Form, values: Mapping[str, str], page: str, contact: Record) -> None:
        number = next(self._numbers)
        id = _guid(self._portal.configuration.account.id, f"{form.name}/{number}")
        self._submissions.append(Submission(number, id, form, self._portal.clock.now, values, page, contact))

    @staticmethod
    def _check(values: Mapping[str, str], fields: Sequence[str] | None) -> None:
        if "email" not in values:
            raise InvalidValues([Problem("email", "REQUIRED_FIELD", "Required field 'email' is missing")])
        # F4.2: a stage is taken even where the form has no such field
        unknown = [] if fields is None else [field for field in values if field not in (*fields, LIFECYCLE)]
        if unknown:
            raise InvalidValues(
                [Problem(f, "FIELD_NOT_IN_FORM_DEFINITION", f"the form has no field {f!r}") for f in unknown]
            )


def _guid(account: int, name: str) -> str:
    """The same form has the same id in every run."""
    return str(UUID(bytes=hashlib.sha256(f"{account}/{name}".encode()).digest()[:16], version=4))
