"""An adapter that connects one `requests.Session` with a portal, without touching anything else."""

from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.util import parse_url

from hubtwin.doors.reception import Reception
from hubtwin.doors.urllib3_door import PortalManager, PortalPool


class PortalAdapter(HTTPAdapter):
    """An adapter for `Session.mount` whose every host is one portal."""

    def __init__(self, reception: Reception) -> None:
        super().__init__()
        self._pools = PortalManager(reception)

    def get_connection_with_tls_context(self, request: PreparedRequest, *_: Any, **__: Any) -> PortalPool:
        """A pool for the request's host."""
        return self._pools.connection_from_host(parse_url(request.url or "").host)

    def cert_verify(self, *_: Any) -> None:
        """There is no certificate to verify."""
