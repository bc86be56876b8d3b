"""Coverage: what of a configuration was exercised, and above all what was not."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from hubtwin.connected.product import Product
from hubtwin.coverage import Coverage, Coverages
from hubtwin.coverage.coverage import Share
from hubtwin.coverage.reports import as_json, lcov, read_json, text
from hubtwin.doors.local import LocalPortal
from hubtwin.journeys import library
from hubtwin.portal import Record
from hubtwin.portal.moments import DAY
from hubtwin.runs.run import simulate

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
connected:
  product:
    sign_up_stage: lead
    events: [{name: invited}]
    rules: [{event: invited, stage: opportunity}]
  billing:
    plans: [{name: Basic, amount: 10}]
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
  - name: Nurture
    enroll:
      events:
        - {event: form submitted, form: Demo}
        - {event: property changed, property: city}
    goal: {all: [{property: lifecyclestage, is: customer}]}
    suppress: [Bosses]
    actions:
      - if: {all: [{property: city, is: Paris}]}
        then:
          - {set: state, to: France}
      - {wait: 1d}
      - branch_on: city
        cases: {Paris: [], Rome: []}
  - name: Watch
    enroll:
      when: {all: [{property: city, known: true}]}
      leave_when_not_met: true
    actions:
      - split: [{percent: 100}, {percent: 0}]
      - {wait: 1d}
  - {name: Asleep, active: false}
  - name: Daily
    enroll: {schedule: {at: "08:00"}}
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


def mail(portal: LocalPortal, *, opted_out: bool = False) -> None:
    if opted_out:
        portal.preferences.opt_out("seed@acme.example", source=portal.app)
    portal.marketing_emails.send("Welcome", [seed(portal)])


def sign_up(portal: LocalPortal) -> Product:
    portal.connected.product.sign_up("ada@acme.example")
    return portal.connected.product


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
    ("marketing_emails.0", lambda twin: mail(twin, opted_out=True), lambda twin: mail(twin)),
    (
        "ads.0.lead_forms.0.contact_stage",
        lambda twin: contact(twin, lifecyclestage="opportunity"),
        lambda twin: twin.ads.submit("Offer", {"email": "ada@acme.example"}),
    ),
    (
        "connected.product.rules.0",
        lambda twin: sign_up(twin),
        lambda twin: sign_up(twin).event("ada@acme.example", "invited"),
    ),
    (
        "connected.billing.customer_stage",
        lambda twin: contact(twin, lifecyclestage="customer"),
        lambda twin: twin.connected.billing.subscribe("ada@acme.example", "Basic"),
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


def live_in(portal: LocalPortal, city: str) -> Record:
    """A contact who moves to a city, and two days later."""
    ada = contact(portal)
    portal.update(ada, {"city": city})
    portal.clock.advance(2 * DAY)
    return ada


def meet_goal(portal: LocalPortal, days: int) -> None:
    submit(portal)
    portal.clock.advance(days * DAY)
    portal.update(portal.find("contacts", 1001 + 2), {"lifecyclestage": "customer"})


GAPS += [
    (
        "workflows.1.enroll",
        lambda twin: twin.workflows.enroll("Nurture", contact(twin)),
        lambda twin: submit(twin),
    ),
    ("workflows.1.enroll.events.0", lambda twin: live_in(twin, "Rome"), lambda twin: submit(twin)),
    ("workflows.1.enroll.events.1", lambda twin: submit(twin), lambda twin: live_in(twin, "Rome")),
    ("workflows.1.goal", lambda twin: meet_goal(twin, 2), lambda twin: meet_goal(twin, 0)),
    (
        "workflows.1.suppress",
        lambda twin: live_in(twin, "Rome"),
        lambda twin: twin.update(seed(twin), {"city": "Rome"}),
    ),
    ("workflows.1.actions.0.then", lambda twin: live_in(twin, "Rome"), lambda twin: live_in(twin, "Paris")),
    ("workflows.1.actions.0.else", lambda twin: live_in(twin, "Paris"), lambda twin: live_in(twin, "Rome")),
    ("workflows.1.actions.0.then.0", lambda twin: live_in(twin, "Rome"), lambda twin: live_in(twin, "Paris")),
    ("workflows.1.actions.2.cases.Rome", lambda twin: live_in(twin, "Paris"), lambda twin: live_in(twin, "Rome")),
    ("workflows.1.actions.2.else", lambda twin: live_in(twin, "Paris"), lambda twin: live_in(twin, "Oslo")),
    (
        "workflows.4.enroll",
        lambda twin: twin.workflows.enroll("Daily", seed(twin)),
        lambda twin: twin.clock.advance(DAY),
    ),
    (
        "workflows.2.enroll.leave_when_not_met",
        lambda twin: twin.update(live_in(twin, "Oslo"), {"city": ""}),
        lambda twin: twin.update(contact(twin, city="Oslo"), {"city": ""}),
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


# -- what counts ---------------------------------------------------------------------------------------------


def test_what_can_be_exercised_is_what_is_on(twin: LocalPortal) -> None:
    """Settings that set nothing, sleeping chatflows and workflows, stages that no form can give are not asked for."""
    rules = set(coverage_of(twin).features)
    never = ("settings.lead_associated", "forms.1.company_stage", "chatflows.1", "workflows.3.enroll")
    assert rules.isdisjoint({*never, "workflows.2.actions.0.split.1.then"})
    assert rules > {"forms.1.contact_stage", "workflows.2.actions.0.split.0.then"}


def test_the_beginning_exercises_nothing(twin: LocalPortal) -> None:
    """The portal file's own records pass through settings, lists and scores, too; nobody tested that."""
    assert len(twin.log) > 0
    assert exercised(twin) == set()
    assert not coverage_of(twin).transitions


def test_a_stage_that_was_kept_out_was_given(twin: LocalPortal) -> None:
    """A form that leaves a customer alone has done its work."""
    contact(twin, lifecyclestage="customer")
    submit(twin)
    assert "forms.0.contact_stage" in exercised(twin)


def test_whoever_was_wiped_is_not_told_of(twin: LocalPortal) -> None:
    """After a deletion for privacy's sake the rows of the log stay, without what they said."""
    ada = contact(twin, jobtitle="CEO", city="Rome")
    submit(twin)
    twin.log.forget(ada)
    assert "forms.0" in exercised(twin)
    assert not coverage_of(twin).transitions


def test_portals_add_up(twin: LocalPortal) -> None:
    """One configuration, many portals: what each of them exercised counts, and what happened counts once."""
    other, coverages = LocalPortal("twin.portal.yaml"), Coverages()
    submit(twin)
    deal(other, "closedwon")
    for _ in range(2):
        coverages.add(twin, twin.reception.file)
        (coverage,) = (coverages.add(other, other.reception.file),)
    assert [(coverage.hits["forms.0"], coverage.hits["settings.deal_won"]) for coverage in coverages] == [(1, 1)]
    assert coverage.transitions["contacts", "lead", "customer"] == 1


def test_a_portal_that_goes_back_keeps_what_it_showed(twin: LocalPortal) -> None:
    """After a reset the log begins anew, and what is in it counts from its beginning on."""
    coverages = Coverages()
    submit(twin)
    coverages.add(twin, twin.reception.file)
    twin.reset()
    deal(twin, "closedwon")
    coverage = coverages.add(twin, twin.reception.file)
    assert (coverage.hits["forms.0"], coverage.hits["settings.deal_won"]) == (1, 1)


def test_configurations_are_told_apart() -> None:
    """Each portal file is reported by itself, and so is each configuration that is none."""
    coverages = Coverages()
    for data in ({}, {"forms": [{"name": "Demo"}]}, {"forms": [{"name": "Demo"}]}, {"forms": [{"name": "Other"}]}):
        portal = LocalPortal(data)
        coverages.add(portal, portal.reception.file)
    names = [coverage.name.partition(" ")[0] for coverage in coverages]
    assert names == ["HubSpot's", "configuration", "configuration"]


def test_a_simulation_is_covered() -> None:
    """Buyers and sellers exercise a configuration as tests do."""
    coverages = Coverages()
    coverage = coverages.add(simulate(*library.load("saas-mid"), seed=1, buyers=30).portal)
    assert 0 < coverage.share.exercised < coverage.share.of


# -- numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercised", "of", "percent"), [(0, 3, 0.0), (2, 3, 66.6), (1999, 2000, 99.9), (9999, 10_000, 99.9), (7, 7, 100.0)]
)
def test_per_cent_are_never_rounded_up(exercised: int, of: int, percent: float) -> None:
    """100 % means all of it, and --fail-under looks at the exact share."""
    share = Share(exercised, of)
    assert share.percent == percent
    assert share.is_below(100) is (exercised < of)


def test_of_nothing_nothing_is_enough() -> None:
    """A run that used no portal has not exercised all of them."""
    assert Coverages().share.is_below(0)


# -- reports -------------------------------------------------------------------------------------------------

SMALL = """\
settings:
  deal_won: customer
lists:
  - name: Bosses
    filters: {all: [{property: jobtitle, is: CEO}]}
forms:
  - {name: Demo, fields: [email], contact_stage: lead, company_stage: lead}
  - {name: Other, fields: [email]}
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coverages:
    """The coverage of a small portal, on which a chief executive filled in the first form."""
    monkeypatch.chdir(tmp_path)
    Path("small.portal.yaml").write_text(SMALL)
    coverages, portal = Coverages(), LocalPortal("small.portal.yaml")
    portal.forms.submit("Demo", {"email": "ada@acme.example", "jobtitle": "CEO"}, is_trusted=True)
    coverages.add(portal, portal.reception.file)
    return coverages


def test_the_text(small: Coverages) -> None:
    """A row for each part, then all that is missing with file and line, then what stages records went through."""
    lines = text(small).splitlines()
    assert lines[0] == "coverage of small.portal.yaml"
    assert "  forms             2   3  66.6" in lines
    start = lines.index("not exercised:")
    assert [line.split(maxsplit=1) for line in lines[start + 1 : start + 4]] == [
        ["small.portal.yaml:2", "setting deal_won"],
        ["small.portal.yaml:4", "list Bosses: left"],
        ["small.portal.yaml:8", "form Other: submitted"],
    ]
    assert lines[start + 4].split() == ["stages.0", "(default)", "stage", "subscriber:", "entered"]
    assert lines[-3] == "  contacts: (none) -> lead, 1 time"
    assert lines[-1] == "coverage: 4 of 21, 19.0 %"


def test_lcov(small: Coverages) -> None:
    """Lines are as green as what is exercised least on them; what can go several ways has branches; no defaults."""
    assert lcov(small) == dedent(
        """\
        TN:
        SF:small.portal.yaml
        BRDA:4,0,0,1
        BRDA:4,0,1,0
        BRF:2
        BRH:1
        DA:2,0
        DA:4,0
        DA:7,1
        DA:8,0
        LF:4
        LH:1
        end_of_record
        """
    )


def test_a_branch_that_nobody_came_to(twin: LocalPortal) -> None:
    """LCOV tells it from one that nobody took."""
    coverages = Coverages()
    coverages.add(twin, twin.reception.file)
    assert "BRDA:24,0,0,-" in lcov(coverages)


def test_json_is_read_again(small: Coverages) -> None:
    """Nothing is lost on the way, and two reports add up."""
    other = Coverages()
    other.merge(read_json(as_json(small)))
    assert as_json(other) == as_json(small)
    other.merge(read_json(as_json(small)))
    assert [coverage.hits["forms.0"] for coverage in other] == [2]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"coverage": 2}', '{"coverage": 1, "portals": [{}]}'])
def test_other_json_is_refused(content: str) -> None:
    """Half a report would look like a bad result."""
    with pytest.raises(ValueError):  # noqa: PT011  the words are json's own
        read_json(content)
