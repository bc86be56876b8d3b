"""The wall clock. Nothing else in HubTwin looks at it."""

import time

from hubtwin.portal.clock import Clock


def now_ms() -> int:
    """The present moment outside, in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


class Stopwatch:
    """Measures how much wall time passes; it runs from the start."""

    def __init__(self) -> None:
        self._since = time.monotonic_ns()

    def lap(self) -> int:
        """Whole milliseconds since the start or the last lap; what is left over counts for the next one."""
        passed = (time.monotonic_ns() - self._since) // 1_000_000
        self._since += passed * 1_000_000
        return passed


class Following:
    """Makes a portal's clock follow the wall clock.

    A clock that is behind catches up at once; one that is ahead goes on from there. From then on it moves at
    the speed of wall time, whatever it is advanced by in between.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stopwatch = Stopwatch()
        clock.run_until(max(clock.now, now_ms()))

    def catch_up(self) -> None:
        """Let the portal's time pass that has passed outside."""
        if passed := self._stopwatch.lap():
            self._clock.advance(passed)
