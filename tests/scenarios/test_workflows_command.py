"""`hubtwin workflows`: what people see of a served portal's workflows."""

import json
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal

WORKFLOW = {
    "name": "Promote",
    "actions": [
        {"if": {"all": [{"property": "jobtitle", "contains": "CEO"}]}, "then": [{"wait": "1d"}]},
        {"set": "lifecyclestage", "to": "opportunity"},
    ],
}

Invoke = Callable[..., Result]


@pytest.fixture
def served() -> Iterator[LocalPortal]:
    """A workflow that goes wrong with the customer Ada, and in which Bob waits."""
    with LocalPortal({"workflows": [WORKFLOW]}) as portal:
        for name, stage, title in (("Ada", "customer", ""), ("Bob", "lead", "CEO")):
            values = {"firstname": name, "email": f"{name}@c.example", "lifecyclestage": stage, "jobtitle": title}
            portal.workflows.enroll("Promote", portal.create("contacts", values))
        yield portal


@pytest.fixture
def invoke(served: LocalPortal) -> Invoke:
    """Runs the command on the served portal."""
    return lambda *arguments: CliRunner().invoke(hubtwin, ["workflows", *arguments, "--url", served.url])


def test_the_workflows(invoke: Invoke) -> None:
    """A row for each."""
    assert invoke().output == (
        "id         workflow  state  object    active  issues\n600000001  Promote   on     contacts       1       1\n"
    )


def test_the_log(invoke: Invoke) -> None:
    """A row for each action and record, newest first."""
    assert invoke("log", "Promote", "--record", "contacts/1001").output == (
        "time                 record               action         status     event\n"
        "2026-03-02 09:00:00  contacts/1001 (Ada)  3 Edit record  failed     Lifecycle stage was not updated:"
        ' "opportunity" comes before the current stage "customer".\n'
        "2026-03-02 09:00:00  contacts/1001 (Ada)  1 Branch       succeeded  took the branch 'None met'\n"
        "2026-03-02 09:00:00  contacts/1001 (Ada)                 enrolled   app 1\n"
    )


def test_the_log_is_narrowed(invoke: Invoke) -> None:
    """To a status, an action, so many lines; perhaps nothing is left."""
    assert len(invoke("log", "Promote", "--limit", "2").output.splitlines()) == 3
    assert "waits 1d" in invoke("log", "Promote", "--status", "waiting", "--action", "2").output
    assert invoke("log", "Promote", "--status", "left").output == "nothing happened\n"


def test_the_metrics(invoke: Invoke, served: LocalPortal) -> None:
    """The workflow's numbers, those of its actions and of its branches."""
    served.do("unenroll", record="bob@c.example", workflow="Promote")
    assert invoke("metrics", "Promote").output == (
        "enrolled  different  active  completed  left\n"
        "       2          2       0          1     1\n"
        "\n"
        "left because  records\n"
        "by hand             1\n"
        "\n"
        "action                            succeeded  failed  waiting\n"
        "1 Branch                                  2       0        0\n"
        "2 Delay for a set amount of time          1       0        0\n"
        "3 Edit record                             0       1        0\n"
        "\n"
        "branch              taken\n"
        "1 Branch: Met           1\n"
        "1 Branch: None met      1\n"
    )


def test_the_issues(invoke: Invoke, served: LocalPortal) -> None:
    """What went wrong where, and how to fix it, until somebody has dealt with it."""
    assert invoke("issues").output == (
        "Promote, action 3 Edit record: 1 time, last 2026-03-02 09:00:00\n"
        '  Lifecycle stage was not updated: "opportunity" comes before the current stage "customer".\n'
        "  Put an if/then branch before the action, or clear the stage before it is set.\n"
    )
    served.do("hide_issues", workflow="Promote")
    assert invoke("issues").output == "nothing needs review\n"


def test_a_portal_without_workflows(invoke: Invoke, served: LocalPortal) -> None:
    """It says so."""
    served.workflows.delete(served.workflows.find("Promote"))
    assert invoke().output == "no workflows\n"


@pytest.mark.parametrize("arguments", [(), ("log", "Promote"), ("metrics", "600000001"), ("issues",)])
def test_for_programs(invoke: Invoke, arguments: tuple[str, ...]) -> None:
    """What the portal answers, as JSON."""
    assert isinstance(json.loads(invoke(*arguments, "--json").output), dict)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("log", "Promot"), "no workflow is called 'Promot'; choose from: Promote; did you mean 'Promote'?"),
        (("log", "Promote", "--status", "bad"), "status can't be 'bad'"),
        (("log", "Promote", "--limit", "0"), "0 is not in the range"),
        (("lgo", "Promote"), "No such command 'lgo'"),
        (("--json", "log", "Promote"), "write options behind 'log'"),
    ],
)
def test_what_is_refused(invoke: Invoke, arguments: tuple[str, ...], message: str) -> None:
    """The reason goes to stderr; exit code 2."""
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout, message in result.stderr) == (2, "", True)
