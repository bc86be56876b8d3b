"""Runs: what is fixed by the seed, where they end, and that all writing goes through channels."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from hubtwin.exports.jsonl import lines, sha256_of
from hubtwin.files import FileError
from hubtwin.journeys import library
from hubtwin.journeys.journey import Journey
from hubtwin.portal.clock import DEFAULT_START
from hubtwin.portal.configuration import Account, Configuration
from hubtwin.portal.errors import UnknownName
from hubtwin.portal.moments import DAY
from hubtwin.portal.objects import CONTACTS
from hubtwin.runs.run import simulate

Mini = Callable[..., Journey]

PROGRAM = """
from hubtwin.exports.jsonl import lines, sha256_of
from hubtwin.journeys.library import load
from hubtwin.runs.run import simulate
print(sha256_of(simulate(*load("saas-mid"), seed=42, days=14).portal))
"""


def digest(seed: int, replication: int = 0) -> str:
    journey, configuration = library.load("saas-mid")
    return sha256_of(simulate(journey, configuration, seed=seed, replication=replication, days=14).portal)


def digest_elsewhere(hash_seed: str) -> str:
    """The same run's hash, from a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    """Two processes with different hash seeds, and this one, write the same log."""
    assert digest_elsewhere("1") == digest_elsewhere("2") == digest(42)


def test_seed_and_replication_change_the_run() -> None:
    """Other seeds and other replications are other runs."""
    assert len({digest(1), digest(2), digest(1, replication=1)}) == 3


def test_the_end_of_a_run_does_not_change_its_beginning(mini: Mini, configuration: Configuration) -> None:
    """A longer run begins like a shorter one."""
    short, long = (list(lines(simulate(mini(), configuration, seed=1, days=days).portal)) for days in (20, 40))
    assert long[: len(short)] == short
    assert len(long) > 1.5 * len(short)


def test_another_team_meets_the_same_people(mini: Mini, configuration: Configuration) -> None:
    """Who comes, and when, does not depend on who sells to them: two teams can be compared."""
    runs = [simulate(mini(team={"call": call}), configuration, seed=1, days=20) for call in ("10m", "2h")]
    found = [[(one.get("email"), one.created) for one in run.portal.records[CONTACTS]] for run in runs]
    assert found[0] == found[1]


def test_people_act_through_channels_alone(mini: Mini, configuration: Configuration) -> None:
    """Every entry of a run comes from a form, a meetings link, a person at the screen, or a setting's rule."""
    journey, portal = library.load("saas-mid")
    for run in (
        simulate(journey, portal, seed=1, days=60),
        simulate(mini(colleagues={"share": 0.9}), configuration, seed=1, buyers=60, extra_days=90),
    ):
        sources = Counter(entry.source.type for entry in run.portal.log)
        assert set(sources) <= {"FORM", "MEETINGS", "CRM_UI", "DEALS", "COMPANIES", "CALCULATED"}
        by_rule = [entry for entry in run.portal.log if entry.source.type in ("DEALS", "COMPANIES")]
        assert by_rule
        assert all((entry.source.rule or "").startswith("settings.") for entry in by_rule)


def test_reps_write_as_themselves(mini: Mini, configuration: Configuration) -> None:
    """What is written at the screen is written by a user of the team."""
    run = simulate(mini(), configuration, seed=1, buyers=10, extra_days=None)
    writers = {entry.source.user for entry in run.portal.log if entry.source.type == "CRM_UI"}
    assert writers == {user.user_id for user in run.portal.users}


def test_a_run_ends_after_its_days(mini: Mini, configuration: Configuration) -> None:
    """The clock stands at the end of the last day, whatever is still going on."""
    run = simulate(mini(), configuration, seed=1, days=10)
    assert run.portal.clock.now == DEFAULT_START + 10 * DAY
    assert run.walk.inside > 0


def test_a_run_ends_with_its_last_buyer(mini: Mini, configuration: Configuration) -> None:
    """With a number of buyers, that many come."""
    run = simulate(mini(), configuration, seed=1, buyers=17)
    assert run.walk.entered == 17
    assert run.portal.clock.now == max(contact.created for contact in run.portal.records[CONTACTS])


def test_whichever_limit_is_first_ends_the_arrivals(mini: Mini, configuration: Configuration) -> None:
    """Days and buyers can be limited together."""
    few, short = (
        simulate(mini(), configuration, seed=1, days=days, buyers=buyers) for days, buyers in ((300, 5), (3, 5_000))
    )
    assert few.walk.entered == 5
    assert short.portal.clock.now == DEFAULT_START + 3 * DAY


def test_nobody_comes_in_the_extra_days(mini: Mini, configuration: Configuration) -> None:
    """After the arrivals have ended, those who are there go on."""
    run = simulate(mini(), configuration, seed=1, days=10, extra_days=5)
    shorter = simulate(mini(), configuration, seed=1, days=10)
    assert run.walk.entered == shorter.walk.entered
    assert run.portal.clock.now == DEFAULT_START + 15 * DAY
    assert len(run.portal.log) > len(shorter.portal.log)


@pytest.mark.parametrize("extra_days", [0, 20, None])
def test_progress_goes_from_nothing_to_one(mini: Mini, configuration: Configuration, extra_days: int | None) -> None:
    """A progress bar gets at most 200 fractions that rise and end with one."""
    told: list[float] = []
    simulate(mini(), configuration, seed=1, days=5, extra_days=extra_days, progress=told.append)
    assert told == sorted(told)
    assert (told[-1], len(told) <= 200) == (1.0, True)


@pytest.mark.parametrize(
    "limits", [{}, {"days": 0}, {"days": -1}, {"buyers": 0}, {"days": float("nan")}, {"days": 1, "extra_days": -1}]
)
def test_a_run_without_an_end_is_refused(mini: Mini, configuration: Configuration, limits: dict[str, float]) -> None:
    """No limit, or one that makes no sense, is an error that says so."""
    with pytest.raises(ValueError, match=r"days|buyers"):
        simulate(mini(), configuration, seed=1, **limits)  # type: ignore[arg-type]  # that is the point


def test_a_portal_without_the_form_is_refused(mini: Mini) -> None:
    """Before anything happens, the journey is checked against the portal."""
    with pytest.raises(FileError, match="no form is called 'demo'"):
        simulate(mini(), Configuration(), seed=1, days=1)


def test_an_account_with_an_unknown_locale_is_refused(mini: Mini, configuration: Configuration) -> None:
    """A locale that Faker lacks is named before anything happens."""
    nobody = configuration.model_copy(update={"account": Account(locales=("xx_XX",))})
    with pytest.raises(UnknownName, match="xx_XX"):
        simulate(mini(), nobody, seed=1, days=1)


def test_events_are_counted(mini: Mini, configuration: Configuration) -> None:
    """A run knows how many times something fell due: once for each arrival at least."""
    run = simulate(mini(), configuration, seed=1, buyers=10)
    assert run.events >= 10
