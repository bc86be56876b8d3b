"""Account information."""

from typing import Any

import orjson
import pytest

from hubtwin.api import Api, Request
from hubtwin.portal import Configuration, Portal
from hubtwin.portal.moments import from_iso

HEADERS = {"authorization": "Bearer x"}


def read(portal: Portal, path: str) -> Any:
    return orjson.loads(Api(portal).handle(Request("GET", path, "", HEADERS)).body)


def test_details() -> None:
    """The members in HubSpot's order, the id as a number (W6.8.1)."""
    account = {"id": 77, "time_zone": "Asia/Kolkata", "currency": "INR", "ui_domain": "app-eu1.hubspot.com"}
    portal = Portal(Configuration.model_validate({"account": account}))
    assert list(read(portal, "/account-info/v3/details").items()) == [
        ("portalId", 77),
        ("accountType", "STANDARD"),
        ("timeZone", "Asia/Kolkata"),
        ("companyCurrency", "INR"),
        ("additionalCurrencies", []),
        ("utcOffset", "+05:30"),
        ("utcOffsetMilliseconds", 19_800_000),
        ("uiDomain", "app-eu1.hubspot.com"),
        ("dataHostingLocation", "eu1"),
    ]


@pytest.mark.parametrize(("moment", "offset"), [("2026-03-07T12:00:00Z", "-05:00"), ("2026-03-09T12:00:00Z", "-04:00")])
def test_the_offset_is_that_of_the_portals_time(moment: str, offset: str) -> None:
    """Clocks go forward in New York on 8 March 2026 (W6.8.1)."""
    configuration = Configuration.model_validate({"account": {"time_zone": "US/Eastern"}})
    assert read(Portal(configuration, start=from_iso(moment)), "/account-info/2026-03/details")["utcOffset"] == offset


def test_details_of_version_1() -> None:
    """Fewer of them, under their old names (W6.8.16)."""
    account = {"id": 77, "time_zone": "America/St_Johns", "currency": "CAD"}
    portal = Portal(Configuration.model_validate({"account": account}))
    assert list(read(portal, "/integrations/v1/me").items()) == [
        ("portalId", 77),
        ("timeZone", "America/St_Johns"),
        ("currency", "CAD"),
        ("utcOffsetMilliseconds", -12_600_000),
        ("utcOffset", "-03:30"),
    ]


def test_daily_usage() -> None:
    """Calls of private apps since midnight, this one included; public apps don't count (W6.8.2)."""
    path = "/account-info/v3/api-usage/daily/private-apps"
    oauth = {"client_id": "c", "client_secret": "s", "redirect_uri": "https://app.example/back"}
    apps = [{"name": "P", "token": "public", "oauth": oauth}]
    configuration = Configuration.model_validate({"apps": apps, "account": {"time_zone": "Europe/Helsinki"}})
    portal = Portal(configuration)
    Api(portal).handle(Request("GET", "/crm/v3/owners", "", {"authorization": "Bearer public"}))
    read(portal, "/crm/v3/owners")
    assert read(portal, path)["results"] == [
        {
            "name": "private-apps-api-calls-daily",
            "usageLimit": 625_000,
            "currentUsage": 2,
            "collectedAt": "2026-03-02T09:00:00Z",
            "fetchStatus": "SUCCESS",
            "resetsAt": "2026-03-02T22:00:00Z",
        }
    ]
    portal.clock.advance("13h")
    assert portal.usage.today == 0
    assert read(portal, path)["results"][0]["currentUsage"] == 1
