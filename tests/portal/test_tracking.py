"""Who visits the website: browsers, visits, what contacts' properties say of them."""

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.errors import InvalidValues, Refused
from hubtwin.portal.merging import forget, merge
from hubtwin.portal.moments import HOUR, MINUTE, iso
from hubtwin.portal.sources import imported

SITE = "https://acme.example"


@pytest.fixture
def portal() -> Portal:
    """An empty portal."""
    return Portal()


def contact(portal: Portal, name: str = "ada") -> Record:
    return portal.create("contacts", {"email": f"{name}@acme.example"})


def analytics(record: Record, *names: str) -> list[str | None]:
    return [record.get(f"hs_analytics_{name}") for name in names]


# -- visits --------------------------------------------------------------------------------------------------


def test_visits_are_counted(portal: Portal) -> None:
    """Half an hour of rest begins a new visit; pages are counted, and their average (F6.11, F6.11.1)."""
    ada = contact(portal)
    for rest in (0, 29 * MINUTE, 30 * MINUTE):
        portal.clock.advance(rest)
        portal.tracking.view_page(f"{SITE}/pricing", contact=ada)
    assert analytics(ada, "num_visits", "num_page_views", "average_page_views") == ["2", "3", "2"]


def test_the_first_and_the_last_page(portal: Portal) -> None:
    """First ones stay, last ones follow; a page without a referrer leaves the last one alone (F6.11)."""
    ada, start = contact(portal), portal.clock.now
    portal.tracking.view_page(f"{SITE}/", contact=ada, referrer="https://news.example/a")
    portal.clock.advance(HOUR)
    portal.tracking.view_page(f"{SITE}/pricing", contact=ada)
    portal.clock.advance(MINUTE)
    portal.tracking.view_page(f"{SITE}/about", contact=ada)
    assert analytics(ada, "first_url", "last_url") == [f"{SITE}/", f"{SITE}/about"]
    assert analytics(ada, "first_referrer", "last_referrer") == ["https://news.example/a"] * 2
    assert analytics(ada, "first_timestamp", "first_visit_timestamp") == [iso(start)] * 2
    assert analytics(ada, "last_timestamp", "last_visit_timestamp") == [
        iso(start + HOUR + MINUTE),
        iso(start + HOUR),
    ]


def test_a_contact_who_never_visited(portal: Portal) -> None:
    """Counts are 0, and nothing is known of first and last (F6.11)."""
    ada = contact(portal)
    assert analytics(ada, "num_visits", "num_page_views", "first_url", "last_timestamp") == ["0", "0", None, None]


def test_a_page_view_is_the_cause(portal: Portal) -> None:
    """The log says which page made a count rise, and analytics is the writer (F6.5, F6.11)."""
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/pricing", contact=ada)
    assert portal.story(portal.why(ada, "hs_analytics_num_visits")) == [
        f"2026-03-02 09:00:00  contact 1001 (ada@acme.example) viewed {SITE}/pricing",
        "2026-03-02 09:00:00  analytics: contact 1001 (ada@acme.example) hs_analytics_num_visits 0 -> 1",
    ]
    assert portal.why(ada, "hs_analytics_num_visits")[-1].source.type == "ANALYTICS"


@pytest.mark.parametrize("url", ["", "/pricing", "ftp://acme.example/x", "https://", "https://[", "https://a:b/"])
def test_what_is_no_page(portal: Portal, url: str) -> None:
    """Refused, and nothing is noted (F6.11)."""
    ada = contact(portal)
    entries = len(portal.log)
    with pytest.raises(Refused, match="is not the address of a web page"):
        portal.tracking.view_page(url, contact=ada, cookie="browser")
    assert (len(portal.log), portal.tracking.contact("browser")) == (entries, None)


def test_somebody_views_a_page(portal: Portal) -> None:
    """A page view without a browser and a contact is refused (F6.11)."""
    with pytest.raises(Refused, match="give the cookie of a browser, or a contact"):
        portal.tracking.view_page(SITE)


# -- who it is -----------------------------------------------------------------------------------------------


def test_earlier_views_become_the_contacts(portal: Portal) -> None:
    """An anonymous browser's views are the contact's once it is identified, with their own moments (F6.11.2)."""
    start = portal.clock.now
    portal.tracking.view_page(f"{SITE}/blog", cookie="browser", referrer="https://www.google.com/")
    portal.clock.advance(HOUR)
    portal.tracking.view_page(f"{SITE}/pricing", cookie="browser")
    ada = contact(portal)
    assert portal.tracking.contact("browser") is None
    portal.tracking.identify("browser", ada)
    assert portal.tracking.contact("browser") is ada
    assert analytics(ada, "num_visits", "num_page_views", "first_url") == ["2", "2", f"{SITE}/blog"]
    assert analytics(ada, "first_timestamp", "source") == [iso(start), "ORGANIC_SEARCH"]
    assert ada.get("hs_latest_source") == "DIRECT_TRAFFIC"
    viewed = [entry.moment for entry in portal.log.timeline(ada) if entry.kind == "page viewed"]
    assert viewed == [start + HOUR, start]


def test_many_earlier_views(portal: Portal) -> None:
    """However many there were, each is a view of its own and not the next one's cause (F6.11.2)."""
    for number in range(150):
        portal.tracking.view_page(f"{SITE}/{number}", cookie="browser")
    ada = contact(portal)
    portal.tracking.identify("browser", ada)
    assert analytics(ada, "num_page_views", "last_url") == ["150", f"{SITE}/149"]
    assert len(portal.why(ada, "hs_analytics_num_page_views")) == 2


def test_earlier_views_of_another_browser(portal: Portal) -> None:
    """What was seen first on a second browser becomes the first page, not the last (F6.11.2)."""
    portal.tracking.view_page(f"{SITE}/blog", cookie="phone")
    portal.clock.advance(HOUR)
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/pricing", cookie="laptop", contact=ada)
    portal.tracking.identify("phone", ada)
    assert analytics(ada, "num_visits", "first_url", "last_url") == ["2", f"{SITE}/blog", f"{SITE}/pricing"]


def test_the_tracking_code_identifies(portal: Portal) -> None:
    """Its `identify` makes a contact in the default stage, or finds one; ANALYTICS writes (F4.1.2, F6.5)."""
    portal.tracking.view_page(SITE, cookie="browser")
    ada = portal.tracking.identify_by_email("browser", "Ada@acme.example", {"firstname": "Ada"})
    assert (ada.stage, ada.get("email"), ada.get("hs_object_source")) == ("lead", "ada@acme.example", "ANALYTICS")
    assert [entry.kind for entry in portal.why(ada, "lifecyclestage")] == ["identified", "created", "set"]
    assert analytics(ada, "num_visits", "source") == ["1", "DIRECT_TRAFFIC"]
    assert portal.tracking.identify_by_email("phone", "ada@acme.example", {"lifecyclestage": "subscriber"}) is ada
    assert ada.stage == "lead"


def test_who_the_tracking_code_identifies_gets_the_accounts_stage() -> None:
    """The default is one for all sources, this one included (F4.1.2, F3.1)."""
    portal = Portal(Configuration.model_validate({"settings": {"default_stage": {"contacts": "subscriber"}}}))
    assert portal.tracking.identify_by_email("browser", "ada@acme.example").stage == "subscriber"


def test_an_identification_that_is_not_valid(portal: Portal) -> None:
    """Nothing is known then that was not before (F4.1.2)."""
    portal.tracking.view_page(SITE, cookie="browser")
    for email, properties in (("ada", {}), ("ada@acme.example", {"nope": "1"})):
        with pytest.raises(InvalidValues):
            portal.tracking.identify_by_email("browser", email, properties)
    assert (portal.tracking.contact("browser"), len(portal.log)) == (None, 0)


def test_a_link_in_an_email_identifies(portal: Portal) -> None:
    """The browser is the recipient's from then on, with what it viewed before (F4.1.1)."""
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/blog", cookie="browser")
    portal.tracking.view_page(f"{SITE}/?utm_campaign=may", cookie="browser", email_recipient=ada, email="May news")
    assert portal.tracking.contact("browser") is ada
    assert analytics(ada, "num_page_views") == ["2"]
    portal.clock.advance(HOUR)
    portal.tracking.view_page(f"{SITE}/?utm_campaign=may", cookie="browser", email="May news")
    names = ("hs_latest_source", "hs_latest_source_data_1", "hs_latest_source_data_2")
    assert [ada.get(name) for name in names] == ["EMAIL_MARKETING", "may", "May news"]


def test_a_merged_contact_has_the_visits_of_both(portal: Portal) -> None:
    """Counts add up, first and last are those of either, and the browsers are the new contact's (F6.11.3)."""
    ada, eve = contact(portal), contact(portal, "eve")
    portal.tracking.view_page(f"{SITE}/blog", cookie="e", contact=eve)
    portal.clock.advance(HOUR)
    portal.tracking.view_page(f"{SITE}/pricing", cookie="a", contact=ada)
    both = merge(portal, ada, eve)
    assert analytics(both, "num_visits", "first_url", "last_url") == ["2", f"{SITE}/blog", f"{SITE}/pricing"]
    assert portal.tracking.contact("e") is both
    portal.tracking.view_page(f"{SITE}/about", cookie="e")
    assert analytics(both, "num_page_views", "last_url") == ["3", f"{SITE}/about"]


def test_who_is_forgotten_has_no_browser(portal: Portal) -> None:
    """Nothing leads from a cookie to somebody who was deleted for good (W2.4.8)."""
    ada = contact(portal)
    portal.tracking.view_page(SITE, cookie="browser", contact=ada)
    forget(portal, ada, portal.app)
    assert portal.tracking.contact("browser") is None
    portal.tracking.view_page(SITE, cookie="browser")


# -- original sources ----------------------------------------------------------------------------------------


def test_who_came_by_no_visit(portal: Portal) -> None:
    """The source is OFFLINE; the details are the channel and what it says of itself (F6.10)."""
    ada = portal.create("contacts", {"email": "ada@acme.example"}, source=imported(7, "Fair 2026"))
    assert analytics(ada, "source", "source_data_1", "source_data_2") == ["OFFLINE", "IMPORT", "7"]
    assert ada.get("hs_latest_source_timestamp") == iso(ada.created)
    assert portal.create("companies", {"name": "Acme"}).get("hs_analytics_source") is None


def test_a_later_visit_is_the_latest_source_only(portal: Portal) -> None:
    """Who was known before the first visit came by something else (F6.9)."""
    ada = contact(portal)
    portal.clock.advance(1)
    portal.tracking.view_page(SITE, contact=ada, referrer="https://news.example/a")
    assert analytics(ada, "source", "source_data_1") == ["OFFLINE", "INTEGRATION"]
    assert (ada.get("hs_latest_source"), ada.get("hs_latest_source_data_1")) == ("REFERRALS", "news.example")


@pytest.mark.parametrize("property", ["hs_analytics_source", "hs_latest_source"])
def test_a_source_that_somebody_sets_has_no_details(portal: Portal, property: str) -> None:
    """Both drill-downs are emptied, also those of a contact who never visited (F6.10.1)."""
    for visited in (True, False):
        ada = contact(portal, f"ada{visited}")
        if visited:
            portal.tracking.view_page(SITE, contact=ada, referrer="https://news.example/a")
        assert ada.get(f"{property}_data_1")
        portal.update(ada, {property: "PAID_SEARCH"})
        names = (property, f"{property}_data_1", f"{property}_data_2")
        assert [ada.get(name) for name in names] == ["PAID_SEARCH", None, None]


def test_contacts_are_found_by_their_source(portal: Portal) -> None:
    """Those that were worked out and those that changed (F6.10)."""
    ada, eve = contact(portal), contact(portal, "eve")
    of = portal.records[ada.type].having
    assert of("hs_analytics_source_data_1", "INTEGRATION") == [ada, eve]
    portal.tracking.view_page(SITE, contact=ada, referrer="https://news.example/a")
    assert of("hs_analytics_source", "OFFLINE") == of("hs_analytics_source_data_1", "INTEGRATION") == [eve]
    assert of("hs_analytics_source_data_1", "news.example") == [ada]


def test_visits_come_back_with_a_snapshot(portal: Portal) -> None:
    """What browsers viewed since is as if it had never been (F6.11, F6.11.2)."""
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/blog", cookie="phone")
    portal.tracking.view_page(f"{SITE}/blog", cookie="laptop", contact=ada)
    snapshot = portal.snapshot()
    portal.tracking.view_page(f"{SITE}/pricing", cookie="laptop")
    portal.tracking.identify("phone", ada)
    portal.restore(snapshot)
    ada = portal.find("contacts", ada.id)
    assert (portal.tracking.contact("phone"), portal.tracking.contact("laptop")) == (None, ada)
    portal.tracking.identify("phone", ada)
    assert analytics(ada, "num_page_views", "last_url") == ["2", f"{SITE}/blog"]
