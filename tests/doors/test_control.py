"""The control plane over HTTP: what a served portal answers under `/_twin/`."""

import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.doors.commands import MOST_SNAPSHOTS
from hubtwin.doors.local import LocalPortal
from hubtwin.doors.pages import PAGES
from hubtwin.doors.reception import MAX_BODY
from hubtwin.files.models import models_in
from hubtwin.verbs.table import Action

PORTAL_FILE = """\
settings:
  deal_won: customer
forms:
  - {name: Demo, contact_stage: marketingqualifiedlead, company_stage: lead}
"""

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPortal]:
    """A portal made of a file, with the contact Ada."""
    monkeypatch.chdir(tmp_path)
    Path("acme.portal.yaml").write_text(PORTAL_FILE)
    with LocalPortal("acme.portal.yaml") as portal:
        portal.create("contacts", {"firstname": "Ada", "email": "ada@client.example"})
        yield portal


@pytest.fixture
def ask(local: LocalPortal) -> Iterator[Ask]:
    """What a page answers: status and JSON."""
    with requests.Session() as session:

        def ask(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
            sent = {"json": {} if body is None else body} if method in ("POST", "PATCH") else {}
            answer = session.request(method, f"{local.url}/_twin/{path}", **sent, headers=headers, timeout=10)  # type: ignore[arg-type]
            return answer.status_code, answer.json() if answer.content else None

        yield ask


def test_the_index(ask: Ask) -> None:
    """The pages that there are."""
    assert ask("GET", "")[1] == {"pages": [f"{page.method} {page.path}" for page in PAGES]}


# -- doing ------------------------------------------------------------------------------------------------


def test_doing_a_verb(ask: Ask) -> None:
    """The answer tells of the records that were touched, and the story."""
    status, body = ask("POST", "do", {"submit_form": {"form": "Demo", "contact": "ada@client.example"}})
    assert status == 200
    assert body["records"] == [{"type": "contacts", "id": 1001, "name": "Ada", "stage": "marketingqualifiedlead"}]
    assert body["story"][0] == "2026-03-02 09:00:00  form Demo submitted by contact 1001 (Ada)"
    assert len(body["entries"]) == len(body["story"])


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "expected one verb, found none"),
        ({"edit": {}, "update": {}}, 400, "expected one verb, found 'edit', 'update'"),
        ([], 400, "the body must be a JSON object"),
        ({"sumbit_form": {}}, 400, "did you mean 'submit_form'?"),
        ({"archive": {"record": "contacts/7"}}, 400, "archive.record: no contact has hs_object_id '7'"),
        ({"create_contact": {"email": "ada@client.example"}}, 409, "contact 1001 has email"),
    ],
)
def test_a_verb_that_is_not_done(ask: Ask, body: Any, status: int, message: str) -> None:
    """400 for what can't be meant, 409 for what the portal refuses."""
    found, answer = ask("POST", "do", body)
    assert (found, message in answer["message"]) == (status, True)


# -- time and going back ----------------------------------------------------------------------------------


def test_the_clock(ask: Ask) -> None:
    """It is read, advanced by a duration and to a moment."""
    assert ask("GET", "clock") == (200, {"now": "2026-03-02T09:00:00Z"})
    assert ask("POST", "clock", {"by": "1d 1h"})[1]["now"] == "2026-03-03T10:00:00Z"
    assert ask("POST", "clock", {"to": "2026-03-04T00:00"})[1] == {"now": "2026-03-04T00:00:00Z", "entries": 0}


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"to": "2026-01-01"}, 409, "the clock can't go back from 2026-03-02T09:00:00Z to 2026-01-01T00:00:00Z"),
        ({"to": "tomorrow"}, 400, "not a moment"),
        ({"to": 5}, 400, "not a moment"),
        ({"to": "9999-12-31"}, 400, "calendar ends"),
        ({"by": "soon"}, 400, "wait: not a duration"),
        ({"by": None}, 400, "wait"),
        ({}, 400, "say how far"),
        ({"bye": "1d"}, 400, "unknown key 'bye'; choose from: by, to"),
    ],
)
def test_a_time_that_cannot_come(ask: Ask, body: Any, status: int, message: str) -> None:
    """The clock never goes back, and the calendar has an end."""
    found, answer = ask("POST", "clock", body)
    assert (found, message in answer["message"]) == (status, True)


def test_snapshots(ask: Ask, local: LocalPortal) -> None:
    """They are taken, listed, restored as often as one likes, and deleted."""
    status, taken = ask("POST", "snapshots")
    assert (status, taken["id"], taken["at"]) == (200, 1, "2026-03-02T09:00:00Z")
    for _ in range(2):
        ask("POST", "do", {"create_contact": {"email": "bob@client.example"}})
        assert ask("POST", "snapshots/1/restore")[1]["records"]["contacts"] == 1
    assert ask("GET", "snapshots") == (200, {"snapshots": [taken]})
    assert ask("DELETE", "snapshots/1") == (204, None)
    assert ask("POST", "snapshots/1/restore") == (
        404,
        {"message": "no snapshot has the id '1'; choose from: there is none"},
    )


def test_there_may_be_only_so_many_snapshots(ask: Ask, local: LocalPortal) -> None:
    """Each takes as much room as its portal."""
    ask("POST", "snapshots")
    local.reception.snapshots.update(dict.fromkeys(range(2, MOST_SNAPSHOTS + 1), local.snapshot()))
    assert ask("POST", "snapshots") == (409, {"message": f"there are {MOST_SNAPSHOTS} snapshots; delete one first"})


def test_reset_and_clear(ask: Ask) -> None:
    """`clear` empties the portal, `reset` also puts clock and settings back."""
    ask("POST", "clock", {"by": "1d"})
    ask("PATCH", "settings", {"deal_won": "evangelist"})
    assert (ask("POST", "clear")[1]["clock"], ask("GET", "settings")[1]["deal_won"]) == (
        "2026-03-03T09:00:00Z",
        "evangelist",
    )
    assert (ask("POST", "reset")[1]["clock"], ask("GET", "settings")[1]["deal_won"]) == (
        "2026-03-02T09:00:00Z",
        "customer",
    )


def test_calls_are_answered_after_a_restore(ask: Ask, local: LocalPortal) -> None:
    """Clients that were connected before find the portal that it is now; who called is remembered."""
    with local.httpx() as client:
        ask("POST", "snapshots")
        for _ in range(2):
            assert (
                client.post("/crm/v3/objects/contacts", json={"properties": {"email": "b@client.example"}}).status_code
                == 201
            )
            ask("POST", "snapshots/1/restore")
        assert [one["id"] for one in client.get("/crm/v3/objects/contacts").json()["results"]] == ["1001"]
        ask("POST", "reset")
        assert client.get("/crm/v3/objects/contacts").json()["results"] == []
    assert len(local.calls) == 4


def test_a_clock_that_follows_goes_on_after_a_restore(local: LocalPortal) -> None:
    """It moves on from where the snapshot puts it."""
    local.reception.follow()
    snapshot = local.snapshot()
    local.clock.advance("1d")
    local.restore(snapshot)
    local.reception.catch_up()
    assert snapshot.moment <= local.clock.now < snapshot.moment + 60_000


# -- asking -----------------------------------------------------------------------------------------------


def test_why(ask: Ask) -> None:
    """The chain of causes, with the line of the portal file that decided."""
    ask(
        "POST", "do", {"create_deal": {"dealname": "Big", "dealstage": "closedwon", "associated_with": "contacts/1001"}}
    )
    status, body = ask("GET", "why/contacts/1001/lifecyclestage")
    assert (status, body["value"], body["record"]["name"]) == (200, "customer", "Ada")
    assert (body["entries"][-1]["rule"], body["entries"][-1]["where"]) == ("settings.deal_won", "acme.portal.yaml:2")
    assert body["entries"][-1]["cause"] == body["entries"][-2]["number"]
    assert body["story"][-1].endswith("contact 1001 (Ada) lifecyclestage lead -> customer")


def test_a_timeline(ask: Ask) -> None:
    """What happened to a record, newest first."""
    ask("POST", "do", {"update": {"record": "contacts/1001", "set": {"jobtitle": "CEO"}}})
    body = ask("GET", "timeline/contacts/1001?limit=1")[1]
    assert [(entry["kind"], entry["property"], entry["value"]) for entry in body["entries"]] == [
        ("set", "jobtitle", "CEO")
    ]


def test_the_log(ask: Ask, local: LocalPortal) -> None:
    """Page by page, in the order in which things happened."""
    first = ask("GET", "log?limit=1")[1]
    assert (first["entries"][0]["kind"], first["next"]) == ("created", 0)
    rest = ask("GET", f"log?after={first['next']}")[1]
    assert ([entry["number"] for entry in rest["entries"]], rest["next"]) == (list(range(1, len(local.log))), None)


def test_used_in(ask: Ask) -> None:
    """What reads or writes a property, what names a stage, and where that is written."""
    by_stage = ask("GET", "used-in/stages/marketingqualifiedlead")[1]["uses"]
    assert [(use["asset"], use["where"]) for use in by_stage] == [("form Demo", "acme.portal.yaml:4")]
    assert "form Demo" in {use["asset"] for use in ask("GET", "used-in/contacts/lifecyclestage")[1]["uses"]}


def test_the_configuration(ask: Ask) -> None:
    """It is told as a portal file has it, with the settings as they are now."""
    ask("PATCH", "settings", {"company_sync.enabled": False})
    body = ask("GET", "portal")[1]
    assert (body["forms"][0]["name"], body["settings"]["company_sync"]["enabled"]) == ("Demo", False)


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("why/contacts/7/email", 404, "no contact has hs_object_id '7'"),
        ("why/cars/7/email", 404, "no object type is called 'cars'"),
        ("why/contacts/1001/emial", 404, "did you mean"),
        ("used-in/contacts/emial", 404, "did you mean"),
        ("timeline/contacts/x", 404, "no contact has hs_object_id 'x'"),
        ("log?limit=5000", 400, "limit must be a whole number up to 1000, not '5000'"),
        ("log?before=5", 400, "unknown parameter 'before'; choose from: after, limit"),
        ("lgo", 404, "there is no page GET /_twin/lgo; GET /_twin/ lists them"),
        ("do", 405, "there is no page GET /_twin/do"),
    ],
)
def test_a_question_without_an_answer(ask: Ask, path: str, status: int, message: str) -> None:
    """404 for what isn't there, 400 for what can't be asked."""
    found, answer = ask("GET", path)
    assert (found, message in answer["message"]) == (status, True)


# -- who may ask ------------------------------------------------------------------------------------------


def test_pages_of_other_sites_may_change_nothing(ask: Ask, local: LocalPortal) -> None:
    """Neither by a script, which tells its origin, nor by a form, which can't send JSON."""
    assert ask("POST", "reset", Origin="https://evil.example")[0] == 403
    assert ask("DELETE", "calls", Origin="null")[0] == 403
    assert ask("POST", "reset", Origin="http://evil.example", Host="evil.example")[0] == 403
    assert ask("POST", "reset", Origin="http://[", Host="[")[0] in (400, 403)
    assert requests.post(f"{local.url}/_twin/reset", data="x", timeout=5).status_code == 415
    assert ask("POST", "reset", Origin=local.url)[0] == 200


def test_bodies_that_are_not_read(local: LocalPortal) -> None:
    """What is too long, or no JSON."""
    url, headers = f"{local.url}/_twin/do", {"content-type": "application/json"}
    assert requests.post(url, data=b" " * (MAX_BODY + 1), headers=headers, timeout=30).status_code == 413
    assert (
        requests.post(url, data=b"{", headers=headers, timeout=5).json()["message"].startswith("the body is not JSON")
    )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(string.printable, max_size=8)
    | st.sampled_from(["contacts/1001", "lead"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=5,
)
KEYS = sorted(
    {
        field.alias or name
        for verb in Action.model_fields.values()
        for model in models_in(verb.annotation)
        for name, field in model.model_fields.items()
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(verb=st.sampled_from(sorted(Action.model_fields)), said=st.data())
def test_no_verb_makes_a_portal_fail(ask: Ask, verb: str, said: st.DataObject) -> None:
    """Whatever is said, the answer is an answer, and what is refused leaves the portal usable."""
    keys = said.draw(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4) | JSON)
    assert ask("POST", "do", {verb: keys})[0] in (200, 400, 409)
