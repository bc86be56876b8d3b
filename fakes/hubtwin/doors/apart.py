"""Waiting for what happens outside, while others may work with the portal."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition, RLock, Thread
from typing import TypeVar

_T = TypeVar("_T")


def apart(lock: RLock, work: Callable[[], _T], seconds: float) -> _T:
    """What *work* returns, done in another thread; *lock* is free meanwhile, however often this thread holds it.

    Raises what *work* raises, and TimeoutError where it takes longer than so many *seconds*.
    """
    done, result = Condition(lock), Future[_T]()

    def run() -> None:
        try:
            result.set_result(work())
        except Exception as error:  # noqa: BLE001  it is raised where the result is asked for
            result.set_exception(error)
        with done:
            done.notify()

    with done:
        Thread(target=run, name="hubtwin-webhook", daemon=True).start()
        if not done.wait_for(result.done, seconds):
            raise TimeoutError(f"no answer came within {seconds:g} seconds")
    return result.result()
