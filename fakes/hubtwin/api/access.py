"""Access: which app calls, and whether it was granted what the call needs (W6.9)."""

import re
from collections.abc import Mapping

from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import NO_CREDENTIALS, ApiError
from hubtwin.api.http import Request
from hubtwin.portal.apps import Token
from hubtwin.portal.errors import UnknownObjectType
from hubtwin.portal.moments import SECOND, iso
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.portal import Portal

SCOPES_PAGE = "https://developers.hubspot.com/scopes"
MISSING_SCOPES = (
    "This app hasn't been granted all required scopes to make this call."
    f" Read more about required scopes here: {SCOPES_PAGE}."
)
SCOPES_ARE_REQUIRED = "One or more of the following scopes are required."

#: Activities are read and written with the scopes of contacts (W6.9.9).
_ACTIVITIES = frozenset({"calls", "communications", "emails", "meetings", "notes", "postal_mail", "tasks"})

#: Scopes from before each type had its own (W6.9.9).
_LEGACY = {"tickets": "tickets", "products": "e-commerce", "line_items": "e-commerce"}

_PARAMETER = re.compile(r"\{(\w+)\}")


class Access:
    """The check of tokens and scopes at one portal."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._apps = portal.apps
        self._takes_any = portal.configuration.options.unknown_tokens == "accepted"

    def token(self, request: Request) -> Token:
        """The token that a request shows. Raises ApiError where there is none that works (W6.9.1, W6.9.2)."""
        text = bearer(request)
        token = self._apps.token(text) or (Token("", self._apps.default, None) if self._takes_any else None)
        if not text or token is None or token.is_revoked:
            raise ApiError(401, NO_CREDENTIALS, "INVALID_AUTHENTICATION")
        if token.expires is not None:
            check_expiry(token.expires, self._portal.clock.now)
        return token

    def check_scopes(self, token: Token, endpoint: Endpoint, parameters: Mapping[str, str]) -> None:
        """Raise ApiError where *token* was not granted what an endpoint needs (W6.9.3)."""
        if token.scopes is None or not endpoint.scope:
            return
        wanted = self._alternatives(endpoint.scope, parameters)
        if wanted and token.scopes.isdisjoint(wanted):
            raise _missing(wanted, is_schema="schemas" in endpoint.path)

    def _alternatives(self, scope: str, parameters: Mapping[str, str]) -> list[str]:
        """The scopes of which one is enough; none where the path names no object type: the handler says so."""
        parameter = _PARAMETER.search(scope)
        if parameter is None:
            return [scope]
        try:
            type = self._portal.type(parameters[parameter[1]])
        except UnknownObjectType:
            return []
        own = scope.replace(parameter[0], _word(type))
        wanted = [own]
        if own.startswith("crm.schemas.") and own.endswith(".read"):  # W6.9.8
            wanted.append(own.replace("schemas", "objects", 1))
        if type.name in _LEGACY:
            wanted.append(_LEGACY[type.name])
        return wanted


def bearer(request: Request) -> str:
    """The bearer token of a request, empty where it has none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def check_expiry(expires: int, now: int) -> None:
    """Raise ApiError where a token has expired (W6.9.2)."""
    if now >= expires:
        seconds = (now - expires) // SECOND
        raise ApiError(
            401,
            f"The OAuth token used to make this call expired {seconds} second(s) ago.",
            "EXPIRED_AUTHENTICATION",
            context={"expire time": [iso(expires)]},
        )


def _word(type: ObjectType) -> str:
    """How scopes name an object type."""
    if type.id.startswith("2-"):
        return "custom"
    return "contacts" if type.name in _ACTIVITIES else type.name


def _missing(scopes: list[str], *, is_schema: bool) -> ApiError:
    """The two ways in which HubSpot says it: one for schemas, one for all else (W6.9.3)."""
    if is_schema:
        context = {"requiredGranularScopes": scopes, "links": [SCOPES_PAGE]}
        return ApiError(403, SCOPES_ARE_REQUIRED, "MISSING_SCOPES", context=context)
    error = {"message": SCOPES_ARE_REQUIRED, "context": {"requiredGranularScopes": scopes}}
    return ApiError(403, MISSING_SCOPES, "MISSING_SCOPES", errors=[error], links={"scopes": SCOPES_PAGE})
