"""What the source articles ask for, row by row: each row is exercised by a scenario that is tagged with it, or a test.

The articles were written by HubSpot consultants: S0 is an agency's, S1 answers seven questions, S2 judges how ripe
leads are, S3 is a teacher's, S4 a playbook for software that people buy by themselves.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hubtwin.files import read

ROOT = Path(__file__).parents[2]
CITED = re.compile(r"\bS[0-4]\.\d+\b")

ROWS = {
    "S0.1": "stages of contacts and of companies: eight values in order, Subscriber to Other",
    "S0.2": "customers are kept out of mailings to prospects by the stage",
    "S0.3": "contacts and companies are kept in step",
    "S0.4": "a workflow gives those who are there their first stage",
    "S0.5": "an SQL is handed over to another CRM and followed up there, in the same terms",
    "S0.6": "what makes each stage: forms, sales' verdict, meetings, deals, referrals, lost offers",
    "S0.7": "lead status, with values of the account's own",
    "S1.1": "stages can be added and removed",
    "S1.2": "everything that may write the stage",
    "S1.3": "a stage never goes back by accident, and a workflow that tries has an error",
    "S1.4": "the ways back: clear first, or edit by hand",
    "S1.5": "a branch before the action, and who hears of which errors",
    "S1.6": "the stage of new records, of created and of won deals",
    "S1.7": "the sync of company and contacts, and why large companies are left out",
    "S1.8": "where the property is used, and which workflows write it",
    "S1.9": "customers who left: churned, still a customer by the date, or back to SQL with a word to sales",
    "S1.10": "how many MQLs and SQLs, how fast, who is a customer now; own people left out",
    "S1.11": "stages set from where the deal stands",
    "S1.12": "one place that says how the stages work",
    "S2.1": "three definitions of a lead, by fit and activity",
    "S2.2": "what makes an MQL: fit together with visits, a download, a score",
    "S2.3": "SQL by score or by hand, and a rep who hears of it at once",
    "S2.4": "opportunity by hand, customer by a won deal",
    "S2.5": "nothing moves on from Other without clearing",
    "S2.6": "clearing the stage turns chosen MQLs back into leads",
    "S2.7": "what marketing and sales agreed on",
    "S2.8": "readers of the newsletter kept apart from leads",
    "S3.1": "Subscriber by a blog subscription, a conversation, or by hand",
    "S3.2": "Lead by a form, a Salesforce sync, or from Gmail and Outlook",
    "S3.3": "MQL and SQL never by themselves, only by the company's own rules",
    "S3.4": "opportunity by an open deal of contact or company, customer by one that is won",
    "S3.5": "a lead by behaviour: subscribed, and five visits of product pages",
    "S3.6": "evangelists by reviews and sharing; Other gets no mails",
    "S3.7": "who owns which stage, and what both sides promised",
    "S4.1": "the funnel first: where the biggest drop is",
    "S4.2": "a list of stages of one's own, of which some can be skipped",
    "S4.3": "from coldest to hottest, with the number of contacts in each",
    "S4.4": "views and active lists on the stage",
    "S4.5": "lead status as sub-stages of SQL",
    "S4.6": "segments from forms, visits, product events and subscriptions",
    "S4.7": "flows from segments to stages, with waits so that two don't collide",
    "S4.8": "a marketing automation in two-way sync",
    "S4.9": "an activated subscription makes a customer",
    "S4.10": "a meeting makes an SQL, tells sales, fills in the company, makes a deal",
    "S4.11": "the rates from each step to the next",
    "S4.12": "the definitions of the stages, written down, with their owners",
}


def tags() -> Iterator[str]:
    """The tags of all shipped scenarios and examples."""
    for folder in ("scenarios", "examples"):
        for path in sorted((ROOT / folder).rglob("*.scenario.yaml")):
            for test in read(path).data["tests"]:
                yield from test.get("tags", ())


def docstrings() -> Iterator[str]:
    """The docstrings of all tests."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield ast.get_docstring(node) or ""


def exercised() -> set[str]:
    """The rows that are named by a tag of a scenario or by a test's docstring."""
    return {row for text in (*tags(), *docstrings()) for row in CITED.findall(text)}


def test_every_row_is_exercised() -> None:
    """What an article describes is tried in a scenario or a test that names it."""
    assert sorted(set(ROWS) - exercised()) == []


def test_no_row_is_made_up() -> None:
    """Whatever a scenario or a test names is a row."""
    assert sorted(exercised() - set(ROWS)) == []
