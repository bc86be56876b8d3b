"""What was submitted on a form, version 1: no later version has it (W6.7.7)."""

from typing import Any

from hubtwin.api.calls import Call, answer
from hubtwin.api.errors import RESOURCE_NOT_FOUND
from hubtwin.api.http import Response
from hubtwin.api.legacy.errors import LegacyError, operations
from hubtwin.api.paging import page
from hubtwin.portal.form import Submission
from hubtwin.portal.objects import CONTACTS

MAX_PAGE = 50


def list_(call: Call) -> Response:
    """GET /submissions/forms/{formGuid}: in pages, newest first."""
    form = next((form for form in call.portal.forms if form.guid == call.path["formGuid"].lower()), None)
    if form is None:
        raise LegacyError(404, RESOURCE_NOT_FOUND)
    limit, after = call.number("limit", 20, most=MAX_PAGE), call.after()
    found = (one for one in call.portal.forms.submissions(form) if not after or one.number <= after)
    return answer(page(call, ((str(one.number), _submission_json(one)) for one in found), limit))


def _submission_json(submission: Submission) -> dict[str, Any]:
    return {
        "conversionId": submission.id,
        "submittedAt": submission.moment,
        "values": [
            {"name": name, "value": value} | ({} if type == CONTACTS.id else {"objectTypeId": type})
            for type, values in submission.filled.items()
            for name, value in values.items()
        ],
        "pageUrl": submission.page,
    }


ENDPOINTS = operations("/form-integrations/v1", ("GET", "/submissions/forms/{formGuid}", list_, "forms"))
