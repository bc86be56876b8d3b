"""A connector: the syncs with one other system, and the clock that makes them run."""

from typing import TYPE_CHECKING

from hubtwin.connected.object_sync import ObjectSync
from hubtwin.connected.sync_runs import SyncRun

if TYPE_CHECKING:
    from hubtwin.portal.portal import Portal


class Connector:
    """The syncs with one other system, which run *every* so many milliseconds and on demand.

    It wakes up at the times of its rhythm, but only where there is something to do: a clock with nothing else due
    comes to rest.
    """

    def __init__(self, portal: "Portal", every: int) -> None:
        self._portal = portal
        self._every = every
        self._start = portal.clock.now
        self._is_due = False
        self.syncs: list[ObjectSync] = []
        self.runs: list[SyncRun] = []

    def sync(self) -> SyncRun:
        """Let all syncs run now, whatever the time; return what they did."""
        run = SyncRun(len(self.runs) + 1, self._portal.clock.now)
        self.runs.append(run)
        for sync in self.syncs:
            sync.run(run)
        self._finish(run)
        return run

    def _finish(self, run: SyncRun) -> None:
        """What a system does beside its syncs at the end of a run."""

    def wake(self) -> None:
        """Run at the next time of the rhythm."""
        if not self._is_due:
            self._is_due = True
            clock = self._portal.clock
            clock.after(self._every - (clock.now - self._start) % self._every, self._come)

    def _come(self) -> None:
        self._is_due = False
        self.sync()
