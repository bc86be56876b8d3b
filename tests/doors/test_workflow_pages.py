"""What people see of workflows, over HTTP: what a served portal answers under `/_twin/workflows`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hubtwin.doors.local import LocalPortal

PORTAL_FILE = """\
workflows:
  - name: MQL/SQL
    enroll: {when: {all: [{property: lifecyclestage, is: marketingqualifiedlead}]}}
    actions:
      - wait: 1h
      - {set: lifecyclestage, to: salesqualifiedlead}
"""
NAME = "workflows/MQL%2FSQL"

Get = Callable[[str], tuple[int, Any]]


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPortal]:
    """A portal made of a file, whose workflow has Ada, and Bob, who became a customer meanwhile."""
    monkeypatch.chdir(tmp_path)
    Path("acme.portal.yaml").write_text(PORTAL_FILE)
    with LocalPortal("acme.portal.yaml") as portal:
        for name in ("Ada", "Bob"):
            values = {"firstname": name, "email": f"{name}@client.example", "lifecyclestage": "marketingqualifiedlead"}
            portal.create("contacts", values)
        portal.do("update", record="bob@client.example", set={"lifecyclestage": "customer"})
        yield portal


@pytest.fixture
def get(local: LocalPortal) -> Get:
    """What a page answers: status and JSON."""

    def get(path: str) -> tuple[int, Any]:
        answer = requests.get(f"{local.url}/_twin/{path}", timeout=10)
        return answer.status_code, answer.json()

    return get


def test_the_workflows(local: LocalPortal, get: Get) -> None:
    """Each with its state, and where it is written."""
    (flow,) = local.workflows
    shown = {"id": flow.id, "name": "MQL/SQL", "on": True, "object": "contacts", "active": 2, "issues": 0}
    assert get("workflows") == (200, {"workflows": [{**shown, "where": "acme.portal.yaml:2"}]})
    local.do("turn_off", workflow="MQL/SQL")
    assert get("workflows")[1]["workflows"][0]["on"] is False


def test_the_log(local: LocalPortal, get: Get) -> None:
    """A row for each action and record, newest first, with the line of the action; by name or id (F7.33.1)."""
    local.do("wait", "1h")
    body = get(f"{NAME}/log?limit=1")[1]
    assert body["workflow"]["name"] == "MQL/SQL"
    assert body["events"] == [
        {
            "number": len(local.log) - 1,
            "at": "2026-03-02T10:00:00Z",
            "record": {"type": "contacts", "id": 1002, "name": "Bob", "stage": "customer"},
            "action": {"id": "2", "title": "Edit record"},
            "status": "failed",
            "event": 'Lifecycle stage was not updated: "salesqualifiedlead" comes before the current stage "customer".',
            "where": "acme.portal.yaml:6",
        }
    ]
    assert get(f"workflows/{body['workflow']['id']}/log?limit=1")[1] == body


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 6),
        ("status=failed", 1),
        ("status=enrolled", 2),
        ("status=waiting", 0),
        ("action=1", 2),
        ("record=contacts/1001", 3),
        ("record=bob@client.example&status=succeeded", 1),
        ("limit=4", 4),
    ],
)
def test_the_log_is_narrowed(local: LocalPortal, get: Get, query: str, count: int) -> None:
    """To a record, a status, an action; several at once (F7.33.1)."""
    local.do("wait", "1h")
    assert len(get(f"{NAME}/log?{query}")[1]["events"]) == count


def test_the_metrics(local: LocalPortal, get: Get) -> None:
    """The numbers of the workflow and of its actions (F7.33.2)."""
    local.do("unenroll", record="bob@client.example", workflow="MQL/SQL")
    body = get(f"{NAME}/metrics")[1]
    assert (body["enrolled"], body["active"], body["completed"]) == ({"total": 2, "unique": 2}, 1, 0)
    assert body["left"] == {"by hand": 1}
    assert [(one["id"], one["succeeded"], one["waiting"]) for one in body["actions"]] == [("1", 1, 1), ("2", 0, 0)]


def test_the_issues(local: LocalPortal, get: Get) -> None:
    """What needs review, how often it happened, and how to fix it; hidden, it needs none (F2.12.1)."""
    local.do("wait", "1h")
    (issue,) = get("issues")[1]["issues"]
    assert (issue["workflow"]["name"], issue["action"]["id"], issue["kind"]) == ("MQL/SQL", "2", "backward_stage")
    assert (issue["count"], issue["first"], issue["last"]) == (1, "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z")
    assert (issue["where"], "if/then branch" in issue["fix"]) == ("acme.portal.yaml:6", True)
    local.do("hide_issues", workflow="MQL/SQL")
    assert get("issues") == (200, {"issues": []})


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("workflows/MQL/log", 404, "no workflow is called 'MQL'; choose from: MQL/SQL; did you mean 'MQL/SQL'?"),
        ("workflows/MQL/metrics", 404, "no workflow is called 'MQL'"),
        (f"{NAME}/log?status=fail", 400, "status can't be 'fail'; choose from: enrolled, left, succeeded"),
        (f"{NAME}/log?action=7", 400, "action can't be '7'; choose from: 1, 2"),
        (f"{NAME}/log?record=contacts/7", 404, "no contact has hs_object_id '7'"),
        (f"{NAME}/log?limit=5000", 400, "limit must be a whole number up to 1000"),
        (f"{NAME}/log?since=1", 400, "unknown parameter 'since'; choose from: record, status, action, limit"),
        ("issues?flow=1", 400, "unknown parameter 'flow'; choose from: none"),
    ],
)
def test_a_question_without_an_answer(get: Get, path: str, status: int, message: str) -> None:
    """404 for what isn't there, 400 for what can't be asked."""
    found, answer = get(path)
    assert (found, message in answer["message"]) == (status, True)
