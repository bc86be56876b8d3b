"""Scenario files under pytest: collected with no code, each case a test."""

import subprocess
import sys

import pytest

SCENARIO = """\
scenario: 1
suite: A suite
tests:
  - id: holds
    title: A new contact is a lead
    tags: [smoke]
    steps:
      - create_contact: {as: ada, email: ada@acme.example}
      - expect: {record: $ada, has: {lifecyclestage: lead}}
  - id: fails
    title: A new contact is what it isn't
    each: [{stage: lead}, {stage: customer}]
    steps:
      - create_contact: {as: ada, email: ada@acme.example}
      - expect: {record: $ada, has: {lifecyclestage: $stage}}
"""

STRICT = ("--strict-markers", "--strict-config", "-W", "error", "-p", "no:cacheprovider")


@pytest.fixture
def consumer(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project of somebody else's, with one scenario file."""
    (pytester.path / "a.scenario.yaml").write_text(SCENARIO)
    return pytester


def test_cases_are_tests(consumer: pytest.Pytester) -> None:
    """A folder of scenarios is run by `pytest` alone; rows have names of their own."""
    result = consumer.runpytest(*STRICT, "-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "a.scenario.yaml::holds PASSED*",
            "a.scenario.yaml::fails[[]lead[]] PASSED*",
            "a.scenario.yaml::fails[[]customer[]] FAILED*",
        ]
    )


def test_a_failure_is_the_story_alone(consumer: pytest.Pytester) -> None:
    """What pytest prints of a failure is the scenario's own text, with no traceback."""
    result = consumer.runpytest(*STRICT)
    lines = result.outlines
    start = lines.index("a.scenario.yaml:15  A new contact is what it isn't  [customer]")
    assert lines[start + 1 : start + 5] == [
        "$ada: expected lifecyclestage = customer, is lead",
        "  2026-03-02 09:00:00  contact 1001 (ada@acme.example) created, app 1",
        "  2026-03-02 09:00:00  setting default_stage.contacts: contact 1001 (ada@acme.example)"
        " lifecyclestage (empty) -> lead  <-- rule settings.default_stage.contacts (default)",
        "reproduce: hubtwin test a.scenario.yaml -k 'fails[customer]'",
    ]
    assert lines[start - 1].strip("_ ") == "fails[customer]: A new contact is what it isn't"


@pytest.mark.parametrize(
    ("options", "passed"),
    [(["-m", "smoke"], 1), (["-m", "not smoke"], 1), (["-k", "smoke"], 1), (["-k", "holds"], 1), (["-k", "new"], 2)],
)
def test_tags_and_titles_select(consumer: pytest.Pytester, options: list[str], passed: int) -> None:
    """Tags are markers, under --strict-markers too; `-k` finds ids, rows, tags and words of titles."""
    outcomes = consumer.runpytest(*STRICT, *options).parseoutcomes()
    assert outcomes["passed"] == passed


def test_the_line_of_a_test_is_reported(consumer: pytest.Pytester) -> None:
    """Reports point at the line of the file on which the test begins."""
    items, _ = consumer.inline_genitems()
    assert [item.reportinfo()[1:] for item in items] == [
        (3, "holds: A new contact is a lead"),
        (9, "fails[lead]: A new contact is what it isn't"),
        (9, "fails[customer]: A new contact is what it isn't"),
    ]


def test_a_wrong_file_is_a_collection_error(consumer: pytest.Pytester) -> None:
    """Its problems are printed with file and line, and no traceback."""
    (consumer.path / "b.scenario.yaml").write_text("scenario: 1\nsuite: S\ntests:\n  - {id: x, titel: X, steps: []}\n")
    result = consumer.runpytest(*STRICT)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["b.scenario.yaml:4  tests.0: unknown key 'titel'; *did you mean 'title'[?]"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_parallel_workers_agree(consumer: pytest.Pytester) -> None:
    """The same outcomes under pytest-xdist."""
    result = consumer.runpytest_subprocess(*STRICT, "-n", "2")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["reproduce: hubtwin test a.scenario.yaml -k 'fails[[]customer[]]'"])


def test_the_last_failure_alone_runs_again(consumer: pytest.Pytester) -> None:
    """`--lf` works, because the ids of tests stay the same."""
    consumer.runpytest("-W", "error")
    assert consumer.runpytest("-W", "error", "--lf").parseoutcomes() == {"failed": 1}


def test_other_yaml_is_left_alone(pytester: pytest.Pytester) -> None:
    """Only names that end in .scenario.yaml are collected."""
    (pytester.path / "compose.yaml").write_text("services: {}")
    assert pytester.runpytest(*STRICT).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_plugin_imports_pytest_alone() -> None:
    """Whoever has HubTwin installed pays nothing for scenarios that they don't have."""
    code = (
        "import sys, pytest; before = set(sys.modules); import hubtwin.scenarios.collection;"
        "print(*sorted(set(sys.modules) - before))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert found == ["hubtwin", "hubtwin.scenarios", "hubtwin.scenarios.collection"]
