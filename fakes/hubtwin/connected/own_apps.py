"""The apps as which connected systems write: one of the portal's, or one of their own (F6.12)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from hubtwin.portal.sources import Source, integration

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal

#: The ids of the systems' own apps, beyond those that portal files are likely to name.
BILLING = 900_001
PRODUCT = 900_002


def writer(portal: "Portal", app: str | None, own: int, rule: str) -> Source:
    """The source of a system that writes as the *app* of this name, or with its *own* id."""
    source = integration(own) if app is None else portal.apps.find(app).source
    return replace(source, rule=rule)
