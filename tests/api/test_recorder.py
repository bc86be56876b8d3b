"""The record of what was called."""

from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request
from hubtwin.api.recorder import Calls, has_batch
from hubtwin.portal import Configuration, Portal

CONTACTS = "/crm/v3/objects/contacts"
TEMPLATE = "/crm/v3/objects/{objectType}"


class Caller:
    """Calls a portal, whose recorder has `calls`."""

    def __init__(self) -> None:
        self.portal = Portal(Configuration.model_validate({"apps": [{"name": "A", "token": "a", "scopes": []}]}))
        self._api = Api(self.portal)
        self.calls = self._api.calls(self.portal)

    def call(self, method: str, path: str, body: Any = None, bearer: str = "x") -> int:
        """The status of one call."""
        content = b"" if body is None else orjson.dumps(body)
        return self._api.handle(Request(method, path, "", {"authorization": f"Bearer {bearer}"}, content)).status


@pytest.fixture
def caller() -> Caller:
    """A caller of a portal of its own."""
    return Caller()


def test_what_is_recorded_of_a_call(caller: Caller) -> None:
    """Method, template, path, status, moment, app and inputs."""
    caller.portal.clock.advance("1m")
    inputs = [{"properties": {"firstname": name}} for name in ("Ada", "Grace")]
    caller.call("POST", "/crm/objects/2026-03/0-1/batch/create", {"inputs": inputs})
    (call,) = caller.calls
    assert call == (
        "POST",
        f"{TEMPLATE}/batch/create",
        "/crm/objects/2026-03/0-1/batch/create",
        201,
        1_772_442_060_000,
        1,
        2,
    )


def test_every_call_is_recorded(caller: Caller) -> None:
    """Refused ones too, unknown routes too, those without a token too."""
    caller.call("GET", CONTACTS)
    caller.call("GET", f"{CONTACTS}/77")
    caller.call("GET", CONTACTS, bearer="a")
    caller.call("GET", CONTACTS, bearer="")
    caller.call("GET", "/crm/v3/butterflies/1/2")
    caller.call("POST", "/oauth/v1/token")
    assert [(call.status, call.app) for call in caller.calls] == [
        (200, 1),
        (404, 1),
        (403, 2),
        (401, None),
        (404, None),
        (400, None),
    ]
    assert len(caller.calls.refused) == 5


def test_where(caller: Caller) -> None:
    """Calls are chosen by what is known of them; a star stands for anything."""
    caller.call("GET", CONTACTS)
    caller.call("GET", "/crm/v3/objects/deals")
    caller.call("GET", f"{CONTACTS}/77")
    caller.call("GET", CONTACTS, bearer="a")
    calls = caller.calls
    assert len(calls.where(endpoint=TEMPLATE)) == 3
    assert len(calls.where(endpoint=CONTACTS)) == 2
    assert len(calls.where(endpoint=f"{CONTACTS}*")) == 3
    assert [call.path for call in calls.where(method="GET", status=404)] == [f"{CONTACTS}/77"]
    assert [call.status for call in calls.where(app=2)] == [403]
    assert len(calls.where(method="POST")) == 0


def test_how_well_calls_are_batched(caller: Caller) -> None:
    """Inputs of batches, of all that could be one; what has no batch doesn't matter."""
    assert caller.calls.batched == 1.0
    caller.call("POST", CONTACTS, {"properties": {"firstname": "Ada"}})
    caller.call("GET", CONTACTS)
    assert caller.calls.batched == 0.0
    inputs = [{"properties": {"firstname": str(number)}} for number in range(3)]
    caller.call("POST", f"{CONTACTS}/batch/create", {"inputs": inputs})
    assert caller.calls.batched == 0.75


@pytest.mark.parametrize(
    ("method", "endpoint", "expected"),
    [
        ("POST", TEMPLATE, True),
        ("GET", TEMPLATE, False),
        ("GET", TEMPLATE + "/{objectId}", True),
        ("PATCH", TEMPLATE + "/{objectId}", True),
        ("DELETE", TEMPLATE + "/{objectId}", True),
        ("POST", TEMPLATE + "/search", False),
        ("POST", TEMPLATE + "/batch/read", False),
        ("PUT", "/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}", True),
        ("GET", "/crm/v3/properties/{objectType}/{propertyName}", True),
        ("GET", "/crm/v3/owners/{ownerId}", False),
        ("OPTIONS", CONTACTS, False),
    ],
)
def test_what_could_be_batched(method: str, endpoint: str, expected: bool) -> None:
    """Endpoints for one record that have one for many beside them."""
    assert has_batch(method, endpoint) is expected


def test_a_row_for_each_endpoint(caller: Caller) -> None:
    """The endpoint that was called most often comes first."""
    caller.call("GET", CONTACTS)
    for id in ("1", "2", "x"):
        caller.call("GET", f"{CONTACTS}/{id}")
    caller.call("POST", f"{CONTACTS}/batch/read", {"inputs": [{"id": "1"}], "properties": []})
    assert caller.calls.by_endpoint() == [
        ("GET", TEMPLATE + "/{objectId}", 3, 0, 3),
        ("GET", TEMPLATE, 1, 0, 0),
        ("POST", TEMPLATE + "/batch/read", 1, 1, 0),
    ]
    assert repr(caller.calls).startswith("<5 calls: 3 GET /crm/v3/objects/{objectType}/{objectId}, 1 GET")


def test_only_so_many_calls_are_remembered() -> None:
    """The oldest go first, and how many went is known."""
    calls = Calls(most=2)
    for status in (200, 201, 204):
        calls.add(("GET", "/", "/", status, 0, None, 0))
    assert ([call.status for call in calls], calls.forgotten) == ([201, 204], 1)
    calls.clear()
    assert (len(calls), calls.forgotten, repr(calls)) == (0, 0, "<0 calls: none>")
