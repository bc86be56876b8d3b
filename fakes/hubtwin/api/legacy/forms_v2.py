"""Forms, version 2: their definitions (W12.9.13, F4.4)."""

from collections.abc import Mapping
from typing import Any

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.errors import RESOURCE_NOT_FOUND
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.api.legacy.form_shapes import kept, new_form, old_fields, old_form
from hubtwin.portal.errors import InvalidDefinition, UnknownName
from hubtwin.portal.form import Form


def list_(call: Call) -> Response:
    """GET /forms: a plain list of all forms."""
    return answer([old_form(call.portal, form) for form in call.portal.forms])


def create(call: Call) -> Response:
    """POST /forms: 200 with the form; 409 where another has its name."""
    call.body.require("name")
    told = call.body.data
    json = _shaped(call, told, None)
    try:
        form = call.portal.forms.create(json, legacy=kept(told, None))
    except InvalidDefinition as error:
        raise _refused(error) from None
    return answer(old_form(call.portal, form))


def read(call: Call) -> Response:
    """GET /forms/{guid}: one form with its fields."""
    return answer(old_form(call.portal, _form(call)))


def list_fields(call: Call) -> Response:
    """GET /fields/{guid}: a plain list of one form's fields."""
    return answer(old_fields(call.portal, _form(call)))


def update(call: Call) -> Response:
    """PUT or POST /forms/{guid}: what is not sent stays; fields that are sent take the place of all others."""
    form, told = _form(call), call.body.data
    json = _shaped(call, told, form)
    try:
        form = call.portal.forms.replace(form, json, legacy=kept(told, form))
    except InvalidDefinition as error:
        raise _refused(error) from None
    return answer(old_form(call.portal, form))


def delete(call: Call) -> Response:
    """DELETE /forms/{guid}: 204."""
    call.portal.forms.archive(_form(call))
    return nothing()


def _shaped(call: Call, told: Mapping[str, Any], form: Form | None) -> dict[str, Any]:
    try:
        return new_form(call.portal, told, form)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise LegacyError(400, f"The form is not valid: {error}") from None


def _refused(error: InvalidDefinition) -> LegacyError:
    return LegacyError(409 if error.category == "CONFLICT" else 400, str(error), category=error.category)


def _form(call: Call) -> Form:
    try:
        return call.portal.forms.find(call.path["guid"])
    except UnknownName:
        raise LegacyError(404, RESOURCE_NOT_FOUND) from None


_SCOPE = "forms"

ENDPOINTS = operations(
    "/forms/v2",
    ("GET", "/forms", list_, _SCOPE),
    ("POST", "/forms", create, _SCOPE),
    ("GET", "/forms/{guid}", read, _SCOPE),
    ("PUT", "/forms/{guid}", update, _SCOPE),
    ("POST", "/forms/{guid}", update, _SCOPE),
    ("DELETE", "/forms/{guid}", delete, _SCOPE),
    ("GET", "/fields/{guid}", list_fields, _SCOPE),
)
