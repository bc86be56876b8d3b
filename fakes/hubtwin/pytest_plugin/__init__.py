"""The pytest plugin: a fresh portal for each test that asks for one.

Installed means available. Only pytest itself is imported here; the rest is when a test asks.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hubtwin.doors.local import Configurable, LocalPortal


@pytest.fixture
def portal_configuration() -> "Configurable":
    """The configuration of the fixture `portal`; redefine it to choose another than HubSpot's defaults.

    It may return a Configuration, a mapping with the keys of a portal file, or the path of such a file.
    """
    return None


@pytest.fixture
def portal_start() -> int | str:
    """The moment at which the clock of the fixture `portal` stands at first: milliseconds, or ISO 8601 text."""
    from hubtwin.portal.clock import DEFAULT_START

    return DEFAULT_START


@pytest.fixture
def portal(portal_configuration: "Configurable", portal_start: int | str) -> "Iterator[LocalPortal]":
    """A fake HubSpot portal of the test's own.

    While the test runs, it answers every call of this process to HubSpot's hosts. It has `clock`, `log`,
    `client()`, `url`, `token` and all else that a portal can do.
    """
    from hubtwin.doors.local import LocalPortal

    with LocalPortal(portal_configuration, start=portal_start) as portal, portal.in_process():
        yield portal
