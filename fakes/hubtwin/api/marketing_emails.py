"""Marketing e-mails, version 3 and dated: made, changed, drafted, published (W6.11.1, W6.11.3, W6.11.9)."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.email_bodies import email_json, kind_of, revision_json, version_of, with_statistics
from hubtwin.api.endpoint import family
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.api.paging import cursor, page, place_after
from hubtwin.portal.email_versions import MarketingEmail, Revision, Version
from hubtwin.portal.errors import UnknownName, choices
from hubtwin.portal.ids import as_id
from hubtwin.portal.values import moment

PAGE, MAX_PAGE = 10, 100

_SORTED_BY: MappingProxyType[str, Callable[[MarketingEmail], Any]] = MappingProxyType(
    {
        "createdAt": lambda email: (email.created, email.id),
        "updatedAt": lambda email: (email.updated, email.id),
        "createdBy": lambda email: (email.created_by, email.id),
        "updatedBy": lambda email: (email.updated_by, email.id),
        "name": lambda email: (email.name, email.id),
    }
)


def list_(call: Call) -> Response:
    """GET /: `total` and pages, whose `after` is in base 64; sorted, and by kind or dates where asked for."""
    limit, after = call.number("limit", PAGE, most=MAX_PAGE), place_after(call)
    emails = _sorted(call, [email for email in _held(call) if _is_wanted(call, email)])
    rows = ((cursor(place), _json(call, email)) for place, email in enumerate(emails) if place >= after)
    return answer({"total": len(emails), **page(call, rows, limit)})


def create(call: Call) -> Response:
    """POST /: 201; a draft, whatever state is asked for."""
    call.body.require("name")
    kind = kind_of(call.body)
    version = version_of(call, call.body, Version(""))
    return answer(email_json(call, call.portal.marketing_emails.editor.create(version, kind, source=call.source)), 201)


def clone(call: Call) -> Response:
    """POST /clone: 200 with the copy, which is a draft."""
    call.body.require("id")
    email = _email(call, call.body.text("id") or "")
    name = call.body.text("cloneName") or f"{email.name} (clone)"
    return answer(email_json(call, call.portal.marketing_emails.editor.clone(email, name, source=call.source)))


def read(call: Call) -> Response:
    """GET /{emailId}: one, with its statistics where asked for."""
    return answer(_json(call, _found(call)))


def update(call: Call) -> Response:
    """PATCH /{emailId}: what is sent changes, `archived` included."""
    email, editor = _found(call), call.portal.marketing_emails.editor
    editor.change(email, version_of(call, call.body, email.live), source=call.source)
    if call.body.data.get("archived") is not None:
        (editor.archive if call.body.flag("archived", False) else editor.unarchive)(email)
    return answer(email_json(call, email))


def archive(call: Call) -> Response:
    """DELETE /{emailId}: 204."""
    call.portal.marketing_emails.editor.archive(_found(call))
    return nothing()


def publish(call: Call) -> Response:
    """POST /{emailId}/publish: 204; a regular e-mail is sent to its lists."""
    call.portal.marketing_emails.publish(_found(call), source=call.source)
    return nothing()


def unpublish(call: Call) -> Response:
    """POST /{emailId}/unpublish: 204; an e-mail that was sent can't be taken back."""
    call.portal.marketing_emails.unpublish(_found(call))
    return nothing()


# -- drafts and revisions ------------------------------------------------------------------------------------


def read_draft(call: Call) -> Response:
    """GET /{emailId}/draft: what is being written; without a draft, what is live."""
    email = _found(call)
    return answer(email_json(call, email, email.draft))


def update_draft(call: Call) -> Response:
    """PATCH /{emailId}/draft: what is sent changes in the draft, which is a copy of what is live at first."""
    email = _found(call)
    version = version_of(call, call.body, email.draft or email.live)
    call.portal.marketing_emails.editor.change_draft(email, version)
    return answer(email_json(call, email, email.draft))


def reset_draft(call: Call) -> Response:
    """POST /{emailId}/draft/reset: 204; the draft is as what is live again."""
    call.portal.marketing_emails.editor.reset_draft(_found(call))
    return nothing()


def list_revisions(call: Call) -> Response:
    """GET /{emailId}/revisions: `total` and pages, newest first."""
    email = _found(call)
    limit, after = call.number("limit", PAGE, most=MAX_PAGE), place_after(call)
    rows = (
        (cursor(place), revision_json(call, email, revision))
        for place, revision in enumerate(reversed(email.revisions))
        if place >= after
    )
    return answer({"total": len(email.revisions), **page(call, rows, limit)})


def read_revision(call: Call) -> Response:
    """GET /{emailId}/revisions/{revisionId}: one."""
    email = _found(call)
    return answer(revision_json(call, email, _revision(call, email)))


def restore(call: Call) -> Response:
    """POST /{emailId}/revisions/{revisionId}/restore: 204; what was then is live again."""
    email = _found(call)
    call.portal.marketing_emails.editor.restore(email, _revision(call, email), source=call.source)
    return nothing()


def restore_to_draft(call: Call) -> Response:
    """POST /{emailId}/revisions/{revisionId}/restore-to-draft: 200; what was then is the draft."""
    email = _found(call)
    call.portal.marketing_emails.editor.change_draft(email, _revision(call, email).version)
    return answer(email_json(call, email, email.draft))


# -- finding -------------------------------------------------------------------------------------------------


def _held(call: Call) -> list[MarketingEmail]:
    emails = call.portal.marketing_emails
    return list(emails.archived if call.flag("archived") else emails)


def _found(call: Call) -> MarketingEmail:
    return _email(call, call.path["emailId"])


def _email(call: Call, id: str) -> MarketingEmail:
    """The e-mail with this id, in the bin where the query asks for that. Raises ApiError."""
    for email in _held(call):
        if email.id == as_id(id):
            return email
    raise ApiError(404, RESOURCE_NOT_FOUND)


def _revision(call: Call, email: MarketingEmail) -> Revision:
    try:
        return call.portal.marketing_emails.editor.revision(email, as_id(call.path["revisionId"]))
    except UnknownName:
        raise ApiError(404, RESOURCE_NOT_FOUND) from None


def _is_wanted(call: Call, email: MarketingEmail) -> bool:
    published, kind = call.text("isPublished"), call.text("type")
    if kind not in (None, email.kind.type):
        return False
    if published is not None and (published.lower() == "true") is not (email.published is not None):
        return False
    return _is_in_time(call, "created", email.created) and _is_in_time(call, "updated", email.updated)


def _is_in_time(call: Call, word: str, when: int) -> bool:
    at, after, before = (_moment(call, f"{word}{side}") for side in ("At", "After", "Before"))
    return at in (None, when) and (after is None or when > after) and (before is None or when < before)


def _moment(call: Call, name: str) -> int | None:
    text = call.text(name)
    try:
        return None if text is None else moment(text)
    except ValueError:
        raise invalid(f"{name} is not a moment: {text}") from None


def _sorted(call: Call, emails: list[MarketingEmail]) -> list[MarketingEmail]:
    for word in reversed(call.names("sort") or ["createdAt"]):
        name = word.removeprefix("-")
        if name not in _SORTED_BY:
            raise invalid(f"sort can't be {word!r}; {choices(name, list(_SORTED_BY))}")
        emails = sorted(emails, key=_SORTED_BY[name], reverse=word.startswith("-"))
    return emails


def _json(call: Call, email: MarketingEmail) -> dict[str, Any]:
    """An e-mail with all its members, or those that the query names."""
    body, wanted = {**email_json(call, email), **with_statistics(call, email)}, call.names("includedProperties")
    return body if not wanted else {name: value for name, value in body.items() if name in wanted}


_SCOPE = "content"

ENDPOINTS = family(
    "/marketing/v3/emails",
    "/marketing/emails/{version}",
    ("GET", "", list_, _SCOPE),
    ("POST", "", create, _SCOPE),
    ("POST", "/clone", clone, _SCOPE),
    ("GET", "/{emailId}", read, _SCOPE),
    ("PATCH", "/{emailId}", update, _SCOPE),
    ("DELETE", "/{emailId}", archive, _SCOPE),
    ("POST", "/{emailId}/publish", publish, _SCOPE),
    ("POST", "/{emailId}/unpublish", unpublish, _SCOPE),
    ("GET", "/{emailId}/draft", read_draft, _SCOPE),
    ("PATCH", "/{emailId}/draft", update_draft, _SCOPE),
    ("POST", "/{emailId}/draft/reset", reset_draft, _SCOPE),
    ("GET", "/{emailId}/revisions", list_revisions, _SCOPE),
    ("GET", "/{emailId}/revisions/{revisionId}", read_revision, _SCOPE),
    ("POST", "/{emailId}/revisions/{revisionId}/restore", restore, _SCOPE),
    ("POST", "/{emailId}/revisions/{revisionId}/restore-to-draft", restore_to_draft, _SCOPE),
)
