"""How often apps may call."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtwin.api import Api, Request, Response
from hubtwin.portal import Configuration, Portal

CONTACTS = "/crm/v3/objects/contacts"
SEARCH = f"{CONTACTS}/search"
PUBLIC = {"client_id": "c", "client_secret": "s", "redirect_uri": "https://app.example/back"}
APPS = [{"name": "A", "token": "a"}, {"name": "B", "token": "b"}, {"name": "P", "token": "p", "oauth": PUBLIC}]


class Caller:
    """Calls a portal with some limits."""

    def __init__(self, **limits: Any) -> None:
        account = {"time_zone": "America/New_York"}
        self.portal = Portal(Configuration.model_validate({"limits": limits, "apps": APPS, "account": account}))
        self._api = Api(self.portal)

    def submit(self) -> Response:
        """One submission of a form that has no fields to fill, without a token."""
        return self._api.handle(Request("POST", "/submissions/v3/integration/submit/1/nope", body=b"{}"))

    def call(self, bearer: str = "a", path: str = CONTACTS) -> Response:
        """One call, as the app with this token."""
        body = b"{}" if path == SEARCH else b""
        method = "POST" if path == SEARCH else "GET"
        return self._api.handle(Request(method, path, "", {"authorization": f"Bearer {bearer}"}, body))

    def statuses(self, count: int, bearer: str = "a", path: str = CONTACTS) -> list[int]:
        """The statuses of so many calls."""
        return [self.call(bearer, path).status for _ in range(count)]


def limits_in(response: Response) -> dict[str, str]:
    start = "x-hubspot-ratelimit-"
    return {name.removeprefix(start): value for name, value in response.headers if name.startswith(start)}


def test_no_limits() -> None:
    """Without limits nobody is refused, and no answer speaks of them (W7.1, W7.2)."""
    api = Api(Portal())
    answers = [api.handle(Request("GET", CONTACTS, "", {"authorization": "Bearer x"})) for _ in range(300)]
    assert {answer.status for answer in answers} == {200}
    assert limits_in(answers[0]) == {}


@pytest.mark.parametrize(
    ("limits", "token", "most"),
    [
        ({"plan": "free"}, "a", 100),
        ({"plan": "starter"}, "a", 100),
        ({}, "a", 190),
        ({"plan": "enterprise"}, "a", 190),
        ({"plan": "enterprise", "add_ons": 1}, "a", 250),
        ({"plan": "enterprise", "add_ons": 2}, "p", 110),
        ({"burst": 3}, "a", 3),
    ],
)
def test_the_burst_of_a_plan(limits: dict[str, Any], token: str, most: int) -> None:
    """So many calls in 10 seconds, by plan and kind of app (W7.1)."""
    assert Caller(**limits).statuses(most + 1, token) == [200] * most + [429]


def test_the_burst_rolls() -> None:
    """Each call makes room for another 10 seconds later; refused ones don't count (W7.1, W7.7)."""
    caller = Caller(burst=2)
    caller.call()
    caller.portal.clock.advance("9s")
    assert caller.statuses(3) == [200, 429, 429]
    caller.portal.clock.advance("999ms")
    assert caller.statuses(1) == [429]
    caller.portal.clock.advance("1ms")
    assert caller.statuses(2) == [200, 429]


def test_each_app_has_its_own_burst() -> None:
    """One app's calls don't slow another (W7.1)."""
    caller = Caller(burst=1)
    assert [caller.call(token).status for token in "aabb"] == [200, 429, 200, 429]


def test_the_answer_429() -> None:
    """Its body has its own shape, the policy's name, and no retry-after goes with it (W7.4)."""
    caller = Caller(burst=1)
    caller.call()
    response = caller.call()
    body = orjson.loads(response.body)
    assert list(body)[:6] == ["status", "message", "errorType", "correlationId", "policyName", "requestId"]
    assert body["message"] == "You have reached your ten_secondly_rolling limit."
    assert (body["errorType"], body["policyName"]) == ("RATE_LIMIT", "TEN_SECONDLY_ROLLING")
    assert "retry-after" not in dict(response.headers)
    assert limits_in(response)["remaining"] == "0"


def test_the_headers_of_a_private_app() -> None:
    """The burst, the deprecated second, and the day (W7.2)."""
    caller = Caller()
    assert limits_in(caller.call()) == {
        "interval-milliseconds": "10000",
        "max": "190",
        "remaining": "189",
        "secondly": "19",
        "secondly-remaining": "18",
        "daily": "625000",
        "daily-remaining": "624999",
    }


def test_the_headers_of_a_public_app() -> None:
    """Nothing about the day (W7.2)."""
    assert limits_in(Caller().call("p")) == {
        "interval-milliseconds": "10000",
        "max": "110",
        "remaining": "109",
        "secondly": "11",
        "secondly-remaining": "10",
    }


def test_searches() -> None:
    """Five in a second for the whole account, beside the burst, and with no headers (W7.3, W7.2)."""
    caller = Caller(burst=1)
    caller.call()
    assert caller.statuses(3, "a", SEARCH) + caller.statuses(3, "b", SEARCH) == [200] * 5 + [429]
    refused = caller.call("a", SEARCH)
    assert orjson.loads(refused.body)["message"] == "You have reached your secondly limit."
    assert limits_in(refused) == {}
    caller.portal.clock.advance("1s")
    assert caller.call("a", SEARCH).status == 200


def test_the_day() -> None:
    """A sum of all private apps, until midnight in the account's time zone (W7.1)."""
    caller = Caller(daily=2)
    assert [caller.call(token).status for token in "abap"] == [200, 200, 429, 200]
    assert orjson.loads(caller.call().body)["message"] == "You have reached your daily limit."
    caller.portal.clock.advance("19h 59m 59s 999ms")  # from 04:00 in New York
    assert caller.call().status == 429
    caller.portal.clock.advance("1ms")
    assert caller.call().status == 200


def test_submissions_without_a_token() -> None:
    """Fifty in 10 seconds, whatever came of them, beside what apps may call (W7.9, W7.4)."""
    caller = Caller(burst=1)
    answers = [caller.submit() for _ in range(51)]
    assert [answer.status for answer in answers] == [404] * 50 + [429]
    assert orjson.loads(answers[-1].body)["policyName"] == "TEN_SECONDLY_ROLLING"
    assert caller.call().status == 200
    caller.portal.clock.advance("10s")
    assert caller.submit().status == 404


def test_submissions_without_limits() -> None:
    """As many as anybody likes (W7.9)."""
    caller = Caller(submissions=1)
    caller.portal.usage.is_limited = False
    assert {caller.submit().status for _ in range(60)} == {404}
    caller.portal.usage.is_limited = True
    assert [caller.submit().status for _ in range(2)] == [404, 429]


LINKS = "/crm/v4/objects/contacts/1001/associations/companies"


def test_the_associations_api() -> None:
    """A day's limit of its own, of private apps; its calls count towards the other as well (W7.10)."""
    caller = Caller(associations=2, daily=4)
    assert [caller.call(token, LINKS).status for token in "abap"] == [404, 404, 429, 404]
    assert caller.statuses(3) == [200, 200, 429]
    caller.portal.clock.advance("20h")
    assert caller.call("a", LINKS).status == 404


@pytest.mark.parametrize(("add_ons", "most"), [(0, 500_000), (1, 1_000_000), (2, 1_000_000)])
def test_the_associations_of_a_plan(add_ons: int, most: int) -> None:
    """More with an add-on (W7.10)."""
    assert Caller(add_ons=add_ons).portal.usage.allowance.associations == most


def test_limits_can_be_switched() -> None:
    """A running portal can start to limit, and stop (W7.1)."""
    caller = Caller(burst=1)
    caller.portal.usage.is_limited = False
    assert caller.statuses(3) == [200] * 3
    caller.portal.usage.is_limited = True
    assert caller.statuses(2) == [200, 429]


@given(st.lists(st.integers(0, 12_000), max_size=60))
def test_no_ten_seconds_have_too_many_calls(pauses: list[int]) -> None:
    """However calls are spaced, 5 of any 10 seconds are allowed, and no call is refused without need (W7.1)."""
    caller = Caller(burst=5)
    allowed: list[int] = []
    for pause in pauses:
        caller.portal.clock.advance(pause)
        now = caller.portal.clock.now
        recent = sum(1 for moment in allowed if moment > now - 10_000)
        assert (caller.call().status == 200) == (recent < 5)
        if recent < 5:
            allowed.append(now)
