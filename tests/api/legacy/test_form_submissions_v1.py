"""What was submitted on a form, version 1."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal
from hubtwin.portal.configuration import Form

Call = Callable[..., tuple[int, Any]]

SUBMISSIONS = "/form-integrations/v1/submissions/forms"


@pytest.fixture
def account() -> Portal:
    """A portal with two forms."""
    return Portal(Configuration(forms=(Form(name="demo"), Form(name="news"))))


@pytest.fixture
def path(account: Portal) -> str:
    """Where the submissions of the first form are."""
    return f"{SUBMISSIONS}/{account.forms.find('demo').guid}"


def submit(call: Call, account: Portal, form: str, page: str, **values: str) -> None:
    fields = [{"name": name, "value": value} for name, value in values.items()]
    body = {"fields": fields, "context": {"pageUri": page}}
    assert call("POST", f"/submissions/v3/integration/submit/1/{account.forms.find(form).guid}", body)[0] == 200


def test_a_submission(call: Call, account: Portal, path: str) -> None:
    """As it was sent, with the page and the moment; those of other forms are elsewhere (W6.7.7)."""
    submit(call, account, "news", "", email="bo@x.example")
    submit(call, account, "demo", "https://x.example/demo", email="Ada@x.example", firstname="Ada", lastname="")
    (row,) = call("GET", path)[1]["results"]
    assert list(row) == ["conversionId", "submittedAt", "values", "pageUrl"]
    assert row["values"] == [{"name": "email", "value": "Ada@x.example"}, {"name": "firstname", "value": "Ada"}]
    assert (row["submittedAt"], row["pageUrl"]) == (account.clock.now, "https://x.example/demo")


def test_pages(call: Call, account: Portal, path: str) -> None:
    """Newest first, 20 or as many as 50, and stable while further ones come in (W6.7.7)."""
    for number in range(25):
        account.forms.submit("demo", {"email": f"n{number}@x.example"})
    first = call("GET", path)[1]
    account.forms.submit("demo", {"email": "late@x.example"})
    rest = call("GET", path, None, f"after={first['paging']['next']['after']}")[1]
    emails = [row["values"][0]["value"] for row in first["results"] + rest["results"]]
    assert emails == [f"n{number}@x.example" for number in reversed(range(25))]
    assert ("paging" in rest, len({row["conversionId"] for row in first["results"]})) == (False, 20)
    assert [call("GET", path, None, f"limit={limit}")[0] for limit in (50, 51, 0)] == [200, 400, 400]


def test_a_form_that_is_not_there(call: Call, path: str) -> None:
    """404, also for a form's name; one without submissions has an empty page (W6.7.7)."""
    assert [call("GET", f"{SUBMISSIONS}/{guid}")[0] for guid in ("demo", "nope")] == [404, 404]
    assert call("GET", path) == (200, {"results": []})


def test_the_same_ids_in_every_run(call: Call, account: Portal, path: str) -> None:
    """A submission is known by its form and its place in the portal (W6.7.7)."""
    again = Portal(account.configuration)
    for portal in (account, again):
        portal.forms.submit("demo", {"email": "ada@x.example"})
    (other,) = again.forms.submissions(again.forms.find("demo"))
    assert call("GET", path)[1]["results"][0]["conversionId"] == other.id


def test_who_is_forgotten(call: Call, account: Portal, path: str) -> None:
    """A GDPR deletion takes what the contact submitted along, before a merge too (W2.4.8, W6.7.7)."""
    ada, bo, _ = (account.forms.submit("demo", {"email": f"{name}@x.example"}) for name in ("ada", "bo", "cy"))
    merge = {"primaryObjectId": str(ada.id), "objectIdToMerge": str(bo.id)}
    assert call("POST", "/crm/v3/objects/contacts/merge", merge)[0] == 200
    assert call("POST", "/crm/v3/objects/contacts/gdpr-delete", {"objectId": str(bo.id)})[0] == 204
    assert [row["values"][0]["value"] for row in call("GET", path)[1]["results"]] == ["cy@x.example"]


def test_a_submission_that_is_refused(call: Call, account: Portal, path: str) -> None:
    """Leaves nothing behind (W6.7.2, W6.7.7)."""
    body = {"fields": [{"name": "email", "value": "nobody"}]}
    guid = account.forms.find("demo").guid
    assert call("POST", f"/submissions/v3/integration/submit/1/{guid}", body)[0] == 400
    assert call("GET", path)[1] == {"results": []}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(guid=st.sampled_from(["x", "%00", "9" * 5000]) | st.none(), query=st.text(max_size=12))
def test_no_request_breaks_the_server(call: Call, path: str, guid: str | None, query: str) -> None:
    """Whatever is asked, no 5xx (W2.7.9)."""
    assert call("GET", path if guid is None else f"{SUBMISSIONS}/{guid}", None, query)[0] < 500
