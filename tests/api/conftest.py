"""Calls of the HTTP face as plain values: no sockets."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request
from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def account() -> Portal:
    """The portal behind the face."""
    return Portal()


@pytest.fixture
def call(account: Portal) -> Call:
    """`call("PATCH", path, body, query)` → status and parsed body (text where it is not JSON)."""
    api = Api(account)
    headers = {"authorization": "Bearer pat-na1-test", "content-type": "application/json"}

    def call(method: str, path: str, body: Any = None, query: str = "") -> tuple[int, Any]:
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        response = api.handle(Request(method, path, query, headers, content))
        kind = dict(response.headers).get("content-type", "")
        return response.status, orjson.loads(response.body) if kind.startswith("application/json") else response.body

    return call
