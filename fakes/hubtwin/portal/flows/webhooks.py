"""*Send a webhook*: the record, sent to another system, whose answer later actions can use (F7.15.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values, webhook_bodies
from hubtwin.portal.flows.actions import Asset, Result, Run, connection
from hubtwin.portal.flows.asking import Asking, plain
from hubtwin.portal.flows.values import Value
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.outbox import Answer, Request
from hubtwin.portal.uses import Use

#: Under this key the action gives out the answer's status (F7.15.5).
STATUS = "hs_http_status_code"


@dataclass(frozen=True, slots=True)
class Authentication:
    """How a request shows who it is from: the names of secrets by the header or query parameter that holds them.

    Or else the *app* with whose client secret it is signed.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    app: int | None = None


@dataclass(frozen=True, slots=True)
class Webhook(Asking):
    """Sends the record by POST, or asks by GET."""

    method: str
    url: str
    query: Mapping[str, Value]
    authentication: Authentication

    def run(self, run: Run) -> Result:
        """Ask."""
        return self.ask(self._request(run))

    def what(self, run: Run) -> str:
        """The method and the address; query parameters are not shown: they may hold secrets."""
        parts = urlsplit(self.url)
        return f"{self.method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def concluded(self, run: Run, answer: Answer, entry: int) -> Result:
        """It worked where the status says so."""
        event, outputs = f"{self.what(run)} answered {answer.status}", self.outputs(answer)
        return self.done(event, entry, outputs) if answer.is_success else self.failed(event, entry, outputs)

    def outputs(self, answer: Answer) -> Mapping[str, str]:
        """The status, and the members of the answer that are no objects or lists (F7.15.5)."""
        return {**plain(answer.body), STATUS: str(answer.status)}

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that are sent one by one."""
        for value in self.query.values():
            yield from value.uses(type, asset)

    def _request(self, run: Run) -> Request:
        return Request(
            run.portal.clock.now,
            self.method,
            self.url,
            {name: value.of(run) for name, value in self.query.items()},
            {"Content-Type": "application/json"} if self.method == "POST" else {},
            self.authentication.headers,
            webhook_bodies.of(run.portal, run.record) if self.method == "POST" else None,
            self.authentication.query,
            self.authentication.app,
        )


def read(node: Node) -> Webhook:
    """A WEBHOOK. Raises InvalidFilterBranch."""
    url = _url(node)
    query = {one.text("name"): values.read(one.object("value")) for one in node.objects("queryParams")}
    method = node.choice("method", ("POST", "GET"))
    return Webhook(node.text("actionId"), connection(node), method, url, query, _authentication(node))


def _url(node: Node) -> str:
    url = node.text("webhookUrl")
    try:
        parts = urlsplit(url)
        is_web = parts.scheme == "https" and parts.hostname is not None
    except ValueError:
        is_web = False
    if not is_web:
        raise node.wrong("webhookUrl", f"must begin with https:// and a host, not be {url!r}")  # F7.15.7
    return url


def _authentication(node: Node) -> Authentication:
    if "authSettings" not in node:
        return Authentication()
    settings = node.object("authSettings")
    if settings.choice("type", ("AUTH_KEY", "SIGNATURE")) == "SIGNATURE":
        return Authentication(app=settings.whole("appId", low=0, high=10**12))
    secret = {settings.text("name"): settings.text("secretName")}
    if settings.choice("location", ("HEADER", "QUERY_PARAM")) == "HEADER":
        return Authentication(headers=secret)
    return Authentication(query=secret)
