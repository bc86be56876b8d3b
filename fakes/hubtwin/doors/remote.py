"""A portal somewhere else, asked over HTTP: HubSpot itself, or whatever else speaks its API. It is only read."""

import json
import re
import time
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, build_opener
from urllib.request import Request as UrlRequest

from hubtwin.api.http import Request, Response
from hubtwin.doors.hosts import is_this_machine

#: How long the portal may be silent, and how long an answer may take as a whole, in seconds.
SILENCE, LONGEST = 30.0, 120.0

#: The longest answer that is read, in bytes.
MAX_ANSWER = 100 * 1024 * 1024

#: How often a question is asked, and the longest wait between two times, in seconds.
TRIES, LONGEST_WAIT = 5, 60.0

#: How long to wait for a limit that doesn't say so itself, by HubSpot's name of it (W7.4).
_WAITS = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}

_TOKEN = re.compile(r"[\x21-\x7e]+")

_PIECE = 64 * 1024


class Remote:
    """The portal at *url*, which *token* opens.

    It sends nothing but GETs, and POSTs of searches. Where the portal wants a pause it gets one, *wait* being how that
    is spent. Redirections are answers like others: the token goes to no other host.

    Raises ValueError for a URL that isn't one, or that would show the token to others: `http` is for this machine.
    """

    def __init__(self, url: str, token: str, *, wait: Callable[[float], None] = time.sleep) -> None:
        address = _checked(url)
        if not _TOKEN.fullmatch(token):
            raise ValueError("the token is none: tokens are letters, digits and signs, without spaces")
        self.url = url.rstrip("/")
        self._host = address.netloc
        self._token = token
        self._wait = wait
        self._opener = _opener(address)

    def __call__(self, request: Request) -> Response:
        """The answer. Raises ConnectionError where none comes, or none that is whole."""
        if request.method != "GET" and not (request.method == "POST" and request.path.endswith("/search")):
            raise ValueError(f"{request.method} {request.path} could change the portal, which is only read")
        tries = 0
        while True:
            tries += 1
            try:
                response = self._ask(request)
            except ConnectionError:
                if tries > 1:
                    raise
                self._wait(1.0)
                continue
            pause = _pause(response, tries)
            if pause is None or tries == TRIES:
                return response
            self._wait(pause)

    def _ask(self, request: Request) -> Response:
        query = f"?{request.query}" if request.query else ""
        headers = {"accept": "application/json", "authorization": f"Bearer {self._token}", "user-agent": "HubTwin"}
        if request.body:
            headers["content-type"] = "application/json"
        asked = UrlRequest(  # noqa: S310  the scheme was checked
            f"{self.url}{request.path}{query}", request.body or None, headers, method=request.method
        )
        try:
            return self._answer(asked)
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise ConnectionError(f"{self._host} gives no answer: {str(reason) or type(reason).__name__}") from None

    def _answer(self, asked: UrlRequest) -> Response:
        try:
            answer = self._opener.open(asked, timeout=SILENCE)
        except HTTPError as error:  # an answer like others
            answer = error
        with answer:
            headers = tuple((name.lower(), value) for name, value in answer.headers.items())
            body = _whole(answer)
            if answer.status != 200:  # whose words are shown
                body = body.replace(self._token.encode(), b"(token)")
            return Response(answer.status, headers, body)


def _whole(answer: "IO[bytes] | HTTPResponse") -> bytes:
    """The body of an answer. Raises ConnectionError where it is endless."""
    end = time.monotonic() + LONGEST
    pieces: list[bytes] = []
    while piece := answer.read(_PIECE):
        pieces.append(piece)
        if time.monotonic() > end or len(pieces) * _PIECE > MAX_ANSWER:
            raise ConnectionError("its answer does not end")
    return b"".join(pieces)


class _NoRedirection(HTTPRedirectHandler):
    """Takes a redirection for the answer."""

    def redirect_request(self, *_: object) -> None:
        """Ask nobody else."""


def _opener(address: SplitResult) -> OpenerDirector:
    """What asks: not through a proxy, where the portal is on this machine."""
    proxies = [ProxyHandler({})] if is_this_machine(address.hostname) else []
    return build_opener(_NoRedirection(), *proxies)


def _checked(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        is_url = address.scheme in ("http", "https") and bool(address.hostname) and (address.port or 1) > 0
    except ValueError:  # a port that can't be one
        is_url = False
    if not is_url or address.query or address.fragment or address.username is not None:
        raise ValueError(f"{url!r} is not the URL of a portal, such as https://api.hubapi.com")
    if address.scheme == "http" and not is_this_machine(address.hostname):
        raise ValueError(f"{url!r} would show the token to everybody on the way; write https")
    return address


def _pause(response: Response, tries: int) -> float | None:
    """How long to wait before the same question is asked again; None where that is of no use."""
    if response.status == 429:
        return _limit_passes(response)
    if response.status == 423 or response.status >= 500:
        return 2.0**tries
    return None


def _limit_passes(response: Response) -> float | None:
    given = dict(response.headers).get("retry-after", "")
    try:
        policy = str(json.loads(response.body)["policyName"])
    except (ValueError, TypeError, KeyError):
        policy = "TEN_SECONDLY_ROLLING"
    wait = float(given) if given.isdecimal() else _WAITS.get(policy, LONGEST_WAIT + 1)
    return wait if wait <= LONGEST_WAIT else None
