"""`hubtwin lint`, and what it prints."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal
from hubtwin.lint import RULES

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.portal.yaml"))

BROKEN = """\
# what may go wrong, and what does
forms:
  - {name: Demo, contact_stage: customer, company_stage: customer}
workflows:
  - name: Asked
    enroll: {events: [{event: form submitted, form: Demo}]}
    actions:
      - {set: lifecyclestage, to: lead}
  - name: Answered
    enroll: {when: {all: [{property: city, is: Oslo}]}}
    actions:
      - {set: lifecyclestage, to: opportunity}
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as somebody would who works in a folder."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(BROKEN)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(hubtwin, ["lint", *arguments])


def found(*arguments: str) -> list[tuple[str, int]]:
    """The rules that found something, and the lines."""
    return [(one["rule"], one["line"]) for one in json.loads(run(*arguments, "--json").stdout)]


def test_text() -> None:
    """One finding after the other, from the top of the file to its end; then how many there are."""
    result = run("a.yaml", "--rule", "stage-back")
    assert result.output == (
        "a.yaml:12  warning stage-back: workflow 'Answered' sets opportunity, but the contact may be in "
        "customer already: that stage stays, and the action fails\n"
        "    1. a new contact gets customer: form Demo  (a.yaml:3)\n"
        "    2. workflow 'Answered' enrolls it  (a.yaml:10)\n"
        "    3. opportunity comes before it  (a.yaml:12)\n"
        "    fix: ask for the stage before, in the criteria or in a branch, and let only records pass that are before "
        "opportunity\n"
        "1 file: 0 errors, 1 warning, 0 notes\n"
    )
    assert result.exit_code == 1


def test_all_that_is_found() -> None:
    """In the order of the lines; several files are one list."""
    assert found("a.yaml") == [("re-enroll-off", 6), ("stage-never-set", 8), ("stage-back", 12)]
    Path("b.yaml").write_text("{}")
    assert run("a.yaml", "b.yaml").output.endswith("2 files: 1 error, 1 warning, 1 note\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on", "error"), 1),
        (("--ignore", "stage-never-set"), 1),
        (("--ignore", "stage-never-set", "--fail-on", "error"), 0),
        (("--rule", "re-enroll-off"), 0),
        (("--rule", "re-enroll-off", "--rule", "stage-back"), 1),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int) -> None:
    """1 where something is as bad as asked for; notes never fail."""
    assert run("a.yaml", *arguments).exit_code == code


def test_comments_that_allow() -> None:
    """At the end of the line, or alone above it; for the rules that they name."""
    lines = BROKEN.splitlines()
    lines[11] += "  # lint: allow stage-back"
    lines.insert(7, "      # lint: allow clear-and-set, stage-never-set: this is what the test shows")
    Path("a.yaml").write_text("\n".join(lines))
    assert found("a.yaml") == [("re-enroll-off", 6)]
    Path("a.yaml").write_text(BROKEN.replace("to: lead}", "to: lead}  # lint: allow clear-and-set"))
    assert len(found("a.yaml")) == 3


def test_a_comment_that_allows_what_is_no_rule() -> None:
    """A slip would let the wrong thing pass: the file can't be used."""
    Path("a.yaml").write_text("# lint: allow stage-bak\n{}")
    result = run("a.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("a.yaml:1  no rule is called 'stage-bak'; choose from: stage-never-set")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_clean(file: Path) -> None:
    """What they do wrong on purpose, they say."""
    assert found(str(file)) == []


def test_files_that_cannot_be_used() -> None:
    """Their problems go to stderr, each with file and line."""
    Path("b.yaml").write_text("acount: {}\n")
    result = run("a.yaml", "b.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("b.yaml:1  unknown key 'acount'")


@pytest.mark.parametrize("arguments", [(), ("a.yaml", "--url", "http://127.0.0.1:1")])
def test_what_to_look_at(arguments: tuple[str, ...]) -> None:
    """Files or a served portal, one of the two."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert "name portal files, or with --url a served portal" in result.stderr


def test_a_rule_that_there_is_not() -> None:
    """The error names those that there are."""
    result = run("a.yaml", "--rule", "stage-bak")
    assert result.exit_code == 2
    assert "'stage-bak' is not one of 'stage-never-set'" in result.stderr


def test_a_served_portal() -> None:
    """As it is now; there is no file, so that places are paths in one."""
    with LocalPortal("a.yaml") as portal:
        portal.change_settings({"deal_won": "opportunity"})
        result = run("--url", portal.url, "--rule", "no-effect")
        assert result.output.startswith("settings.deal_won  warning no-effect: settings.deal_won: ")
        assert result.output.endswith(f"{portal.url}: 0 errors, 1 warning, 0 notes\n")


def test_json() -> None:
    """Places as a rule's path in the file, and as file and line; defaults have no line."""
    (one,) = json.loads(run("a.yaml", "--json", "--rule", "stage-back").stdout)
    assert {key: one[key] for key in ("rule", "severity", "place", "file", "line")} == {
        "rule": "stage-back",
        "severity": "warning",
        "place": "workflows.1.actions.0",
        "file": "a.yaml",
        "line": 12,
    }
    assert one["path"][0] == {
        "words": "a new contact gets customer: form Demo",
        "place": "forms.0.contact_stage",
        "file": "a.yaml",
        "line": 3,
    }


def test_sarif() -> None:
    """A log of version 2.1.0: rules by their index, results with their locations, and the way there as a code flow."""
    log = json.loads(run("a.yaml", "--sarif").stdout)
    assert (log["version"], log["$schema"].endswith("sarif-schema-2.1.0.json")) == ("2.1.0", True)
    (run_,) = log["runs"]
    driver = run_["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == list(RULES)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    assert [result["ruleId"] for result in run_["results"]] == ["re-enroll-off", "stage-never-set", "stage-back"]
    for result in run_["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == driver["rules"][result["ruleIndex"]]["defaultConfiguration"]["level"]
        assert result["message"]["text"]
        for location in result["locations"]:
            assert location["physicalLocation"]["artifactLocation"] == {"uri": "a.yaml"}
            assert location["physicalLocation"]["region"]["startLine"] >= 1
            assert location["logicalLocations"][0]["fullyQualifiedName"].startswith("workflows.")
    (flow,) = run_["results"][2]["codeFlows"]
    (thread,) = flow["threadFlows"]
    assert [one["location"]["message"]["text"] for one in thread["locations"]][-1] == "opportunity comes before it"
