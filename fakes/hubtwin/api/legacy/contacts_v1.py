"""Contacts, version 1: profiles by vid or e-mail address, create-or-update, batches (W12.9.1)."""

from collections.abc import Mapping
from typing import Any

from hubtwin.api.bodies import Body, read_list
from hubtwin.api.calls import JSON, Call, answer, nothing
from hubtwin.api.errors import NOTHING_TO_UPDATE, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import CONTACT_EXISTS, NO_SUCH_CONTACT, LegacyError, operations, validation_json
from hubtwin.api.legacy.profiles import Mode, profile_json
from hubtwin.api.legacy.records import find, look, values
from hubtwin.portal import merging
from hubtwin.portal.errors import DuplicateValue, InvalidValues, PortalError
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import contact_with
from hubtwin.portal.records import Record
from hubtwin.portal.writes import Change, Claims

MAX_BATCH = 1000
MAX_READ = 100

CANNOT_BE_MERGED = "canonical vid is not a valid contact or is already in the process of being merged"


def create(call: Call) -> Response:
    """POST /contact: 200, the new contact's profile; 409 names the one that has the address (W12.9.2)."""
    contact = call.portal.create(CONTACTS, values(call.body, "property"), source=call.source)
    return answer(profile_json(call.portal, contact))


def create_or_update(call: Call) -> Response:
    """POST /contact/createOrUpdate/email/{email}: 200, the vid and whether it is new."""
    email, sent = call.path["email"], values(call.body, "property")
    contact = contact_with(call.portal, email)
    if contact is not None:
        call.portal.update(contact, sent, source=call.source)
        return answer({"vid": contact.id, "isNew": False})
    contact = call.portal.create(CONTACTS, {"email": email, **sent}, source=call.source)
    return answer({"vid": contact.id, "isNew": True})


def batch(call: Call) -> Response:
    """POST /contact/batch: 202 without a body; one bad contact refuses all of them (W12.9.4)."""
    inputs = read_list(call.request.body)
    if len(inputs) > MAX_BATCH:
        raise invalid(f"The batch has {len(inputs)} contacts; at most {MAX_BATCH} are allowed")
    claims: Claims = set()
    changes: list[Change] = []
    failures: list[dict[str, Any]] = []
    for index, input in enumerate(inputs):
        try:
            changes.append(_batched(call, input, claims))
        except (ApiError, PortalError) as error:
            failures += [{"index": index, **failure} for failure in _failures(error)]
    if failures:
        raise LegacyError(400, "Errors found processing batch update", failureMessages=failures)
    for change in changes:
        call.portal.writes.apply(change)
    return Response(202, (), b"")


def _batched(call: Call, input: Body, claims: Claims) -> Change:
    """The change that one input of a batch asks for: by `vid`, else by `email`, which may be new."""
    sent, vid, email = values(input, "property"), input.text("vid"), input.text("email")
    if vid is not None:
        return call.portal.writes.check(find(call, CONTACTS, vid, NO_SUCH_CONTACT), sent, call.source, None, claims)
    if email is None:
        raise invalid("A contact of a batch needs a vid or an email")
    contact = contact_with(call.portal, email)
    if contact is not None:
        return call.portal.writes.check(contact, sent, call.source, None, claims)
    return call.portal.writes.check_new(CONTACTS, {"email": email, **sent}, call.source, None, (), claims)


def _failures(error: Exception) -> list[dict[str, Any]]:
    match error:
        case InvalidValues():
            return [{"propertyValidationResult": validation_json(problem)} for problem in error.problems]
        case DuplicateValue():
            return [{"error": {"status": "error", "message": CONTACT_EXISTS}}]
    return [{"error": {"status": "error", "message": str(error)}}]


def read(call: Call) -> Response:
    """GET /contact/vid/{vid}/profile: 200, all properties with their versions (F6.2)."""
    contact = find(call, CONTACTS, call.path["vid"], NO_SUCH_CONTACT)
    return answer(profile_json(call.portal, contact, Mode.of(call, in_list=False)))


def read_by_email(call: Call) -> Response:
    """GET /contact/email/{email}/profile: 200, the address in any case."""
    return answer(profile_json(call.portal, _with_email(call), Mode.of(call, in_list=False)))


def read_by_token(call: Call) -> Response:
    """GET /contact/utk/{utk}/profile: 200, the contact whose browser has this cookie (W12.9.20)."""
    contact = call.portal.tracking.contact(call.path["utk"])
    if contact is None:
        raise LegacyError(404, NO_SUCH_CONTACT)
    return answer(profile_json(call.portal, contact, Mode.of(call, in_list=False)))


def read_some_by_token(call: Call) -> Response:
    """GET /contact/byUtk/batch: the contacts whose browsers have the cookies `utk`, each under its vid (W12.9.20)."""
    return _profiles(call, {utk: call.portal.tracking.contact(utk) for utk in call.names("utk")})


def update(call: Call) -> Response:
    """POST /contact/vid/{vid}/profile: 204, also where a stage was kept (F2.b2)."""
    return _update(call, find(call, CONTACTS, call.path["vid"]))


def update_by_email(call: Call) -> Response:
    """POST /contact/email/{email}/profile: 204, also where a stage was kept (F2.b2)."""
    return _update(call, _with_email(call))


def archive(call: Call) -> Response:
    """DELETE /contact/vid/{vid}: 200, and that it is done."""
    contact = find(call, CONTACTS, call.path["vid"], NO_SUCH_CONTACT)
    call.portal.archive(contact, source=call.source)
    return answer({"vid": contact.id, "deleted": True, "reason": "OK"})


def merge(call: Call) -> Response:
    """POST /contact/merge-vids/{vid}: 200, the word SUCCESS; both vids lead to the merged contact (W12.9.17)."""
    call.body.require("vidToMerge")
    primary, other = (
        look(call.portal, CONTACTS, vid) for vid in (call.path["vid"], call.body.text("vidToMerge") or "")
    )
    if primary is None or other is None:
        raise invalid(CANNOT_BE_MERGED)
    merging.merge(call.portal, primary, other)
    return Response(200, (JSON,), b"SUCCESS")


def read_some(call: Call) -> Response:
    """GET /contact/vids/batch: the contacts that exist among `vid`, each under its vid."""
    return _profiles(call, {vid: look(call.portal, CONTACTS, vid) for vid in call.names("vid")})


def read_some_by_email(call: Call) -> Response:
    """GET /contact/emails/batch: the contacts that exist among `email`, each under its vid."""
    return _profiles(call, {email: contact_with(call.portal, email) for email in call.names("email")})


def _profiles(call: Call, found: Mapping[str, Record | None]) -> Response:
    if len(found) > MAX_READ:
        raise invalid(f"{len(found)} contacts are asked for; at most {MAX_READ} are allowed")
    mode = Mode.of(call, in_list=False)
    contacts = [contact for contact in found.values() if contact is not None]
    return answer({str(contact.id): profile_json(call.portal, contact, mode) for contact in contacts})


def _with_email(call: Call) -> Record:
    contact = contact_with(call.portal, call.path["email"])
    if contact is None:
        raise LegacyError(404, NO_SUCH_CONTACT)
    return contact


def _update(call: Call, contact: Record) -> Response:
    sent = values(call.body, "property")
    if not sent:
        raise invalid(NOTHING_TO_UPDATE)
    call.portal.update(contact, sent, source=call.source)
    return nothing()


_READ, _WRITE = "crm.objects.contacts.read", "crm.objects.contacts.write"

ENDPOINTS = operations(
    "/contacts/v1/contact",
    ("POST", "", create, _WRITE),
    ("POST", "/createOrUpdate/email/{email}", create_or_update, _WRITE),
    ("POST", "/batch", batch, _WRITE),
    ("GET", "/vid/{vid}/profile", read, _READ),
    ("POST", "/vid/{vid}/profile", update, _WRITE),
    ("DELETE", "/vid/{vid}", archive, _WRITE),
    ("POST", "/merge-vids/{vid}", merge, _WRITE),
    ("GET", "/vids/batch", read_some, _READ),
    ("GET", "/email/{email}/profile", read_by_email, _READ),
    ("POST", "/email/{email}/profile", update_by_email, _WRITE),
    ("GET", "/emails/batch", read_some_by_email, _READ),
    ("GET", "/utk/{utk}/profile", read_by_token, _READ),
    ("GET", "/byUtk/batch", read_some_by_token, _READ),
)
