"""Files that are wrong: each problem is said with file, line and what is allowed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.files import FileError
from hubtwin.portal.configuration import Settings
from hubtwin.portal.pipelines import LIFECYCLE_STAGES
from hubtwin.scenarios.format import Step
from hubtwin.scenarios.runner import run
from hubtwin.scenarios.suites import read_suite

ReadProblems = Callable[[str], list[str]]

STAGES = f"choose from: {', '.join(id for id, _ in LIFECYCLE_STAGES)}"


def problem_of(path: Path | str) -> str:
    """The first problem of a file."""
    with pytest.raises(FileError) as caught:
        read_suite(path)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (
            "sumbit_form: {form: Demo, contact: $ada}",
            f"tests.0.steps.0: unknown key 'sumbit_form'; choose from: {', '.join(sorted(Step.model_fields))};"
            " did you mean 'submit_form'?",
        ),
        (
            "submit_form: {from: Demo, form: Demo, contact: $ada}",
            "tests.0.steps.0.submit_form: unknown key 'from';"
            " choose from: as, company, contact, cookie, email, fields, form, page; did you mean 'form'?",
        ),
        (
            "submit_form: {form: Demmo, contact: $ada}",
            "tests.0.steps.0.submit_form.form: no form is called 'Demmo';"
            " choose from: Newsletter, Demo; did you mean 'Demo'?",
        ),
        (
            "submit_form: {form: Demo, contact: $ada, fields: {firstnam: Ada}}",
            "tests.0.steps.0.submit_form.fields.firstnam: form 'Demo' has no field 'firstnam';"
            " choose from: email, firstname, lastname, lifecyclestage; did you mean 'firstname'?",
        ),
        (
            "submit_form: {form: Demo}",
            "tests.0.steps.0.submit_form: name one person: a known contact (contact) or anybody by e-mail (email)",
        ),
        (
            "submit_form: {form: Demo, contact: $ada, as: eve}",
            "tests.0.steps.0.submit_form: the contact has an alias already: $ada",
        ),
        (
            "submit_form: {form: Demo, email: ada}",
            "tests.0.steps.0.submit_form.email: Email address ada is invalid",
        ),
        (
            "book_meeting: {link: rit, contact: $ada}",
            "tests.0.steps.0.book_meeting.link: no meetings link is called 'rit';"
            " choose from: rita; did you mean 'rita'?",
        ),
        (
            "enroll: {record: $ada, workflow: Back}",
            "tests.0.steps.0.enroll.workflow: no workflow is called 'Back'; choose from: Back to lead, Close, Ask Rita",
        ),
        (
            "enroll: {record: $ada, workflow: Close}",
            "tests.0.steps.0.enroll.record: '$ada' is one of the contacts, not of the companies",
        ),
        (
            "edit: {record: $ada, by: ritta@twin.example, set: {}}",
            "tests.0.steps.0.edit.by: no user is called 'ritta@twin.example';"
            " choose from: rita@twin.example; did you mean 'rita@twin.example'?",
        ),
        (
            "update: {record: $adda, set: {}}",
            "tests.0.steps.0.update.record: no record is called '$adda' here; choose from: $ada; did you mean '$ada'?",
        ),
        (
            "update: {record: ada, set: {}}",
            "tests.0.steps.0.update.record: a record is named by its alias, as in $ada: 'ada'",
        ),
        (
            "update: {record: $ada, set: {lifecyclestage: custmer}}",
            f"tests.0.steps.0.update.set.lifecyclestage: lifecyclestage can't be 'custmer'; {STAGES};"
            " did you mean 'customer'?",
        ),
        (
            "update: {record: $ada, set: {lifecyclstage: lead}}",
            "tests.0.steps.0.update.set.lifecyclstage: contacts have no property 'lifecyclstage';"
            " did you mean 'lifecyclestage'?",
        ),
        (
            "update: {record: $ada, set: {createdate: 2026-01-01}}",
            "tests.0.steps.0.update.set.createdate: HubSpot calculates this property; it can't be written",
        ),
        (
            "update: {record: $ada, set: {firstname: null}}",
            "tests.0.steps.0.update.set.firstname: null leaves a property as it is; write '' to clear it",
        ),
        (
            "update: {record: $ada, set: {firstname: [Ada]}}",
            "tests.0.steps.0.update.set.firstname: expected one value, found ['Ada']",
        ),
        (
            "update: {record: $ada, set: {firstname: $name}}",
            "tests.0.steps.0.update.set.firstname: '$name' is no column of `each`; choose from: none are defined",
        ),
        (
            "create_contact: {email: eve@acme.example, company: $ada}",
            "tests.0.steps.0.create_contact.company: '$ada' is a record, not a value; associated_with links records",
        ),
        (
            "create_contact: {as: eve, lastname: E, fistname: Eve}",
            "tests.0.steps.0.create_contact.fistname: contacts have no property 'fistname'; did you mean 'firstname'?",
        ),
        (
            "create_contact: {email: eve@acme.example, asociated_with: $ada}",
            "tests.0.steps.0.create_contact.asociated_with: contacts have no property 'asociated_with';"
            " did you mean 'associated_with'?",
        ),
        (
            "create_contact: {as: ada, email: eve@acme.example}",
            "tests.0.steps.0.create_contact.as: 'ada' names another record already",
        ),
        (
            "create_company: {name: Acme, industry: softwear}",
            "tests.0.steps.0.create_company.industry: industry can't be 'softwear'; it has 148 options",
        ),
        ("create_company: {as: acme}", "tests.0.steps.0.create_company: a new company needs name or domain"),
        (
            "create_deal: {dealname: Big, amount: much}",
            "tests.0.steps.0.create_deal.amount: much was not a valid number",
        ),
        (
            "create_deal: {dealname: Big, hubspot_owner_id: 1}",
            "tests.0.steps.0.create_deal.hubspot_owner_id: hubspot_owner_id can't be '1'; choose from: 70000001",
        ),
        (
            "move_deal: {deal: $ada, stage: closedwon}",
            "tests.0.steps.0.move_deal.deal: '$ada' is one of the contacts, not of the deals",
        ),
        (
            "wait: 3 weeks",
            "tests.0.steps.0.wait: not a duration;"
            " write numbers with a unit (ms, s, m, h, d, w), as in 1d 12h: '3 weeks'",
        ),
        ("wait: 11000d", "tests.0.steps.0.wait: longer than 3660 days: '11000d'"),
        ("wait:", "tests.0.steps.0: nothing is said after 'wait'"),
        ("wait", "tests.0.steps.0: expected keys and values, found 'wait'"),
        ("{}", "tests.0.steps.0: expected one verb, found none; each verb is an item of its own"),
        (
            "{wait: 1d, expect: {record: $ada, has: {}}}",
            "tests.0.steps.0: expected one verb, found expect, wait; each verb is an item of its own",
        ),
        (
            "expect: {recrd: $ada, has: {}}",
            "tests.0.steps.0.expect: nothing known is expected: 'recrd';"
            " choose from: history, record, records, stage_counts, list, view, notifications, workflow_issues,"
            " workflow_log, why, used_in, row, refused; did you mean 'record'?",
        ),
        ("expect: $ada", "tests.0.steps.0.expect: expected keys and values, found '$ada': '$ada'"),
        (
            "expect: {record: $ada, has: {}, hass: {}}",
            "tests.0.steps.0.expect: unknown key 'hass'; choose from: has, record; did you mean 'has'?",
        ),
        (
            "expect: {history: {record: $ada, property: xyz}, is: []}",
            "tests.0.steps.0.expect.history.property: contacts have no property 'xyz'",
        ),
        (
            "expect: {history: {record: $ada, property: lifecyclestage}, is: [led]}",
            f"tests.0.steps.0.expect.is.0: lifecyclestage can't be 'led'; {STAGES}; did you mean 'lead'?",
        ),
        (
            "expect: {workflow_issues: {workflow: Clothes}, count: 0}",
            "tests.0.steps.0.expect.workflow_issues.workflow: no workflow is called 'Clothes';"
            " choose from: Back to lead, Close, Ask Rita; did you mean 'Close'?",
        ),
        (
            "expect: {refused: {enroll: {record: $eve, workflow: Back to lead}}}",
            "tests.0.steps.0.expect.refused.enroll.record: no record is called '$eve' here; choose from: $ada",
        ),
        (
            "associate: {record: $ada, with: $ada}",
            "tests.0.steps.0.associate.with: this is the record itself; name another one",
        ),
    ],
)
def test_a_wrong_step_is_an_error_with_its_line(problems_in: ReadProblems, step: str, problem: str) -> None:
    """Whatever is wrong with a step is found before anything runs."""
    tests = """\
        - id: one
          title: A test
          given: [{contact: {as: ada, email: ada@acme.example}}]
          steps:
            - %s
        """
    assert problems_in(tests % step) == [f"5  {problem}"]


def test_all_problems_of_a_file_are_said_at_once(problems_in: ReadProblems) -> None:
    """Nobody has to mend a file line by line."""
    problems = problems_in(
        """\
        - id: one
          titel: A test
          steps: []
        - id: two
          title: Another
          given:
            - contact: {as: ada, email: ada@acme.example, lifecyclestage: buyer}
          steps:
            - enroll: {record: $bob, workflow: Back to lead}
        """
    )
    assert problems == [
        "1  tests.0: the key 'title' is missing",
        "2  tests.0: unknown key 'titel'; choose from: each, given, id, steps, tags, title; did you mean 'title'?",
        f"7  tests.1.given.0.contact.lifecyclestage: lifecyclestage can't be 'buyer'; {STAGES}",
        "9  tests.1.steps.0.enroll.record: no record is called '$bob' here; choose from: $ada",
    ]


def test_an_id_names_one_test_of_a_file(problems_in: ReadProblems) -> None:
    """The second test of an id is wrong; the error says where the first one is."""
    test = "- {id: one, title: A test, steps: []}\n"
    # The line inside the message is the file's own.
    assert problems_in(test + test) == ["2  tests.1.id: the test on line 5 has the id 'one' already"]


@pytest.mark.parametrize("name", ["one two", "-one", ""])
def test_ids_and_tags_are_words(problems_in: ReadProblems, name: str) -> None:
    """They have to stand on a command line as they are."""
    problem = f"expected a word of letters and digits, with . _ + - inside: {name!r}"
    assert problems_in(f'- {{id: "{name}", title: A test, steps: []}}') == [f"1  tests.0.id: {problem}"]
    tests = f'- {{id: one, title: A test, tags: ["{name}"], steps: []}}'
    assert problems_in(tests) == [f"1  tests.0.tags.0: {problem}"]


def test_a_tag_can_not_be_a_marker_of_pytest(problems_in: ReadProblems) -> None:
    """`skip` would skip the test under pytest, and run it elsewhere."""
    assert problems_in("- {id: one, title: A test, tags: [skip], steps: []}") == [
        "1  tests.0.tags.0: pytest has a meaning of its own for this word; choose another tag: 'skip'"
    ]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("[]", "tests.0.each: expected a list of rows, each with keys and values"),
        ("{x: 1}", "tests.0.each: expected a list of rows, each with keys and values"),
        ("[x]", "tests.0.each.0: expected keys and values, found 'x'"),
        ("[{x: 1}, {y: 1}]", "tests.0.each.1: the columns are not those of the first row: x"),
        ("[{x y: 1}]", "tests.0.each.0.x y: a column is named by a word, not 'x y'"),
        ("[{ada: 1}]", "tests.0.given.0.contact.as: 'ada' is a column of `each` already"),
    ],
)
def test_a_table_has_rows_of_the_same_columns(problems_in: ReadProblems, table: str, problem: str) -> None:
    """A wrong table is said at its line, and its test is not read any further."""
    given = "[{contact: {as: ada, email: ada@acme.example}}]"
    tests = f"- {{id: one, title: A test, given: {given}, each: {table}, steps: []}}"
    assert problems_in(tests) == [f"1  {problem}"]


def test_waits_that_add_up_to_a_lifetime_are_wrong(problems_in: ReadProblems) -> None:
    """A portal's calendar has an end."""
    assert problems_in("- {id: one, title: A test, steps: [{wait: 3000d}, {wait: 3000d}]}") == [
        "1  tests.0.steps.1.wait: the waits of this test add up to more than 3660 days"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "x.scenario.yaml:1  expected keys and values, found nothing"),
        ("- a", "x.scenario.yaml:1  expected keys and values, found a list"),
        ("suite: S\nscenario: 2\nfoo: bar", "x.scenario.yaml:2  scenario: format 2 is not known; this version of"
         " HubTwin reads format 1"),
        ("suite: S\ntests: [{}]", "x.scenario.yaml:1  the key 'scenario' is missing"),
        ("scenario: 1\nsuite: S\nsuite: T", "x.scenario.yaml:3  the key 'suite' is there twice"),
        ("scenario: 1\nsuite: S\ntests: []", "x.scenario.yaml:3  tests: expected at least one test"),
        ("scenario: 1\nsuite: S\ntests: {a: 1}", "x.scenario.yaml:3  tests: expected a list, found keys and values"),
        ("scenario: 1\nsuite: S\ntests: [a]", "x.scenario.yaml:3  tests.0: expected keys and values, found 'a'"),
        ("scenario: 1\nsuite: S\nclock: {start: noon}\ntests: [{}]",
         "x.scenario.yaml:3  clock.start: not a moment; write it as in 2026-03-02T09:00: 'noon'"),
        ("scenario: 1\nsuite: S\nclock: {start: 9999-01-01}\ntests: [{}]",
         "x.scenario.yaml:3  clock.start: outside the years 1970 to 2099: '9999-01-01'"),
        ("scenario: 1\nsuite: S\nportal: twim.portal.yaml\ntests: [{}]",
         "x.scenario.yaml:3  portal: no such file: 'twim.portal.yaml'; choose from: twin.portal.yaml;"
         " did you mean 'twin.portal.yaml'?"),
        ("scenario: 1\nsuite: S\nportal: 5\ntests: [{}]",
         "x.scenario.yaml:3  portal: expected keys and values, found 5"),
        ("scenario: 1\nsuite: S\nportal:\n  settings: {deal_wonn: x}\ntests: [{}]",
         f"x.scenario.yaml:4  portal.settings: unknown key 'deal_wonn';"
         f" choose from: {', '.join(sorted(Settings.model_fields))}; did you mean 'deal_won'?"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_an_error_with_its_line(folder: Path, text: str, problem: str) -> None:
    """Broken YAML, another version, missing parts, a portal that isn't there or is wrong."""
    path = folder / "x.scenario.yaml"
    path.write_text(text)
    assert problem_of(path) == problem


def test_broken_yaml_is_an_error_with_its_line(folder: Path) -> None:
    """What YAML's parser says is passed on; its words depend on whether it is the one in C."""
    path = folder / "x.scenario.yaml"
    path.write_text("scenario: 1\n\tsuite: S")
    assert problem_of(path).startswith("x.scenario.yaml:2  not valid YAML: ")


def test_a_broken_portal_file_is_named_itself(folder: Path) -> None:
    """What is wrong in the portal file is said with the portal file's name and line."""
    (folder / "twin.portal.yaml").write_text("forms:\n  - {nam: Demo}\n")
    path = folder / "x.scenario.yaml"
    path.write_text("scenario: 1\nsuite: S\nportal: twin.portal.yaml\ntests: [{}]\n")
    assert problem_of(path) == "twin.portal.yaml:2  forms.0: the key 'name' is missing"


def test_a_missing_file_is_said(folder: Path) -> None:
    """A path that leads nowhere."""
    assert problem_of("none.scenario.yaml") == "none.scenario.yaml: No such file or directory"


WHOLE: dict[str, Any] = {
    "scenario": 1,
    "suite": "S",
    "portal": {"forms": [{"name": "Demo"}]},
    "clock": {"start": "2026-03-02"},
    "tests": [
        {
            "id": "one",
            "title": "T",
            "tags": ["x"],
            "each": [{"stage": "lead"}],
            "given": [{"contact": {"as": "ada", "email": "ada@acme.example", "lifecyclestage": "$stage"}}],
            "steps": [
                {"submit_form": {"contact": "$ada", "form": "Demo", "fields": {"firstname": "Ada"}}},
                {"wait": "1d"},
                {"expect": {"record": "$ada", "has": {"lifecyclestage": "$stage"}}},
                {"expect": {"refused": {"create_contact": {"email": "ada@acme.example"}}, "because": "already"}},
            ],
        }
    ],
}

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(SCALARS, inner, max_size=2), max_leaves=4
)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """The whole file with one part of it replaced by something else."""

    def spoil(part: Any) -> Any:
        if not isinstance(part, dict | list) or draw(st.integers(0, 3)) == 0:
            return draw(ANYTHING)
        keys = list(part) if isinstance(part, dict) else range(len(part))
        chosen = draw(st.sampled_from(keys))
        changed = {key: spoil(part[key]) if key == chosen else part[key] for key in keys}
        return changed if isinstance(part, dict) else list(changed.values())

    return spoil(WHOLE)


def read_and_run(path: Path) -> tuple[str, ...]:
    """The problems of a file that can't be read; none where it was read and run."""
    try:
        for case in read_suite(path).cases:
            run(case)
    except FileError as error:
        return error.problems
    return ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=spoiled())
def test_no_file_makes_the_reader_crash(tmp_path: Path, data: Any) -> None:
    """Any file is read and run, or refused with its name and line."""
    path = tmp_path / "x.scenario.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    assert all(problem.startswith(f"{path}:") for problem in read_and_run(path))
