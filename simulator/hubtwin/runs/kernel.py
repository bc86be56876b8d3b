"""The kernel: what is due later, on the portal's clock.

A thin layer over SimPy's environment. Buyers and sellers wait by callback: a process for each of them would
take more time and memory, and nothing here needs one.
"""

from collections.abc import Callable
from typing import Any

import simpy

from hubtwin.portal.clock import Clock


class Kernel:
    """The events of a run. *events* counts those that have happened."""

    def __init__(self, clock: Clock) -> None:
        self._environment = clock.environment
        self.events = 0

    @property
    def now(self) -> int:
        """The present moment, in milliseconds."""
        return int(self._environment.now)

    @property
    def idle(self) -> bool:
        """Whether nothing is left to happen."""
        return self._environment.peek() == float("inf")

    def after(self, delay: int, action: Callable[[Any], None], argument: Any = None) -> None:
        """Call *action* with *argument* in *delay* milliseconds; in 0, once the present event is over."""
        event = self._environment.timeout(delay, (action, argument))
        assert event.callbacks is not None  # noqa: S101  a new event has not happened yet
        event.callbacks.append(self._happen)

    def _happen(self, event: simpy.Event) -> None:
        self.events += 1
        due: Any = event.value
        action, argument = due
        action(argument)
