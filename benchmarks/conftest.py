"""Measures a hot path beside its limit, in the same run: these ratios travel between machines, times do not."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import pytest

Action = Callable[[], object]
Beside = Callable[..., float]


@pytest.fixture
def beside(benchmark: Any) -> Beside:
    """`beside(ours, limit)` → how many times the limit's cost ours is, noted in the benchmark's `ratio`.

    Rounds of both alternate, so that whatever else the machine is doing meets both alike.
    """

    def measure(ours: Action, limit: Action, *, rounds: int = 15, loops: int = 200) -> float:
        pairs = [(_time(ours, loops), _time(limit, loops)) for _ in range(rounds)]
        ratio = median(mine / bare for mine, bare in pairs)
        benchmark.extra_info["ratio"] = round(ratio, 2)
        benchmark.pedantic(ours, rounds=rounds, iterations=loops)
        return ratio

    return measure


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """A line for each ratio."""
    session = getattr(config, "_benchmarksession", None)
    if session is None or not session.benchmarks:
        return
    terminalreporter.section("beside the limit")
    for one in session.benchmarks:
        figures = ", ".join(f"{name} {value}" for name, value in one.extra_info.items())
        terminalreporter.write_line(f"{one.name:<60} {figures}")


def _time(action: Action, loops: int) -> float:
    start = perf_counter()
    for _ in range(loops):
        action()
    return perf_counter() - start
