"""Versions 1 and 2 of HubSpot's APIs, which connectors still call (W12): an older face over the same records."""
