"""The wall clock and what follows it."""

import time

import pytest

from hubtwin.doors import wall
from hubtwin.doors.wall import Following, Stopwatch
from hubtwin.portal.clock import Clock


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> "Outside":
    """The time outside, in the test's own hand."""
    return Outside(monkeypatch)


class Outside:
    """A wall clock that moves when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ns = 1_800_000_000_000_000_000
        monkeypatch.setattr(wall, "time", self)

    def time_ns(self) -> int:
        """The time, as `time.time_ns` gives it."""
        return self._ns

    monotonic_ns = time_ns

    def pass_by(self, *, ms: float) -> None:
        """Let time pass."""
        self._ns += round(ms * 1_000_000)


def test_the_present_moment_is_that_of_the_system() -> None:
    """`now_ms` is the system's time in milliseconds."""
    before = time.time()
    assert before - 0.001 <= wall.now_ms() / 1000 <= time.time()


def test_a_stopwatch_loses_no_fraction(outside: Outside) -> None:
    """Fractions of a millisecond that one lap leaves over count for the next one."""
    stopwatch = Stopwatch()
    laps = []
    for _ in range(3):
        outside.pass_by(ms=1.5)
        laps.append(stopwatch.lap())
    assert laps == [1, 2, 1]


def test_a_clock_that_is_behind_catches_up(outside: Outside) -> None:
    """A portal's clock that is behind shows the present as soon as it follows."""
    clock = Clock()
    Following(clock)
    assert clock.now == wall.now_ms()


def test_a_following_clock_moves_at_the_speed_of_wall_time(outside: Outside) -> None:
    """What passes outside passes in the portal, and what is due meanwhile happens."""
    clock = Clock()
    following = Following(clock)
    happened: list[int] = []
    clock.after("1s", lambda: happened.append(clock.now))
    outside.pass_by(ms=1500)
    following.catch_up()
    assert (clock.now, happened) == (wall.now_ms(), [wall.now_ms() - 500])


def test_a_clock_that_is_ahead_goes_on_from_there(outside: Outside) -> None:
    """A portal whose time was advanced does not wait for the wall clock."""
    clock = Clock()
    following = Following(clock)
    clock.advance("1d")
    outside.pass_by(ms=40)
    following.catch_up()
    assert clock.now == wall.now_ms() + 24 * 3600 * 1000
