"""What a journey's file may say, and how its errors read."""

import pytest

from hubtwin.files import FileError, parse
from hubtwin.journeys.journey import Journey
from hubtwin.portal import Portal
from hubtwin.portal.configuration import Configuration

FILE = """\
journey: small
arrivals: {per_week: 10}
team:
  name: sales
  hours: Mon-Fri 09:00-17:00
  call: 20m
  qualified: {base: 0.5}
  deals:
    opened: {base: 0.5}
    won: {base: 0.5}
    won_after: 20d
    lost_after: 20d
    step: 20m
    amount: {median: 1000, sigma: 0.5}
start: fork
states:
  fork:
    decide: What first?
    weights: {read: 0.4, ask: 0.6}
  read: {submit_form: newsletter, next: think}
  think: {wait: {exponential: {mean: 5d}}, next: ask}
  ask: {submit_form: demo, next: book}
  book: {book_meeting: ada, notice: 1d, next: attend}
  attend: {attend: true, next: wait}
  wait:
    wait_until: {crm: lifecyclestage, at_least: customer}
    at_most: 20d
    next: gone
  gone: {end: gone}
"""


def problems(configuration: Configuration, *changes: tuple[str, str]) -> list[str]:
    """What is wrong with the file after some changes of its text."""
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(FileError) as caught:
        Journey.parse(parse(text, "small.yaml")).check(Portal(configuration))
    return list(caught.value.problems)


def test_the_file_itself_is_right(configuration: Configuration) -> None:
    """Without a change there is nothing to complain of."""
    Journey.parse(parse(FILE, "small.yaml")).check(Portal(configuration))


STATES = "fork, read, think, ask, book, attend, wait, gone"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("ask: 0.6}", "ask: 0.5}", "19  states.fork.weights: the weights sum to 0.9; they must sum to one"),
        (
            "read: 0.4",
            "reed: 0.4",
            f"19  states.fork.weights.reed: no state is called 'reed'; choose from: {STATES}; did you mean 'read'?",
        ),
        (
            "start: fork",
            "start: frok",
            f"15  start: no state is called 'frok'; choose from: {STATES}; did you mean 'fork'?",
        ),
        ("read: 0.4", "think: 0.4", "20  states.read: no way leads here from the start, 'fork'"),
        (
            "submit_form: newsletter",
            "submit_form: newsleter",
            "20  states.read.submit_form: no form is called 'newsleter'; choose from: newsletter, demo;"
            " did you mean 'newsletter'?",
        ),
        (
            "book_meeting: ada",
            "book_meeting: [bo, ade]",
            "23  states.book.book_meeting.1: no meetings link is called 'ade'; choose from: ada, bo;"
            " did you mean 'ada'?",
        ),
        (
            "exponential:",
            "exponental:",
            "21  states.think.wait: unknown key 'exponental'; choose from: exact, exponential, lognormal, uniform;"
            " did you mean 'exponential'?",
        ),
        (
            "mean: 5d",
            "mean: -5d",
            "21  states.think.wait.exponential.mean: '-5d' is not a duration; write numbers with a unit"
            " (ms, s, m, h, d, w), as in '1d 12h': '-5d'",
        ),
        (
            "per_week: 10",
            "per_week: -10",
            "2  arrivals.per_week: Input should be greater than or equal to 0.01: -10",
        ),
        (
            "submit_form: demo",
            "submitform: demo",
            "22  states.ask: no key says what kind of state this is; choose from: submit_form, book_meeting, attend,"
            " wait, wait_until, decide, end; did you mean 'submit_form'?",
        ),
        ("end: gone", "end: gone, wait: 1d", "29  states.gone: wait and end can't be the same state; make one of each"),
        (
            "notice: 1d, next: attend",
            "notice: 1d",
            "23  states.book: a state has one way out, of next, weights, branches, chance; found none",
        ),
        ("gone: {end: gone}", "gone: 3", "29  states.gone: a state has keys and values; one of the keys is"),
        (
            "at_least: customer",
            "at_least: custommer",
            "26  states.wait.wait_until.0.at_least: no lifecycle stage is called 'custommer'",
        ),
        (
            "crm: lifecyclestage, at_least: customer",
            "crm: lead_status, is: NEW",
            "26  states.wait.wait_until.0.crm: contacts have no property 'lead_status'; did you mean 'hs_lead_status'?",
        ),
        (
            "name: sales",
            "name: sails",
            "4  team.name: no team is called 'sails'; choose from: sales; did you mean 'sales'?",
        ),
        ("call: 20m", "takes: mql\n  call: 20m", "6  team.takes: no lifecycle stage is called 'mql'"),
        ("Mon-Fri 09", "Mon-Fre 09", "5  team.hours: working hours are written like 'Mon-Fri 09:00-17:00'"),
        (
            "name: sales",
            "name: sales\n  time_zone: Europe/Stokholm",
            "5  team.time_zone: no time zone is called 'Europe/Stokholm'; their names are like 'Europe/Stockholm';"
            " did you mean 'Europe/Stockholm'?",
        ),
    ],
)
def test_an_error_names_file_line_and_choices(configuration: Configuration, old: str, new: str, problem: str) -> None:
    """One mistake is one problem, with the line where it stands and what would be right."""
    found = problems(configuration, (old, new))
    assert [one[: len(problem) + len("small.yaml:")] for one in found] == [f"small.yaml:{problem}"]


def test_all_problems_are_reported_at_once(configuration: Configuration) -> None:
    """Two mistakes in two places are two lines."""
    found = problems(configuration, ("newsletter", "x"), ("book_meeting: ada", "book_meeting: y"))
    assert [problem.partition("  ")[0] for problem in found] == ["small.yaml:20", "small.yaml:23"]


def test_a_state_that_leads_nowhere_is_refused(configuration: Configuration) -> None:
    """From every state there is a way to an end; else people would walk in circles for ever."""
    found = problems(
        configuration, ("think: {wait: {exponential: {mean: 5d}}, next: ask}", "think: {wait: 1d, next: read}")
    )
    assert found == [
        f"small.yaml:{n}  states.{name}: no way leads from here to an end" for n, name in ((20, "read"), (21, "think"))
    ]


def test_a_loop_without_a_wait_is_refused(configuration: Configuration) -> None:
    """Where no time passes, buyers would go round without end in one moment."""
    found = problems(configuration, ("next: think", "weights: {fork: 0.5, think: 0.5}"))
    assert [problem.partition("  ")[0] for problem in found] == ["small.yaml:17", "small.yaml:20"]
    assert all(problem.endswith("buyers come back here in no time; put a 'wait' into the loop") for problem in found)


def test_nobody_attends_what_they_did_not_book(configuration: Configuration) -> None:
    """A way to a meeting that leads past the booking is refused."""
    found = problems(configuration, ("ask: 0.6", "attend: 0.6"))
    assert (
        "small.yaml:24  states.attend: some come here without a meeting; put a state with 'book_meeting' before it"
        in found
    )


def test_a_meeting_has_a_host_in_the_team(configuration: Configuration) -> None:
    """Only those who sell can be booked by those who buy."""
    ada, bo = configuration.users
    outsider = configuration.model_copy(update={"users": (ada.model_copy(update={"team": None}), bo)})
    assert problems(outsider) == [
        "small.yaml:23  states.book.book_meeting.0: 'ada' is a link of ada@x.example, who is not in team 'sales'"
    ]


def test_a_meeting_fits_into_a_day(configuration: Configuration) -> None:
    """A meeting that no working day has room for is refused before anybody looks for a time."""
    links = tuple(link.model_copy(update={"minutes": 300}) for link in configuration.meeting_links)
    found = problems(configuration.model_copy(update={"meeting_links": links}))
    assert found == ["small.yaml:23  states.book.book_meeting.0: 'ada' takes 300m; half a working day is 4h"]


@pytest.mark.parametrize("text", ["", "[]", "3", "journey: x", "states: {a: {}}", "states: {a: {next: a}}", "a: [b"])
def test_no_file_crashes_the_reader(text: str) -> None:
    """Whatever a file holds, the answer is a list of problems."""
    with pytest.raises(FileError, match=r"^bad\.yaml:\d"):
        Journey.parse(parse(text, "bad.yaml"))
