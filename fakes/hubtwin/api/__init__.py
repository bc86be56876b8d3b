"""HubSpot's HTTP face over a portal: requests in, responses out, no sockets."""

from hubtwin.api.api import Api
from hubtwin.api.http import Request, Response

__all__ = ["Api", "Request", "Response"]
