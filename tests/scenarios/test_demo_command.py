"""`hubtwin demo`: what it prints is what portals answer."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.cli.demo import QUARTER, quarter, report
from hubtwin.cli.questions import QUESTIONS, Answer, Surprise, by_hand, clear_then_set, sync, workflow_backwards
from hubtwin.portal import Portal


def test_a_workflow_does_not_move_a_customer_back() -> None:
    """The value is kept, and the workflow has an issue."""
    assert workflow_backwards() == [
        "2026-03-02 09:00:00  workflow Back to lead:"
        " contact 1001 (Liisa) lifecyclestage stays customer, lead comes before it",
        "2026-03-02 09:00:00  action failed: contact 1001 (Liisa)"
        ' Lifecycle stage was not updated: "lead" comes before the current stage "customer".',
        "= contact 1001 (Liisa): customer",
        "= issues of workflow Back to lead: 1",
    ]


def test_a_cleared_stage_can_be_set() -> None:
    """Clear, then set: two versions, no issue."""
    assert clear_then_set() == [
        "2026-03-02 09:00:00  workflow Start over: contact 1001 (Liisa) lifecyclestage customer -> (empty)",
        "2026-03-02 09:00:00  workflow Start over: contact 1001 (Liisa) lifecyclestage (empty) -> lead",
        "= contact 1001 (Liisa): lead",
        "= issues of workflow Start over: 0",
    ]


def test_a_person_moves_a_stage_back() -> None:
    """The same value, written by an app in vain."""
    lines = by_hand()
    assert [line for line in lines if line.startswith("=")] == [
        "= contact 1001 (Liisa): customer",
        "= contact 1001 (Liisa): salesqualifiedlead",
    ]
    assert "by hand Aino Virtanen" in lines[2]


def test_colleagues_follow_their_company_with_sync_on() -> None:
    """With sync on the story of the colleague leads back to the deal; with sync off she stays a lead."""
    on, off = "\n".join(sync()).split("Sync off:\n")
    assert on.splitlines() == [
        "Sync on:",
        "2026-03-16 09:00:00  by hand Aino Virtanen: deal 1004 (One team) dealstage contractsent -> closedwon",
        "2026-03-16 09:00:00  setting deal_won: company 1001 (Konserni) lifecyclestage opportunity -> customer",
        "2026-03-16 09:00:00  setting company_sync: contact 1003 (Sanna) lifecyclestage opportunity -> customer",
        "= company 1001 (Konserni): customer",
        "= contact 1002 (Ville): customer",
        "= contact 1003 (Sanna): customer",
    ]
    assert off.splitlines()[-2:] == ["= contact 1002 (Ville): customer", "= contact 1003 (Sanna): lead"]


def test_an_answer_that_is_not_the_expected_one_is_an_error() -> None:
    """The demo never prints what a portal doesn't say."""
    portal = Portal()
    contact = portal.create("contacts", {"firstname": "Liisa"})
    with pytest.raises(Surprise, match=r"contact 1001 \(Liisa\): expected 'customer', the portal says 'lead'"):
        Answer(portal).check_stage(contact, "customer")


def test_the_quarter_is_reported_from_its_portal() -> None:
    """Counts in the report are those of the run; progress ends at the whole."""
    fractions: list[float] = []
    run = quarter(7, fractions.append)
    lines = report(run)
    customers = run.portal.records[run.portal.type("contacts")].having("lifecyclestage", "customer")
    assert 2_000 < run.walk.entered < 4_000
    assert lines[0].startswith(f"{run.journey.title}: {run.walk.entered:,} buyers, ")
    assert f"customers now: {len(customers)}" in lines
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def demo(hash_seed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`hubtwin demo` in a process of its own."""
    command = [sys.executable, "-m", "hubtwin.cli", "demo", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment)


def test_the_demo_is_the_same_every_time() -> None:
    """The same bytes on stdout in two processes; how fast it was is on stderr."""
    first, second = demo("1"), demo("2")
    assert first.stdout == second.stdout
    assert "log entries in" in first.stderr
    assert "\x1b" not in first.stdout
    assert [line[:1] for line in first.stdout.splitlines() if line[:1].isdigit()] == list("12345")
    assert f"people came for {QUARTER} days" in first.stdout


def test_another_seed_is_another_quarter() -> None:
    """The questions stay the same, the quarter doesn't."""
    outputs = [CliRunner().invoke(hubtwin, ["demo", "--seed", seed]).stdout for seed in ("1", "2")]
    heads, quarters = zip(*(output.split("\n5  ") for output in outputs), strict=True)
    assert heads[0] == heads[1]
    assert all(question in heads[0] for question, _ in QUESTIONS)
    assert quarters[0] != quarters[1]
