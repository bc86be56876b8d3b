"""Pulling: a portal file out of anything that speaks HubSpot's API."""

from hubtwin.pulling.pull import Pulled, pull
from hubtwin.pulling.source import NoAnswer

__all__ = ["NoAnswer", "Pulled", "pull"]
