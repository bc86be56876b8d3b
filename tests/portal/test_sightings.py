"""Long timelines: what filters and scores look for in them is found once."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.log import PAGE_VIEWED, Entry
from hubtwin.portal.merging import forget, merge
from hubtwin.portal.moments import DAY, HOUR
from hubtwin.portal.sightings import SHORT, Watcher

SITE = "https://acme.example"
VIEWED = {"filterType": "PAGE_VIEW", "operator": "HAS_PAGEVIEW_CONTAINS", "pageUrl": "pricing"}
ONCE_A_LEAD = {
    "filterType": "PROPERTY",
    "property": "lifecyclestage",
    "operation": {"operationType": "ENUMERATION", "operator": "HAS_EVER_BEEN_ANY_OF", "values": ["lead"]},
}
JUST_WRITTEN = {
    "filterType": "PROPERTY",
    "property": "jobtitle",
    "operation": {
        "operationType": "ROLLING_PROPERTY_UPDATED",
        "operator": "UPDATED_IN_LAST_X_DAYS",
        "numberOfDays": 7,
    },
}


class Pages(Watcher[str]):
    """Sees the addresses of pages."""

    def sight(self, entry: Entry) -> str | None:
        """The address."""
        return str(entry.value) if entry.kind == PAGE_VIEWED else None


def portal_with(**parts: Any) -> Portal:
    return Portal(Configuration.model_validate(parts))


def segment(*filters: Any) -> dict[str, Any]:
    branch = {"filterBranchType": "AND", "filters": list(filters)}
    return {"lists": [{"name": "S", "filters": {"filterBranchType": "OR", "filterBranches": [branch]}}]}


def score(**more: Any) -> dict[str, Any]:
    rule = {"event": "page visited", "points": 1}
    within = {"within_days": more.pop("within_days")} if "within_days" in more else {}
    return {
        "scores": [{"name": "S", "groups": [{"name": "A", "category": "engagement", "rules": [rule | within], **more}]}]
    }


def browse(portal: Portal, contact: Record, pages: int) -> None:
    for number in range(pages):
        portal.clock.advance("1m")
        portal.tracking.view_page(f"{SITE}/pricing/{number % 9}", contact=contact)


def entries_read(portal: Portal, monkeypatch: pytest.MonkeyPatch, action: Callable[[], None]) -> int:
    """How many entries of the log are looked at meanwhile."""
    log, read = type(portal.log), []
    look = log.__getitem__

    def counted(self: Any, number: int) -> Entry:
        read.append(number)
        return look(self, number)

    with monkeypatch.context() as patch:
        patch.setattr(log, "__getitem__", counted)
        action()
    return len(read)


@pytest.mark.parametrize(
    "parts",
    [
        segment(VIEWED),
        segment(VIEWED, ONCE_A_LEAD),
        segment(VIEWED, JUST_WRITTEN),
        score(),
        score(within_days=7),
        score(decay={"interval_days": 7, "percent": 10}),
    ],
    ids=["viewed", "ever", "updated", "score", "score of some days", "score that fades"],
)
def test_a_page_view_costs_the_same_after_many(parts: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at page views doesn't walk the whole timeline at each of them."""
    portal = portal_with(**parts)
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    read = []
    for _ in range(3):
        browse(portal, ada, 100)
        read.append(entries_read(portal, monkeypatch, lambda: browse(portal, ada, 10)))
    assert read[2] <= read[0]


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("view"), st.integers(0, 2), st.integers(1, 40)),
        st.tuples(st.just("view unknown"), st.integers(0, 2), st.integers(1, 10)),
        st.tuples(st.just("identify"), st.integers(0, 2), st.integers(0, 1)),
        st.tuples(st.just("merge"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("ask"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("restore"), st.integers(0, 1), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_what_is_kept_is_what_the_timeline_says(moves: list[tuple[str, int, int]]) -> None:
    """Whatever came late, by merges or before a restore."""
    portal, pages = Portal(), Pages()
    contacts = [portal.create("contacts", {"email": f"{number}@acme.example"}).id for number in range(2)]

    def contact(number: int) -> Record:
        return portal.find("contacts", contacts[number])

    for move, which, more in moves:
        if move == "view":
            browse(portal, contact(which % 2), more)
        elif move == "view unknown":
            for _ in range(more):
                portal.clock.advance("1m")
                portal.tracking.view_page(f"{SITE}/{which}", cookie=f"cookie {which}")
        elif move == "identify":
            portal.tracking.identify(f"cookie {which}", contact(more))
        elif move == "merge" and contact(0) is not contact(1):
            merge(portal, contact(which), contact(1 - which))
        elif move == "restore":
            portal.restore(portal.snapshot())
        one = contact(which % 2)
        told: dict[str, list[int]] = {}
        for entry in portal.log.whole_timeline(one):
            if entry.kind == PAGE_VIEWED:
                told.setdefault(str(entry.value), []).append(entry.moment)
        assert portal.sightings.of(one, pages) == {url: sorted(moments) for url, moments in told.items()}


def test_a_short_timeline_is_not_kept() -> None:
    """Most records have few entries, and take no room."""
    portal, seen = Portal(), []

    class Everything(Watcher[bool]):
        def sight(self, entry: Entry) -> bool | None:
            seen.append(entry.number)
            return True

    ada, watcher = portal.create("contacts", {"email": "ada@acme.example"}), Everything()
    few = len(portal.sightings.of(ada, watcher)[True])
    portal.sightings.of(ada, watcher)
    assert len(seen) == 2 * few < SHORT


def test_what_is_forgotten_is_not_found_again() -> None:
    """Data protection law (W2.4.8)."""
    portal, pages = Portal(), Pages()
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    browse(portal, ada, SHORT)
    assert portal.sightings.of(ada, pages)
    forget(portal, ada, portal.app)
    assert not portal.sightings.of(ada, pages).keys() - {"None"}


def test_values_of_old_are_found_after_a_merge() -> None:
    """The first values of those who were merged, too, which have no entries of their own (F6.1)."""
    portal = portal_with(**segment(ONCE_A_LEAD))
    customer = portal.create("contacts", {"email": "ada@acme.example", "lifecyclestage": "customer"})
    lead = portal.create("contacts", {"email": "ada@home.example", "lifecyclestage": "lead"})
    (list,) = portal.lists
    assert [*list] == [lead]
    both = merge(portal, customer, lead)
    assert [*list] == [both]


def test_a_merged_contact_was_written_to_when_its_parts_were() -> None:
    """The latest of all of them counts."""
    portal = portal_with(**segment(JUST_WRITTEN))
    ada = portal.create("contacts", {"email": "ada@acme.example"})
    other = portal.create("contacts", {"email": "ada@home.example", "jobtitle": "CEO"})
    (list,) = portal.lists
    both = merge(portal, ada, other)
    assert [*list] == [both]
    portal.clock.advance(8 * DAY + HOUR)
    assert [*list] == []
