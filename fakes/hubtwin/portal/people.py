"""How a channel finds the contact that somebody is, by e-mail address, or makes one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hubtwin.portal.objects import CONTACTS
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source
from hubtwin.portal.writes import Change

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


def contact_with(portal: "Portal", email: str) -> Record | None:
    """The contact with this e-mail address, whatever its case (W2.6); None where there is none."""
    found = portal.records[CONTACTS].having("email", email.strip().lower())
    return found[0] if found else None


def check_contact(portal: "Portal", email: str, values: Mapping[str, str], source: Source) -> Change:
    """The change that writes *values* to the contact with this e-mail address, or that creates it.

    Raises InvalidValues.
    """
    contact = contact_with(portal, email)
    if contact is None:
        return portal.writes.check_new(CONTACTS, {**values, "email": email}, source)
    return portal.writes.check(contact, values, source)
