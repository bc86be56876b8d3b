"""The outbox: the web requests that a portal's workflows make of other systems (F7.15.3).

By itself nothing leaves the machine: a request is kept here to be looked at. Who wants an answer to it says who
receives the requests to an address: a function, which answers at once, or a courier, who carries them over the network
(F7.15.6). The courier leaves as the clock moves, once all that happened was reacted to, and the clock stands still
until he is back: whoever he asks may call the portal meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from hubtwin.portal.clock import Clock
from hubtwin.portal.errors import Refused
from hubtwin.portal.handlers import Handler

#: No more than this of an answer's text is kept (our model).
MAX_ANSWER = 65_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it would be sent.

    Where a header holds a secret, the request names it in *secrets*, by the header; where a query parameter does, in
    *query_secrets*: the values are not known here. With *signed_by* it carries the signature of the app with this id.
    *body* is JSON, None where there is none.
    """

    moment: int
    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    query_secrets: Mapping[str, str] = field(default_factory=dict)
    signed_by: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answers: an HTTP status, a JSON object, and how long to wait before a retry, in milliseconds."""

    status: int = 200
    body: Mapping[str, Any] = field(default_factory=dict)
    retry_after: int | None = None

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 200 to 299."""
        return 200 <= self.status < 300

    @property
    def is_passing(self) -> bool:
        """Whether it may be another one later: a limit is reached, or the system has a problem (F7.15.4)."""
        return self.status == 429 or self.status >= 500


Receiver = Callable[[Request], Answer | None]

#: What came of a request: an answer, why there is none, or None where nobody received it.
Outcome = Answer | Exception | None


class Courier(Protocol):
    """Who carries requests out of the portal."""

    def reaches(self, url: str) -> bool:
        """Whether requests to this web address are carried."""

    def carry(self, request: Request) -> Answer:
        """Carry a request, and come back with the answer. Raises OSError where it can't be delivered just now."""


class Outbox:
    """The requests of one portal, and who receives them. Iterating goes over the requests, oldest first.

    The *courier* and the receivers are people's own: they stay whatever becomes of the portal.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._requests: list[Request] = []
        self._receivers: dict[str, Handler] = {}
        self._away = 0
        self.courier: Courier | None = None

    def __getstate__(self) -> list[Request]:
        return self._requests

    def __setstate__(self, requests: list[Request]) -> None:
        self._requests = requests

    def __iter__(self) -> Iterator[Request]:
        return iter(self._requests)

    def __len__(self) -> int:
        return len(self._requests)

    def deliver(self, address: str, receiver: Receiver) -> None:
        """Let *receiver* get the requests to web addresses that begin with *address*, and answer them.

        It gets a Request and returns an Answer, None for 200 without a text; OSError stands for a system that can't
        be reached. Of several receivers the one with the longest address gets it. Raises Refused for no address.
        """
        if not address:
            raise Refused("say to which web addresses requests are delivered: 'https://hooks.example/'")
        self._receivers[address] = Handler(receiver)

    @property
    def is_delivering(self) -> bool:
        """Whether the courier is on his way."""
        return self._away > 0

    def send(self, request: Request, then: Callable[[Outcome], None]) -> None:
        """Keep a request, give it to who receives it, and tell *then* what came of it, now or when the clock moves.

        As what is on the clock, *then* is a method of the portal's parts or a partial of one.
        """
        self._requests.append(request)
        known = [address for address in self._receivers if request.url.startswith(address)]
        if known:
            then(_received(self._receivers[max(known, key=len)], request))
        elif self.courier is not None and self.courier.reaches(request.url):
            self._clock.after(0, partial(self._carry, request, then))
        else:
            then(None)

    def _carry(self, request: Request, then: Callable[[Outcome], None]) -> None:
        before, courier = self._requests, self.courier
        self._away += 1
        try:
            outcome: Outcome = None if courier is None else courier.carry(request)
        except Exception as error:  # noqa: BLE001  whatever goes wrong outside is an issue of the workflow
            outcome = error
        finally:
            self._away -= 1
        if self._requests is before:  # else the portal was put back meanwhile, and nobody waits any more
            then(outcome)


def _received(receiver: Handler, request: Request) -> Outcome:
    try:
        answer: Answer | None = receiver.call(request)
    except Exception as error:  # noqa: BLE001  whatever a person's code raises is an issue of the workflow
        return error
    return Answer() if answer is None else answer
