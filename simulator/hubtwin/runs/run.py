"""A run: people who walk a journey, on a portal of its own."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice, takewhile
from zoneinfo import ZoneInfo

from hubtwin.journeys.buyers import World
from hubtwin.journeys.fields import LONGEST
from hubtwin.journeys.journey import Journey
from hubtwin.journeys.walk import Walk
from hubtwin.market.arrivals import ArrivalProcess
from hubtwin.market.people import People, Person
from hubtwin.portal.clock import DEFAULT_START
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.moments import DAY
from hubtwin.portal.portal import Portal
from hubtwin.runs.kernel import Kernel
from hubtwin.runs.streams import Streams
from hubtwin.teams.desk import Desk
from hubtwin.teams.sales import Sales

#: Is told which fraction of a run is done, from 0 to 1.
Progress = Callable[[float], None]

#: A run has two parts, while people come and afterwards; each is reported in so many steps at most.
_STEPS = 100


class Run:
    """A journey on a *portal* of its own: its *walk*, the *sales* team, and the time it takes.

    Raises FileError where the portal lacks what the journey names, and UnknownName where Faker lacks one of the
    locales of its account.
    """

    def __init__(self, journey: Journey, configuration: Configuration, streams: Streams, start: int) -> None:
        self.journey = journey
        self.streams = streams
        self.start = start
        self.portal = Portal(configuration, start=start)
        journey.check(self.portal)
        self.kernel = Kernel(self.portal.clock)
        self._arrivals = ArrivalProcess(journey.arrivals, ZoneInfo(configuration.account.time_zone))
        self._people = People(streams, configuration.account.locales, journey.colleagues)
        self._numbers = count()
        self._known: dict[str, Person] = {}
        self.sales = Sales(
            Desk(journey.team, journey.team.working_hours, self.portal, self.kernel, streams, self._known)
        )
        self.walk = Walk(journey, World(self.portal, self.sales, self.kernel), streams)

    def __repr__(self) -> str:
        return f"<Run {self.journey.journey}: {self.walk.entered} buyers, {self.walk.inside} still on their way>"

    @property
    def events(self) -> int:
        """How many times something fell due on the clock."""
        return self.kernel.events

    def arrivals(self) -> Iterator[int]:
        """The moments at which people come, without end."""
        return self._arrivals.moments(self.streams.stream("market", "arrivals"), self.start)

    def invite(self, moments: Iterable[int]) -> None:
        """Let somebody begin the journey at each of these moments, which ascend."""
        self._await_next(iter(moments))

    def _await_next(self, moments: Iterator[int]) -> None:
        moment = next(moments, None)
        if moment is not None:
            self.kernel.after(moment - self.kernel.now, self._arrive, moments)

    def _arrive(self, moments: Iterator[int]) -> None:
        person = self._people.person(next(self._numbers))
        self._known[person.email] = person
        self.walk.enter(person)
        self._await_next(moments)


def simulate(
    journey: Journey,
    configuration: Configuration,
    *,
    seed: int,
    days: float | None = None,
    buyers: int | None = None,
    extra_days: float | None = 0,
    replication: int = 0,
    start: int = DEFAULT_START,
    progress: Progress | None = None,
) -> Run:
    """Let buyers come for so many *days*, or until so many *buyers* have come, whichever is first.

    Those who are on their way by then go on for *extra_days* more; None means until nothing is left to happen,
    which ends with the day. The same arguments give the same run, byte for byte.

    Raises ValueError where neither *days* nor *buyers* ends the run, and all that Run raises.
    """
    _check_limits(days, buyers, extra_days)
    run = Run(journey, configuration, Streams(seed, replication), start)
    last = start + (LONGEST if days is None else round(days * DAY))
    moments = list(islice(takewhile(lambda moment: moment <= last, run.arrivals()), buyers))
    if buyers is not None and len(moments) == buyers:
        last = moments[-1]
    run.invite(moments)
    report = progress or _tell_nobody
    share = 0.5 if extra_days is None else (last - start) / (last - start + extra_days * DAY)
    _pass_time(run, last, lambda fraction: report(share * fraction))
    if extra_days is None:
        _run_dry(run, lambda fraction: report(share + (1 - share) * fraction))
    elif extra_days > 0:
        _pass_time(run, last + round(extra_days * DAY), lambda fraction: report(share + (1 - share) * fraction))
    return run


def _check_limits(days: float | None, buyers: int | None, extra_days: float | None) -> None:
    if days is None and buyers is None:
        raise ValueError("a run needs an end: give a number of days, of buyers, or both")
    if days is not None and not 0 < days <= LONGEST / DAY:
        raise ValueError(f"days must be more than 0 and at most {LONGEST // DAY}: {days!r}")
    if buyers is not None and buyers < 1:
        raise ValueError(f"buyers must be 1 or more: {buyers!r}")
    if extra_days is not None and not 0 <= extra_days <= LONGEST / DAY:
        raise ValueError(f"extra_days must be at least 0 and at most {LONGEST // DAY}, or None: {extra_days!r}")


def _tell_nobody(fraction: float) -> None:
    pass


def _pass_time(run: Run, until: int, report: Progress) -> None:
    begin = run.portal.clock.now
    for step in range(1, _STEPS + 1):
        run.portal.clock.run_until(begin + (until - begin) * step // _STEPS)
        report(step / _STEPS)


def _run_dry(run: Run, report: Progress) -> None:
    """Let day after day pass until nothing is left to happen, or for the longest time that a journey may take."""
    inside, told = max(1, run.walk.inside), 0
    end = run.kernel.now + LONGEST
    while not run.kernel.idle and run.kernel.now < end:
        run.portal.clock.advance(DAY)
        done = _STEPS * (inside - run.walk.inside) // inside
        if done > told:
            told = done
            report(told / _STEPS)
    if told < _STEPS:
        report(1.0)
