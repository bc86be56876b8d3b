"""The one clock: integer milliseconds UTC on a SimPy environment.

Everything that takes time waits here: delays, buyers, working hours, rate limits. The clock stands still
until somebody advances it; only a door may make it follow the wall clock.
"""

from collections.abc import Callable
from datetime import timedelta

import simpy

from hubtwin.portal.moments import duration, iso

#: Monday 2 March 2026, 09:00 UTC: where a portal's clock stands unless it is told otherwise.
DEFAULT_START = 1_772_442_000_000

Action = Callable[[], None]

#: The present moment, and what is due when.
_State = tuple[int, list[tuple[int, Action]]]


class Clock:
    """The portal's time, and what is due to happen in it.

    *environment* is the SimPy environment; processes of a simulation are started on it.
    """

    def __init__(self, start: int = DEFAULT_START) -> None:
        self.environment = simpy.Environment(initial_time=start)

    def __repr__(self) -> str:
        return f"<Clock {iso(self.now)}>"

    @property
    def now(self) -> int:
        """The present moment."""
        return int(self.environment.now)

    def after(self, delay: int | str | timedelta, action: Action) -> None:
        """Do *action* once *delay* has passed: a method of a part of the portal, or a partial, as snapshots hold it."""
        event = self.environment.timeout(duration(delay), action)
        assert event.callbacks is not None  # noqa: S101  a new event has not been processed yet
        event.callbacks.append(_act)

    @property
    def has_processes(self) -> bool:
        """Whether a simulation's process waits on the environment."""
        return any(act is not _act for *_, event in self.environment._queue for act in event.callbacks or ())

    def __getstate__(self) -> _State:
        """The present moment, and what is due in the order in which it happens: an environment can't be copied."""
        waiting = sorted(self.environment._queue)
        due = [(int(moment), event) for moment, _, _, event in waiting if event.callbacks]
        return self.now, [(moment, _action(event)) for moment, event in due]

    def __setstate__(self, state: _State) -> None:
        now, due = state
        self.environment = simpy.Environment(initial_time=now)
        for moment, action in due:
            self.after(moment - now, action)

    def advance(self, delay: int | str | timedelta) -> None:
        """Let *delay* pass: all that falls due until then happens, the last moment included."""
        self.run_until(self.now + duration(delay))

    def run_until(self, moment: int) -> None:
        """Let time pass until *moment*, which is included.

        Raises ValueError where *moment* lies in the past.
        """
        if moment < self.now:
            raise ValueError(f"the clock can't go back from {iso(self.now)} to {iso(moment)}")
        # `Environment.run(until=…)` stops before the events of its last moment; people who wait an hour
        # expect what was due in an hour to have happened.
        environment = self.environment
        environment.timeout(moment - self.now)
        while self.environment is environment and environment.peek() <= moment:  # else the portal was put back
            environment.step()

    def run(self) -> None:
        """Let time pass until nothing is left to happen."""
        self.environment.run()


def _act(event: simpy.Event) -> None:
    """Do what a timeout is for."""
    _action(event)()


def _action(event: simpy.Event) -> Action:
    assert callable(event.value)  # noqa: S101  only `after` makes such events
    action: Action = event.value
    return action
