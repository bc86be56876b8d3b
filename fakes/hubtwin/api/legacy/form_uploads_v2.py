"""Submissions of forms, version 2, as web pages send them to forms.hubspot.com (F8.13)."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from hubtwin.api import multipart
from hubtwin.api.bodies import Body, read
from hubtwin.api.calls import Call, nothing
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import ApiError
from hubtwin.api.form_submissions import find_form, receive, refused
from hubtwin.api.http import Response
from hubtwin.api.limits import admit_submission
from hubtwin.portal.form import Form
from hubtwin.portal.objects import CONTACTS, LIFECYCLE
from hubtwin.portal.submissions import Sent

URLENCODED = "application/x-www-form-urlencoded"

#: The field that holds the context, as JSON.
CONTEXT = "hs_context"

_LINK = re.compile(r"https?://[\x21-\x7e]+")


def submit(call: Call) -> Response:
    """POST /{portalId}/{formGuid}: 204, or 302 to where the context or the form leads; needs no token."""
    admit_submission(call.portal)
    form, sent = find_form(call), _sent(call)
    context = _context(sent.pop(CONTEXT, ""))
    # F8.13.1: what the form doesn't ask for is left out, and its own rules are the page's business
    values = {name: value for name, value in sent.items() if name in (*form.contact_fields, LIFECYCLE)}
    submission = Sent(
        {CONTACTS.id: values},
        context.text("hutk") or None,
        context.text("pageUrl") or "",
        context.text("pageName") or "",
        is_checked=False,
    )
    receive(call, form, submission)
    target = context.text("redirectUrl") or _redirect(form)
    return Response(302, (("location", target),), b"") if _LINK.fullmatch(target) else nothing()


def _redirect(form: Form) -> str:
    action = form.says.configuration.post_submit_action
    return action.value if action.type == "redirect_url" else ""


def _context(text: str) -> Body:
    try:
        return read(text.encode()) if text else Body({}, b"")
    except ApiError:
        raise refused([(f"Error in '{CONTEXT}'. It is not JSON", "INVALID_METADATA")]) from None


def _sent(call: Call) -> dict[str, str]:
    """The fields, of the address and of the body; several of one name are several choices."""
    fields: dict[str, str] = {}
    for name, value in (*((name, one) for name, values in call.query.items() for one in values), *_pairs(call)):
        fields[name] = f"{fields[name]};{value}" if name in fields else value
    return fields


def _pairs(call: Call) -> Iterator[tuple[str, str]]:
    if call.request.headers.get("content-type", "").startswith(multipart.CONTENT_TYPE):
        yield from ((part.name, part.content.decode("utf-8", "replace")) for part in multipart.read(call.request))
    else:
        yield from parse_qsl(call.request.body.decode("utf-8", "replace"), keep_blank_values=True)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/uploads/form/v2/{portalId}/{formGuid}",
        None,
        submit,
        accepts=(URLENCODED, multipart.CONTENT_TYPE),
        public=True,
    ),
)
