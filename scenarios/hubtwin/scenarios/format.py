"""The format of scenario files, version 1."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from hubtwin.portal.clock import DEFAULT_START
from hubtwin.portal.configuration import Name, Part
from hubtwin.scenarios.expectations import Expect
from hubtwin.scenarios.words import Word
from hubtwin.verbs.fields import Moment
from hubtwin.verbs.records import NewCompany, NewContact, NewDeal, NewLead, NewTicket
from hubtwin.verbs.table import Action
from hubtwin.verbs.verbs import OneVerb

VERSION = 1

#: What pytest itself does something with; a tag of this name would change how a test runs there.
_PYTEST_MARKERS = ("filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail")


def _tag(text: str) -> str:
    if text in _PYTEST_MARKERS:
        raise ValueError("pytest has a meaning of its own for this word; choose another tag")
    return text


def _some(tests: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    if not tests:
        raise ValueError("expected at least one test")
    return tests


class Given(OneVerb):
    """A record that is there when the test begins."""

    contact: NewContact | None = None
    company: NewCompany | None = None
    deal: NewDeal | None = None
    ticket: NewTicket | None = None
    lead: NewLead | None = None


class Step(Action):
    """A step of a test: something that is done, or an expectation."""

    expect: Expect | None = None


class Example(Part):
    """One test, or one row of it: records that are there, then steps."""

    id: Word
    title: Name
    tags: tuple[Annotated[Word, AfterValidator(_tag)], ...] = ()
    each: Any = None
    given: tuple[Given, ...] = ()
    steps: tuple[Step, ...]


class Clock(Part):
    """Where the clock stands when a test begins."""

    start: Moment = DEFAULT_START


class SuiteFile(Part):
    """A whole scenario file; its portal and its tests are read one by one."""

    scenario: Literal[1]
    suite: Name
    portal: Any = None
    clock: Clock = Clock()
    tests: Annotated[tuple[dict[str, Any], ...], AfterValidator(_some)]
