"""Submissions of forms, as browsers and programs send them to api.hsforms.com (W6.7)."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from hubtwin.api import consent
from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.consent import InvalidConsent
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.api.limits import admit_submission
from hubtwin.portal.errors import InvalidValues, UnknownName
from hubtwin.portal.forms import Form
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.sources import form as form_source

MAX_FIELDS = 1_000

NOT_VALID = "The request is not valid"

_HUTK = re.compile(r"[0-9a-fA-F-]{32,36}")

#: The error types of submissions for what the write path finds wrong with a value (W6.7.2).
_ERROR_TYPES = MappingProxyType(
    {
        "REQUIRED_FIELD": "REQUIRED_FIELD",
        "INVALID_EMAIL": "INVALID_EMAIL",
        "INVALID_INTEGER": "INVALID_NUMBER",
        "PROPERTY_VALUE_TOO_LONG": "INPUT_TOO_LARGE",
        "PROPERTY_DOESNT_EXIST": "FIELD_NOT_IN_FORM_DEFINITION",
        "FIELD_NOT_IN_FORM_DEFINITION": "FIELD_NOT_IN_FORM_DEFINITION",
        "READ_ONLY_VALUE": "FIELD_NOT_IN_FORM_DEFINITION",
    }
)

#: Browsers ask whether pages of other hosts may submit; they may (W6.7.6).
_CORS = (
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "POST"),
    ("access-control-allow-headers", "content-type"),
)


def submit(call: Call) -> Response:
    """POST /submit/{portalId}/{formGuid}: 200 with the form's thanks or redirect; needs no token."""
    admit_submission(call.portal)
    response = _submitted(call, is_trusted=False)
    return Response(response.status, (*response.headers, *_CORS), response.body)


def submit_securely(call: Call) -> Response:
    """POST /secure/submit/{portalId}/{formGuid}: with a token, and any property may be sent."""
    if call.path["portalId"] != str(call.portal.configuration.account.id):
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return _submitted(call, is_trusted=True)


def preflight(call: Call) -> Response:
    """OPTIONS /submit/{portalId}/{formGuid}: what browsers ask before they submit."""
    return Response(204, _CORS, b"")


def _submitted(call: Call, *, is_trusted: bool) -> Response:
    form, body = _form(call), call.body
    body.require("fields")
    page = _page(body)
    fields = _fields(body)
    try:
        wishes = consent.wishes(body, call.portal.preferences)
        contact = call.portal.forms.submit(form.guid, fields, is_trusted=is_trusted, page=page)
    except InvalidConsent as error:
        raise _refused([(f"Error in 'legalConsentOptions'. {error}", error.error_type)]) from None
    except InvalidValues as error:
        problems = error.problems
        raise _refused([(_in_field(p.property, p.message), _error_type(p.code)) for p in problems]) from None
    source = form_source(form.guid, form.name, form.rule)
    for wish in wishes:
        consent.grant(wish, contact.get("email") or "", call.portal.preferences, source)
    redirect = form.settings.redirect
    return answer({"inlineMessage": form.settings.thanks} if redirect is None else {"redirectUri": redirect})


def _form(call: Call) -> Form:
    guid = call.path["formGuid"]
    try:
        form = call.portal.forms.find(guid)
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None
    if form.guid != guid.lower():
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return form


def _fields(body: Body) -> dict[str, str]:
    """The contact's values; several of one name are several choices. Raises ApiError."""
    sent = body.objects("fields")
    if len(sent) > MAX_FIELDS:
        raise _refused([(f"At most {MAX_FIELDS} fields are allowed", "MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED")])
    fields: dict[str, str] = {}
    strange = []
    for field in sent:
        field.require("name")
        name, value = field.text("name") or "", field.text("value") or ""
        if field.text("objectTypeId", CONTACTS.id) == CONTACTS.id:
            fields[name] = f"{fields[name]};{value}" if name in fields else value
        elif name != LIFECYCLE:  # companies' stages are often sent along (F4.7)
            message = _in_field(name, "HubTwin's forms have fields of contacts only")
            strange.append((message, "FIELD_NOT_IN_FORM_DEFINITION"))
    if strange:
        raise _refused(strange)
    return fields


def _page(body: Body) -> str:
    """The address of the page that the form was on, empty where it isn't said. Raises ApiError."""
    if body.data.get("context") is None:
        return ""
    context = body.object("context")
    if problems := list(_context_problems(context)):
        raise _refused(problems)
    return context.text("pageUri") or ""


def _context_problems(context: Body) -> Iterator[tuple[str, str]]:
    address, hutk = context.text("ipAddress"), context.text("hutk")
    if address:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            yield f"Error in 'context.ipAddress'. {address} is not an IP address", "INVALID_IP_ADDRESS"
    if hutk and not _HUTK.fullmatch(hutk):
        yield f"Error in 'context.hutk'. {hutk} is not a HubSpot cookie", "INVALID_HUTK"


def _in_field(name: str, message: str) -> str:
    return f"Error in 'fields.{name}'. {message}"


def _error_type(code: str) -> str:
    return _ERROR_TYPES.get(code, "VALUE_NOT_IN_FIELD_DEFINITION")


def _refused(problems: Sequence[tuple[str, str]]) -> ApiError:
    return ApiError(400, NOT_VALID, errors=[{"message": message, "errorType": type} for message, type in problems])


_PATH = "/submissions/v3/integration"
_FORM = "submit/{portalId}/{formGuid}"

ENDPOINTS = (
    Endpoint("POST", f"{_PATH}/{_FORM}", None, submit, public=True),
    Endpoint("OPTIONS", f"{_PATH}/{_FORM}", None, preflight, public=True),
    Endpoint("POST", f"{_PATH}/secure/{_FORM}", None, submit_securely, "forms"),
)
