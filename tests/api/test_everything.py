"""What holds for every endpoint of the table, whatever it is sent."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.api import Api, Request
from hubtwin.api.endpoint import DATED, Endpoint
from hubtwin.api.endpoints import ENDPOINTS
from hubtwin.portal import Configuration, Portal

TOKEN = {"authorization": "Bearer x"}

#: What stands for the parameters of a path: things that are there, things that are not, and nonsense.
NAMES = """contacts 0-1 companies deals 1001 1002 1003 77 0 -1 abc email default 1 lifecyclestage lead
contacts-lifecycle-pipeline newsletter %00 a%2Fb %C3%A4 {"""
MEMBERS = """properties inputs id idProperty associations to from types filterGroups filters propertyName operator value
values sorts limit after query name label type fieldType groupName options stages metadata displayOrder objectTypeId
processingType filterBranch listIds email fields context eventName objectId slug startTime state objectType
primaryObjectId objectIdToMerge associationCategory associationTypeId vid"""

WORDS = st.sampled_from([*NAMES.split(), "9" * 5000])
KEYS = st.sampled_from(MEMBERS.split())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    WORDS,
    st.sampled_from(["EQ", "HUBSPOT_DEFINED", "2026-03-02T09:00:00Z", "ada@acme.example", "customer", "9" * 400]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
BODIES = st.one_of(
    JSON.map(orjson.dumps),
    st.dictionaries(KEYS, JSON, max_size=6).map(orjson.dumps),
    st.binary(max_size=30),
    st.sampled_from([b"", b"[" * 5000, b'{"a":' * 5000, b'{"properties":{"firstname":"\xff"}}', b"null", b"0"]),
)
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["limit", "after", "archived", "properties", "associations", "idProperty", "count", "offset"]),
        st.sampled_from(
            ["-1", "0", "1", "x", "9" * 5000, "true", "email", "companies", "butterflies", "", "%ff", "a,b"]
        ),
    ),
    max_size=3,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))


@pytest.fixture
def api() -> Api:
    """The face of a portal with a little of everything."""
    form = {"name": "newsletter"}
    link = {"slug": "ada", "user": "ada@hubtwin.example"}
    portal = Portal(Configuration.model_validate({"forms": [form], "meeting_links": [link]}))
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    acme = portal.create("companies", {"name": "Acme"}, links=[(ada, ())])
    portal.create("deals", {"dealname": "D", "dealstage": "qualifiedtobuy"}, links=[(ada, ()), (acme, ())])
    return Api(portal)


def filled(path: str, words: Iterator[str]) -> str:
    return re.sub(r"\{\w+\}", lambda _: next(words), path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=1500)
@given(
    endpoint=st.sampled_from(ENDPOINTS),
    words=st.lists(WORDS, min_size=6, max_size=6),
    body=BODIES,
    query=QUERIES,
    kind=st.sampled_from(["application/json", "application/json", "application/x-www-form-urlencoded", "text/plain"]),
)
def test_no_input_breaks_an_endpoint(
    api: Api, endpoint: Endpoint, words: list[str], body: bytes, query: str, kind: str
) -> None:
    """Any path, query and body at any endpoint is answered, and never with a 5xx (W2.7.9)."""
    path = filled(next(iter(endpoint.paths())), iter(words))
    response = api.handle(Request(endpoint.method, path, query, {**TOKEN, "content-type": kind}, body))
    assert response.status < 500
    if response.status not in (204, 302) and response.body.startswith(b"{"):
        orjson.loads(response.body)


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if not e.public], ids=lambda e: f"{e.method} {e.path}")
def test_every_endpoint_wants_a_token(api: Api, endpoint: Endpoint) -> None:
    """401 in every path of the endpoint, and the same answer in all of them (W6.9, W1.11)."""
    answers = [api.handle(Request(endpoint.method, filled(path, iter(["contacts"] * 9)))) for path in endpoint.paths()]
    assert {answer.status for answer in answers} == {401}


def test_no_path_leads_to_two_endpoints() -> None:
    """A method and a path are one operation, whatever the parameters are called (W1.11)."""
    paths = [
        (endpoint.method, re.sub(r"\{\w+\}", "{}", path)) for endpoint in ENDPOINTS for path in set(endpoint.paths())
    ]
    assert sorted({path for path in paths if paths.count(path) > 1}) == []


@pytest.mark.parametrize("version", ["2024-03", "v9", "2026-10", "2026-03-beta", ""])
def test_unknown_versions(api: Api, version: str) -> None:
    """Answered like any unknown path, in HTML (W2.7.8)."""
    response = api.handle(Request("GET", f"/crm/objects/{version}/contacts", headers=TOKEN))
    assert version not in DATED
    assert (response.status, dict(response.headers)["content-type"]) == (404, "text/html;charset=utf-8")


def test_every_handler_says_what_it_does() -> None:
    """The coverage page is made of the first lines of their docstrings."""
    described: list[Callable[..., Any]] = [endpoint.handler for endpoint in ENDPOINTS]
    assert [handler for handler in described if not (handler.__doc__ or "").strip()] == []
