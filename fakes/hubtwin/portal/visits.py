"""Visits: the pages that a browser looks at one after the other, and what a contact's properties say of them (F6.11).

HubSpot's pages call a visit a session.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from hubtwin.portal.moments import MINUTE, from_iso, iso
from hubtwin.portal.records import Record
from hubtwin.portal.traffic_sources import TrafficSource, address, parameters_of

#: How long somebody may be still within one visit (F6.11.1).
VISIT_GAP = 30 * MINUTE

#: The properties of HubSpot's page view events, and the parameters of an address that they come from.
_UTM_FACTS = MappingProxyType(
    {f"hs_{name}": name for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")}
)

#: What HubSpot's event of a page view tells (F7.11).
FACTS = (
    *("hs_url", "hs_page_title", "hs_title", "hs_referrer", "hs_page_id", "hs_page_content_type"),
    *("hs_visit_source", "hs_visit_source_details_1", "hs_visit_source_details_2"),
    *_UTM_FACTS,
)

_SOURCE = ("hs_analytics_source", "hs_analytics_source_data_1", "hs_analytics_source_data_2")
_LATEST = ("hs_latest_source", "hs_latest_source_data_1", "hs_latest_source_data_2", "hs_latest_source_timestamp")
_ENDS = ("timestamp", "visit_timestamp", "url", "referrer")

#: The properties that go together, as they tell of the same page view.
_FIRST = (*_SOURCE, *(f"hs_analytics_first_{what}" for what in _ENDS))
_LAST = (*_LATEST, *(f"hs_analytics_last_{what}" for what in _ENDS))


@dataclass(slots=True)
class Visit:
    """One visit: when it *began*, where from, and the moment of its last page view."""

    began: int
    source: TrafficSource
    last: int

    def goes_on(self, now: int) -> bool:
        """Whether a page that is viewed now still belongs to it."""
        return now - self.last < VISIT_GAP


@dataclass(frozen=True, slots=True)
class PageView:
    """Somebody viewed a page. *began* is when the visit did, *source* where it came from.

    *page_id* and *content_type* are those of a page that HubSpot serves itself.
    """

    moment: int
    url: str
    began: int
    source: TrafficSource
    begins_visit: bool
    title: str = ""
    referrer: str = ""
    page_id: str = ""
    content_type: str = ""

    def facts(self) -> dict[str, str]:
        """The properties of HubSpot's event; those that have no value are left out."""
        parameters = parameters_of(address(self.url))
        named = {
            "hs_url": self.url,
            "hs_page_title": self.title,
            "hs_title": self.title,
            "hs_referrer": self.referrer,
            "hs_page_id": self.page_id,
            "hs_page_content_type": self.content_type,
            "hs_visit_source": self.source.name,
            "hs_visit_source_details_1": self.source.detail,
            "hs_visit_source_details_2": self.source.more,
            **{fact: parameters.get(name) for fact, name in _UTM_FACTS.items()},
        }
        return {fact: value for fact, value in named.items() if value}


@dataclass(slots=True)
class Browser:
    """A browser: whose it is, its latest visit, and what it viewed while nobody knew whose it was."""

    contact: Record | None = None
    visit: Visit | None = None
    views: list[PageView] = field(default_factory=list)


def values_after(contact: Record, views: Iterable[PageView]) -> dict[str, str]:
    """The values that change when *views* become a contact's: only those that get another value (F6.11)."""
    changed: dict[str, str] = {}
    known = ChainMap(changed, contact.values)
    for view in views:
        changed.update(_noted(known, view, contact.created))
    return {name: value for name, value in changed.items() if value != contact.values.get(name)}


def _noted(known: Mapping[str, str], view: PageView, created: int) -> Iterator[tuple[str, str]]:
    pages = int(known.get("hs_analytics_num_page_views", "0")) + 1
    visits = int(known.get("hs_analytics_num_visits", "0")) + view.begins_visit
    yield "hs_analytics_num_page_views", str(pages)
    yield "hs_analytics_num_visits", str(visits)
    yield "hs_analytics_average_page_views", _average(pages, visits)
    first, last = known.get("hs_analytics_first_timestamp"), known.get("hs_analytics_last_timestamp")
    if first is None or view.moment < from_iso(first):
        yield from _end("first", view)
        # What became known of somebody after the creation was not what brought them (our model).
        if view.moment <= created:
            yield from _source("hs_analytics_source", view.source)
    if last is None or view.moment >= from_iso(last):
        yield from _end("last", view)
        if view.begins_visit:
            yield from _source("hs_latest_source", view.source)
            yield "hs_latest_source_timestamp", iso(view.began)


def values_of_both(primary: Record, other: Record) -> dict[str, str | None]:
    """The values of what two contacts become who both visited: the sums, and the first and last of either (F6.11.3)."""
    both = [one for one in (primary, other) if "hs_analytics_num_visits" in one.values]
    if len(both) < 2:
        return {}  # a merge fills what one lacks
    pages, visits = (
        sum(int(one.values[f"hs_analytics_num_{what}"]) for one in both) for what in ("page_views", "visits")
    )
    first = min(both, key=lambda one: from_iso(one.values["hs_analytics_first_timestamp"]))
    last = max(both, key=lambda one: from_iso(one.values["hs_analytics_last_timestamp"]))
    return {
        "hs_analytics_num_page_views": str(pages),
        "hs_analytics_num_visits": str(visits),
        "hs_analytics_average_page_views": _average(pages, visits),
        **{name: first.values.get(name) for name in _FIRST},
        **{name: last.values.get(name) for name in _LAST},
    }


def _average(pages: int, visits: int) -> str:
    """A whole number, as in the histories of contacts."""
    return str((Decimal(pages) / max(visits, 1)).quantize(Decimal(1), ROUND_HALF_UP))


def _end(which: str, view: PageView) -> Iterator[tuple[str, str]]:
    yield f"hs_analytics_{which}_timestamp", iso(view.moment)
    yield f"hs_analytics_{which}_visit_timestamp", iso(view.began)
    yield f"hs_analytics_{which}_url", view.url
    if view.referrer:
        yield f"hs_analytics_{which}_referrer", view.referrer


def _source(property: str, source: TrafficSource) -> Iterator[tuple[str, str]]:
    yield property, source.name
    yield f"{property}_data_1", source.detail or ""
    yield f"{property}_data_2", source.more or ""
