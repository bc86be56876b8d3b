"""*Send a webhook*: the record, sent to another system, whose answer later actions can use (F7.15.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hubtwin.portal.filter_branches.nodes import Node
from hubtwin.portal.flows import values, webhook_bodies
from hubtwin.portal.flows.actions import Asset, Result, Run, Single, connection
from hubtwin.portal.flows.values import Value
from hubtwin.portal.log import REQUESTED, Activity
from hubtwin.portal.moments import DAY, HOUR, MINUTE, iso, spoken
from hubtwin.portal.objects import ObjectType
from hubtwin.portal.outbox import MAX_ANSWER, Answer, Request
from hubtwin.portal.uses import Use

#: A failed request is tried again after a minute, then after twice as long each time, up to eight hours, for three
#: days (F7.15.4; that the time doubles is our model).
FIRST_RETRY, LONGEST_RETRY, GIVEN_UP = MINUTE, 8 * HOUR, 3 * DAY

#: Under this key the action gives out the answer's status (F7.15.5).
STATUS = "hs_http_status_code"


@dataclass(frozen=True, slots=True)
class Authentication:
    """How a request shows who it is from: secrets by the header or query parameter that holds them."""

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def secrets(self) -> Mapping[str, str]:
        """The names of all secrets, by where they go."""
        return {**self.headers, **self.query}


@dataclass(frozen=True, slots=True)
class Webhook(Single):
    """Sends the record by POST, or asks by GET."""

    method: str
    url: str
    query: Mapping[str, Value]
    authentication: Authentication

    def run(self, run: Run) -> Result:
        """Send it to whoever receives such requests; without anybody it is recorded only (F7.15.6)."""
        request = self._request(run)
        try:
            answer = run.portal.outbox.send(request)
        except OSError as error:
            return self._try_again(run, f"{self._what} can't be reached: {error}")
        except Exception as error:  # noqa: BLE001  whatever a person's code raises is an issue
            return self.failed(f"{self._what}: its receiver failed: {type(error).__name__}: {str(error)[:1000]}")
        entry = run.portal.writes.note(run.record, Activity(REQUESTED, self._what), run.source, run.cause)
        if answer is None:
            return self.done(f"{self._what} recorded, not sent", entry)
        outputs = _outputs(answer)
        if answer.status == 429 or answer.status >= 500:
            return self._try_again(run, f"{self._what} answered {answer.status}", answer)
        if not 200 <= answer.status < 300:
            return self.failed(f"{self._what} answered {answer.status}", entry, outputs)
        return self.done(f"{self._what} answered {answer.status}", entry, outputs)

    def uses(self, type: ObjectType, asset: Asset) -> Iterator[Use]:
        """The properties that are sent one by one."""
        for value in self.query.values():
            yield from value.uses(type, asset)

    @property
    def _what(self) -> str:
        """The request in words; query parameters are not shown: they may hold secrets."""
        parts = urlsplit(self.url)
        return f"{self.method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def _request(self, run: Run) -> Request:
        return Request(
            run.portal.clock.now,
            self.method,
            self.url,
            {name: value.of(run) for name, value in self.query.items()},
            {"Content-Type": "application/json"} if self.method == "POST" else {},
            self.authentication.secrets,
            webhook_bodies.of(run.portal, run.record) if self.method == "POST" else None,
        )

    def _try_again(self, run: Run, event: str, answer: Answer | None = None) -> Result:
        """Wait, and try again; after three days it has failed."""
        waits = [min(FIRST_RETRY * 2**number, LONGEST_RETRY) for number in range(run.tries + 1)]
        outputs = _outputs(answer) if answer is not None else {}
        if sum(waits) > GIVEN_UP:
            return self.failed(f"{event}; given up after {run.tries + 1} tries", outputs=outputs)
        asked = None if answer is None or answer.status != 429 else answer.retry_after
        wait = waits[-1] if asked is None else min(max(asked, 1), GIVEN_UP)
        until = run.portal.clock.now + wait
        return self.retry(until, f"{event}; tried again in {spoken(wait)}, at {iso(until)}")


def _outputs(answer: Answer) -> dict[str, str]:
    """The status, and the members of the answer that are no objects or lists (F7.15.5)."""
    plain = {
        name: str(value).lower() if isinstance(value, bool) else str(value)[:MAX_ANSWER]
        for name, value in answer.body.items()
        if isinstance(value, str | int | float)
    }
    return {**plain, STATUS: str(answer.status)}


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
        app = settings.whole("appId", low=0, high=10**12)
        return Authentication(headers={"X-HubSpot-Signature": f"signature of app {app}"})
    secret = {settings.text("name"): settings.text("secretName")}
    if settings.choice("location", ("HEADER", "QUERY_PARAM")) == "HEADER":
        return Authentication(headers=secret)
    return Authentication(query=secret)
