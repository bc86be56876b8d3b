"""Targeting: on which pages a chatflow shows, to whom and when (F9.1.1)."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from hubtwin.portal.calendars import DAYS_OF_WEEK, local
from hubtwin.portal.configuration import Chatflow, Hours, PageRule, Target
from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


def mismatch(portal: "Portal", target: Target, page: str | None, contact: Record | None) -> str | None:
    """Why a chatflow doesn't show to a visitor, None where it does. No *page* means one on which it shows."""
    if page is not None and not any(fits(rule, page) for rule in target.show):
        return f"it does not show on the page {page}"
    if page is not None and any(fits(rule, page) for rule in target.hide):
        return f"it is hidden on the page {page}"
    if target.visitors == "known" and contact is None:
        return "it shows to known visitors only"
    if target.visitors == "anonymous" and contact is not None:
        return "it shows to anonymous visitors only"
    if target.in_lists and not any(_is_in(portal, name, contact) for name in target.in_lists):
        return f"it shows to visitors in a list only: {', '.join(target.in_lists)}"
    left_out = next((name for name in target.not_in_lists if _is_in(portal, name, contact)), None)
    return None if left_out is None else f"it does not show to visitors in the list {left_out}"


def fits(rule: PageRule, page: str) -> bool:
    """Whether a rule fits the address of a page."""
    wanted = rule.value.lower()
    return any(_compares(rule.match, text.lower(), wanted) for text in _looked_at(rule, page))


def _looked_at(rule: PageRule, page: str) -> list[str]:
    try:
        parts = urlsplit(page)
    except ValueError:  # not an address at all: a visitor's browser may send anything
        return [page]
    if rule.parameter is not None:
        return [value for name, value in parse_qsl(parts.query, keep_blank_values=True) if name == rule.parameter]
    bare = f"{parts.netloc}{parts.path}"
    return [f"{parts.scheme}://{bare}", bare, parts.path or "/"]


def _compares(match: str, text: str, wanted: str) -> bool:
    if match == "is":
        return text.rstrip("/") == wanted.rstrip("/")
    if match == "contains":
        return wanted in text
    if match == "starts with":
        return text.startswith(wanted)
    return match == "any" or text.endswith(wanted)


def _is_in(portal: "Portal", name: str, contact: Record | None) -> bool:
    list = portal.lists.named(CONTACTS, name)
    return contact is not None and list is not None and contact in list


def is_staffed(portal: "Portal", chatflow: Chatflow) -> bool:
    """Whether visitors can chat now."""
    availability = chatflow.availability
    if availability.when == "users available":
        return bool(portal.conversations.agents.available(chatflow.assign))
    if availability.when == "business hours":
        zone = ZoneInfo(availability.time_zone or portal.configuration.account.time_zone)
        return any(_is_within(hours, portal.clock.now, zone) for hours in availability.hours)
    return True


def _is_within(hours: Hours, moment: int, zone: ZoneInfo) -> bool:
    time = local(moment, zone)
    return DAYS_OF_WEEK[time.weekday()] in hours.days and hours.start <= f"{time:%H:%M}" < hours.end
