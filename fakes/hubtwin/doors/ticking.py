"""Ticking: letting a portal's time pass though nobody asks it anything."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubtwin.doors.reception import Reception

#: How often the clock is moved, in seconds.
PERIOD = 0.05


@contextmanager
def ticking(reception: "Reception") -> Iterator[None]:
    """As long as this lasts, a thread moves the portal's clock along with the wall clock; errors go to stderr."""
    end = Event()
    Thread(target=_tick, args=(reception, end), name="hubtwin-clock", daemon=True).start()
    try:
        yield
    finally:
        end.set()


def _tick(reception: "Reception", end: Event) -> None:
    while not end.wait(PERIOD):
        try:
            reception.tick()
        except Exception:  # noqa: BLE001  what went wrong in one moment must not stop all others
            traceback.print_exc()
