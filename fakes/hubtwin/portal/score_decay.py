"""Decay: how the points of old events fade (F10.5.6)."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

_WHOLE, _NOTHING = Decimal(1), Decimal(0)
_HUNDREDTH = Decimal("0.01")

#: A share that is no greater counts for nothing: what only ever halves would never end.
_LEAST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Decay:
    """*percent* of an event's points go at the end of each *interval*, which is in milliseconds.

    It is a part of the original points, so that nothing is left after some intervals; *compounding* makes it one of
    the points that are left.
    """

    interval: int
    percent: int
    compounding: bool = False

    def share(self, age: int) -> Decimal:
        """How much of its points an event has left at this age, in milliseconds: from 1 down to 0."""
        steps, lost = max(age // self.interval, 0), self.percent * _HUNDREDTH
        if self.compounding:
            left = (_WHOLE - lost) ** steps
            return left if left > _LEAST else _NOTHING
        return max(_WHOLE - lost * steps, _NOTHING)

    def next_step(self, age: int) -> int | None:
        """At which age the share changes next; None where it stays as it is for good."""
        if not self.percent or not self.share(age):
            return None
        return self._end_of_interval(age)

    def shares(self, moments: Sequence[int], now: int) -> Iterator[tuple[Decimal, range]]:
        """Which of some events, the earliest first, have how much left; those that have the same together."""
        end = len(moments)
        while end and (share := self.share(age := now - moments[end - 1])):
            start = bisect_right(moments, now - self._end_of_interval(age), 0, end)
            yield share, range(start, end)
            end = start

    def next_change(self, moments: Sequence[int], now: int) -> int | None:
        """When one of these events loses points next; None for never."""
        first = (moments[alike[0]] for _, alike in self.shares(moments, now))
        steps = ((moment, self.next_step(now - moment)) for moment in first)
        return min((moment + step for moment, step in steps if step is not None), default=None)

    def _end_of_interval(self, age: int) -> int:
        return (age // self.interval + 1) * self.interval
