"""OAuth: how public apps are installed and get their tokens, and what tokens are (W6.9).

These operations need no bearer token: the app says who it is with its client id and secret.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from hubtwin.api.access import check_expiry
from hubtwin.api.calls import Call, answer, nothing
from hubtwin.api.endpoint import Endpoint
from hubtwin.api.errors import RESOURCE_NOT_FOUND, ApiError, invalid
from hubtwin.api.http import Response
from hubtwin.portal.apps import App, Installation, Token
from hubtwin.portal.moments import SECOND
from hubtwin.portal.portal import Portal

FORM = ("application/x-www-form-urlencoded",)

#: What the token endpoints say of a part of the request that is not there or not right: in words, and in the
#: terms of the OAuth standard (W6.9.5).
_BAD = {
    "BAD_AUTH_CODE": ("missing or unknown auth code", "invalid_grant"),
    "BAD_REFRESH_TOKEN": ("missing or unknown refresh token", "invalid_grant"),
    "BAD_REDIRECT_URI": ("missing or wrong redirect uri", "invalid_grant"),
    "BAD_CLIENT_ID": ("missing or unknown client id", "invalid_client"),
    "BAD_CLIENT_SECRET": ("missing or wrong client secret", "invalid_client"),
    "BAD_GRANT_TYPE": ("missing or unknown grant type", "unsupported_grant_type"),
}


class TokenRefused(ApiError):
    """A token endpoint's answer 400: what is wrong stands where other errors say `error` (W6.9.5)."""

    def __init__(self, status: str) -> None:
        super().__init__(400, _BAD[status][0])
        self._word = status

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The answer's body."""
        return {
            "status": self._word,
            "message": self.message,
            "correlationId": correlation_id,
            "error": _BAD[self._word][1],
            "error_description": self.message,
        }


def authorize(call: Call) -> Response:
    """GET /oauth/authorize: the consent page, on which everybody consents: 302, with a code for the redirect URI."""
    apps, uri, scope = call.portal.apps, call.text("redirect_uri"), call.text("scope")
    app = apps.client(call.text("client_id") or "")
    if app is None or app.oauth is None:
        raise TokenRefused("BAD_CLIENT_ID")
    if uri != app.oauth.redirect_uri:
        raise TokenRefused("BAD_REDIRECT_URI")
    try:
        code = apps.install(app.name, (scope or "").split())
    except ValueError as error:
        raise invalid(str(error)) from None
    state = {} if call.text("state") is None else {"state": call.text("state")}
    query = urlencode({"code": code, **state})
    return Response(302, (("location", f"{uri}{'&' if '?' in uri else '?'}{query}"),), b"")


def token(call: Call) -> Response:
    """POST /oauth/v1/token: an access token, for a code or a refresh token; fields may also be in the query."""
    return _token(call, {**{name: values[-1] for name, values in call.query.items()}, **_form(call)})


def token_from_body(call: Call) -> Response:
    """POST /oauth/v3/token: an access token, for a code or a refresh token; all fields are in the body."""
    return _token(call, _form(call))


def read_access_token(call: Call) -> Response:
    """GET /oauth/v1/access-tokens/{token}: what an access token is."""
    token = call.portal.apps.token(call.path["token"])
    if token is None or token.is_revoked or token.expires is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    check_expiry(token.expires, call.portal.clock.now)
    return answer(_access_token_json(token, call.portal))


def read_refresh_token(call: Call) -> Response:
    """GET /oauth/v1/refresh-tokens/{token}: what a refresh token is."""
    installation = call.portal.apps.installation(call.path["token"])
    if installation is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(_refresh_token_json(installation, call.portal))


def delete_refresh_token(call: Call) -> Response:
    """DELETE /oauth/v1/refresh-tokens/{token}: 204. Access tokens work on until they expire."""
    if call.portal.apps.installation(call.path["token"]) is None:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    call.portal.apps.revoke(call.path["token"])
    return nothing()


def introspect(call: Call) -> Response:
    """POST /oauth/v3/token/introspect: whether one of the app's tokens is active, and what it is."""
    form, apps = _form(call), call.portal.apps
    app, text = _client(call, form), form.get("token", "")
    token, installation = apps.token(text), apps.installation(text)
    if token is not None and token.app is app and _seconds_left(token, call.portal) > 0 and not token.is_revoked:
        use = {"token_use": "access_token", "active": True, "client_id": form["client_id"]}
        return answer({**use, **_access_token_json(token, call.portal)})
    if installation is not None and installation.app is app:
        use = {"token_use": "refresh_token", "active": True}
        return answer({**use, **_refresh_token_json(installation, call.portal)})
    return answer({"active": False})


def revoke(call: Call) -> Response:
    """POST /oauth/v3/token/revoke: 204; a token that is not the app's is left alone."""
    form, apps = _form(call), call.portal.apps
    app, text = _client(call, form), form.get("token", "")
    token, installation = apps.token(text), apps.installation(text)
    if app in (token and token.app, installation and installation.app):
        apps.revoke(text)
    return nothing()


def read_private_token(call: Call) -> Response:
    """POST /oauth/v2/private-apps/get/access-token-info: what the token of a private app is."""
    call.body.require("tokenKey")
    apps = call.portal.apps
    token = apps.token(call.body.text("tokenKey") or "")
    if token is None and call.portal.configuration.options.unknown_tokens == "accepted":
        token = apps.token(apps.token_of(apps.default.name))
    if token is None or token.is_revoked or not token.app.is_private:
        raise ApiError(404, RESOURCE_NOT_FOUND)
    return answer(
        {
            "userId": _user(call.portal)[0],
            "hubId": call.portal.configuration.account.id,
            "appId": token.app.id,
            "scopes": _scopes(token.scopes),
        }
    )


def _form(call: Call) -> dict[str, str]:
    """The fields of a form-encoded body."""
    return dict(parse_qsl(call.request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _client(call: Call, fields: Mapping[str, str]) -> App:
    """The app that says who it is. Raises TokenRefused."""
    app = call.portal.apps.client(fields.get("client_id", ""))
    if app is None or app.oauth is None:
        raise TokenRefused("BAD_CLIENT_ID")
    if fields.get("client_secret") != app.oauth.client_secret:
        raise TokenRefused("BAD_CLIENT_SECRET")
    return app


def _token(call: Call, fields: Mapping[str, str]) -> Response:
    portal, installation = call.portal, _installation(call, fields)
    token = portal.apps.issue(installation)
    return answer(
        {
            "token_type": "bearer",
            "refresh_token": installation.refresh_token,
            "access_token": token.text,
            "expires_in": _seconds_left(token, portal),
            "hub_id": portal.configuration.account.id,
            "scopes": _scopes(token.scopes),
            "user_id": _user(portal)[0],
        }
    )


def _installation(call: Call, fields: Mapping[str, str]) -> Installation:
    """The installation that a token is asked for. Raises TokenRefused (W6.9.5)."""
    grant = fields.get("grant_type")
    if grant not in ("authorization_code", "refresh_token"):
        raise TokenRefused("BAD_GRANT_TYPE")
    app, apps = _client(call, fields), call.portal.apps
    if grant == "authorization_code":
        if app.oauth is None or fields.get("redirect_uri") != app.oauth.redirect_uri:
            raise TokenRefused("BAD_REDIRECT_URI")
        installation = apps.redeem(app, fields.get("code", ""))
    else:
        installation = apps.installation(fields.get("refresh_token", ""))
    if installation is None or installation.app is not app:
        raise TokenRefused("BAD_AUTH_CODE" if grant == "authorization_code" else "BAD_REFRESH_TOKEN")
    return installation


def _access_token_json(token: Token, portal: Portal) -> dict[str, Any]:
    user_id, user = _user(portal)
    return {
        "token": token.text,
        "user": user,
        "hub_domain": _domain(portal),
        "scopes": _scopes(token.scopes),
        "signed_access_token": _signed_json(token, portal),
        "hub_id": portal.configuration.account.id,
        "app_id": token.app.id,
        "expires_in": _seconds_left(token, portal),
        "user_id": user_id,
        "token_type": "access",
        "is_private_distribution": token.app.is_private,
    }


def _signed_json(token: Token, portal: Portal) -> dict[str, Any]:
    """The parts that HubSpot packs into a token; nothing is signed here."""
    account, (user_id, _) = portal.configuration.account, _user(portal)
    return {
        "expiresAt": token.expires,
        "scopes": "",
        "hubId": account.id,
        "userId": user_id,
        "appId": token.app.id,
        "signature": "",
        "scopeToScopeGroupPks": "",
        "newSignature": "",
        "hublet": account.hublet,
        "trialScopes": "",
        "trialScopeToScopeGroupPks": "",
        "isUserLevel": False,
        "installingUserId": user_id,
        "isServiceAccount": False,
        "isPrivateDistribution": token.app.is_private,
    }


def _refresh_token_json(installation: Installation, portal: Portal) -> dict[str, Any]:
    user_id, user = _user(portal)
    return {
        "token": installation.refresh_token,
        "client_id": installation.app.oauth and installation.app.oauth.client_id,
        "user": user,
        "hub_domain": _domain(portal),
        "scopes": _scopes(installation.scopes),
        "hub_id": portal.configuration.account.id,
        "user_id": user_id,
        "token_type": "refresh",
    }


def _seconds_left(token: Token, portal: Portal) -> int:
    return max(0, ((token.expires or 0) - portal.clock.now) // SECOND)


def _scopes(scopes: frozenset[str] | None) -> list[str]:
    """Scopes as lists of them are shown; an app that was granted everything names none but the one of all apps."""
    return sorted({"oauth", *(scopes or ())})


def _user(portal: Portal) -> tuple[int, str]:
    """The id and the e-mail address of who installed the apps: the portal's first user (our model)."""
    first = next(iter(portal.users), None)
    return (0, "") if first is None else (first.user_id, first.email)


def _domain(portal: Portal) -> str:
    return f"portal-{portal.configuration.account.id}.hubtwin.example"


ENDPOINTS = (
    Endpoint("GET", "/oauth/authorize", None, authorize, public=True),
    Endpoint("POST", "/oauth/v1/token", None, token, accepts=FORM, public=True),
    Endpoint("GET", "/oauth/v1/access-tokens/{token}", None, read_access_token, public=True),
    Endpoint("GET", "/oauth/v1/refresh-tokens/{token}", None, read_refresh_token, public=True),
    Endpoint("DELETE", "/oauth/v1/refresh-tokens/{token}", None, delete_refresh_token, public=True),
    Endpoint("POST", "/oauth/v2/private-apps/get/access-token-info", None, read_private_token, public=True),
    Endpoint("POST", "/oauth/v3/token", "/oauth/{version}/token", token_from_body, accepts=FORM, public=True),
    Endpoint(
        "POST",
        "/oauth/v3/token/introspect",
        "/oauth/{version}/token/introspect",
        introspect,
        accepts=FORM,
        public=True,
    ),
    Endpoint("POST", "/oauth/v3/token/revoke", "/oauth/{version}/token/revoke", revoke, accepts=FORM, public=True),
)
