"""Scenario files for tests, in a folder of each test's own."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from hubtwin.files import FileError
from hubtwin.scenarios.runner import Failure, run
from hubtwin.scenarios.suites import Suite, read_suite

#: The portal of most tests: one of everything that a step can name.
PORTAL = """\
users:
  - {email: rita@twin.example, first_name: Rita, last_name: Rep}
forms:
  - {name: Newsletter, fields: [email], contact_stage: subscriber, company_stage: subscriber}
  - {name: Demo, contact_stage: marketingqualifiedlead, company_stage: marketingqualifiedlead}
meeting_links:
  - {slug: rita, user: rita@twin.example}
workflows:
  - name: Back to lead
    actions:
      - {set: lifecyclestage, to: lead}
  - name: Close
    object: companies
    actions:
      - {set: lifecyclestage, to: customer}
  - name: Ask Rita
    actions:
      - {notify: Back to lead, users: [rita@twin.example]}
views:
  - {name: Everybody, sort: -email}
lists:
  - {name: Customers, filters: {all: [{property: lifecyclestage, is: customer}]}}
connected:
  salesforce: {hand_over: {representatives: [Sam]}}
  marketing_automation: {people: {mappings: [{property: email, field: email}]}}
"""

HEAD = """\
scenario: 1
suite: A suite
portal: twin.portal.yaml
tests:
"""

WriteFile = Callable[[str], Path]
RunSteps = Callable[[str], Failure | None]
ReadProblems = Callable[[str], list[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, with a portal file in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "twin.portal.yaml").write_text(PORTAL)
    return tmp_path


@pytest.fixture
def write_tests(folder: Path) -> WriteFile:
    """Writes a scenario file from its tests."""

    def write(tests: str) -> Path:
        path = Path("a.scenario.yaml")
        path.write_text(HEAD + indent(dedent(tests), "  "))
        return path

    return write


@pytest.fixture
def read_tests(write_tests: WriteFile) -> Callable[[str], Suite]:
    """Reads the suite that a file with these tests is."""
    return lambda tests: read_suite(write_tests(tests))


@pytest.fixture
def run_steps(read_tests: Callable[[str], Suite]) -> RunSteps:
    """Runs one test from its `given` and `steps`."""

    def run_test(body: str) -> Failure | None:
        suite = read_tests("- id: one\n  title: A test\n" + indent(dedent(body), "  "))
        return run(suite.cases[0])

    return run_test


@pytest.fixture
def problems_in(write_tests: WriteFile) -> ReadProblems:
    """The problems of a file with these tests, less the file's name; lines count from the first test's line."""

    def read(tests: str) -> list[str]:
        with pytest.raises(FileError) as caught:
            read_suite(write_tests(tests))
        return [_short(problem) for problem in caught.value.problems]

    return read


def _short(problem: str) -> str:
    place, _, rest = problem.partition("  ")
    line = int(place.removeprefix("a.scenario.yaml:")) - HEAD.count("\n")
    return f"{line}  {rest}"
