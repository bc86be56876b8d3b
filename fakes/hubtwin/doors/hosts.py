"""The hosts that HubSpot's APIs are reached at (W1.1)."""

import re

#: Where a client calls when nobody tells it otherwise.
API = "api.hubapi.com"

_HOST = re.compile(r"(api(-[a-z]{2}\d+)?\.(hubapi|hsforms|hubspot)|forms(-[a-z]{2}\d+)?\.hubspot)\.com")


def is_hubspot(host: str | None) -> bool:
    """Whether calls to *host* reach HubSpot's APIs, in whichever region: `api.hubapi.com`, `api-eu1.hsforms.com`."""
    return host is not None and _HOST.fullmatch(host.lower()) is not None
