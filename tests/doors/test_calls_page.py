"""The recorder's page, and the recorder of a portal on this machine."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from hubtwin.doors.local import LocalPortal


def ask(local: LocalPortal, method: str, query: str = "") -> tuple[int, Any]:
    connection = HTTPConnection(urlsplit(local.url).netloc, timeout=5)
    connection.request(method, f"/_twin/calls{query}")
    response = connection.getresponse()
    status, body = response.status, response.read()
    connection.close()
    return status, json.loads(body) if body else None


@pytest.fixture
def called(local: LocalPortal) -> LocalPortal:
    """A portal that was called three times, once in vain."""
    with local.httpx() as client:
        client.post("/crm/v3/objects/contacts", json={"properties": {"email": "ada@acme.example"}})
        client.post("/crm/v3/objects/contacts", json={"properties": {"email": "ada@acme.example"}})
        client.get("/crm/v3/owners/")
    return local


def test_the_calls_of_a_portal_on_this_machine(called: LocalPortal) -> None:
    """Whichever door they came in by, they are in one place; what a test does itself is none of them."""
    called.create("contacts", {"email": "grace@acme.example"})
    called.client().crm.owners.owners_api.get_page()
    assert [(call.method, call.status) for call in called.calls] == [
        ("POST", 201),
        ("POST", 409),
        ("GET", 200),
        ("GET", 200),
    ]


def test_the_page(called: LocalPortal) -> None:
    """Sums, a row for each endpoint, and the newest calls where they are asked for."""
    status, body = ask(called, "GET", "?limit=1")
    assert (status, body["calls"], body["refused"], body["batched"], body["forgotten"]) == (200, 3, 1, 0.0, 0)
    assert body["endpoints"][0] == {
        "method": "POST",
        "endpoint": "/crm/v3/objects/{objectType}",
        "calls": 2,
        "inputs": 0,
        "refused": 1,
    }
    assert [(call["path"], call["moment"]) for call in body["newest"]] == [("/crm/v3/owners/", "2026-03-02T09:00:00Z")]


def test_some_calls(called: LocalPortal) -> None:
    """The page takes what `where` takes."""
    assert ask(called, "GET", "?status=409&method=POST&app=1")[1]["calls"] == 1
    assert ask(called, "GET", "?endpoint=/crm/v3/own*")[1]["calls"] == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?status=x", "status must be a whole number, not 'x'"),
        ("?methods=GET", "unknown parameter 'methods'; choose from: method, endpoint, status, app, limit"),
    ],
)
def test_a_question_that_cannot_be_asked(local: LocalPortal, query: str, message: str) -> None:
    """400 with what is wrong."""
    assert ask(local, "GET", query) == (400, {"message": message})


def test_forgetting(called: LocalPortal) -> None:
    """DELETE empties the record."""
    assert ask(called, "DELETE") == (204, None)
    assert len(called.calls) == 0
