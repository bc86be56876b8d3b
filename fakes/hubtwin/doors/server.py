"""The portal on a socket: `serve` for a process of its own, `LiveServer` for a thread beside others."""

import asyncio
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from threading import Event, Thread
from typing import Literal, Self

import uvicorn

from hubtwin.doors.asgi import Application
from hubtwin.doors.hosts import is_this_machine
from hubtwin.doors.reception import Reception, reception_of
from hubtwin.doors.ticking import ticking
from hubtwin.portal.portal import Portal

#: How long a stopping server waits for requests that are still being sent, in seconds: in a process of its own,
#: and in a test.
_GRACE = 2
_SHORT_GRACE = 0.2


def serve(
    portal: Portal | Reception,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Literal["follow", "still"] = "follow",
    on_ready: Callable[[str], None] = lambda url: None,
    allow_remote: bool = False,
) -> None:
    """Serve a portal until the process is interrupted.

    Port 0 takes any free port. The portal's clock follows the wall clock or stands still. *on_ready* is given
    the URL once requests are answered.

    Raises ValueError for a *host* that other machines can reach, unless *allow_remote* says that they may;
    OSError where the address can't be had.
    """
    reception = reception_of(portal)
    with _listening(host, port, allow_remote=allow_remote) as listener, _calm_collector(), suppress(KeyboardInterrupt):
        if clock == "follow":
            reception.follow()
        server = _Server(reception, lambda: on_ready(_url(listener)), access_log=False)
        with ticking(reception) if reception.delivers else nullcontext():
            server.run([listener])


class LiveServer:
    """A portal served from a thread of this process until it is closed; a `with` block closes it.

    Port 0 takes any free port; *url* has it. Requests are answered from the start.

    Raises ValueError and OSError as `serve` does.
    """

    def __init__(
        self, portal: Portal | Reception, *, host: str = "127.0.0.1", port: int = 0, allow_remote: bool = False
    ) -> None:
        listener = _listening(host, port, allow_remote=allow_remote)
        self.url = _url(listener)
        self._server = _ThreadedServer(reception_of(portal))
        self._thread = Thread(target=self._run, args=(listener,), name="hubtwin-server", daemon=True)
        self._thread.start()
        self._server.ready.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop, if that hasn't happened, and wait for the end: the port is free again afterwards."""
        if self._thread.is_alive():
            self._server.stop()
            self._thread.join()

    def _run(self, listener: socket.socket) -> None:
        try:
            with listener:
                self._server.run([listener])
        finally:
            self._server.ready.set()  # nobody may wait for a server that failed to start


class _Server(uvicorn.Server):
    """Uvicorn as it suits a portal: the portal's own date, no trace of itself, no logging set up."""

    def __init__(self, reception: Reception, on_ready: Callable[[], None], *, access_log: bool) -> None:
        super().__init__(
            uvicorn.Config(
                Application(reception),
                interface="asgi3",
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=access_log,
                date_header=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._on_ready()


class _ThreadedServer(_Server):
    """A server that stops in a millisecond where uvicorn takes a fifth of a second: each test may have its own."""

    def __init__(self, reception: Reception) -> None:
        self.ready = Event()
        super().__init__(reception, self.ready.set, access_log=True)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and note how to be stopped from another thread."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    def stop(self) -> None:
        """Let the server end. Any thread may call this."""
        self._loop.call_soon_threadsafe(self._stopped.set)

    async def main_loop(self) -> None:
        """Wait for the end. There is nothing else to do: headers are the portal's, no requests are counted."""
        await self._stopped.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections: idle ones at once, the rest when they are answered or the grace is over."""
        for server in self.servers:
            server.close()
        connections = self.server_state.connections
        for connection in list(connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SHORT_GRACE):
                while connections:
                    await asyncio.sleep(0.001)
        for connection in list(connections):
            connection.transport.abort()
        await asyncio.gather(*self.server_state.tasks)


def _listening(host: str, port: int, *, allow_remote: bool) -> socket.socket:
    if not allow_remote and not is_this_machine(host):
        raise ValueError(
            f"host {host!r} would let other machines in, and any token opens this portal;"
            " choose 127.0.0.1, or say allow_remote=True"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _calm_collector() -> Iterator[None]:
    """A garbage collector that leaves a portal's many long-lived records alone.

    Walking them again and again costs up to half of the time. Only for a process of the server's own.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
