"""Reactions: the order, and the guard against loops."""

import pytest

from hubtwin.portal import Entry, Portal
from hubtwin.portal.errors import CascadeError
from hubtwin.portal.log import SET


def test_reactions_come_in_the_order_they_were_added() -> None:
    """Whatever a reaction writes is reacted to after what is already waiting."""
    portal, seen = Portal(), list[str]()
    portal.reactions.add(SET, lambda entry: seen.append(f"first {entry.value}"), "jobtitle")
    portal.reactions.add(SET, lambda entry: seen.append(f"second {entry.value}"), "jobtitle")
    ada = portal.create("contacts", {"firstname": "Ada"})
    portal.update(ada, {"jobtitle": "CTO"})
    assert seen == ["first CTO", "second CTO"]


def test_several_changes_as_one() -> None:
    """Nothing is reacted to until all of them are made."""
    portal, seen = Portal(), list[str | None]()
    ada = portal.create("contacts", {"firstname": "Ada"})
    portal.reactions.add(SET, lambda entry: seen.append(ada.get("city")), "jobtitle")
    with portal.reactions.held():
        portal.update(ada, {"jobtitle": "CTO"})
        portal.update(ada, {"city": "Turku"})
    assert seen == ["Turku"]


def test_who_follows_sees_what_a_loop_wrote_last() -> None:
    """All others do not: they would go on with it."""
    portal, seen = Portal(), list[str]()

    def undo(entry: Entry) -> None:
        assert entry.record is not None
        value = "up" if entry.value == "down" else "down"
        portal.update(entry.record, {"jobtitle": value}, source=entry.source, cause=entry.number)

    portal.reactions.add(SET, undo, "jobtitle")
    portal.reactions.add(SET, lambda entry: seen.append(entry.value), "jobtitle", follows=True)
    ada = portal.create("contacts", {"firstname": "Ada"})
    with pytest.raises(CascadeError):
        portal.update(ada, {"jobtitle": "up"})
    assert seen[-1] == ada.get("jobtitle")


def test_a_loop_is_stopped_and_shown() -> None:
    """Two reactions that undo each other end in an error with the story of the loop."""
    portal = Portal()

    def undo(entry: Entry) -> None:
        assert entry.record is not None
        value = "up" if entry.value == "down" else "down"
        portal.update(entry.record, {"jobtitle": value}, source=entry.source, cause=entry.number)

    portal.reactions.add(SET, undo, "jobtitle")
    ada = portal.create("contacts", {"firstname": "Ada"})
    with pytest.raises(CascadeError, match="more than 100 changes in one chain of causes") as caught:
        portal.update(ada, {"jobtitle": "up"})
    assert "jobtitle up -> down" in caught.value.story[-1] + caught.value.story[-2]


def test_the_portal_works_on_after_a_loop() -> None:
    """What waited is dropped; the next write is a new beginning."""
    portal = Portal()
    ada = portal.create("contacts", {"firstname": "Ada"})
    portal.reactions.add(SET, lambda entry: 1 / 0, "jobtitle")  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        portal.update(ada, {"jobtitle": "CTO"})
    assert portal.update(ada, {"firstname": "A"}).written == ["firstname"]
