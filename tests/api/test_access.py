"""Which apps may call, and what they may do."""

from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request, Response
from hubtwin.files import Document, FileError, load
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.errors import UnknownName

CONTACTS = "/crm/v3/objects/contacts"

APPS = {
    "apps": [
        {"name": "Reader", "token": "pat-na1-reader", "scopes": ["crm.objects.contacts.read"]},
        {"name": "Writer", "token": "pat-na1-writer", "scopes": ["crm.objects.contacts.write"], "id": 4711},
        {"name": "Guest", "token": "pat-na1-guest", "expires_in": "1h"},
    ]
}


def portal_with(**configuration: Any) -> Portal:
    return Portal(Configuration.model_validate({**APPS, **configuration}))


def ask(portal: Portal, method: str, path: str, token: str, body: Any = None) -> Response:
    headers = {"authorization": f"Bearer {token}"}
    return Api(portal).handle(Request(method, path, "", headers, b"" if body is None else orjson.dumps(body)))


def test_the_writer_is_in_the_history() -> None:
    """A write is its app's: the source id is the app's id (W6.9.1)."""
    portal = portal_with()
    body = {"properties": {"email": "ada@acme.example"}}
    created = orjson.loads(ask(portal, "POST", CONTACTS, "pat-na1-writer", body).body)
    assert created["properties"]["hs_object_source_id"] == "4711"
    assert portal.find("contacts", created["id"]).get("hs_object_source") == "INTEGRATION"


def test_apps_get_the_next_free_id() -> None:
    """The default app is 1; an app without an id gets the next number that no other has (W6.9.1)."""
    assert {app.name: app.id for app in portal_with().apps} == {
        "Default app": 1,
        "Reader": 2,
        "Writer": 4711,
        "Guest": 3,
    }


@pytest.mark.parametrize(("tokens", "status"), [("accepted", 200), ("refused", 401)])
def test_a_token_that_no_app_has(tokens: str, status: int) -> None:
    """It is the default app's, unless the portal refuses what it doesn't know (W6.9.1)."""
    portal = portal_with(options={"unknown_tokens": tokens})
    assert ask(portal, "GET", CONTACTS, "anything").status == status
    assert ask(portal, "GET", CONTACTS, portal.apps.token_of("Default app")).status == 200


def test_an_expired_token() -> None:
    """401, with the seconds that have passed and the moment (W6.9.2)."""
    portal = portal_with()
    portal.clock.advance("59m 59s")
    assert ask(portal, "GET", CONTACTS, "pat-na1-guest").status == 200
    portal.clock.advance("76s")
    response = ask(portal, "GET", CONTACTS, "pat-na1-guest")
    body = orjson.loads(response.body)
    assert (response.status, body["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert body["message"] == "The OAuth token used to make this call expired 75 second(s) ago."
    assert body["context"] == {"expire time": ["2026-03-02T10:00:00Z"]}


def test_a_revoked_token() -> None:
    """What was taken back is no token any more, though others are let in (W6.9.1)."""
    portal = portal_with()
    assert portal.apps.revoke("pat-na1-reader")
    assert not portal.apps.revoke("never-seen")
    assert ask(portal, "GET", CONTACTS, "pat-na1-reader").status == 401


def test_a_missing_scope() -> None:
    """403, with the scope; nothing is written (W6.9.3)."""
    portal = portal_with()
    response = ask(portal, "POST", CONTACTS, "pat-na1-reader", {"properties": {"firstname": "Ada"}})
    body = orjson.loads(response.body)
    assert response.status == 403
    assert list(body) == ["status", "message", "correlationId", "errors", "links", "category"]
    assert body["errors"] == [
        {
            "message": "One or more of the following scopes are required.",
            "context": {"requiredGranularScopes": ["crm.objects.contacts.write"]},
        }
    ]
    assert (body["links"], body["category"]) == ({"scopes": "https://developers.hubspot.com/scopes"}, "MISSING_SCOPES")
    assert not portal.records[portal.type("contacts")]


def test_a_missing_scope_of_schemas() -> None:
    """Schemas say it in another way (W6.9.3)."""
    response = ask(portal_with(), "GET", "/crm-object-schemas/v3/schemas", "pat-na1-reader")
    body = orjson.loads(response.body)
    assert (response.status, body["message"]) == (403, "One or more of the following scopes are required.")
    assert list(body["context"]) == ["requiredGranularScopes", "links"]


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        (["crm.objects.contacts.read"], "/crm/v3/objects/0-1", 200),
        (["crm.objects.contacts.read"], "/crm/objects/2026-03/companies", 403),
        (["crm.objects.contacts.read"], "/crm/v3/objects/butterflies", 400),
        (["crm.objects.contacts.read"], "/crm/v3/properties/contacts", 200),
        (["crm.schemas.contacts.read"], "/crm/v3/properties/contacts", 200),
        (["crm.schemas.contacts.read"], "/crm/v3/objects/contacts", 403),
        (["crm.objects.contacts.read"], "/crm/v3/objects/notes", 200),
        (["tickets"], "/crm/v3/objects/tickets", 200),
        (["e-commerce"], "/crm/v3/objects/products", 200),
        ([], "/crm/v3/owners", 403),
        ([], "/account-info/v3/details", 200),
    ],
)
def test_scopes(scopes: list[str], path: str, status: int) -> None:
    """Each type has its scopes; some share those of others, some have older ones (W6.9.3, W6.9.8, W6.9.9)."""
    portal = portal_with(apps=[{"name": "App", "token": "t", "scopes": scopes}])
    assert ask(portal, "GET", path, "t").status == status


def test_a_token_of_one_of_several_portals() -> None:
    """The tokens of a portal's apps lead to it, beside those that it is registered under (W6.9.1)."""
    portals = {"a": Portal(), "b": portal_with()}
    headers = {"authorization": "Bearer pat-na1-writer"}
    body = orjson.dumps({"properties": {"firstname": "Ada"}})
    assert Api(portals).handle(Request("POST", CONTACTS, "", headers, body)).status == 201
    assert len(portals["b"].records[portals["b"].type("contacts")]) == 1


def test_the_token_of_an_app() -> None:
    """An app without a token of its own is given one, the same in every run (W6.9)."""
    portal = portal_with(apps=[{"name": "Nightly"}])
    token = portal.apps.token_of("Nightly")
    assert token.startswith("pat-na1-")
    assert portal_with(apps=[{"name": "Nightly"}]).apps.token_of("Nightly") == token
    with pytest.raises(UnknownName, match=r"no app is called 'Nightlie'; .* did you mean 'Nightly'"):
        portal.apps.token_of("Nightlie")


@pytest.mark.parametrize(
    ("apps", "problem"),
    [
        ([{"name": "A"}, {"name": "A"}], "apps.1.name: 'A' is there twice"),
        ([{"name": "A", "id": 7}, {"name": "B", "id": 7}], "apps.1.id: 7 is there twice"),
        ([{"name": "A", "token": "t"}, {"name": "B", "token": "t"}], "apps.1.token: 't' is there twice"),
        ([{"name": "A", "token": "two words"}], "apps.0.token"),
        ([{"name": "A", "token": "\u4f8b"}], "apps.0.token"),
        ([{"name": "A", "token": ""}], "apps.0.token"),
        ([{"name": "A", "id": 1}], "apps.0.id"),
        ([{"name": "A", "expires_in": "soon"}], "apps.0.expires_in: 'soon' is not a duration"),
        ([{"name": "A", "expires_in": True}], "apps.0.expires_in: write numbers with a unit"),
        ([{"name": "A", "oauth": {"client_id": "x"}}], "apps.0.oauth: the key 'client_secret' is missing"),
    ],
)
def test_apps_that_cannot_be(apps: list[Any], problem: str) -> None:
    """What is wrong with the apps of a portal file is said with its place."""
    with pytest.raises(FileError) as caught:
        load(Document("portal.yaml", {"apps": apps}, {}), Configuration)
    assert problem in str(caught.value)
