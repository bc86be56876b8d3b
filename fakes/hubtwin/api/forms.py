"""Definitions of forms, version 3 and dated (W6.7.3, F8.1)."""

import base64
import binascii
from typing import Any

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import family
from hubtwin.api.errors import CONFLICT, RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.errors import InvalidDefinition
from hubtwin.portal.form import Form
from hubtwin.portal.moments import iso

MAX_PAGE = 100

#: What the portal itself says about a form, and clients can't.
_OWN = ("id", "createdAt", "updatedAt", "archived", "archivedAt")

#: What a client may change of a form one by one.
_CHANGEABLE = ("name", "fieldGroups", "configuration", "displayOptions", "legalConsentOptions")


def list_(call: Call) -> Response:
    """GET /: in pages, whose `after` is encoded in base 64."""
    limit, after = call.number("limit", 20, most=MAX_PAGE), _after(call)
    forms = call.portal.forms.archived if call.flag("archived") else iter(call.portal.forms)
    types = call.names("formTypes")
    rows = (
        (base64.b64encode(str(place).encode()).decode(), _form_json(form))
        for place, form in enumerate(forms)
        if place >= after and (not types or form.says.form_type in types)
    )
    return answer(page(call, rows, limit))


def create(call: Call) -> Response:
    """POST /: 201 with the form."""
    body = call.body
    body.require("formType", "name", "createdAt", "fieldGroups", "configuration", "displayOptions")  # F8.2.1
    try:
        return answer(_form_json(call.portal.forms.create(_told(body.data))), 201)
    except InvalidDefinition as error:
        raise refused(error) from None


def read(call: Call) -> Response:
    """GET /{formId}: one form with its fields; a deleted one with `archived=true`."""
    return answer(_form_json(_form(call, archived=call.flag("archived"))))


def replace(call: Call) -> Response:
    """PUT /{formId}: the whole form anew."""
    form = _form(call)
    call.body.require("formType", "name", "fieldGroups", "configuration", "displayOptions")
    return _changed(call, form, _told(call.body.data))


def change(call: Call) -> Response:
    """PATCH /{formId}: some members of it, each as a whole."""
    form, body = _form(call), call.body
    changes = {name: body.data[name] for name in _CHANGEABLE if body.data.get(name) is not None}
    response = _changed(call, form, {**form.json, **changes})
    if body.flag("archived", False):
        call.portal.forms.archive(call.portal.forms.find(form.guid))
    return response


def delete(call: Call) -> Response:
    """DELETE /{formId}: 204, and nobody can submit it any more."""
    call.portal.forms.archive(_form(call))
    return nothing()


def refused(error: InvalidDefinition) -> ApiError:
    """The answer where a definition can't be as it is wanted; a name that is taken is a conflict (F8.2.2)."""
    return ApiError(409 if error.category == CONFLICT else 400, str(error), error.category)


def _changed(call: Call, form: Form, json: dict[str, Any]) -> Response:
    try:
        return answer(_form_json(call.portal.forms.replace(form, json)))
    except InvalidDefinition as error:
        raise refused(error) from None


def _told(data: Any) -> dict[str, Any]:
    """What a client tells of a form; where it says nothing of consent, none is asked for."""
    told = {name: value for name, value in data.items() if name not in _OWN}
    return {**told, "legalConsentOptions": told.get("legalConsentOptions") or {"type": "none"}}


def _form(call: Call, *, archived: bool = False) -> Form:
    """The form with the guid in the path. Raises ApiError."""
    forms, guid = call.portal.forms, call.path["formId"].lower()
    found = next((form for form in (forms.archived if archived else iter(forms)) if form.guid == guid), None)
    if found is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return found


def _after(call: Call) -> int:
    text = call.text("after")
    try:
        place = "0" if text is None else base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        place = ""
    if not place.isdecimal() or len(place) > 9:
        raise invalid(f"after is not a value that a page gave out: {text}")
    return int(place)


def _form_json(form: Form) -> dict[str, Any]:
    """The form as its maker told it, with the portal's own members."""
    archived = {} if form.archived is None else {"archivedAt": iso(form.archived)}
    return {
        "id": form.guid,
        "name": form.name,
        "createdAt": iso(form.created),
        "updatedAt": iso(form.updated),
        "archived": form.archived is not None,
        **archived,
        **{name: value for name, value in form.json.items() if name != "name"},
    }


_SCOPE = "forms"
_OPERATIONS = (
    ("GET", "", list_, _SCOPE),
    ("POST", "", create, _SCOPE),
    ("GET", "/{formId}", read, _SCOPE),
    ("PUT", "/{formId}", replace, _SCOPE),
    ("PATCH", "/{formId}", change, _SCOPE),
    ("DELETE", "/{formId}", delete, _SCOPE),
)

ENDPOINTS = (
    *family("/marketing/v3/forms", None, *_OPERATIONS),
    *family("/marketing/forms/2026-09-beta", None, *_OPERATIONS),
)
