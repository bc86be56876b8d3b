from hubtwin.portal.clock import Clock
from hubtwin.runs.kernel import Kernel


def test_what_is_due_happens_in_order() -> None:
    """Earlier things first; of two at the same moment the one that was asked for first."""
    clock = Clock(1_000)
    kernel, happened = Kernel(clock), []
    for delay, name in ((20, "late"), (10, "early"), (10, "second")):
        kernel.after(delay, lambda name: happened.append((kernel.now, name)), name)
    clock.advance("1s")
    assert happened == [(1_010, "early"), (1_010, "second"), (1_020, "late")]


def test_events_are_counted_until_nothing_is_left() -> None:
    """Each thing that fell due counts once."""
    clock = Clock()
    kernel = Kernel(clock)
    for delay in (10, 20, 3_000):
        kernel.after(delay, lambda _: None)
    clock.advance("1s")
    assert (kernel.events, kernel.idle) == (2, False)
    clock.advance("10s")
    assert (kernel.events, kernel.idle) == (3, True)


def test_the_portals_own_events_are_not_counted() -> None:
    """What somebody else waits for on the same clock is theirs."""
    clock = Clock()
    kernel = Kernel(clock)
    clock.after("1s", lambda: None)
    clock.advance("2s")
    assert kernel.events == 0
