"""OAuth: from a user's consent to tokens, and what tokens are."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request, Response
from hubtwin.portal import Configuration, Portal

V1 = "/oauth/v1/token"
CLIENT = {"client_id": "client-1", "client_secret": "secret-1"}
REDIRECT = "https://app.example/back"
SCOPES = ["crm.objects.contacts.read", "crm.objects.contacts.write"]
APPS = [
    {"name": "Connector", "id": 4711, "scopes": SCOPES, "oauth": {**CLIENT, "redirect_uri": REDIRECT}},
    {
        "name": "Installed",
        "oauth": {
            "client_id": "client-2",
            "client_secret": "secret-2",
            "redirect_uri": REDIRECT,
            "refresh_token": "na1-refresh",
        },
    },
    {"name": "Private", "token": "pat-na1-private", "scopes": SCOPES},
]

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def account() -> Portal:
    """A portal with two public apps, of which one is installed, and a private one."""
    return Portal(Configuration.model_validate({"apps": APPS, "options": {"unknown_tokens": "refused"}}))


@pytest.fixture
def ask(account: Portal) -> Ask:
    """`ask(method, path, form, bearer=…, query=…)` → status and parsed body."""
    api = Api(account)

    def ask(method: str, path: str, form: Any = None, bearer: str = "", query: str = "") -> tuple[int, Any]:
        headers = {"content-type": "application/x-www-form-urlencoded", "authorization": f"Bearer {bearer}"}
        body = form if isinstance(form, bytes) else urlencode(form or {}).encode()
        response = api.handle(Request(method, path, query, headers, body))
        return response.status, orjson.loads(response.body) if response.body else None

    return ask


def consent(account: Portal, **query: str) -> Response:
    """What the consent page answers."""
    fields = {"client_id": "client-1", "redirect_uri": REDIRECT, "scope": " ".join(SCOPES), **query}
    return Api(account).handle(Request("GET", "/oauth/authorize", urlencode(fields)))


def code_in(response: Response) -> str:
    return parse_qs(urlsplit(dict(response.headers)["location"]).query)["code"][0]


def redeem(code: str) -> dict[str, str]:
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **CLIENT}


def test_from_consent_to_a_call(account: Portal, ask: Ask) -> None:
    """Consent gives a code, the code tokens, and an access token opens what it was granted for (W6.9.4)."""
    response = consent(account, state="xyz")
    assert response.status == 302
    assert dict(response.headers)["location"].startswith(f"{REDIRECT}?code=na1-")
    assert dict(response.headers)["location"].endswith("&state=xyz")
    status, tokens = ask("POST", V1, redeem(code_in(response)))
    assert (status, tokens["token_type"], tokens["expires_in"]) == (200, "bearer", 1800)
    assert (tokens["hub_id"], tokens["scopes"]) == (1, [*SCOPES, "oauth"])
    assert ask("GET", "/crm/v3/objects/contacts", bearer=tokens["access_token"])[0] == 200
    assert ask("GET", "/crm/v3/objects/deals", bearer=tokens["access_token"])[0] == 403


def test_refreshing(account: Portal, ask: Ask) -> None:
    """After 30 minutes a token is of no use; the refresh token stays the same (W6.9.4, W6.9.2)."""
    code = account.apps.install("Connector")
    first = ask("POST", "/oauth/v3/token", redeem(code))[1]
    account.clock.advance("30m")
    assert ask("GET", "/crm/v3/objects/contacts", bearer=first["access_token"])[0] == 401
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **CLIENT}
    second = ask("POST", "/oauth/2026-03/token", form)[1]
    assert second["refresh_token"] == first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert ask("GET", "/crm/v3/objects/contacts", bearer=second["access_token"])[0] == 200


def test_a_code_is_good_once(account: Portal, ask: Ask) -> None:
    """The second time it is not known any more (W6.9.4, W6.9.5)."""
    code = account.apps.install("Connector")
    assert ask("POST", V1, redeem(code))[0] == 200
    status, body = ask("POST", V1, redeem(code))
    assert (status, body["status"], body["message"]) == (400, "BAD_AUTH_CODE", "missing or unknown auth code")
    assert (body["error"], body["error_description"]) == ("invalid_grant", "missing or unknown auth code")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
        ({"client_id": "nobody"}, "BAD_CLIENT_ID"),
        ({"client_secret": "wrong"}, "BAD_CLIENT_SECRET"),
        ({"redirect_uri": "https://evil.example"}, "BAD_REDIRECT_URI"),
        ({"code": "none"}, "BAD_AUTH_CODE"),
        ({"client_id": "client-2", "client_secret": "secret-2"}, "BAD_AUTH_CODE"),
        ({"grant_type": "refresh_token", "refresh_token": "none"}, "BAD_REFRESH_TOKEN"),
        ({"grant_type": "refresh_token", "refresh_token": "na1-refresh"}, "BAD_REFRESH_TOKEN"),
    ],
)
def test_what_is_refused(account: Portal, ask: Ask, change: dict[str, str], word: str) -> None:
    """400 with what is wrong; the code stays good (W6.9.5)."""
    code = account.apps.install("Connector")
    status, body = ask("POST", V1, {**redeem(code), **change})
    assert (status, body["status"]) == (400, word)
    assert ask("POST", V1, redeem(code))[0] == 200


def test_fields_in_the_query(account: Portal, ask: Ask) -> None:
    """Version 1 takes them, the later ones want them in the body (W6.9.4)."""
    query = urlencode(redeem(account.apps.install("Connector")))
    assert ask("POST", "/oauth/v3/token", query=query)[1]["status"] == "BAD_GRANT_TYPE"
    assert ask("POST", V1, query=query)[0] == 200


def test_a_body_of_another_kind(account: Portal) -> None:
    """JSON where a form is wanted: 415 (W2.7.13)."""
    request = Request("POST", V1, "", {"content-type": "application/json"}, b"{}")
    assert Api(account).handle(request).status == 415


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"client_id": "nobody"}, "missing or unknown client id"),
        ({"redirect_uri": "https://evil.example"}, "missing or wrong redirect uri"),
        ({"scope": "crm.objects.deals.read"}, "the app 'Connector' has no scope 'crm.objects.deals.read'"),
    ],
)
def test_consent_that_cannot_be_asked_for(account: Portal, query: dict[str, str], word: str) -> None:
    """Nobody is sent anywhere (W6.9.5)."""
    response = consent(account, **query)
    assert response.status == 400
    assert word in orjson.loads(response.body)["message"]


def test_fewer_scopes_can_be_asked_for(account: Portal, ask: Ask) -> None:
    """The token has what consent was asked for, not all that the app could have (W6.9.4)."""
    code = code_in(consent(account, scope=f"oauth {SCOPES[0]}"))
    tokens = ask("POST", V1, redeem(code))[1]
    assert tokens["scopes"] == [SCOPES[0], "oauth"]
    assert ask("POST", "/crm/v3/objects/contacts", bearer=tokens["access_token"])[0] == 403


def test_an_app_that_is_installed_already(ask: Ask) -> None:
    """A portal file may give the refresh token that the application has stored (W6.9.4)."""
    form = {"client_id": "client-2", "client_secret": "secret-2", "refresh_token": "na1-refresh"}
    status, tokens = ask("POST", V1, {"grant_type": "refresh_token", **form})
    assert (status, tokens["refresh_token"]) == (200, "na1-refresh")


def test_what_an_access_token_is(account: Portal, ask: Ask) -> None:
    """Account, app, user and the seconds that are left (W6.9.6)."""
    tokens = ask("POST", V1, redeem(account.apps.install("Connector")))[1]
    account.clock.advance("10m")
    status, body = ask("GET", f"/oauth/v1/access-tokens/{tokens['access_token']}")
    assert (status, body["hub_id"], body["app_id"], body["expires_in"]) == (200, 1, 4711, 1200)
    assert (body["user"], body["token_type"]) == ("ada@hubtwin.example", "access")
    assert body["signed_access_token"]["expiresAt"] == account.clock.now + 1_200_000
    account.clock.advance("20m")
    assert ask("GET", f"/oauth/v1/access-tokens/{tokens['access_token']}")[0] == 401
    assert ask("GET", "/oauth/v1/access-tokens/none")[0] == 404


def test_refresh_tokens_can_be_read_and_deleted(account: Portal, ask: Ask) -> None:
    """204, and no more tokens come of it; the last one works on (W6.9.6)."""
    tokens = ask("POST", V1, redeem(account.apps.install("Connector")))[1]
    path = f"/oauth/v1/refresh-tokens/{tokens['refresh_token']}"
    assert ask("GET", path)[1]["client_id"] == "client-1"
    assert [ask("DELETE", path)[0], ask("DELETE", path)[0], ask("GET", path)[0]] == [204, 404, 404]
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **CLIENT}
    assert ask("POST", V1, form)[1]["status"] == "BAD_REFRESH_TOKEN"
    assert ask("GET", "/crm/v3/objects/contacts", bearer=tokens["access_token"])[0] == 200


def test_introspection(account: Portal, ask: Ask) -> None:
    """Both kinds of tokens, for the app that has them and no other (W6.9.6)."""
    tokens = ask("POST", V1, redeem(account.apps.install("Connector")))[1]
    path, other = "/oauth/v3/token/introspect", {"client_id": "client-2", "client_secret": "secret-2"}
    access = ask("POST", path, {**CLIENT, "token": tokens["access_token"]})[1]
    assert (access["active"], access["token_use"], access["hub_id"]) == (True, "access_token", 1)
    refresh = ask("POST", path, {**CLIENT, "token": tokens["refresh_token"]})[1]
    assert (refresh["active"], refresh["token_use"]) == (True, "refresh_token")
    assert ask("POST", path, {**other, "token": tokens["access_token"]})[1] == {"active": False}
    account.clock.advance("30m")
    assert ask("POST", path, {**CLIENT, "token": tokens["access_token"]})[1] == {"active": False}


def test_revocation(account: Portal, ask: Ask) -> None:
    """204 in any case; only the app's own tokens are taken back (W6.9.6)."""
    tokens = ask("POST", V1, redeem(account.apps.install("Connector")))[1]
    for token in ("na1-refresh", "none", tokens["access_token"]):
        assert ask("POST", "/oauth/2026-03/token/revoke", {**CLIENT, "token": token})[0] == 204
    assert ask("GET", "/crm/v3/objects/contacts", bearer=tokens["access_token"])[0] == 401
    assert account.apps.installation("na1-refresh") is not None


@pytest.mark.parametrize(("key", "status"), [("pat-na1-private", 200), ("none", 404)])
def test_what_the_token_of_a_private_app_is(account: Portal, key: str, status: int) -> None:
    """User, account, app and scopes (W6.9.7)."""
    path, body = "/oauth/v2/private-apps/get/access-token-info", orjson.dumps({"tokenKey": key})
    response = Api(account).handle(Request("POST", path, body=body))
    assert response.status == status
    if status == 200:
        assert orjson.loads(response.body) == {"userId": 9000001, "hubId": 1, "appId": 3, "scopes": [*SCOPES, "oauth"]}


def test_one_of_several_portals_is_found_by_the_client(account: Portal) -> None:
    """Where there is no bearer token, the client id tells whose app it is (W6.9.4)."""
    api = Api({"a": Portal(), "b": account})
    form = urlencode(redeem(account.apps.install("Connector"))).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = api.handle(Request("POST", V1, "", headers, form))
    assert response.status == 200
    headers = {"authorization": f"Bearer {orjson.loads(response.body)['access_token']}"}
    assert api.handle(Request("GET", "/crm/v3/objects/contacts", "", headers)).status == 200
    assert api.handle(Request("POST", V1, "client_id=nobody")).status == 404


FIELDS = st.sampled_from(["grant_type", "client_id", "client_secret", "code", "refresh_token", "token", "redirect_uri"])
VALUES = st.sampled_from(["authorization_code", "refresh_token", "client-1", "secret-1", "na1-refresh", REDIRECT, ""])
FORMS = st.dictionaries(FIELDS, VALUES | st.text(max_size=10))


@settings(deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    path=st.sampled_from(
        [
            "/oauth/authorize",
            "/oauth/v1/token",
            "/oauth/v3/token/introspect",
            "/oauth/2026-03/token/revoke",
            "/oauth/v1/access-tokens/x",
            "/oauth/v1/refresh-tokens/na1-refresh",
            "/oauth/v2/private-apps/get/access-token-info",
            "/account-info/v3/details",
        ]
    ),
    form=FORMS | st.binary(max_size=40),
    query=st.text(max_size=20) | FORMS.map(urlencode),
)
def test_nothing_breaks_the_server(method: str, path: str, form: Any, query: str) -> None:
    """Whatever the fields, the answer is HubSpot's and never a 5xx (W2.7.9)."""
    api = Api(Portal(Configuration.model_validate({"apps": APPS})))
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    for kind in ("application/x-www-form-urlencoded", "application/json"):
        assert api.handle(Request(method, path, query, {"content-type": kind}, body)).status < 500
