"""Forms, version 2: the portal's forms and their fields (W12.9.13)."""

from collections.abc import Sequence
from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.errors import RESOURCE_NOT_FOUND
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.forms import Form
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.portal import Portal


def list_(call: Call) -> Response:
    """GET /forms: a plain list of all forms."""
    return answer([_form_json(call.portal, form) for form in call.portal.forms])


def read(call: Call) -> Response:
    """GET /forms/{guid}: one form with its fields."""
    return answer(_form_json(call.portal, _form(call)))


def list_fields(call: Call) -> Response:
    """GET /fields/{guid}: a plain list of one form's fields."""
    return answer(_fields_json(call.portal, _form(call).settings.fields))


def _form(call: Call) -> Form:
    try:
        return call.portal.forms.find(call.path["guid"])
    except UnknownName:
        raise LegacyError(404, RESOURCE_NOT_FOUND) from None


def _form_json(portal: Portal, form: Form) -> dict[str, Any]:
    return {
        "portalId": portal.configuration.account.id,
        "guid": form.guid,
        "name": form.name,
        "action": "",
        "method": "POST",
        "cssClass": "hs-form stacked",
        "redirect": "",
        "submitText": "Submit",
        "followUpId": "",
        "notifyRecipients": "",
        "leadNurturingCampaignId": "",
        "formFieldGroups": [
            {"fields": [field], "default": True, "isSmartGroup": False}
            for field in _fields_json(portal, form.settings.fields)
        ],
        "metaData": [],
        "deletable": True,
        "formType": "HUBSPOT",
    }


def _fields_json(portal: Portal, names: Sequence[str]) -> list[dict[str, Any]]:
    return [_field_json(portal, name, order) for order, name in enumerate(names)]


def _field_json(portal: Portal, name: str, order: int) -> dict[str, Any]:
    definition = portal.properties[CONTACTS].get(name)
    options = () if definition is None else definition.options
    return {
        "name": name,
        "label": name if definition is None else definition.label,
        "type": "string" if definition is None else definition.type,
        "fieldType": "text" if definition is None else definition.field_type,
        "description": "" if definition is None else definition.description,
        "groupName": "" if definition is None else definition.group,
        "displayOrder": order,
        "required": name == "email",
        "selectedOptions": [],
        "options": [
            {"label": option.label, "value": option.value, "displayOrder": option.display_order} for option in options
        ],
        "enabled": True,
        "hidden": False,
        "defaultValue": "",
        "isSmartField": False,
        "placeholder": "",
    }


_READ = "forms"

ENDPOINTS = operations(
    "/forms/v2",
    ("GET", "/forms", list_, _READ),
    ("GET", "/forms/{guid}", read, _READ),
    ("GET", "/fields/{guid}", list_fields, _READ),
)
