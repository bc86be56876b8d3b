"""`hubtwin calls`: what a served portal was called."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal


def invoke(*arguments: str) -> Result:
    """Run `hubtwin calls` in this process."""
    return CliRunner().invoke(hubtwin, ["calls", *arguments])


@pytest.fixture
def served() -> Iterator[LocalPortal]:
    """A served portal that an application has called."""
    with LocalPortal() as portal:
        with portal.httpx() as client:
            for email in ("ada@acme.example", "ada@acme.example", "grace@acme.example"):
                client.post("/crm/v3/objects/contacts", json={"properties": {"email": email}})
            client.post("/crm/v3/objects/contacts/batch/read", json={"inputs": [{"id": "1001"}], "properties": []})
        yield portal


def test_the_table(served: LocalPortal) -> None:
    """A row for each endpoint, and how well calls were batched."""
    result = invoke(served.url)
    assert result.exit_code == 0
    assert result.output == (
        "calls  inputs  refused  method  endpoint\n"
        "    3       0        1  POST    /crm/v3/objects/{objectType}\n"
        "    1       1        0  POST    /crm/v3/objects/{objectType}/batch/read\n"
        "\n"
        "4 calls, 1 refused; 25% of what could be batched was\n"
    )


def test_the_newest_calls(served: LocalPortal) -> None:
    """One line for each, chosen as the portal is asked to."""
    assert invoke(served.url, "--status", "409", "--list", "5").output == (
        "moment                app  status  method  path\n"
        "2026-03-02T09:00:00Z    1     409  POST    /crm/v3/objects/contacts\n"
    )


def test_clearing(served: LocalPortal) -> None:
    """What was shown is forgotten."""
    assert invoke(served.url, "--clear").output.endswith("\n4 calls, 1 refused; 25% of what could be batched was\n")
    assert invoke(served.url).output.endswith("\n0 calls, 0 refused; 100% of what could be batched was\n")


@pytest.mark.parametrize(
    ("url", "code", "message"),
    [
        ("portal.yaml", 2, "'portal.yaml' is not the URL of a served portal"),
        ("http://127.0.0.1:99999", 2, "'http://127.0.0.1:99999' is not the URL of a served portal"),
        ("http://127.0.0.1:1", 1, "Error: no portal answers at http://127.0.0.1:1: "),
    ],
)
def test_no_portal(url: str, code: int, message: str) -> None:
    """What is not a URL is bad usage; where nobody answers is an error."""
    result = invoke(url)
    assert result.exit_code == code
    assert message in result.stderr


def test_a_portal_may_be_served_with_limits() -> None:
    """`hubtwin serve --limits` knows the plans."""
    result = CliRunner().invoke(hubtwin, ["serve", "--limits", "premium"])
    assert result.exit_code == 2
    assert "'premium' is not one of 'free', 'starter', 'professional', 'enterprise'" in result.stderr
