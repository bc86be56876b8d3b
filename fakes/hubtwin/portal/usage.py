"""Usage: how often apps may call a portal, and how often they did today (W7.1)."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hubtwin.portal.apps import App
from hubtwin.portal.clock import Clock
from hubtwin.portal.configuration import Configuration, Limits
from hubtwin.portal.moments import SECOND

#: Calls of one private app in 10 seconds, and of all of them in a day, by the account's plan (W7.1).
_PLANS = {
    "free": (100, 250_000),
    "starter": (100, 250_000),
    "professional": (190, 625_000),
    "enterprise": (190, 1_000_000),
}

#: Calls of one app in 10 seconds where the account bought an add-on, and calls in a day that each one adds.
_ADD_ON = (250, 1_000_000)

#: Calls of a public app in 10 seconds, whatever the account's plan.
_PUBLIC_BURST = 110

_SEARCHES = 5

#: Submissions of forms without a token in 10 seconds (W7.9).
_SUBMISSIONS = 50

#: Calls of the associations API in a day, without and with an add-on (W7.10).
_ASSOCIATIONS = (500_000, 1_000_000)

#: The length of the window that a burst is counted in.
BURST = 10 * SECOND


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an account allows (W7.1).

    *burst* and *public_burst* are calls in 10 seconds of one private and one public app, *daily* those of all
    private apps from midnight to midnight, *search* searches in a second of all apps, *submissions* those of forms
    without a token in 10 seconds, *associations* private apps' calls of the associations API in a day.
    """

    burst: int
    public_burst: int
    daily: int
    search: int
    submissions: int
    associations: int

    @classmethod
    def of(cls, limits: Limits) -> "Allowance":
        """The allowance of a plan, with the numbers that were given in place of its own."""
        burst, daily = _PLANS[limits.plan]
        if limits.add_ons:
            burst, daily = _ADD_ON[0], daily + limits.add_ons * _ADD_ON[1]
        return cls(
            burst=limits.burst or burst,
            public_burst=limits.burst or _PUBLIC_BURST,
            daily=limits.daily or daily,
            search=limits.search or _SEARCHES,
            submissions=limits.submissions or _SUBMISSIONS,
            associations=limits.associations or _ASSOCIATIONS[bool(limits.add_ons)],
        )


class Window:
    """A rolling window: the calls of the last *length* milliseconds."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._moments: deque[int] = deque()

    def left(self, most: int, now: int) -> int:
        """How many more calls there may be now, where *most* fit."""
        moments = self._moments
        while moments and moments[0] <= now - self._length:
            moments.popleft()
        return most - len(moments)

    def add(self, now: int) -> None:
        """Note a call."""
        self._moments.append(now)

    def since(self, moment: int) -> int:
        """How many calls there were after *moment*."""
        return sum(1 for one in self._moments if one > moment)


class Usage:
    """Today's calls of one portal's private apps. Today ends at midnight in the account's time zone (W7.1).

    *is_limited* may be switched while the portal runs: calls are held to the *allowance* as long as it is on.
    """

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self.is_limited = configuration.limits is not None
        self.allowance = Allowance.of(configuration.limits or Limits())
        self._zone = configuration.account.time_zone
        self._clock = clock
        self._submissions = Window(BURST)
        self._calls = 0
        self._of_associations = 0
        self._ends = 0

    @property
    def today(self) -> int:
        """How often private apps called since midnight."""
        return self._calls if self._clock.now < self._ends else 0

    @property
    def associations_today(self) -> int:
        """How often private apps called the associations API since midnight, while limits were on (W7.10)."""
        return self._of_associations if self._clock.now < self._ends else 0

    @property
    def resets_at(self) -> int:
        """The moment of the next midnight."""
        if self._clock.now >= self._ends:
            self._start_day()
        return self._ends

    def count(self, app: App, *, of_associations: bool = False) -> None:
        """Note a call, and whether it was one of the associations API. Those of public apps don't count (W7.1)."""
        if app.is_private:
            if self._clock.now >= self._ends:
                self._start_day()
            self._calls += 1
            self._of_associations += of_associations

    def admits_submission(self) -> bool:
        """Note the submission of a form without a token; False where it is one too many (W7.9)."""
        if not self.is_limited:
            return True
        is_room = self._submissions.left(self.allowance.submissions, self._clock.now) > 0
        if is_room:
            self._submissions.add(self._clock.now)
        return is_room

    def _start_day(self) -> None:
        zone = ZoneInfo(self._zone)
        tomorrow = datetime.fromtimestamp(self._clock.now // SECOND, UTC).astimezone(zone).date() + timedelta(days=1)
        self._ends = int(datetime.combine(tomorrow, time(), zone).timestamp()) * SECOND
        self._calls = 0
        self._of_associations = 0
