"""The account: state and rules. No HTTP, no threads, no wall time."""

from hubtwin.portal.clock import Clock
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.errors import PortalError
from hubtwin.portal.log import Entry, Log, Version
from hubtwin.portal.portal import Portal
from hubtwin.portal.records import Record
from hubtwin.portal.sources import Source

__all__ = ["Clock", "Configuration", "Entry", "Log", "Portal", "PortalError", "Record", "Source", "Version"]
