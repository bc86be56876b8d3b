"""Submissions of forms, as browsers and programs send them to api.hsforms.com (W6.7)."""

from collections.abc import Sequence
from types import MappingProxyType

from hubtwin.api import consent
from hubtwin.api.bodies import Body
from hubtwin.api.calls import Call, answer
from hubtwin.api.consent import InvalidConsent
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError
from hubtwin.api.http import Response
from hubtwin.api.limits import admit_submission
from hubtwin.api.submission_context import Context, InvalidContext
from hubtwin.portal.errors import DuplicateValue, InvalidValues, UnknownName, UnknownObjectType
from hubtwin.portal.form import Form
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.submissions import Sent

MAX_FIELDS = 1_000

NOT_VALID = "The request is not valid"

#: The error types of submissions for what the portal finds wrong with a value (F8.12).
_ERROR_TYPES = MappingProxyType(
    {
        "REQUIRED_FIELD": "REQUIRED_FIELD",
        "INVALID_EMAIL": "INVALID_EMAIL",
        "BLOCKED_EMAIL": "BLOCKED_EMAIL",
        "INVALID_INTEGER": "INVALID_NUMBER",
        "NUMBER_OUT_OF_RANGE": "NUMBER_OUT_OF_RANGE",
        "PROPERTY_VALUE_TOO_LONG": "INPUT_TOO_LARGE",
        "PROPERTY_DOESNT_EXIST": "FIELD_NOT_IN_FORM_DEFINITION",
        "FIELD_NOT_IN_FORM_DEFINITION": "FIELD_NOT_IN_FORM_DEFINITION",
        "READ_ONLY_VALUE": "FIELD_NOT_IN_FORM_DEFINITION",
        "MISSING_PROCESSING_CONSENT": "MISSING_PROCESSING_CONSENT",
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


def find_form(call: Call) -> Form:
    """The form with the guid in the path. Raises ApiError."""
    guid = call.path["formGuid"]
    try:
        form = call.portal.forms.find(guid)
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None
    if form.guid != guid.lower():
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return form


def receive(call: Call, form: Form, sent: Sent) -> None:
    """Hand a submission to the portal. Raises ApiError in the words of submissions (F8.12)."""
    if form.says.configuration.recaptcha_enabled:
        raise refused([("The form has a CAPTCHA, which a program can't solve", "FORM_HAS_RECAPTCHA_ENABLED")])
    try:
        call.portal.forms.receive(form, sent)
    except InvalidValues as error:
        problems = [(_in_field(one.property, one.message), _error_type(one.code)) for one in error.problems]
        raise refused(problems) from None
    except DuplicateValue as error:
        raise refused([(_in_field(error.property, str(error)), "VALUE_NOT_IN_FIELD_DEFINITION")]) from None


def refused(problems: Sequence[tuple[str, str]]) -> ApiError:
    """The answer to a submission that is not valid: messages and error types (W6.7.2)."""
    return ApiError(400, NOT_VALID, errors=[{"message": message, "errorType": type} for message, type in problems])


def _submitted(call: Call, *, is_trusted: bool) -> Response:
    form, body = find_form(call), call.body
    body.require("fields")
    try:
        context = Context.of(body, call.portal.clock.now)
        agreed = consent.read(body, call.portal.preferences)
    except InvalidContext as error:
        raise refused(error.problems) from None
    except InvalidConsent as error:
        raise refused([(f"Error in 'legalConsentOptions'. {error}", error.error_type)]) from None
    sent = Sent(
        _fields(call, body),
        context.cookie,
        context.page,
        context.title,
        context.submitted,
        agreed,
        is_trusted,
        is_checked=not body.flag("skipValidation", False),
    )
    receive(call, form, sent)
    action = form.says.configuration.post_submit_action
    return answer({"inlineMessage" if action.type == "thank_you" else "redirectUri": action.value})


def _fields(call: Call, body: Body) -> dict[str, dict[str, str]]:
    """The values by object types; several of one name are several choices. Raises ApiError."""
    sent = body.objects("fields")
    if len(sent) > MAX_FIELDS:
        raise refused([(f"At most {MAX_FIELDS} fields are allowed", "MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED")])
    filled: dict[str, dict[str, str]] = {}
    for field in sent:
        field.require("name")
        name, value = field.text("name") or "", field.text("value") or ""
        values = filled.setdefault(_type(call, field), {})
        values[name] = f"{values[name]};{value}" if name in values else value
    return filled


def _type(call: Call, field: Body) -> str:
    word = field.text("objectTypeId", CONTACTS.id) or CONTACTS.id
    try:
        return call.portal.type(word).id
    except UnknownObjectType as error:
        message = _in_field(f"{word}/{field.text('name')}", str(error))
        raise refused([(message, "FIELD_NOT_IN_FORM_DEFINITION")]) from None


def _in_field(name: str, message: str) -> str:
    return f"Error in '{name if name == 'legalConsentOptions' else f'fields.{name}'}'. {message}"


def _error_type(code: str) -> str:
    return _ERROR_TYPES.get(code, "VALUE_NOT_IN_FIELD_DEFINITION")


_PATH = "/submissions/v3/integration"
_FORM = "submit/{portalId}/{formGuid}"

ENDPOINTS = (
    Endpoint("POST", f"{_PATH}/{_FORM}", None, submit, public=True),
    Endpoint("OPTIONS", f"{_PATH}/{_FORM}", None, preflight, public=True),
    Endpoint("POST", f"{_PATH}/secure/{_FORM}", None, submit_securely, "forms"),
)
