"""The door to the outside: what a portal's workflows send goes over HTTP to targets that a person named (F7.15.6)."""

import re
from collections.abc import Collection, Iterable, Mapping
from threading import RLock
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlencode, urlsplit

import orjson

from hubtwin.doors.apart import apart
from hubtwin.doors.exchange import LONGEST, Exchange
from hubtwin.doors.hosts import is_hubspot, is_this_machine
from hubtwin.doors.signatures import signed
from hubtwin.doors.wall import now_ms
from hubtwin.portal.apps import Apps
from hubtwin.portal.errors import Refused
from hubtwin.portal.outbox import Answer, Request

#: What may stand in a URL as it is; all else is escaped.
_PATH, _QUERY = "%/:@!$&'()*+,;=-._~", "%/?:@!$&'()*+,;=-._~"

_VALUE = re.compile(r"[\x20-\x7e]+")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

#: The headers that say where a message ends and to whom it goes: no workflow decides that.
_OWN = frozenset(("connection", "content-length", "host", "transfer-encoding", "upgrade"))


class Route(NamedTuple):
    """Requests to *address*, and to what lies below it, go to *target*."""

    address: SplitResult
    target: SplitResult

    def leads(self, url: SplitResult) -> bool:
        """Whether a request to this URL goes this way."""
        own, path = self.address, self.address.path.rstrip("/")
        same = (own.scheme, own.hostname, own.port) == (url.scheme, url.hostname, url.port)
        return same and (url.path.rstrip("/") == path or url.path.startswith(f"{path}/"))

    def url(self, url: SplitResult, query: Iterable[str]) -> str:
        """Where a request to this URL really goes, with some more *query*."""
        rest = url.path[len(self.address.path.rstrip("/")) :]
        path = self.target.path.rstrip("/") + rest if rest.strip("/") else self.target.path
        asked = "&".join(filter(None, (self.target.query, url.query, *query)))
        found = f"{self.target.scheme}://{self.target.netloc}{quote(path or '/', safe=_PATH)}"
        return f"{found}?{quote(asked, safe=_QUERY)}" if asked else found


class Outgoing:
    """Carries the requests of a portal's workflows out of the machine, or to another program on it.

    *routes* are targets by the addresses in the workflows; an address may be its own target. Targets are on this
    machine, or on one of the *hosts*. *secrets* are the values of secrets by their names. While an answer is awaited
    *lock* is free.

    Raises ValueError for addresses, targets and secrets that can't be meant, and for other hosts.
    """

    def __init__(
        self,
        apps: Apps,
        lock: RLock,
        routes: Mapping[str, str],
        *,
        secrets: Mapping[str, str],
        hosts: Collection[str],
    ) -> None:
        for name, value in secrets.items():
            if not _VALUE.fullmatch(value):
                raise ValueError(f"the value of secret {name!r} can't be sent: it is empty or holds control characters")
        self._apps, self._lock, self._secrets = apps, lock, dict(secrets)
        given = [Route(_address(address), _target(target, hosts)) for address, target in routes.items()]
        self._routes = sorted(given, key=lambda route: len(route.address.path), reverse=True)

    def reaches(self, url: str) -> bool:
        """Whether requests to this address have a target."""
        return self._route(url) is not None

    def carry(self, request: Request) -> Answer:
        """Send a request to its target, and come back with the answer.

        Raises OSError where it can't be delivered, Refused where it can't be sent as it is.
        """
        exchange = self._exchange(request)
        try:
            return apart(self._lock, exchange.run, LONGEST)
        except TimeoutError:
            exchange.abandon()
            raise

    def _route(self, url: str) -> Route | None:
        try:
            parts = urlsplit(url)
            return next((route for route in self._routes if route.leads(parts)), None)
        except ValueError:  # a port that can't be one
            return None

    def _exchange(self, request: Request) -> Exchange:
        route = self._route(request.url)
        if route is None:
            raise Refused(f"no target is known for {request.url.partition('?')[0]}")
        hidden = {name: self._secret(secret) for name, secret in request.query_secrets.items()}
        url = route.url(urlsplit(request.url), (_encoded(request.query), _encoded(hidden)))
        body = None if request.body is None else orjson.dumps(dict(request.body))
        own = {_header(name): self._secret(secret) for name, secret in request.secrets.items()}
        headers = {"User-Agent": "HubTwin", "Accept": "application/json", **request.headers, **own}
        secret = self._client_secret(request.signed_by)
        if secret is not None:
            headers |= signed(secret, request.method, url, body or b"", now_ms())
        return Exchange(url, request.method, headers, body)

    def _secret(self, name: str) -> str:
        if name not in self._secrets:
            raise Refused(f"the value of secret {name!r} is not known: give it where the targets are given")
        return self._secrets[name]

    def _client_secret(self, app: int | None) -> str | None:
        """What requests of this app are signed with; None for one without, whose requests go unsigned."""
        oauth = next((one.oauth for one in self._apps if one.id == app), None)
        return None if oauth is None else oauth.client_secret


def _encoded(query: Mapping[str, str]) -> str:
    return urlencode(query, quote_via=quote, safe="/?:@!$'()*,;")


def _header(name: str) -> str:
    if not _HEADER.fullmatch(name) or name.lower() in _OWN:
        raise Refused(f"no request can carry a header {name!r} of a workflow's own")
    return name


def _address(text: str) -> SplitResult:
    parts = _split(text)
    if parts.query:
        raise ValueError(f"{text!r} has a query; requests are told apart by what stands before it")
    return parts


def _target(text: str, hosts: Collection[str]) -> SplitResult:
    parts = _split(text)
    if is_hubspot(parts.hostname):
        raise ValueError(f"{text!r} is HubSpot itself, which a portal of HubTwin never calls")
    if not is_this_machine(parts.hostname) and parts.hostname not in {host.lower() for host in hosts}:
        raise ValueError(
            f"{text!r} would send what the portal holds to another machine;"
            f" choose one on 127.0.0.1, or say allow_hosts=[{parts.hostname!r}]"
        )
    return parts


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    if not is_url or parts.fragment or parts.username is not None:
        raise ValueError(f"{text!r} is not an address such as https://hooks.example/in, or http://127.0.0.1:9000/in")
    return parts
