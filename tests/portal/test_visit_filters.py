"""Segments by visits: pages that were viewed, events that occurred, and when."""

from collections.abc import Mapping
from typing import Any

import pytest

from hubtwin.portal import Configuration, Portal, Record
from hubtwin.portal.custom_events import EventProperty
from hubtwin.portal.errors import InvalidFilterBranch
from hubtwin.portal.filter_branches.reading import read
from hubtwin.portal.merging import merge
from hubtwin.portal.moments import DAY, HOUR
from hubtwin.portal.object_lists import DYNAMIC, ObjectList
from hubtwin.portal.timeline import EventTemplate, Token

SITE = "https://acme.example"


@pytest.fixture
def portal() -> Portal:
    """A portal with a newsletter to subscribe to."""
    return Portal(Configuration.model_validate({"forms": [{"name": "Newsletter"}]}))


def every(*filters: Mapping[str, Any], branches: tuple[Any, ...] = ()) -> dict[str, Any]:
    group = {"filterBranchType": "AND", "filters": list(filters), "filterBranches": list(branches)}
    return {"filterBranchType": "OR", "filters": [], "filterBranches": [group]}


def viewed(url: str, operator: str = "HAS_PAGEVIEW_CONTAINS", **more: Any) -> dict[str, Any]:
    return {"filterType": "PAGE_VIEW", "operator": operator, "pageUrl": url, "enableTracking": False, **more}


def at_least(number: int) -> dict[str, Any]:
    return {"coalescingRefineBy": {"type": "NUM_OCCURRENCES", "minOccurrences": number}}


def last_days(number: int) -> dict[str, Any]:
    offset = {"timeUnit": "DAYS", "amount": number, "offsetDirection": "PAST"}
    return {"pruningRefineBy": {"type": "RELATIVE_COMPARATIVE", "comparison": "AFTER", "timeOffset": offset}}


def event(id: str, *filters: Any, operator: str = "HAS_COMPLETED", **more: Any) -> dict[str, Any]:
    named = {"filterBranchType": "UNIFIED_EVENTS", "eventTypeId": id, "operator": operator}
    return {**named, "filters": list(filters), **more}


def tells(name: str, kind: str, operator: str, **more: Any) -> dict[str, Any]:
    return {
        "filterType": "PROPERTY",
        "property": name,
        "operation": {"operationType": kind, "operator": operator, **more},
    }


def accepts(portal: Portal, record: Record, *filters: Mapping[str, Any], branches: tuple[Any, ...] = ()) -> bool:
    return read(portal, record.type, every(*filters, branches=branches)).accepts(record)


def segment(portal: Portal, *filters: Mapping[str, Any], branches: tuple[Any, ...] = ()) -> ObjectList:
    return portal.lists.create("Segment", portal.type("contacts"), DYNAMIC, every(*filters, branches=branches))


def contact(portal: Portal, name: str = "ada") -> Record:
    return portal.create("contacts", {"email": f"{name}@acme.example"})


# -- segments that follow ------------------------------------------------------------------------------------


def test_subscribed_and_visited_product_pages_five_times(portal: Portal) -> None:
    """A list of leads by behaviour, anonymous visits before the subscription included (W6.4.29, F6.11.2)."""
    subscribed = {"filterType": "FORM_SUBMISSION", "operator": "FILLED_OUT"}
    leads = segment(portal, subscribed, viewed("/products/", **at_least(5)))
    for page in ("chairs", "desks", "chairs"):
        portal.tracking.view_page(f"{SITE}/products/{page}", cookie="browser")
    ada = portal.forms.submit("Newsletter", {"email": "ada@acme.example"})
    portal.tracking.identify("browser", ada)
    portal.tracking.view_page(f"{SITE}/pricing", cookie="browser")
    portal.tracking.view_page(f"{SITE}/products/desks", cookie="browser")
    assert ada not in leads
    portal.tracking.view_page(f"{SITE}/products/lamps", cookie="browser")
    assert ada in leads
    joined = next(entry for entry in portal.log.timeline(ada) if entry.kind == "joined list")
    assert portal.story(portal.log.why(joined.number))[0].endswith(f"viewed {SITE}/products/lamps")


def test_pricing_page_and_home_page(portal: Portal) -> None:
    """A segment of those who viewed both pages (W6.4.29)."""
    both = segment(portal, viewed(f"{SITE}/pricing", "HAS_PAGEVIEW_EQ"), viewed(SITE, "HAS_PAGEVIEW_EQ"))
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/pricing?utm_source=x", contact=ada)
    assert ada not in both
    portal.tracking.view_page(f"{SITE}/", contact=ada)
    assert ada in both


def test_the_number_of_visits(portal: Portal) -> None:
    """A list asks for it as for any property (F6.11)."""
    visitors = segment(portal, tells("hs_analytics_num_visits", "NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", value=2))
    ada = contact(portal)
    for members in (0, 1):
        portal.tracking.view_page(SITE, contact=ada)
        assert len(visitors) == members
        portal.clock.advance(HOUR)


def test_a_view_grows_old(portal: Portal) -> None:
    """Who viewed a page in the last days leaves when they are over (W6.4.29, W6.4.24)."""
    lately = segment(portal, viewed("pricing", **last_days(7)))
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/pricing", contact=ada)
    assert ada in lately
    portal.clock.advance(7 * DAY + 1)
    assert ada not in lately


def test_an_old_anonymous_view_is_old(portal: Portal) -> None:
    """It counts with its own moment, not with that of the identification (F6.11.2)."""
    lately, ada = segment(portal, viewed("pricing", **last_days(7))), contact(portal)
    portal.tracking.view_page(f"{SITE}/pricing", cookie="browser")
    portal.clock.advance(8 * DAY)
    portal.tracking.identify("browser", ada)
    assert accepts(portal, ada, viewed("pricing"))
    assert ada not in lately


def test_who_did_not_view(portal: Portal) -> None:
    """Negated, a page keeps out those who viewed it (W6.4.29)."""
    others, ada = segment(portal, viewed("pricing", "NOT_HAS_PAGEVIEW_CONTAINS")), contact(portal)
    assert ada in others
    portal.tracking.view_page(f"{SITE}/pricing", contact=ada)
    assert ada not in others


def test_views_of_merged_contacts(portal: Portal) -> None:
    """What either did, the merged contact did (F6.11.3)."""
    ada, eve = contact(portal), contact(portal, "eve")
    for one in (ada, eve):
        portal.tracking.view_page(f"{SITE}/pricing", contact=one)
    assert accepts(portal, merge(portal, ada, eve), viewed("pricing", **at_least(2)))


# -- how addresses compare -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "url", "expected"),
    [
        ("HAS_PAGEVIEW_EQ", "https://acme.example/Pricing/", True),
        ("HAS_PAGEVIEW_EQ", "acme.example/pricing", True),
        ("HAS_PAGEVIEW_EQ", "http://www.acme.example/pricing", True),
        ("HAS_PAGEVIEW_EQ", "https://acme.example/pricing?plan=pro", True),
        ("HAS_PAGEVIEW_EQ", "https://acme.example/pricing?plan=free", False),
        ("HAS_PAGEVIEW_EQ", "https://acme.example/", False),
        ("HAS_PAGEVIEW_CONTAINS", "PRICING?plan", True),
        ("HAS_PAGEVIEW_CONTAINS", "about", False),
        ("HAS_PAGEVIEW_MATCHES_REGEX", "/(pricing|plans)(\\?|$)", True),
        ("HAS_PAGEVIEW_MATCHES_REGEX", "^http:", False),
    ],
)
def test_addresses(portal: Portal, operator: str, url: str, expected: bool) -> None:
    """A page is the same whatever its visitors' parameters are, unless the filter names some (W6.4.29, W6.4.30)."""
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/pricing?plan=pro", contact=ada)
    assert accepts(portal, ada, viewed(url, operator)) is expected
    assert accepts(portal, ada, viewed(url, f"NOT_{operator}")) is not expected


# -- forms on pages ------------------------------------------------------------------------------------------


def test_a_form_on_a_page(portal: Portal) -> None:
    """Submissions of one form or of any, on one page, which its address names (W6.4.28)."""
    ada = portal.forms.submit("Newsletter", {"email": "ada@acme.example"}, page=f"{SITE}/blog?utm_source=x")

    def submitted(page: str, **more: Any) -> dict[str, Any]:
        return {"filterType": "FORM_SUBMISSION_ON_PAGE", "operator": "FILLED_OUT", "pageId": page, **more}

    assert accepts(portal, ada, submitted(f"{SITE}/blog"))
    assert accepts(portal, ada, submitted(f"{SITE}/blog", formId=portal.forms.find("Newsletter").guid))
    assert not accepts(portal, ada, submitted(f"{SITE}/about"))
    assert accepts(portal, ada, {**submitted(f"{SITE}/about"), "operator": "NOT_FILLED_OUT"})


# -- events --------------------------------------------------------------------------------------------------


def test_page_views_as_events(portal: Portal) -> None:
    """UNIFIED_EVENTS 4-96000, with what HubSpot's event tells (F7.11)."""
    ada = contact(portal)
    portal.tracking.view_page(f"{SITE}/pricing?utm_campaign=may", contact=ada, title="Prices", referrer=f"{SITE}/")
    by_title = tells("hs_page_title", "STRING", "IS_EQUAL_TO", value="Prices")
    by_campaign = tells("hs_utm_campaign", "ENUMERATION", "IS_ANY_OF", values=["may"])
    assert accepts(portal, ada, branches=(event("4-96000", by_title, by_campaign),))
    assert not accepts(portal, ada, branches=(event("4-96000", by_title, **at_least(2)),))
    inside = [{"filterBranchType": "AND", "filters": [by_title], "filterBranches": []}]
    assert accepts(portal, ada, branches=(event("4-96000", filterBranches=inside),))
    as_filter = {"filterType": "UNIFIED_EVENTS", "eventTypeId": "4-96000", "filterLines": [by_title]}
    assert accepts(portal, ada, as_filter)


def test_events_of_the_account(portal: Portal) -> None:
    """Each has an id that begins with 6; numbers compare as such, moments are the events' (F7.11.2, W6.4.31)."""
    flow = portal.custom_events.define(
        "Flow created", properties={"steps": EventProperty("steps", "Steps", "number", portal.clock.now)}
    )
    portal.custom_events.define("Contacts imported")
    ada, users = contact(portal), segment(portal, branches=(event(flow.type_id, **last_days(7)),))
    portal.custom_events.occur("flow_created", ada, {"steps": "12"}, moment=portal.clock.now - 8 * DAY)
    assert ada not in users
    many = tells("steps", "NUMBER", "IS_GREATER_THAN", value=9)
    assert accepts(portal, ada, branches=(event(flow.type_id, many),))
    assert not accepts(portal, ada, branches=(event("6-10000002"),))
    has = {"filterType": "EVENT", "eventId": str(flow.id), "operator": "HAS_EVENT"}
    assert accepts(portal, ada, has)
    assert not accepts(portal, ada, {**has, "operator": "NOT_HAS_EVENT"})
    portal.custom_events.occur("flow_created", ada, {})
    assert ada in users


def test_events_of_apps(portal: Portal) -> None:
    """INTEGRATION_EVENT asks for a template's events by their tokens (W6.4.31)."""
    now, contacts = portal.clock.now, portal.type("contacts")
    tokens = {"plan": Token("plan", "Plan", "string", now, now)}
    template = portal.timeline.add(EventTemplate(0, 1, "Signed up", contacts, now, now, tokens=tokens))
    ada = contact(portal)
    change = portal.timeline.check(template, ada, None, {"plan": "pro"}, portal.app)
    portal.timeline.note(template, change, {"plan": "pro"})

    def signed_up(plan: str) -> dict[str, Any]:
        operation = {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": plan}
        lines = [{"property": "plan", "operation": operation}]
        return {"filterType": "INTEGRATION_EVENT", "eventTypeId": template.id, "filterLines": lines}

    assert accepts(portal, ada, signed_up("pro"))
    assert not accepts(portal, ada, signed_up("free"))


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        (viewed("", "HAS_PAGEVIEW_EQ"), "pageUrl is empty"),
        (viewed("x", "HAS_PAGEVIEW"), "operator can't be 'HAS_PAGEVIEW'; .* did you mean 'HAS_PAGEVIEW_EQ'"),
        (viewed("(", "HAS_PAGEVIEW_MATCHES_REGEX"), "pageUrl is no regular expression that can be matched"),
        ({**viewed("x"), **at_least(1), **last_days(1)}, "can't be used together"),
        ({"filterType": "EVENT", "eventId": "1", "operator": "HAS_EVENT"}, "eventId names no event of the account"),
        ({"filterType": "INTEGRATION_EVENT", "eventTypeId": 1}, "no event template is called '1'"),
        ({"filterType": "UNIFIED_EVENTS", "eventTypeId": "6-1"}, "does not record: '6-1'"),
        (
            {"filterType": "UNIFIED_EVENTS", "eventTypeId": "4-96000", "filterLines": [{"property": "hs_nope"}]},
            "filterLines\\[0\\].property can't be 'hs_nope'",
        ),
        ({"filterType": "FORM_SUBMISSION_ON_PAGE", "operator": "FILLED_OUT"}, "pageId is missing"),
    ],
)
def test_what_is_refused(portal: Portal, filter: Any, message: str) -> None:
    """What is wrong is named with its place (W6.4.20, W6.4.29 to W6.4.31)."""
    with pytest.raises(InvalidFilterBranch, match=message):
        read(portal, portal.type("contacts"), every(filter))


def test_only_contacts_view_pages(portal: Portal) -> None:
    """A list of companies can't ask for them (W6.4.29)."""
    for branch in (every(viewed("x")), every(branches=(event("4-96000"),))):
        with pytest.raises(InvalidFilterBranch, match="goes with contacts only, not with companies"):
            read(portal, portal.type("companies"), branch)
