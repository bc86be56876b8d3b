"""Coverage from the command line, from pytest, and of a served portal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal

TESTS = """\
- id: demo
  title: A demo request makes a marketing qualified lead
  steps:
    - submit_form: {form: Demo, email: ada@acme.example, as: ada}
    - expect: {record: $ada, has: {lifecyclestage: marketingqualifiedlead}}
- id: fails
  title: A meeting makes a customer
  steps:
    - book_meeting: {link: rita, email: ada@acme.example, as: ada}
    - expect: {record: $ada, has: {lifecyclestage: customer}}
"""


@pytest.fixture
def path(write_tests: Callable[[str], Path]) -> str:
    """A file with a test that passes and one that fails."""
    return str(write_tests(TESTS))


def invoke(*arguments: str) -> Result:
    """Run `hubtwin` in this process."""
    return CliRunner().invoke(hubtwin, list(arguments))


def hits(report: str) -> dict[str, int]:
    """What a JSON report says was exercised, and how often."""
    (portal,) = json.loads(Path(report).read_text())["portals"]
    return {one["rule"]: one["hits"] for one in portal["features"] if one["hits"]}


# -- hubtwin test --------------------------------------------------------------------------------------------


def test_tests_show_what_they_exercise(path: str) -> None:
    """After the results comes the coverage of the portal file that the scenarios name."""
    plain, shown = invoke("test", path).stdout, invoke("test", path, "--coverage").stdout
    assert shown.startswith(plain)
    lines = shown.removeprefix(plain).splitlines()
    assert lines[1] == "coverage of twin.portal.yaml"
    assert "  twin.portal.yaml:4" in [line.split("  form")[0].rstrip() for line in lines if "Newsletter" in line]
    assert lines[-1].startswith("coverage: ")


def test_what_failing_tests_exercise_counts(path: str) -> None:
    """It did happen, and the exit code says what is wrong."""
    assert invoke("test", path, "--coverage-json", "all.json").exit_code == 1
    assert hits("all.json").keys() >= {"forms.1", "meeting_links.0"}


def test_selected_tests_alone_count(path: str) -> None:
    """`-k` chooses what is looked at; a table of many rows exercises things as often."""
    assert invoke("test", path, "-k", "demo", "--coverage-json", "demo.json").exit_code == 0
    assert hits("demo.json")["forms.1"] == 1
    assert "meeting_links.0" not in hits("demo.json")


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("10", 0), ("100", 1)])
def test_too_little_is_exit_code_1(path: str, least: str, code: int) -> None:
    """All tests passed, and yet `--fail-under` isn't content."""
    result = invoke("test", path, "-k", "demo", "--fail-under", least)
    assert result.exit_code == code
    assert ("is less than 100 % (--fail-under)" in result.stderr) is (code == 1)


def test_a_wrong_file_stays_exit_code_2(path: str) -> None:
    """Too little is the smaller trouble."""
    Path("b.scenario.yaml").write_text("scenario: 3\n")
    assert invoke("test", ".", "--fail-under", "100").exit_code == 2


def test_each_portal_is_reported(path: str) -> None:
    """Two scenario files with two portals, one of them inline: two tables and one sum."""
    Path("b.scenario.yaml").write_text(
        "scenario: 1\nsuite: B\nportal:\n  forms: [{name: Own}]\ntests:\n  - {id: b, title: B, steps: []}\n"
    )
    lines = invoke("test", ".", "--coverage").stdout.splitlines()
    assert [line for line in lines if line.startswith("coverage of")] == [
        "coverage of twin.portal.yaml",
        "coverage of b.scenario.yaml",
    ]
    assert any(line.split() == ["b.scenario.yaml:4", "form", "Own:", "submitted"] for line in lines)


def test_lcov_is_for_viewers(path: str) -> None:
    """`--coverage-lcov` writes a tracefile with the lines of the portal file."""
    invoke("test", path, "--coverage-lcov", "lcov.info")
    assert Path("lcov.info").read_text().startswith("TN:\nSF:twin.portal.yaml\n")


def test_a_file_that_cannot_be_written(path: str) -> None:
    """The error names it."""
    result = invoke("test", path, "--coverage-json", "none/all.json")
    assert result.exit_code == 1
    assert "can't write none/all.json: No such file or directory" in result.stderr


# -- hubtwin coverage ----------------------------------------------------------------------------------------


def test_reports_add_up(path: str) -> None:
    """Runs in different places, one report of all."""
    for test in ("demo", "fails"):
        invoke("test", path, "-k", test, "--coverage-json", f"{test}.json")
    invoke("test", path, "--coverage-json", "both.json")
    result = invoke("coverage", "demo.json", "fails.json", "--coverage-json", "sum.json")
    assert result.exit_code == 0
    assert hits("sum.json") == hits("both.json")
    assert invoke("coverage", "both.json").stdout == result.stdout


def test_a_served_portal_is_asked(folder: Path) -> None:
    """`GET /_twin/coverage` is the same report, so that a test suite in any language can be measured."""
    with LocalPortal("twin.portal.yaml") as portal:
        portal.forms.submit("Demo", {"email": "ada@acme.example"})
        result = invoke("coverage", "--url", portal.url, "--coverage-json", "served.json", "--fail-under", "90")
    assert result.exit_code == 1
    assert "coverage of twin.portal.yaml" in result.stdout
    assert hits("served.json")["forms.1"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name the reports, or with --url a served portal"),
        (["none.json"], "can't read none.json: No such file or directory"),
        (["twin.portal.yaml"], "twin.portal.yaml is no report that --coverage-json wrote"),
    ],
)
def test_what_is_no_report(folder: Path, arguments: list[str], message: str) -> None:
    """Exit code 2, and the file's name."""
    result = invoke("coverage", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


# -- pytest --------------------------------------------------------------------------------------------------

CONSUMER = """\
import pytest

@pytest.fixture
def portal_configuration():
    return "twin.portal.yaml"

@pytest.fixture
def app(portal):
    return portal

@pytest.mark.parametrize("name", ["ada", "bob"])
def test_demo(app, name):
    app.forms.submit("Demo", {"email": f"{name}@acme.example"})

@pytest.fixture(scope="module")
def shared():
    from hubtwin.doors.local import LocalPortal
    with LocalPortal("twin.portal.yaml") as portal:
        yield portal

@pytest.mark.parametrize("name", ["ada", "bob"])
def test_newsletter(shared, name):
    shared.forms.submit("Newsletter", {"email": f"{name}@acme.example"})

def test_no_portal():
    pass
"""

STRICT = ("--strict-markers", "--strict-config", "-W", "error", "-p", "no:cacheprovider")


@pytest.fixture
def consumer(pytester: pytest.Pytester, folder: Path) -> pytest.Pytester:
    """A project with tests in Python and in scenarios, on one portal file."""
    (pytester.path / "twin.portal.yaml").write_text((folder / "twin.portal.yaml").read_text())
    (pytester.path / "a.scenario.yaml").write_text(
        "scenario: 1\nsuite: A\nportal: twin.portal.yaml\ntests:\n"
        "  - {id: a, title: A, steps: [{book_meeting: {link: rita, email: ada@acme.example}}]}\n"
    )
    pytester.makepyfile(CONSUMER)
    pytester.chdir()
    return pytester


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "xdist"])
def test_a_session_is_covered(consumer: pytest.Pytester, workers: tuple[str, ...]) -> None:
    """Fixtures' portals and scenarios count together, whichever worker they ran in; what happened counts once."""
    result = consumer.runpytest_subprocess(
        *STRICT, *workers, "--hubtwin-coverage", "--hubtwin-coverage=all.json", "--hubtwin-coverage=lcov.info"
    )
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["*coverage of portal files*", "coverage of twin.portal.yaml", "coverage: * %"])
    found = hits("all.json")
    assert {rule: found[rule] for rule in ("forms.0", "forms.1", "meeting_links.0")} == {
        "forms.0": 2,
        "forms.1": 2,
        "meeting_links.0": 1,
    }
    assert "SF:twin.portal.yaml" in Path("lcov.info").read_text()


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "xdist"])
@pytest.mark.parametrize(("least", "code"), [("5", 0), ("99", 1)])
def test_a_session_fails_where_it_is_too_little(
    consumer: pytest.Pytester, workers: tuple[str, ...], least: str, code: int
) -> None:
    """All tests pass, and the exit code is that of failed tests."""
    result = consumer.runpytest_subprocess(*STRICT, *workers, "--hubtwin-fail-under", least)
    result.assert_outcomes(passed=6)
    assert result.ret == code
    assert ("is less than 99 % (--hubtwin-fail-under)" in result.stdout.str()) is (code == 1)


def test_a_path_is_not_taken_for_a_report(consumer: pytest.Pytester) -> None:
    """`--hubtwin-coverage tests` would swallow the folder: it is refused."""
    result = consumer.runpytest_subprocess("--hubtwin-coverage", "a.scenario.yaml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*a report's name ends in one of .json, .info, .lcov*"])


def test_without_the_options_nothing_is_measured(consumer: pytest.Pytester) -> None:
    """Whoever doesn't ask pays nothing."""
    result = consumer.runpytest_subprocess(*STRICT)
    result.stdout.no_fnmatch_line("*coverage*")
