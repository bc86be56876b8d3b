"""Custom workflow actions: definitions, their functions and revisions, and callbacks."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hubtwin.portal import Portal

Call = Callable[..., tuple[int, Any]]

ACTIONS, KEY = "/automation/v4/actions", "hapikey=x"
NEW = {
    "actionUrl": "https://app.example/run",
    "published": True,
    "objectTypes": ["CONTACT"],
    "inputFields": [],
    "labels": {"en": {"actionName": "Score"}},
    "functions": [{"functionType": "PRE_ACTION_EXECUTION", "functionSource": "exports.main = () => 1;"}],
}


@pytest.fixture
def path(call: Call) -> str:
    """A definition of app 7."""
    return f"{ACTIONS}/7/{call('POST', f'{ACTIONS}/7', NEW, KEY)[1]['id']}"


def test_a_definition(call: Call) -> None:
    """201, with what was sent; functions by their types (F7.20.1)."""
    status, body = call("POST", f"{ACTIONS}/7", NEW, KEY)
    assert status == 201
    assert body == {
        **NEW,
        "id": body["id"],
        "revisionId": "1",
        "functions": [{"functionType": "PRE_ACTION_EXECUTION"}],
    }
    assert call("GET", f"{ACTIONS}/7/{body['id']}", None, KEY) == (200, body)
    assert call("GET", f"{ACTIONS}/7", None, KEY) == (200, {"results": [body]})
    assert call("GET", f"{ACTIONS}/8", None, KEY) == (200, {"results": []})
    assert call("GET", f"{ACTIONS}/8/{body['id']}", None, KEY)[0] == 404


def test_definitions_belong_to_developers(call: Call) -> None:
    """The token of an account is not enough (F7.20.1)."""
    status, error = call("GET", f"{ACTIONS}/7")
    assert (status, "hapikey" in error["message"]) == (401, True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "[inputFields, functions, actionUrl, published, objectTypes, labels]"),
        ({**NEW, "labels": []}, "from Array value"),
        ({**NEW, "objectTypes": "CONTACT"}, "from String value"),
        ({**NEW, "functions": [{"functionType": "ON_RUN", "functionSource": ""}]}, "functionType can't be 'ON_RUN'"),
        ({**NEW, "functions": [{}]}, "[functionType, functionSource]"),
    ],
)
def test_wrong_definitions(call: Call, body: dict[str, Any], words: str) -> None:
    """Say what is wrong, and make nothing (F7.20.1)."""
    status, error = call("POST", f"{ACTIONS}/7", body, KEY)
    assert (status, words in error["message"]) == (400, True), error
    assert call("GET", f"{ACTIONS}/7", None, KEY)[1] == {"results": []}


def test_changes_are_revisions(call: Call, path: str) -> None:
    """Each of them can be read (F7.20.1)."""
    body = call("PATCH", path, {"published": False}, KEY)[1]
    assert (body["published"], body["revisionId"], body["actionUrl"]) == (False, "2", NEW["actionUrl"])
    first, second = call("GET", f"{path}/revisions", None, KEY)[1]["results"]
    assert [one["definition"]["published"] for one in (first, second)] == [True, False]
    assert call("GET", f"{path}/revisions/1", None, KEY) == (200, first)
    assert call("GET", f"{path}/revisions/3", None, KEY)[0] == 404
    assert len(call("GET", f"{path}/revisions", None, f"{KEY}&limit=1")[1]["results"]) == 1


def test_functions(call: Call, path: str) -> None:
    """One for all fields, or one for each (F7.20.1)."""
    assert call("PUT", f"{path}/functions/POST_FETCH_OPTIONS/color", b"main()", KEY)[0] == 200
    kinds = call("GET", f"{path}/functions", None, KEY)[1]["results"]
    assert kinds == [{"functionType": "PRE_ACTION_EXECUTION"}, {"functionType": "POST_FETCH_OPTIONS", "id": "color"}]
    found = call("GET", f"{path}/functions/POST_FETCH_OPTIONS/color", None, KEY)[1]
    assert found["functionSource"] == "main()"
    assert call("DELETE", f"{path}/functions/POST_FETCH_OPTIONS/color", None, KEY)[0] == 204
    assert call("GET", f"{path}/functions/POST_FETCH_OPTIONS/color", None, KEY)[0] == 404
    assert call("PUT", f"{path}/functions/ON_RUN", b"main()", KEY)[0] == 400


def test_a_deleted_definition(call: Call, path: str) -> None:
    """Can be read as archived only (F7.20.1)."""
    assert call("DELETE", path, None, KEY)[0] == 204
    assert call("GET", path, None, KEY)[0] == 404
    assert call("GET", path, None, f"{KEY}&archived=true")[1]["archivedAt"] > 0
    assert call("GET", f"{ACTIONS}/7", None, KEY)[1]["results"] == []


class Waiting:
    """Something that waits for callbacks."""

    def __init__(self) -> None:
        self.answers: list[Mapping[str, str]] = []

    def go_on(self, outputs: Mapping[str, str]) -> None:
        """Take note of an answer."""
        self.answers.append(outputs)


def test_completing_a_callback(call: Call, account: Portal) -> None:
    """Once; what waits for it gets the output fields (F7.20.2)."""
    waiting = Waiting()
    account.custom_actions.expect("cb-1", waiting.go_on)
    body = {"outputFields": {"hs_execution_state": "SUCCESS"}}
    assert call("POST", f"{ACTIONS}/callbacks/cb-1/complete", body) == (204, b"")
    assert waiting.answers == [{"hs_execution_state": "SUCCESS"}]
    assert call("POST", f"{ACTIONS}/callbacks/cb-1/complete", body)[0] == 404
    assert call("POST", f"{ACTIONS}/callbacks/cb-1/complete", {})[0] == 400


def test_completing_several_callbacks(call: Call, account: Portal) -> None:
    """All or none of them (F7.20.2)."""
    waiting = Waiting()
    for id in ("a", "b"):
        account.custom_actions.expect(id, waiting.go_on)
    inputs = [{"callbackId": id, "outputFields": {"n": id}} for id in ("a", "b", "c")]
    assert call("POST", f"{ACTIONS}/callbacks/complete", {"inputs": inputs})[0] == 404
    assert call("POST", f"{ACTIONS}/callbacks/complete", {"inputs": [inputs[0], inputs[0]]})[0] == 400
    assert waiting.answers == []
    assert call("POST", f"{ACTIONS}/callbacks/complete", {"inputs": inputs[:2]})[0] == 204
    assert waiting.answers == [{"n": "a"}, {"n": "b"}]
