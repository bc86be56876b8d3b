"""The page about portal files is made from the models, and its example is one."""

import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.files import load, load_portal, parse
from hubtwin.portal import Configuration, Portal

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "portal_files.py"))


def test_the_page_is_up_to_date() -> None:
    """`python docs/portal_files.py` writes the page, and this is what it writes."""
    assert (DOCS / "portal-files.md").read_text(encoding="utf-8") == MADE["page"]()


def test_the_example_is_a_portal() -> None:
    """It loads, and a portal can be made of it."""
    portal = Portal(load(parse(MADE["EXAMPLE"], "team.portal.yaml"), Configuration))
    assert portal.create("contacts", {"firstname": "Ada"}).stage == "subscriber"


def test_the_workflows_run() -> None:
    """The workflows that the page shows load, and do what their words say."""
    portal = Portal(load_portal(parse(MADE["WORKFLOWS"], "team.portal.yaml")))
    eve = portal.create("contacts", {"email": "eve@b.example", "jobtitle": "CEO", "company": "B"})
    portal.update(eve, {"lifecyclestage": "marketingqualifiedlead"})
    portal.clock.advance("15m")
    (deal,) = portal.associations.of(eve, portal.type("deals"))
    assert (eve.stage, deal.get("dealname")) == ("opportunity", "Deal with B")
    assert list(portal.workflows.issues) == []


def test_the_error_is_the_one_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page shows is what the command says."""
    monkeypatch.chdir(tmp_path)
    broken = "# team.portal.yaml\n" + MADE["EXAMPLE"].replace("deal_won: customer", "deal_won: custmer")
    Path("team.portal.yaml").write_text(broken)
    result = CliRunner().invoke(hubtwin, ["serve", "--portal", "team.portal.yaml"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr in MADE["page"]()


def test_every_key_says_what_it_means() -> None:
    """No row of the reference is without a meaning, but for names that say it themselves."""
    rows = [line for line in MADE["page"]().splitlines() if line.endswith("|  |")]
    obvious = ("name", "label", "email", "first_name", "last_name", "description", "slug", "id", "title")
    assert [row for row in rows if row.split("`")[1] not in obvious] == []
