"""`hubtwin test`: results on stdout, exit codes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin

TESTS = """\
- id: holds
  title: A new contact is a lead
  given: [{contact: {as: ada, email: ada@acme.example}}]
  steps: [{expect: {record: $ada, has: {lifecyclestage: lead}}}]
- id: fails
  title: A new contact is a customer
  given: [{contact: {as: ada, email: ada@acme.example}}]
  steps: [{expect: {record: $ada, has: {lifecyclestage: customer}}}]
"""


@pytest.fixture
def path(write_tests: Callable[[str], Path]) -> str:
    """A file with one test that passes and one that fails."""
    return str(write_tests(TESTS))


def invoke(*arguments: str) -> Result:
    """Run `hubtwin test` in this process."""
    return CliRunner().invoke(hubtwin, ["test", *arguments])


def test_the_output_is_counts_and_stories(path: str) -> None:
    """A line for the file, the text of each failure, and the sum."""
    result = invoke(path)
    assert result.exit_code == 1
    assert result.stderr == ""
    assert result.stdout == dedent(
        """\
        a.scenario.yaml  1 passed, 1 failed

        a.scenario.yaml:12  A new contact is a customer
        $ada: expected lifecyclestage = customer, is lead
          2026-03-02 09:00:00  contact 1001 (ada@acme.example) created, app 1
          2026-03-02 09:00:00  setting default_stage.contacts: contact 1001 (ada@acme.example) lifecyclestage (empty) -> lead  <-- rule settings.default_stage.contacts (default)
        reproduce: hubtwin test a.scenario.yaml -k fails

        1 passed, 1 failed in 1 file
        """  # noqa: E501  the text as it is printed
    )


def test_all_passed_is_exit_code_0(path: str) -> None:
    """Only the selected tests count; without a path the present folder is searched."""
    result = invoke("-k", "holds", "--verbose")
    assert result.exit_code == 0
    assert result.stdout == (f"{path}  1 passed\n  passed  holds  A new contact is a lead\n1 passed in 1 file\n")


def test_a_wrong_file_is_exit_code_2(path: str) -> None:
    """Its problems are on stderr; the other files are run all the same."""
    Path("b.scenario.yaml").write_text("scenario: 3\n")
    result = invoke(".")
    assert result.exit_code == 2
    assert result.stderr == (
        "b.scenario.yaml:1  scenario: format 3 is not known; this version of HubTwin reads format 1\n"
    )
    assert result.stdout.splitlines()[-1] == "1 passed, 1 failed in 1 file; 1 file wrong"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.scenario.yaml"], "none.scenario.yaml: no such file or folder\n"),
        (["-k", "nothing"], "no test has 'nothing' in its name, title or tags\n"),
        (["--kk", "x"], "No such option"),
    ],
)
def test_nothing_found_is_exit_code_2(path: str, arguments: list[str], message: str) -> None:
    """A misspelt path, word or option never looks like success."""
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_colours_are_for_terminals(path: str) -> None:
    """Plain output elsewhere, and where NO_COLOR asks for it."""
    coloured = CliRunner().invoke(hubtwin, ["test", path], color=True)
    assert "\x1b[32m1 passed\x1b[0m" in coloured.stdout
    plain = CliRunner(env={"NO_COLOR": "1"}).invoke(hubtwin, ["test", path], color=True)
    assert "\x1b" not in plain.stdout


def test_the_reproduce_command_reproduces(path: str) -> None:
    """A process of its own, with the words of the failure's last line, fails in the same way."""
    whole = invoke(path).stdout
    command = whole.splitlines()[-3].removeprefix("reproduce: hubtwin ").split()
    done = subprocess.run([sys.executable, "-m", "hubtwin.cli", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.splitlines()[1:-1] == whole.splitlines()[1:-1]
