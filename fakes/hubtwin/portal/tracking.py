"""Tracking: who visits the website, known by the cookie of their browser (F6.9 to F6.11, F8.14)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hubtwin.portal.errors import Refused
from hubtwin.portal.log import IDENTIFIED, MERGED, PAGE_VIEWED, SET, Activity, Entry
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.people import check_contact
from hubtwin.portal.records import Record
from hubtwin.portal.sources import ANALYTICS, TRACKING_CODE
from hubtwin.portal.traffic_sources import traffic_source
from hubtwin.portal.visits import Browser, PageView, Visit, values_after, values_of_both
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The properties that people may change, and whose details no longer fit then.
SOURCES = ("hs_analytics_source", "hs_latest_source")


class Tracking:
    """The browsers that visited the website of one portal. A *cookie* is the value of `hubspotutk`."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._browsers: dict[str, Browser] = {}
        self._own: dict[Record, Browser] = {}
        for property in SOURCES:
            portal.reactions.add(SET, self._source_changed, property, CONTACTS)
        portal.reactions.add(MERGED, self._merged, None, CONTACTS)

    # -- who it is -------------------------------------------------------------------------------------

    def contact(self, cookie: str) -> Record | None:
        """Whose browser it is, None where that is not known."""
        browser = self._browsers.get(cookie)
        return None if browser is None else self._present(browser)

    def identify(self, cookie: str, contact: Record, *, cause: int | None = None) -> None:
        """Note whose browser it is from now on; what it viewed before is the contact's too (F6.11.2).

        *cause* is the number of the log's entry that made it known.
        """
        browser = self._browsers.setdefault(cookie, Browser())
        browser.contact = contact
        views, browser.views = browser.views, []
        noted = [
            self._portal.writes.happened(contact, _activity(view), ANALYTICS, cause, moment=view.moment)
            for view in views
        ]
        if noted:
            values = values_after(contact, views)
            self._portal.writes.apply(Change(CONTACTS, contact, values, ANALYTICS, noted[-1]))

    def identify_by_email(self, cookie: str, email: str, properties: Mapping[str, str] | None = None) -> Record:
        """Let the tracking code's `identify` tell who uses a browser; return the contact, which may be new (F4.1.2).

        A new contact gets the account's default stage; a known one's stage never moves back (F4.3).

        Raises InvalidValues; nothing is known then that was not before.
        """
        values = {name: value for name, value in (properties or {}).items() if name != "email"}
        change = check_contact(self._portal, email, values, TRACKING_CODE)
        change.activity = Activity(IDENTIFIED, "by the tracking code")
        number = len(self._portal.log)
        contact = self._portal.writes.apply(change).record
        self.identify(cookie, contact, cause=number)
        return contact

    def forget(self, contact: Record) -> None:
        """Drop what browsers say about a contact, as data protection law asks for (W2.4.8)."""
        self._browsers = {
            cookie: browser for cookie, browser in self._browsers.items() if self._present(browser) is not contact
        }
        self._own.pop(contact, None)

    # -- what they view --------------------------------------------------------------------------------

    def view_page(
        self,
        url: str,
        *,
        cookie: str | None = None,
        contact: Record | None = None,
        title: str = "",
        referrer: str = "",
        page_id: str = "",
        content_type: str = "",
        email_recipient: Record | None = None,
        email: str = "",
        cause: int | None = None,
    ) -> PageView:
        """Let the browser with a *cookie*, or one of a *contact*'s own, view a page at the present moment.

        *email_recipient* is who got the marketing e-mail, called *email*, whose link led to the page: the browser
        is theirs from then on (F4.1.1). A browser that nobody knows keeps its views until it is identified.

        Raises Refused where *url* is no address of a web page, or nobody views it.
        """
        source, who = traffic_source(url, referrer, email), contact or email_recipient
        browser = self._browser(cookie, who, cause)
        now, visit = self._portal.clock.now, browser.visit
        begins = visit is None or not visit.goes_on(now)
        if visit is None or begins:
            browser.visit = visit = Visit(now, source, now)
        visit.last = now
        view = PageView(now, url, visit.began, visit.source, begins, title, referrer, page_id, content_type)
        self._keep(browser, view, cause)
        return view

    def _browser(self, cookie: str | None, who: Record | None, cause: int | None) -> Browser:
        if cookie is None:
            if who is None:
                raise Refused("A page is viewed by somebody: give the cookie of a browser, or a contact")
            return self._own.setdefault(who, Browser(who))
        if who is not None and self.contact(cookie) is not who:
            self.identify(cookie, who, cause=cause)
        return self._browsers.setdefault(cookie, Browser())

    def _keep(self, browser: Browser, view: PageView, cause: int | None) -> None:
        contact = self._present(browser)
        if contact is None:
            browser.views.append(view)
            return
        change = Change(CONTACTS, contact, values_after(contact, [view]), ANALYTICS, cause)
        change.activity = _activity(view)
        self._portal.writes.apply(change)

    def _present(self, browser: Browser) -> Record | None:
        """The contact that a browser's became, where it was merged; None where it is in the bin."""
        contact = browser.contact
        return None if contact is None else self._portal.records[contact.type].get(contact.id)

    # -- reactions -------------------------------------------------------------------------------------

    def _source_changed(self, entry: Entry) -> None:
        """A source that somebody changes has no details (F6.10.1)."""
        if entry.record is not None and entry.source.type != ANALYTICS.type:
            details = (f"{entry.property}_data_{number}" for number in (1, 2))
            self._portal.writes.follow(entry.record, dict.fromkeys(details))

    def _merged(self, entry: Entry) -> None:
        """What two contacts became made the visits of both."""
        if entry.record is not None and entry.value:
            self._portal.writes.follow(entry.record, values_of_both(*entry.value))


def _activity(view: PageView) -> Activity:
    return Activity(PAGE_VIEWED, view.url, view.facts())
