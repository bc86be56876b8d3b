"""Stories: entries of the log, a line each."""

from hubtwin.portal import Portal
from hubtwin.portal.stories import LONGEST


def test_an_entry_is_one_line() -> None:
    """Whatever was written: it ends no line, and tells a terminal nothing."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    portal.update(ada, {"jobtitle": "CEO\n\x1b[31m\u202efake\u2028line"})
    (line,) = portal.story([portal.log[len(portal.log) - 1]])
    assert line.endswith(r"jobtitle (empty) -> CEO\n\x1b[31m\u202efake\u2028line")


def test_a_long_value_is_cut() -> None:
    """Enough is told to know it."""
    portal = Portal()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    portal.update(ada, {"jobtitle": "x" * 60_000})
    (line,) = portal.story([portal.log[len(portal.log) - 1]])
    assert (len(line), line[-1]) == (len("2026-03-02 09:00:00  ") + LONGEST, "…")
