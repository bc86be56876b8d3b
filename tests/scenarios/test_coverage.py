"""Coverage: what of a configuration was exercised, and above all what was not."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from hubtwin.coverage import Coverage, Coverages
from hubtwin.coverage.coverage import Share
from hubtwin.coverage.reports import as_json, lcov, read_json, text
from hubtwin.doors.local import LocalPortal
from hubtwin.files.portal_file import PortalFile
from hubtwin.portal import Portal, Record
from hubtwin.portal.moments import DAY
from hubtwin.verbs import do

#: A portal with one of everything that can be exercised.
PORTAL = """\
stages:
  - {id: lead, label: Lead}
  - {id: opportunity, label: Opportunity}
  - {id: customer, label: Customer}
settings:
  company_by_domain: true
  lead_associated: null
users:
  - {email: rita@twin.example}
forms:
  - name: Demo
    fields: [email, company.name]
    contact_stage: opportunity
    company_stage: opportunity
  - {name: Short, fields: [email], contact_stage: opportunity, company_stage: opportunity}
meeting_links:
  - {slug: rita, user: rita@twin.example}
chatflows:
  - name: Helper
    kind: bot
    contact_stage: opportunity
    steps:
      - {ask: "Your address?", property: email}
      - {when: {property: jobtitle, any_of: [CEO]}, then: talk}
      - {end: Bye}
      - {hand_over: "One moment", name: talk}
  - {name: Asleep, active: false}
marketing_emails:
  - {name: Welcome, kind: automated}
ads:
  - name: Page
    network: facebook
    lead_forms:
      - {name: Offer, contact_stage: opportunity}
lists:
  - name: Bosses
    filters: {all: [{property: jobtitle, is: CEO}]}
scores:
  - name: Fit
    groups:
      - name: Job
        category: fit
        rules:
          - {when: [{property: jobtitle, is: CEO}], points: 10}
workflows:
  - name: Back to lead
    actions:
      - {set: lifecyclestage, to: lead}
records:
  - contact: {as: seed, email: seed@acme.example, jobtitle: CEO}
"""


@pytest.fixture
def twin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalPortal:
    """A portal of the file above."""
    monkeypatch.chdir(tmp_path)
    Path("twin.portal.yaml").write_text(PORTAL)
    return LocalPortal("twin.portal.yaml")


def coverage_of(*portals: LocalPortal) -> Coverage:
    """The coverage of portals of one configuration."""
    coverages = Coverages()
    return [coverages.add(portal, portal.reception.file) for portal in portals][-1]


def exercised(portal: LocalPortal) -> set[str]:
    """The rules that were exercised in a portal."""
    coverage = coverage_of(portal)
    return {rule for rule in coverage.features if coverage.hits[rule]}


def contact(portal: LocalPortal, name: str = "ada", **values: str) -> Record:
    return portal.create("contacts", {"email": f"{name}@acme.example", **values})


def seed(portal: LocalPortal) -> Record:
    """The contact who is there from the start."""
    return portal.seeding.records["seed"]


def submit(portal: LocalPortal, company: dict[str, str] | None = None, **fields: str) -> None:
    fields = {"email": "ada@acme.example", **fields}
    portal.forms.submit("Demo", fields, company_fields=company, is_trusted=True)


def deal(portal: LocalPortal, stage: str) -> None:
    portal.create("deals", {"dealname": "Seats", "dealstage": stage}, links=[(seed(portal), ())])


def answer(portal: LocalPortal, name: str) -> None:
    portal.chatflows.open("Helper").answer(name)


def mail(portal: LocalPortal, name: str) -> None:
    portal.marketing_emails.send("Welcome", [contact(portal, name)])


#: Rules, what comes near to exercising them, and what does it.
GAPS: list[tuple[str, Callable[[LocalPortal], Any], Callable[[LocalPortal], Any]]] = [
    ("stages.2", lambda twin: contact(twin), lambda twin: contact(twin, lifecyclestage="customer")),
    (
        "settings.default_stage.contacts",
        lambda twin: contact(twin, lifecyclestage="lead"),
        lambda twin: contact(twin),
    ),
    ("settings.deal_created", lambda twin: deal(twin, "closedlost"), lambda twin: deal(twin, "contractsent")),
    ("settings.deal_won", lambda twin: deal(twin, "contractsent"), lambda twin: deal(twin, "closedwon")),
    (
        "settings.company_by_domain",
        lambda twin: twin.create("contacts", {"email": "ada@gmail.com"}),
        lambda twin: contact(twin),
    ),
    ("forms.0", lambda twin: twin.forms.view("Demo", contact=seed(twin)), lambda twin: submit(twin)),
    ("forms.0.contact_stage", lambda twin: submit(twin, lifecyclestage="lead"), lambda twin: submit(twin)),
    (
        "forms.0.company_stage",
        lambda twin: submit(twin),
        lambda twin: submit(twin, {"name": "Acme"}),
    ),
    (
        "meeting_links.0",
        lambda twin: twin.create("meetings", {"hs_timestamp": "2026-03-03"}, links=[(seed(twin), ())]),
        lambda twin: twin.meetings.book("rita", "ada@acme.example", start=twin.clock.now),
    ),
    ("chatflows.0", lambda twin: answer(twin, "not an address"), lambda twin: answer(twin, "ada@acme.example")),
    (
        "chatflows.0.contact_stage",
        lambda twin: answer(twin, "seed@acme.example"),
        lambda twin: answer(twin, "ada@acme.example"),
    ),
    (
        "chatflows.0.steps.0",
        lambda twin: answer(twin, "not an address"),
        lambda twin: answer(twin, "ada@acme.example"),
    ),
    (
        "chatflows.0.steps.1.then",
        lambda twin: answer(twin, "ada@acme.example"),
        lambda twin: answer(twin, "seed@acme.example"),
    ),
    (
        "chatflows.0.steps.1.otherwise",
        lambda twin: answer(twin, "seed@acme.example"),
        lambda twin: answer(twin, "ada@acme.example"),
    ),
    (
        "chatflows.0.steps.3",
        lambda twin: answer(twin, "ada@acme.example"),
        lambda twin: answer(twin, "seed@acme.example"),
    ),
    ("marketing_emails.0", lambda twin: mail(twin, "x"), lambda twin: mail(twin, "ada")),
    (
        "ads.0.lead_forms.0.contact_stage",
        lambda twin: contact(twin, lifecyclestage="opportunity"),
        lambda twin: twin.ads.submit("Offer", {"email": "ada@acme.example"}),
    ),
    ("lists.0.joined", lambda twin: contact(twin), lambda twin: contact(twin, jobtitle="CEO")),
    (
        "lists.0.left",
        lambda twin: contact(twin, jobtitle="CEO"),
        lambda twin: twin.update(seed(twin), {"jobtitle": "CFO"}),
    ),
    ("scores.0", lambda twin: contact(twin), lambda twin: contact(twin, jobtitle="CEO")),
    (
        "workflows.0.enroll",
        lambda twin: contact(twin),
        lambda twin: twin.workflows.enroll("Back to lead", seed(twin)),
    ),
    (
        "workflows.0.actions.0",
        lambda twin: twin.workflows.enroll("Back to lead", contact(twin, lifecyclestage="customer")),
        lambda twin: twin.workflows.enroll("Back to lead", seed(twin)),
    ),
]


@pytest.mark.parametrize(("rule", "nearly", "wholly"), GAPS, ids=[rule for rule, _, _ in GAPS])
def test_a_gap_is_seen(
    twin: LocalPortal, rule: str, nearly: Callable[[LocalPortal], Any], wholly: Callable[[LocalPortal], Any]
) -> None:
    """What comes near to a rule doesn't exercise it; what it is for does."""
    nearly(twin)
    assert rule not in exercised(twin)
    other = LocalPortal("twin.portal.yaml")
    wholly(other)
    assert rule in exercised(other)
