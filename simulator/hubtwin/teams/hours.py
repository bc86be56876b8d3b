"""Working hours: the same hours on some days of the week, by the clock on the team's wall."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = re.compile(r"(\w{3})(?:-(\w{3}))? (\d\d:\d\d)-(\d\d:\d\d)")


class WorkingHours:
    """Working hours, written `Mon-Fri 09:00-17:00`, in a time zone.

    Raises ValueError for a text of another form.
    """

    def __init__(self, text: str, zone: ZoneInfo) -> None:
        found = _HOURS.fullmatch(text)
        if found is None or any(day not in _DAYS for day in found.group(1, 2) if day):
            raise ValueError("working hours are written like 'Mon-Fri 09:00-17:00'")
        first, last = (_DAYS.index(day) for day in (found[1], found[2] or found[1]))
        if first > last:
            raise ValueError(f"{found[1]} comes after {found[2]}; a week begins on Monday")
        self._weekdays = range(first, last + 1)
        self._opens, self._closes = time.fromisoformat(found[3]), time.fromisoformat(found[4])
        if self._opens >= self._closes:
            raise ValueError("working hours end later than they begin, on the same day")
        self._zone = zone
        self._windows: dict[int, tuple[int, int] | None] = {}

    @property
    def longest_task(self) -> int:
        """How long a piece of work may be, so that it always fits into a day somewhere: half a day's work."""
        return (_since_midnight(self._closes) - _since_midnight(self._opens)) // 2

    def is_open(self, moment: int) -> bool:
        """Whether people are at work at *moment*; they leave the moment that the hours end."""
        return self.opening(moment) == moment

    def opening(self, moment: int) -> int:
        """*moment* itself where people are at work then, else the next moment at which they begin."""
        return max(moment, next(self._from(moment))[0])

    def closing(self, moment: int) -> int:
        """When the hours end that *moment* lies in, or the next ones."""
        return next(self._from(moment))[1]

    def between(self, start: int, end: int) -> int:
        """How much working time lies between two moments, in milliseconds."""
        total = 0
        for opens, closes in self._from(start):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total

    def slots(self, earliest: int, length: int, grid: int) -> Iterator[int]:
        """The moments from *earliest* on at which something of *length* can begin, every *grid* from opening on."""
        for opens, closes in self._from(earliest):
            missed = max(0, earliest - opens)
            first = opens + -(-missed // grid) * grid
            yield from range(first, closes - length, grid)

    def _from(self, moment: int) -> Iterator[tuple[int, int]]:
        """The working hours that end after *moment*, each with its first moment and the one after its last."""
        day = datetime.fromtimestamp(moment / 1000, self._zone).toordinal()
        while True:
            window = self._window(day)
            if window is not None and window[0] < window[1] > moment:  # a change of the clocks can swallow hours
                yield window
            day += 1

    def _window(self, day: int) -> tuple[int, int] | None:
        if day not in self._windows:
            date = datetime.fromordinal(day)
            works = date.weekday() in self._weekdays
            self._windows[day] = (self._moment(date, self._opens), self._moment(date, self._closes)) if works else None
        return self._windows[day]

    def _moment(self, date: datetime, at: time) -> int:
        return int(datetime.combine(date, at, self._zone).astimezone(UTC).timestamp()) * 1000


def _since_midnight(at: time) -> int:
    return timedelta(hours=at.hour, minutes=at.minute) // timedelta(milliseconds=1)
