"""A simulated journey, beside a bare SimPy loop."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
import simpy

from hubtwin.journeys import library
from hubtwin.runs.run import simulate

Beside = Callable[..., float]

BUYERS = 500


def timeouts(environment: simpy.Environment, count: int) -> Generator[simpy.Event, None, None]:
    for _ in range(count):
        yield environment.timeout(1)


@pytest.mark.benchmark(group="journey")
@pytest.mark.parametrize("what", ["events", "log entries"])
def test_journey(beside: Beside, benchmark: Any, what: str) -> None:
    """All buyers' whole ways with all rules of the portal, beside as many timeouts as there are events or entries."""
    journey, configuration = library.load("saas-mid")
    run = simulate(journey, configuration, seed=1, buyers=BUYERS, extra_days=None)
    number = run.events if what == "events" else len(run.portal.log)

    def limit() -> None:
        environment = simpy.Environment()
        environment.process(timeouts(environment, number))
        environment.run()

    def ours() -> None:
        simulate(journey, configuration, seed=1, buyers=BUYERS, extra_days=None)

    beside(ours, limit, rounds=7, loops=1)
    benchmark.extra_info[what] = number
