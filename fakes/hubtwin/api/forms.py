"""Definitions of forms, to read: the portal's configuration has them (W6.7)."""

import base64
import binascii
from types import MappingProxyType
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import page
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.forms import Form
from hubtwin.portal.moments import iso
from hubtwin.portal.objects import COMPANIES, CONTACTS
from hubtwin.portal.properties import PropertyDefinition

MAX_PAGE = 100

#: What forms call the field types of properties.
_FIELD_TYPES = MappingProxyType(
    {
        "booleancheckbox": "single_checkbox",
        "checkbox": "multiple_checkboxes",
        "date": "datepicker",
        "file": "file",
        "number": "number",
        "phonenumber": "phone",
        "radio": "radio",
        "select": "dropdown",
        "textarea": "multi_line_text",
    }
)


def list_(call: Call) -> Response:
    """GET /: in pages, whose `after` is encoded in base 64."""
    limit, after = call.number("limit", 20, most=MAX_PAGE), _after(call)
    forms = [] if call.flag("archived") else list(call.portal.forms)
    rows = (
        (base64.b64encode(str(place).encode()).decode(), _form_json(call, form))
        for place, form in enumerate(forms)
        if place >= after
    )
    return answer(page(call, rows, limit))


def read(call: Call) -> Response:
    """GET /{formId}: one form with its fields."""
    try:
        form = call.portal.forms.find(call.path["formId"])
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None
    if form.guid != call.path["formId"]:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(_form_json(call, form))


def _after(call: Call) -> int:
    text = call.text("after")
    try:
        place = "0" if text is None else base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        place = ""
    if not place.isdecimal() or len(place) > 9:
        raise invalid(f"after is not a value that a page gave out: {text}")
    return int(place)


def _form_json(call: Call, form: Form) -> dict[str, Any]:
    since = iso(form.created)
    return {
        "id": form.guid,
        "name": form.name,
        "createdAt": since,
        "updatedAt": since,
        "archived": False,
        "formType": "hubspot",
        "fieldGroups": [
            {"groupType": "default_group", "richTextType": "text", "fields": [_field_json(call, name)]}
            for name in form.settings.fields
        ],
        "configuration": _configuration_json(form),
        "displayOptions": {
            "renderRawHtml": False,
            "theme": "default_style",
            "submitButtonText": "Submit",
            "style": {},
        },
        "legalConsentOptions": {"type": "none"},
    }


def _configuration_json(form: Form) -> dict[str, Any]:
    stages = ((CONTACTS, form.settings.contact_stage), (COMPANIES, form.settings.company_stage))
    thanks, redirect = form.settings.thanks, form.settings.redirect
    return {
        "language": "en",
        "cloneable": True,
        "editable": False,
        "archivable": False,
        "recaptchaEnabled": False,
        "notifyContactOwner": False,
        "notifyRecipients": [],
        "createNewContactForNewEmail": True,
        "prePopulateKnownValues": True,
        "allowLinkToResetKnownValues": False,
        "lifecycleStages": [{"objectTypeId": type.id, "value": stage} for type, stage in stages if stage is not None],
        "postSubmitAction": (
            {"type": "thank_you", "value": thanks} if redirect is None else {"type": "redirect_url", "value": redirect}
        ),
    }


def _field_json(call: Call, name: str) -> dict[str, Any]:
    definition = call.portal.properties[CONTACTS].get(name)
    body: dict[str, Any] = {
        "objectTypeId": CONTACTS.id,
        "name": name,
        "label": name if definition is None else definition.label,
        "required": name == "email",
        "hidden": False,
        "fieldType": _field_type(name, definition),
        "dependentFields": [],
    }
    if definition is not None and definition.options:
        body["options"] = [
            {"label": option.label, "value": option.value, "displayOrder": option.display_order}
            for option in definition.options
        ]
    return body


def _field_type(name: str, definition: PropertyDefinition | None) -> str:
    if name == "email":
        return "email"
    if name == "mobilephone":
        return "mobile_phone"
    return _FIELD_TYPES.get(definition.field_type if definition else "", "single_line_text")


_SCOPE = "forms"
_OPERATIONS = (("GET", "", list_, _SCOPE), ("GET", "/{formId}", read, _SCOPE))

ENDPOINTS = (
    *family("/marketing/v3/forms", None, *_OPERATIONS),
    *family("/marketing/forms/2026-09-beta", None, *_OPERATIONS),
)
