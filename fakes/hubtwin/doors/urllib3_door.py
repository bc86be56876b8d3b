"""Clients on urllib3, such as requests and HubSpot's own, in process.

The portal takes the place of urllib3's connection. Everything above it is urllib3's own: pools, retries,
redirects, streaming.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from http.client import responses as reasons
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

from urllib3 import HTTPConnectionPool, HTTPHeaderDict, HTTPResponse, PoolManager, Retry
from urllib3.connection import HTTPConnection
from urllib3.util import parse_url
from urllib3.util.request import body_to_chunks

from hubtwin.api.http import Request
from hubtwin.doors.detours import detour
from hubtwin.doors.hosts import is_hubspot
from hubtwin.doors.reception import Reception

#: How many threads may share a pool before urllib3 mentions it in its log.
_AT_ONCE = 10


class PortalConnection(HTTPConnection):
    """A connection that ends in a reception instead of a socket."""

    is_connected = True  # it is never lost
    _response: HTTPResponse

    def __init__(self, *args: Any, reception: Reception, **options: Any) -> None:
        super().__init__(*args, **options)
        self._reception = reception

    def connect(self) -> None:
        """There is nothing to connect to."""

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, Any] | None = None,
        *,
        chunked: bool = False,
        **options: Any,
    ) -> None:
        """Have the portal answer; `getresponse` hands the answer out. *options* are those of HTTPResponse."""
        path, _, query = (url if url.startswith("/") else parse_url(url).request_uri).partition("?")
        sent = {"host": self.host, **{_text(name).lower(): _text(value) for name, value in (headers or {}).items()}}
        answer = self._reception.handle(Request(method, path, query, sent, _bytes(body, method, self.blocksize)))
        self._response = HTTPResponse(
            BytesIO(answer.body),
            HTTPHeaderDict(answer.headers),
            answer.status,
            version=11,
            reason=reasons.get(answer.status),
            request_method=method,
            request_url=url,
            **options,
        )

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 has it
        """The answer to the last request."""
        return self._response


class PortalPool(HTTPConnectionPool):
    """A pool of connections to a portal, under the name of the host that the caller thinks it is calling."""

    scheme = "https"
    ConnectionCls = PortalConnection

    def __init__(self, host: str, reception: Reception, *, retries: Any = None, headers: Any = None) -> None:
        super().__init__(host, 443, maxsize=_AT_ONCE, retries=retries, headers=headers, reception=reception)


class PortalManager(PoolManager):
    """A pool manager all of whose hosts are one portal."""

    def __init__(self, reception: Reception, retries: Retry | int | bool | None = None) -> None:
        super().__init__()
        self._reception = reception
        self._retries = retries
        self._by_host: dict[str, PortalPool] = {}

    def connection_from_host(self, host: str | None, *_: Any, **__: Any) -> PortalPool:
        """The pool for this host."""
        name = host or ""
        if name not in self._by_host:
            self._by_host[name] = PortalPool(name, self._reception, retries=self._retries)
        return self._by_host[name]


def opened(reception: Reception) -> AbstractContextManager[None]:
    """As long as this lasts, calls to HubSpot's hosts by way of urllib3 reach the portal."""
    pools: WeakKeyDictionary[HTTPConnectionPool, PortalPool] = WeakKeyDictionary()

    def is_ours(pool: HTTPConnectionPool, method: str, url: str, *_: Any, **__: Any) -> bool:
        return not isinstance(pool, PortalPool) and is_hubspot(_host(pool, url))

    def to_portal(pool: HTTPConnectionPool, *args: Any, **options: Any) -> Any:
        if pool not in pools:
            pools[pool] = PortalPool(pool.host, reception, retries=pool.retries, headers=pool.headers)
        return pools[pool].urlopen(*args, **options)

    return detour(HTTPConnectionPool, "urlopen", is_ours, to_portal)


def _host(pool: HTTPConnectionPool, url: str) -> str | None:
    """The host of a call; behind a proxy the pool's host is the proxy, and the URL is complete."""
    return pool.host if url.startswith("/") else parse_url(url).host


def _text(header: object) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else str(header)


def _bytes(body: Any, method: str, blocksize: int) -> bytes:
    """A body as bytes, whatever urllib3 takes for one: text, a file, pieces."""
    return b"".join(_pieces(body, method, blocksize))


def _pieces(body: Any, method: str, blocksize: int) -> Iterator[bytes]:
    for piece in body_to_chunks(body, method, blocksize).chunks or ():
        yield piece.encode() if isinstance(piece, str) else piece
