"""Visitor identification: tokens for visitors whom the account's own website knows (F9.8)."""

from hubtwin.api.calls import Call, answer
from hubtwin.api.endpoint import family
from hubtwin.api.http import Response


def create(call: Call) -> Response:
    """POST /create: a token for an e-mail address (F9.8)."""
    body = call.body
    body.require("email")
    token = call.portal.visitor_identification.create(
        body.text("email") or " ", body.text("firstName") or "", body.text("lastName") or ""
    )
    return answer({"token": token})


ENDPOINTS = family(
    "/visitor-identification/v3/tokens",
    "/visitor-identification/{version}/tokens",
    ("POST", "/create", create, "conversations.visitor_identification.tokens.create"),
)
