"""The shipped accounts: their portal files hold, and what is measured on them."""

from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubtwin.cli.__main__ import hubtwin
from hubtwin.doors.local import LocalPortal
from hubtwin.files import read
from hubtwin.measures.funnel import funnel
from hubtwin.portal.moments import DAY
from hubtwin.scenarios.suites import read_suite

LIBRARY = Path(str(files("hubtwin.scenarios.library")))
NAMES = ("s0", "s1", "s2", "s3", "s4")


def portal_of(name: str) -> LocalPortal:
    return LocalPortal(LIBRARY / f"{name}.portal.yaml")


def test_every_account_is_there() -> None:
    """Each has a portal file and a scenario file."""
    assert sorted(path.name for path in LIBRARY.glob("*.yaml")) == [
        f"{name}.{kind}.yaml" for name in NAMES for kind in ("portal", "scenario")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_check_finds_nothing(name: str) -> None:
    """Neither errors nor what has no effect."""
    result = CliRunner().invoke(hubtwin, ["portal", "check", "--strict", str(LIBRARY / f"{name}.portal.yaml")])
    assert (result.exit_code, result.output) == (0, "1 file: 0 errors, 0 warnings\n")


@pytest.mark.parametrize("name", NAMES)
def test_the_stages_are_the_teams_dictionary(name: str) -> None:
    """Each stage says what makes a contact one, and who looks after it (S4.12)."""
    with portal_of(name) as portal:
        stages = portal.configuration.stages
    assert [stage.id for stage in stages if not (stage.description and stage.owner)] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_test_says_what_it_protects(name: str) -> None:
    """There are five at least; every one has a title of its own and a tag of its article's."""
    document = read(LIBRARY / f"{name}.scenario.yaml")
    tests = document.data["tests"]
    assert len(tests) >= 5
    assert len({test["title"] for test in tests}) == len(tests)
    assert [test["id"] for test in tests if not any(tag.startswith(f"{name.upper()}.") for tag in test["tags"])] == []
    assert len(read_suite(LIBRARY / f"{name}.scenario.yaml").cases) >= len(tests)


def test_how_many_and_how_fast() -> None:
    """The number of MQLs and SQLs, and how fast a new customer passes; own people are left out (S1.10)."""
    steps = ("marketingqualifiedlead", "salesqualifiedlead", "customer")
    with portal_of("s1") as portal:
        for number in range(3):
            email = f"c{number}@pohjola.example"
            portal.do("submit_form", form="Demo request", email=email)
            for stage in steps[1 : 3 - number]:
                portal.do("wait", "2d")
                portal.do("edit", record=email, by="aino@lumi.example", set={"lifecyclestage": stage})
        portal.do("create_contact", email="eero@lumi.example")
        measured = {step.stage: step for step in funnel(portal, steps).steps}
        assert portal.stage_counts("contacts")["other"] == 1
    assert [step.all_stages for step in measured.values()] == [3, 2, 1]
    assert measured["customer"].median_time == 2 * DAY


def test_where_the_biggest_drop_is() -> None:
    """The rates from each step to the next, and the step at which most are lost (S4.1, S4.11)."""
    steps = ("subscriber", "user", "pql", "salesqualifiedlead", "opportunity", "customer")
    with portal_of("s4") as portal:
        for number, reached in enumerate((6, 5, 4, 4, 2, 2, 2, 2)):
            portal.do("create_contact", email=f"c{number}@kehu.example")
            for stage in steps[1:reached]:
                portal.do("update", record=f"c{number}@kehu.example", set={"lifecyclestage": stage})
        measured = funnel(portal, steps).steps
    assert [step.all_stages for step in measured] == [8, 8, 4, 4, 2, 1]
    assert [step.all_conversion for step in measured] == [1, 0.5, 1, 0.5, 0.5, None]
    drops = [step.all_stages - after.all_stages for step, after in pairwise(measured)]
    assert steps[drops.index(max(drops))] == "user"
