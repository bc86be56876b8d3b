"""`hubtwin portal`: portal files checked, begun, exported and described to editors."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as somebody would who works in a folder."""
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(hubtwin, ["portal", *arguments])


def test_a_file_to_begin_with() -> None:
    """It holds, without a warning; and it isn't overwritten by mistake."""
    assert run("init", "acme.yaml").output == ("acme.yaml is a portal. Serve it: hubtwin serve --portal acme.yaml\n")
    result = run("check", "acme.yaml", "--strict")
    assert (result.exit_code, result.output) == (0, "1 file: 0 errors, 0 warnings\n")
    Path("acme.yaml").write_text("{}")
    result = run("init", "acme.yaml")
    assert (result.exit_code, Path("acme.yaml").read_text()) == (2, "{}")
    assert "acme.yaml exists already; choose another name, or overwrite it with --force" in result.stderr
    assert run("init", "acme.yaml", "--force").exit_code == 0
    assert Path("acme.yaml").read_text().startswith("# yaml-language-server")


def test_a_folder_that_is_not_there() -> None:
    """The error names the file."""
    result = run("init", "nowhere/acme.yaml")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: can't write nowhere/acme.yaml: No such file or directory\n",
    )


def test_all_problems_of_all_files() -> None:
    """Each with file and line; the exit code is 2."""
    Path("a.yaml").write_text("settings:\n  deal_won: custmer\nforms:\n- name: F\n- name: F\n")
    Path("b.yaml").write_text("properties:\n  contacts:\n  - {name: hs_mine}\n")
    result = run("check", "a.yaml", "b.yaml", "c.yaml")
    assert result.exit_code == 2
    assert [line.partition("  ")[0] for line in result.output.splitlines()] == [
        "a.yaml:2",
        "a.yaml:5",
        "b.yaml:3",
        "c.yaml",
        "3 files: 4 errors, 0 warnings",
    ]
    assert "c.yaml  No such file or directory\n" in result.output


def test_warnings() -> None:
    """They pass, unless somebody is strict."""
    Path("a.yaml").write_text("settings:\n  deal_won: lead\n  deal_created: null\n")
    result = run("check", "a.yaml")
    assert result.output == (
        "a.yaml:2  warning: settings.deal_won: new contacts are in 'lead' already, so that 'lead' moves none of them\n"
        "1 file: 0 errors, 1 warning\n"
    )
    assert (result.exit_code, run("check", "a.yaml", "--strict").exit_code) == (0, 1)


def test_findings_for_programs() -> None:
    """A list of what was found, where, and how bad it is."""
    Path("a.yaml").write_text("acount: {}\n")
    result = run("check", "a.yaml", "--json")
    (finding,) = json.loads(result.output)
    assert (finding["kind"], finding["where"], result.exit_code) == ("error", "a.yaml:1", 2)
    assert finding["message"].startswith("unknown key 'acount'; choose from: ")
    Path("a.yaml").write_text("{}")
    assert json.loads(run("check", "a.yaml", "--json").output) == []


def test_a_file_in_its_shortest_form() -> None:
    """What is as in a new account is left out."""
    Path("a.yaml").write_text("settings: {deal_won: customer, deal_created: lead}\nforms: []\n")
    assert run("export", "a.yaml").output == "settings: {deal_created: lead}\n"


def test_a_served_portal() -> None:
    """As it is now, also where somebody changed it through the API."""
    with LocalPortal({"account": {"name": "Acme"}}) as portal:
        portal.change_settings({"deal_won": None})
        result = run("export", "--url", portal.url)
    assert result.output == "account: {name: Acme}\nsettings: {deal_won: null}\n"


@pytest.mark.parametrize("arguments", [(), ("a.yaml", "--url", "http://127.0.0.1:1")])
def test_what_to_export(arguments: tuple[str, ...]) -> None:
    """A file or a served portal, one of the two."""
    result = run("export", *arguments)
    assert result.exit_code == 2
    assert "name a portal file, or with --url a served portal" in result.stderr


def test_a_wrong_file_is_not_exported() -> None:
    """Its problems are printed instead."""
    Path("a.yaml").write_text("acount: {}\n")
    result = run("export", "a.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("a.yaml:1  unknown key 'acount'")


def test_the_schema() -> None:
    """JSON, for an editor."""
    assert json.loads(run("schema").output)["title"] == "HubTwin portal file"


def test_a_wrong_name_is_said_wherever_the_file_is_used() -> None:
    """Serving it, in Python, in a scenario: with file and line."""
    Path("a.portal.yaml").write_text("workflows:\n- name: W\n  actions:\n  - {set: lifecyclestage, to: led}\n")
    wrong = "a.portal.yaml:4  workflows.0.actions.0.to: lifecyclestage has no option 'led'"
    served = CliRunner().invoke(hubtwin, ["serve", "--portal", "a.portal.yaml"])
    assert (served.exit_code, served.stderr.startswith(wrong)) == (2, True)
    with pytest.raises(Exception, match="no option 'led'"):
        LocalPortal("a.portal.yaml")
    Path("a.scenario.yaml").write_text("scenario: 1\nsuite: S\nportal: a.portal.yaml\ntests: [{id: a}]\n")
    tested = CliRunner().invoke(hubtwin, ["test", "a.scenario.yaml"])
    assert tested.exit_code != 0
    assert wrong in tested.output + tested.stderr


def test_scenarios_know_the_records_of_the_file() -> None:
    """By their aliases."""
    Path("a.portal.yaml").write_text("records:\n- contact: {as: ada, email: ada@acme.example}\n")
    steps = "{record: $ada, has: {lifecyclestage: lead}}"
    Path("a.scenario.yaml").write_text(
        f"scenario: 1\nsuite: S\nportal: a.portal.yaml\ntests:\n- {{id: a, title: T, steps: [{{expect: {steps}}}]}}\n"
    )
    result = CliRunner().invoke(hubtwin, ["test", "a.scenario.yaml"])
    assert result.exit_code == 0, result.output


def test_a_file_described() -> None:
    """The page goes to stdout, or into a file."""
    Path("a.yaml").write_text("account: {name: Acme}\n")
    result = run("describe", "a.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# How the lifecycle stages of Acme work\n\n## The stages, in order\n")
    assert run("describe", "a.yaml", "-o", "stages.md").output == ""
    assert Path("stages.md").read_text() == result.stdout
    failed = run("describe", "a.yaml", "-o", "nowhere/stages.md")
    assert (failed.exit_code, failed.stderr) == (
        1,
        "Error: can't write nowhere/stages.md: No such file or directory\n",
    )


def test_a_served_portal_described() -> None:
    """As it is now: with its records, and the settings that somebody changed."""
    with LocalPortal({"account": {"name": "Acme"}}) as portal:
        portal.create("contacts", {"email": "ada@acme.example"})
        portal.change_settings({"deal_won": None})
        page = run("describe", "--url", portal.url).output
    assert "| Lead | `lead` | - | - | 1 |\n" in page
    assert "- A won deal moves nobody.\n" in page


@pytest.mark.parametrize("arguments", [(), ("a.yaml", "--url", "http://127.0.0.1:1")])
def test_what_to_describe(arguments: tuple[str, ...]) -> None:
    """A file or a served portal, one of the two."""
    result = run("describe", *arguments)
    assert (result.exit_code, "name a portal file, or with --url a served portal" in result.stderr) == (2, True)


def test_a_wrong_file_is_not_described() -> None:
    """Its problems are printed instead."""
    Path("a.yaml").write_text("settings: {deal_won: custmer}\n")
    result = run("describe", "a.yaml", "-o", "stages.md")
    assert (result.exit_code, Path("stages.md").exists()) == (2, False)
    assert result.stderr.startswith("a.yaml:1  settings.deal_won: no stage is called 'custmer'")
