"""Tracking: which visitors the portal knows, by the cookie of their browser."""

from typing import TYPE_CHECKING

from hubtwin.portal.records import Record

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Tracking:
    """The browsers that visited the website of one portal. A *cookie* is the value of `hubspotutk`."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._contacts: dict[str, Record] = {}

    def contact(self, cookie: str) -> Record | None:
        """Whose browser it is, None where that is not known."""
        known = self._contacts.get(cookie)
        return None if known is None else self._portal.records[known.type].get(known.id)

    def identify(self, cookie: str, contact: Record) -> None:
        """Note whose browser it is from now on."""
        self._contacts[cookie] = contact
