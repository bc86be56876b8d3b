"""Contacts as version 1 shows them: profiles, with names in dashes and the identities of the person (W12.9.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hubtwin.api.calls import Call
from hubtwin.api.errors import invalid
from hubtwin.api.legacy.rendering import ever_set, history, value_json
from hubtwin.api.rendering import everything
from hubtwin.portal.ids import guid
from hubtwin.portal.log import FORM_SUBMITTED, Entry, Version
from hubtwin.portal.objects import COMPANIES
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record

#: What a page of contacts shows of each where no property is asked for.
SHOWN_IN_LISTS = ("company", "firstname", "lastmodifieddate", "lastname")

_HISTORY_MODES = {"value_only": False, "value_and_history": True}
_SUBMISSION_MODES = ("all", "none", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class Mode:
    """How much of a contact is asked for: which *properties* (all, where None), their history, form submissions."""

    properties: Sequence[str] | None
    with_history: bool
    submissions: str

    @classmethod
    def of(cls, call: Call, *, in_list: bool) -> "Mode":
        """What the query asks for: `property`, `propertyMode`, `formSubmissionMode`. Raises ApiError."""
        names = [*call.names("property"), *call.names("properties")]
        history = call.text("propertyMode") or ("value_only" if in_list else "value_and_history")
        submissions = call.text("formSubmissionMode") or ("newest" if in_list else "all")
        if history not in _HISTORY_MODES:
            raise invalid(f"propertyMode must be one of {', '.join(_HISTORY_MODES)}, not {history}")
        if submissions not in _SUBMISSION_MODES:
            raise invalid(f"formSubmissionMode must be one of {', '.join(_SUBMISSION_MODES)}, not {submissions}")
        return cls(names or (SHOWN_IN_LISTS if in_list else None), _HISTORY_MODES[history], submissions)


WHOLE = Mode(None, True, "all")


def profile_json(portal: Portal, contact: Record, mode: Mode = WHOLE) -> dict[str, Any]:
    """A contact's profile."""
    account = portal.configuration.account
    body: dict[str, Any] = {
        "vid": contact.id,
        "canonical-vid": contact.id,
        "merged-vids": _merged(contact),
        "portal-id": account.id,
        "is-contact": True,
        "profile-url": f"https://{account.ui_domain}/contacts/{account.id}/contact/{contact.id}",
        "properties": _properties_json(portal, contact, mode),
        "form-submissions": _submissions_json(portal, contact, mode.submissions),
        "list-memberships": [],
        "identity-profiles": [
            {
                "vid": contact.id,
                "saved-at-timestamp": contact.updated,
                "deleted-changed-timestamp": 0,
                "identities": [
                    {"is-primary" if key == "isPrimary" else key: value for key, value in identity.items()}
                    for identity in identities(portal, contact)
                ],
            }
        ],
        "merge-audits": [],
    }
    company = portal.associations.primary_of(contact, COMPANIES)
    if company is not None:
        body["associated-company"] = _company_json(portal, company)
    return body


def identities(portal: Portal, contact: Record) -> list[dict[str, Any]]:
    """What a contact is known by: its primary e-mail address, the others, and an id of HubSpot's own."""
    primary, others = contact.get("email"), contact.get("hs_additional_emails")
    found: list[dict[str, Any]] = []
    if primary:
        timestamp = history(portal, contact, "email")[0].moment
        found.append({"type": "EMAIL", "value": primary, "timestamp": timestamp, "isPrimary": True})
    more = [email for email in (others or "").split(";") if email]
    found += [{"type": "EMAIL", "value": email, "timestamp": contact.created} for email in more]
    lead = guid(f"{portal.configuration.account.id}/contact/{contact.id}")
    return [*found, {"type": "LEAD_GUID", "value": lead, "timestamp": contact.created}]


def _merged(contact: Record) -> list[int]:
    return [int(id) for id in (contact.get("hs_merged_object_ids") or "").split(";") if id.isdecimal()]


def _properties_json(portal: Portal, contact: Record, mode: Mode) -> dict[str, Any]:
    names: Iterable[str] = ever_set(portal, contact) if mode.properties is None else mode.properties
    if not mode.with_history:
        present = {name: contact.get(name) for name in sorted(set(names))}
        return {
            name: {"value": value_json(portal, contact, name, value)}
            for name, value in present.items()
            if value is not None or mode.properties is None
        }
    return {
        name: {
            "value": value_json(portal, contact, name, found[0].value),
            "versions": [_version_json(portal, contact, name, version) for version in found],
        }
        for name in sorted(set(names))
        if (found := history(portal, contact, name))
    }


def _version_json(portal: Portal, contact: Record, name: str, version: Version) -> dict[str, Any]:
    return {
        "value": value_json(portal, contact, name, version.value),
        "source-type": version.source.type,
        "source-id": version.source.id,
        "source-label": version.source.label,
        "timestamp": version.moment,
        "selected": False,
    }


def _company_json(portal: Portal, company: Record) -> dict[str, Any]:
    values = everything(company)
    return {
        "company-id": company.id,
        "portal-id": portal.configuration.account.id,
        "properties": {
            name: {"value": value_json(portal, company, name, value)} for name, value in sorted(values.items())
        },
    }


def _submissions_json(portal: Portal, contact: Record, mode: str) -> list[dict[str, Any]]:
    """The forms that the contact submitted, newest first."""
    if mode == "none":
        return []
    found = [entry for entry in portal.log.timeline(contact) if entry.kind == FORM_SUBMITTED]
    chosen = {"newest": found[:1], "oldest": found[-1:]}.get(mode, found)
    return [_submission_json(portal, entry) for entry in chosen]


def _submission_json(portal: Portal, entry: Entry) -> dict[str, Any]:
    account = portal.configuration.account.id
    return {
        "conversion-id": guid(f"{account}/submission/{entry.number}"),
        "timestamp": entry.moment,
        "form-id": entry.source.id,
        "portal-id": account,
        "title": str(entry.value),
        "form-type": "HUBSPOT",
        "meta-data": [],
    }
