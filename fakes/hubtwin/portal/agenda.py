"""An agenda: which records to look at again, and when."""

from collections.abc import Callable
from heapq import heappop, heappush

from hubtwin.portal.clock import Clock


class Agenda:
    """Ids with a moment each, on the portal's clock; when it comes, *look* is called with the ids that are due.

    One appointment on the clock stands for all of them, so that a list of a million records costs it no more than
    one of ten.
    """

    def __init__(self, clock: Clock, look: Callable[[list[int]], None]) -> None:
        self._clock = clock
        self._look = look
        self._moments: dict[int, int] = {}
        self._queue: list[tuple[int, int]] = []
        self._appointment: int | None = None

    def put(self, id: int, moment: int | None) -> None:
        """Note when to look at *id* again, in place of what was noted before; None for never."""
        if moment is None:
            self._moments.pop(id, None)
        elif self._moments.get(id) != moment:
            self._moments[id] = moment
            heappush(self._queue, (moment, id))
        self._appoint()

    def clear(self) -> None:
        """Look at nothing any more."""
        self._moments.clear()
        self._queue.clear()

    def _appoint(self) -> None:
        if self._queue and (self._appointment is None or self._queue[0][0] < self._appointment):
            self._appointment = self._queue[0][0]
            self._clock.after(max(self._appointment - self._clock.now, 0), self._come)

    def _come(self) -> None:
        if self._appointment is not None and self._appointment <= self._clock.now:
            self._appointment = None
        due = []
        while self._queue and self._queue[0][0] <= self._clock.now:
            moment, id = heappop(self._queue)
            if self._moments.get(id) == moment:  # otherwise something else was noted since
                del self._moments[id]
                due.append(id)
        self._appoint()
        if due:
            self._look(sorted(due))
