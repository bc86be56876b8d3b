"""The outbox: the web requests that a portal's workflows make of other systems (F7.15.3).

By itself nothing leaves the machine: a request is kept here to be looked at. Who wants an answer to it says who
receives the requests to an address.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hubtwin.portal.errors import Refused
from hubtwin.portal.handlers import Handler

#: No more than this of an answer's text is kept (our model).
MAX_ANSWER = 65_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it would be sent.

    Where a header or query parameter holds a secret, the request names it in *secrets*, by where it goes: its value is
    not known here. *body* is JSON, None where there is none.
    """

    moment: int
    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answers: an HTTP status, a JSON object, and how long to wait before a retry, in milliseconds."""

    status: int = 200
    body: Mapping[str, Any] = field(default_factory=dict)
    retry_after: int | None = None


Receiver = Callable[[Request], Answer | None]


class Outbox:
    """The requests of one portal, and who receives them. Iterating goes over the requests, oldest first."""

    def __init__(self) -> None:
        self._requests: list[Request] = []
        self._receivers: dict[str, Handler] = {}

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

    def send(self, request: Request) -> Answer | None:
        """Keep a request, and give it to its receiver; None where it has none: then it is not sent.

        Raises whatever the receiver does.
        """
        self._requests.append(request)
        known = [address for address in self._receivers if request.url.startswith(address)]
        if not known:
            return None
        answer = self._receivers[max(known, key=len)].call(request)
        return Answer() if answer is None else answer
