"""HubSpot's own Python client, wired to a portal without touching any other client."""

from typing import Any

from hubspot import HubSpot
from hubspot.discovery.discovery_base import DiscoveryBase

from hubtwin.doors import urllib3_door
from hubtwin.doors.reception import Reception
from hubtwin.doors.urllib3_door import PortalManager


def official_client(reception: Reception, **options: Any) -> Any:
    """A `hubspot.HubSpot` all of whose calls reach the portal; *options* are HubSpot's own."""
    build = options.pop("api_factory", DiscoveryBase._default_api_factory)  # what that option stands in for

    def factory(package: Any, name: str, config: dict[str, Any]) -> Any:
        api = build(package, name, config)
        # The client builds an API object for each `client.crm.contacts.basic_api`, with connections of its own.
        api.api_client.rest_client.pool_manager = PortalManager(reception, config.get("retry"))
        return api

    client = HubSpot(api_factory=factory, **options)
    plain_request = client.api_request

    def api_request(options: dict[str, Any]) -> Any:
        with urllib3_door.opened(reception):  # the one method that calls requests itself
            return plain_request(options)

    client.api_request = api_request
    return client
