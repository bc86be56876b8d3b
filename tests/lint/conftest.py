"""Portals with planted faults, and what lint says about them."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from hubtwin.files import parse
from hubtwin.files.portals import trial
from hubtwin.lint import Finding, lint
from hubtwin.portal import Portal

MakePortal = Callable[[str], Portal]
Findings = Callable[[str], list[Finding]]
Faults = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def portal_of() -> MakePortal:
    """Makes a portal of the text of a portal file."""
    return lambda text: trial(parse(dedent(text), "acme.portal.yaml"))


@pytest.fixture
def findings(portal_of: MakePortal) -> Findings:
    """What is found in the text of a portal file."""
    return lambda text: lint(portal_of(text))


@pytest.fixture
def faults(findings: Findings) -> Faults:
    """The same in short: rules, and the places where they found something."""
    return lambda text: [(one.rule.id, one.place) for one in findings(text)]
