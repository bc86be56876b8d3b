"""Ads: lead forms that people fill in on an ad network, and the contacts that come of them (F4.17)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hubtwin.portal import configuration
from hubtwin.portal.errors import InvalidValues, Problem, UnknownName
from hubtwin.portal.log import LEAD_FORM_SUBMITTED, Activity
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.people import check_contact, contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.uses import Use

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: Where contacts from a network's ads come from, in the terms of the original source (F6.9).
ORIGINAL_SOURCES: Mapping[str, str] = MappingProxyType(
    {"facebook": "PAID_SOCIAL", "linkedin": "PAID_SOCIAL", "google": "PAID_SEARCH"}
)

#: How source properties spell the networks.
_NETWORKS: Mapping[str, str] = MappingProxyType({"facebook": "Facebook", "linkedin": "LinkedIn", "google": "Google"})


@dataclass(frozen=True, slots=True)
class LeadForm:
    """A lead form of a connected ad account; *rule* is its path in the portal file."""

    id: str
    rule: str
    account: configuration.AdAccount
    settings: configuration.AdForm


class Ads:
    """The lead forms of one portal's ad accounts."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._forms = {
            settings.name: LeadForm(_id(account, settings), f"ads.{place}.lead_forms.{number}", account, settings)
            for place, account in enumerate(portal.configuration.ads)
            for number, settings in enumerate(account.lead_forms)
        }

    def __iter__(self) -> Iterator[LeadForm]:
        return iter(self._forms.values())

    def find(self, name: str) -> LeadForm:
        """The lead form with this name. Raises UnknownName."""
        try:
            return self._forms[name]
        except KeyError:
            raise UnknownName("lead form", name, list(self._forms)) from None

    def uses(self) -> Iterator[Use]:
        """The properties that lead forms write, and the stages that they set."""
        for form in self:
            asset, stage = f"lead form {form.settings.name}", form.settings.contact_stage
            for field in form.settings.fields:
                yield Use(asset, form.rule, CONTACTS, field, True)
            if stage is not None:
                yield Use(asset, f"{form.rule}.contact_stage", CONTACTS, LIFECYCLE, True, (stage,))

    def submit(self, name: str, fields: Mapping[str, str]) -> Record:
        """Fill in a lead form; return the contact, which is made where the address is not known yet (F4.17).

        Raises UnknownName, InvalidValues; nothing is written then.
        """
        form = self.find(name)
        values = {field: value for field, value in fields.items() if value}
        self._check(form, values)
        email = values.pop("email")
        if form.settings.contact_stage is not None:
            values[LIFECYCLE] = form.settings.contact_stage
        source = Source("ADS", form.id, form.settings.name, rule=form.rule)
        is_new = contact_with(self._portal, email) is None
        change = check_contact(self._portal, email, values, source)
        facts = {"hs_form_id": form.id, "hs_ad_network": form.account.network}
        change.activity = Activity(LEAD_FORM_SUBMITTED, form.settings.name, facts)
        contact = self._portal.writes.apply(change).record
        if is_new:
            self._portal.writes.follow(contact, _original_source(form))
        return contact

    @staticmethod
    def _check(form: LeadForm, values: Mapping[str, str]) -> None:
        problems = [
            Problem(field, "FIELD_NOT_IN_FORM_DEFINITION", f"the lead form has no field {field!r}")
            for field in values
            if field not in form.settings.fields
        ]
        if "email" not in values:
            problems.append(Problem("email", "REQUIRED_FIELD", "Required field 'email' is missing"))
        if problems:
            raise InvalidValues(problems)


def _original_source(form: LeadForm) -> dict[str, str | None]:
    """Where a new contact comes from: the network's ads, then the site or campaign (F4.17.1)."""
    name, social = ORIGINAL_SOURCES[form.account.network], form.account.network != "google"
    campaign = form.settings.campaign or None
    first = _NETWORKS[form.account.network] if social else campaign
    second = campaign if social else None
    return {
        f"{source}{detail}": value
        for source in ("hs_analytics_source", "hs_latest_source")
        for detail, value in (("", name), ("_data_1", first), ("_data_2", second))
    }


def _id(account: configuration.AdAccount, form: configuration.AdForm) -> str:
    """The network's id for a form: a number, the same in every run."""
    digest = hashlib.sha256(f"{account.network}/{account.name}/{form.name}".encode()).digest()
    return str(int.from_bytes(digest[:6], "big"))
