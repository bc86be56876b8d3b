"""Detours: methods of other libraries that lead somewhere else for a while."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def detour(owner: type, method: str, wanted: Callable[..., bool], instead: Callable[..., Any]) -> Iterator[None]:
    """As long as this lasts, calls of a class's *method* for which *wanted* holds go to *instead*.

    Others replace methods too, and may restore ours after the detour has ended; it lets all calls pass then.
    """
    original = getattr(owner, method)
    is_open = True

    @functools.wraps(original)
    def detoured(*args: Any, **options: Any) -> Any:
        return (instead if is_open and wanted(*args, **options) else original)(*args, **options)

    setattr(owner, method, detoured)
    try:
        yield
    finally:
        is_open = False
        if getattr(owner, method) is detoured:
            setattr(owner, method, original)
