"""Forms: their definitions, and what is submitted on them (F4.2, F8.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from hubtwin.portal import configured_forms, form_consent, form_definitions, form_rules, submissions
from hubtwin.portal.errors import InvalidDefinition, InvalidValues, Refused, UnknownName
from hubtwin.portal.form import Form, Submission, id_of
from hubtwin.portal.form_consent import Consent
from hubtwin.portal.form_definitions import FormDefinition
from hubtwin.portal.form_fields import Filled
from hubtwin.portal.log import FORM_INTERACTED, FORM_SUBMITTED, FORM_VIEWED, Entry
from hubtwin.portal.moments import from_iso, iso
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE
from hubtwin.portal.problems import Problems
from hubtwin.portal.records import Record
from hubtwin.portal.submissions import CompanyPart, Sent
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Forms:
    """The forms of one portal."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._account = portal.configuration.account.id
        self._forms: dict[str, Form] = {}
        self._by_name: dict[str, Form] = {}
        self._submissions: list[Submission] = []
        self._numbers = count(1)
        self._made = count(1)
        self._configure()
        portal.reactions.add(FORM_SUBMITTED, self._converted, type=CONTACTS)

    def __iter__(self) -> Iterator[Form]:
        """The forms that can be submitted, in the order in which they were made."""
        return (form for form in self._forms.values() if form.archived is None)

    @property
    def archived(self) -> Iterator[Form]:
        """The forms that were taken out."""
        return (form for form in self._forms.values() if form.archived is not None)

    def uses(self) -> Iterator[Use]:
        """The properties that forms write, and the stages that they set."""
        for form in self:
            asset = f"form {form.name}"
            for asked, _ in form.fields:
                default = tuple(asked.default.split(";")) if asked.hidden and asked.default else ()
                yield Use(asset, form.rule, self._portal.type(asked.object_type_id), asked.name, True, default)
            for id, stage in form.stages.items():
                type = self._portal.type(id)
                rule = f"{form.rule}.{type.singular}_stage"
                yield Use(asset, rule, type, LIFECYCLE, True, (stage,))

    def find(self, name: str) -> Form:
        """The form with this name or guid. Raises UnknownName."""
        form = self._by_name.get(name) or self._forms.get(name.lower())
        if form is None or form.archived is not None:
            raise UnknownName("form", name, list(self._by_name))
        return form

    # -- definitions -----------------------------------------------------------------------------------

    def _configure(self) -> None:
        """Make the forms of the portal file. Raises ConfigurationError."""
        problems, now = Problems(), self._portal.clock.now
        for number, settings in enumerate(self._portal.configuration.forms):
            with problems.at("forms", number):
                json = configured_forms.json_of(self._portal, settings)
                says = form_definitions.read(json)
                if settings.json_ is not None:
                    form_rules.check(self._portal, says)
                guid = settings.id or id_of(self._account, settings.name)
                self._put(Form(guid, f"forms.{number}", json, says, now, now))
        problems.settle()

    def create(
        self, json: Mapping[str, Any], *, legacy: Mapping[str, Any] | None = None, guid: str | None = None
    ) -> Form:
        """Make a form of HubSpot's *json* of one (F8.2), with this *guid* or a new one. Raises InvalidDefinition."""
        says, now = self._checked(json, None), self._portal.clock.now
        guid = guid or id_of(self._account, f"{says.name}/{next(self._made)}")
        return self._put(Form(guid, guid, dict(json), says, now, now, legacy=legacy or {}))

    def replace(self, form: Form, json: Mapping[str, Any], *, legacy: Mapping[str, Any] | None = None) -> Form:
        """Let a form be what *json* says from now on. Raises InvalidDefinition (F4.6)."""
        says, now = self._checked(json, form), self._portal.clock.now
        kept = form.legacy if legacy is None else legacy
        return self._put(replace(form, json=dict(json), says=says, updated=now, legacy=kept))

    def archive(self, form: Form) -> None:
        """Take a form out: nobody can submit it any more, what was submitted stays (F8.1.1)."""
        if form.archived is None:
            self._put(replace(form, archived=self._portal.clock.now))

    def _checked(self, json: Mapping[str, Any], form: Form | None) -> FormDefinition:
        says = form_definitions.read(json)
        form_rules.check(self._portal, says)
        other = self._by_name.get(says.name)
        if other is not None and (form is None or other.guid != form.guid):
            raise InvalidDefinition(f"There is a form called {says.name!r} already", category="CONFLICT")
        return says

    def _put(self, form: Form) -> Form:
        before = self._forms.get(form.guid)
        if before is not None and self._by_name.get(before.name) is before:
            del self._by_name[before.name]
        self._forms[form.guid] = form
        if form.archived is None:
            self._by_name[form.name] = form
        return form

    # -- submitting ------------------------------------------------------------------------------------

    def submit(
        self,
        name: str,
        fields: Mapping[str, str],
        *,
        company_fields: Mapping[str, str] | None = None,
        cookie: str | None = None,
        page: str = "",
        page_title: str = "",
        consent: Consent | None = None,
        is_trusted: bool = False,
    ) -> Record:
        """Submit a form on a *page*, as a visitor does in the browser with this *cookie*; return the contact.

        The page fills in the defaults of hidden fields, and visitors agree to what the form requires of them, unless
        their *consent* is given. The contact's stage is the submission's own `lifecyclestage`, else the form's, else
        the account's default (F4.2); a known contact never moves back (F4.3). A visitor may fill in the form's own
        fields only; one that *is_trusted*, any property (W6.7.4).

        Raises UnknownName, InvalidValues. A refused submission leaves nothing behind.
        """
        form = self.find(name)
        filled: Filled = (
            {CONTACTS.id: fields, COMPANIES.id: company_fields} if company_fields else {CONTACTS.id: fields}
        )
        agreed = consent or form_consent.by_page(form.says.legal_consent_options, self._portal.preferences)
        sent = Sent(form.fields.completed(filled), cookie, page, page_title, None, agreed, is_trusted)
        return self.receive(form, sent)

    def receive(self, form: Form, sent: Sent) -> Record:
        """Take what was sent, by a page or a program; return the contact. Raises InvalidValues, DuplicateValue."""
        filled = {type: {name: one for name, one in values.items() if one} for type, values in sent.filled.items()}
        self._check(form, sent, filled)
        portal, source = self._portal, form.source
        contact = submissions.whose(portal, form.says.configuration, sent)
        values = dict(filled.get(CONTACTS.id, {}))
        if CONTACTS.id in form.stages:
            values.setdefault(LIFECYCLE, form.stages[CONTACTS.id])
        email = values.get("email") or (contact and contact.get("email")) or ""
        change = submissions.contact_change(portal, contact, values, source)
        company = _company_part(form, filled)
        if company is not None:
            company.change(portal, contact, email, source)  # so that nothing is written where it can't be
        change.activity = form.activity(FORM_SUBMITTED, sent.page, sent.title, sent.submitted)
        number = len(portal.log)
        contact = portal.writes.apply(change).record
        if company is not None:
            submissions.apply_to_company(portal, company, contact, source, number)
        self._remember(form, sent, contact, number)
        moment = portal.clock.now if sent.submitted is None else sent.submitted
        one = Submission(self._account, next(self._numbers), form.guid, moment, filled, sent.page, contact)
        self._submissions.append(one)
        return contact

    def _check(self, form: Form, sent: Sent, filled: Filled) -> None:
        found = [*form.fields.problems(filled, any_property=sent.is_trusted, is_checked=sent.is_checked)]
        if sent.is_checked and form.says.legal_consent_options.type != "none":
            found += form_consent.problems(form.says.legal_consent_options, sent.consent)
        if found:
            raise InvalidValues(found)

    def _remember(self, form: Form, sent: Sent, contact: Record, cause: int) -> None:
        """Note whose browser it was, and what was agreed to."""
        portal = self._portal
        if sent.cookie and portal.tracking.contact(sent.cookie) is None:
            portal.tracking.identify(sent.cookie, contact, cause=cause)
        if sent.consent.wishes:
            form_consent.grant(sent.consent, contact.get("email") or "", portal.preferences, form.source)

    def _converted(self, entry: Entry) -> None:
        """A submission is a conversion, which the contact's properties tell about (F8.16)."""
        contact, activity = entry.record, entry.value
        if contact is not None and activity is not None:
            text = activity.facts.get("hs_timestamp")
            moment = entry.moment if text is None else from_iso(text)
            guid = activity.facts["hs_form_id"]
            values = dict(submissions.conversions(contact, activity, guid, moment, text or iso(moment)))
            self._portal.writes.follow(contact, values)

    # -- looking at them -------------------------------------------------------------------------------

    def view(self, name: str, *, cookie: str | None = None, contact: Record | None = None, page: str = "") -> None:
        """Note that somebody saw a form; nobody, where the browser is not known. Raises UnknownName."""
        self._happened(FORM_VIEWED, name, cookie, contact, page)

    def interact(self, name: str, *, cookie: str | None = None, contact: Record | None = None, page: str = "") -> None:
        """Note that somebody began to fill in a form. Raises UnknownName."""
        self._happened(FORM_INTERACTED, name, cookie, contact, page)

    def _happened(self, kind: str, name: str, cookie: str | None, contact: Record | None, page: str) -> None:
        form = self.find(name)
        if contact is None and not cookie:
            raise Refused("Somebody sees a form: give the cookie of a browser, or a contact")
        who = contact or self._portal.tracking.contact(cookie or "")
        if who is not None:
            self._portal.writes.happened(who, form.activity(kind, page), form.source)

    # -- what was submitted ----------------------------------------------------------------------------

    def submissions(self, form: Form) -> Iterator[Submission]:
        """The submissions of a form, newest first (W6.7.7)."""
        return (one for one in reversed(self._submissions) if one.form == form.guid)

    def forget(self, contact: Record) -> None:
        """Drop what a contact submitted, as data protection law asks for (W2.4.8)."""
        contacts = self._portal.records[contact.type]
        self._submissions = [
            one for one in self._submissions if contact not in (one.contact, contacts.get(one.contact.id))
        ]


def _company_part(form: Form, filled: Filled) -> CompanyPart | None:
    """What was filled in about a company; None where nothing was."""
    values = dict(filled.get(COMPANIES.id, {}))
    if not values:
        return None
    stage = values.pop(LIFECYCLE, None)
    return CompanyPart(values, stage or form.stages.get(COMPANIES.id))
