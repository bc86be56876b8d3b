"""The portal's own hot paths: a create, a stage change, a read, a search. Limits are bare Python doing as little."""

import gc
from bisect import insort
from collections.abc import Callable
from itertools import count, cycle
from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request
from hubtwin.portal import Portal
from hubtwin.portal.moments import iso

Beside = Callable[..., float]

HEADERS = {"authorization": "Bearer x", "content-type": "application/json"}


def filled(contacts: int) -> Portal:
    portal = Portal()
    gc.disable()  # a million records are made to stay; looking for garbage among them takes longer than making them
    for number in range(contacts):
        portal.create("contacts", {"email": f"c{number}@acme.example", "firstname": "Ada", "lastname": str(number)})
    gc.enable()
    return portal


@pytest.mark.benchmark(group="portal")
def test_create(beside: Beside) -> None:
    """A contact with all rules, beside a dictionary, a unique index and a log row."""
    portal, numbers = Portal(), count()
    store: dict[int, dict[str, str]] = {}
    unique: dict[str, int] = {}
    log: list[tuple[int, str, str]] = []

    def limit() -> None:
        number = next(numbers)
        email = f"c{number}@acme.example"
        if email in unique:
            raise ValueError(email)
        unique[email] = number
        store[number] = {"email": email, "firstname": "Ada", "lastname": "L", "createdate": iso(number)}
        log.append((number, "email", email))

    def ours() -> None:
        values = {"email": f"o{next(numbers)}@acme.example", "firstname": "Ada", "lastname": "L"}
        portal.create("contacts", values)

    beside(ours, limit)


@pytest.mark.benchmark(group="portal")
def test_stage_change(beside: Beside) -> None:
    """A move to another stage with history, dates and reactions, beside a dictionary and a history row."""
    portal = filled(1)
    (contact,) = portal.records[portal.type("contacts")]
    screen, stages = portal.as_user("ada@hubtwin.example"), cycle(["customer", "lead"])
    values: dict[str, str] = {}
    history: list[tuple[int, str]] = []

    def limit() -> None:
        stage = next(stages)
        values["lifecyclestage"] = stage
        values[f"hs_v2_date_entered_{stage}"] = iso(len(history))
        history.append((len(history), stage))

    beside(lambda: screen.edit(contact, {"lifecyclestage": next(stages)}), limit)


@pytest.mark.benchmark(group="portal")
@pytest.mark.parametrize("contacts", [10_000, 1_000_000])
def test_search_by_address(beside: Beside, contacts: int) -> None:
    """The search that integrations do most, through the HTTP face, beside a dictionary look-up and the same JSON."""
    portal = filled(contacts)
    api = Api(portal)
    filters = [{"propertyName": "email", "operator": "EQ", "value": f"c{contacts // 2}@acme.example"}]
    body = orjson.dumps({"filterGroups": [{"filters": filters}]})
    request = Request("POST", "/crm/v3/objects/contacts/search", headers=HEADERS, body=body)
    answer = orjson.loads(api.handle(request).body)
    assert answer["total"] == 1
    by_address = {str(number): answer for number in range(contacts)}

    def limit() -> None:
        wanted = orjson.loads(body)["filterGroups"][0]["filters"][0]["value"]
        orjson.dumps(by_address[wanted[1:].partition("@")[0]])

    beside(lambda: api.handle(request), limit)


@pytest.mark.benchmark(group="portal")
@pytest.mark.parametrize("contacts", [1_000, 100_000])
def test_search_for_changes(beside: Beside, contacts: int) -> None:
    """What has changed since a moment, oldest first, right after a write, beside a sorted list and the same JSON."""
    portal = filled(contacts)
    api = Api(portal)
    first, *_ = portal.records[portal.type("contacts")]
    portal.clock.advance("1d")
    filters = [{"propertyName": "lastmodifieddate", "operator": "GTE", "value": str(portal.clock.now - 1000)}]
    sorts = [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]
    body = orjson.dumps({"filterGroups": [{"filters": filters}], "sorts": sorts, "limit": 100})
    request = Request("POST", "/crm/v3/objects/contacts/search", headers=HEADERS, body=body)
    portal.update(first, {"jobtitle": "CTO"})
    answer = orjson.loads(api.handle(request).body)
    assert answer["total"] == 1
    moments = [0] * contacts

    def limit() -> None:
        orjson.loads(body)
        moments.pop(0)
        insort(moments, portal.clock.now)
        orjson.dumps(answer)

    def ours() -> None:
        portal.update(first, {})
        api.handle(request)

    beside(ours, limit)


@pytest.mark.benchmark(group="portal")
def test_new_portal(benchmark: Any) -> None:
    """What each test pays for a portal of its own."""
    benchmark(Portal)


@pytest.mark.benchmark(group="portal")
def test_read(beside: Beside) -> None:
    """A read through the HTTP face, beside a dictionary look-up and the same JSON."""
    portal = filled(1)
    api = Api(portal)
    request = Request("GET", "/crm/v3/objects/contacts/1001", headers=HEADERS)
    answers = {"1001": orjson.loads(api.handle(request).body)}
    beside(lambda: api.handle(request), lambda: orjson.dumps(answers[request.path.rpartition("/")[2]]))
