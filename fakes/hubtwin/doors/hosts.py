"""Hosts: those that HubSpot's APIs are reached at (W1.1), and this machine."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

#: What our own pages call their server in the header `server`: clients can tell by it that they are ours.
SERVER = "hubtwin"

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


def is_address(place: str) -> bool:
    """Whether *place*, with or without a port, is an IP address or `localhost`, and no name that leads anywhere."""
    try:
        host = urlsplit(f"//{place}").hostname or ""
        return host == "localhost" or ip_address(host).version > 0
    except ValueError:
        return False
