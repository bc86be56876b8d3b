"""HubSpot's own Python client, by way of each door."""

from typing import Any

import pytest
from hubspot.crm.contacts import ApiException
from hubspot.crm.contacts import SimplePublicObjectInputForCreate as NewContact
from hubspot.crm.contacts.exceptions import UnauthorizedException
from urllib3 import HTTPConnectionPool, Retry

from hubtwin.api.http import Request, Response
from hubtwin.doors.local import LocalPortal
from hubtwin.doors.official_client import official_client


def create(client: Any, email: str = "ada@example.com", **values: str) -> Any:
    """A new contact."""
    return client.crm.contacts.basic_api.create(NewContact(properties={"email": email, **values}))


def test_create(client: Any, local: LocalPortal) -> None:
    """What the client creates is in the portal, and comes back with what the portal added."""
    created = create(client, firstname="Ada")
    assert created.properties["lifecyclestage"] == "lead"
    assert local.find("contacts", created.id).name == "Ada"


def test_errors(client: Any) -> None:
    """What the portal refuses is the client's own exception, with status, body and headers."""
    first = create(client)
    with pytest.raises(ApiException) as caught:
        create(client)
    assert (caught.value.status, caught.value.reason) == (409, "Conflict")
    assert f"Existing ID: {first.id}" in caught.value.body
    assert caught.value.headers["date"] == "Mon, 02 Mar 2026 09:00:00 GMT"


def test_get_all(client: Any) -> None:
    """The client's own paging goes through all records."""
    for number in range(120):
        create(client, f"{number}@example.com")
    assert len(client.crm.contacts.get_all()) == 120


def test_requests_of_any_kind(local: LocalPortal) -> None:
    """`api_request`, which works with requests inside, reaches the portal too."""
    record = local.create("contacts", {"email": "ada@example.com"})
    answer = local.client().api_request({"path": f"/crm/v3/objects/contacts/{record.id}"})
    assert answer.json()["properties"]["email"] == "ada@example.com"


def test_the_portals_client_leaves_nothing_behind(local: LocalPortal) -> None:
    """Only the client that the portal hands out reaches it; the libraries are as they were."""
    before = HTTPConnectionPool.urlopen
    local.client().api_request({"path": "/crm/v3/objects/contacts"})
    create(local.client())
    assert HTTPConnectionPool.urlopen is before


def test_options_are_hubspots(local: LocalPortal) -> None:
    """The options of HubSpot's client are taken: here, an empty token."""
    with pytest.raises(UnauthorizedException):
        local.client(access_token="").crm.contacts.basic_api.get_page()


class Busy:
    """A reception that turns the first visitors away, as HubSpot does when its limits are reached."""

    def __init__(self, times: int) -> None:
        self.left = times

    def handle(self, request: Request) -> Response:
        """429 as often as agreed, then an empty page."""
        self.left -= 1
        headers = (("content-type", "application/json"), ("retry-after", "0"))
        return Response(429, headers, b"{}") if self.left >= 0 else Response(200, headers, b'{"results":[]}')


def busy_client(times: int) -> Any:
    """A client that tries again twice, of a portal that turns it away at first."""
    policy = Retry(total=2, status_forcelist=[429], allowed_methods=None, raise_on_status=False)
    return official_client(Busy(times), access_token="x", retry=policy)  # type: ignore[arg-type]  # noqa: S106  a double


def test_retries() -> None:
    """The client's retries work as they do over a socket."""
    assert busy_client(2).crm.contacts.basic_api.get_page().results == []


def test_retries_end() -> None:
    """A client tries no more often than its policy allows."""
    with pytest.raises(ApiException) as caught:
        busy_client(3).crm.contacts.basic_api.get_page()
    assert caught.value.status == 429
