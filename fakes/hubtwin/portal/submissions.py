"""Submissions: what one does to the contact who sent it, and to the contact's company (F4.2, F8.14)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubtwin.portal.companies_by_domain import domain_of
from hubtwin.portal.errors import InvalidValues, MissingProperties, Problem
from hubtwin.portal.form_consent import Consent
from hubtwin.portal.form_definitions import FormConfiguration
from hubtwin.portal.form_fields import Filled, missing, path_of
from hubtwin.portal.log import Activity
from hubtwin.portal.objects import COMPANIES, CONTACTS, LIFECYCLE
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.values import shared
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: How many submissions a contact's own property remembers (F8.16.2).
MAX_REMEMBERED = 800

#: The ways in which a contact's stage and a company's stage come with a submission.
Stages = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """What comes along with a submission.

    *filled* holds the values by object type, *cookie* is the browser's `hubspotutk`, *page* and *title* are where the
    form was. *submitted* is the moment where it is said to be another than the present one. A program that *is_trusted*
    may send any property; where it is not *is_checked*, the form's own rules don't count.
    """

    filled: Filled
    cookie: str | None = None
    page: str = ""
    title: str = ""
    submitted: int | None = None
    consent: Consent = field(default_factory=Consent)
    is_trusted: bool = False
    is_checked: bool = True


def whose(portal: "Portal", settings: FormConfiguration, sent: Sent) -> Record | None:
    """The contact who sent it, None for somebody new (F8.14).

    A known address is its contact's. Else a known browser is, unless the form makes a new contact for a new address.
    """
    email = sent.filled.get(CONTACTS.id, {}).get("email", "")
    contact = contact_with(portal, email) if email else None
    if contact is not None or not sent.cookie:
        return contact
    known = portal.tracking.contact(sent.cookie)
    if known is not None and email and known.get("email") and settings.create_new_contact_for_new_email:
        return None
    return known


def contact_change(portal: "Portal", contact: Record | None, values: dict[str, str], source: Source) -> Change:
    """The change that a submission brings to its contact. Raises InvalidValues, DuplicateValue."""
    if contact is None:
        if not values.get("email"):
            raise InvalidValues([missing(CONTACTS.id, "email")])
        return portal.writes.check_new(CONTACTS, values, source)
    address = values.pop("email", "").strip().lower()
    if address and address != contact.get("email"):
        values |= _address(contact, address)
    return portal.writes.check(contact, values, source)


def _address(contact: Record, address: str) -> dict[str, str]:
    """The address becomes the contact's primary one.

    Where it was a secondary one, the two change places (F8.14.2); a new one replaces the old (F8.14.1).
    """
    others = [one for one in contact.values.get("hs_additional_emails", "").split(";") if one]
    if address not in others:
        return {"email": address}
    present = [contact.values["email"]] if "email" in contact.values else []
    kept = [*present, *(one for one in others if one != address)]
    return {"email": address, "hs_additional_emails": ";".join(kept)}


# -- companies -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompanyPart:
    """What a submission says about the contact's company: *values* beside the *stage*."""

    values: Mapping[str, str]
    stage: str | None

    def change(self, portal: "Portal", contact: Record | None, email: str, source: Source) -> Change | None:
        """The change that it brings: to the company that is there, or that makes it; None where there is nothing to do.

        A stage alone makes no company (F4.7). Raises InvalidValues, DuplicateValue.
        """
        values = dict(self.values)
        company = self._company(portal, contact, email)
        if company is None and not values:
            return None
        if self.stage:
            values[LIFECYCLE] = self.stage
        try:
            if company is not None:
                return portal.writes.check(company, values, source)
            if (domain := domain_of(email)) is not None:
                values.setdefault("domain", domain)
            return portal.writes.check_new(COMPANIES, values, source)
        except MissingProperties:
            raise InvalidValues([missing(COMPANIES.id, "name")]) from None
        except InvalidValues as error:
            named = [Problem(path_of(COMPANIES.id, one.property), one.code, one.message) for one in error.problems]
            raise InvalidValues(named) from None

    def _company(self, portal: "Portal", contact: Record | None, email: str) -> Record | None:
        """The company that it is about: that of a given domain, else the contact's own, else that of the address."""
        if domain := self.values.get("domain"):
            return portal.companies_by_domain.find(domain)
        own = portal.associations.primary_of(contact, COMPANIES) if contact is not None else None
        if own is not None:
            return own
        domain = domain_of(email)
        return None if domain is None else portal.companies_by_domain.find(domain)


def apply_to_company(portal: "Portal", part: CompanyPart, contact: Record, source: Source, cause: int) -> None:
    """Write what a submission says about the company of the *contact* that it was taken from."""
    change = part.change(portal, contact, contact.get("email") or "", source)
    if change is None:
        return
    change.cause = cause
    if change.record is None:
        change.links = [(contact, ())]
        portal.writes.apply(change)
        return
    company = portal.writes.apply(change).record
    if company not in portal.associations.of(contact, COMPANIES):
        portal.writes.associate(contact, company, (), source, cause)


# -- conversions ---------------------------------------------------------------------------------------------


def conversions(contact: Record, activity: Activity, guid: str, moment: int, text: str) -> Iterator[tuple[str, str]]:
    """What a contact's properties say after one more submission, at a *moment* whose *text* is ISO (F8.16)."""
    title = activity.facts.get("hs_page_title")
    name = shared(f"{title}: {activity.words}" if title else activity.words)
    values = contact.values
    if "first_conversion_date" not in values:
        yield "first_conversion_date", text
        yield "first_conversion_event_name", name
    yield "recent_conversion_date", text
    yield "recent_conversion_event_name", name
    yield "num_conversion_events", shared(str(int(values.get("num_conversion_events", "0")) + 1))
    earlier = values.get("hs_calculated_form_submissions")
    remembered = [*(earlier.split(";") if earlier else ()), f"{guid}::{moment}"][-MAX_REMEMBERED:]
    yield "hs_calculated_form_submissions", ";".join(remembered)
    yield "num_unique_conversion_events", shared(str(len({one.partition("::")[0] for one in remembered})))
