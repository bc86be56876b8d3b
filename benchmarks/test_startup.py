"""Start-up: what everybody pays before anything has happened."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

Over = Callable[[list[str], list[str]], None]

ROUNDS = 15

OURS = ("hubtwin.pytest_plugin", "hubtwin.scenarios.collection")

#: The plugins of others, less that of Faker, which comes with HubTwin.
OTHERS = ("anyio", "benchmark", "hypothesispytest", "xdist", "xdist.looponfail")


def seconds(command: list[str], folder: Path) -> float:
    """How long a command takes."""
    start = perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True)
    assert done.returncode in (0, 5), done.stderr  # 5 is pytest's word for no tests
    return perf_counter() - start


@pytest.fixture
def over(benchmark: Any, tmp_path: Path) -> Over:
    """`over(ours, limit)` notes how many milliseconds one command takes longer than another."""

    def measure(ours: list[str], limit: list[str]) -> None:
        differences = [seconds(ours, tmp_path) - seconds(limit, tmp_path) for _ in range(ROUNDS)]
        benchmark.extra_info["ms_more"] = round(1000 * median(differences), 1)
        benchmark.pedantic(seconds, (ours, tmp_path), rounds=ROUNDS)

    return measure


def pytest_without(*plugins: str) -> list[str]:
    """The command that runs pytest without some plugins."""
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *(f"-pno:{name}" for name in (*OTHERS, *plugins))]


@pytest.mark.benchmark(group="start-up")
def test_help(over: Over) -> None:
    """`hubtwin --help`, over a Python that does nothing."""
    over([sys.executable, "-m", "hubtwin.cli", "--help"], [sys.executable, "-c", "pass"])


@pytest.mark.benchmark(group="start-up")
def test_plugin(over: Over) -> None:
    """An empty pytest run with our plugins, over one without them."""
    over(pytest_without("faker"), pytest_without("faker", *OURS))


@pytest.mark.benchmark(group="start-up")
def test_installation(over: Over) -> None:
    """An empty pytest run with all that installing HubTwin brings, Faker's plugin included, over one without."""
    over(pytest_without(), pytest_without("faker", *OURS))


@pytest.mark.benchmark(group="start-up")
def test_serve(benchmark: Any, tmp_path: Path) -> None:
    """`hubtwin serve`, until it has printed the URL at which it answers."""
    command = [sys.executable, "-m", "hubtwin.cli", "serve", "--port", "0"]
    running: list[subprocess.Popen[str]] = []

    def until_ready() -> None:
        running.append(subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout is not None
        assert running[-1].stdout.readline().startswith("http://127.0.0.1:")

    def stop() -> None:
        with running.pop() as process:
            process.terminate()

    benchmark.pedantic(until_ready, teardown=stop, rounds=ROUNDS)
