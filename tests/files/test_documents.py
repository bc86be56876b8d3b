"""The files that people write, and the errors that they get."""

from pathlib import Path

import pytest

from hubtwin.files import FileError, load, parse, read
from hubtwin.portal import Configuration


def problems(text: str) -> list[str]:
    with pytest.raises(FileError) as caught:
        load(parse(text, "p.yaml"), Configuration)
    return list(caught.value.problems)


def test_only_true_and_false_are_true_and_false() -> None:
    """Words that YAML once took for them stay words: `on` is a key, `yes` and `no` are answers, a time is a text."""
    text = "on: [yes, No, off, true, False, 2026-03-02]"
    assert parse(text, "p.yaml").data == {"on": ["yes", "No", "off", True, False, "2026-03-02"]}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "settings:\n  deal_wom: x",
            "p.yaml:2  settings: unknown key 'deal_wom'; choose from: company_by_domain, company_sync, deal_created,"
            " deal_won, default_stage, lead_associated, leads; did you mean 'deal_won'?",
        ),
        (
            "account:\n  id: many",
            "p.yaml:2  account.id: Input should be a valid integer, unable to parse string as an integer: 'many'",
        ),
        ("forms:\n  - fields: []", "p.yaml:2  forms.0: the key 'name' is missing"),
        (
            "settings:\n  deal_won: custmer",
            "p.yaml:2  settings.deal_won: no stage is called 'custmer'; choose from: subscriber, lead,"
            " marketingqualifiedlead, salesqualifiedlead, opportunity, customer, evangelist, other; did you mean"
            " 'customer'?",
        ),
        (
            "users:\n- email: a@b.example\nmeeting_links:\n- slug: s\n  user: c@b.example",
            "p.yaml:5  meeting_links.0.user: no user is called 'c@b.example'; choose from: a@b.example; did you mean"
            " 'a@b.example'?",
        ),
        ("forms:\n- name: a\n- name: a", "p.yaml:3  forms.1.name: 'a' is there twice"),
        (
            "workflows:\n- name: w\n  actions:\n  - st: lifecyclestage\n    to: lead",
            "p.yaml:4  workflows.0.actions.0: an action has one of the keys set, copy, clear, wait, wait_until, if,"
            " choose, branch_on, split, end, create, task, note, notify, send_email, enroll_in, add_to_list,"
            " remove_from_list, rotate_owner, assign_conversations, subscribe, unsubscribe, marketing_contact,"
            " webhook, code, delete,"
            " json",
        ),
        (
            "account:\n  time_zone: Europe/Oulu",
            "p.yaml:2  account.time_zone: no time zone is called that; zones have names such as Europe/Helsinki:"
            " 'Europe/Oulu'",
        ),
        (
            "forms:\n- name: a\n  contact_stage: lead",
            "p.yaml:2  forms.0: a form sets the stage of both contact_stage and company_stage, or of neither",
        ),
        ("a: 1\na: 2", "p.yaml:2  the key 'a' is there twice"),
        ("a: [1", "p.yaml:2  not valid YAML: did not find expected ',' or ']'"),
        ("? [a]\n: 1", "p.yaml:1  a key must be a word, not a list or a mapping"),
        ("- 1", "p.yaml:1  expected keys and values, found a list"),
        ("hello", "p.yaml:1  expected keys and values, found 'hello'"),
        ("forms: {name: a}", "p.yaml:1  forms: expected a list, found keys and values"),
        ("settings: [1]", "p.yaml:1  settings: expected keys and values, found a list"),
        ("a: 1\nb: '\0'", "p.yaml:2  not valid YAML: the character 0 can't stand there"),
        ("", "p.yaml:1  expected keys and values, found nothing"),
        (
            "a: !!python/object:os.system x",
            "p.yaml:1  not valid YAML: could not determine a constructor for the tag"
            " 'tag:yaml.org,2002:python/object:os.system'",
        ),
    ],
)
def test_an_error_names_the_line_and_the_choices(text: str, problem: str) -> None:
    """`file:line  path: what is wrong`, and what is allowed."""
    assert problems(text) == [problem]


def test_all_problems_are_listed() -> None:
    """Two mistakes are two lines."""
    assert len(problems("acount: {}\noptions: {became_date: last}")) == 2


def test_an_error_is_about_the_variant_that_was_meant() -> None:
    """A misspelt key of a set action is not compared with the keys of a clear action."""
    assert problems("workflows:\n- name: w\n  actions:\n  - set: lifecyclestage\n    too: lead") == [
        "p.yaml:5  workflows.0.actions.0: unknown key 'too'; choose from: add, append, associated, id, label,"
        " now, set, to, value; did you mean 'to'?",
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(FileError, match=r"nope\.yaml: No such file or directory"):
        read(tmp_path / "nope.yaml")


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    """Nor is one in another encoding taken for UTF-8."""
    (tmp_path / "p.yaml").write_bytes(b"a: \xff")
    with pytest.raises(FileError, match="not UTF-8 text"):
        read(tmp_path / "p.yaml")


def test_a_document_of_aliases_does_not_explode() -> None:
    """A small file can't grow into millions of nodes."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(FileError, match="too large or too deep"):
        parse("\n".join(lines), "bomb.yaml")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("depth", [100, 100_000])
def test_a_deep_document_is_refused(opening: str, depth: int) -> None:
    """Nesting has a limit, too; libyaml itself has none, and crashes."""
    with pytest.raises(FileError, match=r"deep\.yaml:1  the document is too large or too deep"):
        parse(opening * depth, "deep.yaml")


def test_a_file_without_end_is_refused() -> None:
    """So much of it is read, and no more."""
    with pytest.raises(FileError, match=r"/dev/zero:1  the file is larger than 5,000,000 bytes"):
        read("/dev/zero")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (str(2**63), "the number is too large, or none at all"),
        ("0x" + "f" * 5000, "the number is too large, or none at all"),
        (".inf", "the number is too large, or none at all"),
        (".nan", "the number is too large, or none at all"),
        ("9" * 5000, "not a value of the type tag:yaml.org,2002:int"),
        ("!!int many", "not a value of the type tag:yaml.org,2002:int"),
        ("!!bool maybe", "not a value of the type tag:yaml.org,2002:bool"),
    ],
)
def test_values_that_are_none(value: str, problem: str) -> None:
    """Nothing in a file makes the reader crash, nor what has to show it."""
    with pytest.raises(FileError) as caught:
        parse(f"a: 1\nb: {value}", "p.yaml")
    assert caught.value.problems == (f"p.yaml:2  {problem}",)


def test_a_long_value_is_cut() -> None:
    """An error shows enough to find it."""
    (problem,) = problems(f"forms:\n- name: {'x' * 3000}")
    assert problem == f"p.yaml:2  forms.0.name: String should have at most 200 characters: '{'x' * 199}…"


def test_times_stay_text() -> None:
    """YAML's timestamps are left to whoever knows what they mean."""
    assert parse("start: 2026-03-02T09:00", "p.yaml").data == {"start": "2026-03-02T09:00"}


def test_an_empty_configuration_is_hubspots_own() -> None:
    """Every field has a default."""
    assert load(parse("{}", "p.yaml"), Configuration) == Configuration()
