"""The other e-mail addresses of contacts, version 1 (W12.9.11)."""

from collections.abc import Sequence

from hubtwin.api.calls import Call, answer
from hubtwin.api.errors import invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import NO_SUCH_CONTACT, operations
from hubtwin.api.legacy.records import find
from hubtwin.portal.errors import DuplicateValue, InvalidValues
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.values import InvalidValue, normalise, problem


def list_(call: Call) -> Response:
    """GET /{vid}: the other addresses of a contact."""
    return _answer(call, _contact(call))


def add(call: Call) -> Response:
    """PUT /{vid}/email/{email}: 200; 409 where another contact has the address."""
    contact, email = _contact(call), call.path["email"]
    return _kept(call, contact, [*_addresses(contact), _free(call, contact, email)])


def change(call: Call) -> Response:
    """PATCH /{vid}: another address takes the place of one."""
    contact, body = _contact(call), call.body
    body.require("targetSecondaryEmail", "updatedSecondaryEmail")
    old = (body.text("targetSecondaryEmail") or "").strip().lower()
    if old not in _addresses(contact):
        raise invalid(f"{old} is not a secondary email of contact {contact.id}")
    new = _free(call, contact, body.text("updatedSecondaryEmail") or "")
    return _kept(call, contact, [new if address == old else address for address in _addresses(contact)])


def remove(call: Call) -> Response:
    """DELETE /{vid}/email/{email}: 200, also where the contact has no such address."""
    contact, email = _contact(call), call.path["email"].strip().lower()
    return _kept(call, contact, [address for address in _addresses(contact) if address != email])


def _contact(call: Call) -> Record:
    return find(call, CONTACTS, call.path["vid"], NO_SUCH_CONTACT)


def _addresses(contact: Record) -> list[str]:
    return [email for email in (contact.get("hs_additional_emails") or "").split(";") if email]


def _free(call: Call, contact: Record, email: str) -> str:
    """The address as it is kept. Raises InvalidValues, and DuplicateValue where another contact has it."""
    definition = call.portal.properties[CONTACTS].find("email")
    try:
        address = normalise(definition, email, None)
    except InvalidValue as error:
        raise InvalidValues([problem(definition, error)]) from None
    holder = contact_with(call.portal, address)
    if holder not in (None, contact):
        raise DuplicateValue(CONTACTS.singular, "email", address, holder.id)
    return address


def _kept(call: Call, contact: Record, emails: Sequence[str]) -> Response:
    """The primary address is never among the others, and none is there twice."""
    others = ";".join(dict.fromkeys(email for email in emails if email != contact.get("email")))
    if others != (contact.get("hs_additional_emails") or ""):
        call.portal.update(contact, {"hs_additional_emails": others}, source=call.source)
    return _answer(call, contact)


def _answer(call: Call, contact: Record) -> Response:
    account = call.portal.configuration.account.id
    return answer({"portalId": account, "vid": contact.id, "secondaryEmails": _addresses(contact)})


_READ, _WRITE = "crm.objects.contacts.read", "crm.objects.contacts.write"

ENDPOINTS = operations(
    "/contacts/v1/secondary-email",
    ("GET", "/{vid}", list_, _READ),
    ("PATCH", "/{vid}", change, _WRITE),
    ("PUT", "/{vid}/email/{email}", add, _WRITE),
    ("DELETE", "/{vid}/email/{email}", remove, _WRITE),
)
