"""One rep's calendar."""

from collections import deque
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubtwin.journeys.journey import Journey
from hubtwin.portal import Portal
from hubtwin.portal.configuration import Configuration
from hubtwin.portal.moments import HOUR, MINUTE
from hubtwin.runs.kernel import Kernel
from hubtwin.runs.streams import Streams
from hubtwin.teams.desk import Desk, Work
from hubtwin.teams.reps import GRID, Rep

Mini = Callable[..., Journey]

#: When a buyer wants to meet at the earliest, in hours from now, and for how many minutes.
WISHES = st.lists(st.tuples(st.integers(0, 60), st.sampled_from([15, 30, 45, 120])), max_size=40)


def overlaps(begin: int, length: int, other: tuple[int, int]) -> bool:
    return begin < other[0] + other[1] and other[0] < begin + length


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WISHES)
def test_a_free_time_is_the_first_one(mini: Mini, configuration: Configuration, wishes: list[tuple[int, int]]) -> None:
    """Whatever is booked in whatever order, the calendar offers what a look through all slots would find."""
    portal, team = Portal(configuration), mini().team
    desk = Desk(team, team.working_hours, portal, Kernel(portal.clock), Streams(1), {})
    rep = Rep(desk, portal.as_user("ada@x.example"), deque())
    booked: list[tuple[int, int]] = []
    for number, (hours, minutes) in enumerate(wishes):
        earliest, length = portal.clock.now + hours * HOUR, minutes * MINUTE
        slots = desk.hours.slots(earliest, length, GRID)
        first = next(slot for slot in slots if not any(overlaps(slot, length, other) for other in booked))
        assert rep.first_free(earliest, length) == first
        rep.invite(Work(desk, first, length), number)
        booked.append((first, length))
