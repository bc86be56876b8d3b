"""Hosts: those that HubSpot's APIs are reached at (W1.1), and this machine."""

import re
from ipaddress import ip_address

#: Where a client calls when nobody tells it otherwise.
API = "api.hubapi.com"

_HOST = re.compile(r"(api(-[a-z]{2}\d+)?\.(hubapi|hsforms|hubspot)|forms(-[a-z]{2}\d+)?\.hubspot)\.com")


def is_hubspot(host: str | None) -> bool:
    """Whether calls to *host* reach HubSpot's APIs, in whichever region: `api.hubapi.com`, `api-eu1.hsforms.com`."""
    return host is not None and _HOST.fullmatch(host.lower()) is not None


def is_this_machine(host: str | None) -> bool:
    """Whether *host* is the machine itself: `localhost`, 127.0.0.1, ::1."""
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
