"""Reps: one person each, who does one thing at a time and goes home in the evening."""

from bisect import bisect_left, insort
from collections import deque

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
        # By length of meeting: from when until when nothing is free. Nobody cancels, so it stays so; without it, a
        # team that is booked up for months would look through all of them again and again.
        self._full: dict[int, tuple[int, int]] = {}
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
        insort(self._meetings, (meeting.since, number, meeting))
        self._wake_at(meeting.since)

    def first_free(self, earliest: int, length: int) -> int:
        """The first moment from *earliest* on at which the rep could begin a meeting of *length*."""
        earliest = max(earliest, self.busy_until, self._desk.kernel.now)
        since, until = self._full.get(length, (earliest, earliest))
        known = since <= earliest <= until
        slots = self._desk.hours.slots(until if known else earliest, length, GRID)
        found = next(slot for slot in slots if self._is_free(slot, length))
        self._full[length] = (since if known else earliest, found)
        return found

    def _is_free(self, start: int, length: int) -> bool:
        """Meetings never overlap: of those that begin before the end, the last one alone can be in the way."""
        place = bisect_left(self._meetings, (start + length,))
        if place == 0:
            return True
        begins, _, meeting = self._meetings[place - 1]
        return begins + meeting.length <= start

    def look_for_work(self, _: object = None) -> None:
        """Begin something, if the rep is at work and does nothing else."""
        now = self._desk.kernel.now
        if now < self.busy_until:
            return
        if not self._desk.hours.is_open(now):
            self._wake_at(self._desk.hours.opening(now))
        elif self._meetings and self._meetings[0][0] <= now:
            self._begin(self._meetings.pop(0)[2])
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
