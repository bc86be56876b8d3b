"""Reps: one person each, who does one thing at a time and goes home in the evening."""

from collections import deque
from heapq import heappop, heappush

from hubtwin.portal.moments import MINUTE
from hubtwin.portal.screen import Screen
from hubtwin.teams.desk import Desk, Work

#: Meetings begin on the hour and on the half hour, counted from the opening.
GRID = 30 * MINUTE


class Rep:
    """A rep: holds booked meetings on time, and else takes up what has been waiting longest.

    That may be their own work, such as the next step of a deal, or the first of the team's *leads*. Nothing is
    begun that could not be finished before the next meeting or the end of the day. *worked* is the time spent
    on finished work, in milliseconds.
    """

    def __init__(self, desk: Desk, screen: Screen, leads: deque[Work]) -> None:
        self.screen = screen
        self.worked = 0
        self.busy_until = desk.kernel.now
        self._desk = desk
        self._leads = leads
        self._own: deque[Work] = deque()
        self._meetings: list[tuple[int, int, Work]] = []
        self._alarm = -1

    def __repr__(self) -> str:
        return f"<Rep {self.screen.user.name}>"

    @property
    def owner_id(self) -> str:
        """What `hubspot_owner_id` is in the records that the rep owns."""
        return str(self.screen.user.id)

    def give(self, work: Work) -> None:
        """Add to the rep's own work."""
        self._own.append(work)
        self.look_for_work()

    def invite(self, meeting: Work, number: int) -> None:
        """Put a meeting into the rep's calendar; *number* is unique to it."""
        heappush(self._meetings, (meeting.since, number, meeting))
        self._wake_at(meeting.since)

    def first_free(self, earliest: int, length: int) -> int:
        """The first moment from *earliest* on at which the rep could begin a meeting of *length*."""
        slots = self._desk.hours.slots(max(earliest, self.busy_until, self._desk.kernel.now), length, GRID)
        return next(slot for slot in slots if self._is_free(slot, length))

    def _is_free(self, start: int, length: int) -> bool:
        return all(start + length <= begin or begin + work.length <= start for begin, _, work in self._meetings)

    def look_for_work(self, _: object = None) -> None:
        """Begin something, if the rep is at work and does nothing else."""
        now = self._desk.kernel.now
        if now < self.busy_until:
            return
        if not self._desk.hours.is_open(now):
            self._wake_at(self._desk.hours.opening(now))
        elif self._meetings and self._meetings[0][0] <= now:
            self._begin(heappop(self._meetings)[2])
        else:
            self._take_what_fits(now)

    def _take_what_fits(self, now: int) -> None:
        end = self._desk.hours.closing(now)
        if self._meetings:
            end = min(end, self._meetings[0][0])
        waiting = [queue for queue in (self._own, self._leads) if queue]
        oldest = min(waiting, key=lambda queue: queue[0].since, default=None)
        if oldest and now + oldest[0].length < end:
            self._begin(oldest.popleft())
        elif oldest or self._meetings:
            self._wake_at(end)

    def _begin(self, work: Work) -> None:
        self.busy_until = self._desk.kernel.now + work.length
        work.begin(self)
        self._desk.kernel.after(work.length, self._finish, work)

    def _finish(self, work: Work) -> None:
        self.worked += work.length
        work.finish(self)
        self.look_for_work()

    def _wake_at(self, moment: int) -> None:
        """Look for work at *moment*, or earlier if that is what the rep does anyway."""
        now = self._desk.kernel.now
        if not now < self._alarm <= moment:
            self._alarm = moment
            self._desk.kernel.after(moment - now, self.look_for_work)
