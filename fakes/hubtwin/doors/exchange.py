"""One exchange over HTTP: a webhook to somebody's server, and the answer."""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import orjson

from hubtwin.portal.errors import Refused
from hubtwin.portal.outbox import Answer

#: How long a server may take to be connected with, and to answer, in seconds (F7.15.10).
CONNECT, LONGEST = 3.0, 30.0

#: The longest answer that is read, in bytes.
MAX_ANSWER = 1024 * 1024


class Exchange:
    """A request that is ready to go out, and what it takes to stop waiting for its answer.

    It goes to the host of *url* and nowhere else: no proxy of the environment is asked, a redirection is an answer like
    others, and certificates are verified.
    """

    def __init__(self, url: str, method: str, headers: Mapping[str, str], body: bytes | None) -> None:
        parts = urlsplit(url)
        self._host = parts.netloc
        self._target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        self._method, self._headers, self._body = method, dict(headers), body
        self._connection = _connection(parts.scheme, parts.hostname or "", parts.port)
        self._socket: socket.socket | None = None

    def run(self) -> Answer:
        """Send the request, and wait for the answer. Raises OSError where none comes, Refused for one too long."""
        try:
            self._connection.connect()
            self._socket = self._connection.sock
            self._connection.sock.settimeout(LONGEST)
            self._connection.request(self._method, self._target, self._body, self._headers)
            with self._connection.getresponse() as response:
                return _answer(response)
        except HTTPException as error:
            raise ConnectionError(f"{self._host}: no HTTP answer came ({type(error).__name__})") from None
        except OSError as error:
            raise ConnectionError(f"{self._host}: {error.strerror or error}") from None
        finally:
            self._connection.close()

    def abandon(self) -> None:
        """Wait no more: `run` ends with an error in whichever thread it is."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=CONNECT, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=CONNECT)


def _answer(response: HTTPResponse) -> Answer:
    content = response.read(MAX_ANSWER + 1)
    if len(content) > MAX_ANSWER:
        raise Refused(f"the answer is longer than {MAX_ANSWER} bytes")
    waits = response.headers.get("retry-after", "")
    return Answer(response.status, _object(content), int(waits) if waits.isdecimal() and len(waits) < 12 else None)


def _object(content: bytes) -> Mapping[str, Any]:
    """What the content says, where it is a JSON object; else nothing."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
